package io.inframetrics.sink.otlp;

import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.metrics.v1.NumberDataPoint;
import io.opentelemetry.proto.metrics.v1.ResourceMetrics;
import io.opentelemetry.proto.metrics.v1.ScopeMetrics;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Reads requests in JSON strictly by the specification into the official classes. */
final class JsonRequests {

  private JsonRequests() {}

  static ExportMetricsServiceRequest decode(byte[] body) {
    JsonNode json = fields(JsonMapper.shared().readTree(body), "resourceMetrics");
    ExportMetricsServiceRequest.Builder request = ExportMetricsServiceRequest.newBuilder();
    for (JsonNode each : json.path("resourceMetrics")) {
      fields(each, "resource", "scopeMetrics");
      ResourceMetrics.Builder resource = ResourceMetrics.newBuilder();
      fields(each.get("resource"), "attributes");
      each.get("resource")
          .get("attributes")
          .forEach(attribute -> resource.getResourceBuilder().addAttributes(attribute(attribute)));
      each.get("scopeMetrics").forEach(scope -> resource.addScopeMetrics(scope(scope)));
      request.addResourceMetrics(resource);
    }
    return request.build();
  }

  private static ScopeMetrics scope(JsonNode json) {
    ScopeMetrics.Builder scope = ScopeMetrics.newBuilder();
    for (JsonNode metric : fields(json, "metrics").get("metrics")) {
      fields(metric, "name", "unit", "gauge");
      var builder = scope.addMetricsBuilder();
      builder.setName(metric.get("name").stringValue()).setUnit(metric.get("unit").stringValue());
      fields(metric.get("gauge"), "dataPoints")
          .get("dataPoints")
          .forEach(point -> builder.getGaugeBuilder().addDataPoints(point(point)));
    }
    return scope.build();
  }

  private static NumberDataPoint point(JsonNode json) {
    fields(json, "attributes", "timeUnixNano", "asDouble");
    NumberDataPoint.Builder point = NumberDataPoint.newBuilder();
    json.get("attributes").forEach(attribute -> point.addAttributes(attribute(attribute)));
    // 64-bit integers are strings, doubles are numbers.
    point.setTimeUnixNano(Long.parseLong(json.get("timeUnixNano").stringValue()));
    return point.setAsDouble(json.get("asDouble").doubleValue()).build();
  }

  private static KeyValue attribute(JsonNode json) {
    fields(json, "key", "value");
    return KeyValue.newBuilder()
        .setKey(json.get("key").stringValue())
        .setValue(
            AnyValue.newBuilder()
                .setStringValue(
                    fields(json.get("value"), "stringValue").get("stringValue").stringValue()))
        .build();
  }

  private static JsonNode fields(JsonNode json, String... names) {
    Map<String, JsonNode> fields =
        json.properties().stream()
            .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    if (!fields.keySet().equals(Set.of(names))) {
      throw new AssertionError("fields " + fields.keySet());
    }
    return json;
  }
}
