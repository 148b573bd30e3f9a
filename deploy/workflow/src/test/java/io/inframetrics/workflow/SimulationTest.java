package io.inframetrics.workflow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.inframetrics.workflow.data.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** From JSON to JSON, as a command line prints it. */
class SimulationTest {

  private static final String DEFINITION =
      """
      {"StartAt":"Nap","States":{
        "Nap":{"Type":"Wait","Seconds":2,"Next":"Work"},
        "Work":{"Type":"Task","Resource":"${Function}","Parameters":{"note":"${Note}"},"End":true,
          "Retry":[{"ErrorEquals":["E"],"IntervalSeconds":3,"BackoffRate":1.5}]}}}
      """;

  private static JsonNode json(String text) {
    return Json.parse(text.replace("'", "\""));
  }

  @Test
  void saysWhatHappened() {
    JsonNode result =
        Simulation.simulate(
            DEFINITION,
            json("{}"),
            json(
                "[{'state':'Work','error':'E'},{'error':'E','seconds':1},{'output':{'done':true}}]"),
            Map.of());

    assertThat(result.toString())
        .isEqualTo(
            json("""
                    {'status':'SUCCEEDED','output':{'done':true},'states':['Nap','Work'],
                     'delays':[{'state':'Nap','kind':'wait','seconds':2},{'state':'Work','kind':'retry','seconds':3},
                               {'state':'Work','kind':'retry','seconds':4.5}],
                     'transitions':4}
                    """)
                .toString());
  }

  @Test
  void saysWhyItFailed() {
    JsonNode result =
        Simulation.simulate(
            DEFINITION, json("{}"), json("[{'error':'F','cause':{'errorMessage':'m'}}]"), Map.of());

    assertThat(result.get("status").stringValue()).isEqualTo("FAILED");
    assertThat(result.get("error").stringValue()).isEqualTo("F");
    assertThat(result.get("cause").stringValue()).isEqualTo("{\"errorMessage\":\"m\"}");
    assertThat(result.has("output")).isFalse();
  }

  @Test
  void anEntryIsForItsResource() {
    String arn = "arn:aws:lambda:us-east-1:000000000000:function:f";
    JsonNode tasks =
        json("[{'resource':'other','output':1},{'resource':'" + arn + "','output':2}]");

    JsonNode result = Simulation.simulate(DEFINITION, json("{}"), tasks, Map.of("Function", arn));

    assertThat(result.get("output").intValue()).isEqualTo(2);
  }

  @Test
  void badTasksAreRefusedInOneSentence() {
    for (String tasks :
        List.of(
            "{}",
            "[1]",
            "[{}]",
            "[{'output':1,'error':'E'}]",
            "[{'output':1,'seconds':-1}]",
            "[{'state':1,'output':1}]",
            "[{'error':5}]")) {
      assertThatThrownBy(() -> Simulation.simulate(DEFINITION, json("{}"), json(tasks), Map.of()))
          .as(tasks)
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageStartingWith("tasks");
    }
  }

  @Test
  void casesPassOrSayWhatHappenedInstead() {
    String ok = "{'StartAt':'A','States':{'A':{'Type':'Pass','End':true}}}";
    String fail = "{'StartAt':'A','States':{'A':{'Type':'Fail','Error':'E','Cause':'c'}}}";
    JsonNode cases =
        json("{'cases':["
                + "{'id':'same','definition':"
                + ok
                + ",'input':{'a':1,'j':'{\\'b\\':1.0}'},'tasks':[],"
                + "'expected':{'status':'SUCCEEDED','output':{'j':'{ \\'b\\': 1 }','a':1.0}}},"
                    .replace("\\'", "\\\"")
                + "{'id':'other','definition':"
                + ok
                + ",'input':{'a':1},'expected':{'status':'SUCCEEDED','output':{'a':2}}},"
                + "{'id':'failed','definition':"
                + fail
                + ",'input':{},'expected':{'status':'FAILED','error':'E','cause':'c'}},"
                + "{'id':'wrong cause','definition':"
                + fail
                + ",'input':{},'expected':{'status':'FAILED','error':'E','cause':'any words'}},"
                + "{'id':'wrong error','definition':"
                + fail
                + ",'input':{},'expected':{'status':'FAILED','error':'F'}},"
                + "{'id':'refused','definition':{},'input':{},'expected':{'status':'SUCCEEDED','output':1}}]}")
            .deepCopy();
    List<String> results = new ArrayList<>();

    boolean all =
        Simulation.cases(
            cases,
            result -> results.add(result.get("id").stringValue() + " " + result.get("pass")));

    assertThat(all).isFalse();
    assertThat(results)
        .containsExactly(
            "same true",
            "other false",
            "failed true",
            "wrong cause false",
            "wrong error false",
            "refused false");
  }

  /** Runs one case and returns its result. */
  private static JsonNode one(String definition, String tasks, String expected) {
    List<JsonNode> results = new ArrayList<>();
    Simulation.cases(
        json(
            "{'cases':[{'id':'it','definition':%s,'tasks':%s,'expected':%s}]}"
                .formatted(definition, tasks, expected)),
        results::add);
    return results.get(0);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      textBlock =
          """
          'states':['A','B']                                                 |
          'states':['NOPE']                                                  | states
          'transitions':3                                                    |
          'transitions':99                                                   | transitions
          'delays':[{'state':'A','kind':'retry','seconds':1.0}]              |
          'delays':[1]                                                       | delays
          'delays':[]                                                        | delays
          'output':'b'                                                       |
          'output':'a','states':[],'transitions':3                           | output,states
          'error':'E'                                                        | error
          'error':null                                                       | error
          'cause':'c'                                                        | cause
          'cause':null                                                       | cause
          'problems':[]                                                      | problems
          'unused':['tasks[3]']                                              |
          'unused':[]                                                        | unused
          """)
  void everyExpectedFieldIsCompared(String fields, @Nullable String differs) {
    JsonNode result =
        one(
            """
            {'StartAt':'A','States':{
              'A':{'Type':'Task','Resource':'${A}','Retry':[{'ErrorEquals':['E']}],'Next':'B'},
              'B':{'Type':'Task','Resource':'${B}','End':true}}}
            """,
            "[{'error':'E'},{'output':'a'},{'output':'b'},{'output':'c'}]",
            "{'status':'SUCCEEDED'," + fields + "}");

    assertThat(result.get("pass").booleanValue()).as("%s", result).isEqualTo(differs == null);
    assertThat(
            String.join(
                ",", result.path("differs").valueStream().map(JsonNode::stringValue).toList()))
        .isEqualTo(differs == null ? "" : differs);
    assertThat(result.get("unused").toString()).isEqualTo("[\"tasks[3]\"]");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      textBlock =
          """
          'Plain'         | 'Plain'           | true
          'Plain'         | 'Other'           | false
          'Plain'         | null              | false
          'Plain'         | {'a':1}           | false
          '{\\'a\\':1}'   | {'a':1.0}         | true
          '{\\'a\\':1}'   | '{ \\'a\\': 1 }'  | true
          '{\\'a\\':1}'   | '{ \\'a\\': 2 }'  | false
          """)
  void aCauseIsComparedAsJsonOrAsText(String cause, String expected, boolean same) {
    JsonNode result =
        one(
            "{'StartAt':'A','States':{'A':{'Type':'Fail','Error':'E','Cause':" + cause + "}}}",
            "[]",
            "{'status':'FAILED','cause':" + expected + "}");

    assertThat(result.get("pass").booleanValue()).as("%s", result).isEqualTo(same);
  }

  @Test
  void whatNoResultHasCannotBeExpected() {
    String pass = "{'StartAt':'A','States':{'A':{'Type':'Pass','End':true}}}";

    assertThatThrownBy(() -> one(pass, "[]", "{'status':'SUCCEEDED','ouput':{}}"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "cases[0].expected has an unknown field 'ouput': use status, output, error, cause,"
                + " states, delays, transitions, unused, problems");
    assertThatThrownBy(() -> one(pass, "[]", "'SUCCEEDED'"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("cases[0].expected must be an object");
    assertThat(one("{}", "[]", "{'status':'REFUSED','problems':[]}").get("pass").booleanValue())
        .isFalse();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      textBlock =
          """
          {'input':{'a':1.0},'output':'one'}                                               | one
          {'parameters':{'a':1},'output':'one'}                                            | one
          {'output':'any'},{'input':{'a':1},'output':'one'}                                | one
          {'input':{'a':2},'output':'two'},{'output':'any'}                                | any
          {'input':{'a':2},'output':'two'}                                                 | -
          {'input':null,'output':'none'}                                                   | -
          {'state':'A','parameters':{'a':2},'output':1},{'state':'B','output':'other'}     | -
          """)
  void anEntryWithAnInputAnswersOnlyThatInput(String tasks, String output) {
    JsonNode result =
        Simulation.simulate(
            """
            {"StartAt":"A","States":{"A":{"Type":"Task","Resource":"${A}","End":true,
              "Catch":[{"ErrorEquals":["States.ALL"],"Next":"Caught"}]},
              "Caught":{"Type":"Pass","Result":"caught","End":true}}}
            """,
            json("{'a':1}"),
            json("[" + tasks + "]"),
            Map.of());

    assertThat(result.path("output").asString("-")).as("%s", result).isEqualTo(output);
  }

  @Test
  void aGapForOneInputShowsBothInputs() {
    JsonNode result =
        Simulation.simulate(
            "{\"StartAt\":\"A\",\"States\":{\"A\":{\"Type\":\"Task\",\"Resource\":\"${A}\",\"End\":true}}}",
            json("{'a':1}"),
            json("[{'state':'A','input':{'a':2},'output':1}]"),
            Map.of());

    assertThat(result.get("error").stringValue()).isEqualTo("Simulation.NoTaskResult");
    assertThat(result.get("cause").stringValue())
        .isEqualTo(
            "there is no unused task result for state 'A' and resource '${A}' with the input {\"a\":1}:"
                + " tasks[0] is for the input {\"a\":2}");
  }

  @Test
  void aFileWithoutCasesIsRefused() {
    assertThatThrownBy(() -> Simulation.cases(json("{}"), result -> {}))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("cases");
  }
}
