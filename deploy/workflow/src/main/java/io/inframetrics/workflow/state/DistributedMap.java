package io.inframetrics.workflow.state;

import io.inframetrics.workflow.data.ErrorName;
import io.inframetrics.workflow.data.FailureException;
import io.inframetrics.workflow.data.Json;
import io.inframetrics.workflow.data.Scope;
import io.inframetrics.workflow.data.SizeLimit;
import io.inframetrics.workflow.data.Template;
import io.inframetrics.workflow.definition.DefinitionObject;
import io.inframetrics.workflow.items.ChildExecution;
import io.inframetrics.workflow.items.ItemBatcher;
import io.inframetrics.workflow.items.ItemReader;
import io.inframetrics.workflow.items.ResultWriter;
import io.inframetrics.workflow.resource.TaskResource;
import io.inframetrics.workflow.retry.Failure;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * The distributed mode of a Map: every item or batch is an execution of its own, which sees neither
 * the variables nor the context object around it. The state fails when too many items failed, by
 * default with the first.
 *
 * @param express whether a child execution may take five minutes only
 * @param batcher null if every item is a child execution
 * @see <a
 *     href="https://docs.aws.amazon.com/step-functions/latest/dg/state-map-distributed.html">Using
 *     Map state in Distributed mode</a>
 */
record DistributedMap(
    States processor,
    boolean express,
    String label,
    @Nullable ItemReader reader,
    NumberField maxItems,
    @Nullable Batcher batcher,
    NumberField toleratedCount,
    PercentageField toleratedPercentage,
    ResultWriter writer) {

  private static final int DEFAULT_CONCURRENCY = 10_000;
  private static final int MAX_LABEL = 40;
  private static final Duration EXPRESS_LIMIT = Duration.ofMinutes(5);
  private static final double PERCENT = 100;
  private static final long MAX_ITEMS = 100_000_000;

  /** The characters that a label must not have, from the page above. */
  private static final Pattern NOT_IN_LABEL =
      Pattern.compile("[\\s?*<>{}\\[\\]\"#%\\\\^|~`$&,;:/\\p{Cntrl}]");

  private static final List<String> FIELDS =
      List.of(
          "ItemReader",
          "ItemBatcher",
          "ResultWriter",
          "Label",
          "ToleratedFailureCount",
          "ToleratedFailureCountPath",
          "ToleratedFailurePercentage",
          "ToleratedFailurePercentagePath");

  record Batcher(@Nullable Template input, NumberField maxItems, NumberField maxBytes) {

    static Batcher load(DefinitionObject fields) {
      Batcher batcher =
          new Batcher(
              fields.template("BatchInput"),
              number(fields, "MaxItemsPerBatch", 1, DefinitionObject.MAX_NUMBER),
              number(fields, "MaxInputBytesPerBatch", 1, SizeLimit.MAX_BYTES));
      if (!batcher.maxItems().given() && !batcher.maxBytes().given()) {
        fields.problem("MaxItemsPerBatch or MaxInputBytesPerBatch is missing");
      }
      fields.refuseUnknown();
      return batcher;
    }
  }

  static boolean isDistributed(DefinitionObject config) {
    return "DISTRIBUTED".equals(config.string("Mode"));
  }

  /** Checks the mode of an inline Map and refuses the fields of a distributed one. */
  static void refuseFields(DefinitionObject fields, @Nullable DefinitionObject config) {
    for (String field : FIELDS) {
      if (fields.value(field) != null) {
        fields.problem(
            field,
            field
                + " belongs to a distributed Map: set the Mode of ProcessorConfig to DISTRIBUTED");
      }
    }
    if (config != null) {
      String mode = config.string("Mode");
      if (mode != null && !mode.equals("INLINE")) {
        config.problem("Mode", "Mode must be INLINE or DISTRIBUTED");
      }
      if (config.value("ExecutionType") != null) {
        config.problem(
            "ExecutionType", "ExecutionType belongs to a distributed Map: set Mode to DISTRIBUTED");
      }
      config.refuseUnknown();
    }
  }

  private static NumberField number(DefinitionObject fields, String name, long min, long max) {
    fields.oneOf(false, name, name + "Path");
    return NumberField.load(fields, name, min, max);
  }

  static DistributedMap load(
      String name, DefinitionObject fields, DefinitionObject config, States processor) {
    String type = config.requiredString("ExecutionType");
    boolean express = type.equals("EXPRESS");
    if (!express && !type.isEmpty() && !type.equals("STANDARD")) {
      config.problem("ExecutionType", "ExecutionType must be STANDARD or EXPRESS");
    }
    if (express) {
      standardOnly(processor)
          .forEach(
              task ->
                  fields.problem(
                      "'"
                          + task.name()
                          + "' cannot run in an EXPRESS workflow, which cannot wait for "
                          + task.resource()));
    }
    config.refuseUnknown();
    String label = fields.string("Label");
    if (label != null
        && (label.isEmpty()
            || label.codePointCount(0, label.length()) > MAX_LABEL
            || NOT_IN_LABEL.matcher(label).find())) {
      fields.problem(
          "Label",
          "Label must have 1 to "
              + MAX_LABEL
              + " characters, without blanks and special characters");
    }
    DefinitionObject reader = fields.object("ItemReader");
    DefinitionObject readerConfig = reader == null ? null : reader.object("ReaderConfig");
    ItemReader itemReader = reader == null ? null : ItemReader.load(reader, readerConfig);
    NumberField maxItems =
        readerConfig == null ? NumberField.NONE : number(readerConfig, "MaxItems", 0, MAX_ITEMS);
    Stream.of(reader, readerConfig)
        .forEach(
            each -> {
              if (each != null) {
                each.refuseUnknown();
              }
            });
    DefinitionObject batcher = fields.object("ItemBatcher");
    DefinitionObject writer = fields.object("ResultWriter");
    ResultWriter resultWriter = writer == null ? ResultWriter.NONE : ResultWriter.load(writer);
    if (writer != null) {
      writer.refuseUnknown();
    }
    return new DistributedMap(
        processor,
        express,
        label == null ? name : label,
        itemReader,
        maxItems,
        batcher == null ? null : Batcher.load(batcher),
        number(fields, "ToleratedFailureCount", 0, DefinitionObject.MAX_NUMBER),
        PercentageField.load(fields, "ToleratedFailurePercentage"),
        resultWriter);
  }

  private static Stream<TaskState> standardOnly(States states) {
    return states.byName().values().stream()
        .flatMap(
            state ->
                state instanceof TaskState task && TaskResource.needsStandard(task.resource())
                    ? Stream.of(task)
                    : state.scopes().stream().flatMap(DistributedMap::standardOnly));
  }

  void run(Visit visit, Scope selected, long concurrency, MapState map) {
    Tolerance tolerance =
        new Tolerance(
            toleratedCount.given()
                ? (double) toleratedCount.count(selected, DistributedMap::negativeCount)
                : null,
            toleratedPercentage.value(selected));
    if (tolerance.count() != null) {
      visit.inspect("toleratedFailureCount", Json.NODES.numberNode(tolerance.count().longValue()));
    }
    if (tolerance.percentage() != null) {
      visit.inspect("toleratedFailurePercentage", Json.NODES.numberNode(tolerance.percentage()));
    }
    long most = maxItems.count(selected, DistributedMap::negativeItems);
    JsonNode items =
        reader == null ? map.items(selected) : reader.read(visit.objects(), selected, most);
    List<JsonNode> inputs = map.inputs(visit, selected.data(), items);
    map.inspectItems(visit, concurrency, items, inputs);
    if (batcher != null) {
      Template batchInput = batcher.input();
      inputs =
          ItemBatcher.batches(
              inputs,
              batchInput == null ? null : batchInput.fill(selected),
              batcher.maxItems().count(selected),
              batcher.maxBytes().count(selected));
      visit.inspect("afterItemBatcher", Json.array(inputs.toArray(JsonNode[]::new)));
    }
    if (visit.inspects()) {
      if (tolerance.exceeded(visit.failedItems(), items.size())) {
        throw thresholdExceeded();
      }
      visit.mocked(outputs -> map.finish(visit, outputs));
      return;
    }
    visit.event("MapStateStarted", null, items.size());
    new MapRun(visit, map, selected, items.size(), List.copyOf(inputs), tolerance)
        .start(concurrency == 0 ? DEFAULT_CONCURRENCY : concurrency);
  }

  private static FailureException negativeCount() {
    return FailureException.runtime("ToleratedFailureCount cannot be negative.");
  }

  private static FailureException negativeItems() {
    return new FailureException(ErrorName.ITEM_READER_FAILED, "field MaxItems must be positive");
  }

  private static FailureException thresholdExceeded() {
    return new FailureException(
        ErrorName.EXCEED_TOLERATED_FAILURE_THRESHOLD,
        "The specified tolerated failure threshold was exceeded");
  }

  /** How many items may fail; null for a limit that is not given. Without both, none. */
  private record Tolerance(@Nullable Double count, @Nullable Double percentage) {
    boolean exceeded(long failed, long all) {
      if (count == null && percentage == null) {
        return failed > 0;
      }
      return (count != null && failed > count)
          || (percentage != null && failed * PERCENT > percentage * all);
    }
  }

  /** One run of the child executions. */
  private final class MapRun {
    private final Visit visit;
    private final MapState map;
    private final Scope selected;
    private final int items;
    private final List<JsonNode> inputs;
    private final Tolerance tolerance;
    private final String id;
    private final String arn;
    private final String machine;
    private final @Nullable ChildExecution[] children;
    private long failed;
    private boolean over;

    MapRun(
        Visit visit,
        MapState map,
        Scope selected,
        int items,
        List<JsonNode> inputs,
        Tolerance tolerance) {
      this.visit = visit;
      this.map = map;
      this.selected = selected;
      this.items = items;
      this.inputs = inputs;
      this.tolerance = tolerance;
      this.id = uuid(selected.random());
      this.machine = visit.context().machine() + "/" + label;
      this.arn = ContextObject.arn("mapRun", machine + ":" + id);
      this.children = new ChildExecution[inputs.size()];
    }

    void start(long concurrency) {
      visit.event("MapRunStarted", arn, -1);
      new Fanout(inputs.size(), concurrency, this::child, outputs -> finish()).proceed();
    }

    private void child(int index, Consumer<JsonNode> onEnd) {
      JsonNode input = inputs.get(index);
      String name = uuid(selected.random());
      Instant begun = visit.now();
      ContextObject context = ContextObject.of(machine, name, input, begun);
      visit.child(
          new BranchRequest(processor, context, Map.of(), index, false, input),
          express ? EXPRESS_LIMIT : null,
          output -> {
            children[index] = ended(context, name, input, output, null, begun);
            onEnd.accept(output);
          },
          failure -> {
            if (failure.isGapInTest()) {
              // No tolerated failure: it would hide the gap.
              over = true;
              visit.event("MapRunFailed", arn, -1);
              visit.fail(failure);
              return;
            }
            children[index] = ended(context, name, input, null, failure, begun);
            failed += batcher == null ? 1 : input.path("Items").size();
            if (!over && tolerance.exceeded(failed, items)) {
              over = true;
              visit.event("MapRunFailed", arn, -1);
              throw thresholdExceeded();
            }
            onEnd.accept(Json.NODES.nullNode());
          });
    }

    private ChildExecution ended(
        ContextObject context,
        String name,
        JsonNode input,
        @Nullable JsonNode output,
        @Nullable Failure failure,
        Instant begun) {
      return new ChildExecution(
          context.executionArn(),
          ContextObject.arn("stateMachine", context.machine()),
          name,
          input,
          output,
          failure == null ? null : failure.error(),
          failure == null ? null : failure.cause(),
          failure != null && ErrorName.TIMEOUT.equals(failure.error()) && express,
          begun,
          visit.now());
    }

    private void finish() {
      JsonNode result =
          writer.write(
              visit.objects(),
              selected,
              arn,
              id,
              Arrays.stream(children).filter(Objects::nonNull).toList());
      visit.event("MapRunSucceeded", arn, -1);
      map.finish(visit, result);
    }
  }

  private static String uuid(RandomGenerator random) {
    return new UUID(random.nextLong(), random.nextLong()).toString();
  }
}
