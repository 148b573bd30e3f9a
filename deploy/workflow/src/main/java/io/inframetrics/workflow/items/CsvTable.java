package io.inframetrics.workflow.items;

import java.util.ArrayList;
import java.util.List;

/**
 * Splits text with separators into rows of fields.
 *
 * <p>Quotes are optional; inside them separators and line ends are part of the field, and a doubled
 * quote is one. A backslash escapes a backslash, a quote or the separator; before any other
 * character it is dropped. Empty lines are skipped.
 *
 * @see <a
 *     href="https://docs.aws.amazon.com/step-functions/latest/dg/example-csv-parse-dist-map.html">How
 *     Step Functions parses input CSV files</a>
 */
final class CsvTable {

  private final String text;
  private final char separator;
  private final List<List<String>> rows = new ArrayList<>();
  private List<String> row = new ArrayList<>();
  private final StringBuilder field = new StringBuilder();
  private boolean quoted;
  private int at;

  private CsvTable(String text, char separator) {
    this.text = text;
    this.separator = separator;
  }

  static List<List<String>> rows(String text, char separator) {
    CsvTable table = new CsvTable(text, separator);
    while (table.at < text.length()) {
      table.take(text.charAt(table.at++));
    }
    table.endRow();
    return table.rows;
  }

  private void take(char c) {
    if (c == '\\') {
      if (at < text.length() && isEscapable(text.charAt(at))) {
        field.append(text.charAt(at++));
      }
    } else if (c == '"') {
      quote();
    } else if (quoted || (c != separator && c != '\n' && c != '\r')) {
      field.append(c);
    } else if (c == separator) {
      endField();
    } else if (c == '\n') {
      endRow();
    }
  }

  private boolean isEscapable(char c) {
    return c == '\\' || c == '"' || c == separator;
  }

  private void quote() {
    if (at < text.length() && text.charAt(at) == '"' && (quoted || !field.isEmpty())) {
      field.append('"');
      at++;
    } else {
      quoted = !quoted;
    }
  }

  private void endField() {
    row.add(field.toString());
    field.setLength(0);
  }

  private void endRow() {
    if (!row.isEmpty() || !field.isEmpty()) {
      endField();
      rows.add(row);
      row = new ArrayList<>();
    }
    quoted = false;
  }
}
