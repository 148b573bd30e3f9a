package io.inframetrics.testkit.aws.dynamodb;

import static io.inframetrics.testkit.aws.dynamodb.DynamoDbError.require;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.math.BigDecimal;
import java.util.Base64;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The value of an attribute.
 *
 * @param type as the protocol names it: S, N, B, SS or M
 * @param data a String (of a binary, with a character for each byte), BigDecimal, Set of Strings,
 *     or Map of values
 * @see <a
 *     href="https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/HowItWorks.NamingRulesDataTypes.html">Data
 *     types</a>
 */
record Value(String type, Object data) implements Comparable<Value> {

  static final int MAX_DIGITS = 38;
  static final int MAX_EXPONENT = 125;
  static final int MIN_EXPONENT = -130;

  /** Reads a value in the protocol's form, such as {@code {"S": "text"}}. */
  static Value of(Object json) {
    Map<?, ?> members = (Map<?, ?>) json;
    require(
        members.size() == 1,
        "Supplied AttributeValue %s, must contain exactly one of the supported datatypes",
        members.isEmpty() ? "is empty" : "has more than one datatypes set");
    Map.Entry<?, ?> member = members.entrySet().iterator().next();
    String type = (String) member.getKey();
    return new Value(type, data(type, member.getValue()));
  }

  private static Object data(String type, Object json) {
    return switch (type) {
      case "S" -> (String) json;
      case "N" -> number((String) json);
      case "B" -> new String(Base64.getDecoder().decode((String) json), ISO_8859_1);
      case "SS" -> texts((List<?>) json);
      case "M" -> Item.attributes(json);
      default -> throw DynamoDbError.unsupported("attribute type " + type);
    };
  }

  /** A number without needless zeros. */
  static BigDecimal number(String text) {
    BigDecimal number;
    try {
      number = new BigDecimal(text);
    } catch (NumberFormatException e) {
      throw DynamoDbError.invalid("The parameter cannot be converted to a numeric value: %s", text);
    }
    if (number.signum() == 0) {
      return BigDecimal.ZERO;
    }
    number = number.stripTrailingZeros();
    long exponent = (long) number.precision() - number.scale() - 1;
    require(
        exponent <= MAX_EXPONENT,
        "Number overflow. Attempting to store a number with magnitude larger than supported range");
    require(
        exponent >= MIN_EXPONENT,
        "Number underflow. Attempting to store a number with magnitude smaller than supported"
            + " range");
    require(
        number.precision() <= MAX_DIGITS,
        "Attempting to store more than %d significant digits in a Number",
        MAX_DIGITS);
    return number;
  }

  private static Set<String> texts(List<?> json) {
    require(
        !json.isEmpty(),
        "One or more parameter values were invalid: An string set  may not be empty");
    Set<String> texts = new LinkedHashSet<>();
    json.forEach(text -> texts.add((String) text));
    require(
        texts.size() == json.size(),
        "One or more parameter values were invalid: Input collection %s contains duplicates.",
        json);
    return texts;
  }

  /** The value in the protocol's form; a number without exponent. */
  Map<String, Object> toJson() {
    return Map.of(type, dataToJson());
  }

  private Object dataToJson() {
    return switch (type) {
      case "N" -> ((BigDecimal) data).toPlainString();
      case "B" -> Base64.getEncoder().encodeToString(((String) data).getBytes(ISO_8859_1));
      case "M" -> Item.json(members());
      default -> data;
    };
  }

  /**
   * The bytes that count against the limits.
   *
   * @see <a
   *     href="https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/CapacityUnitCalculations.html">Item
   *     sizes</a>
   */
  int size() {
    return switch (type) {
      case "N" -> {
        BigDecimal number = (BigDecimal) data;
        yield (number.precision() + 1) / 2 + (number.signum() < 0 ? 2 : 1);
      }
      case "B" -> ((String) data).length();
      case "M" -> 3 + members().size() + Item.size(members());
      case "SS" -> texts().stream().mapToInt(Value::utf8Length).sum();
      default -> utf8Length((String) data);
    };
  }

  static int utf8Length(String text) {
    return text.getBytes(UTF_8).length;
  }

  @SuppressWarnings("unchecked") // by construction
  Set<String> texts() {
    return (Set<String>) data;
  }

  @SuppressWarnings("unchecked") // by construction
  private Map<String, Value> members() {
    return (Map<String, Value>) data;
  }

  /** Whether it has an order: a string, number or binary. */
  boolean isScalar() {
    return type.length() == 1 && !type.equals("M");
  }

  /** Orders scalars of one type: numbers by value, strings and binaries by their bytes. */
  @Override
  public int compareTo(Value other) {
    return data instanceof BigDecimal number
        ? number.compareTo((BigDecimal) other.data)
        : compare((String) data, (String) other.data);
  }

  /** The order of the UTF-8 bytes, in which surrogates come last, unlike in UTF-16. */
  private static int compare(String a, String b) {
    for (int i = 0; i < Math.min(a.length(), b.length()); i++) {
      char x = a.charAt(i);
      char y = b.charAt(i);
      if (x != y) {
        int last = Boolean.compare(Character.isSurrogate(x), Character.isSurrogate(y));
        return last != 0 ? last : Character.compare(x, y);
      }
    }
    return Integer.compare(a.length(), b.length());
  }

  /** As the service shows it in its errors. */
  @Override
  public String toString() {
    return "AttributeValue: {" + type + ":" + dataToJson() + "}";
  }
}
