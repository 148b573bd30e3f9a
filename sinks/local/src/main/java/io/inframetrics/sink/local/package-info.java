/**
 * The embedded default: the whole pipeline's storage in one folder of one machine, with nothing to
 * install.
 *
 * <pre>{@code
 * try (LocalStores stores = LocalStores.open(Path.of("inframetrics-data"), Clock.systemUTC())) {
 *   MetricRecordSink records = stores.metricRecordSink();
 *   records.write(new MetricRecordSink.Batch(windowStart, metrics, false), deadline);
 *   List<Point> points = stores.metricHistory().points(series, from, to, 100, deadline);
 * }
 * }</pre>
 *
 * <p>{@link io.inframetrics.sink.local.LocalStores} opens the folder and answers the ports of
 * {@link io.inframetrics.sink}. Raw files, quarantine and reports lie under their keys, to be read
 * with {@code cat}; records, marks and findings are tables of a SQLite database, to be read with
 * {@code sqlite3}; points and notifications are text files. {@link
 * io.inframetrics.sink.local.RawFileEvents} stands for storage events: it tells a listener of each
 * raw file that waits to be processed.
 *
 * <p>What commits return is on disk, and whole: a process killed at any instant, or a power cut,
 * leaves each object and each batch either complete or absent. Nothing needs to be repaired when
 * the folder is opened again. One process uses a folder at a time; a second is told which holds it.
 *
 * <p>Deadlines are not consulted: every operation is as quick as the disk, save that a program
 * which locks the database by hand is waited for up to five seconds.
 */
@NullMarked
package io.inframetrics.sink.local;

import org.jspecify.annotations.NullMarked;
