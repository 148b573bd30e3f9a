package io.inframetrics.workflow;

import static org.assertj.core.api.Assertions.assertThat;

import io.inframetrics.workflow.data.Json;
import io.inframetrics.workflow.execution.ExecutionResult;
import io.inframetrics.workflow.execution.TaskHandler;
import io.inframetrics.workflow.history.HistoryEvent;
import io.inframetrics.workflow.items.ObjectStore;
import io.inframetrics.workflow.testing.ExecutionAssert;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

class DistributedMapTest {

  private static final String FUNCTION = "arn:aws:lambda:us-east-1:1:function:work";

  /** Fails for a negative number, and otherwise returns its input. */
  private static final TaskHandler WORK =
      call -> {
        if (call.input().asInt(0) < 0) {
          throw new IllegalStateException("negative");
        }
        return call.input();
      };

  private static String map(String fields) {
    return """
    {"StartAt":"Each","States":{"Each":{"Type":"Map",%s
      "ItemProcessor":{"ProcessorConfig":{"Mode":"DISTRIBUTED","ExecutionType":"STANDARD"},
        "StartAt":"Work","States":{"Work":{"Type":"Task","Resource":"%s","End":true}}},"End":true}}}
    """
        .formatted(fields.replace('\'', '"'), FUNCTION);
  }

  private static String getObject(String key, String config) {
    return "'ItemReader':{'Resource':'arn:aws:states:::s3:getObject','Parameters':{'Bucket':'in','Key':'"
        + key
        + "'},'ReaderConfig':{"
        + config
        + "}},";
  }

  private static ExecutionResult run(String definition, String input, ObjectStore objects) {
    return StateMachine.parse(definition, Map.of())
        .execution()
        .input(input)
        .tasks(WORK)
        .objects(objects)
        .run();
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      delimiter = '|',
      nullValues = "-",
      value = {
        "items.json     | 'InputType':'JSON'                                        | [1,2]                           | [1,2]",
        "items.json     | 'InputType':'JSON','MaxItems':1                           | [1,2]                           | [1]",
        "items.json     | 'InputType':'JSON','MaxItemsPath':'$.most'                | [1,2,3]                         | [1,2]",
        "items.json     | 'InputType':'JSON','ItemsPointer':'/a/b'                  | {\"a\":{\"b\":[7]}}             | [7]",
        "items.json     | 'InputType':'JSON'                                        | {\"a\":1}                       | States.ItemReaderFailed",
        "items.json     | 'InputType':'JSON'                                        | [1,                             | States.ItemReaderFailed",
        "items.json     | 'InputType':'JSON'                                        | []                              | []",
        "absent.json    | 'InputType':'JSON'                                        | -                               | States.ItemReaderFailed",
        "items.jsonl    | 'InputType':'JSONL'                                       | 1¶¶{\"a\":2}¶                   | [1,{\"a\":2}]",
        "items.csv      | 'InputType':'CSV','CSVHeaderLocation':'FIRST_ROW'         | a,b¶1,2¶3¶4,5,6                 | [{\"a\":\"1\",\"b\":\"2\"},{\"a\":\"3\",\"b\":\"\"},{\"a\":\"4\",\"b\":\"5\"}]",
        "items.csv      | 'InputType':'CSV','CSVHeaderLocation':'GIVEN','CSVHeaders':['x','y'],'CSVDelimiter':'SEMICOLON' | 1;2 | [{\"x\":\"1\",\"y\":\"2\"}]",
        "items.csv      | 'InputType':'CSV','CSVHeaderLocation':'FIRST_ROW'         | t¶\"a,\"\"b\"\"¶c\"¶d\\,e\\\\\\f¶ | [{\"t\":\"a,\\\"b\\\"\\nc\"},{\"t\":\"d,e\\\\f\"}]",
        "items.csv      | 'InputType':'CSV','CSVHeaderLocation':'FIRST_ROW'         | a,b                             | []",
        "items.csv      | 'InputType':'CSV','CSVHeaderLocation':'FIRST_ROW'         | a,a¶1,2                         | States.ItemReaderFailed",
        "items.csv      | 'InputType':'CSV','CSVHeaderLocation':'GIVEN','CSVHeaders':['x','x'] | 1,2                  | States.ItemReaderFailed",
        "items.csv      | 'InputType':'CSV','CSVHeaderLocation':'FIRST_ROW'         | a,¶1,2                          | [{\"a\":\"1\",\"\":\"2\"}]",
        "items.json     | 'InputType':'JSON','MaxItems':100000000                   | [1,2,3]                         | [1,2,3]",
        "items.json     | 'InputType':'JSON','MaxItemsPath':'$.all'                 | [1,2,3]                         | [1,2,3]",
        "items.json     | 'InputType':'JSON','MaxItemsPath':'$.negative'            | [1,2,3]                         | States.ItemReaderFailed",
        "items.json     | 'InputType':'JSON','MaxItemsPath':'$.text'                | [1,2,3]                         | States.Runtime",
      })
  void aFileIsReadInEveryFormat(
      String key, String config, @Nullable String content, String expected) {
    Map<String, String> objects =
        content == null ? Map.of() : Map.of("in/" + key, content.replace('¶', '\n'));

    ExecutionResult result =
        run(
            map(getObject(key, config)),
            "{\"most\":2,\"all\":100000001,\"negative\":-1,\"text\":\"x\"}",
            ObjectStore.memory(objects));

    if (expected.startsWith("States.")) {
      ExecutionAssert.assertThat(result).failedWith(expected);
    } else {
      ExecutionAssert.assertThat(result).succeeded().output(expected);
    }
  }

  @Test
  void aManifestAndAListNameOtherObjects() {
    ObjectStore objects =
        ObjectStore.memory(
            Map.of(
                "in/inventory.json",
                """
                {"destinationBucket":"arn:aws:s3:::lists","fileFormat":"CSV","fileSchema":"Bucket, Key, Size",
                 "files":[{"key":"one.csv"}]}
                """,
                "lists/one.csv",
                "\"photos\",\"a.png\",\"10\"\n",
                "in/athena.csv",
                "\"s3://out/r1.jsonl\"\ns3://out/r2.jsonl\n",
                "out/r1.jsonl",
                "1\n2\n",
                "out/r2.jsonl",
                "3\n",
                "in/data/a.json",
                "[10]",
                "in/data/b.json",
                "[20,30]"));
    String list =
        "'ItemReader':{'Resource':'arn:aws:states:::s3:listObjectsV2','Parameters':{'Bucket':'in','Prefix':'data/'}%s},";

    ExecutionAssert.assertThat(
            run(map(getObject("inventory.json", "'InputType':'MANIFEST'")), "{}", objects))
        .output("[{\"Bucket\":\"photos\",\"Key\":\"a.png\",\"Size\":\"10\"}]");
    ExecutionAssert.assertThat(
            run(
                map(getObject("athena.csv", "'ManifestType':'ATHENA_DATA','InputType':'JSONL'")),
                "{}",
                objects))
        .output("[1,2,3]");
    ExecutionResult listed = run(map(list.formatted("")), "{}", objects);
    ExecutionAssert.assertThat(listed)
        .output("$[*].Key", "[\"data/a.json\",\"data/b.json\"]")
        .output("$[1].Size", "7");
    ExecutionAssert.assertThat(
            run(
                map(
                    list.formatted(
                        ",'ReaderConfig':{'Transformation':'LOAD_AND_FLATTEN','InputType':'JSON'}")),
                "{}",
                objects))
        .output("[10,20,30]");
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      delimiter = '|',
      nullValues = "-",
      value = {
        "-                                                             | [1,2,3,-4]    | true",
        "-                                                             | [1,2,3,4]     | false",
        "'ToleratedFailureCount':1,                                    | [1,-2,3,4]    | false",
        "'ToleratedFailureCount':1,                                    | [1,-2,3,-4]   | true",
        "'ToleratedFailureCount':0,                                    | [-1]          | true",
        "'ToleratedFailurePercentage':50,                              | [1,-2,3,-4]   | false",
        "'ToleratedFailurePercentage':49,                              | [1,-2,3,-4]   | true",
        "'ToleratedFailurePercentage':100,                             | [-1,-2]       | false",
        "'ToleratedFailureCount':5,'ToleratedFailurePercentage':10,    | [1,-2,3,4]    | true",
        "'ToleratedFailureCountPath':'$[0]','ToleratedFailurePercentagePath':'$[1]', | [1,60,-3] | false",
        "'ToleratedFailureCountPath':'$[0]',                           | [0,60,-3]     | true",
        "'ToleratedFailurePercentage':33.4,                            | [1,2,-3]      | false",
        "'ToleratedFailurePercentage':33.3,                            | [1,2,-3]      | true",
        "'ToleratedFailurePercentagePath':'$[0]',                      | [33.4,2,-3]   | false",
      })
  void tooManyFailuresFailTheState(@Nullable String fields, String input, boolean exceeded) {
    ExecutionResult result = run(map(fields == null ? "" : fields), input, ObjectStore.memory());

    if (exceeded) {
      ExecutionAssert.assertThat(result).failedWith("States.ExceedToleratedFailureThreshold");
    } else {
      ExecutionAssert.assertThat(result).succeeded();
    }
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      delimiter = '|',
      value = {
        "Percentage | -1       | ToleratedFailurePercentage must be between 0 and 100.",
        "Percentage | 100.1    | ToleratedFailurePercentage must be between 0 and 100.",
        "Percentage | \"many\" | The ToleratedFailurePercentagePath field refers to value \"many\" which is not a valid float: $[0]",
        "Percentage | {}       | The ToleratedFailurePercentagePath field refers to value \"{}\" which is not a valid float: $[0]",
        "Count      | -1       | ToleratedFailureCount cannot be negative.",
        "Count      | \"many\" | The ToleratedFailureCountPath field refers to value \"many\" which is not a valid integer: $[0]",
      })
  void aToleranceThatIsNoneFailsTheState(String field, String value, String cause) {
    ExecutionResult result =
        run(
            map("'ToleratedFailure" + field + "Path':'$[0]',"),
            "[" + value + "]",
            ObjectStore.memory());

    assertThat(result.error()).isEqualTo("States.Runtime");
    assertThat(result.cause())
        .isEqualTo(
            "An error occurred while executing the state 'Each' (entered at the event id #2). "
                + cause);
  }

  @Test
  void aToleratedFailureIsDescribedInItsPlace() {
    ExecutionResult result =
        run(map("'ToleratedFailureCount':1,'Label':'work',"), "[1,-2]", ObjectStore.memory());

    ExecutionAssert.assertThat(result)
        .output("$[0]", "1")
        .output("$[1].Status", "\"FAILED\"")
        .output("$[1].Error", "\"java.lang.IllegalStateException\"")
        .output("$[1].Input", "\"-2\"")
        .output(
            "$[1].StateMachineArn",
            "\"arn:aws:states:us-east-1:000000000000:stateMachine:StateMachine/work\"");
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      delimiter = '|',
      value = {
        "'MaxItemsPerBatch':2                     | [{\"Items\":[1,2]},{\"Items\":[3,4]},{\"Items\":[5]}]",
        "'MaxItemsPerBatchPath':'$.size'          | [{\"Items\":[1,2,3]},{\"Items\":[4,5]}]",
        "'MaxInputBytesPerBatch':15               | [{\"Items\":[1,2]},{\"Items\":[3,4]},{\"Items\":[5]}]",
        "'MaxInputBytesPerBatch':1                | [{\"Items\":[1]},{\"Items\":[2]},{\"Items\":[3]},{\"Items\":[4]},{\"Items\":[5]}]",
        "'MaxItemsPerBatch':9,'BatchInput':{'of.$':'$.size'} | [{\"BatchInput\":{\"of\":3},\"Items\":[1,2,3,4,5]}]",
      })
  void itemsAreGrouped(String batcher, String expected) {
    ExecutionResult result =
        run(
            map("'ItemsPath':'$.items','ItemBatcher':{" + batcher + "},"),
            "{\"items\":[1,2,3,4,5],\"size\":3}",
            ObjectStore.memory());

    ExecutionAssert.assertThat(result).output(expected);
  }

  @Test
  void aFailedBatchCountsWithAllItsItems() {
    String fields =
        "'ItemSelector':{'n.$':'$$.Map.Item.Value'},'ItemBatcher':{'MaxItemsPerBatch':2},'ToleratedFailureCount':%d,";
    String failing = FUNCTION.replace(":work", ":fail");
    for (int tolerated : new int[] {1, 2}) {
      ExecutionResult result =
          StateMachine.parse(map(fields.formatted(tolerated)).replace(FUNCTION, failing), Map.of())
              .execution()
              .input("[1,2,3]")
              .tasks(
                  call -> {
                    if (call.input().at("/Items/0/n").asInt(0) == 1) {
                      throw new IllegalStateException("first batch");
                    }
                    return call.input();
                  })
              .run();

      assertThat(result.succeeded()).isEqualTo(tolerated == 2);
    }
  }

  @Test
  void resultsAreExported() throws IOException {
    ObjectStore store = ObjectStore.memory();
    String writer =
        "'ToleratedFailureCount':1,'ResultWriter':{'Resource':'arn:aws:states:::s3:putObject','Parameters':{'Bucket':'out','Prefix':'jobs'}%s},";

    ExecutionResult result = run(map(writer.formatted("")), "[1,-2]", store);

    ExecutionAssert.assertThat(result)
        .succeeded()
        .output("$.ResultWriterDetails.Bucket", "\"out\"");
    JsonNode output = Json.parse(Json.text(result.output()));
    String key = output.at("/ResultWriterDetails/Key").stringValue();
    assertThat(key).matches("jobs/[0-9a-f-]{36}/manifest\\.json");
    assertThat(output.get("MapRunArn").stringValue())
        .startsWith("arn:aws:states:us-east-1:000000000000:mapRun:StateMachine/Each:");
    JsonNode manifest = json(store, key);
    assertThat(manifest.at("/ResultFiles/PENDING")).isEmpty();
    JsonNode succeeded = json(store, manifest.at("/ResultFiles/SUCCEEDED/0/Key").stringValue());
    assertThat(succeeded.at("/0/Output").stringValue()).isEqualTo("1");
    JsonNode failed = json(store, manifest.at("/ResultFiles/FAILED/0/Key").stringValue());
    assertThat(failed.at("/0/Status").stringValue()).isEqualTo("FAILED");
    assertThat(result.trace().events())
        .extracting(HistoryEvent::type)
        .containsSubsequence(
            "MapStateStarted", "MapRunStarted", "MapRunSucceeded", "MapStateSucceeded")
        .doesNotContain("TaskStateEntered");

    run(
        map(writer.formatted(",'WriterConfig':{'Transformation':'FLATTEN','OutputType':'JSONL'}")),
        "[[1,2],3]",
        store);
    assertThat(store.list("out", "jobs/"))
        .filteredOn(entry -> entry.key().endsWith(".jsonl"))
        .singleElement()
        .satisfies(
            entry ->
                assertThat(new String(store.read("out", entry.key()), StandardCharsets.UTF_8))
                    .isEqualTo("1\n2\n3\n"));
  }

  private static JsonNode json(ObjectStore store, String key) throws IOException {
    return Json.parse(new String(store.read("out", key), StandardCharsets.UTF_8));
  }

  @Test
  void aStoreThatCannotBeWrittenFailsTheState(@TempDir Path folder) throws IOException {
    Files.writeString(folder.resolve("out"), "a file, not a folder");

    ExecutionResult result =
        run(
            map(
                "'ResultWriter':{'Resource':'arn:aws:states:::s3:putObject','Parameters':{'Bucket':'out'}},"),
            "[1]",
            ObjectStore.folder(folder));

    ExecutionAssert.assertThat(result).failedWith("States.ResultWriterFailed");
  }

  @Test
  void aFolderIsAStoreWithoutAWayOut(@TempDir Path folder) throws IOException {
    Files.createDirectories(folder.resolve("in"));
    Files.writeString(folder.resolve("in/items.json"), "[1]");
    Files.writeString(folder.resolve("secret.json"), "[2]");
    ObjectStore store = ObjectStore.folder(folder);

    ExecutionAssert.assertThat(run(map(getObject("items.json", "'InputType':'JSON'")), "{}", store))
        .output("[1]");
    ExecutionAssert.assertThat(
            run(map(getObject("../secret.json", "'InputType':'JSON'")), "{}", store))
        .failedWith("States.ItemReaderFailed");
  }

  @Test
  void aChildSeesOnlyItsOwnInput() {
    ExecutionResult result =
        StateMachine.parse(
                """
                {"QueryLanguage":"JSONata","StartAt":"Set","States":{
                  "Set":{"Type":"Pass","Assign":{"outer":1},"Next":"Each"},
                  "Each":{"Type":"Map","Items":"{% [$outer, 2] %}","MaxConcurrency":1,
                    "ItemSelector":{"at":"{% $states.context.Map.Item.Index %}","value":"{% $states.context.Map.Item.Value %}"},
                    "ItemProcessor":{"ProcessorConfig":{"Mode":"DISTRIBUTED","ExecutionType":"EXPRESS"},
                      "StartAt":"Show","States":{"Show":{"Type":"Pass","End":true,"Output":{
                        "known":"{% $exists($outer) %}","map":"{% $exists($states.context.Map) %}",
                        "input":"{% $states.context.Execution.Input %}"}}}},
                    "End":true}}}
                """,
                Map.of())
            .execution()
            .run();

    ExecutionAssert.assertThat(result)
        .succeeded()
        .output(
            """
            [{"known":false,"map":false,"input":{"at":0,"value":1}},
             {"known":false,"map":false,"input":{"at":1,"value":2}}]
            """);
  }

  @Test
  void anExpressChildHasFiveMinutes() {
    String definition =
        map("'ToleratedFailureCount':1,")
            .replace("STANDARD", "EXPRESS")
            .replace(
                "\"Type\":\"Task\",\"Resource\":\"" + FUNCTION + "\"",
                "\"Type\":\"Wait\",\"SecondsPath\":\"$\"");

    ExecutionAssert.assertThat(run(definition, "[299,301]", ObjectStore.memory()))
        .output("$[0]", "299")
        .output("$[1].Status", "\"TIMED_OUT\"");
  }

  @Test
  void aChildHasItsOwnHistory() {
    StringBuilder items = new StringBuilder("[0");
    for (int i = 1; i < 6_000; i++) {
      items.append(',').append(i);
    }

    ExecutionAssert.assertThat(run(map(""), items.append(']').toString(), ObjectStore.memory()))
        .succeeded();
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      delimiter = '|',
      value = {
        "'Label':'a b',                                              | /Label          | without blanks",
        "'ToleratedFailurePercentage':101,                           | /ToleratedFailurePercentage | from 0 to 100",
        "'ItemBatcher':{},                                           | /ItemBatcher    | MaxItemsPerBatch or",
        "'ResultWriter':{},                                          | /ResultWriter   | needs a Resource",
        "'ResultWriter':{'Resource':'arn:aws:states:::s3:putObject'},| /ResultWriter   | belong together",
        "'ItemReader':{'Resource':'arn:aws:states:::s3:getObject','Parameters':{}}, | /ItemReader | ReaderConfig is missing",
        "'ItemReader':{'Resource':'arn:aws:states:::s3:copyObject','Parameters':{},'ReaderConfig':{'InputType':'JSON'}}, | /ItemReader/Resource | s3:getObject",
        "'ItemReader':{'Resource':'arn:aws:states:::s3:getObject','Parameters':{},'ReaderConfig':{'InputType':'PARQUET'}}, | /ItemReader/ReaderConfig/InputType | PARQUET is not supported",
        "'ItemReader':{'Resource':'arn:aws:states:::s3:getObject','Parameters':{},'ReaderConfig':{'InputType':'CSV','CSVHeaderLocation':'GIVEN'}}, | /ItemReader/ReaderConfig | CSVHeaders",
        "'ItemReader':{'Resource':'arn:aws:states:::s3:getObject','Parameters':{},'ReaderConfig':{'InputType':'JSON','Oops':1}}, | /ItemReader/ReaderConfig/Oops | not a field",
      })
  void aBrokenFieldIsRefusedAtItsPlace(String fields, String pointer, String words) {
    assertThat(StateMachine.validate(map(fields)))
        .singleElement()
        .satisfies(
            problem -> {
              assertThat(problem.pointer()).isEqualTo("/States/Each" + pointer);
              assertThat(problem.message()).contains(words);
            });
  }

  @Test
  void anExpressChildCannotWaitForAJob() {
    String definition =
        map("")
            .replace("STANDARD", "EXPRESS")
            .replace(FUNCTION, "arn:aws:states:::ecs:runTask.sync");

    assertThat(StateMachine.validate(definition))
        .singleElement()
        .satisfies(
            problem -> assertThat(problem.message()).contains("'Work' cannot run in an EXPRESS"));
  }

  @Test
  void aCaseHasItsObjectsOrAnswersForThem() {
    String one =
        """
        {"id":"%s","definition":%s,"input":{},"objects":{%s},"tasks":[%s],"expected":{"status":"SUCCEEDED","output":%s}}
        """;
    String work = map(getObject("k.json", "'InputType':'JSON'"));
    String list =
        map(
            "'ItemReader':{'Resource':'arn:aws:states:::s3:listObjectsV2','Parameters':{'Bucket':'in'}},'ItemSelector':{'k.$':'$$.Map.Item.Value.Key'},");
    String answers = "{\"input\":2,\"output\":\"two\"},{\"input\":1,\"output\":\"one\"}";
    List<ObjectNode> results = new ArrayList<>();

    boolean passed =
        Simulation.cases(
            Json.parse(
                "{\"cases\":["
                    + one.formatted(
                        "objects", work, "\"in/k.json\":[1,2]", answers, "[\"one\",\"two\"]")
                    + ","
                    + one.formatted(
                        "body",
                        work,
                        "",
                        "{\"resource\":\"s3:getObject\",\"output\":{\"Body\":\"[2]\"}}," + answers,
                        "[\"two\"]")
                    + ","
                    + one.formatted(
                        "list",
                        list,
                        "",
                        "{\"resource\":\"s3:listObjectsV2\",\"output\":{\"Contents\":[{\"Key\":\"a\",\"Size\":1}]}},"
                            + "{\"parameters\":{\"k\":\"a\"},\"output\":3}",
                        "[3]")
                    + "]}"),
            results::add);

    assertThat(passed).as("%s", results).isTrue();
  }

  /** Recorded executions refuse an object in an inline Map, and the guide says so. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      nullValues = "-",
      textBlock =
          """
          DISTRIBUTED | 'ItemsPath':'$.x'                    | [{'Key':'b','Value':2},{'Key':'a','Value':[1]}]
          DISTRIBUTED | 'InputPath':'$.x'                    | [{'Key':'b','Value':2},{'Key':'a','Value':[1]}]
          DISTRIBUTED | 'ItemsPath':'$.none'                 | []
          DISTRIBUTED | 'ItemsPath':'$.x','ItemSelector':{'k.$':'$$.Map.Item.Key','v.$':'$$.Map.Item.Value','i.$':'$$.Map.Item.Index'} | [{'k':'b','v':2,'i':0},{'k':'a','v':[1],'i':1}]
          DISTRIBUTED | 'ItemsPath':'$.x','ItemBatcher':{'MaxItemsPerBatch':2} | [{'Items':[{'Key':'b','Value':2},{'Key':'a','Value':[1]}]}]
          DISTRIBUTED | 'QueryLanguage':'JSONata','Items':{'b':'{% 1 + 1 %}','a':[1]} | [{'Key':'b','Value':2},{'Key':'a','Value':[1]}]
          DISTRIBUTED | 'QueryLanguage':'JSONata','Items':'{% $states.input.x %}','ItemSelector':'{% $states.context.Map.Item.Key %}' | ['b','a']
          DISTRIBUTED | 'ItemsPath':'$.n'                    | States.Runtime
          DISTRIBUTED | 'QueryLanguage':'JSONata','Items':'{% 1 %}' | States.QueryEvaluationError
          INLINE      | 'ItemsPath':'$.x'                    | States.Runtime
          INLINE      | 'QueryLanguage':'JSONata','Items':'{% $states.input.x %}' | States.QueryEvaluationError
          """)
  void aDistributedMapTakesAnObject(String mode, String fields, String expected) {
    String config = mode.equals("INLINE") ? "" : ",'ExecutionType':'STANDARD'";
    ExecutionResult result =
        run(
            """
            {'StartAt':'M','States':{'M':{'Type':'Map',%s,'End':true,'ItemProcessor':{
              'ProcessorConfig':{'Mode':'%s'%s},'StartAt':'I','States':{'I':{'Type':'Pass','End':true}}}}}}
            """
                .formatted(fields, mode, config)
                .replace('\'', '"'),
            "{\"x\":{\"b\":2,\"a\":[1]},\"none\":{},\"n\":1}",
            ObjectStore.memory());

    if (expected.startsWith("[")) {
      ExecutionAssert.assertThat(result).succeeded().output(expected.replace('\'', '"'));
    } else {
      ExecutionAssert.assertThat(result).failedWith(expected);
    }
  }
}
