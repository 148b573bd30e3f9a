package io.inframetrics.integration.athena;

import io.inframetrics.template.Stack;
import io.inframetrics.template.Template;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Array;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/**
 * The template's table and saved queries in DuckDB, whose SQL is nearly Trino's: macros stand in
 * for the functions that have another name, and the current time is a literal.
 */
final class SavedQueries implements AutoCloseable {

  private static final List<String> MACROS =
      List.of(
          "date_format(moment, format) AS strftime(moment, format)",
          "from_unixtime(seconds) AS make_timestamp(CAST(seconds AS BIGINT) * 1000000)",
          "to_unixtime(moment) AS epoch(moment)",
          "date(moment) AS CAST(moment AS DATE)",
          "approx_percentile(numbers, share) AS quantile_disc(numbers, share)");

  private final Connection database;
  private final Map<String, String> columns = new LinkedHashMap<>();
  private final Map<String, String> parameters = new TreeMap<>();
  private final Map<String, String> queries = new TreeMap<>();

  SavedQueries(Instant now) throws IOException, SQLException {
    Stack stack = Template.load(Path.of("..", "..", "deploy", "template.yaml")).with(Map.of());
    JsonNode descriptor =
        stack.resource("MetricsTable").properties().at("/TableInput/StorageDescriptor");
    descriptor
        .get("Columns")
        .forEach(
            column -> columns.put(column.get("Name").asString(), column.get("Type").asString()));
    descriptor
        .at("/SerdeInfo/Parameters")
        .properties()
        .forEach(entry -> parameters.put(entry.getKey(), entry.getValue().asString()));
    String day = "DATE '%s'".formatted(LocalDate.ofInstant(now, ZoneOffset.UTC));
    String moment = "TIMESTAMP '%s'".formatted(now.toString().replace("Z", ""));
    stack
        .ofType("AWS::Athena::NamedQuery")
        .forEach(
            (id, query) ->
                queries.put(
                    query.at("/Name").asString(),
                    query
                        .at("/QueryString")
                        .asString()
                        .replace("current_date", day)
                        .replace("current_timestamp", moment)));
    this.database = DriverManager.getConnection("jdbc:duckdb:");
    try (Statement statement = database.createStatement()) {
      statement.execute("SET threads = 1");
      for (String macro : MACROS) {
        statement.execute("CREATE MACRO " + macro);
      }
      statement.execute(
          columns.entrySet().stream()
              .map(column -> '"' + column.getKey() + "\" " + ofDuckDb(column.getValue()))
              .collect(Collectors.joining(", ", "CREATE TABLE metrics(", ", dt VARCHAR)")));
    }
  }

  private static String ofDuckDb(String type) {
    return switch (type) {
      case "string" -> "VARCHAR";
      case "map<string,string>" -> "MAP(VARCHAR, VARCHAR)";
      default -> type;
    };
  }

  /** The table's columns without the partition, in order, with their types in Hive's words. */
  Map<String, String> columns() {
    return columns;
  }

  /** The parameters of the deserializer. */
  Map<String, String> parameters() {
    return parameters;
  }

  /** The answers of all queries to these rows: the rows of each answer as texts, sorted. */
  Map<String, List<String>> answers(List<Row> rows) throws SQLException {
    try (Statement statement = database.createStatement()) {
      statement.execute("DELETE FROM metrics");
    }
    insert(rows);
    Map<String, List<String>> answers = new TreeMap<>();
    for (Map.Entry<String, String> query : queries.entrySet()) {
      answers.put(query.getKey(), answer(query.getValue()));
    }
    return answers;
  }

  private void insert(List<Row> rows) throws SQLException {
    String values =
        columns.values().stream()
            .map(type -> type.startsWith("map") ? "MAP(?::VARCHAR[], ?::VARCHAR[])" : "?")
            .collect(Collectors.joining(", ", "INSERT INTO metrics VALUES (", ", ?)"));
    try (PreparedStatement insert = database.prepareStatement(values)) {
      for (Row row : rows) {
        int at = 1;
        for (Map.Entry<String, String> column : columns.entrySet()) {
          Object value = row.get(column.getKey());
          if (!column.getValue().startsWith("map")) {
            insert.setObject(at++, value);
          } else if (value instanceof Map<?, ?> map) {
            insert.setArray(at++, array(map.keySet().toArray()));
            insert.setArray(at++, array(map.values().toArray()));
          } else {
            insert.setObject(at++, null);
            insert.setObject(at++, null);
          }
        }
        insert.setString(at, row.day());
        insert.addBatch();
      }
      insert.executeBatch();
    }
  }

  private Array array(Object[] texts) throws SQLException {
    return database.createArrayOf("VARCHAR", texts);
  }

  private List<String> answer(String sql) throws SQLException {
    try (Statement statement = database.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      int width = rows.getMetaData().getColumnCount();
      List<String> answer = new ArrayList<>();
      while (rows.next()) {
        List<Object> row = new ArrayList<>();
        for (int i = 1; i <= width; i++) {
          row.add(rows.getObject(i));
        }
        answer.add(ExpectedAnswers.text(row));
      }
      return answer.stream().sorted().toList();
    }
  }

  @Override
  public void close() throws SQLException {
    database.close();
  }
}
