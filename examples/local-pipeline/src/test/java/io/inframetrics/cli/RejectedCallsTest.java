package io.inframetrics.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.inframetrics.cli.StandInAccount.Executed;
import io.inframetrics.testkit.aws.Fault;
import io.inframetrics.testkit.aws.FaultPlan;
import io.inframetrics.testkit.aws.FaultProxy;
import io.inframetrics.testkit.aws.ProxiedRequest;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What {@code run --store aws} and {@code doctor} say when AWS says no: one sentence each. */
@Timeout(120)
class RejectedCallsTest {

  private static final String ACTION_OF_SNS = "GetTopicAttributes";

  private static StandInAccount account;
  private static String bucket;
  private static String table;
  private static FaultPlan plan;
  private static final List<FaultProxy> PROXIES = new ArrayList<>();
  private static final Map<String, String> ENDPOINTS = new HashMap<>();

  @TempDir Path data;

  @BeforeAll
  static void open() {
    account = new StandInAccount();
    bucket = account.newBucket();
    table = account.newTableName();
    plan = FaultPlan.passing();
    Map<String, String> direct = account.environment(bucket, table);
    for (String service : List.of("S3", "DYNAMODB", "CLOUDWATCH", "SNS", "STS")) {
      String variable = "AWS_ENDPOINT_URL_" + service;
      URI upstream = URI.create(direct.get(variable));
      FaultProxy proxy =
          FaultProxy.start(
              service, new InetSocketAddress(upstream.getHost(), upstream.getPort()), plan);
      PROXIES.add(proxy);
      ENDPOINTS.put(variable, proxy.uri().toString());
    }
    Executed created =
        StandInAccount.execute(
            direct,
            "replay",
            "--all",
            "--store=aws",
            "--create",
            "--data",
            Path.of(System.getProperty("java.io.tmpdir"), "created-" + table));
    assertThat(created.exitCode()).as(created.err()).isZero();
  }

  @AfterAll
  static void close() {
    PROXIES.forEach(FaultProxy::close);
    account.close();
  }

  @BeforeEach
  void mend() {
    plan.decide(request -> Fault.PASS);
  }

  private static Map<String, String> environment() {
    Map<String, String> environment = account.environment(bucket, table);
    environment.putAll(ENDPOINTS);
    return environment;
  }

  private static Fault head(int status, String region) {
    return Fault.answer(
        status, region.isEmpty() ? Map.of() : Map.of("x-amz-bucket-region", region), new byte[0]);
  }

  private static Fault xml(int status, String code, String message) {
    return Fault.answer(
        status,
        Map.of("Content-Type", "application/xml"),
        bytes(
            "<ErrorResponse><Error><Code>%s</Code><Message>%s</Message></Error></ErrorResponse>"
                .formatted(code, message)));
  }

  private static Fault s3(int status, String code) {
    return Fault.answer(
        status,
        Map.of("Content-Type", "application/xml"),
        bytes("<Error><Code>%s</Code><Message>No.</Message></Error>".formatted(code)));
  }

  private static Fault json(int status, String body) {
    return Fault.answer(status, Map.of("Content-Type", "application/x-amz-json-1.0"), bytes(body));
  }

  private static Fault dynamoDb(String code, String message) {
    return json(400, "{\"__type\":\"x#%s\",\"message\":\"%s\"}".formatted(code, message));
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static Function<ProxiedRequest, Fault> bucket(Fault head, Fault list) {
    return request -> {
      if (!request.service().equals("S3")) {
        return Fault.PASS;
      }
      return request.method().equals("HEAD") ? head : list;
    };
  }

  private static Function<ProxiedRequest, Fault> table(String operation, Fault fault) {
    return request -> request.target().endsWith("." + operation) ? fault : Fault.PASS;
  }

  private static Function<ProxiedRequest, Fault> form(String action, Fault fault) {
    return request ->
        new String(request.body(), StandardCharsets.UTF_8).contains("Action=" + action)
            ? fault
            : Fault.PASS;
  }

  static Stream<Arguments> refusals() {
    return Stream.of(
        arguments(
            bucket(head(403, "eu-west-1"), s3(403, "AccessDenied")),
            "AWS rejected s3:ListBucket on arn:aws:s3:::BUCKET (403 AccessDenied): allow the caller"
                + " s3:ListBucket on arn:aws:s3:::BUCKET"),
        arguments(
            bucket(head(403, "us-east-2"), Fault.PASS),
            "bucket 'BUCKET' is in region us-east-2, not in eu-west-1: set AWS_REGION to us-east-2,"
                + " or use a bucket in eu-west-1"),
        arguments(
            bucket(head(301, "us-east-1"), Fault.PASS),
            "bucket 'BUCKET' is in region us-east-1, not in eu-west-1: set AWS_REGION to us-east-1,"
                + " or use a bucket in eu-west-1"),
        arguments(
            bucket(head(301, ""), Fault.PASS),
            "bucket 'BUCKET' is not in region eu-west-1: set AWS_REGION to the bucket's region"),
        arguments(
            bucket(head(400, ""), s3(400, "ExpiredToken")),
            "AWS rejected s3:ListBucket on arn:aws:s3:::BUCKET (400 ExpiredToken): the session token"
                + " has expired: sign in again, or export new credentials"),
        arguments(
            bucket(head(403, ""), s3(403, "InvalidAccessKeyId")),
            "AWS rejected s3:ListBucket on arn:aws:s3:::BUCKET (403 InvalidAccessKeyId): AWS does not"
                + " know the access key or the session token: check AWS_ACCESS_KEY_ID and"
                + " AWS_SESSION_TOKEN, or AWS_PROFILE"),
        arguments(
            bucket(head(403, ""), s3(403, "SignatureDoesNotMatch")),
            "AWS rejected s3:ListBucket on arn:aws:s3:::BUCKET (403 SignatureDoesNotMatch): the secret"
                + " key does not belong to the access key: check AWS_SECRET_ACCESS_KEY"),
        arguments(
            table("DescribeTable", dynamoDb("AccessDeniedException", "not authorized")),
            "AWS rejected dynamodb:DescribeTable on table 'TABLE' (400 AccessDeniedException): allow the"
                + " caller dynamodb:DescribeTable on table 'TABLE'"),
        arguments(
            table("DescribeTable", dynamoDb("ExpiredTokenException", "expired")),
            "AWS rejected dynamodb:DescribeTable on table 'TABLE' (400 ExpiredTokenException): the"
                + " session token has expired: sign in again, or export new credentials"),
        arguments(
            table(
                "DescribeTable",
                json(
                    200,
                    """
                    {"Table":{"KeySchema":[{"AttributeName":"id","KeyType":"HASH"}],
                     "AttributeDefinitions":[{"AttributeName":"id","AttributeType":"N"}],
                     "TableStatus":"ACTIVE"}}""")),
            "table 'TABLE' has the keys id (HASH, N), but records need series_id (HASH, S),"
                + " window_start (RANGE, S): name another table in INFRAMETRICS_TABLE"));
  }

  private static String named(String sentence) {
    return sentence.replace("BUCKET", bucket).replace("'TABLE'", "'" + table + "'");
  }

  @ParameterizedTest
  @MethodSource("refusals")
  void aRefusalIsOneSentence(Function<ProxiedRequest, Fault> fault, String sentence) {
    plan.decide(fault);

    Executed run = run();
    assertThat(run.err()).isEqualTo("inframetrics run: " + named(sentence) + "\n");
    assertThat(run.exitCode()).isEqualTo(1);

    Executed doctor = doctor(environment());
    assertThat(doctor.out().lines().filter(line -> line.startsWith("WRONG")))
        .as(doctor.out())
        .singleElement()
        .asString()
        .endsWith(named(sentence));
    assertThat(doctor.exitCode()).isEqualTo(1);
    assertThat(doctor.err()).isEmpty();
  }

  private Executed run(Object... more) {
    List<Object> arguments =
        new ArrayList<>(List.of("run", "--store=aws", "--source=synthetic", "--data", data));
    arguments.addAll(List.of(more));
    return StandInAccount.execute(environment(), arguments.toArray());
  }

  private static Executed doctor(Map<String, String> environment) {
    return StandInAccount.execute(environment, "doctor");
  }

  @Test
  void withoutCredentialsNothingIsSent() {
    Map<String, String> environment = environment();
    environment.put("AWS_SECRET_ACCESS_KEY", " ");
    int before = plan.count();

    Executed run =
        StandInAccount.execute(
            environment, "run", "--store=aws", "--source=synthetic", "--data", data);

    String sentence =
        "the environment has no AWS credentials: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY";
    assertThat(run.err()).startsWith("inframetrics run: " + sentence).hasLineCount(1);
    assertThat(run.exitCode()).isEqualTo(1);
    Executed doctor = doctor(environment);
    assertThat(doctor.out()).contains("WRONG    credentials  " + sentence);
    assertThat(doctor.exitCode()).isEqualTo(1);
    assertThat(plan.count()).isEqualTo(before);
  }

  @Test
  void aRunThatCannotReadItsRecordsIsDegradedAndNamesThePermission() {
    String denial = "User: arn:aws:iam::1:user/m is not authorized to perform: dynamodb:Query";
    plan.decide(table("Query", dynamoDb("AccessDeniedException", denial)));

    Executed run = run();

    assertThat(run.out())
        .contains("SUCCEEDED, DEGRADED", "Anomaly detection failed", "cannot be read: ", denial)
        .doesNotContain("HEALTHY", " FAILED");
    assertThat(run.exitCode()).as(run.out() + run.err()).isZero();
    assertThat(account.others().published()).isEmpty();
    Executed status = StandInAccount.execute(environment(), "status", "--data", data);
    assertThat(status.out()).startsWith("WARNING: the analysis anomalies failed");
    Executed doctor = doctor(environment());
    assertThat(doctor.out()).containsPattern("WRONG +records .*" + denial);
  }

  @Test
  void whereNothingIsWrongTheDoctorSaysSo() {
    Map<String, String> environment = environment();
    environment.put("INFRAMETRICS_TOPIC_ARN", StandInAccount.TOPIC);
    environment.put("INFRAMETRICS_SOURCE", "no-matter-which");

    Executed doctor = doctor(environment);

    assertThat(doctor.out().lines())
        .containsExactly(
            "ok       settings     bucket %s, table %s, namespace InfraMetrics"
                .formatted(bucket, table),
            "ok       region       eu-west-1, from AWS_REGION",
            "ok       credentials  access key ...any",
            "ok       identity     arn:aws:iam::111111111111:user/test",
            "unknown  clock        no answer told the time",
            "ok       bucket       %s, in this region".formatted(bucket),
            "ok       reports      can be read",
            "ok       table        %s, with the keys of records".formatted(table),
            "ok       records      can be read",
            "ok       topic        " + StandInAccount.TOPIC,
            "unknown  publishing   not tried, since that would publish and store; ask IAM: aws iam"
                + " simulate-principal-policy --policy-source-arn arn:aws:iam::111111111111:user/test"
                + " --action-names cloudwatch:PutMetricData sns:Publish s3:PutObject"
                + " dynamodb:BatchWriteItem dynamodb:PutItem dynamodb:UpdateItem",
            "nothing is wrong");
    assertThat(doctor.exitCode()).isZero();
    assertThat(account.others().published()).isEmpty();
    assertThat(account.keys(bucket, "")).isEmpty();
  }

  static Stream<Arguments> findings() {
    Function<ProxiedRequest, Fault> nothing = request -> Fault.PASS;
    return Stream.of(
        arguments(
            nothing,
            Map.of("INFRAMETRICS_BUCKET", ""),
            "WRONG    settings     INFRAMETRICS_BUCKET is missing: give the name of the S3 bucket"),
        arguments(
            nothing,
            Map.of("INFRAMETRICS_BUCKET", "nobodys"),
            "WRONG    bucket       there is no bucket 'nobodys' (INFRAMETRICS_BUCKET): check the"),
        arguments(
            nothing,
            Map.of("INFRAMETRICS_TABLE", "nobodys"),
            "WRONG    table        there is no table 'nobodys' (INFRAMETRICS_TABLE): check the"),
        arguments(
            nothing,
            Map.of("INFRAMETRICS_TOPIC_ARN", "inframetrics"),
            "WRONG    topic        INFRAMETRICS_TOPIC_ARN is 'inframetrics': use an ARN such as"),
        arguments(
            nothing,
            Map.of("INFRAMETRICS_TOPIC_ARN", "arn:aws:sns:us-east-1:000000000000:a"),
            "WRONG    topic        topic 'arn:aws:sns:us-east-1:000000000000:a' is in region us-east-1"),
        arguments(
            form(ACTION_OF_SNS, xml(404, "NotFound", "Topic does not exist")),
            Map.of("INFRAMETRICS_TOPIC_ARN", StandInAccount.TOPIC),
            "WRONG    topic        there is no topic '" + StandInAccount.TOPIC + "': correct"),
        arguments(
            form(ACTION_OF_SNS, xml(403, "AuthorizationError", "not authorized")),
            Map.of("INFRAMETRICS_TOPIC_ARN", StandInAccount.TOPIC),
            "unknown  topic        AWS rejected sns:GetTopicAttributes on " + StandInAccount.TOPIC),
        arguments(
            form("GetCallerIdentity", xml(403, "ExpiredToken", "expired")),
            Map.of(),
            "WRONG    identity     AWS does not accept the credentials (403 ExpiredToken): the session"),
        arguments(
            form("GetCallerIdentity", Fault.answer(501, Map.of(), new byte[0])),
            Map.of(),
            "unknown  identity     what answers for STS does not know GetCallerIdentity (501 )"),
        arguments(
            form("GetCallerIdentity", Fault.CUT_BEFORE),
            Map.of(),
            "unknown  identity     STS cannot be reached, so only the key is known"),
        arguments(
            form("GetCallerIdentity", dated(Duration.ofMinutes(20))),
            Map.of(),
            "WRONG    clock        this machine's clock is 1"),
        arguments(
            form("GetCallerIdentity", dated(Duration.ZERO)), Map.of(), "ok       clock        "),
        arguments(
            (Function<ProxiedRequest, Fault>)
                request ->
                    request.method().equals("GET") && request.path().contains("latest.json")
                        ? s3(403, "AccessDenied")
                        : Fault.PASS,
            Map.of(),
            "WRONG    reports      S3 rejected s3:GetObject of 'reports/latest.json'"));
  }

  private static Fault dated(Duration ahead) {
    return Fault.answer(
        200,
        Map.of(
            "x-amzn-RequestId",
            "1",
            "Date",
            DateTimeFormatter.RFC_1123_DATE_TIME.format(
                Instant.now().plus(ahead).atOffset(ZoneOffset.UTC))),
        bytes("<Account>1</Account><Arn>arn:aws:sts::1:assumed-role/monitor/me</Arn>"));
  }

  @ParameterizedTest
  @MethodSource("findings")
  void theDoctorFindsOneThing(
      Function<ProxiedRequest, Fault> fault, Map<String, String> variables, String line) {
    plan.decide(fault);
    Map<String, String> environment = environment();
    environment.putAll(variables);

    Executed doctor = doctor(environment);

    assertThat(doctor.out().lines()).as(doctor.out()).anyMatch(each -> each.startsWith(line));
    boolean wrong = line.startsWith("WRONG");
    assertThat(doctor.out()).contains(wrong ? "\n1 thing is wrong\n" : "\nnothing is wrong\n");
    assertThat(doctor.exitCode()).isEqualTo(wrong ? 1 : 0);
    assertThat(doctor.err()).isEmpty();
  }

  @Test
  void aSessionIsAskedAboutByItsRole() {
    plan.decide(form("GetCallerIdentity", dated(Duration.ZERO)));

    assertThat(doctor(environment()).out())
        .contains("identity     arn:aws:sts::1:assumed-role/monitor/me")
        .contains("--policy-source-arn arn:aws:iam::1:role/monitor ");
  }
}
