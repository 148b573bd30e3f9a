package io.inframetrics.source.cloudwatch;

import io.inframetrics.collect.CollectorSettings;
import io.inframetrics.collect.SettingsReader;
import io.inframetrics.metric.MetricType;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/** The source's settings; {@link CloudWatchCollectorFactory} describes each. */
record SourceSettings(
    List<String> regions,
    List<String> roles,
    boolean linkedAccounts,
    int maxInstances,
    Map<String, String> tags,
    Duration period,
    Shard shard,
    List<WatchedType> types) {

  /** In the list of roles: the account that the functions run in. */
  static final String OWN = "own";

  private static final int DEFAULT_INSTANCES = 25;
  private static final int MAX_INSTANCES = 100_000;
  private static final Duration DETAILED = Duration.ofMinutes(1);
  private static final Duration BASIC = Duration.ofMinutes(5);
  private static final Duration LONGEST_PERIOD = Duration.ofDays(1);
  private static final Pattern REGION = Pattern.compile("[a-z]{2}(-[a-z]+)+-\\d");
  private static final Pattern ROLE =
      Pattern.compile("arn:aws[a-z-]*:iam::\\d{12}:role/[\\w+=,.@/-]+");

  SourceSettings {
    regions = List.copyOf(regions);
    roles = List.copyOf(roles);
    types = List.copyOf(types);
  }

  /** One of several equal parts of the instances: {@code index} of {@code count}, from 1. */
  record Shard(int index, int count) {

    private static final Pattern TEXT = Pattern.compile("(\\d{1,4})/(\\d{1,4})");

    static final Shard ALL = new Shard(1, 1);

    static Shard parse(String text) {
      if (TEXT.matcher(text).matches()) {
        String[] parts = text.split("/", -1);
        Shard shard = new Shard(Integer.parseInt(parts[0]), Integer.parseInt(parts[1]));
        if (shard.index >= 1 && shard.index <= shard.count) {
          return shard;
        }
      }
      throw new IllegalArgumentException("a part of a whole such as 1/4");
    }

    boolean has(String instanceId) {
      return Math.floorMod(instanceId.hashCode(), count) == index - 1;
    }
  }

  static SourceSettings of(CollectorSettings settings) {
    SettingsReader reader = new SettingsReader(settings);
    List<WatchedType> types =
        new ArrayList<>(WatchedType.builtIn(reader.text("agent_namespace", "CWAgent")));
    types.addAll(reader.parsed("metrics", List.of(), WatchedType::parseAll));
    Set<MetricType> seen = new HashSet<>();
    for (WatchedType type : types) {
      if (!seen.add(type.type())) {
        reader.mistake(
            "the source cloudwatch reads %s twice: give the metric another type"
                .formatted(type.type()));
      }
    }
    List<String> roles =
        reader.parsed(
            "roles",
            List.of(),
            text ->
                list(
                    text,
                    role -> role.equals(OWN) || ROLE.matcher(role).matches(),
                    "ARNs of roles, separated by commas, and '"
                        + OWN
                        + "' for the account itself"));
    boolean linked = reader.parsed("linked_accounts", false, SourceSettings::bool);
    if (linked && !roles.isEmpty()) {
      reader.mistake(
          "the source cloudwatch has both roles and linked_accounts: use the one that the other accounts have set up");
    }
    Map<String, String> tags = reader.parsed("tags", Map.of(), SourceSettings::tags);
    if (linked && !tags.isEmpty()) {
      reader.mistake(
          "the source cloudwatch has both tags and linked_accounts, but only an account itself can list its tags: use roles to read other accounts by tag");
    }
    SourceSettings read =
        new SourceSettings(
            reader.parsed(
                "regions",
                List.of(),
                text ->
                    list(
                        text,
                        region -> REGION.matcher(region).matches(),
                        "regions separated by commas, such as eu-west-1,us-east-1")),
            roles,
            linked,
            (int) reader.number("max_instances", DEFAULT_INSTANCES, 1, MAX_INSTANCES),
            tags,
            period(reader),
            reader.parsed("shard", Shard.ALL, Shard::parse),
            types);
    reader.finish();
    return read;
  }

  private static Duration period(SettingsReader reader) {
    Duration period = reader.duration("period", BASIC);
    // Basic monitoring writes every five minutes: in periods that these do not fill evenly, its
    // bytes would be divided by the wrong time.
    boolean filled = period.equals(BASIC.multipliedBy(period.dividedBy(BASIC)));
    if (!(filled || period.equals(DETAILED)) || period.compareTo(LONGEST_PERIOD) > 0) {
      reader.mistake(
          "the period of the source cloudwatch is %s: use PT1M or a multiple of PT5M up to PT24H"
              .formatted(period));
    }
    return period;
  }

  private static boolean bool(String text) {
    if (text.equals("true") || text.equals("false")) {
      return text.equals("true");
    }
    throw new IllegalArgumentException("true or false");
  }

  private static List<String> list(String text, Predicate<String> valid, String wanted) {
    List<String> list =
        Arrays.stream(text.split(",", -1))
            .map(String::strip)
            .filter(each -> !each.isEmpty())
            .distinct()
            .toList();
    if (!list.stream().allMatch(valid)) {
      throw new IllegalArgumentException(wanted);
    }
    return list;
  }

  private static Map<String, String> tags(String text) {
    Map<String, String> tags = new LinkedHashMap<>();
    for (String pair : text.split(",", -1)) {
      int equals = pair.indexOf('=');
      if (equals < 1) {
        throw new IllegalArgumentException("tags such as Environment=production,Team=web");
      }
      tags.put(pair.substring(0, equals).strip(), pair.substring(equals + 1).strip());
    }
    return tags;
  }
}
