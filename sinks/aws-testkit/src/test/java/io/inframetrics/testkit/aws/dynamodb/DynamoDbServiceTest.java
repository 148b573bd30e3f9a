package io.inframetrics.testkit.aws.dynamodb;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** At each limit and one past it; the service's own codes and messages. */
class DynamoDbServiceTest {

  private static final String VALIDATION = "ValidationException";
  private static final String UNSUPPORTED = "NotSupportedByStandIn";

  private final DynamoDbService service = new DynamoDbService();

  @BeforeEach
  void createTable() {
    ok(
        "CreateTable",
        """
        {"TableName":"metrics","BillingMode":"PAY_PER_REQUEST",
         "KeySchema":[{"AttributeName":"p","KeyType":"HASH"},{"AttributeName":"s","KeyType":"RANGE"}],
         "AttributeDefinitions":[{"AttributeName":"s","AttributeType":"S"},
                                 {"AttributeName":"p","AttributeType":"S"}]}""");
  }

  // Protocol

  @Test
  void refusesWhatItDoesNotKnowByName() {
    assertError("GetItem", "{}", UNSUPPORTED, "operation GetItem");
    assertError(
        "PutItem",
        "{'TableName':'metrics','Item':{},'ReturnValues':'ALL_OLD'}",
        UNSUPPORTED,
        "parameter ReturnValues of PutItem");
    assertError("Scan", "{'TableName':'metrics','Segment':0}", UNSUPPORTED, "Segment of Scan");
    assertError(
        "PutItem",
        "{'TableName':'metrics','Item':{'p':{'S':'1'},'s':{'S':'1'}},'ReturnConsumedCapacity':'INDEXES'}",
        UNSUPPORTED,
        "ReturnConsumedCapacity INDEXES of PutItem");
    assertThat(ok("Scan", "{'TableName':'metrics'}").get("Count").asInt()).isZero();
    for (String type : List.of("BOOL", "NULL", "NS", "BS", "L")) {
      assertError(
          "PutItem",
          putOf("{'p':{'S':'1'},'s':{'S':'1'},'a':{'" + type + "':[]}}"),
          UNSUPPORTED,
          "attribute type " + type);
    }
    assertThat(error(service.answer("S3.Query", "{}".getBytes(UTF_8))))
        .startsWith("com.amazon.coral.service#UnknownOperationException");
    assertError("PutItem", "{'TableName':1,'Item':{}}", "SerializationException", "");
    assertError("PutItem", "{", "SerializationException", "");
    assertError(
        "PutItem",
        "{'TableName':'metrics','Item':{'p':{'B':'?'}}}",
        "SerializationException",
        "base64");
  }

  @Test
  void takesABodyOf16Megabytes() {
    byte[] body = new byte[16 * 1024 * 1024];
    Arrays.fill(body, (byte) ' ');
    byte[] json = quoted("{'TableName':'metrics'}").getBytes(UTF_8);
    System.arraycopy(json, 0, body, 0, json.length);
    assertThat(service.answer("DynamoDB_20120810.Scan", body).status()).isEqualTo(200);
    assertThat(
            error(service.answer("DynamoDB_20120810.Scan", Arrays.copyOf(body, body.length + 1))))
        .contains("RequestEntityTooLargeException");
  }

  // Tables

  @Test
  void createsAndDescribesATable() {
    JsonNode table = ok("DescribeTable", "{'TableName':'metrics'}").get("Table");
    assertThat(table.get("TableStatus").asString()).isEqualTo("ACTIVE");
    assertThat(table.get("KeySchema").toString())
        .contains("\"HASH\"", "\"RANGE\"")
        .matches(".*\"p\".*\"s\".*");
    assertThat(table.at("/BillingModeSummary/BillingMode").asString()).isEqualTo("PAY_PER_REQUEST");
    assertThat(table.get("TableArn").asString()).endsWith(":table/metrics");
    assertError(
        "DescribeTable",
        "{'TableName':'none'}",
        "ResourceNotFoundException",
        "Requested resource not found: Table: none not found");
  }

  @Test
  void refusesTablesThatAreNotValid() {
    String rest =
        ",'BillingMode':'PAY_PER_REQUEST','KeySchema':[{'AttributeName':'p','KeyType':'HASH'}],"
            + "'AttributeDefinitions':[{'AttributeName':'p','AttributeType':'S'}]}";
    ok("CreateTable", "{'TableName':'abc'" + rest);
    ok("CreateTable", "{'TableName':'" + "n".repeat(255) + "'" + rest);
    assertError(
        "CreateTable",
        "{'TableName':'ab'" + rest,
        VALIDATION,
        "Value 'ab' at 'tableName' failed to satisfy constraint: Member must have a length from 3");
    assertError(
        "CreateTable",
        "{'TableName':'" + "n".repeat(256) + "'" + rest,
        VALIDATION,
        "a length from 3 to 255");
    assertError(
        "CreateTable",
        "{'TableName':'a b!'" + rest,
        VALIDATION,
        "regular expression pattern: [a-zA-Z0-9_.-]+");
    assertError(
        "CreateTable",
        "{'TableName':'metrics'" + rest,
        "ResourceInUseException",
        "Table already exists: metrics");
    assertError(
        "CreateTable",
        "{'TableName':'t-2'" + rest.replace("PAY_PER_REQUEST", "PROVISIONED"),
        UNSUPPORTED,
        "BillingMode PROVISIONED");
    assertError(
        "CreateTable",
        "{'TableName':'t-2'" + rest.replace("'HASH'", "'RANGE'"),
        VALIDATION,
        "first KeySchemaElement is not a HASH key type");
    assertError(
        "CreateTable",
        "{'TableName':'t-2'"
            + rest.replace(
                "[{'AttributeName':'p','AttributeType'", "[{'AttributeName':'q','AttributeType'"),
        VALIDATION,
        "Some index key attribute have no definition");
    assertError(
        "CreateTable",
        "{'TableName':'t-2'"
            + rest.replace("'S'}]", "'S'},{'AttributeName':'q','AttributeType':'S'}]"),
        VALIDATION,
        "Number of attributes in KeySchema does not exactly match");
    assertError("CreateTable", "{" + rest.substring(1), VALIDATION, "'tableName'");
  }

  @Test
  void switchesExpiryOnAndOffOnce() {
    String enable =
        "{'TableName':'metrics','TimeToLiveSpecification':{'AttributeName':'ttl','Enabled':true}}";
    assertThat(ok("DescribeTimeToLive", "{'TableName':'metrics'}").toString()).contains("DISABLED");
    ok("UpdateTimeToLive", enable);
    assertThat(ok("DescribeTimeToLive", "{'TableName':'metrics'}").toString())
        .contains("\"ENABLED\"", "\"ttl\"");
    assertError("UpdateTimeToLive", enable, VALIDATION, "TimeToLive is already enabled");
    ok("UpdateTimeToLive", enable.replace("true", "false"));
    assertError(
        "UpdateTimeToLive", enable.replace("true", "false"), VALIDATION, "already disabled");
    assertError("UpdateTimeToLive", enable.replace("'ttl'", "''"), VALIDATION, "must be non empty");
    assertError(
        "UpdateTimeToLive", enable.replace("metrics", "none"), "ResourceNotFoundException", "");
  }

  @Test
  void keepsWhatHasExpired() {
    ok(
        "UpdateTimeToLive",
        "{'TableName':'metrics','TimeToLiveSpecification':{'AttributeName':'ttl','Enabled':true}}");
    put("{'p':{'S':'1'},'s':{'S':'1'},'ttl':{'N':'1'}}");
    assertThat(ok("Scan", "{'TableName':'metrics'}").get("Count").asInt()).isEqualTo(1);
  }

  // Keys and values

  @Test
  void storesEveryTypeAndAnswersItAsTheServiceDoes() {
    put(
        """
        {"p":{"S":"1"},"s":{"S":"1"},"n":{"N":"00042.50"},"e":{"N":"1.5E2"},"z":{"N":"-0"},
         "b":{"B":"AP8="},"ss":{"SS":["a",""]},"m":{"M":{"x":{"S":""}}},"empty":{"S":""}}""");
    JsonNode item = ok("Scan", "{'TableName':'metrics'}").get("Items").get(0);
    assertThat(item.at("/n/N").asString()).isEqualTo("42.5");
    assertThat(item.at("/e/N").asString()).isEqualTo("150");
    assertThat(item.at("/z/N").asString()).isEqualTo("0");
    assertThat(item.at("/b/B").asString()).isEqualTo("AP8=");
    assertThat(item.at("/ss/SS").toString()).isEqualTo("[\"a\",\"\"]");
    assertThat(item.at("/m/M/x/S").asString()).isEmpty();
    assertThat(item.at("/empty/S").asString()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{}|is empty, must contain exactly one",
        "{'S':'1','N':'1'}|more than one datatypes set",
        "{'N':'abc'}|cannot be converted to a numeric value: abc",
        "{'N':''}|cannot be converted to a numeric value",
        "{'SS':[]}|An string set  may not be empty",
        "{'SS':['a','a']}|Input collection [a, a] contains duplicates.",
        "{'M':{'a':{'SS':[]}}}|may not be empty",
      })
  void refusesValuesThatAreNotValid(String value, String because) {
    assertError("PutItem", putOf("{'p':{'S':'1'},'s':{'S':'1'},'a':" + value + "}"), because);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "9.9999999999999999999999999999999999999E+125",
        "-9.9999999999999999999999999999999999999E+125",
        "1E-130",
        "-1E-130",
        "12345678901234567890123456789012345678",
        "1234567890123456789012345678901234567800",
        "0.00012345678901234567890123456789012345678",
      })
  void takesNumbersOf38Digits(String number) {
    put("{'p':{'S':'1'},'s':{'S':'1'},'a':{'N':'" + number + "'}}");
  }

  @ParameterizedTest
  @CsvSource({
    "1E+126,Number overflow",
    "-1E+126,magnitude larger than supported range",
    "1E-131,Number underflow",
    "-9.9E-131,magnitude smaller than supported range",
    "123456789012345678901234567890123456789,more than 38 significant digits",
    "1.23456789012345678901234567890123456789,more than 38 significant digits",
  })
  void refusesNumbersBeyondTheRange(String number, String because) {
    assertError(
        "PutItem", putOf("{'p':{'S':'1'},'s':{'S':'1'},'a':{'N':'" + number + "'}}"), because);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{'p':{'S':'1'}}|Missing the key s in the item",
        "{'s':{'S':'1'}}|Missing the key p in the item",
        "{'p':{'N':'1'},'s':{'S':'1'}}|Type mismatch for key p expected: S actual: N",
        "{'p':{'S':''},'s':{'S':'1'}}|cannot contain an empty string value. Key: p",
        "{'p':{'S':'1'},'s':{'S':''}}|cannot contain an empty string value. Key: s",
      })
  void refusesItemsWithoutTheirKey(String item, String because) {
    assertError("PutItem", putOf(item), because);
  }

  @Test
  void takesKeysUpToTheirLengths() {
    put("{'p':{'S':'" + "é".repeat(1024) + "'},'s':{'S':'" + "é".repeat(512) + "'}}");
    assertError(
        "PutItem",
        putOf("{'p':{'S':'" + "é".repeat(1024) + "a'},'s':{'S':'1'}}"),
        "Size of hashkey has exceeded the maximum size limit of2048 bytes");
    assertError(
        "PutItem",
        putOf("{'p':{'S':'1'},'s':{'S':'" + "é".repeat(512) + "a'}}"),
        "Aggregated size of all range keys has exceeded the size limit of 1024 bytes");
  }

  @Test
  void takesItemsOf400Kilobytes() {
    // The names p, s and a, and the keys, are five of the bytes.
    String value = "x".repeat(400 * 1024 - 5);
    put("{'p':{'S':'1'},'s':{'S':'1'},'a':{'S':'" + value + "'}}");
    assertError(
        "PutItem",
        putOf("{'p':{'S':'1'},'s':{'S':'1'},'a':{'S':'" + value + "x'}}"),
        "Item size has exceeded the maximum allowed size");
    assertError(
        "UpdateItem",
        "{'TableName':'metrics','Key':{'p':{'S':'1'},'s':{'S':'1'}},'UpdateExpression':'SET b = :b',"
            + "'ExpressionAttributeValues':{':b':{'S':''}}}",
        "Item size to update has exceeded the maximum allowed size");
  }

  // Batches

  @Test
  void writes25ItemsInABatch() {
    ok("BatchWriteItem", batchOf(25));
    assertError(
        "BatchWriteItem", batchOf(26), "Too many items requested for the BatchWriteItem call");
    assertThat(ok("Scan", "{'TableName':'metrics'}").get("Count").asInt()).isEqualTo(25);
  }

  @Test
  void reads100KeysInABatch() {
    ok("BatchWriteItem", batchOf(25));
    JsonNode answer = ok("BatchGetItem", readOf(0, 100));
    assertThat(answer.at("/Responses/metrics").size()).isEqualTo(25);
    assertThat(answer.get("UnprocessedKeys").isEmpty()).isTrue();
    assertError(
        "BatchGetItem", readOf(0, 101), "Too many items requested for the BatchGetItem call");
  }

  @Test
  void refusesBatchesThatAreNotValid() {
    assertError(
        "BatchGetItem",
        "{'RequestItems':{}}",
        "The requestItems parameter is required for BatchGetItem");
    assertError("BatchWriteItem", "{'RequestItems':{}}", "required for BatchWriteItem");
    assertError(
        "BatchGetItem",
        "{'RequestItems':{'metrics':{'Keys':[" + key(1) + "," + key(1) + "]}}}",
        "Provided list of item keys contains duplicates");
    assertError(
        "BatchWriteItem",
        "{'RequestItems':{'metrics':[{'PutRequest':{'Item':"
            + key(1)
            + "}},{'DeleteRequest':{'Key':"
            + key(1)
            + "}}]}}",
        "Provided list of item keys contains duplicates");
    assertError(
        "BatchGetItem",
        "{'RequestItems':{'metrics':{'Keys':[{'p':{'S':'1'}}]}}}",
        "The provided key element does not match the schema");
    assertError(
        "BatchWriteItem",
        "{'RequestItems':{'metrics':[{'DeleteRequest':{'Key':{'p':{'S':'1'},'s':{'S':'1'},'a':{'S':'1'}}}}]}}",
        "The provided key element does not match the schema");
    assertError(
        "BatchWriteItem",
        "{'RequestItems':{'none':[{'DeleteRequest':{'Key':" + key(1) + "}}]}}",
        "ResourceNotFoundException",
        "Requested resource not found");
    assertError("BatchWriteItem", "{'RequestItems':{'metrics':[{}]}}", "exactly one");
  }

  @Test
  void deletesInABatchWhatIsThereAndWhatIsNot() {
    put(key(1));
    ok(
        "BatchWriteItem",
        "{'RequestItems':{'metrics':[{'DeleteRequest':{'Key':"
            + key(1)
            + "}},{'DeleteRequest':{'Key':"
            + key(2)
            + "}}]}}");
    assertThat(ok("Scan", "{'TableName':'metrics'}").get("Count").asInt()).isZero();
  }

  @Test
  void leavesOfABatchWhatIsPlanned() {
    service.process("metrics", requests -> requests / 2);
    JsonNode written = ok("BatchWriteItem", batchOf(5));
    assertThat(written.at("/UnprocessedItems/metrics").size()).isEqualTo(3);
    assertThat(written.at("/UnprocessedItems/metrics/0").toString())
        .contains("\"PutRequest\"", "\"002\"");
    JsonNode read =
        ok(
            "BatchGetItem",
            "{'RequestItems':{'metrics':{'Keys':["
                + key(0)
                + ","
                + key(1)
                + "],'ConsistentRead':true,'ProjectionExpression':'#s',"
                + "'ExpressionAttributeNames':{'#s':'s'}}}}");
    assertThat(read.at("/Responses/metrics").toString()).isEqualTo("[{\"s\":{\"S\":\"000\"}}]");
    JsonNode left = read.at("/UnprocessedKeys/metrics");
    assertThat(left.get("Keys").size()).isEqualTo(1);
    assertThat(left.get("ConsistentRead").asBoolean()).isTrue();
    assertThat(left.get("ProjectionExpression").asString()).isEqualTo("#s");
  }

  @Test
  void leavesOfAReadWhatIsOver16Megabytes() {
    // Names and keys of an item are 7 bytes; 64 items are 16 MB.
    String value = "x".repeat(256 * 1024 - 7);
    for (int i = 0; i < 65; i++) {
      put("{'p':{'S':'p'},'s':{'S':'%03d'},'a':{'S':'%s'}}".formatted(i, value));
    }
    assertThat(ok("BatchGetItem", readOf(0, 64)).get("UnprocessedKeys").isEmpty()).isTrue();
    JsonNode answer = ok("BatchGetItem", readOf(0, 65));
    assertThat(answer.at("/Responses/metrics").size()).isEqualTo(64);
    assertThat(answer.at("/UnprocessedKeys/metrics/Keys").toString())
        .isEqualTo("[{\"p\":{\"S\":\"p\"},\"s\":{\"S\":\"064\"}}]");
  }

  // Queries and scans

  @Test
  void readsAPartitionInItsOrder() {
    for (int i : new int[] {3, 1, 2}) {
      put(key(i));
    }
    put("{'p':{'S':'q'},'s':{'S':'001'}}");
    assertThat(sorts(query("p = :p", "{':p':{'S':'p'}}", ""))).containsExactly("001", "002", "003");
    assertThat(sorts(query("p = :p", "{':p':{'S':'p'}}", ",'ScanIndexForward':false")))
        .containsExactly("003", "002", "001");
    assertThat(
            sorts(
                query(
                    "p = :p AND s BETWEEN :a AND :b",
                    "{':p':{'S':'p'},':a':{'S':'002'},':b':{'S':'003'}}",
                    "")))
        .containsExactly("002", "003");
    assertThat(sorts(query("s = :a and p = :p", "{':p':{'S':'p'},':a':{'S':'002'}}", "")))
        .containsExactly("002");
    assertThat(sorts(query("p = :p", "{':p':{'S':'none'}}", ""))).isEmpty();
  }

  @Test
  void ordersTextsByTheirUtf8Bytes() {
    for (String sort : List.of("\ud83d\ude00", "\uffff", "z", "é")) {
      put("{'p':{'S':'p'},'s':{'S':'" + sort + "'}}");
    }
    assertThat(sorts(query("p = :p", "{':p':{'S':'p'}}", "")))
        .containsExactly("z", "é", "\uffff", "\ud83d\ude00");
  }

  @Test
  void goesOnAfterALimit() {
    for (int i = 0; i < 5; i++) {
      put(key(i));
    }
    JsonNode page = query("p = :p", "{':p':{'S':'p'}}", ",'Limit':2");
    assertThat(sorts(page)).containsExactly("000", "001");
    assertThat(page.at("/LastEvaluatedKey/p/S").asString()).isEqualTo("p");
    assertThat(page.at("/LastEvaluatedKey/s/S").asString()).isEqualTo("001");
    assertThat(page.get("LastEvaluatedKey").size()).isEqualTo(2);
    page =
        query(
            "p = :p",
            "{':p':{'S':'p'}}",
            ",'Limit':3,'ExclusiveStartKey':" + page.get("LastEvaluatedKey"));
    assertThat(sorts(page)).containsExactly("002", "003", "004");
    assertThat(page.has("LastEvaluatedKey")).as("though nothing follows").isTrue();
    page =
        query(
            "p = :p",
            "{':p':{'S':'p'}}",
            ",'ScanIndexForward':false,'ExclusiveStartKey':" + key(2));
    assertThat(sorts(page)).containsExactly("001", "000");
    assertThat(page.has("LastEvaluatedKey")).isFalse();
  }

  @Test
  void scansEveryPartitionPageByPage() {
    for (int i = 0; i < 9; i++) {
      put("{'p':{'S':'p" + i % 3 + "'},'s':{'S':'" + i + "'}}");
    }
    TreeSet<String> seen = new TreeSet<>();
    String start = "";
    int pages = 0;
    while (start != null) {
      JsonNode page = ok("Scan", "{'TableName':'metrics','Limit':2" + start + "}");
      seen.addAll(sorts(page));
      pages++;
      start =
          page.has("LastEvaluatedKey")
              ? ",'ExclusiveStartKey':" + page.get("LastEvaluatedKey")
              : null;
    }
    assertThat(seen).hasSize(9);
    assertThat(pages).isEqualTo(5);
  }

  @Test
  void endsAPageAtAMegabyte() {
    // Names and keys of an item are 7 bytes; four items are a megabyte.
    String quarter = "x".repeat(256 * 1024 - 7);
    for (int i = 0; i < 4; i++) {
      put("{'p':{'S':'p'},'s':{'S':'%03d'},'a':{'S':'%s'}}".formatted(i, quarter));
    }
    JsonNode page = query("p = :p", "{':p':{'S':'p'}}", ",'ReturnConsumedCapacity':'TOTAL'");
    assertThat(sorts(page)).hasSize(4);
    assertThat(page.has("LastEvaluatedKey")).isFalse();
    assertThat(page.at("/ConsumedCapacity/CapacityUnits").asDouble()).isEqualTo(128);

    put("{'p':{'S':'p'},'s':{'S':'003'},'a':{'S':'" + quarter + "x'}}");
    page = query("p = :p", "{':p':{'S':'p'}}", "");
    assertThat(sorts(page)).hasSize(3);
    assertThat(page.at("/LastEvaluatedKey/s/S").asString()).isEqualTo("002");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "s = :v|{':v':{'S':'1'}}||Query condition missed key schema element: p",
        "a = :v|{':v':{'S':'1'}}||Query condition missed key schema element: p",
        "p = :v AND a = :v|{':v':{'S':'1'}}||Query condition missed key schema element: s",
        "p BETWEEN :v AND :w|{':v':{'S':'1'},':w':{'S':'2'}}||Query key condition not supported",
        "p = :v OR s = :v|{':v':{'S':'1'}}||Syntax error; token: \"OR\"",
        "p = :v AND s = :v AND s = :v|{':v':{'S':'1'}}||must only contain one condition per key",
        "p = :v|{':v':{'N':'1'}}||Condition parameter type does not match schema type",
        "p = :v|{':v':{'S':''}}||cannot contain an empty string value. Key: p",
        "p = :v|{':v':{}}||ExpressionAttributeValues contains invalid value: Supplied",
        "p = :v AND s BETWEEN :b AND :v|{':v':{'S':'1'},':b':{'S':'2'}}||requires upper bound to be"
            + " greater than or equal to lower bound; lower bound operand: AttributeValue: {S:2}",
        "p = :v|{':v':{'S':'1'}}|,'Limit':0|Value '0' at 'limit' failed to satisfy constraint:"
            + " Member must have value greater than or equal to 1",
        "p = :v|{':v':{'S':'1'}}|,'ExclusiveStartKey':{'p':{'S':'1'}}|starting key is invalid",
        "p = :v|{':v':{'S':'1'}}|,'ExclusiveStartKey':{'p':{'S':'2'},'s':{'S':'1'}}|outside query"
            + " boundaries",
        "p = :v|{':v':{'S':'1'},':w':{'S':'1'}}||unused in expressions: keys: {:w}",
        "p = :v|{':v':{'S':'1'}}|,'ExpressionAttributeNames':{'#u':'a'}|ExpressionAttributeNames"
            + " unused in expressions: keys: {#u}",
        "p = :v|{':v':{'S':'1'}}|,'ExpressionAttributeNames':{'u':'a'}|contains invalid key: Syntax"
            + " error; key: \"u\"",
        "p = :v|{':v':{'S':'1'}}|,'ExpressionAttributeNames':{}|ExpressionAttributeNames must not"
            + " be empty",
        "p = :v|{':w':{'S':'1'}}||attribute value used in expression is not defined; attribute"
            + " value: :v",
        "#p = :v|{':v':{'S':'1'}}||name used in the document path is not defined; attribute name:"
            + " #p",
      })
  void refusesQueriesThatAreNotValid(String condition, String values, String more, String because) {
    assertError("Query", queryOf(condition, values, more == null ? "" : more), because);
  }

  @Test
  void refusesAQueryWithoutACondition() {
    assertError(
        "Query",
        "{'TableName':'metrics'}",
        "Either the KeyConditions or KeyConditionExpression parameter must be specified");
    assertError("Query", queryOf("", "{':v':{'S':'1'}}", ""), "The expression can not be empty;");
    assertError(
        "Query",
        queryOf("p = :v", "{':v':{'S':'1'}}", "").replace("metrics", "none"),
        "ResourceNotFoundException",
        "");
  }

  // Updates and conditions

  @Test
  void updatesAnItemAndMakesOneThatIsMissing() {
    update("SET a = :a ADD n :n, ss :ss", "{':a':{'S':'x'},':n':{'N':'2'},':ss':{'SS':['1']}}");
    update("add ss :ss, n :n set b = :n", "{':n':{'N':'0.5'},':ss':{'SS':['1','2']}}");
    JsonNode item = ok("Scan", "{'TableName':'metrics'}").get("Items").get(0);
    assertThat(item.at("/a/S").asString()).isEqualTo("x");
    assertThat(item.at("/b/N").asString()).isEqualTo("0.5");
    assertThat(item.at("/n/N").asString()).isEqualTo("2.5");
    assertThat(item.at("/ss/SS").toString()).isEqualTo("[\"1\",\"2\"]");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "INVALID SYNTAX HERE|Syntax error; token: \"INVALID\", near: \"INVALID SYNTAX\"",
        "SET a|Syntax error; token: \"<EOF>\", near: \"a\"",
        "SET a = :v extra|Syntax error; token: \"extra\", near: \":v extra\"",
        "SET a = = :v|Syntax error; token: \"=\"",
        "SET a = :v, a = :v|Two document paths overlap with each other",
        "SET a = :v ADD a :n|path one: [a], path two: [a]",
        "SET a = :v SET b = :v|The \"SET\" section can only be used once",
        "SET p = :v|Cannot update attribute p. This attribute is part of the key",
        "ADD s :n|Cannot update attribute s. This attribute is part of the key",
        "SET timestamp = :v|Attribute name is a reserved keyword; reserved keyword: timestamp",
        "SET Ttl = :v|reserved keyword: Ttl",
        "ADD a :v|operator: ADD, operand type: STRING, typeSet: ALLOWED_FOR_ADD_OPERAND",
        "ADD text1 :n|An operand in the update expression has an incorrect data type",
      })
  void refusesUpdatesThatAreNotValid(String expression, String because) {
    put("{'p':{'S':'p'},'s':{'S':'1'},'text1':{'S':'x'}}");
    Map<String, String> values = Map.of(":v", "{'S':'1'}", ":n", "{'N':'1'}");
    String used =
        values.entrySet().stream()
            .filter(value -> expression.contains(value.getKey()))
            .map(value -> "'" + value.getKey() + "':" + value.getValue())
            .collect(Collectors.joining(","));
    assertError(
        "UpdateItem", updateOf(expression, used.isEmpty() ? null : "{" + used + "}", ""), because);
    assertThat(ok("Scan", "{'TableName':'metrics'}").get("Items").get(0).size()).isEqualTo(3);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "REMOVE a",
        "DELETE a :v",
        "SET a = a + :v",
        "SET a = b",
        "SET a = if_not_exists(a, :v)",
        "SET a.b = :v",
        "SET a[0] = :v",
      })
  void refusesByNameTheUpdatesThatItDoesNotKnow(String expression) {
    assertError(
        "UpdateItem",
        updateOf(expression, "{':v':{'N':'1'}}", ""),
        UNSUPPORTED,
        "in UpdateExpression \"" + expression + "\"");
  }

  @ParameterizedTest
  @CsvSource({
    "attribute_not_exists(x),true",
    "attribute_exists(x),false",
    "attribute_exists(n),true",
    "n = :five,true",
    "n < :five,false",
    "n < :six,true",
    "x < :five,false",
    "text1 < :five,false",
    "attribute_not_exists(n) OR n = :five,true",
    "attribute_not_exists(n) OR n < :five,false",
    "attribute_exists(x) AND n < :six OR n = :five,true",
    "attribute_exists(x) AND n = :five,false",
  })
  void updatesWhereTheConditionHolds(String condition, boolean holds) {
    put("{'p':{'S':'p'},'s':{'S':'1'},'n':{'N':'5'},'text1':{'S':'x'}}");
    String request =
        updateOf(
            "SET done = :five",
            "{':five':{'N':'5.0'}" + (condition.contains(":six") ? ",':six':{'N':'6'}}" : "}"),
            ",'ConditionExpression':'" + condition + "'");
    if (holds) {
      ok("UpdateItem", request);
    } else {
      assertError(
          "UpdateItem",
          request,
          "ConditionalCheckFailedException",
          "The conditional request failed");
    }
    assertThat(ok("Scan", "{'TableName':'metrics'}").at("/Items/0/done").isMissingNode())
        .isNotEqualTo(holds);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "n <|ValidationException|Syntax error; token: \"<EOF>\"",
        "n|ValidationException|Syntax error",
        "attribute_exists(n|ValidationException|Syntax error",
        "(n = :v)|NotSupportedByStandIn|(' in ConditionExpression",
        "n <> :v|NotSupportedByStandIn|<>' in ConditionExpression",
        "n >= :v|NotSupportedByStandIn|>=' in ConditionExpression",
        "n BETWEEN :v AND :v|NotSupportedByStandIn|BETWEEN' in ConditionExpression",
        "name = :v|ValidationException|reserved keyword: name",
        "n < :l|ValidationException|Incorrect operand type for operator or function; operator: <",
        "begins_with(n, :v)|NotSupportedByStandIn|begins_with' in ConditionExpression",
        "NOT n = :v|NotSupportedByStandIn|NOT' in ConditionExpression",
        "n IN (:v)|NotSupportedByStandIn|IN' in ConditionExpression",
      })
  void refusesConditionsThatAreNotValid(String condition, String code, String because) {
    String values =
        "{':set':{'S':'1'}"
            + (condition.contains(":v") ? ",':v':{'S':'1'}" : "")
            + (condition.contains(":l") ? ",':l':{'SS':['a']}" : "")
            + "}";
    assertError(
        "UpdateItem",
        updateOf("SET a = :set", values, ",'ConditionExpression':'" + condition + "'"),
        code,
        because);
  }

  @Test
  void refusesExpressionsOver4Kilobytes() {
    String names = "a".repeat(4096 - "SET  = :v".length());
    update("SET " + names + " = :v", "{':v':{'S':'1'}}");
    assertError(
        "UpdateItem",
        updateOf("SET " + names + "a = :v", "{':v':{'S':'1'}}", ""),
        "Expression size has exceeded the maximum allowed size");
  }

  @Test
  void refusesValuesWithoutAnExpression() {
    assertError(
        "BatchGetItem",
        "{'RequestItems':{'metrics':{'Keys':["
            + key(1)
            + "],'ExpressionAttributeNames':{'#a':'a'}}}}",
        "ExpressionAttributeNames can only be specified when using expressions");
    assertError(
        "Query",
        "{'TableName':'metrics','ExpressionAttributeValues':{':v':{'S':'1'}}}",
        "ExpressionAttributeValues can only be specified when using expressions:"
            + " KeyConditionExpression is null");
  }

  @ParameterizedTest
  @ValueSource(strings = {"ABORT", "ttl", "Value", "series", "key", "zone"})
  void reservesTheVendorsWords(String word) {
    String request = updateOf("SET " + word + " = :v", "{':v':{'S':'1'}}", "");
    if (word.equals("series")) {
      ok("UpdateItem", request);
    } else {
      assertError("UpdateItem", request, "reserved keyword; reserved keyword: " + word);
    }
  }

  // Capacity

  @ParameterizedTest
  @CsvSource({"1,1", "1024,1", "1025,2", "409600,400"})
  void chargesAWriteByTheKilobyteOfTheLargerItem(int bytes, double units) {
    assertThat(capacity(putOfSize(Math.max(bytes, 6)))).isEqualTo(units);
    assertThat(capacity(putOfSize(6))).as("smaller than what it replaces").isEqualTo(units);
  }

  @ParameterizedTest
  @CsvSource({"10,0.5", "4096,0.5", "4097,1", "8193,1.5"})
  void chargesAnEventuallyConsistentReadHalf(int bytes, double units) {
    ok("PutItem", putOfSize(bytes));
    String read = ",'ReturnConsumedCapacity':'TOTAL'";
    JsonNode page = query("p = :p", "{':p':{'S':'p'}}", read);
    assertThat(page.at("/ConsumedCapacity/CapacityUnits").asDouble()).isEqualTo(units);
    page = query("p = :p", "{':p':{'S':'p'}}", read + ",'ConsistentRead':true");
    assertThat(page.at("/ConsumedCapacity/CapacityUnits").asDouble()).isEqualTo(units * 2);
  }

  @Test
  void roundsAPageOnceAndABatchByItem() {
    for (int i = 0; i < 4; i++) {
      put(key(i));
    }
    JsonNode page = query("p = :p", "{':p':{'S':'p'}}", ",'ReturnConsumedCapacity':'TOTAL'");
    assertThat(page.at("/ConsumedCapacity/CapacityUnits").asDouble()).isEqualTo(0.5);
    assertThat(page.at("/ConsumedCapacity/TableName").asString()).isEqualTo("metrics");

    String read = readOf(0, 5).replaceAll("}$", ",'ReturnConsumedCapacity':'TOTAL'}");
    assertThat(ok("BatchGetItem", read).at("/ConsumedCapacity/0/CapacityUnits").asDouble())
        .as("a missing item costs as much as a small one")
        .isEqualTo(2.5);
    String write = batchOf(3).replaceAll("}$", ",'ReturnConsumedCapacity':'TOTAL'}");
    assertThat(ok("BatchWriteItem", write).at("/ConsumedCapacity/0/CapacityUnits").asDouble())
        .isEqualTo(3);
    assertThat(ok("BatchWriteItem", batchOf(3)).has("ConsumedCapacity")).isFalse();
  }

  // Threads

  @Test
  void losesNoUpdateOfManyAtOnce() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(8);
    try {
      List<Callable<Void>> work = new ArrayList<>();
      for (int i = 0; i < 400; i++) {
        work.add(
            () -> {
              update("ADD n :n", "{':n':{'N':'1'}}");
              return null;
            });
      }
      for (Future<Void> done : threads.invokeAll(work)) {
        done.get();
      }
    } finally {
      threads.shutdownNow();
    }
    assertThat(ok("Scan", "{'TableName':'metrics'}").at("/Items/0/n/N").asString())
        .isEqualTo("400");
  }

  // Requests

  private static String key(int number) {
    return "{'p':{'S':'p'},'s':{'S':'%03d'}}".formatted(number);
  }

  private static String putOf(String item) {
    return "{'TableName':'metrics','Item':" + item + "}";
  }

  /** A put of an item of so many bytes, of which names and keys are six. */
  private static String putOfSize(int bytes) {
    return "{'TableName':'metrics','ReturnConsumedCapacity':'TOTAL','Item':"
        + "{'p':{'S':'p'},'s':{'S':'1'},'ab':{'S':'"
        + "x".repeat(bytes - 6)
        + "'}}}";
  }

  private void put(String item) {
    ok("PutItem", putOf(item));
  }

  private static String batchOf(int items) {
    return IntStream.range(0, items)
        .mapToObj(i -> "{'PutRequest':{'Item':" + key(i) + "}}")
        .collect(Collectors.joining(",", "{'RequestItems':{'metrics':[", "]}}"));
  }

  private static String readOf(int from, int to) {
    return IntStream.range(from, to)
        .mapToObj(DynamoDbServiceTest::key)
        .collect(Collectors.joining(",", "{'RequestItems':{'metrics':{'Keys':[", "]}}}"));
  }

  private static String queryOf(String condition, String values, String more) {
    return "{'TableName':'metrics','KeyConditionExpression':'%s','ExpressionAttributeValues':%s%s}"
        .formatted(condition, values, more);
  }

  private JsonNode query(String condition, String values, String more) {
    return ok("Query", queryOf(condition, values, more));
  }

  private static String updateOf(String expression, String values, String more) {
    return "{'TableName':'metrics','Key':{'p':{'S':'p'},'s':{'S':'1'}},'UpdateExpression':'"
        + expression
        + "'"
        + (values == null ? "" : ",'ExpressionAttributeValues':" + values)
        + more
        + "}";
  }

  private void update(String expression, String values) {
    ok("UpdateItem", updateOf(expression, values, ""));
  }

  private double capacity(String put) {
    return ok("PutItem", put).at("/ConsumedCapacity/CapacityUnits").asDouble();
  }

  private static List<String> sorts(JsonNode page) {
    List<String> sorts = new ArrayList<>();
    page.get("Items").forEach(item -> sorts.add(item.at("/s/S").asString()));
    return sorts;
  }

  private JsonNode ok(String operation, String json) {
    DynamoDbService.Answer answer = answer(operation, json);
    assertThat(answer.status()).as(answer.body()).isEqualTo(200);
    return JsonMapper.shared().readTree(answer.body());
  }

  private void assertError(String operation, String json, String because) {
    assertError(operation, json, VALIDATION, because);
  }

  private void assertError(String operation, String json, String code, String because) {
    assertThat(error(answer(operation, json))).contains("#" + code + " ").contains(because);
  }

  private DynamoDbService.Answer answer(String operation, String json) {
    return service.answer("DynamoDB_20120810." + operation, quoted(json).getBytes(UTF_8));
  }

  private static String error(DynamoDbService.Answer answer) {
    assertThat(answer.status()).as(answer.body()).isEqualTo(400);
    JsonNode body = JsonMapper.shared().readTree(answer.body());
    return body.get("__type").asString() + " " + body.get("message").asString();
  }

  /** JSON may stand in single quotes here, except within expressions and messages. */
  private static String quoted(String json) {
    return json.contains("\"") && !json.contains("'") ? json : json.replace('\'', '"');
  }
}
