package io.inframetrics.integration;

import io.inframetrics.testkit.aws.Fault;
import io.inframetrics.testkit.aws.FaultPlan;
import java.util.Map;

/** What happens to one request. */
enum Crash {
  /** The connection breaks before the service has the request. */
  CUT_BEFORE(Fault.CUT_BEFORE),
  /** The connection breaks when the service has done what it was asked. */
  CUT_AFTER(Fault.CUT_AFTER),
  /** The service does what it was asked, and says that it failed. */
  FAILED_AFTER(Fault.answerAfter(500, Map.of(), new byte[0]));

  private final Fault fault;

  Crash(Fault fault) {
    this.fault = fault;
  }

  /** A plan in which it happens to the {@code n}-th request of all, and to no other. */
  FaultPlan at(int n) {
    return FaultPlan.deciding(request -> request.number() == n ? fault : Fault.PASS);
  }
}
