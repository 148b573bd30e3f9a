package io.inframetrics.collect.prometheus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import io.inframetrics.collect.CollectionRequest;
import io.inframetrics.collect.CollectorSettings;
import io.inframetrics.collect.MetricCollector;
import io.inframetrics.collect.MetricConsumer;
import io.inframetrics.collect.Observation;
import io.inframetrics.metric.CollectionRun;
import io.inframetrics.pipeline.InvalidRequestException;
import io.inframetrics.pipeline.RetryableFailureException;
import io.inframetrics.time.Deadline;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Against a stand-in that answers recorded samples as Prometheus 2.42 or 3 does. */
class PrometheusCollectorTest {

  /** Just before the first and just after the last scrape of the recorded answers. */
  private static final Instant FIRST = Instant.ofEpochSecond(1795806340);

  private static final Instant LAST = Instant.ofEpochSecond(1795806349);

  private static final Pattern RANGE = Pattern.compile(".*\\[(\\d+)ms]");

  private static HttpServer server;
  private static volatile Function<Map<String, String>, Answer> answers;

  private final List<Observation> pushed = new ArrayList<>();
  private final List<String> notes = new ArrayList<>();
  private final Map<String, String> settings = new HashMap<>();

  private record Answer(int status, String body) {}

  @BeforeAll
  static void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          Map<String, String> parameters = new HashMap<>();
          for (String pair : exchange.getRequestURI().getRawQuery().split("&")) {
            parameters.put(
                pair.substring(0, pair.indexOf('=')),
                URLDecoder.decode(pair.substring(pair.indexOf('=') + 1), StandardCharsets.UTF_8));
          }
          parameters.put("path", exchange.getRequestURI().getPath());
          parameters.put("authorization", exchange.getRequestHeaders().getFirst("Authorization"));
          Answer answer = answers.apply(parameters);
          byte[] body = answer.body().getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(answer.status(), body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    server.start();
  }

  @AfterAll
  static void stop() {
    server.stop(0);
  }

  @BeforeEach
  void ownTypes() {
    settings.put("url", "http://127.0.0.1:" + server.getAddress().getPort() + "/base/");
    settings.put("node_exporter", "false");
    settings.put("metrics", "waiting Count = jobs_waiting");
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void adjoiningWindowsShareNoSampleWhateverTheServersVersion(boolean bothEnds) throws Exception {
    answers = generated(FIRST, LAST, bothEnds, Integer.MAX_VALUE);
    // Scraped exactly between the two windows.
    Instant middle = FIRST.plusSeconds(4);

    collect(FIRST, middle);
    collect(middle, LAST);

    assertThat(pushed).extracting(Observation::value).containsExactly(342.0, 344.0, 346.0, 348.0);
    assertThat(notes).isEmpty();
  }

  @Test
  void pushesEachScrapeAtItsOwnTime() throws Exception {
    answers = recorded("instant-range-selector.json", true);

    collect(FIRST, LAST);

    assertThat(pushed).extracting(Observation::value).containsExactly(10.0, 20.0, 30.0, 40.0, 50.0);
    assertThat(pushed.get(1).timestamp()).isEqualTo(Instant.ofEpochMilli(1795806342418L));
    assertThat(pushed.get(0).series().id()).isEqualTo("waiting#host1");
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void theFirstRateOfAWindowStartsAtTheSampleBeforeIt(boolean bothEnds) throws Exception {
    settings.put("metrics", "done Count/Second = rate jobs_done_total");
    answers = recorded("instant-range-selector.json", bothEnds);

    collect(FIRST.plusSeconds(3), LAST);

    assertThat(pushed).extracting(Observation::value).containsExactly(7.5 / 1.996, 3.75, 3.75);
  }

  @Test
  void asksAnInstantQueryAndNeverForAGrid() throws Exception {
    settings.put("selector", "job=\"app\"");
    settings.put("metrics", "waiting Count = jobs_waiting{instance!~\"test.*\"}");
    settings.put("authorization", "Bearer secret");
    List<Map<String, String>> asked = new ArrayList<>();
    answers =
        parameters -> {
          asked.add(parameters);
          return new Answer(200, Pages.text("api/instant-range-selector.json"));
        };

    collect(FIRST, LAST);

    assertThat(asked)
        .containsExactly(
            Map.of(
                "path",
                "/base/api/v1/query",
                "query",
                "jobs_waiting{job=\"app\",instance!~\"test.*\"}[9000ms]",
                "time",
                "1795806349.000",
                "authorization",
                "Bearer secret"));
  }

  @Test
  void aSeriesEndsWithItsTarget() throws Exception {
    settings.put("metrics", "waiting Count = jobs_waiting;reached Count = up");
    answers = recorded("after-target-died-range.json", true);

    collect(FIRST, FIRST.plusSeconds(15));

    assertThat(pushed)
        .filteredOn(o -> o.series().type().name().equals("waiting"))
        .extracting(Observation::value)
        .containsExactly(10.0, 20.0, 30.0, 40.0, 50.0);
    assertThat(pushed)
        .filteredOn(o -> o.series().type().name().equals("reached"))
        .extracting(Observation::value)
        .containsExactly(1.0, 1.0, 1.0, 1.0, 1.0, 0.0, 0.0, 0.0);
  }

  @Test
  void anUnknownMetricIsAnEmptySuccessThatANoteNames() throws Exception {
    answers =
        any ->
            new Answer(
                200, "{\"status\":\"success\",\"data\":{\"resultType\":\"matrix\",\"result\":[]}}");

    collect(FIRST, LAST);

    assertThat(pushed).isEmpty();
    assertThat(notes).hasSize(1);
    assertThat(notes.get(0)).contains("has no samples for waiting", "nothing matches jobs_waiting");
  }

  @Test
  void aWarningOfTheServerIsANote() throws Exception {
    answers =
        any ->
            new Answer(
                200,
                "{\"warnings\":[\"a store is away\"],"
                    + Pages.text("api/instant-range-selector.json").substring(1));

    collect(FIRST, LAST);

    assertThat(notes).hasSize(1).first().asString().endsWith("warns: a store is away");
  }

  @Test
  void aLargeAnswerIsAskedForInPartsThatAgreeWithTheWhole() throws Exception {
    settings.put(
        "metrics", "waiting Count = jobs_waiting; done Count/Second = rate jobs_done_total");
    settings.put("max_samples", "1000");
    Instant end = FIRST.plusSeconds(3000);
    answers = generated(FIRST, end, true, Integer.MAX_VALUE);
    collect(FIRST, end);
    assertThat(notes).isEmpty();
    List<Observation> inParts = List.copyOf(pushed);

    pushed.clear();
    settings.put("max_samples", "10000000");
    collect(FIRST, end);

    // The counter was reset three times.
    assertThat(inParts).hasSize(3000 - 3).containsExactlyElementsOf(pushed);
    pushed.clear();
    // The server's own limit counts too.
    answers = generated(FIRST, end, true, 700);
    collect(FIRST, end);
    assertThat(pushed).isEqualTo(inParts);
  }

  @Test
  void tooManySeriesForOneSecondAreOneSentence() {
    settings.put("max_samples", "1000");
    StringBuilder many =
        new StringBuilder(
            "{\"status\":\"success\",\"data\":{\"resultType\":\"matrix\",\"result\":[");
    for (int i = 0; i < 1001; i++) {
      many.append(i == 0 ? "" : ",")
          .append("{\"metric\":{\"i\":\"" + i + "\"},\"values\":[[1795806340,\"1\"]]}");
    }
    String body = many + "]}}";
    answers = any -> new Answer(200, body);

    assertThatThrownBy(() -> collect(FIRST, LAST))
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContaining(
            "the answer for jobs_waiting has more than 1000 samples, even for PT1S: set SELECTOR");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "400 | error-bad-query.json | false | refuses the query jobs_waiting[9000ms]: invalid parameter \"query\": 1:14: parse error",
        "422 | error-too-many-points.json | false | refuses the query jobs_waiting[9000ms]: exceeded maximum resolution",
        "503 | error-bad-query.json | true | refuses the query",
        "200 | unknown-metric.json | false | answers something else than the samples of a range: check that it is a Prometheus server",
        "200 | scalar.json | false | answers something else than the samples of a range",
        "401 | <html> | false | answers with status 401: check the address and the setting authorization",
        "404 | | false | answers with status 404",
        "502 | <html>Bad gateway | true | answers with status 502",
        "200 | <html> | false | does not answer with JSON (",
        "200 | {\"status\":\"success\",\"data\":{\"resultType\":\"matrix\",\"result\":[{\"metric\":{ | false | does not answer with JSON (",
        "200 | {\"status\":\"success\",\"data\":{\"resultType\":\"matrix\",\"result\":[{\"metric\":{},\"values\":[[1,\"x\"]]}]}} | false | answers something else",
        "200 | {\"status\":\"error\"} | false | refuses the query jobs_waiting[9000ms]: an error without a reason",
      })
  void anErrorIsOneSentenceAndSaysWhetherARetryHelps(
      int status, String body, boolean temporary, String sentence) {
    String text = body == null ? "" : body.endsWith(".json") ? Pages.text("api/" + body) : body;
    answers = any -> new Answer(status, text);

    assertThatThrownBy(() -> collect(FIRST, LAST))
        .isInstanceOf(temporary ? RetryableFailureException.class : InvalidRequestException.class)
        .hasMessageContaining(sentence)
        .hasMessageStartingWith("http://127.0.0.1:");
  }

  @Test
  void authorizationIsNotSentToWhereTheServerRedirects() {
    settings.put("authorization", "Bearer secret");
    answers = any -> new Answer(302, "");

    assertThatThrownBy(() -> collect(FIRST, LAST))
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContaining("redirects with status 302: name the address that it redirects to");
  }

  @Test
  void aServerThatIsNotThereIsATemporaryFailure() {
    settings.put("url", "http://127.0.0.1:1");

    assertThatThrownBy(() -> collect(FIRST, LAST))
        .isInstanceOf(RetryableFailureException.class)
        .hasMessage("http://127.0.0.1:1 cannot be reached: check the address and that it runs");
  }

  @Test
  void aServerThatDoesNotEndItsAnswerTimesOut() {
    settings.put("timeout", "PT0.2S");
    answers =
        any -> {
          try {
            Thread.sleep(600);
          } catch (InterruptedException e) {
            throw new IllegalStateException(e);
          }
          return new Answer(200, "");
        };

    assertThatThrownBy(() -> collect(FIRST, LAST))
        .isInstanceOf(RetryableFailureException.class)
        .hasMessageContaining("did not answer completely within PT0.2S");
  }

  @Test
  void skipsWhatItDoesNotKnow() throws Exception {
    String body =
        "{\"infos\":[\"x\"],\"data\":{\"stats\":{\"a\":[1]},\"result\":[{\"histograms\":[[1,{}]],\"metric\":{\"__name__\":\"a\"}},"
            + "{\"metric\":{\"__name__\":\"b\",\"empty\":\"\"},\"values\":[[1,\"+Inf\"],[2.5,\"-Inf\"]]}],\"resultType\":\"matrix\"},\"status\":\"success\"}";

    QueryAnswer answer =
        QueryAnswer.read(new ByteArrayInputStream(body.getBytes(StandardCharsets.UTF_8)), 10);

    assertThat(answer.error()).isEmpty();
    assertThat(answer.series()).hasSize(1);
    assertThat(answer.series().get(0).labels()).isEmpty();
    assertThat(answer.series().get(0).time(1)).isEqualTo(2500);
    assertThat(answer.series().get(0).value(1)).isEqualTo(Double.NEGATIVE_INFINITY);
  }

  @Test
  void everyWrongSettingIsNamedAtOnce() {
    assertThatThrownBy(
            () ->
                new PrometheusCollectorFactory()
                    .create(
                        new CollectorSettings(
                            "prometheus",
                            Map.of(
                                "url", "ftp://me:secret@x",
                                "selector", "job",
                                "metrics", "x",
                                "authorization", "s\u00e9cret",
                                "node_exporter", "maybe",
                                "step", "5"),
                            Clock.systemUTC())))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("the setting url has a user name in it")
        .hasMessageContaining("PROMETHEUS_SELECTOR is 'job': use conditions as in PromQL")
        .hasMessageContaining("PROMETHEUS_METRICS is 'x': use TYPE UNIT = ")
        .hasMessageContaining("authorization has characters that no HTTP header may have")
        .hasMessageContaining("NODE_EXPORTER is 'maybe': use true or false")
        .hasMessageContaining("has no setting INFRAMETRICS_COLLECTOR_PROMETHEUS_STEP")
        .satisfies(
            e -> assertThat(e.getMessage()).doesNotContain("cret@").doesNotContain("s\u00e9cret"));
  }

  private void collect(Instant since, Instant until) throws Exception {
    List<MetricCollector> collectors =
        new PrometheusCollectorFactory()
            .create(new CollectorSettings("prometheus", settings, Clock.systemUTC()));
    for (MetricCollector collector : collectors) {
      collector.collect(
          new CollectionRequest(
              new CollectionRun("run", until),
              since,
              Deadline.after(Duration.ofMinutes(1), Clock.systemUTC())),
          new MetricConsumer() {
            @Override
            public void accept(Observation observation) {
              pushed.add(observation);
            }

            @Override
            public void note(String sentence) {
              notes.add(sentence);
            }
          });
    }
  }

  /** Answers the recorded samples in the range that is asked for. */
  private static Function<Map<String, String>, Answer> recorded(String name, boolean bothEnds)
      throws Exception {
    QueryAnswer all =
        QueryAnswer.read(new ByteArrayInputStream(Pages.recorded("api/" + name)), 1000);
    return parameters -> answer(parameters, all.series(), bothEnds, Integer.MAX_VALUE);
  }

  private static Function<Map<String, String>, Answer> generated(
      Instant from, Instant to, boolean bothEnds, int limit) {
    List<RawSeries> all = new ArrayList<>();
    for (String metric : List.of("jobs_waiting", "jobs_done_total")) {
      RawSeries series = new RawSeries(new RawSeries.Key(metric, Map.of("instance", "host1")), 16);
      for (Instant time = from.minusSeconds(300); !time.isAfter(to); time = time.plusSeconds(2)) {
        series.add(time.toEpochMilli(), time.getEpochSecond() % 1000);
      }
      all.add(series);
    }
    return parameters -> answer(parameters, all, bothEnds, limit);
  }

  private static Answer answer(
      Map<String, String> parameters, List<RawSeries> all, boolean bothEnds, int limit) {
    Matcher range = RANGE.matcher(parameters.get("query"));
    assertThat(range.matches()).as(parameters.get("query")).isTrue();
    long to = Math.round(Double.parseDouble(parameters.get("time")) * 1000);
    long from = to - Long.parseLong(range.group(1));
    int samples = 0;
    StringBuilder json = new StringBuilder();
    for (RawSeries series : all) {
      StringBuilder values = new StringBuilder();
      for (int i = 0; i < series.size(); i++) {
        long time = series.time(i);
        if (time <= to && (bothEnds ? time >= from : time > from)) {
          samples++;
          values.append(values.length() == 0 ? "" : ",");
          values.append("[%d.%03d,\"%s\"]".formatted(time / 1000, time % 1000, series.value(i)));
        }
      }
      if (parameters.get("query").startsWith(series.metric()) && values.length() > 0) {
        json.append(json.length() == 0 ? "" : ",");
        json.append(
            "{\"metric\":{\"__name__\":\"%s\",\"instance\":\"host1\",\"job\":\"app\"},\"values\":[%s]}"
                .formatted(series.metric(), values));
      }
    }
    return samples > limit
        ? new Answer(
            422,
            "{\"status\":\"error\",\"errorType\":\"execution\",\"error\":\"query processing would load too many samples into memory in query execution\"}")
        : new Answer(
            200,
            "{\"status\":\"success\",\"data\":{\"resultType\":\"matrix\",\"result\":["
                + json
                + "]}}");
  }
}
