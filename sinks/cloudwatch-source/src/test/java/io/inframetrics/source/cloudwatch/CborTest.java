package io.inframetrics.source.cloudwatch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.dataformat.cbor.CBORMapper;

/** What is written, another reader understands; what is read is right, or a cut-off answer. */
class CborTest {

  private static CborReader reader(String hex) {
    return new CborReader(HexFormat.of().parseHex(hex));
  }

  /** Most lines are from appendix A of RFC 8949. */
  @ParameterizedTest
  @CsvSource({
    "00, 0",
    "17, 23",
    "1818, 24",
    "1903e8, 1000",
    "1a000f4240, 1000000",
    "1b000000e8d4a51000, 1000000000000",
    "1bffffffffffffffff, 18446744073709551615",
    "20, -1",
    "3863, -100",
    "3bffffffffffffffff, -18446744073709551616",
    "f90000, 0",
    "f93c00, 1",
    "f93e00, 1.5",
    "f97bff, 65504",
    "f90001, 5.960464477539063e-8",
    "f90400, 0.00006103515625",
    "f9c400, -4",
    "f97c00, Infinity",
    "f97e00, NaN",
    "fa47c35000, 100000",
    "fb3ff199999999999a, 1.1",
    "fbc010666666666666, -4.1",
    "c11a514b67b0, 1363896240",
    "c1fb41d452d9ec200000, 1363896240.5",
    "c1c100, 0"
  })
  void readsNumbersOfEveryKind(String hex, double expected) throws IOException {
    assertThat(reader(hex).number()).isEqualTo(Double.valueOf(expected));
  }

  @Test
  void readsTextsAndContainersWithAndWithoutALength() throws IOException {
    assertThat(reader("64c3bc6269").text()).isEqualTo("\u00fcbi");
    assertThat(reader("7f657374726561646d696e67ff").text()).isEqualTo("streaming");
    for (String hex : List.of("83010203", "9f010203ff", "98030102f94200")) {
      CborReader in = reader(hex);
      double sum = 0;
      for (long left = in.array(); in.hasNext(left); left--) {
        sum += in.number();
      }
      assertThat(sum).isEqualTo(6);
    }
  }

  @Test
  void readsPastWhatItDoesNotKnow() throws IOException {
    // true, a text, bytes in two parts, an array in a map, a number with a tag.
    CborReader in =
        reader("87" + "f5" + "6161" + "5f41004101ff" + "a16161820102" + "c100" + "f6" + "07");
    assertThat(in.array()).isEqualTo(7);
    for (int i = 0; i < 5; i++) {
      assertThat(in.isNull()).isFalse();
      in.skip();
    }
    assertThat(in.isNull()).isTrue();
    assertThat(in.number()).isEqualTo(7);
  }

  @ParameterizedTest
  @CsvSource({"61", "7a7fffffff61", "7bffffffffffffffff61", "19", "fb00", "1c", "f5", "6161", "''"})
  void saysWhatIsWrongWithANumberThatIsNone(String hex) {
    assertThatThrownBy(() -> reader(hex).number()).isInstanceOf(IOException.class);
    assertThatThrownBy(() -> reader("81".repeat(5_000)).skip())
        .isInstanceOf(IOException.class)
        .hasMessageContaining("nested too deeply");
  }

  @Test
  void whatIsWrittenIsCbor() {
    String longText = "\u00fc".repeat(200);
    CborWriter out = new CborWriter();
    out.map(6).text("a").array(3).number(23).number(24).number(255);
    out.text("b").number(256).text("c").number(100_800).text("d").text(longText);
    out.text("e").time(1_771_500_300L).text("f").yes();

    Object read = new CBORMapper().readValue(out.toByteArray(), Map.class);
    assertThat(read)
        .isEqualTo(
            Map.of(
                "a",
                List.of(23, 24, 255),
                "b",
                256,
                "c",
                100_800,
                "d",
                longText,
                "e",
                1.7715003e9,
                "f",
                true));
  }

  @Test
  void anAnswerThatIsCutOffOrGarbledIsAnErrorOrAnAnswerAndNothingElse() {
    byte[] whole =
        new CBORMapper()
            .writeValueAsBytes(
                Map.of(
                    "MetricDataResults",
                    List.of(
                        Map.of(
                            "Id", "q0",
                            "Label", "l",
                            "StatusCode", "Complete",
                            "Timestamps", List.of(1.5, 2),
                            "Values", List.of(3.25, 4)))));
    for (int length = 0; length < whole.length; length++) {
      byte[] cut = Arrays.copyOf(whole, length);
      assertThatThrownBy(() -> new MetricDataAnswer().read(new CborReader(cut)))
          .isInstanceOf(IOException.class);
    }
    Random random = new Random(11);
    int refused = 0;
    for (int i = 0; i < 20_000; i++) {
      byte[] garbled = whole.clone();
      garbled[random.nextInt(garbled.length)] = (byte) random.nextInt();
      garbled[random.nextInt(garbled.length)] = (byte) random.nextInt();
      try {
        new MetricDataAnswer().read(new CborReader(garbled));
        new MetricsPage().read(new CborReader(garbled));
      } catch (IOException e) {
        refused++;
      }
    }
    assertThat(refused).isBetween(1_000, 19_000);
  }

  @Test
  void anAnswerIsReadWhateverItsOrderAndWhatIsNullIsAbsent() throws IOException {
    MetricDataAnswer answer = new MetricDataAnswer();
    // {"NextToken": null, "Messages": [], "MetricDataResults": [{"Values": [1.5], "Timestamps":
    // [1(2)], "Label": null, "Id": "q0"}]}
    answer.read(
        reader(
            "a3694e657874546f6b656ef6684d6573736167657380714d657472696344617461526573756c747381a4"
                + "6656616c75657381f93e006a54696d657374616d707381c102654c6162656cf6624964627130"));

    assertThat(answer.nextToken()).isNull();
    assertThat(answer.results()).hasSize(1);
    assertThat(answer.results().get(0).id()).isEqualTo("q0");
    assertThat(answer.results().get(0).status()).isNull();
    assertThat(answer.results().get(0).times()).containsExactly(2);
    assertThat(answer.results().get(0).values()).containsExactly(1.5);
  }
}
