package io.inframetrics.functions.aws;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.inframetrics.aws.AwsClients;
import java.util.Map;
import java.util.function.Predicate;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class UnlistedRegionTest {

  private static void refuse(String region, Predicate<String> exists) {
    try (AwsClients clients = AwsClients.fromEnvironment(Map.of("AWS_REGION", region))) {
      UnlistedRegion.refuse(clients, exists);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "eu-wst-1, dynamodb.eu-wst-1.amazonaws.com, did you mean eu-west-1?",
    "us-eats-1, dynamodb.us-eats-1.amazonaws.com, did you mean us-east-1?",
    "cn-nroth-1, dynamodb.cn-nroth-1.amazonaws.com.cn, did you mean cn-north-1?",
    "frankfurt, dynamodb.frankfurt.amazonaws.com, check AWS_REGION or the AWS profile"
  })
  void aMisspelledRegionIsRefusedWithTheNearestOne(String region, String server, String advice) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> refuse(region, name -> false))
        .withMessageContainingAll("'" + region + "'", server, advice);
  }

  @ParameterizedTest
  @ValueSource(strings = {"eu-west-9", "xx-polar-1"})
  void aRegionThatIsNewerThanTheSdkIsPossible(String region) {
    assertThatCode(() -> refuse(region, name -> name.contains(region))).doesNotThrowAnyException();
  }

  @ParameterizedTest
  @ValueSource(strings = {"eu-west-1", "cn-north-1", "us-gov-west-1"})
  void nothingIsAskedAboutARegionThatTheSdkKnows(String region) {
    assertThatCode(() -> refuse(region, name -> false)).doesNotThrowAnyException();
  }

  @ParameterizedTest
  @CsvSource({
    "AWS_ENDPOINT_URL, http://localhost:4566",
    "HTTPS_PROXY, http://proxy:3128",
    "https_proxy, http://proxy:3128"
  })
  void everyRegionIsPossibleBehindAnEndpointOrAProxy(String variable, String value) {
    Map<String, String> environment = Map.of("AWS_REGION", "eu-wst-1", variable, value);
    try (AwsClients clients = AwsClients.fromEnvironment(environment)) {
      assertThatCode(() -> UnlistedRegion.refuse(clients, environment)).doesNotThrowAnyException();
    }
  }
}
