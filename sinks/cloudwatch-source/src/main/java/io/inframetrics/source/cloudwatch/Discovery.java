package io.inframetrics.source.cloudwatch;

import io.inframetrics.collect.MetricConsumer;
import io.inframetrics.detect.ReadableText;
import io.inframetrics.metric.Series;
import io.inframetrics.pipeline.RetryableFailureException;
import io.inframetrics.source.cloudwatch.Metric.Dimension;
import io.inframetrics.time.Deadline;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Finds the series of one type in one place: which instances there are, which of them are watched,
 * and one set of dimensions for each series. Used by one thread, for one run.
 */
final class Discovery {

  private static final String LIST = "cloudwatch:ListMetrics";
  private static final String HOST = "host";
  private static final String PATH = "path";
  private static final String FILE_SYSTEM = "fstype";
  private static final String EC2 = "AWS/EC2";
  private static final String ANY_INSTANCE = "CPUUtilization";

  /** File systems that are not disks, as the host's own collector treats them. */
  private static final Pattern NOT_A_DISK =
      Pattern.compile(
          "cramfs|devtmpfs|erofs|iso9660|overlay|ramfs|rootfs|squashfs|tmpfs|udf|fuse\\..*");

  /** How many instances a note names. */
  private static final int NAMED = 3;

  private final Place place;
  private final SourceSettings settings;
  private final boolean alsoInactive;
  private final MetricConsumer consumer;
  private final Deadline deadline;

  /**
   * A discovery of one run.
   *
   * @param alsoInactive whether metrics count that had no value in the last three hours; those that
   *     had one go first
   */
  Discovery(
      Place place,
      SourceSettings settings,
      boolean alsoInactive,
      MetricConsumer consumer,
      Deadline deadline) {
    this.place = place;
    this.settings = settings;
    this.alsoInactive = alsoInactive;
    this.consumer = consumer;
    this.deadline = deadline;
  }

  /** An instance of an account; the account is null if only one is read. */
  private record Instance(@Nullable String account, String id) {}

  /** What makes a series: the instance, and the part of it. */
  private record Part(Instance instance, SortedMap<String, String> dimensions) {}

  List<WatchedSeries> find(WatchedType type) {
    return switch (type.kind()) {
      case EC2 -> ofEc2(type);
      case AGENT, AGENT_DISK -> ofAgents(type);
      case OTHER -> ofOthers(type);
    };
  }

  private List<WatchedSeries> ofEc2(WatchedType type) {
    List<WatchedSeries> found = new ArrayList<>();
    for (Instance instance : instances()) {
      Dimension id = new Dimension(WatchedType.INSTANCE_ID, instance.id());
      add(
          found,
          type,
          instance,
          Map.of(),
          type.metrics().stream()
              .map(name -> new Metric(type.namespace(), name, List.of(id)))
              .toList());
    }
    return found;
  }

  /** The EC2 instances that are watched; those left out are noted. */
  private Collection<Instance> instances() {
    Set<Instance> all = new LinkedHashSet<>();
    list(
        EC2,
        ANY_INSTANCE,
        (metric, account) -> {
          List<Dimension> dimensions = metric.dimensions();
          if (dimensions.size() == 1 && dimensions.get(0).name().equals(WatchedType.INSTANCE_ID)) {
            all.add(new Instance(account, dimensions.get(0).value()));
          }
        });
    if (!settings.tags().isEmpty()) {
      Set<String> tagged = new TaggedInstances(place).find(settings.tags(), deadline);
      all.removeIf(instance -> !tagged.contains(instance.id()));
    }
    if (all.isEmpty()) {
      consumer.note(
          settings.tags().isEmpty()
              ? "CloudWatch has no EC2 instance in %s: set the regions, roles or linked_accounts of the source cloudwatch, or use another Source"
                  .formatted(place.name())
              : "no EC2 instance in %s has the tags %s: correct the tags of the source cloudwatch"
                  .formatted(place.name(), settings.tags()));
    }
    return watched(all, "instance");
  }

  /** As many as may be watched, in the order in which they were found: active ones first. */
  private List<Instance> watched(Collection<Instance> all, String what) {
    List<Instance> sorted =
        all.stream().filter(instance -> settings.shard().has(instance.id())).toList();
    int most = settings.maxInstances();
    if (sorted.size() <= most) {
      return sorted;
    }
    consumer.note(
        "%d of %s in %s are watched, not %s: raise MaxInstances (max_instances of the source cloudwatch)"
            .formatted(
                most,
                ReadableText.count(sorted.size(), what),
                place.name(),
                named(sorted.subList(most, sorted.size()))));
    return sorted.subList(0, most);
  }

  private static String named(List<Instance> instances) {
    String names =
        instances.stream().limit(NAMED).map(Instance::id).collect(Collectors.joining(", "));
    return instances.size() > NAMED ? names + ", ..." : names;
  }

  private List<WatchedSeries> ofAgents(WatchedType type) {
    boolean disk = type.kind() == WatchedType.Kind.AGENT_DISK;
    Collection<Instance> ofEc2 = instances();
    Map<String, Metric> best = new TreeMap<>();
    Map<String, Part> parts = new TreeMap<>();
    Set<String> active = new HashSet<>();
    Set<Instance> hosts = new LinkedHashSet<>();
    Set<Instance> known = new HashSet<>(ofEc2);
    listTwice(
        type.namespace(),
        type.metrics().get(0),
        (metric, account, isActive) -> {
          Part part = part(metric, account, disk);
          if (part == null) {
            return;
          }
          if (!known.contains(part.instance())) {
            if (value(metric, WatchedType.INSTANCE_ID) != null) {
              return; // Left out, or not tagged.
            }
            hosts.add(part.instance());
          }
          String key = key(part);
          Metric other = best.get(key);
          boolean first = other == null;
          if (first || (isActive == active.contains(key) && SETS.compare(metric, other) < 0)) {
            best.put(key, metric);
            parts.put(key, part);
            if (isActive) {
              active.add(key);
            }
          }
        });
    List<WatchedSeries> found = new ArrayList<>();
    Set<Instance> chosen = new LinkedHashSet<>(ofEc2);
    if (settings.tags().isEmpty()) { // A host outside EC2 has no tags.
      chosen.addAll(watched(hosts, "host"));
    }
    Set<Instance> withPaths = new HashSet<>();
    parts.values().stream()
        .filter(part -> !part.dimensions().isEmpty())
        .forEach(part -> withPaths.add(part.instance()));
    Set<Instance> silent = new LinkedHashSet<>(ofEc2);
    parts.forEach(
        (key, part) -> {
          boolean average = disk && part.dimensions().isEmpty();
          // The mean of all file systems says nothing where each of them is known.
          if (chosen.contains(part.instance())
              && !(average && withPaths.contains(part.instance()))) {
            silent.remove(part.instance());
            add(
                found,
                type,
                part.instance(),
                part.dimensions(),
                List.of(Objects.requireNonNull(best.get(key))));
          }
        });
    if (!silent.isEmpty()) {
      consumer.note(
          "no agent: memory and disk unknown for %s in %s (%s): install the CloudWatch agent"
              .formatted(
                  ReadableText.count(silent.size(), "instance"),
                  place.name(),
                  named(List.copyOf(silent))));
    }
    return found;
  }

  /** Fewest dimensions first: such a set outlives a change of the instance's type or image. */
  private static final Comparator<Metric> SETS =
      Comparator.comparingInt((Metric metric) -> metric.dimensions().size())
          .thenComparing(metric -> text(metric.dimensions()));

  private static String text(List<Dimension> dimensions) {
    if (dimensions.size() == 1) { // Of most metrics.
      return dimensions.get(0).name() + "=" + dimensions.get(0).value();
    }
    return dimensions.stream()
        .map(each -> each.name() + "=" + each.value())
        .sorted()
        .collect(Collectors.joining(","));
  }

  private static String key(Part part) {
    return part.instance().account() + "#" + part.instance().id() + "#" + part.dimensions();
  }

  /** Null if the metric is not of a single instance, or of a file system that is not a disk. */
  private static @Nullable Part part(Metric metric, @Nullable String account, boolean disk) {
    String id = value(metric, WatchedType.INSTANCE_ID);
    String instance = id == null ? value(metric, HOST) : id;
    if (instance == null) {
      return null;
    }
    SortedMap<String, String> dimensions = new TreeMap<>();
    if (disk) {
      String type = value(metric, FILE_SYSTEM);
      String path = value(metric, PATH);
      if (type != null && NOT_A_DISK.matcher(type).matches()) {
        return null;
      }
      if (path != null) {
        dimensions.put("device", path);
      }
    }
    return new Part(new Instance(account, instance), dimensions);
  }

  private static @Nullable String value(Metric metric, String dimension) {
    for (Dimension each : metric.dimensions()) {
      if (each.name().equals(dimension)) {
        return each.value();
      }
    }
    return null;
  }

  private List<WatchedSeries> ofOthers(WatchedType type) {
    Set<String> names = Set.copyOf(type.dimensions());
    Map<Part, Metric> parts = new LinkedHashMap<>();
    Set<Instance> all = new LinkedHashSet<>();
    list(
        type.namespace(),
        type.metrics().get(0),
        (metric, account) -> {
          SortedMap<String, String> dimensions = new TreeMap<>();
          metric.dimensions().forEach(each -> dimensions.put(each.name(), each.value()));
          if (dimensions.keySet().equals(names)) {
            String id = String.valueOf(dimensions.remove(type.dimensions().get(0)));
            Instance instance = new Instance(account, id);
            all.add(instance);
            parts.put(new Part(instance, dimensions), metric);
          }
        });
    if (all.isEmpty()) {
      consumer.note(
          "CloudWatch has no %s %s with the dimensions %s in %s: correct the metrics of the source cloudwatch"
              .formatted(type.namespace(), type.metrics().get(0), type.dimensions(), place.name()));
    }
    Set<Instance> watched = new HashSet<>(watched(all, "instance"));
    List<WatchedSeries> found = new ArrayList<>();
    parts.forEach(
        (part, metric) -> {
          if (watched.contains(part.instance())) {
            add(found, type, part.instance(), part.dimensions(), List.of(metric));
          }
        });
    return found;
  }

  private void add(
      List<WatchedSeries> found,
      WatchedType type,
      Instance instance,
      Map<String, String> part,
      List<Metric> metrics) {
    Map<String, String> dimensions = new TreeMap<>(part);
    dimensions.putAll(place.identity(instance.account(), deadline));
    try {
      found.add(
          new WatchedSeries(
              Series.of(type.type(), instance.id(), dimensions), instance.account(), metrics));
    } catch (IllegalArgumentException e) {
      consumer.note("a metric in %s is not read: %s".formatted(place.name(), e.getMessage()));
    }
  }

  private interface Listed {
    void accept(Metric metric, @Nullable String account, boolean active);
  }

  private void list(String namespace, String name, BiConsumer<Metric, @Nullable String> consumed) {
    listTwice(namespace, name, (metric, account, active) -> consumed.accept(metric, account));
  }

  /** Active metrics first, each list in the order of ids, so that every run chooses the same. */
  private void listTwice(String namespace, String name, Listed consumed) {
    list(namespace, name, true, consumed);
    if (alsoInactive) {
      list(namespace, name, false, consumed);
    }
  }

  private record Owned(Metric metric, @Nullable String account, String order) {}

  private void list(String namespace, String name, boolean active, Listed consumed) {
    List<Owned> all = new ArrayList<>();
    boolean linked = settings.linkedAccounts();
    Page.Tokens tokens = new Page.Tokens(LIST);
    MetricsPage page = new MetricsPage();
    do {
      CborCall call = new CborCall(body(namespace, name, active, tokens.current()), page);
      place.call(
          LIST,
          deadline,
          limits ->
              place
                  .cloudWatch()
                  .listMetrics(list -> list.overrideConfiguration(call.with(limits))));
      if (linked && page.owningAccounts().size() != page.metrics().size()) {
        // Without the account, a series would be taken for another one.
        throw new RetryableFailureException(
            "%s answered %d owning accounts for %d metrics"
                .formatted(LIST, page.owningAccounts().size(), page.metrics().size()));
      }
      for (int i = 0; i < page.metrics().size(); i++) {
        String account = linked ? page.owningAccounts().get(i) : null;
        Metric metric = page.metrics().get(i);
        all.add(new Owned(metric, account, account + " " + text(metric.dimensions())));
      }
    } while (tokens.follow(page.nextToken()));
    all.sort(Comparator.comparing(Owned::order));
    all.forEach(each -> consumed.accept(each.metric(), each.account(), active));
  }

  private byte[] body(String namespace, String name, boolean active, @Nullable String token) {
    boolean linked = settings.linkedAccounts();
    CborWriter out = new CborWriter();
    out.map(2 + (active ? 1 : 0) + (linked ? 1 : 0) + (token == null ? 0 : 1));
    out.text("Namespace").text(namespace);
    out.text("MetricName").text(name);
    if (active) {
      out.text("RecentlyActive").text("PT3H");
    }
    if (linked) {
      out.text("IncludeLinkedAccounts").yes();
    }
    if (token != null) {
      out.text("NextToken").text(token);
    }
    return out.toByteArray();
  }
}
