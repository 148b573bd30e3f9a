package io.inframetrics.sink.dynamodb;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.DoubleAdder;
import software.amazon.awssdk.core.SdkRequest;
import software.amazon.awssdk.core.SdkResponse;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.services.dynamodb.model.BatchGetItemRequest;
import software.amazon.awssdk.services.dynamodb.model.BatchGetItemResponse;
import software.amazon.awssdk.services.dynamodb.model.BatchWriteItemRequest;
import software.amazon.awssdk.services.dynamodb.model.BatchWriteItemResponse;
import software.amazon.awssdk.services.dynamodb.model.ConsumedCapacity;
import software.amazon.awssdk.services.dynamodb.model.PutItemRequest;
import software.amazon.awssdk.services.dynamodb.model.PutItemResponse;
import software.amazon.awssdk.services.dynamodb.model.QueryRequest;
import software.amazon.awssdk.services.dynamodb.model.QueryResponse;
import software.amazon.awssdk.services.dynamodb.model.ReturnConsumedCapacity;
import software.amazon.awssdk.services.dynamodb.model.UpdateItemRequest;
import software.amazon.awssdk.services.dynamodb.model.UpdateItemResponse;

/** The capacity units that a client consumes, as the service answers them. Thread-safe. */
final class ConsumedUnits implements ExecutionInterceptor {

  private static final ReturnConsumedCapacity TOTAL = ReturnConsumedCapacity.TOTAL;

  private final Map<Boolean, DoubleAdder> units =
      new ConcurrentHashMap<>(Map.of(true, new DoubleAdder(), false, new DoubleAdder()));

  double takeReads() {
    return units.get(false).sumThenReset();
  }

  double takeWrites() {
    return units.get(true).sumThenReset();
  }

  @Override
  public SdkRequest modifyRequest(Context.ModifyRequest context, ExecutionAttributes attributes) {
    SdkRequest request = context.request();
    if (request instanceof QueryRequest query) {
      return query.toBuilder().returnConsumedCapacity(TOTAL).build();
    } else if (request instanceof BatchGetItemRequest get) {
      return get.toBuilder().returnConsumedCapacity(TOTAL).build();
    } else if (request instanceof BatchWriteItemRequest write) {
      return write.toBuilder().returnConsumedCapacity(TOTAL).build();
    } else if (request instanceof PutItemRequest put) {
      return put.toBuilder().returnConsumedCapacity(TOTAL).build();
    } else if (request instanceof UpdateItemRequest update) {
      return update.toBuilder().returnConsumedCapacity(TOTAL).build();
    }
    return request;
  }

  @Override
  public void afterExecution(Context.AfterExecution context, ExecutionAttributes attributes) {
    SdkResponse response = context.response();
    if (response instanceof QueryResponse query) {
      add(false, query.consumedCapacity());
    } else if (response instanceof BatchGetItemResponse get) {
      get.consumedCapacity().forEach(capacity -> add(false, capacity));
    } else if (response instanceof BatchWriteItemResponse write) {
      write.consumedCapacity().forEach(capacity -> add(true, capacity));
    } else if (response instanceof PutItemResponse put) {
      add(true, put.consumedCapacity());
    } else if (response instanceof UpdateItemResponse update) {
      add(true, update.consumedCapacity());
    }
  }

  private void add(boolean write, ConsumedCapacity capacity) {
    units.get(write).add(capacity.capacityUnits());
  }
}
