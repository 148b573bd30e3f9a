/**
 * What a deployment costs a month, computed from the template, the state machine's definition and
 * the parameters:
 *
 * <pre>{@code
 * CostModel model = CostModel.of(template, definition);
 * Bill bill = model.bill(Map.of("ScheduleRate", "3-hours"), 10, "eu-west-1");
 * bill.total();                                     // USD
 * bill.line("states.transition").headroom();        // transitions that are still free
 * }</pre>
 *
 * <p>Prices stand in {@code prices.json}, dated, with the pages that they are from; what is assumed
 * and not known stands in {@code assumptions.json}, each with its reason. Free quantities are those
 * that do not end after a year.
 */
@NullMarked
package io.inframetrics.cost;

import org.jspecify.annotations.NullMarked;
