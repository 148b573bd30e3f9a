package io.inframetrics.cli.backtest;

import io.inframetrics.cli.input.InputFile;
import io.inframetrics.cli.input.UsageException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Compares the detector's alarms with the times that labels call unusual. */
final class LabelWindows {

  private static final double SECONDS_A_DAY = TimeUnit.DAYS.toSeconds(1);

  private static final int MAX_NAMES = 8;

  private final Path file;
  private final Map<String, List<Window>> windows;
  private final Set<String> unused;
  private int series;
  private int labelled;
  private int caught;
  private int falseAlarms;
  private double days;

  private LabelWindows(Path file, Map<String, List<Window>> windows) {
    this.file = file;
    this.windows = windows;
    this.unused = new TreeSet<>(windows.keySet());
  }

  static LabelWindows read(Path file) {
    JsonNode json = InputFile.json(file);
    if (!json.isObject()) {
      throw new UsageException(
          "file '%s' is not a JSON object: use {\"file.csv\": [[\"start\", \"end\"], ...]}"
              .formatted(file));
    }
    Map<String, List<Window>> windows = new TreeMap<>();
    json.properties()
        .forEach(
            entry -> {
              List<Window> list = new ArrayList<>();
              if (!entry.getValue().isArray()) {
                throw notValid(file, entry.getValue());
              }
              for (JsonNode window : entry.getValue()) {
                long from = time(file, window, 0);
                long to = time(file, window, 1);
                if (to < from) {
                  throw notValid(file, window);
                }
                list.add(new Window(from, to));
              }
              windows.put(entry.getKey(), list);
            });
    return new LabelWindows(file, windows);
  }

  private static long time(Path file, JsonNode window, int index) {
    Long time = SeriesFile.epochSecond(window.path(index).asString(""));
    if (time == null || window.size() != 2) {
      throw notValid(file, window);
    }
    return time;
  }

  private static UsageException notValid(Path file, JsonNode window) {
    return new UsageException(
        "file '%s': window %s is not valid: use [\"start\", \"end\"], the earlier one first"
            .formatted(file, window));
  }

  /** One line about a series: windows with an alarm, windows without, and alarms elsewhere. */
  String judge(Path name, SeriesFile file, boolean[] alarms) {
    String key = name.toString().replace('\\', '/');
    String label = label(key);
    if (label == null) {
      return key + ": not labelled";
    }
    unused.remove(label);
    List<Window> mine = windows.getOrDefault(label, List.of());
    long[] times =
        IntStream.range(0, alarms.length)
            .filter(i -> alarms[i])
            .mapToLong(i -> file.rows().get(i).epochSecond())
            .toArray();
    int found = 0;
    for (Window window : mine) {
      found += LongStream.of(times).anyMatch(window::contains) ? 1 : 0;
    }
    int outside = 0;
    for (long time : times) {
      outside += mine.stream().noneMatch(window -> window.contains(time)) ? 1 : 0;
    }
    series++;
    labelled += mine.size();
    caught += found;
    falseAlarms += outside;
    if (alarms.length > 0) {
      days += file.seconds() / SECONDS_A_DAY;
    }
    return key + ": " + told(found, mine.size(), outside);
  }

  /** The label of a series: its own name, or the one that ends with it; null if there is none. */
  private @Nullable String label(String name) {
    if (windows.containsKey(name)) {
      return name;
    }
    List<String> ending = windows.keySet().stream().filter(k -> k.endsWith("/" + name)).toList();
    if (ending.size() > 1) {
      throw new UsageException(
          "file '%s': series '%s' matches both '%s' and '%s': give --csv the folder above"
              .formatted(file, name, ending.get(0), ending.get(1)));
    }
    return ending.isEmpty() ? null : ending.get(0);
  }

  /** One line about labels without a series; null if there are none. */
  @Nullable String missing() {
    if (unused.isEmpty()) {
      return null;
    }
    String names = unused.stream().limit(MAX_NAMES).collect(Collectors.joining(", "));
    int more = unused.size() - MAX_NAMES;
    return "labels without a series: " + names + (more > 0 ? " and " + more + " more" : "");
  }

  String total() {
    return "total of %d series: %s, %s a day"
        .formatted(
            series,
            told(caught, labelled, falseAlarms),
            days > 0 ? String.format(Locale.ROOT, "%.2f", falseAlarms / days) : "-");
  }

  private static String told(int found, int all, int outside) {
    return "%d caught, %d missed, %d false %s"
        .formatted(found, all - found, outside, outside == 1 ? "alarm" : "alarms");
  }

  private record Window(long from, long to) {

    boolean contains(long time) {
      return time >= from && time <= to;
    }
  }
}
