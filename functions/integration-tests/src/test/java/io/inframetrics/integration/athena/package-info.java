/**
 * The saved queries of the template, over what {@code process} left of raw files with odd lines:
 * they must answer what an independent calculation over the records answers.
 */
@NullMarked
package io.inframetrics.integration.athena;

import org.jspecify.annotations.NullMarked;
