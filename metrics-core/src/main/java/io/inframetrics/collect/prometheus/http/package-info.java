/**
 * Plain HTTP/1.1 as scraping needs it: GET requests to many addresses at a time, read in the thread
 * that wants the answers.
 *
 * <p>Internal: public only because several packages of the product use it. Not part of the
 * documented API; it may change in any release.
 */
@NullMarked
package io.inframetrics.collect.prometheus.http;

import org.jspecify.annotations.NullMarked;
