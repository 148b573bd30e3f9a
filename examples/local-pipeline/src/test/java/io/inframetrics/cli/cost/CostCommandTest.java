package io.inframetrics.cli.cost;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.inframetrics.cli.Executed;
import io.inframetrics.cli.VirtualContext;
import io.inframetrics.cli.input.InputFile;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** {@code inframetrics cost}. */
class CostCommandTest {

  @Test
  void saysWhatAMonthCostsAndWhatIsFree() {
    Executed cost = Executed.command("cost").succeeded();

    assertThat(cost.out())
        .startsWith("248 runs a month over 10 instances in us-east-1: 0.")
        .containsPattern("Step Functions +state transitions +3,224 +4,000 +0.0000 +776 left")
        .containsPattern("CloudWatch +metric-months +4 +10 +0.0000")
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
  void refusesWhatCannotBe() {
    Executed.command("cost", "--every", "7m")
        .refused("no schedule of 'PT7M'", "[PT5M, PT15M, PT1H, PT3H, PT24H]");
    Executed.command("cost", "--region", "mars-1").refused("no prices for region 'mars-1'");
    Executed.command("cost", "--instances", "0").refused("number of instances is 0");
    Executed.command("cost", "--dimension-policy", "none")
        .refused("parameter 'DimensionPolicy' is 'none'", "fleet");
    Executed.command("cost", "--parameter", "Nothing=1").refused("no parameter 'Nothing'");
    Executed.command("cost", "--every", "soon").refused("'soon'");
  }
}
