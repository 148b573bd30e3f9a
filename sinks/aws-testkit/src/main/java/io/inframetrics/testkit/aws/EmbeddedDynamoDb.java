package io.inframetrics.testkit.aws;

import io.inframetrics.testkit.aws.dynamodb.DynamoDbService;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntUnaryOperator;
import java.util.zip.CRC32;

/**
 * A stand-in for DynamoDB in this JVM, in memory, on a port of its own of 127.0.0.1. It knows the
 * operations, parameters and expressions that the DynamoDB sink uses and checks them as the service
 * does; anything else it refuses with the error {@code NotSupportedByStandIn}, which names it. The
 * kit's README lists both, and where it differs from the service: any credentials will do, nothing
 * is ever throttled, and what has expired is never removed, as the service may take days to do.
 * Thread-safe.
 *
 * <p>{@link #shared} is one for all tests of a JVM, which keep apart by their tables.
 */
public final class EmbeddedDynamoDb implements AutoCloseable {

  private final DynamoDbService service = new DynamoDbService();
  private final AtomicInteger tables = new AtomicInteger();
  private final AtomicInteger requests = new AtomicInteger();
  private final LoopbackServer server = LoopbackServer.startHttp("embedded-dynamodb", this::answer);

  private EmbeddedDynamoDb() {}

  /** Holds the one server, and starts it when it is first asked for. */
  private static final class Shared {
    static final EmbeddedDynamoDb SERVER = start();
  }

  /** The server of this JVM, which is never closed. */
  public static EmbeddedDynamoDb shared() {
    return Shared.SERVER;
  }

  /** A server of its own, on a free port. */
  public static EmbeddedDynamoDb start() {
    return new EmbeddedDynamoDb();
  }

  /** Where it listens, such as {@code http://127.0.0.1:41234}. */
  public URI endpoint() {
    return server.uri();
  }

  /** What a client's environment must say to reach it. */
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
   * Makes batches of an existing table do a part only and answer the rest as unprocessed, as the
   * service does under load.
   *
   * @param part how many of a batch's requests are done, 0 to all of them
   */
  public void processOnly(String table, IntUnaryOperator part) {
    service.process(table, part);
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
