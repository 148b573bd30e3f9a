package io.inframetrics.workflow.resource;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The optimised integrations and the patterns that each supports.
 *
 * @see <a href="https://docs.aws.amazon.com/step-functions/latest/dg/integrate-optimized.html">
 *     Integrating optimized services with Step Functions</a>
 */
final class OptimisedIntegrations {

  /** Each line: the service, then its actions, each with its patterns beside Request Response. */
  private static final String TABLE =
      """
      apigateway: invoke/token
      athena: startQueryExecution/sync stopQueryExecution getQueryExecution getQueryResults
      batch: submitJob/sync
      bedrock: invokeModel/token createModelCustomizationJob/sync
      codebuild: startBuild/sync stopBuild batchDeleteBuilds batchGetReports startBuildBatch/sync stopBuildBatch retryBuildBatch/sync deleteBuildBatch
      databrew: startJobRun/sync
      dynamodb: getItem putItem deleteItem updateItem
      ecs: runTask/sync/token
      eks: createCluster/sync deleteCluster/sync createFargateProfile/sync deleteFargateProfile/sync createNodegroup/sync deleteNodegroup/sync runJob/sync/token call
      elasticmapreduce: createCluster/sync terminateCluster/sync addStep/sync cancelStep setClusterTerminationProtection modifyInstanceFleetByName modifyInstanceGroupByName
      emr-containers: createVirtualCluster deleteVirtualCluster/sync startJobRun/sync
      emr-serverless: createApplication/sync startApplication/sync stopApplication/sync deleteApplication/sync startJobRun/sync cancelJobRun/sync
      events: putEvents/token
      glue: startJobRun/sync
      http: invoke
      lambda: invoke/token
      mediaconvert: createJob/sync
      sagemaker: createEndpoint createEndpointConfig createHyperParameterTuningJob/sync createLabelingJob/sync createModel createProcessingJob/sync createTrainingJob/sync createTransformJob/sync updateEndpoint
      sns: publish/token
      sqs: sendMessage/token
      states: startExecution/sync/sync:2/token
      """;

  private static final Map<String, List<String>> PATTERNS = read();

  private OptimisedIntegrations() {}

  private static Map<String, List<String>> read() {
    Map<String, List<String>> patterns = new HashMap<>();
    for (String line : TABLE.lines().toList()) {
      String[] words = line.split("[: ]+ ", 2);
      for (String action : words[1].split(" ", -1)) {
        List<String> suffixes = new ArrayList<>(List.of(""));
        String[] parts = action.split("/", -1);
        for (int i = 1; i < parts.length; i++) {
          suffixes.add("." + (parts[i].equals("token") ? "waitForTaskToken" : parts[i]));
        }
        patterns.put(words[0] + ":" + parts[0], List.copyOf(suffixes));
      }
    }
    return Map.copyOf(patterns);
  }

  /** What may follow {@code service:action}; empty if there is no such integration. */
  static List<String> patterns(String integration) {
    return PATTERNS.getOrDefault(integration, List.of());
  }
}
