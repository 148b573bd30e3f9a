package io.inframetrics.workflow.items;

import io.inframetrics.workflow.data.ErrorName;
import io.inframetrics.workflow.data.FailureException;
import io.inframetrics.workflow.data.Json;
import io.inframetrics.workflow.data.Scope;
import io.inframetrics.workflow.data.Template;
import io.inframetrics.workflow.definition.DefinitionObject;
import io.inframetrics.workflow.resource.TaskResource;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonPointer;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The ItemReader of a distributed Map: reads the items from an object, from the objects that a
 * manifest names, or from a list of objects.
 *
 * @param list whether it lists objects; otherwise it gets one
 * @param flatten whether the items are in the listed objects
 * @param athena whether the object is a list of objects that Athena wrote
 * @see <a
 *     href="https://docs.aws.amazon.com/step-functions/latest/dg/input-output-itemreader.html">ItemReader</a>
 * @hidden
 */
public record ItemReader(
    boolean list,
    boolean flatten,
    boolean athena,
    String inputType,
    List<String> headers,
    char separator,
    @Nullable JsonPointer pointer,
    @Nullable Template place) {

  private static final List<String> TYPES = List.of("CSV", "JSON", "JSONL", "MANIFEST");
  private static final Map<String, Character> SEPARATORS =
      Map.of("COMMA", ',', "PIPE", '|', "SEMICOLON", ';', "SPACE", ' ', "TAB", '\t');
  private static final String S3_URI = "s3://";
  private static final String BUCKET_ARN = ":::";

  /** Reads the fields, except MaxItems, which the caller reads from the same configuration. */
  public static ItemReader load(DefinitionObject fields, @Nullable DefinitionObject config) {
    String action = TaskResource.action(fields.requiredString("Resource"));
    boolean list = action.equals("s3:listObjectsV2");
    if (!list && !action.equals("s3:getObject")) {
      fields.problem(
          "Resource",
          "an ItemReader's Resource must be arn:aws:states:::s3:getObject or arn:aws:states:::s3:listObjectsV2");
    }
    fields.misplaced(fields.jsonata() ? "Parameters" : "Arguments", "");
    Template place = fields.template(fields.jsonata() ? "Arguments" : "Parameters");
    if (place == null) {
      fields.problem((fields.jsonata() ? "Arguments" : "Parameters") + " is missing");
    }
    if (config == null) {
      if (!list) {
        fields.problem("ReaderConfig is missing");
      }
      return new ItemReader(list, false, false, "JSON", List.of(), ',', null, place);
    }
    boolean flatten =
        "LOAD_AND_FLATTEN"
            .equals(oneOf(config, "Transformation", List.of("NONE", "LOAD_AND_FLATTEN")));
    boolean athena =
        "ATHENA_DATA".equals(oneOf(config, "ManifestType", List.of("ATHENA_DATA", "S3_INVENTORY")));
    String type = oneOf(config, "InputType", TYPES);
    if (type == null && (!list || flatten) && !config.has("InputType")) {
      config.problem("InputType is missing");
    }
    return new ItemReader(
        list,
        flatten,
        athena,
        type == null ? "JSON" : type,
        headers(config, type),
        separator(config),
        config.parsed("ItemsPointer", JsonPointer::compile),
        place);
  }

  private static @Nullable String oneOf(DefinitionObject config, String name, List<String> values) {
    String value = config.string(name);
    if (value == null || values.contains(value)) {
      return value;
    }
    config.problem(
        name,
        value.equals("PARQUET")
            ? "PARQUET is not supported by this runner: use " + String.join(", ", values)
            : name + " must be one of " + String.join(", ", values));
    return null;
  }

  private static List<String> headers(DefinitionObject config, @Nullable String type) {
    String location = oneOf(config, "CSVHeaderLocation", List.of("FIRST_ROW", "GIVEN"));
    JsonNode given = config.value("CSVHeaders");
    if ("CSV".equals(type) && location == null && !config.has("CSVHeaderLocation")) {
      config.problem("CSVHeaderLocation is missing");
    }
    if ("GIVEN".equals(location) != (given != null)) {
      config.problem("CSVHeaders belongs to the CSVHeaderLocation GIVEN, which needs it");
    }
    List<String> headers = new ArrayList<>();
    if (given != null) {
      given.forEach(name -> headers.add(name.asString("")));
      if (!given.isArray() || given.isEmpty() || headers.contains("")) {
        config.problem("CSVHeaders", "CSVHeaders must be an array of names");
      }
    }
    return List.copyOf(headers);
  }

  private static char separator(DefinitionObject config) {
    String name = config.string("CSVDelimiter");
    Character separator = name == null ? Character.valueOf(',') : SEPARATORS.get(name);
    if (separator == null) {
      config.problem("CSVDelimiter", "CSVDelimiter must be COMMA, PIPE, SEMICOLON, SPACE or TAB");
      return ',';
    }
    return separator;
  }

  /**
   * Reads the items.
   *
   * @param maxItems the most items; 0 for all
   * @throws FailureException States.ItemReaderFailed if they cannot be read
   */
  public ArrayNode read(ObjectStore store, Scope scope, long maxItems) {
    JsonNode at = place == null ? Json.NODES.objectNode() : place.fill(scope);
    List<JsonNode> items = new ArrayList<>();
    try {
      String bucket = text(at, "Bucket");
      if (!list) {
        read(store, bucket, text(at, "Key"), items);
      } else {
        for (ObjectStore.Entry entry : store.list(bucket, at.path("Prefix").asString(""))) {
          if (flatten) {
            items.addAll(parse(store, bucket, content(store.read(bucket, entry.key()))));
          } else {
            items.add(listed(entry, scope));
          }
        }
      }
    } catch (IOException | JacksonException | IllegalArgumentException e) {
      throw failed(e instanceof JacksonException json ? Json.mistake(json) : e.getMessage());
    }
    int size = maxItems == 0 ? items.size() : (int) Math.min(maxItems, items.size());
    return Json.array(items.subList(0, size).toArray(JsonNode[]::new));
  }

  private static FailureException failed(@Nullable String why) {
    return new FailureException(ErrorName.ITEM_READER_FAILED, String.valueOf(why));
  }

  private static String text(JsonNode parameters, String name) {
    JsonNode value = parameters.path(name);
    if (!value.isString() || value.stringValue().isEmpty()) {
      throw failed("The ItemReader needs the text " + name + ".");
    }
    return value.stringValue();
  }

  private static JsonNode listed(ObjectStore.Entry entry, Scope scope) {
    return Json.NODES
        .objectNode()
        .put("Etag", "\"" + Integer.toHexString(entry.hashCode()) + "\"")
        .put("Key", entry.key())
        .put("LastModified", scope.now().getEpochSecond())
        .put("Size", entry.size())
        .put("StorageClass", "STANDARD");
  }

  private void read(ObjectStore store, String bucket, String key, List<JsonNode> items)
      throws IOException {
    String text = content(store.read(bucket, key));
    if (!athena) {
      items.addAll(parse(store, bucket, text));
      return;
    }
    for (String line : text.lines().map(String::strip).filter(l -> !l.isEmpty()).toList()) {
      String uri = line.replace("\"", "");
      int slash = uri.indexOf('/', S3_URI.length());
      if (!uri.startsWith(S3_URI) || slash < 0) {
        throw failed("'" + line + "' in the manifest is not the URI of an object.");
      }
      String from = uri.substring(S3_URI.length(), slash);
      items.addAll(parse(store, from, content(store.read(from, uri.substring(slash + 1)))));
    }
  }

  /** The text of an object, which may be compressed with gzip. */
  private static String content(byte[] bytes) throws IOException {
    byte[] plain = bytes;
    if (bytes.length > 1 && bytes[0] == (byte) 0x1f && bytes[1] == (byte) 0x8b) {
      try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(bytes))) {
        plain = in.readAllBytes();
      }
    }
    String text = new String(plain, StandardCharsets.UTF_8);
    return text.startsWith("\uFEFF") ? text.substring(1) : text;
  }

  private List<JsonNode> parse(ObjectStore store, String bucket, String text) throws IOException {
    return switch (inputType) {
      case "CSV" -> table(CsvTable.rows(text, separator), headers);
      case "JSONL" -> text.lines().filter(line -> !line.isBlank()).map(Json::parse).toList();
      case "MANIFEST" -> inventory(store, bucket, Json.parse(text));
      default -> array(Json.parse(text));
    };
  }

  private List<JsonNode> array(JsonNode json) {
    JsonNode found = pointer == null ? json : json.at(pointer);
    if (!found.isArray()) {
      throw failed("Attempting to map over non-iterable node.");
    }
    return List.copyOf(found.values());
  }

  /** One object for each row; the first row has the names if none are given. */
  private static List<JsonNode> table(List<List<String>> rows, List<String> given) {
    List<String> names = given.isEmpty() && !rows.isEmpty() ? rows.get(0) : given;
    if (Set.copyOf(names).size() < names.size()) {
      throw failed("CSV headers cannot contain duplicates.");
    }
    List<JsonNode> items = new ArrayList<>();
    for (List<String> row :
        given.isEmpty() ? rows.subList(Math.min(1, rows.size()), rows.size()) : rows) {
      ObjectNode item = Json.NODES.objectNode();
      for (int i = 0; i < names.size(); i++) {
        item.put(names.get(i), i < row.size() ? row.get(i) : "");
      }
      items.add(item);
    }
    return items;
  }

  /** The objects of an Amazon S3 inventory: one item for each row of the files that it names. */
  private static List<JsonNode> inventory(ObjectStore store, String bucket, JsonNode manifest)
      throws IOException {
    if (!manifest.path("files").isArray() || !manifest.path("fileSchema").isString()) {
      throw failed("The manifest is not that of an inventory: it needs files and fileSchema.");
    }
    String format = manifest.path("fileFormat").asString("CSV");
    if (!format.equals("CSV")) {
      throw failed("The format " + format + " of the inventory is not supported: only CSV is.");
    }
    String arn = manifest.path("destinationBucket").asString(bucket);
    String from =
        arn.contains(BUCKET_ARN)
            ? arn.substring(arn.indexOf(BUCKET_ARN) + BUCKET_ARN.length())
            : arn;
    List<String> names = List.of(manifest.get("fileSchema").stringValue().split("\\s*,\\s*", -1));
    List<JsonNode> items = new ArrayList<>();
    for (JsonNode file : manifest.get("files")) {
      String rows = content(store.read(from, text(file, "key")));
      items.addAll(table(CsvTable.rows(rows, ','), names));
    }
    return items;
  }
}
