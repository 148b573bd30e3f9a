package io.inframetrics.cli.series;

import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A value in a file.
 *
 * @param number NaN for a missing value
 * @param text the number for others to read; the file's own text if that is a plain number or
 *     stands for a missing value
 * @param unit such as {@code %} or {@code GiB}; empty without one
 * @param separator between the whole number and its fraction: a point, a comma, or a space if there
 *     is none
 */
record Quantity(double number, String text, String unit, char separator) {

  static final char NO_SEPARATOR = ' ';

  /** Texts that stand for a missing value. */
  private static final Set<String> NONE =
      Set.of(
          "",
          "-",
          "nan",
          "null",
          "undefined",
          "na",
          "n/a",
          "no data",
          "inf",
          "+inf",
          "-inf",
          "infinity",
          "+infinity",
          "-infinity");

  private static final String EXPONENT = "(?:[eE][+-]?\\d+)?";

  private static final Pattern PLAIN = Pattern.compile("[+-]?(?:\\d+\\.?\\d*|\\.\\d+)" + EXPONENT);

  /** Groups of three digits, and a fraction after another sign: 1,234.5 or 1.234,5. */
  private static final Pattern POINT_AND_GROUPS =
      Pattern.compile("[+-]?\\d{1,3}(?:(?:,\\d{3})+\\.\\d+|(?:,\\d{3}){2,})");

  private static final Pattern COMMA_AND_GROUPS =
      Pattern.compile("[+-]?\\d{1,3}(?:(?:\\.\\d{3})+,\\d+|(?:\\.\\d{3}){2,})");

  private static final Pattern COMMA = Pattern.compile("[+-]?\\d*,\\d+" + EXPONENT);

  /** A comma that separates a fraction or thousands. */
  private static final Pattern AMBIGUOUS = Pattern.compile("[+-]?[1-9]\\d{0,2},\\d{3}");

  private static final Pattern WITH_UNIT =
      Pattern.compile(
          "([$\u20ac\u00a3\u00a5]?)([+-]?[\\d.,]+"
              + EXPONENT
              + ")[\\s\u00a0\u202f]*((?:[\\p{L}%\u2030\u00b0][^\\d,;:]{0,19})?)");

  /** The value that the text says; null if it says none. */
  static @Nullable Quantity parse(String raw) {
    String text = raw.strip();
    if (PLAIN.matcher(text).matches()) {
      return new Quantity(
          Double.parseDouble(text), raw, "", text.indexOf('.') < 0 ? NO_SEPARATOR : '.');
    }
    if (NONE.contains(text.toLowerCase(Locale.ROOT))) {
      return new Quantity(Double.NaN, raw, "", NO_SEPARATOR);
    }
    Matcher parts = WITH_UNIT.matcher(text);
    if (!parts.matches()) {
      return null;
    }
    String number = parts.group(2);
    String plain = number;
    char separator = number.indexOf('.') < 0 ? NO_SEPARATOR : '.';
    if (POINT_AND_GROUPS.matcher(number).matches()) {
      plain = number.replace(",", "");
      separator = '.';
    } else if (COMMA_AND_GROUPS.matcher(number).matches()) {
      plain = number.replace(".", "").replace(',', '.');
      separator = ',';
    } else if (COMMA.matcher(number).matches()) {
      plain = number.replace(',', '.');
      separator = ',';
    } else if (!PLAIN.matcher(number).matches()) {
      return null;
    }
    String unit = parts.group(1) + parts.group(3).strip();
    return new Quantity(Double.parseDouble(plain), plain, unit, separator);
  }

  /** Whether a comma in the text may separate thousands as well as a fraction: 1,234. */
  static boolean isAmbiguous(String raw) {
    Matcher parts = WITH_UNIT.matcher(raw.strip());
    return parts.matches() && AMBIGUOUS.matcher(parts.group(2)).matches();
  }

  boolean isMissing() {
    return Double.isNaN(number);
  }
}
