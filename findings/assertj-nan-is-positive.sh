#!/usr/bin/env bash
# AssertJ 3.27.7 and 4.0.0-M1 (org.assertj:assertj-core)
#
# What one would guess: no assertion about the size of a double passes for NaN, as NaN > 0.9 is false in Java.
#
# What happens instead: for NaN, isGreaterThan(0.9), isPositive() and isNotNegative() pass. isGreaterThanOrEqualTo(0.9), isBetween, isLessThan and
# isNegative() fail. So NaN is "greater than" what it is not "greater than or equal to", and is "not negative" but not ">= 0".
# The first three compare by Double.compareTo, in which NaN is above everything, even Infinity. isGreaterThanOrEqualTo with a double compares by Java's >=. The
# Javadoc of these methods says so for 0.0 and -0.0, and nothing about NaN.
#
# Why it matters: in tests of metrics and statistics NaN is the most likely wrong result. A correlation, an F1 score, a hit rate or a mean that became 0.0 / 0
# passes assertThat(score).isGreaterThan(0.9), and the test passes most surely when its data is gone. "Values are not negative" lets every NaN through.
#
# What to do: use isGreaterThanOrEqualTo with a double, or isBetween. Or say isFinite() first: assertThat(score).isFinite().isGreaterThan(0.9).
#
# Output seen on 28 November 2026:
#   the correlation of a load with a constant one is NaN; NaN > 0.9 is false
#   AssertJ 3.27.7:   isGreaterThan(0.9) passes  isGreaterThanOrEqualTo(0.9) fails  isPositive() passes  isNotNegative() passes  isBetween(0.9, 1.0) fails
#   AssertJ 4.0.0-M1: isGreaterThan(0.9) passes  isGreaterThanOrEqualTo(0.9) fails  isPositive() passes  isNotNegative() passes  isBetween(0.9, 1.0) fails
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"

cat > Nan.java <<'JAVA'
import static org.assertj.core.api.Assertions.assertThat;

/** Asks whether two series move together, of which one does not move. */
public class Nan {
  public static void main(String[] args) {
    double correlation = correlation(new double[] {12, 80, 35, 61}, new double[] {50, 50, 50, 50});
    if (args[0].equals("3.27.7")) {
      System.out.printf(
          "the correlation of a load with a constant one is %s; %s > 0.9 is %s%n",
          correlation, correlation, correlation > 0.9);
    }
    System.out.printf("%-17s", "AssertJ " + args[0] + ":");
    show("isGreaterThan(0.9)", () -> assertThat(correlation).isGreaterThan(0.9));
    show("isGreaterThanOrEqualTo(0.9)", () -> assertThat(correlation).isGreaterThanOrEqualTo(0.9));
    show("isPositive()", () -> assertThat(correlation).isPositive());
    show("isNotNegative()", () -> assertThat(correlation).isNotNegative());
    show("isBetween(0.9, 1.0)", () -> assertThat(correlation).isBetween(0.9, 1.0));
    System.out.println();
  }

  private static void show(String name, Runnable assertion) {
    String result = "passes";
    try {
      assertion.run();
    } catch (AssertionError e) {
      result = "fails";
    }
    System.out.printf(" %s %s ", name, result);
  }

  private static double correlation(double[] x, double[] y) {
    double meanX = mean(x);
    double meanY = mean(y);
    double xy = 0;
    double xx = 0;
    double yy = 0;
    for (int i = 0; i < x.length; i++) {
      xy += (x[i] - meanX) * (y[i] - meanY);
      xx += (x[i] - meanX) * (x[i] - meanX);
      yy += (y[i] - meanY) * (y[i] - meanY);
    }
    return xy / Math.sqrt(xx * yy);
  }

  private static double mean(double[] values) {
    double sum = 0;
    for (double value : values) {
      sum += value;
    }
    return sum / values.length;
  }
}
JAVA

for version in 3.27.7 4.0.0-M1; do
  mkdir "$version"
  cat > "$version/pom.xml" <<POM
<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>findings</groupId>
  <artifactId>nan</artifactId>
  <version>1</version>
  <dependencies>
    <dependency>
      <groupId>org.assertj</groupId>
      <artifactId>assertj-core</artifactId>
      <version>$version</version>
    </dependency>
  </dependencies>
</project>
POM
  (cd "$version" && mvn -q -B -ntp -Dstyle.color=never -Dmaven.repo.local="$folder/repository" org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies -DoutputDirectory=lib)
  "${JAVA_HOME:+$JAVA_HOME/bin/}java" -cp "$version/lib/*" Nan.java "$version" 2>stderr | sed 's/ *$//' >output \
    || { cat output stderr; echo "CHANGED: the program does not run any more."; exit 1; }
  cat output

  for passing in 'isGreaterThan(0.9)' 'isPositive()' 'isNotNegative()'; do
    if ! grep -qF "$passing passes" output; then
      echo "CHANGED: with AssertJ $version, $passing no longer passes for NaN."
      exit 1
    fi
  done
  for failing in 'isGreaterThanOrEqualTo(0.9)' 'isBetween(0.9, 1.0)'; do
    if ! grep -qF "$failing fails" output; then
      echo "CHANGED: with AssertJ $version, $failing no longer fails for NaN."
      exit 1
    fi
  done
done
echo "As described: NaN is greater than 0.9, but not greater than or equal to it."
