package io.inframetrics.workflow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.inframetrics.workflow.data.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
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
            "same true", "other false", "failed true", "wrong error false", "refused false");
  }

  @Test
  void aFileWithoutCasesIsRefused() {
    assertThatThrownBy(() -> Simulation.cases(json("{}"), result -> {}))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("cases");
  }
}
