package io.inframetrics.workflow.data;

import java.util.Map;
import tools.jackson.databind.JsonNode;

/**
 * What a state leaves behind.
 *
 * @param output the input of the next state
 * @param assigned the new values of variables, by name
 * @hidden
 */
public record Outcome(JsonNode output, Map<String, JsonNode> assigned) {}
