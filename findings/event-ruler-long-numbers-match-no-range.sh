#!/usr/bin/env bash
# Event Ruler 2.1.0 (software.amazon.event.ruler:event-ruler), the Java library that AWS published as the matcher behind Amazon EventBridge's rules
#
# What one would guess: {"numeric": [">", 90]} matches every JSON number above 90. A number with more digits than a double can hold is rounded, as
# JSON parsers do. The library's guide supports the guess: numeric matching has the precision and range of Java's double.
#
# What happens instead: a number whose digits are not those of its double (which can be from 16 significant digits on) is compared with nothing. It is neither
# above 90 nor up to 90: no numeric condition matches it. "exists", and "anything-but" with another number, do match. Nothing is logged.
# The library parses the number as BigDecimal and refuses it if its double does not print the same value. In a rule the refusal is an error with a clear
# text (Cannot compare number), but in an event it is dropped.
#
# Why it matters: such numbers are common. PostgreSQL writes the average of integers with 16 decimals (json_build_object('value', avg(v)) gives 93.3333333333333333),
# a Java BigDecimal or a C# decimal that was divided can have 28 or 34 digits, "%.17g" writes 93.3 as 93.299999999999997, and byte counters pass 2^53 at 9 PB. The rule that
# is to alarm above 90 percent works in every test with 95, and at 93.3 percent no one is notified.
#
# What to do: write numbers into events as doubles, or rounded (avg(v)::float8, BigDecimal.doubleValue()). Test a rule with an event that the real producer wrote.
# The library was run here, not the service: ask that with "aws events test-event-pattern".
#
# Output seen on 28 November 2026:
#   rule for value above 90 | up to 90 | not 0 | exists
#   93.33333333333333                     true    false   true   true   double 2800.0 / 30
#   93.3333333333333333                  false    false   true   true   PostgreSQL's avg() of 93, 93 and 94
#   93.33333333333333333333333333333333  false    false   true   true   BigDecimal 2800 / 30, DECIMAL128
#   93.299999999999997                   false    false   true   true   93.3 printed with %.17g
#   9007199254740992                      true    false   true   true   a byte counter at 2^53
#   9007199254740993                     false    false   true   true   a byte later
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"

cat > pom.xml <<'POM'
<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>findings</groupId>
  <artifactId>long-numbers</artifactId>
  <version>1</version>
  <dependencies>
    <dependency>
      <groupId>software.amazon.event.ruler</groupId>
      <artifactId>event-ruler</artifactId>
      <version>2.1.0</version>
    </dependency>
  </dependencies>
</project>
POM

cat > LongNumbers.java <<'JAVA'
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.List;
import software.amazon.event.ruler.Machine;

/** Asks for values above 90. */
public class LongNumbers {
  private static final List<String> CONDITIONS =
      List.of(
          "{\"numeric\": [\">\", 90]}", "{\"numeric\": [\"<=\", 90]}", "{\"anything-but\": 0}", "{\"exists\": true}");

  public static void main(String[] args) throws Exception {
    System.out.println("rule for value above 90 | up to 90 | not 0 | exists");
    show(String.valueOf(2800.0 / 30), "double 2800.0 / 30");
    show("93.3333333333333333", "PostgreSQL's avg() of 93, 93 and 94");
    show(
        new BigDecimal(2800).divide(new BigDecimal(30), MathContext.DECIMAL128).toString(),
        "BigDecimal 2800 / 30, DECIMAL128");
    show("93.299999999999997", "93.3 printed with %.17g");
    show("9007199254740992", "a byte counter at 2^53");
    show("9007199254740993", "a byte later");
  }

  private static void show(String value, String origin) throws Exception {
    boolean[] matches = new boolean[CONDITIONS.size()];
    for (int i = 0; i < matches.length; i++) {
      Machine machine = new Machine();
      machine.addRule("rule", "{\"detail\": {\"value\": [" + CONDITIONS.get(i) + "]}}");
      matches[i] = !machine.rulesForJSONEvent("{\"detail\": {\"value\": " + value + "}}").isEmpty();
    }
    System.out.printf(
        "%-36s %5s    %5s  %5s  %5s   %s%n", value, matches[0], matches[1], matches[2], matches[3], origin);
  }
}
JAVA

mvn -q -B -ntp -Dstyle.color=never -Dmaven.repo.local="$folder/repository" org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies -DoutputDirectory=lib
"${JAVA_HOME:+$JAVA_HOME/bin/}java" -cp 'lib/*' LongNumbers.java 2>stderr >output \
  || { cat output stderr; echo "CHANGED: the program does not run any more."; exit 1; }
cat output

if ! grep -qE '^93\.33333333333333 +true +false +true +true' output || ! grep -qE '^9007199254740992 +true +false +true +true' output; then
  echo "CHANGED: a number that is a double is no longer matched as a number."
  exit 1
fi
if [ "$(grep -cE '^[0-9.]+ +false +false +true +true' output)" != 4 ]; then
  echo "CHANGED: a number with more digits than a double is now compared with a range."
  exit 1
fi
echo "As described: a number with more digits than a double matches no range."
