#!/usr/bin/env bash
# DDSketch for Java (com.datadoghq:sketches-java) 0.8.3 and HdrHistogram (org.hdrhistogram:HdrHistogram) 2.2.2
#
# What one would guess: a sketch or histogram refuses NaN, ignores it, or answers NaN. The other libraries for percentiles in Java do one of these. Both refuse
# what they cannot store, such as Infinity, with an exception.
#
# What happens instead: NaN is counted as 0. DDSketch's check asks whether the value is below its least or above its greatest, which NaN is not, and what is
# neither positive nor negative is added to the count of zeros. In DoubleHistogram NaN passes the same kind of check, and (long) NaN is 0. (For DoubleHistogram, a
# change that refuses NaN was proposed in July 2026. No release has it.)
#
# Why it matters: NaN is what 0.0 / 0 gives: the share of free space of a disk without a size, the error ratio of a minute without a request. Two unreadable
# disks of ten make the least free space and its 10th percentile 0, which is a false alarm, and lower the average by a fifth. In latencies or loads it is the other way
# round: the percentiles fall while data is missing. Once sketches are merged, it cannot be taken out.
#
# What to do: test Double.isNaN before accept() and recordValue(), and count what was left out.
#
# Output seen on 28 November 2026:
#   percent free: 41 43 45 47 49 51 53 55, and two NaN
#   DDSketch 0.8.3                         count 10  min 0.0   p10 0.0   average 38.4
#   HdrHistogram 2.2.2                     count 10  min 0.0   p10 0.0   average 38.4
#   t-digest 3.3                           IllegalArgumentException
#   Apache DataSketches 6.2.0 (KLL)        count 8   min 41.0  p10 41.0
#   java.util.DoubleSummaryStatistics      count 10  min NaN             average NaN
#   Infinity: DDSketch IllegalArgumentException, HdrHistogram ArrayIndexOutOfBoundsException
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"

cat > pom.xml <<'POM'
<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>findings</groupId>
  <artifactId>nan</artifactId>
  <version>1</version>
  <dependencies>
    <dependency>
      <groupId>com.datadoghq</groupId>
      <artifactId>sketches-java</artifactId>
      <version>0.8.3</version>
    </dependency>
    <dependency>
      <groupId>org.hdrhistogram</groupId>
      <artifactId>HdrHistogram</artifactId>
      <version>2.2.2</version>
    </dependency>
    <dependency>
      <groupId>com.tdunning</groupId>
      <artifactId>t-digest</artifactId>
      <version>3.3</version>
    </dependency>
    <dependency>
      <groupId>org.apache.datasketches</groupId>
      <artifactId>datasketches-java</artifactId>
      <version>6.2.0</version>
    </dependency>
  </dependencies>
</project>
POM

cat > FreeSpace.java <<'JAVA'
import com.datadoghq.sketch.ddsketch.DDSketch;
import com.datadoghq.sketch.ddsketch.DDSketches;
import com.tdunning.math.stats.TDigest;
import java.util.DoubleSummaryStatistics;
import java.util.Locale;
import java.util.function.DoubleConsumer;
import java.util.function.Supplier;
import org.HdrHistogram.DoubleHistogram;
import org.apache.datasketches.kll.KllDoublesSketch;

/** Summarises the free space of ten disks, of which two have no size. */
public class FreeSpace {
  private static final double[] FREE = {41, 43, 45, 47, 49, 51, 53, 55};

  public static void main(String[] args) {
    System.out.println("percent free: 41 43 45 47 49 51 53 55, and two NaN");

    DDSketch sketch = DDSketches.unboundedDense(0.001);
    show(
        "DDSketch 0.8.3",
        sketch::accept,
        () -> text(sketch.getCount(), sketch.getMinValue(), sketch.getValueAtQuantile(0.1), sketch.getAverage()));

    DoubleHistogram histogram = new DoubleHistogram(3);
    show(
        "HdrHistogram 2.2.2",
        histogram::recordValue,
        () ->
            text(
                histogram.getTotalCount(),
                histogram.getMinValue(),
                histogram.getValueAtPercentile(10),
                histogram.getMean()));

    TDigest digest = TDigest.createDigest(100);
    show(
        "t-digest 3.3",
        digest::add,
        () -> text(digest.size(), digest.getMin(), digest.quantile(0.1), null));

    KllDoublesSketch kll = KllDoublesSketch.newHeapInstance();
    show(
        "Apache DataSketches 6.2.0 (KLL)",
        kll::update,
        () -> text(kll.getN(), kll.getMinItem(), kll.getQuantile(0.1), null));

    DoubleSummaryStatistics statistics = new DoubleSummaryStatistics();
    show(
        "java.util.DoubleSummaryStatistics",
        statistics,
        () -> text(statistics.getCount(), statistics.getMin(), null, statistics.getAverage()));

    System.out.printf(
        "Infinity: DDSketch %s, HdrHistogram %s%n",
        refusal(() -> DDSketches.unboundedDense(0.001).accept(Double.POSITIVE_INFINITY)),
        refusal(() -> new DoubleHistogram(3).recordValue(Double.POSITIVE_INFINITY)));
  }

  private static void show(String library, DoubleConsumer values, Supplier<String> summary) {
    String refusal =
        refusal(
            () -> {
              for (double percent : FREE) {
                values.accept(percent);
              }
              double free = 0;
              double size = 0;
              values.accept(100 * free / size);
              values.accept(100 * free / size);
            });
    System.out.printf("%-37s  %s%n", library, refusal.equals("accepted") ? summary.get() : refusal);
  }

  private static String refusal(Runnable action) {
    try {
      action.run();
      return "accepted";
    } catch (RuntimeException e) {
      return e.getClass().getSimpleName();
    }
  }

  private static String text(double count, double min, Double tenth, Double average) {
    return String.format(
            Locale.ROOT,
            "count %-2.0f  min %-4.1f  %-8s  %s",
            count,
            min,
            tenth == null ? "" : String.format(Locale.ROOT, "p10 %.1f", tenth),
            average == null ? "" : String.format(Locale.ROOT, "average %.1f", average))
        .stripTrailing();
  }
}
JAVA

mvn -q -B -ntp -Dstyle.color=never -Dmaven.repo.local="$folder/repository" org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies -DoutputDirectory=lib
"${JAVA_HOME:+$JAVA_HOME/bin/}java" -cp 'lib/*' FreeSpace.java 2>stderr >output \
  || { cat output stderr; echo "CHANGED: the program does not run any more."; exit 1; }
cat output

for library in "DDSketch 0.8.3" "HdrHistogram 2.2.2"; do
  if ! grep -q "^$library  *count 10  min 0.0  *p10 0.0  *average 38" output; then
    echo "CHANGED: $library no longer counts NaN as 0."
    exit 1
  fi
done
if ! grep -q '^Infinity: DDSketch IllegalArgumentException, HdrHistogram ArrayIndexOutOfBoundsException' output; then
  echo "CHANGED: Infinity is no longer refused."
  exit 1
fi
echo "As described: DDSketch and DoubleHistogram count NaN as 0."
