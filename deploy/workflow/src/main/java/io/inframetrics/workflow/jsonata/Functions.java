package io.inframetrics.workflow.jsonata;

import com.dashjoin.jsonata.JException;
import com.dashjoin.jsonata.Jsonata;
import com.dashjoin.jsonata.Jsonata.JFunction;
import com.dashjoin.jsonata.Utils;
import io.inframetrics.workflow.data.Json;
import io.inframetrics.workflow.data.Scope;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;

/**
 * The functions that Step Functions adds to JSONata, and the library's that are wrong, unbounded or
 * not repeatable.
 *
 * @see <a
 *     href="https://docs.aws.amazon.com/step-functions/latest/dg/transforming-data.html">JSONata
 *     functions provided by Step Functions</a>
 */
final class Functions {

  private static final int MAX_RANGE = 1_000_000;

  private static final List<String> ALGORITHMS =
      List.of("MD5", "SHA-1", "SHA-256", "SHA-384", "SHA-512");

  /** Functions that depend on nothing but their arguments. */
  static final Map<String, JFunction> PURE =
      Stream.of(
              new OwnFunction("sort", "<af?:a>", a -> sort(a.list(0), a.get(1)), List.class),
              new OwnFunction(
                  "range",
                  "<nnn:a>",
                  a -> range(a.number(0), a.number(1), a.number(2)),
                  Number.class,
                  Number.class,
                  Number.class),
              new OwnFunction(
                  "partition",
                  "<an:a>",
                  a -> partition(a.list(0), a.number(1)),
                  List.class,
                  Number.class),
              new OwnFunction("parse", "<s:x>", a -> parse(a.text(0)), String.class),
              new OwnFunction(
                  "hash", "<ss:s>", a -> hash(a.text(0), a.text(1)), String.class, String.class),
              new OwnFunction("encodeUrl", "<s-:s>", a -> Texts.encodeUrl(a.text(0)), String.class),
              new OwnFunction("distinct", "<x:x>", a -> distinct(a.get(0)), List.class),
              new OwnFunction(
                  "pad", "<s-ns?:s>", Texts::pad, String.class, Number.class, String.class),
              // A list is not a Void, so the signature always checks that its elements are texts.
              new OwnFunction("join", "<a<s>s?:s>", Texts::join, Void.class, String.class),
              new OwnFunction(
                  "contains", "<s-(sf):b>", Texts::contains, String.class, Pattern.class),
              new OwnFunction(
                  "match",
                  "<s-f<s:o>n?:a<o>>",
                  Texts::match,
                  String.class,
                  Pattern.class,
                  Number.class),
              new OwnFunction(
                  "split",
                  "<s-(sf)n?:a<s>>",
                  Texts::split,
                  String.class,
                  Pattern.class,
                  Number.class),
              new OwnFunction(
                  "replace",
                  "<s-(sf)(sf)n?:s>",
                  Texts::replace,
                  String.class,
                  Pattern.class,
                  String.class,
                  Number.class))
          .collect(Collectors.toUnmodifiableMap(OwnFunction::name, Function.identity()));

  /** Functions that depend on the execution: its clock and its random generator. */
  static final Map<String, BiFunction<Scope, List<?>, @Nullable Object>> OF_EXECUTION =
      Map.of(
          "now", (scope, arguments) -> now(scope, text(arguments, 0), text(arguments, 1)),
          "millis", (scope, arguments) -> scope.now().toEpochMilli(),
          "random", (scope, arguments) -> random(scope.random(), arguments),
          "uuid", (scope, arguments) -> uuid(scope.random()),
          "shuffle", (scope, arguments) -> shuffle(scope.random(), arguments));

  private Functions() {}

  private static @Nullable String text(List<?> arguments, int index) {
    Object value = index < arguments.size() ? arguments.get(index) : null;
    if (value == null || value instanceof String) {
      return (String) value;
    }
    throw invalid(index + 1, "now");
  }

  private static JException invalid(int argument, String function) {
    return new JException("T0410", -1, argument, function);
  }

  private static String now(Scope scope, @Nullable String picture, @Nullable String zone) {
    return com.dashjoin.jsonata.Functions.dateTimeFromMillis(
        scope.now().toEpochMilli(), picture, zone);
  }

  /** A number from 0 up to but excluding 1; a seed always gives the same one. */
  private static double random(RandomGenerator random, List<?> arguments) {
    Object seed = arguments.isEmpty() ? null : arguments.get(0);
    if (seed == null) {
      return random.nextDouble();
    }
    if (seed instanceof Number number) {
      return new Random(number.longValue()).nextDouble();
    }
    throw invalid(1, "random");
  }

  private static String uuid(RandomGenerator random) {
    long high = (random.nextLong() & ~0xF000L) | 0x4000L;
    long low = (random.nextLong() & ~0xC000000000000000L) | 0x8000000000000000L;
    return new UUID(high, low).toString();
  }

  private static @Nullable Object shuffle(RandomGenerator random, List<?> arguments) {
    Object value = arguments.isEmpty() ? null : arguments.get(0);
    if (value == null) {
      return null;
    }
    List<@Nullable Object> shuffled =
        value instanceof List<?> list ? new ArrayList<>(list) : new ArrayList<>(List.of(value));
    Collections.shuffle(shuffled, new Random(random.nextLong()));
    return shuffled;
  }

  /** Sorts stably. The function says whether its first argument belongs after its second. */
  private static @Nullable List<?> sort(@Nullable List<?> array, @Nullable Object function)
      throws Throwable {
    if (array == null || array.size() < 2) {
      return array;
    }
    if (function != null) {
      return merged(new ArrayList<>(array), function);
    }
    if (array.stream().allMatch(Number.class::isInstance)) {
      return sorted(array, Comparator.comparingDouble(value -> ((Number) value).doubleValue()));
    }
    if (array.stream().allMatch(String.class::isInstance)) {
      return sorted(array, Comparator.comparing(String.class::cast));
    }
    throw new JException("D3070", -1);
  }

  private static List<?> sorted(List<?> array, Comparator<Object> order) {
    List<Object> sorted = new ArrayList<>(array);
    sorted.sort(order);
    return sorted;
  }

  /** A merge sort, because Java's own throws for a function that is not an order. */
  private static List<@Nullable Object> merged(List<@Nullable Object> array, Object function)
      throws Throwable {
    if (array.size() < 2) {
      return array;
    }
    int middle = array.size() / 2;
    List<@Nullable Object> left = merged(array.subList(0, middle), function);
    List<@Nullable Object> right = merged(array.subList(middle, array.size()), function);
    List<@Nullable Object> merged = new ArrayList<>(array.size());
    int l = 0;
    int r = 0;
    while (l < left.size() && r < right.size()) {
      Object after =
          com.dashjoin.jsonata.Functions.funcApply(
              function, Arrays.asList(left.get(l), right.get(r)));
      merged.add(Jsonata.boolize(after) ? right.get(r++) : left.get(l++));
    }
    merged.addAll(left.subList(l, left.size()));
    merged.addAll(right.subList(r, right.size()));
    return merged;
  }

  /** The numbers from the first to the last, or undefined. One alone is no array. */
  private static @Nullable Object range(
      @Nullable Number first, @Nullable Number last, @Nullable Number step) {
    if (first == null || last == null || step == null) {
      return null;
    }
    long from = whole(first, 1, "range");
    long to = whole(last, 2, "range");
    long by = whole(step, 3, "range");
    if (by == 0) {
      throw new IllegalArgumentException("The step of $range must not be 0.");
    }
    if ((by > 0 && from > to) || (by < 0 && from < to)) {
      return null;
    }
    long count = Math.abs(Math.subtractExact(to, from) / by) + 1;
    if (count > MAX_RANGE) {
      throw new IllegalArgumentException(
          "$range gives at most " + MAX_RANGE + " numbers, not " + count + ".");
    }
    List<Object> numbers = Utils.createSequence();
    for (long i = 0; i < count; i++) {
      numbers.add(Utils.convertNumber(from + i * by));
    }
    return numbers;
  }

  private static long whole(Number number, int argument, String function) {
    if (number.doubleValue() != number.longValue()) {
      throw invalid(argument, function);
    }
    return number.longValue();
  }

  /** The array in chunks of this size; the last one may be shorter. */
  private static @Nullable Object partition(@Nullable List<?> array, @Nullable Number size) {
    if (array == null || size == null) {
      return null;
    }
    long length = whole(size, 2, "partition");
    if (length < 1) {
      throw invalid(2, "partition");
    }
    List<Object> chunks = new ArrayList<>();
    for (int from = 0; from < array.size(); from += (int) Math.min(length, array.size())) {
      int to = (int) Math.min(from + length, array.size());
      chunks.add(new ArrayList<>(array.subList(from, to)));
    }
    return chunks;
  }

  /** The value of a JSON text. */
  private static @Nullable Object parse(@Nullable String text) {
    try {
      return text == null ? null : Views.of(Json.parse(text));
    } catch (JacksonException e) {
      throw new IllegalArgumentException("$parse: " + Json.mistake(e), e);
    }
  }

  /** The hash of a text's UTF-8 bytes, in hexadecimal digits. */
  private static @Nullable String hash(@Nullable String data, @Nullable String algorithm) {
    if (data == null || algorithm == null) {
      return null;
    }
    if (!ALGORITHMS.contains(algorithm)) {
      throw new IllegalArgumentException(
          "The algorithm of $hash must be one of " + String.join(", ", ALGORITHMS) + ".");
    }
    try {
      byte[] bytes = data.getBytes(StandardCharsets.UTF_8);
      return HexFormat.of().formatHex(MessageDigest.getInstance(algorithm).digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("this Java runtime does not have " + algorithm, e);
    }
  }

  /** Without duplicates; one alone is an array if it was one. */
  private static @Nullable Object distinct(@Nullable Object value) {
    if (!(value instanceof List<?> list) || list.size() < 2) {
      return value;
    }
    Set<Object> unique = new HashSet<>();
    List<Object> distinct = Utils.isSequence(list) ? Utils.createSequence() : new ArrayList<>();
    for (Object each : list) {
      Object key = each instanceof Number number ? number.doubleValue() : each;
      if (unique.add(key)) {
        distinct.add(each);
      }
    }
    return distinct;
  }
}
