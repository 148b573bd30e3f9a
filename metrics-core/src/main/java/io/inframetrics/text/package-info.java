/**
 * Texts for people, shortened to what their destination accepts.
 *
 * <p>Internal: public only because several packages of the product use it. Not part of the
 * documented API; it may change in any release.
 */
@NullMarked
package io.inframetrics.text;

import org.jspecify.annotations.NullMarked;
