package io.inframetrics.workflow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.inframetrics.workflow.data.Json;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

class TestStateTest {

  private static final String TASK =
      """
      {"Type":"Task","Resource":"arn:aws:states:::sqs:sendMessage.waitForTaskToken",
       "InputPath":"$.order","Parameters":{"id.$":"$.id","token.$":"$$.Task.Token"},
       "ResultSelector":{"ok.$":"$.accepted"},"ResultPath":"$.answer","Next":"Ship",
       "Retry":[{"ErrorEquals":["Busy"],"IntervalSeconds":2,"MaxAttempts":2,"BackoffRate":3}],
       "Catch":[{"ErrorEquals":["Other"],"Next":"Ship"},
                {"ErrorEquals":["States.ALL"],"Next":"Refund","ResultPath":"$.why"}]}
      """;

  private static ObjectNode run(String definition, String rest) {
    ObjectNode request = (ObjectNode) Json.parse("{" + rest.replace('\'', '"') + "}");
    request.put("definition", definition);
    return TestState.run(request);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      nullValues = "-",
      value = {
        "'result':{'accepted':true}                         | 0 | SUCCEEDED    | Ship   | -",
        "'errorOutput':{'error':'Busy','cause':'later'}     | 0 | RETRIABLE    | -      | {'retryIndex':0,'retryBackoffIntervalSeconds':2}",
        "'errorOutput':{'error':'Busy','cause':'later'}     | 1 | RETRIABLE    | -      | {'retryIndex':0,'retryBackoffIntervalSeconds':6}",
        "'errorOutput':{'error':'Busy','cause':'later'}     | 2 | CAUGHT_ERROR | Refund | {'catchIndex':1}",
        "'errorOutput':{'error':'Other'}                    | 0 | CAUGHT_ERROR | Ship   | {'catchIndex':0}",
        "'errorOutput':{'error':'States.Runtime'}           | 0 | FAILED       | -      | -",
      })
  void aMockDecidesHowTheStateEnds(
      String mock, int retries, String status, String next, String details) {
    ObjectNode answer =
        run(
            TASK,
            "'input':{'order':{'id':7}},'inspectionLevel':'DEBUG','mock':{"
                + mock
                + "},'stateConfiguration':{'retrierRetryCount':"
                + retries
                + "}");

    assertThat(answer.path("status").asString()).isEqualTo(status);
    assertThat(answer.path("nextState").asString(null)).isEqualTo(next);
    JsonNode found = answer.at("/inspectionData/errorDetails");
    assertThat(found.isMissingNode() ? null : Json.text(found))
        .isEqualTo(details == null ? null : details.replace('\'', '"'));
  }

  @Test
  void eachStepOfTheDataIsShown() {
    ObjectNode answer =
        run(
            TASK,
            """
            "input":"{\\"order\\":{\\"id\\":7}}","inspectionLevel":"DEBUG","context":{"Task":{"Token":"t-1"}},
            "variables":{"price":3},"mock":{"result":"{\\"accepted\\":true}"}
            """);

    assertThat(answer.get("output").stringValue())
        .isEqualTo("{\"order\":{\"id\":7},\"answer\":{\"ok\":true}}");
    JsonNode data = answer.get("inspectionData");
    assertThat(data.get("input").stringValue()).isEqualTo("{\"order\":{\"id\":7}}");
    assertThat(data.get("afterInputPath").stringValue()).isEqualTo("{\"id\":7}");
    assertThat(data.get("afterParameters").stringValue()).startsWith("{\"id\":7,\"token\":");
    assertThat(data.get("result").stringValue()).isEqualTo("{\"accepted\":true}");
    assertThat(data.get("afterResultSelector").stringValue()).isEqualTo("{\"ok\":true}");
    assertThat(data.get("afterResultPath").stringValue())
        .isEqualTo("{\"order\":{\"id\":7},\"answer\":{\"ok\":true}}");
    assertThat(data.get("variables").stringValue()).isEqualTo("{\"price\":3}");
    assertThat(answer.has("error")).isFalse();
  }

  @Test
  void aStateInJsonataShowsItsArgumentsAndVariables() {
    ObjectNode answer =
        run(
            """
            {"QueryLanguage":"JSONata","Type":"Task","Resource":"arn:aws:states:::http:invoke",
             "Arguments":{"ApiEndpoint":"{% 'https://example.com/' & $states.input.id %}","Method":"GET"},
             "Assign":{"status":"{% $states.result.StatusCode %}"},"Output":"{% $price * 2 %}","End":true}
            """,
            "'input':{'id':7},'variables':{'price':3},'inspectionLevel':'TRACE','mock':{'result':{'StatusCode':200}}");

    assertThat(answer.get("output").stringValue()).isEqualTo("6");
    assertThat(answer.has("nextState")).isFalse();
    JsonNode data = answer.get("inspectionData");
    assertThat(data.get("afterArguments").stringValue())
        .isEqualTo("{\"ApiEndpoint\":\"https://example.com/7\",\"Method\":\"GET\"}");
    assertThat(data.get("variables").stringValue()).isEqualTo("{\"price\":3,\"status\":200}");
    assertThat(data.at("/request/url").stringValue()).isEqualTo("https://example.com/7");
    assertThat(data.has("afterInputPath")).isFalse();
  }

  @Test
  void aMapShowsItsItemsAndItsLimits() {
    String definition =
        """
        {"StartAt":"Each","States":{"Each":{"Type":"Map","MaxConcurrency":3,"ToleratedFailureCount":1,
          "ItemReader":{"Resource":"arn:aws:states:::s3:getObject","Parameters":{"Bucket":"b","Key":"k"},
            "ReaderConfig":{"InputType":"JSONL"}},
          "ItemSelector":{"n.$":"$$.Map.Item.Value"},"ItemBatcher":{"MaxItemsPerBatch":2},
          "ItemProcessor":{"ProcessorConfig":{"Mode":"DISTRIBUTED","ExecutionType":"STANDARD"},
            "StartAt":"Work","States":{"Work":{"Type":"Pass","End":true}}},"End":true}}}
        """;
    String rest =
        "'stateName':'Each','inspectionLevel':'DEBUG','mock':{'result':[1]},"
            + "'stateConfiguration':{'mapItemReaderData':'1\\n2\\n3','mapIterationFailureCount':%d,'errorCausedByState':'Work'}";

    ObjectNode answer = run(definition, rest.formatted(1));

    assertThat(answer.get("output").stringValue()).isEqualTo("[1]");
    JsonNode data = answer.get("inspectionData");
    assertThat(data.get("afterItemSelector").stringValue())
        .isEqualTo("[{\"n\":1},{\"n\":2},{\"n\":3}]");
    assertThat(data.get("afterItemBatcher").stringValue())
        .isEqualTo("[{\"Items\":[{\"n\":1},{\"n\":2}]},{\"Items\":[{\"n\":3}]}]");
    assertThat(data.get("maxConcurrency").intValue()).isEqualTo(3);
    assertThat(data.get("toleratedFailureCount").intValue()).isEqualTo(1);
    assertThat(run(definition, rest.formatted(2)).get("error").stringValue())
        .isEqualTo("States.ExceedToleratedFailureThreshold");
    assertThat(run(definition, "'stateName':'Work','input':[5]").get("output").stringValue())
        .isEqualTo("[5]");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{'Type':'Choice','Choices':[{'Variable':'$.n','NumericLessThan':5,'Next':'Low'}],'Default':'High'} | SUCCEEDED | Low  | {'n':1}",
        "{'Type':'Wait','Seconds':3600,'Next':'Go'}                             | SUCCEEDED | Go   | {'n':1}",
        "{'Type':'Pass','Result':2,'Next':'Go'}                                 | SUCCEEDED | Go   | 2",
        "{'Type':'Fail','Error':'E','Cause':'because'}                          | FAILED    |      |",
        "{'Type':'Choice','Choices':[{'Variable':'$.n','NumericLessThan':0,'Next':'Low'}]} | FAILED |  |",
        "{'Type':'Pass','Parameters':{'x.$':'$.absent'},'End':true}             | FAILED    |      |",
      })
  void aStateThatCallsNothingNeedsNoMock(
      String definition, String status, String next, String output) {
    ObjectNode answer = run(definition.replace('\'', '"'), "'input':{'n':1}");

    assertThat(answer.path("status").asString()).isEqualTo(status);
    assertThat(answer.path("nextState").asString(null)).isEqualTo(next);
    assertThat(answer.path("output").asString(null))
        .isEqualTo(output == null ? null : output.replace('\'', '"'));
    assertThat(answer.has("error")).isEqualTo(status.equals("FAILED"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "'mock':{}                                              | needs a mock",
        "'mock':{'result':1,'errorOutput':{'error':'E'}}        | either result or errorOutput",
        "'mock':{'result':1,'fieldValidationMode':'STRICT'}     | must be NONE",
        "'mock':{'result':1,'errors':2}                         | unknown fields: [errors]",
        "'mock':{'result':'{'}                                  | result is not JSON",
        "'mock':{'result':1},'inspectionLevel':'ALL'            | INFO, DEBUG or TRACE",
        "'mock':{'result':1},'stateConfiguration':{'retrierRetryCount':-1} | from 0",
        "'mock':{'result':1},'stateConfiguration':{'errorCausedByState':'X'} | inside of",
        "'mock':{'result':1},'stateName':'X'                    | no state 'X'",
        "'mok':{}                                               | unknown fields: [mok]",
      })
  void aWrongRequestIsRefused(String rest, String words) {
    String definition =
        rest.contains("stateName")
            ? "{\"StartAt\":\"A\",\"States\":{\"A\":" + "{\"Type\":\"Succeed\"}}}"
            : TASK;

    assertThatThrownBy(() -> run(definition, rest))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(words);
  }

  /** The steps that each type of state shows, and the mocks that it takes, as recorded on AWS. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      nullValues = "-",
      value = {
        "{'Type':'Pass','End':true}                          | -     | input afterInputPath afterParameters afterResultSelector afterResultPath",
        "{'Type':'Pass','Result':1,'End':true}               | -     | input result afterResultSelector afterResultPath",
        "{'Type':'Pass','QueryLanguage':'JSONata','End':true}| -     | input",
        "{'Type':'Succeed'}                                  | -     | input afterInputPath",
        "{'Type':'Fail'}                                     | -     | input afterInputPath",
        "{'Type':'Fail','QueryLanguage':'JSONata'}           | -     | input",
        "{'Type':'Parallel','Branches':[BRANCH,BRANCH],'End':true} | [1,2] | input afterResultSelector afterResultPath",
        "{'Type':'Parallel','Branches':[BRANCH,BRANCH],'End':true} | 1     | Mocked result must be an array.",
        "{'Type':'Parallel','Branches':[BRANCH,BRANCH],'End':true} | [1]   | Mocked result must contain the same number of items",
        "{'Type':'Map','ItemsPath':'$.l','ItemProcessor':BRANCH,'End':true} | [1,2] | input maxConcurrency afterItemsPath afterInputPath afterResultSelector afterResultPath",
        "{'Type':'Map','ItemsPath':'$.l','ItemProcessor':BRANCH,'End':true} | {}    | Mocked result must be an array.",
        "{'Type':'Map','QueryLanguage':'JSONata','Items':[1],'ItemProcessor':BRANCH,'End':true} | [1] | input maxConcurrency",
      })
  void aStateShowsTheStepsOfItsType(String definition, @Nullable String mock, String expected) {
    String branch = "{\"StartAt\":\"B\",\"States\":{\"B\":{\"Type\":\"Succeed\"}}}";
    String state = definition.replace('\'', '"').replaceFirst("BRANCH", branch);
    String request =
        "'input':{'l':[1,2]},'inspectionLevel':'DEBUG'"
            + (mock == null ? "" : ",'mock':{'result':" + mock + "}");

    if (expected.startsWith("Mocked")) {
      assertThatThrownBy(() -> run(state.replace("BRANCH", branch.replace("B\"", "C\"")), request))
          .hasMessageContaining(expected);
    } else {
      assertThat(
              run(state.replace("BRANCH", branch.replace("B\"", "C\"")), request)
                  .get("inspectionData")
                  .propertyNames())
          .containsExactlyInAnyOrder(expected.split(" "));
    }
  }

  @Test
  void aRetrierThatIsUsedUpIsNamed() {
    ObjectNode answer =
        run(
            "{\"Type\":\"Task\",\"Resource\":\"arn:aws:states:::lambda:invoke\",\"End\":true,"
                + "\"Retry\":[{\"ErrorEquals\":[\"E\"],\"MaxAttempts\":2}]}",
            "'inspectionLevel':'DEBUG','mock':{'errorOutput':{'error':'E'}},"
                + "'stateConfiguration':{'retrierRetryCount':2}");

    assertThat(answer.path("status").asString()).isEqualTo("FAILED");
    assertThat(answer.at("/inspectionData/errorDetails")).hasToString("{\"retryIndex\":0}");
  }
}
