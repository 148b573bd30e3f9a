package io.inframetrics.pipeline.analysis;

import io.inframetrics.metric.MetricType;
import io.inframetrics.pipeline.collect.CollectedObject;
import io.inframetrics.pipeline.collect.CollectionResult;
import io.inframetrics.text.SimilarName;
import io.inframetrics.text.Texts;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

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

  /**
   * Types that no branch collects although they have a limit or a capacity of the user's, in words:
   * their names may be misspelled.
   *
   * @param judged the types that have a limit or a capacity
   */
  static List<String> unknown(Set<MetricType> judged, List<CollectionResult> collections) {
    Set<String> collected = new TreeSet<>();
    collections.forEach(collection -> collected.add(collection.metricType()));
    types(collections).forEach(type -> collected.add(type.name()));
    boolean anyTypeMayBeMissing =
        collections.stream()
            .anyMatch(
                collection ->
                    collection.metricType().equals(MetricType.ALL)
                        && collection.status() != CollectionResult.Status.COLLECTED);
    if (anyTypeMayBeMissing) {
      return List.of();
    }
    Set<String> meant = new TreeSet<>(collected);
    MetricType.builtIn().forEach(type -> meant.add(type.name()));
    return new TreeSet<>(judged)
        .stream()
            .filter(type -> !MetricType.builtIn().contains(type))
            .map(MetricType::name)
            .filter(name -> !collected.contains(name))
            .map(
                name ->
                    name
                        + SimilarName.of(name, meant)
                            .map(" (did you mean %s?)"::formatted)
                            .orElse(""))
            .toList();
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
