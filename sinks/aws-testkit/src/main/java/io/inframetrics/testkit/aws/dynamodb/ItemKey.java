package io.inframetrics.testkit.aws.dynamodb;

/** The key of an item; without a sort key in the table, all items have the same {@code range}. */
record ItemKey(Value hash, Value range) {}
