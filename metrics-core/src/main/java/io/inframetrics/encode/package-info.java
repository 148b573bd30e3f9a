/**
 * Raw files: JSON Lines in UTF-8, one observation a line.
 *
 * <pre>{@code
 * {"metric_id":"cpu_utilization#i-0abc#1771500463","metric_type":"cpu_utilization",
 *  "timestamp":1771500463,"value":37.66,"unit":"Percent","instance_id":"i-0abc",
 *  "region":"eu-west-1","run_id":"run-1","collected_at":"2026-02-19T11:27:43Z",
 *  "dimensions":{"device":"/"}}
 * }</pre>
 *
 * <p>(on one line each). {@link io.inframetrics.encode.JsonLinesWriter} writes them, {@link
 * io.inframetrics.encode.JsonLinesReader} reads them one by one and goes on after a bad one.
 */
@NullMarked
package io.inframetrics.encode;

import org.jspecify.annotations.NullMarked;
