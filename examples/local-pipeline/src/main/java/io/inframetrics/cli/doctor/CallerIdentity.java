package io.inframetrics.cli.doctor;

import io.inframetrics.aws.AwsClients;
import io.inframetrics.aws.HttpPosts;
import io.inframetrics.functions.aws.AwsRefusals;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Who signs the requests, and what time AWS has: STS's answer to GetCallerIdentity, which needs no
 * permission and changes nothing. The SDK's client of STS is not needed for it.
 *
 * @param result of the check
 * @param principal the ARN that IAM knows the caller by; null if it is not known
 * @param time of the answer; null if there was none
 * @see <a href="https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html">
 *     GetCallerIdentity</a>
 */
record CallerIdentity(CheckResult result, @Nullable String principal, @Nullable Instant time) {

  private static final String WHAT = "identity";
  private static final byte[] QUESTION =
      "Action=GetCallerIdentity&Version=2011-06-15".getBytes(StandardCharsets.UTF_8);
  private static final Duration LIMIT = Duration.ofSeconds(10);
  private static final int OK = 200;
  private static final int FIRST_SERVER_ERROR = 500;

  /** Such as {@code arn:aws:sts::123456789012:assumed-role/monitor/session}. */
  private static final Pattern ASSUMED =
      Pattern.compile("arn:([^:]+):sts::(\\d+):assumed-role/([^/]+)/.*");

  static CallerIdentity ask(AwsClients clients) {
    HttpPosts.Answer answer;
    try {
      answer =
          clients
              .posts("sts")
              .post(
                  endpoint(clients),
                  Map.of("Content-Type", "application/x-www-form-urlencoded; charset=utf-8"),
                  QUESTION,
                  LIMIT);
    } catch (UncheckedIOException e) {
      return new CallerIdentity(
          CheckResult.unknown(
              WHAT,
              "STS cannot be reached, so only the key is known, not whose it is: %s; the endpoint is %s"
                  .formatted(e.getMessage(), endpoint(clients))),
          null,
          null);
    }
    Instant time = answer.header("Date").flatMap(CallerIdentity::time).orElse(null);
    String body = new String(answer.body(), StandardCharsets.UTF_8);
    String arn = element("Arn", body);
    String account = element("Account", body);
    if (answer.status() == OK && !(arn + account).isEmpty()) {
      return arn.isEmpty()
          ? new CallerIdentity(CheckResult.ok(WHAT, "account " + account), null, time)
          : new CallerIdentity(CheckResult.ok(WHAT, arn), principal(arn), time);
    }
    String code = element("Code", body);
    if (answer.status() == OK || code.isEmpty() || answer.status() >= FIRST_SERVER_ERROR) {
      return new CallerIdentity(
          CheckResult.unknown(
              WHAT,
              "what answers for STS does not know GetCallerIdentity (%d %s), so only the key is known, not whose it is"
                  .formatted(answer.status(), code)),
          null,
          time);
    }
    return new CallerIdentity(
        CheckResult.wrong(
            WHAT,
            "AWS does not accept the credentials (%d %s): %s"
                .formatted(
                    answer.status(),
                    code,
                    AwsRefusals.remedy(
                        "sts:GetCallerIdentity",
                        "*",
                        answer.status(),
                        code,
                        element("Message", body)))),
        null,
        time);
  }

  private static URI endpoint(AwsClients clients) {
    return clients
        .endpoint("sts")
        .orElseGet(
            () ->
                URI.create(
                    "https://sts.%s.%s/"
                        .formatted(clients.region().id(), clients.partition().dnsSuffix())));
  }

  /** The role of a session; IAM does not know sessions. */
  static String principal(String arn) {
    Matcher assumed = ASSUMED.matcher(arn);
    return assumed.matches()
        ? "arn:%s:iam::%s:role/%s".formatted(assumed.group(1), assumed.group(2), assumed.group(3))
        : arn;
  }

  private static Optional<Instant> time(String date) {
    try {
      return Optional.of(
          ZonedDateTime.parse(date, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant());
    } catch (DateTimeParseException e) {
      return Optional.empty(); // Some stand-in's own form.
    }
  }

  private static String element(String name, String xml) {
    Matcher matcher = Pattern.compile("<%s>([^<]*)</%s>".formatted(name, name)).matcher(xml);
    return matcher.find() ? matcher.group(1).strip() : "";
  }
}
