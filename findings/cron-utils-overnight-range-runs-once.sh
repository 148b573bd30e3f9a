#!/usr/bin/env bash
# cron-utils 9.2.1 (com.cronutils:cron-utils) with CronType.QUARTZ, beside Quartz 2.5.2
#
# What one would guess: cron-utils runs a Quartz expression when Quartz does, or refuses it. "0 0 22-2 * * ?" is every hour from 22:00 to 02:00, as
# Quartz's documentation says of such a range.
#
# What happens instead: cron-utils accepts the range for Quartz (for Unix and Spring it is an error), validate() passes, and the description is right: "every
# hour between 22 and 2". But it runs at 22:00 only. isMatch() says no to 23:00 and 01:00, too. NOV-FEB is November only, and minutes 50-10 are minute 50 only. A range over
# the end of the week, FRI-MON, is right.
# The range was allowed in the parser. The class that computes the times (BetweenFieldValueGenerator) still takes the first number for the smaller one.
#
# Why it matters: a check that is to run in a night window, or an alarm that is to be silent in one, does so in the first hour of five. The page that shows the
# schedule in words says that all is well.
#
# What to do: write the two halves, "22-23,0-2", which is right. To refuse such ranges, define the fields yourself and set withStrictRange() on them. Show the next
# times beside the words.
#
# Output seen on 28 November 2026:
#   0 0 22-2 * * ?            every hour between 22 and 2
#     Quartz      28 22:00  28 23:00  29 00:00  29 01:00  29 02:00  29 22:00
#     cron-utils  28 22:00  29 22:00  30 22:00  01 22:00  02 22:00  03 22:00
#   0 50-10/5 * * * ?         every 5 minutes between 50 and 10
#     Quartz      28 12:05  28 12:10  28 12:50  28 12:55  28 13:00  28 13:05
#     cron-utils  28 12:50  28 13:50  28 14:50  28 15:50  28 16:50  28 17:50
#   0 0 22-23,0-2 * * ?       every hour between 22 and 23 and every hour between 0 and 2
#     Quartz      28 22:00  28 23:00  29 00:00  29 01:00  29 02:00  29 22:00
#     cron-utils  28 22:00  28 23:00  29 00:00  29 01:00  29 02:00  29 22:00
#   0 0 8 ? * FRI-MON         at 08:00 every day between Friday and Monday
#     Quartz      29 08:00  30 08:00  04 08:00  05 08:00  06 08:00  07 08:00
#     cron-utils  29 08:00  30 08:00  04 08:00  05 08:00  06 08:00  07 08:00
#   0 22-2 * * * for Unix: Failed to parse cron expression. Invalid range! [22,2]
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"

cat > pom.xml <<'POM'
<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>findings</groupId>
  <artifactId>overnight</artifactId>
  <version>1</version>
  <dependencies>
    <dependency>
      <groupId>com.cronutils</groupId>
      <artifactId>cron-utils</artifactId>
      <version>9.2.1</version>
    </dependency>
    <dependency>
      <groupId>org.quartz-scheduler</groupId>
      <artifactId>quartz</artifactId>
      <version>2.5.2</version>
    </dependency>
  </dependencies>
</project>
POM

cat > Overnight.java <<'JAVA'
import com.cronutils.descriptor.CronDescriptor;
import com.cronutils.model.Cron;
import com.cronutils.model.CronType;
import com.cronutils.model.definition.CronDefinitionBuilder;
import com.cronutils.model.time.ExecutionTime;
import com.cronutils.parser.CronParser;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Date;
import java.util.List;
import java.util.Locale;
import java.util.TimeZone;
import java.util.function.UnaryOperator;
import org.quartz.CronExpression;

/** Lists the next six times of a schedule, by two libraries. */
public class Overnight {
  private static final ZonedDateTime NOON = ZonedDateTime.of(2026, 11, 28, 12, 0, 0, 0, ZoneOffset.UTC);

  public static void main(String[] args) throws Exception {
    for (String expression :
        List.of("0 0 22-2 * * ?", "0 50-10/5 * * * ?", "0 0 22-23,0-2 * * ?", "0 0 8 ? * FRI-MON")) {
      Cron cron = parser(CronType.QUARTZ).parse(expression).validate();
      System.out.printf("%-24s  %s%n", expression, CronDescriptor.instance(Locale.ENGLISH).describe(cron));
      CronExpression quartz = new CronExpression(expression);
      quartz.setTimeZone(TimeZone.getTimeZone("UTC"));
      show("Quartz", time -> quartz.getNextValidTimeAfter(Date.from(time.toInstant())).toInstant().atZone(ZoneOffset.UTC));
      show("cron-utils", time -> ExecutionTime.forCron(cron).nextExecution(time).orElseThrow());
    }
    try {
      parser(CronType.UNIX).parse("0 22-2 * * *");
      System.out.println("0 22-2 * * * for Unix: accepted");
    } catch (IllegalArgumentException e) {
      System.out.println("0 22-2 * * * for Unix: " + e.getMessage());
    }
  }

  private static CronParser parser(CronType type) {
    return new CronParser(CronDefinitionBuilder.instanceDefinitionFor(type));
  }

  private static void show(String library, UnaryOperator<ZonedDateTime> next) {
    System.out.printf("  %-10s", library);
    ZonedDateTime time = NOON;
    for (int i = 0; i < 6; i++) {
      time = next.apply(time);
      System.out.print(time.format(DateTimeFormatter.ofPattern("  dd HH:mm")));
    }
    System.out.println();
  }
}
JAVA

mvn -q -B -ntp -Dstyle.color=never -Dmaven.repo.local="$folder/repository" org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies -DoutputDirectory=lib
"${JAVA_HOME:+$JAVA_HOME/bin/}java" -cp 'lib/*' Overnight.java 2>stderr >output \
  || { cat output stderr; echo "CHANGED: the program does not run any more."; exit 1; }
cat output

times() { # what a library says of an expression
  grep -FA 2 "$2  " output | grep "^  $1" | head -n 1 | sed "s/^  $1 *//"
}
if [ "$(times Quartz '0 0 22-2 * * ?')" != "28 22:00  28 23:00  29 00:00  29 01:00  29 02:00  29 22:00" ]; then
  echo "CHANGED: Quartz itself reads the range in another way."
  exit 1
fi
if [ "$(times cron-utils '0 0 22-2 * * ?')" != "28 22:00  29 22:00  30 22:00  01 22:00  02 22:00  03 22:00" ]; then
  echo "CHANGED: cron-utils no longer runs a range over midnight at its first hour only."
  exit 1
fi
if [ "$(times cron-utils '0 0 22-23,0-2 * * ?')" != "$(times Quartz '0 0 22-23,0-2 * * ?')" ]; then
  echo "CHANGED: the two halves of the range, written out, are no longer right."
  exit 1
fi
echo "As described: of a range over midnight, cron-utils runs the first hour only."
