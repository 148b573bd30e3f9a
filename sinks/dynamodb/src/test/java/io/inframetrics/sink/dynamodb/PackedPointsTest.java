package io.inframetrics.sink.dynamodb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.inframetrics.metric.Point;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PackedPointsTest {

  @Test
  void hasAFormatThatStays() {
    List<Point> points = List.of(new Point(1771500463, 37.66), new Point(1771500763, -0.5));

    assertThat(HexFormat.of().formatHex(PackedPoints.pack(points)))
        .isEqualTo("01" + "02" + "deceb7990d" + "4042d47ae147ae14" + "ac02" + "bfe0000000000000");
  }

  @Test
  void givesBackWhatWasPacked() {
    Random random = new Random(20260219);
    for (int round = 0; round < 2_000; round++) {
      List<Point> points = new ArrayList<>();
      long second = random.nextInt(4) == 0 ? -random.nextLong(1L << 40) : random.nextLong(1L << 40);
      int count = random.nextInt(50);
      for (int i = 0; i < count; i++) {
        points.add(new Point(second, Double.longBitsToDouble(random.nextLong())));
        second += 1 + random.nextLong(1L << random.nextInt(40));
      }
      byte[] packed = PackedPoints.pack(points);

      assertThat(PackedPoints.unpack(packed)).isEqualTo(points);
      assertThat(packed.length).isLessThanOrEqualTo(3 + 18 * points.size() + 18);
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {0, -1, 1, Long.MAX_VALUE, Long.MIN_VALUE, 1771500463L})
  void packsAnySecond(long second) {
    List<Point> points = List.of(new Point(second, 1));

    assertThat(PackedPoints.unpack(PackedPoints.pack(points))).isEqualTo(points);
  }

  @Test
  void takesTenBytesForAPointEveryFiveMinutes() {
    List<Point> points = new ArrayList<>();
    for (int i = 0; i < 36; i++) {
      points.add(new Point(1771500463 + i * 300L, i / 3.0));
    }

    assertThat(PackedPoints.pack(points)).hasSize(2 + 36 * 8 + 5 + 35 * 2);
  }

  @Test
  void refusesPointsThatDoNotAscend() {
    assertThatThrownBy(() -> PackedPoints.pack(List.of(new Point(5, 1), new Point(5, 2))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("point at 5 follows one at 5");
  }

  @Test
  void packsDenselyAndExactly() {
    Random random = new Random(11);
    for (int round = 0; round < 300; round++) {
      int decimals = random.nextInt(9);
      List<Point> points = new ArrayList<>();
      long second = random.nextInt(3) == 0 ? -random.nextInt(9_000) : 1_771_500_463L;
      for (int i = random.nextInt(100); i > 0; i--) {
        double value = (random.nextDouble() - 0.3) * Math.pow(10, random.nextInt(12));
        double scale = Math.pow(10, decimals);
        points.add(new Point(second, decimals > 7 ? value : Math.round(value * scale) / scale));
        second += random.nextInt(10) == 0 ? 1 + random.nextInt(90_000) : 300;
      }
      assertThat(PackedPoints.unpack(PackedPoints.packDense(points))).isEqualTo(points);
    }
    for (double value : new double[] {0.0, -0.0, 1e126, -1e-130, Double.MIN_VALUE, 0.1 + 0.2}) {
      List<Point> one = List.of(new Point(1, value));
      assertThat(PackedPoints.unpack(PackedPoints.packDense(one))).isEqualTo(one);
    }
    List<Point> day = new ArrayList<>();
    for (int i = 0; i < 72; i++) {
      day.add(new Point(1_771_500_463L + 300 * i, 37.66 + i % 7));
    }
    assertThat(PackedPoints.packDense(day)).hasSizeLessThan(72 * 3);
    byte[] packed = PackedPoints.packDense(day);
    for (int length = 0; length < packed.length; length++) {
      byte[] cut = Arrays.copyOf(packed, length);
      assertThatThrownBy(() -> PackedPoints.unpack(cut))
          .isInstanceOf(IllegalArgumentException.class);
    }
    assertThatThrownBy(() -> PackedPoints.packDense(List.of(new Point(5, 1), new Point(5, 1))))
        .hasMessageContaining("point at 5 follows one at 5");
  }

  @Test
  void refusesBytesThatAreCutOrOfAnotherVersion() {
    byte[] packed = PackedPoints.pack(List.of(new Point(1, 1), new Point(2, 2)));

    for (int length = 0; length < packed.length; length++) {
      byte[] cut = Arrays.copyOf(packed, length);
      assertThatThrownBy(() -> PackedPoints.unpack(cut))
          .isInstanceOf(IllegalArgumentException.class);
    }
    assertThatThrownBy(() -> PackedPoints.unpack(Arrays.copyOf(packed, packed.length + 1)))
        .hasMessageContaining("cut or damaged");
    packed[0] = 3;
    assertThatThrownBy(() -> PackedPoints.unpack(packed))
        .hasMessageContaining("version 3, and this program supports versions 1 and 2");
  }

  @Test
  void neverFailsOtherwiseWhateverTheBytes() {
    Random random = new Random(7);
    for (int round = 0; round < 20_000; round++) {
      byte[] bytes = new byte[random.nextInt(40)];
      random.nextBytes(bytes);
      if (bytes.length > 0 && random.nextBoolean()) {
        bytes[0] = 1;
      }
      try {
        PackedPoints.unpack(bytes);
      } catch (IllegalArgumentException e) {
        assertThat(e).hasMessageContaining("packed points");
      }
    }
  }
}
