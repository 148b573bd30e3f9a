package io.inframetrics.sink.dynamodb;

import static io.inframetrics.testkit.SampleMetrics.WINDOW_START;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.inframetrics.aws.AwsCallRefusedException;
import io.inframetrics.metric.Metric;
import io.inframetrics.metric.MetricType;
import io.inframetrics.naming.Sha256;
import io.inframetrics.sink.AnalysisMark;
import io.inframetrics.sink.MetricRecordSink.Batch;
import io.inframetrics.sink.RunLedger;
import io.inframetrics.sink.RunLedger.ProcessedMark;
import io.inframetrics.testkit.Deadlines;
import io.inframetrics.testkit.ManualClock;
import io.inframetrics.testkit.SampleMetrics;
import io.inframetrics.testkit.aws.EmbeddedDynamoDb;
import io.inframetrics.testkit.aws.FaultPlan;
import io.inframetrics.testkit.aws.FaultProxy;
import io.inframetrics.testkit.aws.ProxiedRequest;
import java.math.BigDecimal;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The stand-in for DynamoDB and moto give the same answers to what the stores send: their requests
 * are recorded, and sent again to a new one of each.
 */
@Tag("soak")
class MotoAnswersTest {

  private static final Instant NOW = SampleMetrics.RUN.observedAt();
  private static final MetricType CPU = MetricType.CPU_UTILIZATION;

  /** What each request that the stores send consists of, but for its values. */
  private static final Set<String> SHAPES =
      Set.of(
          "BatchGetItem ConsistentRead=false Keys",
          "BatchGetItem ConsistentRead=true Keys",
          "BatchGetItem ExpressionAttributeNames Keys ProjectionExpression='#partition, #sort'",
          "BatchWriteItem PutRequest",
          "BatchWriteItem DeleteRequest",
          "CreateTable AttributeDefinitions BillingMode KeySchema",
          "DescribeTable",
          "DescribeTimeToLive",
          "PutItem Item",
          "Query ConsistentRead=true ExpressionAttributeNames ExpressionAttributeValues"
              + " KeyConditionExpression='#partition = :partition'",
          "Query ConsistentRead=true ExpressionAttributeNames ExpressionAttributeValues"
              + " KeyConditionExpression='#partition = :partition AND #sort BETWEEN :low AND :high'",
          "Query ExpressionAttributeNames ExpressionAttributeValues KeyConditionExpression="
              + "'#partition = :partition AND #sort BETWEEN :low AND :high' Limit"
              + " ScanIndexForward=false",
          "Query ExclusiveStartKey ExpressionAttributeNames ExpressionAttributeValues"
              + " KeyConditionExpression='#partition = :partition AND #sort BETWEEN :low AND :high'"
              + " Limit ScanIndexForward=false",
          "Scan ConsistentRead=true",
          "UpdateItem ConditionExpression='attribute_not_exists(#until) OR #until < :until'"
              + " ExpressionAttributeNames ExpressionAttributeValues Key"
              + " UpdateExpression='SET #until = :until'",
          "UpdateItem ConditionExpression='attribute_not_exists(#until) OR #until < :until'"
              + " ExpressionAttributeNames ExpressionAttributeValues Key"
              + " UpdateExpression='SET #until = :until, #ttl = :ttl'",
          "UpdateItem ConditionExpression='attribute_not_exists(#writes) OR #writes = :before'"
              + " ExpressionAttributeNames ExpressionAttributeValues Key"
              + " UpdateExpression='SET #writes = :next, #changes = :changes, #ttl = :ttl'",
          "UpdateItem ExpressionAttributeNames ExpressionAttributeValues Key"
              + " UpdateExpression='ADD #series :entries SET #ttl = :ttl'",
          "UpdateTimeToLive TimeToLiveSpecification");

  private static final String NOT_ASKED = "only moto tells it without being asked";
  private static final String NOT_READ = "the service tells it too, and the stores do not read it";

  /** Where the answers differ, and why; of the two kinds of a table's description, in both. */
  private static final Map<String, String> DIFFERENCES = differences();

  private static Map<String, String> differences() {
    Map<String, String> differences = new TreeMap<>();
    differences.put("BatchGetItem/ConsumedCapacity", NOT_ASKED);
    differences.put("BatchWriteItem/ConsumedCapacity", NOT_ASKED);
    differences.put("BatchWriteItem/ItemCollectionMetrics", NOT_ASKED);
    differences.put("UpdateItem/ConsumedCapacity", NOT_ASKED);
    differences.put(
        "CreateTable/TableDescription/TableStatus",
        "the service answers CREATING, as the stand-in does; moto answers ACTIVE at once");
    for (String table : List.of("CreateTable/TableDescription", "DescribeTable/Table")) {
      differences.put(table + "/CreationDateTime", "the time of each server; moto has fractions");
      differences.put(table + "/TableArn", "each server has another account number");
      for (String member :
          List.of(
              "DeletionProtectionEnabled",
              "ItemCount",
              "ProvisionedThroughput",
              "TableSizeBytes",
              "WarmThroughput")) {
        differences.put(table + "/" + member, NOT_READ);
      }
      for (String member : List.of("GlobalSecondaryIndexes", "LocalSecondaryIndexes")) {
        differences.put(table + "/" + member, "moto answers an empty list, the service nothing");
      }
    }
    return differences;
  }

  private final HttpClient http = HttpClient.newHttpClient();

  @BeforeAll
  static void requireMoto() {
    MotoServer.assumeInstalled();
  }

  @Test
  void answersAsMotoDoes() throws Exception {
    List<ProxiedRequest> requests = recorded();
    TreeSet<String> shapes = new TreeSet<>();
    Map<String, String> differences = new TreeMap<>();
    Map<String, Integer> refused = new TreeMap<>();
    try (EmbeddedDynamoDb standIn = EmbeddedDynamoDb.start()) {
      for (ProxiedRequest request : requests) {
        String operation = request.target().replaceFirst(".*\\.", "");
        JsonNode body = JsonMapper.shared().readTree(request.body());
        shapes.addAll(shapes(operation, body));
        HttpResponse<byte[]> ours = send(standIn.endpoint(), request);
        HttpResponse<byte[]> theirs = send(MotoServer.endpoint(), request);
        if (ours.statusCode() != 200) {
          refused.merge(code(ours), 1, Integer::sum);
        }
        if (ours.statusCode() == 200 && theirs.statusCode() == 200) {
          compare(operation, json(ours), json(theirs), differences);
        } else if (!code(ours).equals(code(theirs))) {
          differences.put(operation + " error", code(ours) + " | " + code(theirs));
        }
      }
    }
    assertThat(shapes).containsExactlyInAnyOrderElementsOf(SHAPES);
    assertThat(refused)
        .containsOnlyKeys(
            "ConditionalCheckFailedException",
            "ResourceInUseException",
            "ResourceNotFoundException",
            "ValidationException");
    assertThat(differences.keySet())
        .as("differences, ours | theirs: %s", differences)
        .isEqualTo(DIFFERENCES.keySet());
  }

  /** Everything that the stores send: each kind of request, and each kind of error. */
  private static List<ProxiedRequest> recorded() throws Exception {
    FaultPlan plan = FaultPlan.passing().keepingBodies();
    URI server = EmbeddedDynamoDb.shared().endpoint();
    InetSocketAddress address = new InetSocketAddress(server.getHost(), server.getPort());
    try (FaultProxy proxy = FaultProxy.start("dynamodb", address, plan);
        LocalTable table = new LocalTable(proxy.uri())) {
      new DynamoDbTable(table.client, LocalTable.CALLS)
          .createIfMissing(table.name, Deadlines.never());
      DynamoDbStores stores = table.stores(ManualClock.at(NOW));
      writeAndRead(stores);
      keepLedger(stores.runLedger());
      table
          .table()
          .write(
              List.of(
                  Table.putRequest(item("large", "x".repeat(RecordItem.MAX_BYTES))),
                  Table.putRequest(item("small", ""))),
              Deadlines.never());
      table.items();
      DynamoDbStores elsewhere =
          new DynamoDbStores(
              table.client,
              "no-such-table",
              LocalTable.CALLS,
              DynamoDbSettings.DEFAULTS,
              Runnable::run,
              ManualClock.at(NOW));
      assertThatThrownBy(() -> keepLedger(elsewhere.runLedger()))
          .isInstanceOf(AwsCallRefusedException.class);
      return plan.requests().stream().toList();
    }
  }

  private static Map<String, AttributeValue> item(String key, String data) {
    return Map.of(
        "series_id", AttributeValue.fromS(key),
        "window_start", AttributeValue.fromS("w"),
        "data", AttributeValue.fromS(data));
  }

  private static void writeAndRead(DynamoDbStores stores) {
    List<Metric> fleet = SampleMetrics.fleet(CPU, 30, 3);
    for (boolean mayBeStored : new boolean[] {false, true}) {
      stores
          .metricRecordSink()
          .write(new Batch(WINDOW_START, fleet, mayBeStored), Deadlines.never());
    }
    // More items of a day than a page has: the next page begins where it ended.
    for (int i = 0; i < 80; i++) {
      Instant at = NOW.minusSeconds(60L * i);
      List<Metric> one = List.of(SampleMetrics.metric(CPU, "i-paged", at, i / 3.0));
      stores
          .metricRecordSink()
          .write(new Batch(at.minusSeconds(60), one, false), Deadlines.never());
    }
    var series = SampleMetrics.metric(CPU, "i-paged", NOW, 0).series();
    stores.metricHistory().points(series, Instant.EPOCH, NOW, 1, Deadlines.never());
    stores.metricHistory().series(CPU, NOW.minusSeconds(60), Deadlines.never());
  }

  private static void keepLedger(RunLedger ledger) {
    ledger.markProcessed(new ProcessedMark("raw-metrics/a", 1, 0, NOW), Deadlines.never());
    ledger.processed(List.of("raw-metrics/a", "raw-metrics/b"), Deadlines.never());
    ledger.advanceCollectedUntil(CPU, NOW, Deadlines.never());
    ledger.advanceCollectedUntil(CPU, NOW.minusSeconds(1), Deadlines.never());
    ledger.collectedUntil(CPU, Deadlines.never());
    // Many need items of their own, which the next ones replace.
    for (int findings : new int[] {3, 12_000, 0}) {
      ledger.replaceAnalysisMarks(
          "anomalies",
          IntStream.range(0, findings)
              .mapToObj(i -> "cpu_utilization#i-" + Sha256.hex(String.valueOf(i)))
              .map(series -> AnalysisMark.open(series, "threshold", NOW))
              .toList(),
          Deadlines.never());
      ledger.analysisMarks("anomalies", Deadlines.never());
    }
  }

  /** The shapes of a request: its parameters, with those values that are part of the program. */
  private static Set<String> shapes(String operation, JsonNode body) {
    Set<String> shapes = new TreeSet<>();
    if (body.has("RequestItems")) {
      for (JsonNode asked : body.get("RequestItems")) {
        if (asked.isArray()) {
          asked.forEach(write -> shapes.add(shape(operation, write, false)));
        } else {
          shapes.add(shape(operation, asked, true));
        }
      }
    } else {
      shapes.add(shape(operation, body, true));
    }
    return shapes;
  }

  private static String shape(String operation, JsonNode parameters, boolean values) {
    List<String> words = new ArrayList<>(List.of(operation));
    for (String name : new TreeSet<>(parameters.propertyNames())) {
      JsonNode value = parameters.get(name);
      if (values && value.isBoolean()) {
        words.add(name + "=" + value.asBoolean());
      } else if (name.endsWith("Expression")) {
        words.add(name + "='" + value.asString() + "'");
      } else if (!name.equals("TableName")) {
        words.add(name);
      }
    }
    return String.join(" ", words);
  }

  private HttpResponse<byte[]> send(URI server, ProxiedRequest request) throws Exception {
    HttpRequest.Builder again =
        HttpRequest.newBuilder(server.resolve(request.path()))
            .POST(BodyPublishers.ofByteArray(request.body()));
    for (String name : List.of("Authorization", "Content-Type", "X-Amz-Target", "X-Amz-Date")) {
      request.header(name).ifPresent(value -> again.header(name, value));
    }
    return http.send(again.build(), BodyHandlers.ofByteArray());
  }

  private static JsonNode json(HttpResponse<byte[]> answer) {
    return JsonMapper.shared().readTree(answer.body());
  }

  private static String code(HttpResponse<byte[]> answer) {
    return answer.statusCode() == 200
        ? "success"
        : json(answer).get("__type").asString().replaceFirst(".*#", "");
  }

  /** Notes the places where two answers differ. */
  private static void compare(
      String place, JsonNode ours, JsonNode theirs, Map<String, String> differences) {
    if (ours.isObject() && theirs.isObject()) {
      Set<String> names = new TreeSet<>(ours.propertyNames());
      names.addAll(theirs.propertyNames());
      for (String name : names) {
        String member = place + "/" + (name.startsWith("inframetrics-") ? "{table}" : name);
        if (!ours.has(name) || !theirs.has(name)) {
          differences.put(member, ours.has(name) ? "only ours" : "only theirs");
        } else if (name.equals("N")) {
          if (number(ours.get(name)).compareTo(number(theirs.get(name))) != 0) {
            differences.put(member, ours.get(name) + " | " + theirs.get(name));
          }
        } else {
          compare(member, ours.get(name), theirs.get(name), differences);
        }
      }
    } else if (ours.isArray() && theirs.isArray() && ours.size() == theirs.size()) {
      // The order is specified for a query alone.
      boolean ordered = place.equals("Query/Items");
      List<JsonNode> left = elements(ours, ordered);
      List<JsonNode> right = elements(theirs, ordered);
      for (int i = 0; i < left.size(); i++) {
        compare(place + "[]", left.get(i), right.get(i), differences);
      }
    } else if (!ours.equals(theirs)) {
      differences.put(place, ours + " | " + theirs);
    }
  }

  private static BigDecimal number(JsonNode text) {
    return new BigDecimal(text.asString());
  }

  private static List<JsonNode> elements(JsonNode array, boolean ordered) {
    List<JsonNode> elements = new ArrayList<>();
    array.forEach(elements::add);
    if (!ordered) {
      Map<JsonNode, String> keys = new HashMap<>();
      elements.forEach(element -> keys.put(element, sortKey(element)));
      elements.sort((a, b) -> keys.get(a).compareTo(keys.get(b)));
    }
    return elements;
  }

  /** The same for the same item, however its attributes and numbers are written. */
  private static String sortKey(JsonNode element) {
    return element.has("series_id")
        ? element.get("series_id") + " " + element.get("window_start")
        : element.toString();
  }
}
