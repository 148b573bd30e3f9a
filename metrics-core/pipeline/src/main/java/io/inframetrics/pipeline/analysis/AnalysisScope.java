package io.inframetrics.pipeline.analysis;

import io.inframetrics.metric.MetricType;
import io.inframetrics.pipeline.InvalidRequestException;
import io.inframetrics.pipeline.analysis.AnalyzeMetrics.CollectionOutcome;
import io.inframetrics.pipeline.collect.CollectedObject;
import io.inframetrics.text.Texts;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** What the branches of a run collected, and so what there is to look at. */
final class AnalysisScope {

  private static final int MAX_TYPE_LENGTH = 64;
  private static final int MAX_STATUS_LENGTH = 20;

  private AnalysisScope() {}

  /**
   * The types of which something was collected, each once, in the order of the branches.
   *
   * @throws InvalidRequestException if an object names no type
   */
  static Set<MetricType> types(List<CollectionOutcome> collections) {
    Set<MetricType> types = new LinkedHashSet<>();
    for (CollectionOutcome collection : collections) {
      for (CollectedObject object : collection.objects()) {
        String name = object.metricType();
        if (!MetricType.isValid(name)) {
          throw new InvalidRequestException(
              "metric type '%s' of object '%s' is not valid: name the type of what is in it"
                  .formatted(AnalysisSummary.cut(name), AnalysisSummary.cut(object.key())));
        }
        types.add(new MetricType(name));
      }
    }
    return types;
  }

  /** The branches that collected nothing, in words. */
  static List<String> missing(List<CollectionOutcome> collections) {
    List<String> missing = new ArrayList<>();
    for (CollectionOutcome collection : collections) {
      if (collection.objects().isEmpty()) {
        String type = collection.metricType() == null ? "unnamed" : collection.metricType();
        String status = collection.status() == null ? "no status" : collection.status();
        missing.add(
            "%s (%s)"
                .formatted(
                    Texts.oneLine(type, MAX_TYPE_LENGTH),
                    Texts.oneLine(status, MAX_STATUS_LENGTH)));
      }
    }
    return missing;
  }
}
