package {{package}};

import io.inframetrics.collect.CollectionRequest;
import io.inframetrics.collect.MetricCollector;
import io.inframetrics.collect.MetricConsumer;
import io.inframetrics.collect.Observation;
import io.inframetrics.metric.MetricType;
import io.inframetrics.metric.MetricUnit;
import io.inframetrics.metric.Series;
import java.io.IOException;

/** Collects {{type}} in {{unit}}: every reading of the window that a run asks for. */
public final class {{Name}}Collector implements MetricCollector {

  private static final MetricType TYPE = new MetricType("{{type}}");

  private final {{Name}}Readings readings;
  private final String instance;
  private final String region;

  /**
   * A collector of one instance.
   *
   * @param instance what the values belong to, as it is called in reports
   * @param region where it is
   */
  {{Name}}Collector({{Name}}Readings readings, String instance, String region) {
    this.readings = readings;
    this.instance = instance;
    this.region = region;
  }

  @Override
  public MetricType type() {
    return TYPE;
  }

  @Override
  public String name() {
    return "{{name}}";
  }

  @Override
  public void collect(CollectionRequest request, MetricConsumer consumer) throws IOException {
    Series series = Series.of(TYPE, instance);
    for ({{Name}}Readings.Reading reading : readings.between(request.since(), request.until())) {
      consumer.accept(
          new Observation(series, reading.time(), reading.value(), MetricUnit.{{UNIT}}, region));
    }
  }
}
