package io.inframetrics.testkit.aws.dynamodb;

/** The key of an item; in a table without a sort key all items have the same one. */
record ItemKey(Value hash, Value range) {}
