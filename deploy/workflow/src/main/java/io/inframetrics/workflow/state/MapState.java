package io.inframetrics.workflow.state;

import io.inframetrics.workflow.data.DataPath;
import io.inframetrics.workflow.data.FailureException;
import io.inframetrics.workflow.data.PayloadTemplate;
import io.inframetrics.workflow.data.Scope;
import io.inframetrics.workflow.data.SizeLimit;
import io.inframetrics.workflow.definition.DefinitionObject;
import io.inframetrics.workflow.retry.ErrorHandling;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Runs the same states for each item of an array, inline, and collects their outputs in the order
 * of the items. The first iteration that fails stops the others; the state fails with its error.
 *
 * @see <a href="https://docs.aws.amazon.com/step-functions/latest/dg/state-map-inline.html">Map</a>
 */
final class MapState extends State {

  /** The default number of concurrent iterations of an inline Map, from the page above. */
  private static final int DEFAULT_CONCURRENCY = 40;

  private final States processor;
  private final DataFlow flow;
  private final @Nullable DataPath itemsPath;
  private final @Nullable PayloadTemplate itemSelector;
  private final NumberField maxConcurrency;
  private final ErrorHandling errorHandling;

  MapState(String name, DefinitionObject fields, Loader loader) {
    super(name, "Map", nextOf(fields));
    this.processor = processor(fields, loader);
    this.itemsPath = fields.path("ItemsPath");
    fields.oneOf(false, "ItemSelector", "Parameters");
    PayloadTemplate selector = fields.template("ItemSelector");
    this.itemSelector = selector == null ? fields.template("Parameters") : selector;
    this.flow = DataFlow.load(fields, "ResultSelector", "ResultPath");
    fields.oneOf(false, "MaxConcurrency", "MaxConcurrencyPath");
    this.maxConcurrency = NumberField.load(fields, "MaxConcurrency", 0);
    for (String distributed :
        List.of(
            "ItemReader",
            "ItemBatcher",
            "ResultWriter",
            "Label",
            "ToleratedFailureCount",
            "ToleratedFailureCountPath",
            "ToleratedFailurePercentage",
            "ToleratedFailurePercentagePath")) {
      fields.unsupported(
          distributed, "it belongs to distributed Map, and this runner supports only INLINE");
    }
    this.errorHandling = ErrorHandling.load(fields, true);
  }

  private static States processor(DefinitionObject fields, Loader loader) {
    fields.oneOf(true, "ItemProcessor", "Iterator");
    DefinitionObject processor =
        fields.object(fields.has("ItemProcessor") ? "ItemProcessor" : "Iterator");
    if (processor == null) {
      return new States("", Map.of());
    }
    DefinitionObject config = processor.object("ProcessorConfig");
    if (config != null) {
      String mode = config.string("Mode");
      if (mode != null && !mode.equals("INLINE")) {
        config.problem(
            "Mode", "Mode " + mode + " is not supported: this runner supports only INLINE");
      }
      config.unsupported(
          "ExecutionType", "it belongs to distributed Map, and this runner supports only INLINE");
      config.refuseUnknown();
    }
    States states = loader.scope(processor);
    processor.refuseUnknown();
    return states;
  }

  @Override
  public ErrorHandling errorHandling() {
    return errorHandling;
  }

  @Override
  public void attempt(Visit visit) {
    Scope scope = visit.scope();
    Scope selected = scope.over(flow.selected(scope));
    long limit = maxConcurrency.count(selected);
    JsonNode items = itemsPath == null ? selected.data() : itemsPath.evaluate(selected);
    if (!items.isArray()) {
      throw FailureException.runtime(
          "Reference path \"%s\" must point to array."
              .formatted(itemsPath == null ? "$" : itemsPath.text()));
    }
    visit.event("MapStateStarted", items.size());
    new Fanout(
            items.size(),
            limit == 0 ? DEFAULT_CONCURRENCY : limit,
            (index, onOutput) -> iterate(visit, selected.data(), index, items.get(index), onOutput),
            outputs -> {
              visit.event("MapStateSucceeded", -1);
              succeed(visit, flow, outputs);
            })
        .proceed();
  }

  private void iterate(
      Visit visit, JsonNode data, int index, JsonNode item, Consumer<JsonNode> onOutput) {
    ContextObject context = visit.context().withItem(index, item);
    JsonNode input =
        itemSelector == null ? item : itemSelector.fill(visit.scope(context).over(data));
    SizeLimit.check(input, name());
    visit.iteration(processor, context, index, input, onOutput);
  }
}
