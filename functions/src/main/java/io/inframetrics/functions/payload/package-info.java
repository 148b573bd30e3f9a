/**
 * The JSON payloads of the functions as records, one for each request and response, and their
 * translation into requests and results of the verbs. Every JSON name is written out on its record.
 */
@NullMarked
package io.inframetrics.functions.payload;

import org.jspecify.annotations.NullMarked;
