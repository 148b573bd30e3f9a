package io.inframetrics.cli.doctor;

import io.inframetrics.aws.AwsCallRefusedException;
import io.inframetrics.aws.AwsCalls;
import io.inframetrics.aws.CallSettings;
import io.inframetrics.functions.FunctionSettings;
import io.inframetrics.functions.aws.AwsRefusals;
import io.inframetrics.functions.aws.AwsStores;
import io.inframetrics.functions.aws.BucketAndTable;
import io.inframetrics.functions.aws.UserClients;
import io.inframetrics.pipeline.RetryableFailureException;
import io.inframetrics.pipeline.analysis.AnalyzeMetrics;
import io.inframetrics.pipeline.report.ComposeReport;
import io.inframetrics.sink.AnalysisMark;
import io.inframetrics.sink.StoredObject;
import io.inframetrics.time.Deadline;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.function.BooleanSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.sns.SnsClient;
import software.amazon.awssdk.services.sns.model.NotFoundException;

/** The checks that need AWS, in the order in which one thing needs the other. Only reads. */
final class AwsChecks {

  /** A service that does not answer must not hold up the other checks for long. */
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  /** AWS rejects signatures that are five minutes old; windows are wrong before that. */
  private static final Duration MAX_SKEW = Duration.ofMinutes(1);

  private static final Pattern TOPIC =
      Pattern.compile("arn:[a-z0-9-]+:sns:([a-z0-9-]+):\\d{12}:[A-Za-z0-9_.-]+");

  /** Last characters of a key id, which is no secret, to recognize it by. */
  private static final int SHOWN = 4;

  private final UserClients clients;
  private final Clock clock;
  private final List<CheckResult> results;

  AwsChecks(UserClients clients, Clock clock, List<CheckResult> results) {
    this.clients = clients;
    this.clock = clock;
    this.results = results;
  }

  /** Checks what can be checked; {@code settings} are null if they are wrong. */
  void run(@Nullable FunctionSettings settings) {
    try {
      String key = clients.requireCredentials().accessKeyId();
      results.add(
          CheckResult.ok(
              "credentials", "access key ..." + key.substring(Math.max(0, key.length() - SHOWN))));
    } catch (IllegalStateException e) {
      results.add(CheckResult.wrong("credentials", String.valueOf(e.getMessage())));
      return; // Nothing else can be asked.
    }
    CallerIdentity caller = CallerIdentity.ask(clients.clients());
    results.add(caller.result());
    results.add(clock(caller.time()));
    if (settings == null) {
      return;
    }
    BucketAndTable places = new BucketAndTable(settings, clients.clients());
    try (AwsStores stores = new AwsStores(settings, clients::clients, clock)) {
      boolean bucket =
          check(
              "bucket",
              () -> places.hasBucket(deadline()),
              "%s, in this region".formatted(settings.bucket()),
              "there is no bucket '%s' (INFRAMETRICS_BUCKET): check the name, deploy the template, or use run --create"
                  .formatted(settings.bucket()));
      if (bucket) {
        checkReading("reports", () -> readReport(stores));
      }
      boolean table =
          check(
              "table",
              () -> places.hasTable(deadline()),
              "%s, with the keys of records".formatted(settings.table()),
              "there is no table '%s' (INFRAMETRICS_TABLE): check the name, deploy the template, or use run --create"
                  .formatted(settings.table()));
      if (table) {
        checkReading("records", () -> queryMarks(stores));
      }
      topic(settings);
      results.add(publishing(settings, caller.principal()));
    }
  }

  private CheckResult clock(@Nullable Instant theirs) {
    if (theirs == null) {
      return CheckResult.unknown("clock", "no answer told the time");
    }
    Duration skew = Duration.between(theirs, clock.instant());
    String off =
        "%d s %s".formatted(skew.abs().toSeconds(), skew.isNegative() ? "behind" : "ahead of");
    return skew.abs().compareTo(MAX_SKEW) <= 0
        ? CheckResult.ok("clock", off + " AWS's")
        : CheckResult.wrong(
            "clock",
            "this machine's clock is %s AWS's: set it, for instance by NTP; AWS rejects requests that are five minutes off"
                .formatted(off));
  }

  private void readReport(AwsStores stores) {
    stores.documentStore().open(ComposeReport.LATEST, deadline()).ifPresent(StoredObject::close);
  }

  private void queryMarks(AwsStores stores) {
    List<AnalysisMark> unused =
        stores.runLedger().analysisMarks(AnalyzeMetrics.ANOMALIES, deadline());
  }

  /** Reads as a run does; whether there is anything to read does not matter. */
  private void checkReading(String what, Runnable reading) {
    boolean unused =
        check(
            what,
            () -> {
              reading.run();
              return true;
            },
            "can be read",
            "");
  }

  /** Adds a result, and returns whether it is good. */
  private boolean check(String what, BooleanSupplier check, String found, String missing) {
    CheckResult result;
    try {
      result =
          check.getAsBoolean() ? CheckResult.ok(what, found) : CheckResult.wrong(what, missing);
    } catch (RetryableFailureException e) {
      result = CheckResult.wrong(what, noAnswer(e));
    } catch (IllegalStateException | AwsCallRefusedException e) {
      result = CheckResult.wrong(what, String.valueOf(e.getMessage()));
    }
    results.add(result);
    return result.state() == CheckResult.State.OK;
  }

  private void topic(FunctionSettings settings) {
    String arn = settings.topicArn().orElse("");
    if (arn.isEmpty()) {
      results.add(
          CheckResult.ok(
              "topic", "none (INFRAMETRICS_TOPIC_ARN): notifications stay in the data folder"));
      return;
    }
    String region = clients.clients().region().id();
    Matcher parts = TOPIC.matcher(arn);
    if (!parts.matches()) {
      results.add(
          CheckResult.wrong(
              "topic",
              "INFRAMETRICS_TOPIC_ARN is '%s': use an ARN such as arn:aws:sns:%s:123456789012:inframetrics"
                  .formatted(arn, region)));
    } else if (!parts.group(1).equals(region)) {
      results.add(
          CheckResult.wrong(
              "topic",
              "topic '%s' is in region %s, not in %s: use a topic in %s"
                  .formatted(arn, parts.group(1), region, region)));
    } else {
      results.add(topic(arn));
    }
  }

  /** A run does not need the permission to look at its topic, so a denial is not a mistake. */
  private CheckResult topic(String arn) {
    AwsCalls calls = new AwsCalls(CallSettings.DEFAULTS, new Random(), AwsCalls.Sleeper.THREAD);
    SnsClient sns = clients.clients().build("sns", SnsClient.builder());
    try {
      calls.call(
          "sns:GetTopicAttributes",
          deadline(),
          limits ->
              sns.getTopicAttributes(
                  request -> request.topicArn(arn).overrideConfiguration(limits)));
      return CheckResult.ok("topic", arn);
    } catch (NotFoundException e) {
      return CheckResult.wrong(
          "topic",
          "there is no topic '%s': correct INFRAMETRICS_TOPIC_ARN, or create the topic"
              .formatted(arn));
    } catch (SdkException e) {
      return CheckResult.unknown(
          "topic", String.valueOf(AwsRefusals.of("sns:GetTopicAttributes", arn, e).getMessage()));
    } catch (RetryableFailureException e) {
      return CheckResult.wrong("topic", noAnswer(e));
    }
  }

  private static String noAnswer(RetryableFailureException e) {
    return "AWS does not answer: check AWS_REGION, the network, the proxy and AWS_ENDPOINT_URL; "
        + e.getMessage();
  }

  /** There is no harmless way to try: whatever is accepted is published, or is stored. */
  private static CheckResult publishing(FunctionSettings settings, @Nullable String principal) {
    String sns = settings.topicArn().isPresent() ? " sns:Publish" : "";
    return CheckResult.unknown(
        "publishing",
        "not tried, since that would publish and store; ask IAM: aws iam simulate-principal-policy --policy-source-arn %s --action-names cloudwatch:PutMetricData%s s3:PutObject dynamodb:BatchWriteItem dynamodb:PutItem dynamodb:UpdateItem"
            .formatted(principal == null ? "YOUR_ARN" : principal, sns));
  }

  private Deadline deadline() {
    return Deadline.after(PATIENCE, clock);
  }
}
