package io.inframetrics.local;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** Where somebody says that a series was unusual, held against where the detector alarmed. */
final class LabelWindows {

  private static final double SECONDS_A_DAY = 86_400;

  private final Map<String, List<Window>> windows;
  private int series;
  private int labelled;
  private int caught;
  private int falseAlarms;
  private double days;

  private LabelWindows(Map<String, List<Window>> windows) {
    this.windows = windows;
  }

  static LabelWindows read(Path file) {
    JsonNode json = InputFile.json(file);
    if (!json.isObject()) {
      throw new UsageException(
          "file '%s' is not a JSON object of file names and windows".formatted(file));
    }
    Map<String, List<Window>> windows = new HashMap<>();
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
    return new LabelWindows(windows);
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

  /** One line on a series: windows with an alarm, those without, alarms outside of any. */
  String judge(Path name, SeriesFile file, boolean[] alarms) {
    String key = name.toString().replace('\\', '/');
    List<Window> mine = windows.get(key);
    if (mine == null) {
      mine =
          windows.entrySet().stream()
              .filter(entry -> entry.getKey().endsWith("/" + key))
              .map(Map.Entry::getValue)
              .findFirst()
              .orElse(null);
    }
    if (mine == null) {
      return key + ": not labelled";
    }
    boolean[] hit = new boolean[mine.size()];
    int outside = 0;
    for (int i = 0; i < alarms.length; i++) {
      if (alarms[i]) {
        long at = file.rows().get(i).epochSecond();
        boolean inside = false;
        for (int w = 0; w < hit.length; w++) {
          if (mine.get(w).contains(at)) {
            hit[w] = true;
            inside = true;
          }
        }
        outside += inside ? 0 : 1;
      }
    }
    int found = 0;
    for (boolean one : hit) {
      found += one ? 1 : 0;
    }
    series++;
    labelled += hit.length;
    caught += found;
    falseAlarms += outside;
    if (alarms.length > 0) {
      long first = file.rows().get(0).epochSecond();
      days += Math.max(0, file.rows().get(alarms.length - 1).epochSecond() - first) / SECONDS_A_DAY;
    }
    return key + ": " + told(found, hit.length, outside);
  }

  /** One line on all series that were judged. */
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
