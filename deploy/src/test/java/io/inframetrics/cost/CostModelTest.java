package io.inframetrics.cost;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.inframetrics.template.Template;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

/** What this repository's deployment costs. */
class CostModelTest {

  private static final String REGION = "us-east-1";

  /** What the default deployment may cost a month, in any region of the price list. */
  private static final double MOST_USD = 0.50;

  /** The default of the template's MaxInstances. */
  private static final int MOST_INSTANCES = 25;

  /**
   * Whether Step Functions counts a run's start and end is not documented: with them it must fit
   * too.
   */
  private static final int START_AND_END = 2;

  private static CostModel model;

  /** The branches that collect; each type beyond the four adds one. */
  private static int types;

  /** The transitions of a healthy run. */
  private static int healthy;

  @BeforeAll
  static void read() throws IOException {
    model =
        CostModel.of(
            Template.load(Path.of("template.yaml")),
            Files.readString(Path.of("statemachine", "pipeline.asl.json")));
    types =
        JsonMapper.shared()
            .readTree(Files.readString(Path.of("statemachine", "pipeline.asl.json")))
            .at("/States/ParallelDataCollection/Branches")
            .size();
    healthy = 9 + types;
    assertThat(types).isGreaterThanOrEqualTo(4);
  }

  private static Bill bill(String... parameters) {
    return bill(10, parameters);
  }

  private static Bill bill(int instances, String... parameters) {
    Map<String, String> given =
        parameters.length == 0 ? Map.of() : Map.of(parameters[0], parameters[1]);
    return model.bill(given, instances, REGION);
  }

  @Test
  void theDefaultDeploymentCostsLessThanHalfADollarEverywhere() {
    for (String region : model.prices().regions()) {
      Bill bill =
          model.bill(Map.of("NotificationEmail", "ops@example.com"), MOST_INSTANCES, region);
      assertThat(bill.runs()).isEqualTo(248);
      assertThat(bill.total()).as(region).isFinite().isPositive().isLessThan(MOST_USD);
    }
  }

  @Test
  void theDefaultDeploymentStaysWithinTheFreeStateTransitions() {
    Bill.Line transitions = bill().line("states.transition");
    assertThat(transitions.isFree()).isTrue();
    assertThat(transitions.quantity()).isEqualTo(248 * healthy);
    assertThat(transitions.headroom() - 248 * START_AND_END).isPositive();
    Bill late = model.bill(Map.of(), 10, REGION, model.scenarios().get(1));
    assertThat(late.line("states.transition").isFree()).isEqualTo(healthy + 3 <= 16);
    assertThat(late.line("states.transition").quantity()).isEqualTo(248 * (healthy + 3));
  }

  @Test
  void everyCourseIsCountedByRunningIt() {
    assertThat(model.scenarios())
        .extracting(Scenario::transitions)
        .containsExactly(healthy, healthy + 3, 13 + (types - 4) + 1 + 3, healthy + 3 * (5 + types));
    assertThat(model.scenarios().get(0).invocations().values())
        .as("collect, health check, analyze, topic")
        .containsExactlyInAnyOrder(types, 1, 3, 1);
  }

  @Test
  void metricsAlarmsAndTheDashboardAreFreeByDefault() {
    Bill bill = bill();
    // A fleet metric of each type and eight of the functions' own, in a third of the hours.
    assertThat(bill.line("cloudwatch.metric_month").quantity())
        .isEqualTo((types + 8) / 3.0, within(1e-9));
    assertThat(bill.line("cloudwatch.alarm_month").quantity()).isEqualTo(10);
    assertThat(bill.line("cloudwatch.dashboard").quantity()).isEqualTo(1);
    assertThat(bill.services().get("CloudWatch")).isZero();
    // Twelve, or more with further types, all the time are more than the ten that are free.
    Bill.Line often = bill("ScheduleRate", "5-minutes").line("cloudwatch.metric_month");
    assertThat(often.quantity()).isEqualTo(types + 8);
    assertThat(often.usd()).isEqualTo((types + 8 - 10) * 0.30, within(1e-9));
  }

  @Test
  void fiveMinutesCostStateTransitions() {
    Bill.Line transitions = bill("ScheduleRate", "5-minutes").line("states.transition");
    assertThat(transitions.isFree()).isFalse();
    assertThat(transitions.usd()).isEqualTo((8_928 * healthy - 4_000) * 0.000025, within(1e-9));
  }

  @Test
  void shardsCostWhatEachStackHasOfItsOwn() {
    Bill one =
        model.bill(
            Map.of(), new CostModel.Fleet(40_000, 1, null), REGION, model.scenarios().get(0));
    Bill four =
        model.bill(
            Map.of(), new CostModel.Fleet(10_000, 4, null), REGION, model.scenarios().get(0));

    assertThat(four.line("cloudwatch.metric_read").usd())
        .isEqualTo(one.line("cloudwatch.metric_read").usd(), within(0.01));
    // The charts and the page of a run are bounded: 10 MB in each stack, of 720 runs in 90 days.
    double pages = 3 * 10.19e6 * 720 / Math.pow(1_024, 3) * 0.023;
    assertThat(four.line("s3.gb_month").usd())
        .isEqualTo(one.line("s3.gb_month").usd() + pages, within(0.01));
    // Alarms, dashboards, metrics and state transitions, less what is free.
    double own = 3.00 + 3.00 + 1.80 + (4 * 248 * healthy - 4_000) * 0.000025 + pages;
    assertThat(four.total() - one.total()).isEqualTo(own, within(1.00));
    // 20 pages of 500 instances, in each of six lists.
    assertThat(four.line("cloudwatch.request").quantity()).isGreaterThan(4 * 248 * 6 * 20);
  }

  @Test
  void aMetricForEachSeriesIsChargedByTheHour() {
    Bill.Line metrics = bill("DimensionPolicy", "instance").line("cloudwatch.metric_month");
    assertThat(metrics.quantity()).isEqualTo((50 + 8) / 3.0, within(1e-9));
    assertThat(metrics.usd()).isEqualTo(((50 + 8) / 3.0 - 10) * 0.30, within(1e-9));
  }

  @Test
  void beyondItsBudgetNoSeriesOfATypeIsPublished() {
    // 100 of processor and of memory, 150 of disk and of network.
    assertThat(bill(100, "DimensionPolicy", "both").line("cloudwatch.metric_month").quantity())
        .isEqualTo((8 + types + 200) / 3.0, within(1e-9));
    assertThat(bill(101, "DimensionPolicy", "both").line("cloudwatch.metric_month").quantity())
        .isEqualTo((8 + types) / 3.0, within(1e-9));
  }

  @Test
  void whatFollowsFromAParameterFollows() {
    assertThat(bill("Architecture", "x86_64").line("lambda.gb_second.x86_64").quantity())
        .isEqualTo(bill().line("lambda.gb_second.arm64").quantity());
    assertThat(bill("MemorySize", "2048").line("lambda.gb_second.arm64").quantity())
        .isEqualTo(2 * bill().line("lambda.gb_second.arm64").quantity());
    assertThat(bill("RawRetentionDays", "900").line("s3.gb_month").quantity())
        .isEqualTo(10 * bill().line("s3.gb_month").quantity(), within(1e-9));
    assertThat(bill("PointInTimeRecovery", "true").line("dynamodb.pitr_gb_month").usd())
        .isFinite()
        .isPositive();
    assertThat(bill("NotificationEmail", "a@b.c").line("sns.email").quantity()).isEqualTo(248);
    assertThat(bill().line("sns.email").quantity()).isZero();
    assertThat(bill(1_000).total()).isFinite().isGreaterThan(10 * bill(10).total());
    assertThat(bill(1_000).line("athena.tb_scanned").quantity())
        .as("what thirty queries read of ten days of gzipped lines")
        .isEqualTo(30 * (1_000 * 5 * 36 * 300 * 0.1 * 8 * 10) / Math.pow(1_024, 4), within(1e-9));
    assertThat(bill(10_000).line("athena.tb_scanned").quantity())
        .as("a GB for each of thirty queries, where the workgroup ends them")
        .isEqualTo(30.0 / 1_024);
    assertThat(bill().line("eventbridge.s3_event").quantity())
        .as(
            "a raw file of each type, its accepted lines, three reports, two documents of charts and a page, stored and expired, and the newest report, stored")
        .isEqualTo(248 * ((2 * types + 6) * 2 + 1));
  }

  @Test
  void everyPriceHasADateAPageAndEveryRegion() {
    assertThat(model.prices().asOf()).matches("\\d{4}-\\d{2}-\\d{2}");
    assertThat(model.prices().regions()).contains("us-east-1", "eu-west-1", "eu-central-1");
    assertThat(model.prices().sources()).containsOnlyKeys(bill().services().keySet());
    assertThat(model.assumptions().values().values())
        .allSatisfy(assumption -> assertThat(assumption.why()).isNotBlank());
  }

  @Test
  void whatCannotBeIsRefused() {
    assertThatThrownBy(() -> model.bill(Map.of(), 0, REGION))
        .hasMessageContaining("number of instances is 0");
    assertThatThrownBy(() -> model.bill(Map.of(), 1, "mars-1"))
        .hasMessageContaining("no prices for region 'mars-1': use one of [us-east-1");
    assertThatThrownBy(() -> model.bill(Map.of("ScheduleRate", "often"), 1, REGION))
        .hasMessageContaining("parameter 'ScheduleRate' is 'often'");
  }
}
