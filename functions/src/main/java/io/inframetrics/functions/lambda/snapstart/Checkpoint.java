package io.inframetrics.functions.lambda.snapstart;

import io.inframetrics.aws.AwsClients;
import org.crac.Context;
import org.crac.Core;
import org.crac.Resource;
import org.jspecify.annotations.Nullable;

/**
 * What SnapStart calls around the snapshot. Nothing is to be renewed after it: stores, clients,
 * connections and random seeds are made at the first invocation, and ids come with the events.
 *
 * @see <a
 *     href="https://docs.aws.amazon.com/lambda/latest/dg/snapstart-runtime-hooks-java.html">Runtime
 *     hooks</a>
 */
public final class Checkpoint implements Resource {

  /** The first loads classes; the others have the compiler reach what is used most. */
  private static final int REHEARSALS = 4;

  /** The context holds its resources weakly. */
  @SuppressWarnings("unused")
  private static volatile @Nullable Checkpoint registered;

  private final Rehearsal rehearsal;

  private Checkpoint(Rehearsal rehearsal) {
    this.rehearsal = rehearsal;
  }

  /** Has {@code rehearsal} played before the snapshot is taken. */
  public static void register(Rehearsal rehearsal) {
    Checkpoint checkpoint = new Checkpoint(rehearsal);
    Core.getGlobalContext().register(checkpoint);
    registered = checkpoint;
  }

  @Override
  public void beforeCheckpoint(Context<? extends Resource> context) {
    AwsClients.loadCertificates();
    for (int time = 0; time < REHEARSALS; time++) {
      rehearsal.play();
    }
  }

  @Override
  public void afterRestore(Context<? extends Resource> context) {}
}
