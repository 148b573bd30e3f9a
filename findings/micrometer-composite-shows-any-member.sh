#!/usr/bin/env bash
# Micrometer 1.17.2: CompositeMeterRegistry, and registries with a step, such as those of CloudWatch, Datadog, New Relic or OTLP with deltas
#
# What one would guess: after counter.increment(3), counter.count() is 3. A composite of two registries, which Spring Boot makes as soon as an application has two
# exporters, shows the same, or at least always the same.
#
# What happens instead: a registry with a step shows what was counted in the last whole step: 0 during the first minute, then the count, then 0 again. A composite asks
# one of its members, the first of a map that is ordered by identity hash codes and not by when members were added. So with a cumulative registry (Prometheus) and one
# with a step (CloudWatch) the same program reads 3 or 0, and chance decides it anew for each composite; both in one JVM, as below.
#
# Why it matters: the injected MeterRegistry of a Spring Boot application is such a composite. A health check, a test or a collector that reads counters from it works
# on one machine and reads zeros after an update of something else, for as long as the JVM lives. Nothing is logged.
#
# What to do: read meters from a registry that you chose and that is cumulative, such as a SimpleMeterRegistry bean of your own, which Spring Boot fills as it fills the
# others. Never from the composite.
#
# Output seen on 28 November 2026:
#   a step of a minute: count() is 0.0 after increment(3), 3.0 a minute later, 0.0 two minutes later
#   100 composites of a cumulative registry and one with a step, in this order: 61 show 3.0, 39 show 0.0
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"

cat > pom.xml <<'POM'
<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>findings</groupId>
  <artifactId>composite</artifactId>
  <version>1</version>
  <dependencies>
    <dependency>
      <groupId>io.micrometer</groupId>
      <artifactId>micrometer-core</artifactId>
      <version>1.17.2</version>
    </dependency>
  </dependencies>
</project>
POM

cat > Composite.java <<'JAVA'
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MockClock;
import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import io.micrometer.core.instrument.simple.CountingMode;
import io.micrometer.core.instrument.simple.SimpleConfig;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;

/** Counts three orders and reads the count. */
public class Composite {
  public static void main(String[] args) {
    MockClock clock = new MockClock();
    Counter counter = withStep(clock).counter("orders");
    counter.increment(3);
    double now = counter.count();
    clock.add(Duration.ofMinutes(1));
    double next = counter.count();
    clock.add(Duration.ofMinutes(1));
    System.out.printf(
        "a step of a minute: count() is %s after increment(3), %s a minute later, %s two minutes later%n",
        now, next, counter.count());

    int right = 0;
    for (int i = 0; i < 100; i++) {
      CompositeMeterRegistry composite = new CompositeMeterRegistry(clock);
      composite.add(new SimpleMeterRegistry(SimpleConfig.DEFAULT, clock));
      composite.add(withStep(clock));
      Counter orders = composite.counter("orders");
      orders.increment(3);
      right += orders.count() == 3 ? 1 : 0;
    }
    System.out.printf(
        "100 composites of a cumulative registry and one with a step, in this order: %d show 3.0, %d show 0.0%n",
        right, 100 - right);
  }

  /** As the registries of CloudWatch or Datadog count. */
  private static MeterRegistry withStep(MockClock clock) {
    return new SimpleMeterRegistry(
        new SimpleConfig() {
          @Override
          public String get(String key) {
            return null;
          }

          @Override
          public CountingMode mode() {
            return CountingMode.STEP;
          }

          @Override
          public Duration step() {
            return Duration.ofMinutes(1);
          }
        },
        clock);
  }
}
JAVA

mvn -q -B -ntp -Dstyle.color=never -Dmaven.repo.local="$folder/repository" org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies -DoutputDirectory=lib
"${JAVA_HOME:+$JAVA_HOME/bin/}java" -cp 'lib/*' Composite.java 2>stderr >output \
  || { cat output stderr; echo "CHANGED: the program does not run any more."; exit 1; }
cat output

if ! grep -qF "count() is 0.0 after increment(3), 3.0 a minute later, 0.0 two minutes later" output; then
  echo "CHANGED: a registry with a step shows something else."
  exit 1
fi
if grep -qE ": (0|100) show 3\.0" output; then
  echo "CHANGED: all composites show the same."
  exit 1
fi
echo "As described: of a composite registry chance decides which member's count is shown."
