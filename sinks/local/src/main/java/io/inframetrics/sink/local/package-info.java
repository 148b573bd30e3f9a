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
 * <p>{@link io.inframetrics.sink.local.LocalStores} opens the folder and provides the ports of
 * {@link io.inframetrics.sink}. Raw files, quarantine and reports are files named by their keys, to
 * be read with {@code cat}; records, marks and findings are tables of a SQLite database, to be read
 * with {@code sqlite3}; points and notifications are text files. {@link
 * io.inframetrics.sink.local.RawFileEvents} replaces storage events: it passes each raw file that
 * waits to be processed to a listener.
 *
 * <p>A commit returns once everything is on disk: after a process is killed at any instant, or
 * after a power cut, each object and each batch is either complete or absent. Nothing needs repair
 * when the folder is opened again. One process uses a folder at a time; a second gets an error that
 * names the first.
 *
 * <p>Deadlines are ignored: every operation is as fast as the disk, except that it waits up to five
 * seconds for another program that locks the database.
 */
@NullMarked
package io.inframetrics.sink.local;

import org.jspecify.annotations.NullMarked;
