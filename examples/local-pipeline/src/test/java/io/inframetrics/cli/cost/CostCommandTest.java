package io.inframetrics.cli.cost;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.inframetrics.cli.Executed;
import io.inframetrics.cli.VirtualContext;
import io.inframetrics.cli.input.InputFile;
import io.inframetrics.cost.Assumptions;
import io.inframetrics.sink.otlp.OtlpPointSize;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** {@code inframetrics cost}. */
class CostCommandTest {

  @Test
  void saysWhatAMonthCostsAndWhatIsFree() {
    Executed cost = Executed.command("cost").succeeded();

    assertThat(cost.out())
        .startsWith("248 runs a month over 10 instances in us-east-1: 0.")
        .containsPattern("Step Functions +state transitions +3,224 +4,000 +0.00 +776 left")
        .containsPattern("CloudWatch +metric-months +4 +10 +0.00")
        .containsPattern("healthy, processed late +16 +0\\.\\d+\n")
        .containsPattern("every 5 minutes +[\\d.]+ USD a month, [\\d.]+ more")
        .containsPattern("1,000 instances +[\\d.]+ USD a month")
        .contains("not measured on AWS");
  }

  @Test
  void saysTheSameAsJson() {
    JsonNode cost = Executed.command("cost", "--json").succeeded().json();

    double sum = 0;
    for (JsonNode line : cost.path("lines")) {
      sum += line.path("usd").doubleValue();
    }
    assertThat(cost.path("total").doubleValue()).isEqualTo(sum, within(1e-9)).isLessThan(0.5);
    assertThat(cost.path("services").propertyNames())
        .contains(
            "Step Functions", "Lambda", "S3", "DynamoDB", "CloudWatch", "SNS", "SQS", "Athena");
    assertThat(cost.path("scenarios")).hasSize(4);
    assertThat(cost.path("scenarios").get(0).path("free").booleanValue()).isTrue();
    assertThat(cost.path("scenarios").get(3).path("free").booleanValue()).isFalse();
    assertThat(cost.path("alternatives").size()).isEqualTo(3);
  }

  @Test
  void takesScheduleFleetRegionAndParameters() {
    JsonNode cost =
        Executed.command(
                "cost",
                "--every=5m",
                "--instances=1000",
                "--region=eu-central-1",
                "--dimension-policy=both",
                "--parameter=SeriesBudget=2000",
                "--parameter",
                "RecordRetentionDays=7",
                "--json")
            .succeeded()
            .json();

    assertThat(cost.path("runs").doubleValue()).isEqualTo(8_928);
    assertThat(cost.path("services").path("Step Functions").doubleValue()).isGreaterThan(2);
    assertThat(cost.path("services").path("CloudWatch").doubleValue()).isGreaterThan(1_000);
  }

  @Test
  void theGuideTellsTheSame() {
    String guide = InputFile.text(VirtualContext.REPOSITORY.resolve("deploy/README.md"));
    JsonNode cost = Executed.command("cost", "--json").succeeded().json();

    assertThat(guide)
        .contains("ten instances: %.2f USD a month".formatted(cost.path("total").doubleValue()));
    cost.path("alternatives")
        .forEach(total -> assertThat(guide).contains(": %.2f USD".formatted(total.doubleValue())));
  }

  @Test
  void takesAnyRateAndNamesTheNearestThatCanBeDeployed() {
    assertThat(Executed.command("cost", "--every", "7m").succeeded().out())
        .startsWith("6,377 runs a month over 10 instances")
        .contains("the nearest that can be deployed is ScheduleRate=5-minutes");
    assertThat(Executed.command("cost", "--every", "2h").succeeded().out())
        .contains("the nearest that can be deployed is ScheduleRate=3-hours");
    assertThat(Executed.command("cost", "--every", "3h").succeeded().out())
        .doesNotContain("can be deployed");
  }

  @Test
  void saysWhenAPolicyPublishesNothing() {
    assertThat(
            Executed.command("cost", "--dimension-policy=instance", "--instances=230")
                .succeeded()
                .out())
        .contains(
            "note: DimensionPolicy instance publishes nothing for each series: there are more than"
                + " the 100 that SeriesBudget allows of processors (230), memory (230), disks (345),"
                + " networks (345)");
    assertThat(
            Executed.command("cost", "--dimension-policy=both", "--instances=90").succeeded().out())
        .contains("publishes nothing of some types")
        .contains("of disks (135), networks (135)");
    assertThat(Executed.command("cost", "--instances=230").succeeded().out())
        .doesNotContain("publishes nothing");
  }

  @Test
  void pricesEverySeriesAlsoWhereTheBudgetIsTooSmall() {
    String choice = "a CloudWatch metric for each series";
    String note =
        "the price is with SeriesBudget=100000: with the budget given, a run would publish nothing";
    List<String> large = List.of("cost", "--every", "5m", "--instances", "1000");

    assertThat(Executed.command(large.toArray()).succeeded().out())
        .containsPattern(choice + " +[\\d.]+ USD a month, 1,?\\d+\\.\\d\\d more; ")
        .contains("    note: " + note);
    JsonNode json =
        Executed.command("cost", "--every", "5m", "--instances", "1000", "--json")
            .succeeded()
            .json();
    // 5,000 series, a metric-month each.
    assertThat(json.path("alternatives").path(choice).doubleValue())
        .isGreaterThan(json.path("total").doubleValue() + 5_000 * 0.29);
    assertThat(json.path("alternative_notes").path(choice).path(0).asString()).isEqualTo(note);
    assertThat(Executed.command("cost").succeeded().out()).doesNotContain(note);
  }

  @Test
  void aCheaperChoiceIsLessAndNotLessThanNothingMore() {
    assertThat(Executed.command("cost", "--instances=10000", "--every=5m").succeeded().out())
        .containsPattern("1,000 instances +[\\d.]+ USD a month, [\\d.]+ less; ")
        .doesNotContainPattern("-\\d[\\d.]* more");
    assertThat(Executed.command("cost", "--dimension-policy=instance").succeeded().out())
        .containsPattern(
            "1,000 instances .*\n    note: DimensionPolicy instance publishes nothing");
  }

  @Test
  void addsStacksThatShareTheFreeTier() {
    Executed two = Executed.command("cost", "--stacks", "2").succeeded();

    assertThat(two.out())
        .startsWith("248 runs a month over 10 instances in us-east-1, 2 stacks: ")
        .containsPattern("state transitions +6,448 +4,000 +0.06 +2,448 beyond the free tier");
  }

  @Test
  void saysWhatParametersSaveAndHowNewAccountsDiffer() {
    assertThat(Executed.command("cost", "--every", "5m").succeeded().out())
        .containsPattern("112,064 beyond the free tier")
        .containsPattern("ScheduleRate=3-hours +[1-9][\\d.]+ USD a month")
        .contains("since July 2025")
        .doesNotContainPattern("\\d\\.\\d{4}");
  }

  @Test
  void comparesTheWaysOfPublishingByWhatTheEncoderWrites() {
    JsonNode choices =
        Executed.command("cost", "--compare", "--instances=800", "--json")
            .succeeded()
            .json()
            .path("choices");

    assertThat(usd(choices, "classic, fleet")).isZero();
    // 4,000 series and 8 metrics of the functions, a third of the hours, less ten.
    assertThat(usd(choices, "classic, instance"))
        .isEqualTo((4_008 / 3.0 - 10) * 0.30, within(0.01));
    double bytes = PublishComparison.bytesOfAPoint("us-east-1");
    assertThat(usd(choices, "otlp"))
        .isEqualTo(4_000 * 248 * 36 * bytes / (1 << 30) * 0.50, within(0.01));
    assertThat(Executed.command("cost", "--compare").succeeded().out())
        .startsWith("data points of 10 instances in us-east-1, 248 runs a month")
        .contains(
            "prices as of 20", "in October 2026", "https://aws.amazon.com/cloudwatch/pricing/")
        .contains("not known: ", "nothing of this was tried against AWS");
  }

  @Test
  void assumesTheSizeOfAPointThatTheEncoderWrites() {
    assertThat(Assumptions.load().of("otlp_bytes_a_point"))
        .isEqualTo(PublishComparison.bytesOfAPoint("us-east-1"), within(3.0));
  }

  private static double usd(JsonNode choices, String name) {
    return choices.path(name).path("usd").doubleValue();
  }

  @Test
  void pricesAnInventory(@TempDir Path folder) throws IOException {
    StringBuilder metrics = new StringBuilder("{\"Metrics\":[");
    for (int i = 0; i < 12_010; i++) {
      metrics
          .append("{\"Namespace\":\"CWAgent\",\"MetricName\":\"mem_used_percent\",\"Dimensions\":")
          .append("[{\"Name\":\"InstanceId\",\"Value\":\"i-%05d\"}]},".formatted(i));
    }
    metrics.append("{\"Namespace\":\"AWS/EC2\",\"MetricName\":\"x\",\"Dimensions\":[]}]}");
    Path file = Files.writeString(folder.resolve("metrics.json"), metrics);

    Executed text = Executed.command("cost", "--inventory", file).succeeded();
    JsonNode choices =
        Executed.command("cost", "--inventory", file, "--json").succeeded().json().path("choices");

    assertThat(text.out())
        .contains("12,010 custom metrics (CWAgent 12,010), the first 10 free")
        .contains("note: 1 metrics of AWS's own namespaces cost nothing");
    // Ten thousand at the first price, two thousand at the next.
    assertThat(usd(choices, "classic")).isEqualTo(10_000 * 0.30 + 2_000 * 0.10, within(0.01));
    int bytes =
        OtlpPointSize.of(
            "mem_used_percent",
            "1",
            Map.of("InstanceId", "i-00000"),
            Map.of("service.namespace", "CWAgent"));
    assertThat(usd(choices, "otlp, a point a minute"))
        .isEqualTo(12_010.0 * 744 * 60 * bytes / (1 << 30) * 0.50, within(0.01));
    Files.writeString(file, "{\"Metric\":[]}");
    Executed.command("cost", "--inventory", file).refused("it has no list \"Metrics\"");
    Executed.command("cost", "--inventory", folder.resolve("none")).refused("none");
  }

  @Test
  void refusesWhatCannotBe() {
    Executed.command("cost", "--every", "30s").refused("is PT30S: use one minute or more");
    Executed.command("cost", "--stacks", "0").refused("number of stacks is 0");
    Executed.command("cost", "--region", "mars-1").refused("no prices for region 'mars-1'");
    Executed.command("cost", "--instances", "0").refused("number of instances is 0");
    Executed.command("cost", "--dimension-policy", "none")
        .refused("parameter 'DimensionPolicy' is 'none'", "fleet");
    Executed.command("cost", "--parameter", "Nothing=1").refused("no parameter 'Nothing'");
    Executed.command("cost", "--every", "soon").refused("'soon'");
  }
}
