package io.inframetrics.page;

import gg.jte.TemplateOutput;
import io.inframetrics.pipeline.report.JsonValues;
import io.inframetrics.sink.DocumentStore;
import io.inframetrics.sink.StoredObject;
import io.inframetrics.text.Texts;
import io.inframetrics.time.Deadline;
import java.io.StringWriter;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.SerializableString;
import tools.jackson.core.exc.JacksonIOException;
import tools.jackson.core.io.CharacterEscapes;
import tools.jackson.core.io.SerializedString;
import tools.jackson.core.json.JsonFactory;

/**
 * The charts and findings that the page's scripts read, written into the page as JSON without any
 * character that could end a script element. Charts go from the stored documents to the page one by
 * one.
 */
final class EmbeddedJson {

  /** ASCII only, so that characters are bytes. */
  private static final JsonFactory JSON =
      JsonFactory.builder().characterEscapes(new NoMarkup()).highestNonEscapedChar(0x7f).build();

  private final DocumentStore documents;
  private final Deadline deadline;
  private final List<Marked> findings = new ArrayList<>();
  private final Set<String> seriesWithFindings = new HashSet<>();
  private final List<String> problems = new ArrayList<>();
  private long charts;
  private long leftOut;

  EmbeddedJson(DocumentStore documents, Deadline deadline) {
    this.documents = documents;
    this.deadline = deadline;
  }

  private record Marked(
      String analysis, Map<String, @Nullable Object> finding, @Nullable String id) {}

  /**
   * Adds a finding that charts mark.
   *
   * @param id of its element; null if it has none of its own
   */
  void add(String analysis, Map<String, @Nullable Object> finding, @Nullable String id) {
    findings.add(new Marked(analysis, finding, id));
    seriesWithFindings.add(JsonValues.text(finding, "series_id"));
  }

  void writeFindings(TemplateOutput out) {
    out.writeContent("[");
    String separator = "\n";
    for (Marked one : findings) {
      StringWriter text = new StringWriter();
      try (JsonGenerator json = JSON.createGenerator(ObjectWriteContext.empty(), text)) {
        json.writeStartObject();
        json.writeStringProperty("series_id", JsonValues.text(one.finding, "series_id"));
        json.writeStringProperty("detector", JsonValues.text(one.finding, "detector"));
        json.writeStringProperty("analysis", one.analysis);
        json.writeStringProperty(
            "severity", Severities.word(JsonValues.text(one.finding, "severity")));
        json.writeNumberProperty("start", epochSecond(one.finding, "start"));
        json.writeNumberProperty("latest", epochSecond(one.finding, "latest"));
        json.writeBooleanProperty("ongoing", JsonValues.flag(one.finding, "ongoing"));
        if (one.id != null) {
          json.writeStringProperty("id", one.id);
        }
        json.writeEndObject();
      }
      out.writeContent(separator);
      out.writeContent(text.toString());
      separator = ",\n";
    }
    out.writeContent("]");
  }

  private static long epochSecond(Map<String, @Nullable Object> finding, String name) {
    try {
      return Instant.parse(JsonValues.text(finding, name)).getEpochSecond();
    } catch (DateTimeException e) {
      return 0; // The finding itself is text; only its mark needs a time.
    }
  }

  /**
   * Writes the charts: those of forecasts, then those of series with findings, then as many others
   * as there is room for.
   *
   * @param keys of the documents with charts of forecasts and of all series
   * @param room bytes that may still be written
   */
  void writeCharts(TemplateOutput out, List<String> keys, LongSupplier room) {
    out.writeContent("[");
    copy(keys.get(0), series -> true, true, out, room);
    copy(keys.get(1), seriesWithFindings::contains, true, out, room);
    copy(keys.get(1), series -> !seriesWithFindings.contains(series), false, out, room);
    out.writeContent("]");
  }

  private void copy(
      String key, Predicate<String> wanted, boolean first, TemplateOutput out, LongSupplier room) {
    Optional<StoredObject> object = documents.open(key, deadline);
    if (object.isEmpty()) {
      return;
    }
    try (StoredObject document = object.get();
        JsonParser json = JSON.createParser(ObjectReadContext.empty(), document.body())) {
      json.nextToken();
      while (json.nextToken() == JsonToken.PROPERTY_NAME) {
        String name = json.currentName();
        JsonToken value = json.nextToken();
        if (name.equals("charts") && value == JsonToken.START_ARRAY) {
          while (json.nextToken() == JsonToken.START_OBJECT) {
            String chart = chart(json, wanted);
            if (chart.isEmpty()) {
              continue;
            }
            if (chart.length() > room.getAsLong()) {
              leftOut++;
              continue;
            }
            out.writeContent(charts++ == 0 ? "\n" : ",\n");
            out.writeContent(chart);
          }
        } else if (name.equals("series_left_out") && value == JsonToken.VALUE_NUMBER_INT) {
          leftOut += first ? json.getLongValue() : 0;
        } else {
          json.skipChildren();
        }
      }
    } catch (JacksonIOException e) {
      throw e;
    } catch (JacksonException e) {
      if (first) {
        problems.add("Charts '%s' cannot be read: %s.".formatted(key, Texts.jsonMistake(e)));
      }
    }
  }

  /** The object that begins here; empty if it is the chart of a series that is not wanted. */
  private static String chart(JsonParser json, Predicate<String> wanted) {
    StringWriter text = new StringWriter(1_024);
    boolean decided = false;
    boolean keep = false;
    try (JsonGenerator chart = JSON.createGenerator(ObjectWriteContext.empty(), text)) {
      chart.writeStartObject();
      while (json.nextToken() == JsonToken.PROPERTY_NAME) {
        String name = json.currentName();
        JsonToken value = json.nextToken();
        if (!decided && name.equals("series_id") && value == JsonToken.VALUE_STRING) {
          decided = true;
          keep = wanted.test(json.getString());
        }
        if (decided && !keep) {
          json.skipChildren();
        } else {
          chart.writeName(name);
          chart.copyCurrentStructure(json);
        }
      }
      chart.writeEndObject();
    }
    return keep ? text.toString() : "";
  }

  /** What of the charts is not in the page, and why, in sentences. */
  String leftOut() {
    List<String> words = new ArrayList<>();
    words.add(charts == 0 ? "No charts." : Words.count(charts, "chart") + ".");
    if (leftOut > 0) {
      words.add(
          "%s left out, so that the page stays small: those without findings."
              .formatted(leftOut == 1 ? "1 chart is" : Words.count(leftOut, "chart") + " are"));
    }
    words.addAll(problems);
    return String.join(" ", words);
  }

  private static final class NoMarkup extends CharacterEscapes {

    private static final long serialVersionUID = 1L;

    @Override
    public int[] getEscapeCodesForAscii() {
      int[] escapes = standardAsciiEscapesForJSON();
      escapes['<'] = ESCAPE_CUSTOM;
      escapes['>'] = ESCAPE_CUSTOM;
      escapes['&'] = ESCAPE_CUSTOM;
      return escapes;
    }

    @Override
    public @Nullable SerializableString getEscapeSequence(int ch) {
      return "<>&".indexOf(ch) < 0 ? null : new SerializedString("\\u00" + Integer.toHexString(ch));
    }
  }
}
