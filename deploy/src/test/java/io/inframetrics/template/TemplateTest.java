package io.inframetrics.template;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;

/** How a template is read. */
class TemplateTest {

  private static final String SMALL =
      """
      Parameters:
        Size: {Type: Number, Default: 3}
        Rate: {Type: String, Default: slow, AllowedValues: [slow, fast]}
        Mail: {Type: String, Default: ""}
      Mappings:
        Rates: {slow: {Seconds: 10800}, fast: {Seconds: 300}}
      Conditions:
        HasMail: !Not [!Equals [!Ref Mail, ""]]
        IsFast: !And [!Equals [!Ref Rate, fast], !Condition HasMail]
      Globals:
        Function:
          Runtime: !Ref Rate
          Environment: {Variables: {A: all, B: all}}
      Resources:
        Topic: {Type: T, Condition: HasMail}
        Function:
          Type: AWS::Serverless::Function
          Properties:
            Runtime: !Sub java${Size}
            Environment: {Variables: {B: own, C: !If [IsFast, fast, !Ref AWS::NoValue]}}
        Thing:
          Type: T
          Properties:
            Ref: !Ref Function.Alias
            Arn: !GetAtt Function.Arn
            Sub: !Sub "${Size} of ${Function.Arn}, ${!dt}"
            SubWithOwn: !Sub ["${Own}-${Size}", {Own: !Ref Rate}]
            Seconds: !FindInMap [Rates, !Ref Rate, Seconds]
            Digits: !Select [0, !Split ["-", !Select [2, !Split [/, "a/b/c-d"]]]]
            Joined: !Join ["-", [a, !Ref Size]]
            Flag: true
            Quoted: "true"
            Number: 1.5
      """;

  private static String at(Map<String, String> parameters, String resource, String pointer) {
    return Template.parse(SMALL).with(parameters).resource(resource).at(pointer).toString();
  }

  @Test
  void readsShortTagsAsTheFunctionsThatTheyAre() {
    assertThat(at(Map.of(), "Thing", ""))
        .isEqualTo(
            "{\"Ref\":\"${Function.Alias}\",\"Arn\":\"${Function.Arn}\",\"Sub\":\"3 of ${Function.Arn},"
                + " ${dt}\",\"SubWithOwn\":\"slow-3\",\"Seconds\":10800,\"Digits\":\"c\",\"Joined\":\"a-3\","
                + "\"Flag\":true,\"Quoted\":\"true\",\"Number\":1.5}");
  }

  @Test
  void mergesGlobalsIntoFunctions() {
    assertThat(at(Map.of(), "Function", ""))
        .isEqualTo(
            "{\"Runtime\":\"java3\",\"Environment\":{\"Variables\":{\"A\":\"all\",\"B\":\"own\"}}}");
  }

  @Test
  void leavesOutWhatItsConditionLeavesOut() {
    Map<String, String> fast = Map.of("Rate", "fast", "Mail", "a@b");
    assertThat(Template.parse(SMALL).with(Map.of()).resources()).doesNotContainKey("Topic");
    assertThat(Template.parse(SMALL).with(fast).resources()).containsKey("Topic");
    assertThat(at(fast, "Function", "/Environment/Variables/C")).isEqualTo("\"fast\"");
    assertThat(at(fast, "Thing", "/Seconds")).isEqualTo("300");
  }

  @Test
  void refusesParametersThatCannotBe() {
    Template template = Template.parse(SMALL);
    assertThatThrownBy(() -> template.with(Map.of("Seize", "1")))
        .hasMessageContaining("no parameter 'Seize': use one of [Size, Rate, Mail]");
    assertThatThrownBy(() -> template.with(Map.of("Rate", "often")))
        .hasMessageContaining("parameter 'Rate' is 'often': use one of [\"slow\",\"fast\"]");
  }

  @Test
  void refusesWhatIsNoTemplate() {
    assertThatThrownBy(() -> Template.parse("a: [")).hasMessageContaining("not valid YAML");
    assertThatThrownBy(() -> Template.parse("")).hasMessageContaining("empty");
    assertThatThrownBy(() -> Template.parse("a: 1")).hasMessageContaining("no Resources");
    assertThatThrownBy(() -> Template.parse("Resources: {A: {}, A: {}}"))
        .hasMessageContaining("'A' twice");
    assertThatThrownBy(
            () -> Template.parse("Resources: {A: {Properties: {B: !Cidr [a]}}}").with(Map.of()))
        .hasMessageContaining("function 'Fn::Cidr' is not supported");
  }
}
