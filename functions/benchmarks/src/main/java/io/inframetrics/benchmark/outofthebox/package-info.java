/**
 * The baseline that the functions are compared with: the same job as Spring Initializr and the
 * first pages of the documentation would set it up, with component scanning, annotated beans and
 * the SDK's default clients.
 */
package io.inframetrics.benchmark.outofthebox;
