package io.inframetrics.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.inframetrics.cli.input.ProductFiles;
import io.inframetrics.sink.local.LocalStores;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Commands that cannot be carried out as they are given: exit 2 and one sentence each. */
@Timeout(60)
class UsageTest {

  @TempDir Path folder;

  private Path data() {
    return folder.resolve("data");
  }

  @Test
  void anUnknownTypeToFailIsToldTheKnownOnes() {
    Executed.command("run", "--source=synthetic", "--data", data(), "--fail", "cpu")
        .refused(
            "metric type 'cpu' has no collector",
            "cpu_utilization, disk_usage, memory_usage, network_traffic");
    assertThat(data().resolve("raw-metrics")).doesNotExist();
  }

  @ParameterizedTest
  @ValueSource(strings = {" ", "web\t1", "two\nlines"})
  void aNameOfThisMachineThatNoSeriesCanHaveIsRefused(String name) {
    Executed.command("run", "--data", data(), "--instance", name)
        .refused("--instance '", "is not valid: use 1 to 255 characters", "control character");
    Executed.command("run", "--data", data(), "--instance", "x".repeat(256))
        .refused("--instance 'xxx", "...' is not valid: use 1 to 255 characters");
    assertThat(data()).doesNotExist();
  }

  @Test
  void theVariableThatNamesThisMachineIsCheckedAsWell() {
    VirtualContext around =
        new VirtualContext() {
          @Override
          public Map<String, String> environment() {
            return Map.of("INFRAMETRICS_COLLECTOR_HOST_INSTANCE_ID", "x".repeat(256));
          }
        };
    Executed.command(around, "run", "--data", data())
        .refused("INFRAMETRICS_COLLECTOR_HOST_INSTANCE_ID 'xxx", "use 1 to 255 characters");
  }

  @Test
  void anInventedFleetTakesNoNameOfThisMachine() {
    Executed.command("run", "--source=synthetic", "--data", data(), "--instance", "web-1")
        .refused("--instance names this machine: use it with --source host");
  }

  @Test
  void aDataFolderThatIsAFileIsRefused() throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "mine");

    Executed.command("run", "--source=synthetic", "--data", file)
        .refused("data folder '" + file + "' cannot be used", "is a file", "name a folder");
    Executed.command("replay", "--all", "--data", file).refused("data folder '" + file + "'");
    assertThat(file).hasContent("mine");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"replay --all", "replay quarantine/raw-metrics/x.json", "status", "report"})
  void whatOnlyReadsADataFolderDoesNotCreateIt(String command) {
    List<Object> arguments = new ArrayList<>(List.of((Object[]) command.split(" ")));
    arguments.addAll(List.of("--data", data()));

    Executed executed = Executed.command(arguments.toArray());

    assertThat(executed.exitCode()).isNotZero();
    assertThat(executed.out() + executed.err()).contains("'" + data() + "'");
    assertThat(data()).doesNotExist();
  }

  @Test
  void aDataFolderBelowAFileIsRefused() throws IOException {
    Path below = Files.writeString(folder.resolve("file"), "mine").resolve("data");

    Executed.command("run", "--source=synthetic", "--data", below)
        .refused("data folder '" + below + "' cannot be used", "name a folder");
  }

  @Test
  void aDataFolderInUseIsRefused() {
    try (LocalStores stores = LocalStores.open(data(), Clock.systemUTC())) {
      Executed.command("run", "--source=synthetic", "--data", stores.dataFolder())
          .refused("data folder '" + stores.dataFolder() + "' is in use");
      Executed.command("replay", "--all", "--data", stores.dataFolder()).refused("is in use");
    }
  }

  @Test
  void aDatabaseThatIsNoneIsRefused() throws IOException {
    Files.createDirectories(data());
    Files.writeString(data().resolve("inframetrics.db"), "This is no database at all.".repeat(90));

    Executed.command("run", "--source=synthetic", "--data", data())
        .refused("inframetrics.db", "not a database");
  }

  @Test
  void aBrokenDefinitionIsRefused() throws IOException {
    VirtualContext around =
        new VirtualContext() {
          @Override
          public Path home() {
            return folder;
          }
        };
    String[] run = {"run", "--source=synthetic", "--data", data().toString()};
    Executed.command(around, (Object[]) run).refused("pipeline.asl.json");

    Path definition = folder.resolve(ProductFiles.DEFINITION);
    Files.createDirectories(definition.getParent());
    Files.writeString(definition, "{\"StartAt\": ");
    Executed broken = Executed.command(around, (Object[]) run);
    assertThat(broken.err()).contains("1 problem", "JSON", "line 1").doesNotContain("\tat ");
    assertThat(broken.exitCode()).isEqualTo(2);

    Files.writeString(definition, "{\"StartAt\":\"A\",\"States\":{\"B\":{\"Type\":\"Succeed\"}}}");
    Executed missing = Executed.command(around, (Object[]) run);
    assertThat(missing.err()).contains("StartAt", "A").doesNotContain("\tat ");
    assertThat(missing.exitCode()).isEqualTo(2);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "run --every soon",
        "run --every 0s",
        "run --every -PT5M",
        "run --runs 0",
        "run --mute disk_usage",
        "run --runs -1",
        "run --runs many",
        "run --source cloud",
        "run --sauce host",
        "run host",
        "walk",
        "simulate",
        "simulate --definition no-such-file.json",
        "validate",
        "validate --definition no-such-file.json",
        "replay"
      })
  void aWrongArgumentIsRefused(String command) {
    Executed.command((Object[]) command.split(" ")).refused();
  }

  @Test
  void aMistypedNameIsAnsweredWithTheNameThatWasProbablyMeant() {
    Executed.command("run", "--rnus", "3")
        .refused(
            "inframetrics run: unknown option '--rnus' (did you mean --runs?); see inframetrics run"
                + " --help");
    Executed.command("run", "--evry=5m", "--sauce", "host")
        .refused(
            "unknown options '--evry' (did you mean --every?), '--sauce' (did you mean --source?);");
    Executed.command("run", "--anything").refused("unknown option '--anything'; see");
    Executed.command("simulte").refused("unknown command 'simulte' (did you mean simulate?);");
    Executed.command("walk").refused("unknown command 'walk'; see inframetrics --help");
    Executed.command("run", "host").refused("unexpected argument 'host';");
    Executed.command("run", "--runs", "many").refused("'--runs': 'many' is not a whole number;");
    Executed.command("cost", "--parameter", "x").refused("value for option '--parameter'");
  }

  @Test
  void helpShowsPlaceholdersAsTheyAreWritten() {
    assertThat(Executed.command("simulate", "--help").succeeded().out())
        .contains("values for ${NAME}")
        .doesNotContain("null");
  }

  @Test
  void sayingNothingIsRefused() {
    Executed.command().refused("--help");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "run", "simulate", "validate", "replay", "cost", "status", "report"})
  void helpIsEverywhere(String command) {
    Executed help =
        (command.isEmpty() ? Executed.command("--help") : Executed.command(command, "--help"))
            .succeeded();

    assertThat(help.out()).startsWith("Usage: inframetrics " + command).contains("-h, --help");
  }
}
