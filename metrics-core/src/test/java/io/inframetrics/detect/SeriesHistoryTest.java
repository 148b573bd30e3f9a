package io.inframetrics.detect;

import static org.assertj.core.api.Assertions.assertThat;

import io.inframetrics.metric.MetricType;
import io.inframetrics.metric.MetricUnit;
import io.inframetrics.metric.Point;
import io.inframetrics.metric.Series;
import java.util.List;
import org.junit.jupiter.api.Test;

class SeriesHistoryTest {

  @Test
  void putsPointsThatRunBackwardsInOrder() {
    assertThat(points(new Point(30, 3), new Point(10, 1), new Point(20, 2)))
        .containsExactly(new Point(10, 1), new Point(20, 2), new Point(30, 3));
  }

  @Test
  void keepsTheLastOfSeveralPointsAtOneSecond() {
    assertThat(points(new Point(10, 1), new Point(20, 2), new Point(10, 9), new Point(20, 8)))
        .containsExactly(new Point(10, 9), new Point(20, 8));
  }

  @Test
  void leavesOutWhatIsNotFinite() {
    assertThat(
            points(
                new Point(10, Double.NaN),
                new Point(20, 2),
                new Point(30, Double.POSITIVE_INFINITY),
                new Point(40, Double.NEGATIVE_INFINITY)))
        .containsExactly(new Point(20, 2));
  }

  @Test
  void mayBeEmpty() {
    assertThat(points()).isEmpty();
  }

  private static List<Point> points(Point... points) {
    return new SeriesHistory(
            Series.of(MetricType.CPU_UTILIZATION, "i-1"), MetricUnit.PERCENT, List.of(points))
        .points();
  }
}
