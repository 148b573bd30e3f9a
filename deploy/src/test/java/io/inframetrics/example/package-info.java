/** The README's example, as a user of the published artifact would write it. */
@NullMarked
package io.inframetrics.example;

import org.jspecify.annotations.NullMarked;
