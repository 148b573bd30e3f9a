package io.inframetrics.collect.sysstat;

import io.inframetrics.collect.CollectionRequest;
import io.inframetrics.collect.MetricCollector;
import io.inframetrics.collect.MetricConsumer;
import io.inframetrics.collect.Observation;
import io.inframetrics.collect.host.ThisMachine;
import io.inframetrics.metric.MetricType;
import io.inframetrics.metric.Point;
import io.inframetrics.metric.Series;
import io.inframetrics.pipeline.InvalidRequestException;
import io.inframetrics.pipeline.RetryableFailureException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Pushes what the day files have of one metric type. A file that cannot be read is left out with a
 * note: a retry would not help, and the others count.
 *
 * @param folder of the day files
 * @param instanceId what to call the machine; empty for what the files call it
 */
record SysstatCollector(
    Activity activity,
    Sadf sadf,
    Path folder,
    ThisMachine machine,
    String instanceId,
    String region,
    Duration firstWindow)
    implements MetricCollector {

  /** The recorder is started every ten minutes by default, and may be late. */
  private static final Duration LOOK_BEHIND = Duration.ofMinutes(30);

  /** Points that are kept until they are pushed series by series. */
  private static final int MAX_KEPT = 100_000;

  @Override
  public MetricType type() {
    return activity.type();
  }

  @Override
  public String name() {
    return SysstatCollectorFactory.NAME;
  }

  @Override
  public Duration lookBehind() {
    return LOOK_BEHIND;
  }

  @Override
  public void collect(CollectionRequest request, MetricConsumer consumer)
      throws IOException, InterruptedException {
    if (!Files.isDirectory(folder)) {
      throw new InvalidRequestException(
          "the folder %s of sysstat's day files does not exist: install sysstat, or set INFRAMETRICS_COLLECTOR_SYSSTAT_DIRECTORY"
              .formatted(folder));
    }
    Reading reading = new Reading(request, consumer, machine.interfaces());
    for (DayFile file : DayFile.find(folder, request.since(), request.until())) {
      if (Thread.interrupted()) {
        throw new InterruptedException("told to stop before " + file.name());
      }
      reading.read(file);
    }
    reading.explain();
  }

  /** One call of {@link #collect}. */
  private final class Reading {

    private final CollectionRequest request;
    private final MetricConsumer consumer;
    private final Set<String> interfaces;
    private final Map<String, Series> series = new HashMap<>();
    private final Map<Series, Long> last = new HashMap<>();
    private final Map<Series, List<Point>> kept = new LinkedHashMap<>();
    private final Set<String> tooLong = new HashSet<>();
    private String machineName = "";
    private int keptPoints;
    private boolean anySample;
    private boolean anyPoint;
    private boolean anyNote;
    private boolean notRecorded;

    Reading(CollectionRequest request, MetricConsumer consumer, Set<String> interfaces) {
      this.request = request;
      this.consumer = consumer;
      this.interfaces = interfaces;
    }

    void read(DayFile file) throws IOException, InterruptedException {
      try {
        Sadf.Answer answer = sadf.read(file, activity, request.deadline(), handler(file));
        notRecorded |= answer == Sadf.Answer.NOT_RECORDED;
      } catch (IOException e) {
        note("%s was left out or read in part: %s".formatted(file.name(), e.getMessage()));
      } catch (RetryableFailureException e) {
        push();
        throw e;
      }
      push();
    }

    private SadfJson.Handler handler(DayFile file) {
      return new SadfJson.Handler() {
        @Override
        public boolean accepts(String nodeName, LocalDate fileDate) throws IOException {
          // Otherwise it is last month's file of that day.
          boolean right = file.isOf(fileDate);
          if (right) {
            called(nodeName);
          }
          return right;
        }

        @Override
        public void sample(Sample sample) {
          if (request.deadline().hasPassed()) {
            throw new RetryableFailureException(
                "the time was over while %s was read".formatted(file.name()));
          }
          if (request.includes(sample.time())) {
            add(sample);
          }
        }
      };
    }

    private void called(String nodeName) throws IOException {
      String name = instanceId.isEmpty() ? machine.instanceId(nodeName) : instanceId;
      if (!name.equals(machineName)) {
        machineName = name;
        series.clear();
      }
    }

    private void add(Sample sample) {
      anySample = true;
      long second = sample.time().getEpochSecond();
      for (Activity.Value value : activity.values(sample, this::chosen)) {
        if (value.name().length() > Series.MAX_NAME_LENGTH) {
          if (tooLong.add(value.name())) {
            note("%s was left out: its name is too long".formatted(value.name()));
          }
          continue;
        }
        Series one = series.computeIfAbsent(value.name(), this::series);
        // A second has one value: two files may have it, and the clock may have been set back.
        if (second > last.getOrDefault(one, Long.MIN_VALUE)) {
          last.put(one, second);
          kept.computeIfAbsent(one, key -> new ArrayList<>()).add(new Point(second, value.value()));
          keptPoints++;
        }
      }
      if (keptPoints >= MAX_KEPT) {
        push();
      }
    }

    /** The interfaces that the source host reports, or those that it would choose by name. */
    private Set<String> chosen(Set<String> recorded) {
      Set<String> both = new HashSet<>(interfaces);
      both.retainAll(recorded);
      return both.isEmpty() ? ThisMachine.interfacesByName(recorded) : both;
    }

    private Series series(String name) {
      return name.isEmpty()
          ? Series.of(type(), machineName)
          : Series.of(type(), machineName, Map.of(activity.dimension(), name));
    }

    /** Series by series, as stores pack them. */
    private void push() {
      Map<Series, List<Point>> points = new LinkedHashMap<>(kept);
      kept.clear();
      keptPoints = 0;
      points.forEach(
          (one, list) -> {
            for (Point point : list) {
              anyPoint = true;
              consumer.accept(
                  new Observation(
                      one,
                      Instant.ofEpochSecond(point.epochSecond()),
                      point.value(),
                      activity.unit(),
                      region));
            }
          });
    }

    private void note(String sentence) {
      anyNote = true;
      consumer.note(sentence);
    }

    /** Says why there was nothing, if there was nothing. */
    void explain() {
      if (anyPoint || anyNote) {
        return;
      }
      if (notRecorded || anySample) {
        note(
            "the day files in %s have no %s%s"
                .formatted(
                    folder,
                    activity.section(),
                    activity.ifMissing().isEmpty() ? "" : ": " + activity.ifMissing()));
      } else {
        note(
            "no day file in %s has a record between %s and %s: is sysstat enabled (systemctl enable --now sysstat)?"
                .formatted(folder, request.since(), request.until()));
      }
    }
  }
}
