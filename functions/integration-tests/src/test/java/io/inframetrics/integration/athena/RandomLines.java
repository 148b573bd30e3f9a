package io.inframetrics.integration.athena;

import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;

/**
 * Lines of raw files, of which about half are odd: a field that is missing, twice, in other letters
 * or of another shape, or text that is cut or changed. Each good line has a value of its own, so
 * that of two with one id it is certain which one is kept.
 */
final class RandomLines {

  private static final List<String> TYPES = List.of("cpu_utilization", "disk_usage");

  private static final List<String> NAMES =
      List.of(
          "metric_id",
          "metric_type",
          "timestamp",
          "value",
          "unit",
          "instance_id",
          "region",
          "run_id",
          "collected_at",
          "dimensions");

  private static final List<String> VALUES =
      List.of(
          "null",
          "true",
          "[]",
          "[1]",
          "{}",
          "{'a':1}",
          "{'a':'b'}",
          "{'device':'/','Device':'sda','DEVICE':'x'}",
          "{'a':null}",
          "{'a':'1','a':'2'}",
          "{'':'x'}",
          "{'a.b':'x','a':{'b':'y'}}",
          "''",
          "' '",
          "'x'",
          "'Percent'",
          "'Percents'",
          "'Bytes'",
          "'cpu_utilization'",
          "'i-\\ud800'",
          "'\\u0000'",
          "'\\u2028'",
          "'\\ud83d\\ude00'",
          "'a\\nb'",
          "'#,=%'",
          "0",
          "-0.0",
          "1",
          "1e5",
          "1.5E300",
          "-1e125",
          "1e-140",
          "1e999",
          "12345678901234567890",
          "0.1",
          "'NaN'",
          "'Infinity'",
          "'1d'",
          "'0x10'",
          "' 5'",
          "'5'",
          "'-.5e1'",
          "1771500463000",
          "1771500463.5",
          "'2026-02-19T11:27:43Z'",
          "'2026-02-19T12:27:43+01:00'",
          "'2026-02-19'",
          "'0001-01-01T00:00:00Z'");

  private final Random random;
  private int value;

  RandomLines(Random random) {
    this.random = random;
  }

  String type() {
    return any(TYPES);
  }

  List<String> lines(String type, Instant observedAt, int most) {
    List<String> lines = new ArrayList<>();
    for (int i = random.nextInt(most); i >= 0; i--) {
      lines.add(line(type, observedAt.getEpochSecond()));
    }
    return lines;
  }

  private String line(String type, long observedAt) {
    Map<String, String> fields = new LinkedHashMap<>();
    fields.put("metric_type", "'" + type + "'");
    fields.put("timestamp", "" + (observedAt - random.nextInt(40) * 300L));
    fields.put("value", "" + ++value / 8.0);
    fields.put("unit", "'Percent'");
    fields.put("instance_id", "'i-" + random.nextInt(4) + "'");
    fields.put("region", random.nextInt(5) == 0 ? "'eu-west-2'" : "'eu-west-1'");
    fields.put("run_id", "'run-" + random.nextInt(3) + "'");
    fields.put("collected_at", "'" + Instant.ofEpochSecond(observedAt - random.nextInt(3)) + "'");
    if (random.nextInt(3) == 0) {
      fields.put("dimensions", "{'device':'" + any(List.of("/", "/var", "sda")) + "'}");
    }
    List<String> parts = new ArrayList<>();
    fields.forEach((name, text) -> parts.add("'" + name + "':" + text));
    for (int changes = random.nextInt(3); changes > 0; changes--) {
      change(parts);
    }
    String line = ("{" + String.join(",", parts) + "}").replace('\'', '"');
    return random.nextInt(10) == 0 ? damaged(line) : line;
  }

  private void change(List<String> parts) {
    int at = random.nextInt(parts.size());
    String name = any(NAMES);
    switch (random.nextInt(6)) {
      case 0 -> parts.remove(at);
      case 1 -> parts.add(at, parts.get(random.nextInt(parts.size())));
      case 2 -> parts.add("'" + name.toUpperCase(Locale.ROOT) + "':" + any(VALUES));
      case 3 -> parts.add("'x." + name + "':" + any(VALUES));
      default -> parts.add("'" + name + "':" + any(VALUES));
    }
    if (parts.isEmpty()) {
      parts.add("'x':1");
    }
  }

  private String damaged(String line) {
    int at = random.nextInt(line.length());
    int until = Math.min(line.length(), at + 1 + random.nextInt(3));
    return switch (random.nextInt(4)) {
      case 0 -> line.substring(0, at);
      case 1 -> line.substring(0, at) + line.substring(until);
      case 2 -> line.substring(0, at) + any(VALUES) + line.substring(until);
      default -> line + line;
    };
  }

  private <T> T any(List<T> list) {
    return list.get(random.nextInt(list.size()));
  }
}
