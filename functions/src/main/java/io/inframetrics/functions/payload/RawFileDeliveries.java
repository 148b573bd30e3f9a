package io.inframetrics.functions.payload;

import io.inframetrics.functions.payload.ProcessRequest.Detail;
import io.inframetrics.functions.payload.ProcessRequest.EventRecord;
import io.inframetrics.pipeline.InvalidRequestException;
import io.inframetrics.pipeline.process.ProcessRawMetrics.Delivery;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Finds the raw files that an event reports, whatever its shape. */
public final class RawFileDeliveries {

  private static final Logger LOG = LoggerFactory.getLogger(RawFileDeliveries.class);

  private final List<Delivery> deliveries = new ArrayList<>();
  private final List<String> unreadable = new ArrayList<>();

  private RawFileDeliveries() {}

  public static RawFileDeliveries of(ProcessRequest request) {
    RawFileDeliveries landed = new RawFileDeliveries();
    landed.add(request, null);
    return landed;
  }

  public List<Delivery> deliveries() {
    return deliveries;
  }

  /** Ids of queue messages without an event; the queue dead-letters them in the end. */
  public List<String> unreadable() {
    return unreadable;
  }

  private void add(ProcessRequest request, @Nullable String itemId) {
    if (request.records() != null) {
      for (EventRecord each : Payloads.list(request.records())) {
        add(each, itemId);
      }
    } else if (request.detail() != null) {
      if (request.detailType() == null || request.detailType().equals("Object Created")) {
        deliveries.add(new Delivery(itemId, key(request.detail())));
      } else {
        LOG.info(
            "event of type {} is skipped: it does not report a new file", request.detailType());
      }
    } else if (!"s3:TestEvent".equals(request.event())) {
      throw new InvalidRequestException(
          "the event does not name an object: send an S3 notification (Records), an EventBridge event of S3 (detail) or SQS messages that contain either");
    }
  }

  private void add(EventRecord each, @Nullable String itemId) {
    // Messages do not nest: the inner one's id would not be one of the queue's.
    if (each.body() != null && itemId == null) {
      addMessage(each);
    } else if (each.eventName() != null && !each.eventName().startsWith("ObjectCreated")) {
      LOG.info("event {} is skipped: it does not report a new file", each.eventName());
    } else {
      // Notifications encode keys as HTML forms do: '+' is a space.
      String key = key(Payloads.required("Records[].s3", each.s3()));
      deliveries.add(new Delivery(itemId, decoded(key)));
    }
  }

  private void addMessage(EventRecord message) {
    String id = Payloads.required("Records[].messageId", message.messageId());
    String body = Payloads.required("Records[].body", message.body());
    int before = deliveries.size();
    try {
      add(Payloads.read(body.getBytes(StandardCharsets.UTF_8), ProcessRequest.class), id);
    } catch (InvalidRequestException e) {
      LOG.warn("queue message {} does not contain the event of a raw file: {}", id, e.getMessage());
      deliveries.subList(before, deliveries.size()).clear();
      unreadable.add(id);
    }
  }

  private static String decoded(String key) {
    try {
      return URLDecoder.decode(key, StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      throw new InvalidRequestException(
          "the object key '%s' is not URL-encoded, as keys in S3 notifications are: %s"
              .formatted(key, e.getMessage()),
          e);
    }
  }

  private static String key(Detail detail) {
    return Payloads.required(
        "the key of an object", Payloads.required("the object of an event", detail.object()).key());
  }
}
