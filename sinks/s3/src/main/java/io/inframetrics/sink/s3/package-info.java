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
 * <p>{@link io.inframetrics.sink.s3.S3Stores} is the whole public API; it implements the ports of
 * {@link io.inframetrics.sink}. How it works:
 *
 * <ul>
 *   <li>A file is collected in one growing buffer. If it fits into a part, one PutObject stores it;
 *       otherwise its parts are uploaded as they fill, and memory stays at one part.
 *   <li>A raw file is written with {@code If-None-Match: *}. If the key is taken, one HeadObject
 *       reads its {@code run-id} from the metadata: for the same run, the stored file stays; for
 *       another run, the next key is tried.
 *   <li>A read streams, and resumes after a broken connection if the object is unchanged.
 *   <li>A request that S3 rejects for good ends in {@link java.lang.IllegalStateException}: one
 *       sentence with operation, object, bucket and remedy.
 * </ul>
 */
@NullMarked
package io.inframetrics.sink.s3;

import org.jspecify.annotations.NullMarked;
