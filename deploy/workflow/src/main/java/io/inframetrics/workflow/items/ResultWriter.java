package io.inframetrics.workflow.items;

import io.inframetrics.workflow.data.ErrorName;
import io.inframetrics.workflow.data.FailureException;
import io.inframetrics.workflow.data.Json;
import io.inframetrics.workflow.data.Scope;
import io.inframetrics.workflow.data.Template;
import io.inframetrics.workflow.definition.DefinitionObject;
import io.inframetrics.workflow.resource.TaskResource;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The ResultWriter of a distributed Map: formats the results and exports them, if it has a place.
 *
 * @param place the bucket and the prefix; null if the results become the state's result
 * @see <a
 *     href="https://docs.aws.amazon.com/step-functions/latest/dg/input-output-resultwriter.html">ResultWriter</a>
 * @hidden
 */
public record ResultWriter(@Nullable Template place, Transformation transformation, boolean lines) {

  /** Without a ResultWriter: the outputs. */
  public static final ResultWriter NONE = new ResultWriter(null, Transformation.COMPACT, false);

  /** How an execution that succeeded is written; one that failed is always described. */
  public enum Transformation {
    NONE,
    COMPACT,
    FLATTEN
  }

  public static ResultWriter load(DefinitionObject fields) {
    String resource = fields.string("Resource");
    if (resource != null && !TaskResource.action(resource).equals("s3:putObject")) {
      fields.problem("Resource", "a ResultWriter's Resource must be arn:aws:states:::s3:putObject");
    }
    fields.misplaced(fields.jsonata() ? "Parameters" : "Arguments", "");
    Template place = fields.template(fields.jsonata() ? "Arguments" : "Parameters");
    if ((resource == null) != (place == null)) {
      fields.problem(
          "Resource and "
              + (fields.jsonata() ? "Arguments" : "Parameters")
              + " belong together: one of them is missing");
    }
    DefinitionObject config = fields.object("WriterConfig");
    if (config == null) {
      if (resource == null && !fields.has("WriterConfig")) {
        fields.problem("a ResultWriter needs a Resource, a WriterConfig or both");
      }
      return new ResultWriter(place, Transformation.NONE, false);
    }
    String name = config.string("Transformation");
    String type = config.string("OutputType");
    Transformation transformation = place == null ? Transformation.COMPACT : Transformation.NONE;
    for (Transformation each : Transformation.values()) {
      transformation = each.name().equals(name) ? each : transformation;
    }
    if (name != null && !name.equals(transformation.name())) {
      config.problem("Transformation", "Transformation must be NONE, COMPACT or FLATTEN");
    }
    if (type != null && !type.equals("JSON") && !type.equals("JSONL")) {
      config.problem("OutputType", "OutputType must be JSON or JSONL");
    }
    config.refuseUnknown();
    return new ResultWriter(place, transformation, "JSONL".equals(type));
  }

  /**
   * Returns the state's result.
   *
   * @param id the name of the export's folder
   * @throws FailureException States.ResultWriterFailed if the results cannot be written
   */
  public JsonNode write(
      ObjectStore store, Scope scope, String mapRunArn, String id, List<ChildExecution> children) {
    if (place == null) {
      ArrayNode results = results(children);
      return lines ? Json.NODES.stringNode(content(results)) : results;
    }
    JsonNode at = place.fill(scope);
    String bucket = at.path("Bucket").asString("");
    if (bucket.isEmpty()) {
      throw failed("The ResultWriter needs the text Bucket.");
    }
    String prefix = at.path("Prefix").asString("");
    String folder = (prefix.isEmpty() || prefix.endsWith("/") ? prefix : prefix + "/") + id + "/";
    ObjectNode manifest = Json.NODES.objectNode();
    manifest.put("DestinationBucket", bucket).put("MapRunArn", mapRunArn);
    ObjectNode files = manifest.putObject("ResultFiles");
    try {
      for (boolean succeeded : new boolean[] {false, true}) {
        String status = succeeded ? "SUCCEEDED" : "FAILED";
        ArrayNode list = files.putArray(status);
        List<ChildExecution> some =
            children.stream().filter(child -> child.succeeded() == succeeded).toList();
        if (!some.isEmpty()) {
          String key = folder + status + (lines ? "_0.jsonl" : "_0.json");
          byte[] bytes = content(results(some)).getBytes(StandardCharsets.UTF_8);
          store.write(bucket, key, bytes);
          list.addObject().put("Key", key).put("Size", bytes.length);
        }
      }
      files.putArray("PENDING");
      store.write(
          bucket, folder + "manifest.json", Json.text(manifest).getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw failed(String.valueOf(e.getMessage()));
    }
    ObjectNode result = Json.NODES.objectNode().put("MapRunArn", mapRunArn);
    result
        .putObject("ResultWriterDetails")
        .put("Bucket", bucket)
        .put("Key", folder + "manifest.json");
    return result;
  }

  private static FailureException failed(String why) {
    return new FailureException(ErrorName.RESULT_WRITER_FAILED, why);
  }

  private ArrayNode results(List<ChildExecution> children) {
    ArrayNode results = Json.NODES.arrayNode(children.size());
    for (ChildExecution child : children) {
      JsonNode output = child.output();
      if (output == null || transformation == Transformation.NONE) {
        results.add(child.described());
      } else if (transformation == Transformation.FLATTEN && output instanceof ArrayNode many) {
        results.addAll(many);
      } else {
        results.add(output);
      }
    }
    return results;
  }

  private String content(ArrayNode results) {
    return lines
        ? results.valueStream().map(each -> Json.text(each) + "\n").collect(Collectors.joining())
        : Json.text(results);
  }
}
