package io.inframetrics.workflow.state;

import java.util.Map;
import tools.jackson.databind.JsonNode;

/**
 * A chain of states to run inside a state.
 *
 * @param variables the variables that its states can read, besides their own
 * @param index its place among the branches or the iterations
 * @param iteration whether it is an iteration of a Map
 * @hidden
 */
public record BranchRequest(
    States states,
    ContextObject context,
    Map<String, JsonNode> variables,
    int index,
    boolean iteration,
    JsonNode input) {}
