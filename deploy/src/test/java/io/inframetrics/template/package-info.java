/** Tests of the template, as text and as what it comes to. */
@org.jspecify.annotations.NullMarked
package io.inframetrics.template;
