package io.inframetrics.workflow.history;

import io.inframetrics.workflow.data.Json;
import io.inframetrics.workflow.resource.TaskResource;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Writes events as {@code aws stepfunctions get-execution-history} prints them.
 *
 * @see <a
 *     href="https://docs.aws.amazon.com/step-functions/latest/apireference/API_GetExecutionHistory.html">GetExecutionHistory</a>
 * @hidden
 */
public final class HistoryJson {

  private HistoryJson() {}

  public static ObjectNode write(List<HistoryEvent> events) {
    ObjectNode history = Json.NODES.objectNode();
    ArrayNode list = history.putArray("events");
    for (HistoryEvent event : events) {
      ObjectNode json = list.addObject();
      json.put("timestamp", DateTimeFormatter.ISO_INSTANT.format(event.time()));
      json.put("type", event.type());
      json.put("id", event.id());
      json.put("previousEventId", event.previous());
      ObjectNode details = details(event);
      if (!details.isEmpty()) {
        json.set(detailsName(event.type()), details);
      }
    }
    return history;
  }

  /** All types of states share a name; the others are named by their type. */
  private static String detailsName(String type) {
    if (type.endsWith("StateEntered") || type.endsWith("StateExited")) {
      return type.endsWith("Entered") ? "stateEnteredEventDetails" : "stateExitedEventDetails";
    }
    return type.substring(0, 1).toLowerCase(Locale.ROOT) + type.substring(1) + "EventDetails";
  }

  private static ObjectNode details(HistoryEvent event) {
    ObjectNode details = Json.NODES.objectNode();
    String type = event.type();
    if (type.startsWith("Task") && event.name() != null && !type.startsWith("TaskState")) {
      String integration = TaskResource.integration(event.name());
      String service = TaskResource.service(event.name());
      details.put("resourceType", service);
      details.put("resource", integration.substring(service.length() + 1));
    } else if (event.name() != null && type.endsWith("Scheduled")) {
      details.put("resource", event.name());
    } else if (event.name() != null && type.startsWith("MapRun")) {
      details.put("mapRunArn", event.name());
    } else if (event.name() != null
        && (type.contains("State") || type.startsWith("MapIteration"))) {
      details.put("name", event.name());
    }
    if (event.data() != null) {
      String field = dataField(type);
      details.put(field, Json.text(event.data()));
      if (!field.equals("parameters")) {
        details.putObject(field + "Details").put("truncated", false);
      }
    }
    if (event.error() != null) {
      details.put("error", event.error());
    }
    if (event.cause() != null) {
      details.put("cause", event.cause());
    }
    if (event.number() >= 0) {
      details.put(numberField(type), event.number());
    }
    return details;
  }

  private static String dataField(String type) {
    if (type.equals("TaskScheduled")) {
      return "parameters";
    }
    return type.endsWith("Scheduled") || type.endsWith("Entered") || type.equals("ExecutionStarted")
        ? "input"
        : "output";
  }

  private static String numberField(String type) {
    if (type.endsWith("Scheduled")) {
      return "timeoutInSeconds";
    }
    return type.equals("MapStateStarted") ? "length" : "index";
  }
}
