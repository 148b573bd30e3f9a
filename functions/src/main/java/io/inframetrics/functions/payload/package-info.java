/**
 * The functions' JSON payloads, one record for each request and response, and their translation to
 * and from the verbs. Every JSON name is written out on its record.
 */
@NullMarked
package io.inframetrics.functions.payload;

import org.jspecify.annotations.NullMarked;
