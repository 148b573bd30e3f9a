/**
 * Computes a month's costs from the template, the state machine's definition and the parameters:
 *
 * <pre>{@code
 * CostModel model = CostModel.of(template, definition);
 * Bill bill = model.bill(Map.of("ScheduleRate", "3-hours"), 10, "eu-west-1");
 * bill.total();                                     // USD
 * bill.line("states.transition").headroom();        // transitions that are still free
 * }</pre>
 *
 * <p>{@code prices.json} has the dated prices with the pages that they come from; {@code
 * assumptions.json} has the assumptions, each with its reason. Only free quantities that do not end
 * after a year count.
 */
@NullMarked
package io.inframetrics.cost;

import org.jspecify.annotations.NullMarked;
