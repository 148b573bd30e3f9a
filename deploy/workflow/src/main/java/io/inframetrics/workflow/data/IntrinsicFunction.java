package io.inframetrics.workflow.data;

import java.util.Arrays;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * The intrinsic functions of the states language and their numbers of arguments. Their limits are
 * from this page, too.
 *
 * @see <a
 *     href="https://docs.aws.amazon.com/step-functions/latest/dg/intrinsic-functions.html">Intrinsic
 *     functions</a>
 */
enum IntrinsicFunction {
  ARRAY("States.Array", 0, Integer.MAX_VALUE, ArrayFunctions::array),
  ARRAY_PARTITION("States.ArrayPartition", 2, 2, ArrayFunctions::partition),
  ARRAY_CONTAINS("States.ArrayContains", 2, 2, ArrayFunctions::contains),
  ARRAY_RANGE("States.ArrayRange", 3, 3, ArrayFunctions::range),
  ARRAY_GET_ITEM("States.ArrayGetItem", 2, 2, ArrayFunctions::getItem),
  ARRAY_LENGTH("States.ArrayLength", 1, 1, ArrayFunctions::length),
  ARRAY_UNIQUE("States.ArrayUnique", 1, 1, ArrayFunctions::unique),
  BASE64_ENCODE("States.Base64Encode", 1, 1, TextFunctions::base64Encode),
  BASE64_DECODE("States.Base64Decode", 1, 1, TextFunctions::base64Decode),
  FORMAT("States.Format", 1, Integer.MAX_VALUE, TextFunctions::format),
  HASH("States.Hash", 2, 2, TextFunctions::hash),
  JSON_MERGE("States.JsonMerge", 3, 3, TextFunctions::jsonMerge),
  JSON_TO_STRING("States.JsonToString", 1, 1, TextFunctions::jsonToString),
  MATH_ADD("States.MathAdd", 2, 2, MathFunctions::add),
  MATH_RANDOM("States.MathRandom", 2, 3, MathFunctions::random),
  STRING_SPLIT("States.StringSplit", 2, 2, TextFunctions::stringSplit),
  STRING_TO_JSON("States.StringToJson", 1, 1, TextFunctions::stringToJson),
  UUID("States.UUID", 0, 0, MathFunctions::uuid);

  private final String name;
  private final int least;
  private final int most;

  // Method references without state are immutable.
  @SuppressWarnings("ImmutableEnumChecker")
  private final Function<Arguments, JsonNode> body;

  IntrinsicFunction(String name, int least, int most, Function<Arguments, JsonNode> body) {
    this.name = name;
    this.least = least;
    this.most = most;
    this.body = body;
  }

  static @Nullable IntrinsicFunction named(String name) {
    return Arrays.stream(values()).filter(f -> f.name.equals(name)).findFirst().orElse(null);
  }

  boolean takes(int count) {
    return count >= least && count <= most;
  }

  String arity() {
    if (most == Integer.MAX_VALUE) {
      return "at least " + least + (least == 1 ? " argument" : " arguments");
    }
    return (least == most ? "" + least : least + " to " + most)
        + (most == 1 ? " argument" : " arguments");
  }

  /** Calls the function; IllegalArgumentException names the invalid argument in one sentence. */
  JsonNode apply(Arguments arguments) {
    return body.apply(arguments);
  }
}
