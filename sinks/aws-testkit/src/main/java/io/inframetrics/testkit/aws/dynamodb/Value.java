package io.inframetrics.testkit.aws.dynamodb;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.math.BigDecimal;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The value of an attribute.
 *
 * @param type as the protocol names it: S, N, B, BOOL, NULL, SS, NS, BS, L or M
 * @param data a String, BigDecimal or Boolean, or a Set, List or Map of values; the string of a
 *     binary has a character for each byte
 * @see <a
 *     href="https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/HowItWorks.NamingRulesDataTypes.html">Data
 *     types</a>
 */
record Value(String type, Object data) implements Comparable<Value> {

  static final int MAX_DIGITS = 38;
  static final int MAX_EXPONENT = 125;
  static final int MIN_EXPONENT = -130;
  static final int MAX_NESTING = 32;

  private static final Map<String, String> TYPE_NAMES =
      Map.of(
          "S",
          "STRING",
          "N",
          "NUMBER",
          "B",
          "BINARY",
          "BOOL",
          "BOOLEAN",
          "NULL",
          "NULL",
          "L",
          "LIST",
          "M",
          "MAP",
          "SS",
          "STRING_SET",
          "NS",
          "NUMBER_SET",
          "BS",
          "BINARY_SET");

  /** Reads a value in the protocol's form, such as {@code {"S": "text"}}. */
  static Value of(@Nullable Object json) {
    return of(json, 0);
  }

  private static Value of(@Nullable Object json, int depth) {
    Map<?, ?> members = json == null ? Map.of() : (Map<?, ?>) json;
    if (members.size() > 1) {
      throw DynamoDbError.invalid(
          "Supplied AttributeValue has more than one datatypes set, must contain exactly one of the"
              + " supported datatypes");
    }
    Map.Entry<?, ?> member = members.isEmpty() ? null : members.entrySet().iterator().next();
    if (member == null || !TYPE_NAMES.containsKey(member.getKey())) {
      throw DynamoDbError.invalid(
          "Supplied AttributeValue is empty, must contain exactly one of the supported datatypes");
    }
    if (depth > MAX_NESTING) {
      throw DynamoDbError.invalid("Nesting Levels have exceeded supported limits");
    }
    String type = (String) member.getKey();
    return new Value(type, data(type, member.getValue(), depth));
  }

  private static Object data(String type, Object json, int depth) {
    return switch (type) {
      case "S" -> (String) json;
      case "N" -> number((String) json);
      case "B" -> new String(Base64.getDecoder().decode((String) json), ISO_8859_1);
      case "BOOL" -> (Boolean) json;
      case "NULL" -> {
        if (!(Boolean) json) {
          throw DynamoDbError.invalidValue(
              "Null attribute value types must have the value of true");
        }
        yield true;
      }
      case "L" -> ((List<?>) json).stream().map(element -> of(element, depth + 1)).toList();
      case "M" -> Item.attributes(json, element -> of(element, depth + 1));
      default -> set(type.substring(0, 1), (List<?>) json);
    };
  }

  private static BigDecimal number(String text) {
    BigDecimal number;
    try {
      number = new BigDecimal(text);
    } catch (NumberFormatException e) {
      throw DynamoDbError.invalid("The parameter cannot be converted to a numeric value: %s", text);
    }
    number = number.signum() == 0 ? BigDecimal.ZERO : number.stripTrailingZeros();
    long exponent = (long) number.precision() - number.scale() - 1;
    if (number.signum() != 0 && (exponent > MAX_EXPONENT || exponent < MIN_EXPONENT)) {
      boolean over = exponent > MAX_EXPONENT;
      throw DynamoDbError.invalid(
          "Number %s. Attempting to store a number with magnitude %s than supported range",
          over ? "overflow" : "underflow", over ? "larger" : "smaller");
    }
    if (number.precision() > MAX_DIGITS) {
      throw DynamoDbError.invalid(
          "Attempting to store more than %d significant digits in a Number", MAX_DIGITS);
    }
    return number;
  }

  private static Set<Value> set(String elementType, List<?> json) {
    if (json.isEmpty()) {
      throw DynamoDbError.invalidValue(
          switch (elementType) {
            case "S" -> "An string set  may not be empty";
            case "N" -> "An number set  may not be empty";
            default -> "Binary sets should not be empty";
          });
    }
    Set<Value> elements = new LinkedHashSet<>();
    for (Object element : json) {
      if (!elements.add(new Value(elementType, data(elementType, element, 0)))) {
        throw DynamoDbError.invalidValue("Input collection %s contains duplicates.", json);
      }
    }
    return elements;
  }

  /** The value in the protocol's form; a number without exponent and needless zeros. */
  Map<String, Object> toJson() {
    return Map.of(type, dataToJson());
  }

  private Object dataToJson() {
    if (data instanceof BigDecimal number) {
      return number.toPlainString();
    }
    if (type.equals("B")) {
      return Base64.getEncoder().encodeToString(bytes());
    }
    if (data instanceof Set<?> elements) {
      return elements.stream().map(element -> ((Value) element).dataToJson()).toList();
    }
    if (data instanceof List<?> elements) {
      return elements.stream().map(element -> ((Value) element).toJson()).toList();
    }
    return data instanceof Map ? Item.json(members()) : data;
  }

  /**
   * The bytes that count against the limits.
   *
   * @see <a
   *     href="https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/CapacityUnitCalculations.html">Item
   *     sizes</a>
   */
  int size() {
    if (data instanceof String) {
      return bytes().length;
    }
    if (data instanceof BigDecimal number) {
      return (number.precision() + 1) / 2 + 1 + (number.signum() < 0 ? 1 : 0);
    }
    if (data instanceof Map) {
      return 3 + members().size() + Item.size(members());
    }
    if (data instanceof Collection<?> elements) {
      int overhead = type.equals("L") ? 3 + elements.size() : 0;
      return overhead + elements.stream().mapToInt(element -> ((Value) element).size()).sum();
    }
    return 1;
  }

  /** What the service calls the type in its errors. */
  String typeName() {
    return TYPE_NAMES.getOrDefault(type, type);
  }

  /** Whether it has an order: a string, number or binary. */
  boolean isScalar() {
    return type.length() == 1 && !type.equals("L") && !type.equals("M");
  }

  boolean isSet() {
    return data instanceof Set;
  }

  /** The elements of a set. */
  @SuppressWarnings("unchecked") // by construction
  Set<Value> elements() {
    return (Set<Value>) data;
  }

  @SuppressWarnings("unchecked") // by construction
  private Map<String, Value> members() {
    return (Map<String, Value>) data;
  }

  /** Orders scalars of one type: numbers by value, strings and binaries by their bytes. */
  @Override
  public int compareTo(Value other) {
    if (data instanceof BigDecimal number) {
      return number.compareTo((BigDecimal) other.data);
    }
    return Arrays.compareUnsigned(bytes(), other.bytes());
  }

  private byte[] bytes() {
    return type.equals("B") ? ((String) data).getBytes(ISO_8859_1) : utf8((String) data);
  }

  static byte[] utf8(String text) {
    return text.getBytes(UTF_8);
  }

  /** As the service shows it in its errors. */
  @Override
  public String toString() {
    return "AttributeValue: {" + type + ":" + dataToJson() + "}";
  }
}
