package io.inframetrics.pipeline.analysis;

import io.inframetrics.metric.MetricType;
import io.inframetrics.pipeline.collect.CollectedObject;
import io.inframetrics.pipeline.collect.CollectionResult;
import io.inframetrics.text.Texts;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** What the branches of a run collected, and so what there is to look at. */
final class AnalysisScope {

  private static final int MAX_TYPE_LENGTH = 64;

  private AnalysisScope() {}

  /** The types of which something was collected, each once, in the order of the branches. */
  static Set<MetricType> types(List<CollectionResult> collections) {
    Set<MetricType> types = new LinkedHashSet<>();
    for (CollectionResult collection : collections) {
      collection.objects().stream().map(CollectedObject::metricType).forEach(types::add);
    }
    return types;
  }

  /** The branches that collected nothing, in words. */
  static List<String> missing(List<CollectionResult> collections) {
    return collections.stream()
        .filter(collection -> collection.objects().isEmpty())
        .map(
            collection ->
                "%s (%s)"
                    .formatted(
                        Texts.oneLine(collection.metricType(), MAX_TYPE_LENGTH),
                        collection.status()))
        .toList();
  }
}
