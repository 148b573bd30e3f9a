package io.inframetrics.functions.lambda.snapstart;

import io.inframetrics.aws.AwsClients;
import org.crac.Context;
import org.crac.Core;
import org.crac.Resource;
import org.jspecify.annotations.Nullable;

/**
 * The hooks that SnapStart calls around the snapshot. Nothing must be renewed after it: stores,
 * clients, connections and random seeds are created at the first invocation, and ids come with the
 * events.
 *
 * @see <a
 *     href="https://docs.aws.amazon.com/lambda/latest/dg/snapstart-runtime-hooks-java.html">Runtime
 *     hooks</a>
 */
public final class Checkpoint implements Resource {

  /** The first one loads classes; the others let the compiler reach the code that is used most. */
  private static final int PRIMINGS = 4;

  /** Keeps the checkpoint reachable: the context holds its resources weakly. */
  @SuppressWarnings("unused")
  private static volatile @Nullable Checkpoint registered;

  private final Priming priming;

  private Checkpoint(Priming priming) {
    this.priming = priming;
  }

  /** Runs {@code priming} before the snapshot is taken. */
  public static void register(Priming priming) {
    Checkpoint checkpoint = new Checkpoint(priming);
    Core.getGlobalContext().register(checkpoint);
    registered = checkpoint;
  }

  @Override
  public void beforeCheckpoint(Context<? extends Resource> context) {
    AwsClients.loadCertificates();
    for (int time = 0; time < PRIMINGS; time++) {
      priming.run();
    }
  }

  @Override
  public void afterRestore(Context<? extends Resource> context) {}
}
