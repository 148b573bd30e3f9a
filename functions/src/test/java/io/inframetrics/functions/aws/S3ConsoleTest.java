package io.inframetrics.functions.aws;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.regions.Region;

class S3ConsoleTest {

  @ParameterizedTest
  @CsvSource({
    "eu-west-1, https://eu-west-1.console.aws.amazon.com/s3/object/b?region=eu-west-1&prefix=a/b%20c.html",
    "xx-new-1, https://xx-new-1.console.aws.amazon.com/s3/object/b?region=xx-new-1&prefix=a/b%20c.html",
    "cn-north-1, https://cn-north-1.console.amazonaws.cn/s3/object/b?region=cn-north-1&prefix=a/b%20c.html",
    "us-gov-west-1, https://us-gov-west-1.console.amazonaws-us-gov.com/s3/object/b?region=us-gov-west-1&prefix=a/b%20c.html",
    "us-iso-east-1, s3://b/a/b c.html"
  })
  void linksAnObjectInTheConsoleOfItsPartition(String region, String link) {
    assertThat(S3Console.link(Region.of(region), "b", "a/b c.html")).isEqualTo(link);
  }
}
