package io.inframetrics.integration.athena;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * Lines of one raw file that would fail all saved queries, or change their numbers, if they read
 * the raw file itself.
 *
 * @param type of the file
 */
record OddLines(String name, String type, List<String> lines) {

  private static final String CPU = "cpu_utilization";
  private static final String DISK = "disk_usage";
  static final long AT = ProcessedFiles.NOW.getEpochSecond() - 600;

  /** Those that were reported. */
  static List<OddLines> reported() {
    return List.of(
        cpu("dimensions are an array", "'dimensions':[]"),
        cpu("dimensions are a text", "'dimensions':'x'"),
        cpu("the value is an array", "'value':[1]"),
        cpu("the value is an object", "'value':{'avg':1}"),
        cpu("the timestamp is in milliseconds", "'timestamp':" + AT * 1_000L),
        cpu("the timestamp is in microseconds", "'timestamp':" + AT * 1_000_000L),
        cpu("the timestamp is in nanoseconds", "'timestamp':" + AT + "000000000"),
        cpu("the timestamp is in the future", "'timestamp':" + (AT + 4 * 3_600)),
        cpu("VALUE beside value", "'VALUE':99"),
        cpu("Timestamp beside timestamp", "'Timestamp':" + (AT - 60)),
        cpu("Region beside region", "'Region':'mars-1'"),
        of("Device beside device", DISK, "'dimensions':{'device':'/','Device':'sda'}"),
        new OddLines(
            "no dimensions in braces, beside the same without",
            CPU,
            List.of(line(CPU, ""), line(CPU, "'dimensions':{}"))),
        new OddLines(
            "no region beside the same series with one",
            CPU,
            List.of(
                line(CPU, ""),
                line(CPU, "'timestamp':" + (AT + 60)).replace("\"region\":\"eu-west-1\",", ""))),
        cpu("an unknown unit", "'unit':'Percents'"),
        cpu("another type", "'metric_type':'memory_usage'"),
        cpu("another id", "'metric_id':'cpu_utilization#i-9#1'"),
        new OddLines(
            "two values near the largest double",
            CPU,
            List.of(
                line(CPU, "'value':1.5e308"),
                line(CPU, "'value':1.5e308,'timestamp':" + (AT + 1)))));
  }

  /** Others like them. */
  static List<OddLines> neighbours() {
    return List.of(
        cpu("a dimension is a number", "'dimensions':{'device':1}"),
        cpu("a dimension is an object", "'dimensions':{'device':{'name':'sda'}}"),
        cpu("a dimension is null", "'dimensions':{'device':null}"),
        cpu("the value is true", "'value':true"),
        cpu("the value is a number with a letter", "'value':'95d'"),
        cpu("the value is a hexadecimal number", "'value':'0x1p6'"),
        cpu("the value is not a number", "'value':'NaN'"),
        cpu("the value is infinite", "'value':1e999"),
        cpu("the timestamp is beyond 64 bits", "'timestamp':" + AT + "000000000000"),
        cpu("the timestamp has a fraction", "'timestamp':" + AT + ".5"),
        cpu("the timestamp is a text", "'timestamp':'" + AT + "'"),
        cpu("the timestamp is a year ago", "'timestamp':" + (AT - 365 * 86_400)),
        cpu("value twice", "'value':1,'value':98"),
        cpu("a region that is a number", "'region':5"),
        cpu("no unit", "'unit':null"),
        cpu("half a surrogate pair", "'instance_id':'i-\\ud800'"),
        cpu("an unknown field with an object", "'x':{'y':[1]}"),
        new OddLines(
            "a value that no item can have beside a good one of the same second",
            CPU,
            List.of(line(CPU, "'value':1.5e308"), line(CPU, "'value':7"))),
        new OddLines(
            "two values of one second and run",
            CPU,
            List.of(line(CPU, "'value':97"), line(CPU, "'value':12"))),
        new OddLines("not JSON", CPU, List.of("nonsense")),
        new OddLines("half a line", CPU, List.of(line(CPU, "").substring(0, 60))),
        new OddLines("two objects in a line", CPU, List.of(line(CPU, "") + line(CPU, ""))),
        new OddLines("an array", CPU, List.of("[" + line(CPU, "") + "]")),
        new OddLines("a byte order mark", CPU, List.of("\ufeff" + line(CPU, ""))),
        new OddLines("a line that ends in CR LF", CPU, List.of(line(CPU, "") + "\r")),
        new OddLines("blank lines", CPU, List.of("", " ", "\t")));
  }

  private static OddLines cpu(String name, String fields) {
    return of(name, CPU, fields);
  }

  private static OddLines of(String name, String type, String fields) {
    return new OddLines(name, type, List.of(line(type, fields)));
  }

  /** A good line of ten minutes ago, with other fields in addition or instead; ' stands for ". */
  static String line(String type, String fields) {
    return line(type, "i-1", AT, "95.5", fields);
  }

  static String line(String type, String instance, long timestamp, String value, String fields) {
    String line =
        "{'metric_type':'%s','timestamp':%d,'value':%s,'unit':'Percent','instance_id':'%s','region':'eu-west-1','run_id':'run-1','collected_at':'%s'"
            .formatted(type, timestamp, value, instance, ProcessedFiles.NOW);
    // A field that is given replaces this one, as it comes later.
    return (line + (fields.isEmpty() ? "" : "," + fields) + "}").replace('\'', '"');
  }

  /** The file with these lines among good ones, processed, and good files before it. */
  ProcessedFiles processed() {
    ProcessedFiles files = new ProcessedFiles();
    for (Duration ago : List.of(Duration.ofDays(6), Duration.ofHours(30), Duration.ofHours(3))) {
      Instant observedAt = ProcessedFiles.NOW.minus(ago);
      for (String of : List.of(CPU, DISK)) {
        files.process(
            ProcessedFiles.key(of, observedAt), good(of, observedAt.getEpochSecond() - 700));
      }
    }
    files.process(
        ProcessedFiles.key(type, ProcessedFiles.NOW),
        good(type, AT - 900) + String.join("\n", lines) + "\n" + good(type, AT - 450));
    return files;
  }

  private static String good(String type, long timestamp) {
    return String.join(
        "\n",
        line(type, "i-1", timestamp, "81.25", ""),
        line(type, "i-2", timestamp, "3", ""),
        line(type, "i-2", timestamp + 300, "'4.5'", "'dimensions':{'device':'/','mount':'a b'}"),
        "");
  }

  @Override
  public String toString() {
    return name;
  }
}
