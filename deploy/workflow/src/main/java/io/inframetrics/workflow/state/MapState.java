package io.inframetrics.workflow.state;

import io.inframetrics.workflow.data.DataPath;
import io.inframetrics.workflow.data.ErrorName;
import io.inframetrics.workflow.data.FailureException;
import io.inframetrics.workflow.data.Json;
import io.inframetrics.workflow.data.Scope;
import io.inframetrics.workflow.data.SizeLimit;
import io.inframetrics.workflow.data.Template;
import io.inframetrics.workflow.definition.DefinitionObject;
import io.inframetrics.workflow.jsonata.JsonataExpression;
import io.inframetrics.workflow.retry.ErrorHandling;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Runs the same states for each item of an array and collects their outputs in the order of the
 * items. Inline, the first iteration that fails stops the others, and the state fails with its
 * error; {@link DistributedMap} does what is different in distributed mode. Only that mode also
 * takes an object, whose items are its fields.
 *
 * @see <a href="https://docs.aws.amazon.com/step-functions/latest/dg/state-map.html">Map</a>
 */
final class MapState extends State {

  /** The default number of concurrent iterations of an inline Map, from the page above. */
  private static final int DEFAULT_CONCURRENCY = 40;

  private final States processor;
  private final DataFlow flow;
  private final @Nullable DataPath itemsPath;
  private final @Nullable Template items;
  private final @Nullable JsonataExpression itemsQuery;
  private final boolean jsonata;
  private final @Nullable Template itemSelector;
  private final NumberField maxConcurrency;
  private final @Nullable DistributedMap distributed;
  private final ErrorHandling errorHandling;

  MapState(String name, DefinitionObject fields, Loader loader) {
    super(name, "Map", nextOf(fields));
    fields.oneOf(true, "ItemProcessor", "Iterator");
    DefinitionObject inner =
        fields.object(fields.has("ItemProcessor") ? "ItemProcessor" : "Iterator");
    DefinitionObject config = inner == null ? null : inner.object("ProcessorConfig");
    this.processor = inner == null ? new States("", Map.of()) : processor(inner, loader);
    this.distributed =
        config != null && DistributedMap.isDistributed(config)
            ? DistributedMap.load(name, fields, config, processor)
            : null;
    this.jsonata = fields.jsonata();
    this.itemsPath = jsonata ? null : fields.path("ItemsPath");
    this.itemsQuery = fields.expression("Items");
    this.items = jsonata && itemsQuery == null ? items(fields) : null;
    fields.oneOf(false, "ItemSelector", "Parameters");
    Template selector = fields.template("ItemSelector");
    this.itemSelector = selector == null && !jsonata ? fields.template("Parameters") : selector;
    this.flow = DataFlow.load(fields, "ResultSelector", "ResultPath");
    fields.oneOf(false, "MaxConcurrency", "MaxConcurrencyPath");
    this.maxConcurrency = NumberField.load(fields, "MaxConcurrency", 0);
    if (distributed == null) {
      DistributedMap.refuseFields(fields, config);
    }
    this.errorHandling = ErrorHandling.load(fields, true);
  }

  private @Nullable Template items(DefinitionObject fields) {
    JsonNode value = fields.value("Items");
    if (value != null
        && !iterable(value)
        && !(value.isString() && JsonataExpression.isExpression(value.stringValue()))) {
      fields.problem("Items", "Items must be an array or a JSONata expression {% ... %}");
    }
    return fields.template("Items");
  }

  private static States processor(DefinitionObject fields, Loader loader) {
    States states = loader.scope(fields);
    fields.refuseUnknown();
    return states;
  }

  @Override
  public List<States> scopes() {
    return List.of(processor);
  }

  @Override
  public String resultRefusal(JsonNode result) {
    if (distributed != null && distributed.writer().place() != null) {
      return result.isObject() ? "" : "Mocked result must be a JSON object.";
    }
    return result.isArray() ? "" : "Mocked result must be an array.";
  }

  @Override
  public ErrorHandling errorHandling() {
    return errorHandling;
  }

  @Override
  DataFlow flow() {
    return flow;
  }

  @Override
  public void attempt(Visit visit) {
    Scope scope = visit.scope();
    Scope selected = scope.over(flow.selected(scope));
    long limit = maxConcurrency.count(selected);
    if (distributed != null) {
      distributed.run(visit, selected, limit, this);
      return;
    }
    JsonNode all = items(selected);
    if (visit.inspects()) {
      inspectItems(visit, limit, all, inputs(visit, selected.data(), all));
      visit.mocked(outputs -> finish(visit, outputs));
      return;
    }
    visit.event("MapStateStarted", null, all.size());
    new Fanout(
            all.size(),
            limit == 0 ? DEFAULT_CONCURRENCY : limit,
            (index, onOutput) -> iterate(visit, selected.data(), index, all.get(index), onOutput),
            outputs -> finish(visit, outputs))
        .proceed();
  }

  /** All items after ItemSelector; those of an object are {@code {"Key","Value"}}. */
  List<JsonNode> inputs(Visit visit, JsonNode data, JsonNode all) {
    List<JsonNode> inputs = new ArrayList<>(all.size());
    for (var field : all.properties()) {
      ObjectNode item = Json.NODES.objectNode().put("Key", field.getKey());
      item.set("Value", field.getValue());
      ContextObject context =
          visit.context().withItem(inputs.size(), field.getKey(), field.getValue());
      inputs.add(selected(visit, data, context, item));
    }
    for (JsonNode item : all.isArray() ? all.values() : List.<JsonNode>of()) {
      inputs.add(selected(visit, data, visit.context().withItem(inputs.size(), null, item), item));
    }
    return inputs;
  }

  void inspectItems(Visit visit, long limit, JsonNode all, List<JsonNode> inputs) {
    if (visit.failedItems() > inputs.size()) {
      throw new IllegalArgumentException(
          "Map iteration failure count must be less than or equal to the number of Map iterations");
    }
    visit.inspect("maxConcurrency", Json.NODES.numberNode(limit));
    if (itemsPath != null) {
      visit.inspect("afterItemsPath", all);
    }
    if (itemSelector != null) {
      visit.inspect("afterItemSelector", Json.array(inputs.toArray(JsonNode[]::new)));
    }
  }

  void finish(Visit visit, JsonNode result) {
    visit.event("MapStateSucceeded", null, -1);
    succeed(visit, flow, result);
  }

  private boolean iterable(JsonNode items) {
    return items.isArray() || (distributed != null && items.isObject());
  }

  /** The array, or in distributed mode the array or object, to iterate over. */
  JsonNode items(Scope selected) {
    if (itemsQuery != null) {
      JsonNode found = itemsQuery.evaluate(selected);
      if (!iterable(found)) {
        throw itemsQuery.unexpected("array", found);
      }
      return found;
    }
    if (items != null) {
      return items.fill(selected);
    }
    JsonNode found = itemsPath == null ? selected.data() : itemsPath.evaluate(selected);
    if (!iterable(found)) {
      throw jsonata
          ? new FailureException(
              ErrorName.QUERY_EVALUATION_ERROR,
              "Map state input must be an array but was: " + Json.text(found))
          : FailureException.runtime(
              "Reference path \"%s\" must point to array."
                  .formatted(itemsPath == null ? "$" : itemsPath.text()));
    }
    return found;
  }

  private void iterate(
      Visit visit, JsonNode data, int index, JsonNode item, Consumer<JsonNode> onOutput) {
    ContextObject context = visit.context().withItem(index, null, item);
    JsonNode input = selected(visit, data, context, item);
    SizeLimit.check(input, name());
    visit.branch(
        new BranchRequest(processor, context, visit.scope().variables(), index, true, input),
        onOutput);
  }

  /** The item after ItemSelector. */
  private JsonNode selected(Visit visit, JsonNode data, ContextObject context, JsonNode item) {
    return itemSelector == null ? item : itemSelector.fill(visit.scope(context).over(data));
  }
}
