/**
 * The lines of raw files on their way to records: which observations a file may have, reading them,
 * batching them for the record store, and quarantine for those that are refused. Collecting and
 * processing share it.
 *
 * <p>Internal: public only because the verbs' packages use it. Not part of the documented API; it
 * may change in any release.
 */
@NullMarked
package io.inframetrics.pipeline.rawfile;

import org.jspecify.annotations.NullMarked;
