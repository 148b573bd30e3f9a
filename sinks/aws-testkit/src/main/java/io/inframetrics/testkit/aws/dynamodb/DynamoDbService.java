package io.inframetrics.testkit.aws.dynamodb;

import java.util.Map;
import java.util.function.IntUnaryOperator;
import tools.jackson.databind.json.JsonMapper;

/** Answers requests of DynamoDB's protocol, AWS JSON 1.0. Thread-safe. */
public final class DynamoDbService {

  static final int MAX_REQUEST_BYTES = 16 * 1024 * 1024;

  private static final String TARGET = "DynamoDB_20120810.";
  private static final JsonMapper JSON = JsonMapper.shared();

  private final TableOperations tables = new TableOperations();
  private final ItemOperations items = new ItemOperations(tables);
  private final BatchOperations batches = new BatchOperations(tables);

  /** A service without tables. */
  public DynamoDbService() {}

  /** An HTTP status and a JSON body. */
  public record Answer(int status, String body) {}

  /**
   * Carries out a request.
   *
   * @param target the header {@code X-Amz-Target}, such as {@code DynamoDB_20120810.Query}
   */
  public Answer answer(String target, byte[] body) {
    try {
      return new Answer(200, JSON.writeValueAsString(carryOut(target, body)));
    } catch (DynamoDbError e) {
      return new Answer(400, error(e));
    } catch (RuntimeException e) { // not of the form that the operation expects
      return new Answer(
          400, error(DynamoDbError.ofProtocol("SerializationException", e.toString())));
    }
  }

  private static String error(DynamoDbError error) {
    return JSON.writeValueAsString(
        Map.of("__type", error.type(), "message", String.valueOf(error.getMessage())));
  }

  private Map<String, Object> carryOut(String target, byte[] body) {
    if (!target.startsWith(TARGET)) {
      throw DynamoDbError.ofProtocol("UnknownOperationException", "");
    }
    if (body.length > MAX_REQUEST_BYTES) {
      throw DynamoDbError.ofProtocol(
          "RequestEntityTooLargeException", "the body has %d bytes".formatted(body.length));
    }
    String operation = target.substring(TARGET.length());
    Map<?, ?> json = JSON.readValue(body, Map.class);
    Capacity.requireSupported(new Parameters(operation, json));
    return switch (operation) {
      case "CreateTable" -> tables.create(json);
      case "DescribeTable" -> tables.describe(json);
      case "UpdateTimeToLive" -> tables.updateTimeToLive(json);
      case "DescribeTimeToLive" -> tables.describeTimeToLive(json);
      case "PutItem" -> items.put(json);
      case "UpdateItem" -> items.update(json);
      case "Query" -> items.query(json);
      case "Scan" -> items.scan(json);
      case "BatchGetItem" -> batches.get(json);
      case "BatchWriteItem" -> batches.write(json);
      default -> throw DynamoDbError.unsupported("operation " + operation);
    };
  }

  /**
   * Makes batches process only a part, as the service does under load.
   *
   * @param table the name of an existing table
   * @param part how many of a batch's requests to the table are processed; the others come back
   */
  public void process(String table, IntUnaryOperator part) {
    tables.table(table).part = part;
  }

  /** The read units that requests to a table consumed since this was asked last. */
  public double takeReadUnits(String table) {
    return tables.table(table).readUnits.sumThenReset();
  }

  /** The write units that requests to a table consumed since this was asked last. */
  public double takeWriteUnits(String table) {
    return tables.table(table).writeUnits.sumThenReset();
  }
}
