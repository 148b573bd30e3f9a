package io.inframetrics.sink.dynamodb;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;

/** The DynamoDB stores keep the contracts of the ports on moto's DynamoDB too. */
@Tag("soak")
class MotoContractsTest extends DynamoDbContractsTest {

  @BeforeAll
  static void requireMoto() {
    MotoServer.assumeInstalled();
  }

  @Override
  LocalTable newTable() {
    return new LocalTable(MotoServer.endpoint());
  }
}
