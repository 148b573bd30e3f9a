package io.inframetrics.testkit.aws;

import io.inframetrics.testkit.aws.dynamodb.DynamoDbService;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntUnaryOperator;
import java.util.zip.CRC32;

/**
 * An in-memory stand-in for DynamoDB in this JVM, on its own port of 127.0.0.1. It supports the
 * operations, parameters and expressions that the DynamoDB sink uses and checks them as the service
 * does; anything else it rejects with the error {@code NotSupportedByStandIn}, which names it. The
 * kit's README lists both, and the differences from the service: any credentials work, nothing is
 * ever throttled, and expired items are never removed, for which the service may take days.
 * Thread-safe.
 *
 * <p>{@link #shared} is one server for all tests of a JVM, each with tables of its own.
 */
public final class EmbeddedDynamoDb implements AutoCloseable {

  private final DynamoDbService service = new DynamoDbService();
  private final AtomicInteger tables = new AtomicInteger();
  private final AtomicInteger requests = new AtomicInteger();
  private final LoopbackServer server = LoopbackServer.startHttp("embedded-dynamodb", this::answer);

  private EmbeddedDynamoDb() {}

  private static final class Shared {
    static final EmbeddedDynamoDb SERVER = start();
  }

  /** The server of this JVM, which is never closed. */
  public static EmbeddedDynamoDb shared() {
    return Shared.SERVER;
  }

  public static EmbeddedDynamoDb start() {
    return new EmbeddedDynamoDb();
  }

  /** Such as {@code http://127.0.0.1:41234}. */
  public URI endpoint() {
    return server.uri();
  }

  /** Environment variables that send a client here. */
  public Map<String, String> environment() {
    return Map.of(
        "AWS_ENDPOINT_URL_DYNAMODB", endpoint().toString(),
        "AWS_REGION", "eu-west-1",
        "AWS_ACCESS_KEY_ID", "local",
        "AWS_SECRET_ACCESS_KEY", "local");
  }

  /** A name that no table of this server has. */
  public String newTableName() {
    return "inframetrics-" + tables.incrementAndGet();
  }

  /**
   * Makes batches of an existing table process only a part and return the rest as unprocessed, as
   * the service does under load.
   *
   * @param part how many of a batch's requests are processed, 0 to all of them
   */
  public void processOnly(String table, IntUnaryOperator part) {
    service.process(table, part);
  }

  /** The read units that requests to an existing table consumed since this was asked last. */
  public double takeReadUnits(String table) {
    return service.takeReadUnits(table);
  }

  /** The write units that requests to an existing table consumed since this was asked last. */
  public double takeWriteUnits(String table) {
    return service.takeWriteUnits(table);
  }

  @Override
  public void close() {
    server.close();
  }

  private HttpMessage answer(HttpMessage request) {
    String target = request.header("X-Amz-Target");
    DynamoDbService.Answer answer = service.answer(target == null ? "" : target, request.body());
    byte[] body = answer.body().getBytes(StandardCharsets.UTF_8);
    CRC32 checksum = new CRC32();
    checksum.update(body);
    return HttpMessage.answer(
        answer.status(),
        Map.of(
            "Content-Type",
            "application/x-amz-json-1.0",
            "x-amzn-RequestId",
            "request-" + requests.incrementAndGet(),
            "x-amz-crc32",
            Long.toString(checksum.getValue())),
        body);
  }
}
