/**
 * Raw files, quarantine and reports as objects of one S3 bucket.
 *
 * <pre>{@code
 * AwsClients clients = AwsClients.fromEnvironment(System.getenv());
 * S3Stores stores = S3Stores.over(S3Stores.client(clients), "my-bucket", calls);
 * try (StagedObject<Commit> file = stores.rawMetricSink().open(spec, deadline)) {
 *   file.body().write(lines);
 *   Commit commit = file.commit(); // one PutObject
 * }
 * }</pre>
 *
 * <p>{@link io.inframetrics.sink.s3.S3Stores} is the whole public surface; it answers the ports of
 * {@link io.inframetrics.sink}. What happens behind them:
 *
 * <ul>
 *   <li>A file is gathered in one growing buffer. If it fits into a part it is stored by one
 *       PutObject; if not, its parts are uploaded as they fill, and memory stays at one part.
 *   <li>A raw file is written with {@code If-None-Match: *}. If the key is taken, one HeadObject
 *       tells by the metadata {@code run-id} who holds it: the same run, and what is stored stands;
 *       another run, and the next key is tried.
 *   <li>A read streams, and takes the object up again where a connection broke, if it is still the
 *       same object.
 *   <li>What S3 refuses for good comes out as {@link java.lang.IllegalStateException}: one sentence
 *       with operation, object, bucket and what to mend.
 * </ul>
 */
@NullMarked
package io.inframetrics.sink.s3;

import org.jspecify.annotations.NullMarked;
