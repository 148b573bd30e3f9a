package io.inframetrics.workflow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.inframetrics.workflow.definition.DefinitionException;
import io.inframetrics.workflow.definition.Problem;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is refused when a definition is loaded, and where. */
class DefinitionProblemsTest {

  private static final String TASK =
      "\"Type\":\"Task\",\"Resource\":\"arn:aws:lambda:us-east-1:000000000000:function:f\"";

  private static String state(String fields) {
    return "{\"StartAt\":\"S\",\"States\":{\"S\":{"
        + fields.replace("'", "\"").replace("TASK", TASK)
        + "}}}";
  }

  /** One state S each; pointers are below it, and the message has the words. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          'Type':'Pass'                                                          |                      | one of Next, End is missing
          'Type':'Pass','End':true,'Next':'S'                                    |                      | only one of
          'Type':'Pass','End':false                                              | /End                 | must be true
          'Type':'Nope','End':true                                               | /Type                | not a type
          'End':true                                                             |                      | Type is missing
          'Type':'Pass','End':true,'Retry':[]                                    | /Retry               | not a field
          'Type':'Pass','End':true,'Oops':1                                      | /Oops                | not a field
          'Type':'Pass','End':true,'Assign':[]                                   | /Assign              | must be an object
          'Type':'Pass','End':true,'Assign':{'states':1}                         | /Assign              | reserved
          'Type':'Pass','End':true,'Assign':{'x.y':1}                            | /Assign              | not the name of a variable
          'Type':'Pass','End':true,'Assign':{'x[2].$':'$'}                       | /Assign              | not the name of a variable
          'Type':'Pass','End':true,'Assign':{'1x':1}                             | /Assign              | not the name of a variable
          'Type':'Succeed','Assign':{'x':1}                                      | /Assign              | not a field
          'Type':'Fail','Assign':{'x':1}                                         | /Assign              | not a field
          'Type':'Pass','End':true,'Output':'x'                                  | /Output              | JSONata
          'Type':'Pass','End':true,'Arguments':{}                                | /Arguments           | JSONata
          'Type':'Pass','End':true,'QueryLanguage':'XPath'                       | /QueryLanguage       | JSONPath or JSONata
          'Type':'Pass','End':true,'QueryLanguage':'JSONata','InputPath':'$'     | /InputPath           | belongs to JSONPath
          'Type':'Pass','End':true,'QueryLanguage':'JSONata','Result':1          | /Result              | belongs to JSONPath
          'Type':'Pass','End':true,'QueryLanguage':'JSONata','Output':'{% a ?? b %}' | /Output         | S0211
          'Type':'Pass','End':true,'QueryLanguage':'JSONata','Output':['{% a ?: b %}'] | /Output/0     | S0211
          'Type':'Pass','End':true,'QueryLanguage':'JSONata','Assign':{'x.$':1}  | /Assign              | not the name of a variable
          'Type':'Choice','QueryLanguage':'JSONata','Choices':[{'Variable':'$','IsNull':true,'Next':'S'}] | /Choices/0/Variable | use Condition
          'Type':'Choice','QueryLanguage':'JSONata','Choices':[{'Next':'S'}]     | /Choices/0           | Condition is missing
          'Type':'Choice','QueryLanguage':'JSONata','Choices':[{'Condition':'true','Next':'S'}] | /Choices/0/Condition | true, false or
          'Type':'Choice','Choices':[{'Condition':true,'Next':'S'}]              | /Choices/0/Condition | belongs to JSONata
          'Type':'Map','QueryLanguage':'JSONata','Items':1,'End':true,'ItemProcessor':{'StartAt':'I','States':{'I':{'Type':'Succeed'}}} | /Items | must be an array
          TASK,'QueryLanguage':'JSONata','End':true,'Catch':[{'ErrorEquals':['E'],'ResultPath':null,'Next':'S'}] | /Catch/0/ResultPath | belongs to JSONPath
          TASK,'End':true,'Catch':[{'ErrorEquals':['E'],'Output':1,'Next':'S'}]  | /Catch/0/Output      | belongs to JSONata
          TASK,'QueryLanguage':'JSONata','End':true,'TimeoutSeconds':'soon'      | /TimeoutSeconds      | whole number from 1
          'Type':'Pass','End':true,'InputPath':'a'                               | /InputPath           | begin with $
          'Type':'Pass','End':true,'InputPath':'$.a['                            | /InputPath           | not a path
          'Type':'Pass','End':true,'InputPath':'$states.input'                   | /InputPath           | reserved
          'Type':'Pass','End':true,'InputPath':'$na me'                          | /InputPath           | name of a variable
          'Type':'Pass','End':true,'ResultPath':'$name.a'                        | /ResultPath          | use Assign
          'Type':'Pass','End':true,'InputPath':'$.l.length()'                    | /InputPath           | functions
          'Type':'Pass','End':true,'InputPath':5                                 | /InputPath           | must be a string
          'Type':'Pass','End':true,'ResultPath':'$.l[*]'                         | /ResultPath          | exactly one node
          'Type':'Pass','End':true,'ResultPath':'$$.a'                           | /ResultPath          | context object
          'Type':'Pass','End':true,'Parameters':[]                               | /Parameters          | must be an object
          'Type':'Pass','End':true,'Parameters':{'a.$':1}                        | /Parameters/a.$      | as a string
          'Type':'Pass','End':true,'Parameters':{'a.$':'b'}                      | /Parameters/a.$      | begin with $
          'Type':'Pass','End':true,'Parameters':{'a':1,'a.$':'$'}                | /Parameters/a.$      | given twice
          'Type':'Pass','End':true,'Parameters':{'x':[{'a.$':'States.Nope()'}]}  | /Parameters/x/0/a.$  | no function
          'Type':'Task','End':true                                               |                      | Resource is missing
          'Type':'Task','Resource':'f','End':true                                | /Resource            | neither
          'Type':'Task','Resource':'arn:aws:states:::sqs:sendMessages','End':true | /Resource           | sqs:sendMessages
          'Type':'Task','Resource':'arn:aws:states:::dynamodb:getItem.waitForTaskToken','End':true | /Resource | waitForTaskToken
          'Type':'Task','Resource':'arn:aws:states:::ecs:runTask.sync:2','End':true | /Resource         | use no pattern or .sync or .waitForTaskToken
          'Type':'Task','Resource':'arn:aws:states:::sqs:sendMessage.wait','End':true | /Resource       | .wait
          'Type':'Task','Resource':'arn:aws:states:::sqs','End':true             | /Resource            | service:action
          'Type':'Task','Resource':'arn:aws:states:::aws-sdk:dynamodb:GetItem','End':true | /Resource   | such as getItem
          'Type':'Task','Resource':'arn:aws:states:::aws-sdk:dynamo-db:getItem','End':true | /Resource  | aws-sdk:dynamo-db
          'Type':'Task','Resource':'arn:aws:states:::aws-sdk:ecs:runTask.sync','End':true | /Resource   | remove .sync
          'Type':'Task','Resource':'arn:aws:states:us-east-1:1:activity:','End':true | /Resource        | activity
          'Type':'Task','Resource':'arn:aws:states:::activity:a','End':true      | /Resource            | activity:a
          TASK,'End':true,'Credentials':{'Role':'r'}                             | /Credentials         | RoleArn is missing
          TASK,'End':true,'TimeoutSeconds':0                                     | /TimeoutSeconds      | whole number from 1
          TASK,'End':true,'TimeoutSeconds':1.5                                   | /TimeoutSeconds      | whole number
          TASK,'End':true,'TimeoutSeconds':5,'TimeoutSecondsPath':'$.t'          |                      | only one of
          TASK,'End':true,'TimeoutSecondsPath':'$.t[*]'                          | /TimeoutSecondsPath  | exactly one node
          TASK,'End':true,'TimeoutSeconds':5,'HeartbeatSeconds':5                | /HeartbeatSeconds    | smaller
          TASK,'End':true,'Retry':[{}]                                           | /Retry/0             | ErrorEquals
          TASK,'End':true,'Retry':[{'ErrorEquals':[]}]                           | /Retry/0             | at least one
          TASK,'End':true,'Retry':[{'ErrorEquals':['E'],'BackoffRate':0.5}]      | /Retry/0/BackoffRate | at least 1.0
          TASK,'End':true,'Retry':[{'ErrorEquals':['E'],'MaxAttempts':-1}]       | /Retry/0/MaxAttempts | whole number from 0
          TASK,'End':true,'Retry':[{'ErrorEquals':['E'],'IntervalSeconds':0}]    | /Retry/0/IntervalSeconds | whole number from 1
          TASK,'End':true,'Retry':[{'ErrorEquals':['E'],'MaxDelaySeconds':31622400}] | /Retry/0/MaxDelaySeconds | to 31622399
          TASK,'End':true,'Retry':[{'ErrorEquals':['E'],'JitterStrategy':'SOME'}] | /Retry/0/JitterStrategy | FULL or NONE
          TASK,'End':true,'Retry':[{'ErrorEquals':['States.ALL','E']}]           | /Retry/0/ErrorEquals | alone
          TASK,'End':true,'Retry':[{'ErrorEquals':['States.ALL']},{'ErrorEquals':['E']}] | /Retry/0/ErrorEquals | last
          TASK,'End':true,'Retry':[{'ErrorEquals':['E'],'Next':'S'}]             | /Retry/0/Next        | not a field
          TASK,'End':true,'Catch':[{'ErrorEquals':['E']}]                        | /Catch/0             | Next is missing
          TASK,'End':true,'Catch':[{'ErrorEquals':['E'],'Next':'Z'}]             |                      | no state 'Z'
          TASK,'Next':'Z'                                                        | /Next                | no state 'Z'
          'Type':'Choice','Choices':[]                                           | /Choices             | not be empty
          'Type':'Choice','Choices':[{'Variable':'$','IsNull':true}]             | /Choices/0           | Next is missing
          'Type':'Choice','Choices':[{'Variable':'$','Next':'S'}]                | /Choices/0           | needs a comparison
          'Type':'Choice','Choices':[{'Variable':'$','IsNull':true,'IsString':true,'Next':'S'}] | /Choices/0 | one comparison
          'Type':'Choice','Choices':[{'Variable':'$','IsNope':true,'Next':'S'}]  | /Choices/0/IsNope    | not a comparison
          'Type':'Choice','Choices':[{'Variable':'$','IsNullPath':'$','Next':'S'}] | /Choices/0/IsNullPath | not a comparison
          'Type':'Choice','Choices':[{'Variable':'$','StringMatchesPath':'$','Next':'S'}] | /Choices/0/StringMatchesPath | not a comparison
          'Type':'Choice','Choices':[{'Variable':'$','NumericEquals':'1','Next':'S'}] | /Choices/0/NumericEquals | a number
          'Type':'Choice','Choices':[{'Variable':'$','TimestampEquals':'today','Next':'S'}] | /Choices/0/TimestampEquals | a timestamp
          'Type':'Choice','Choices':[{'IsNull':true,'Next':'S'}]                 | /Choices/0           | Variable is missing
          'Type':'Choice','Choices':[{'And':[],'Next':'S'}]                      | /Choices/0/And       | not be empty
          'Type':'Choice','Choices':[{'Not':{'Variable':'$','IsNull':true,'Next':'S'},'Next':'S'}] | /Choices/0/Not/Next | only a rule
          'Type':'Choice','Choices':[{'Variable':'$','IsNull':true,'Next':'S'}],'Next':'S' | /Next      | not a field
          'Type':'Wait','End':true                                               |                      | one of Seconds
          'Type':'Wait','Seconds':1,'Timestamp':'2026-01-01T00:00:00Z','End':true |                     | only one of
          'Type':'Wait','Seconds':-1,'End':true                                  | /Seconds             | whole number from 0
          'Type':'Wait','Timestamp':'2026-01-01','End':true                      | /Timestamp           | not a timestamp
          'Type':'Fail','Error':'E','ErrorPath':'$.e'                            |                      | only one of
          'Type':'Fail','Next':'S'                                               | /Next                | not a field
          'Type':'Succeed','End':true                                            | /End                 | not a field
          'Type':'Parallel','End':true                                           |                      | Branches is missing
          'Type':'Parallel','End':true,'Branches':[{}]                           | /Branches/0          | StartAt is missing
          'Type':'Parallel','End':true,'Branches':[{'StartAt':'B','States':{'B':{'Type':'Pass','Next':'S'}}}] | /Branches/0/States/B/Next | no state 'S'
          'Type':'Parallel','End':true,'Branches':[{'StartAt':'S','States':{'S':{'Type':'Succeed'}}}] | /Branches/0/States/S | is called 'S' too
          'Type':'Map','End':true                                                |                      | one of ItemProcessor
          'Type':'Map','End':true,'ItemProcessor':{'ProcessorConfig':{'Mode':'DISTRIBUTE'},'StartAt':'I','States':{'I':{'Type':'Succeed'}}} | /ItemProcessor/ProcessorConfig/Mode | INLINE or DISTRIBUTED
          'Type':'Map','End':true,'ToleratedFailureCount':1,'ItemProcessor':{'StartAt':'I','States':{'I':{'Type':'Succeed'}}} | /ToleratedFailureCount | distributed
          'Type':'Map','End':true,'ItemReader':{},'ItemProcessor':{'StartAt':'I','States':{'I':{'Type':'Succeed'}}} | /ItemReader | distributed
          """)
  void aBrokenStateIsRefusedAtItsPlace(String fields, String pointer, String words) {
    assertThat(StateMachine.validate(state(fields)))
        .anySatisfy(
            problem -> {
              assertThat(problem.pointer())
                  .isEqualTo("/States/S" + (pointer == null ? "" : pointer));
              assertThat(problem.message()).contains(words);
            });
  }

  @Test
  void everythingIsReportedAtOnce() {
    assertThat(
            StateMachine.validate(
                """
                {"StartAt":"Gone","Oops":1,"TimeoutSeconds":0,"States":{
                  "A":{"Type":"Pass","InputPath":"x","Next":"B"},
                  "B":{"Type":"Task","Resource":"nothing","End":true}}}
                """))
        .extracting(Problem::pointer)
        .containsExactlyInAnyOrder(
            "/TimeoutSeconds", "/States/A/InputPath", "/States/B/Resource", "/StartAt", "/Oops");
  }

  @Test
  void aStateThatNothingLeadsToIsRefused() {
    assertThat(
            StateMachine.validate(
                "{\"StartAt\":\"A\",\"States\":{\"A\":{\"Type\":\"Succeed\"},\"B/~\":{\"Type\":\"Succeed\"}}}"))
        .singleElement()
        .satisfies(
            problem -> {
              assertThat(problem.pointer()).isEqualTo("/States/B~1~0");
              assertThat(problem.message()).contains("no transition");
            });
  }

  @Test
  void aScopeThatNeverEndsIsRefused() {
    assertThat(
            StateMachine.validate(
                "{\"StartAt\":\"A\",\"States\":{\"A\":{\"Type\":\"Pass\",\"Next\":\"B\"},\"B\":{\"Type\":\"Pass\",\"Next\":\"A\"}}}"))
        .singleElement()
        .satisfies(problem -> assertThat(problem.message()).contains("ends"));
  }

  @Test
  void textThatIsNotJsonIsRefusedWithItsPlace() {
    assertThat(StateMachine.validate("{\n  \"StartAt\": }"))
        .singleElement()
        .satisfies(
            problem -> assertThat(problem.message()).contains("not JSON").contains("line 2"));
    assertThat(StateMachine.validate("[]"))
        .singleElement()
        .extracting(Problem::message)
        .isEqualTo("the definition must be an object");
    assertThat(
            StateMachine.validate(
                "{\"StartAt\":\"A\",\"States\":{\"A\":{\"Type\":\"Succeed\"},\"A\":{\"Type\":\"Succeed\"}}}"))
        .singleElement()
        .satisfies(
            problem -> assertThat(problem.message()).contains("Duplicate").contains("\"A\""));
  }

  @Test
  void aPlaceholderIsFineForValidateAndRefusedForARun() {
    String definition = state("'Type':'Task','Resource':'${Arn}','End':true");

    assertThat(StateMachine.validate(definition)).isEmpty();
    assertThatThrownBy(() -> StateMachine.parse(definition, Map.of("Other", "x")))
        .isInstanceOf(DefinitionException.class)
        .hasMessageContaining("/States/S/Resource: ${Arn} has no substitution");
  }
}
