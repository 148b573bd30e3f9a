/** Starts functions and measures them; see {@code functions/README.md} for what came of it. */
package io.inframetrics.benchmark;
