/**
 * The same job as Spring Initializr and the first pages of the documentation would have it: an
 * application that scans for components, annotated beans, clients as the SDK makes them. It is what
 * the functions are compared with.
 */
package io.inframetrics.benchmark.outofthebox;
