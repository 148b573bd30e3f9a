package io.inframetrics.encode;

import tools.jackson.core.SerializableString;
import tools.jackson.core.io.SerializedString;

/** The names in a line, encoded once. */
final class Field {

  static final SerializableString METRIC_ID = new SerializedString("metric_id");
  static final SerializableString METRIC_TYPE = new SerializedString("metric_type");
  static final SerializableString TIMESTAMP = new SerializedString("timestamp");
  static final SerializableString VALUE = new SerializedString("value");
  static final SerializableString UNIT = new SerializedString("unit");
  static final SerializableString INSTANCE_ID = new SerializedString("instance_id");
  static final SerializableString REGION = new SerializedString("region");
  static final SerializableString RUN_ID = new SerializedString("run_id");
  static final SerializableString COLLECTED_AT = new SerializedString("collected_at");
  static final SerializableString DIMENSIONS = new SerializedString("dimensions");

  private Field() {}
}
