package io.inframetrics.source.cloudwatch;

import io.inframetrics.aws.JsonCalls;
import io.inframetrics.pipeline.RetryableFailureException;
import io.inframetrics.time.Deadline;
import java.io.ByteArrayOutputStream;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/**
 * The EC2 instances that have tags, from the resource groups tagging API.
 *
 * @see <a
 *     href="https://docs.aws.amazon.com/resourcegroupstagging/latest/APIReference/API_GetResources.html">GetResources</a>
 */
final class TaggedInstances {

  private static final String OPERATION = "tag:GetResources";
  private static final String TARGET = "ResourceGroupsTaggingAPI_20170126.GetResources";
  private static final JsonFactory JSON = new JsonFactory();

  private final Place place;

  TaggedInstances(Place place) {
    this.place = place;
  }

  /** The ids of the instances that have every tag. */
  Set<String> find(Map<String, String> tags, Deadline deadline) {
    JsonCalls tagging = place.tagging();
    Set<String> ids = new HashSet<>();
    Page.Tokens tokens = new Page.Tokens(OPERATION);
    String next;
    do {
      byte[] request = request(tags, tokens.current());
      byte[] answer = place.call(OPERATION, deadline, limits -> tagging.post(TARGET, request));
      next = read(answer, ids);
    } while (tokens.follow(next));
    return ids;
  }

  private static byte[] request(Map<String, String> tags, @Nullable String token) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (JsonGenerator json = JSON.createGenerator(ObjectWriteContext.empty(), out)) {
      json.writeStartObject();
      json.writeArrayPropertyStart("ResourceTypeFilters");
      json.writeString("ec2:instance");
      json.writeEndArray();
      json.writeArrayPropertyStart("TagFilters");
      tags.forEach(
          (name, value) -> {
            json.writeStartObject();
            json.writeStringProperty("Key", name);
            json.writeArrayPropertyStart("Values");
            json.writeString(value);
            json.writeEndArray();
            json.writeEndObject();
          });
      json.writeEndArray();
      if (token != null) {
        json.writeStringProperty("PaginationToken", token);
      }
      json.writeEndObject();
    }
    return out.toByteArray();
  }

  /** Adds the ids of a page; returns the token of the next one, empty at the end. */
  private static String read(byte[] answer, Set<String> ids) {
    String token = "";
    try (JsonParser json = JSON.createParser(ObjectReadContext.empty(), answer)) {
      while (json.nextToken() != null) {
        if (json.currentToken() == JsonToken.VALUE_STRING) {
          if ("ResourceARN".equals(json.currentName())) {
            ids.add(json.getString().replaceAll(".*/", ""));
          } else if ("PaginationToken".equals(json.currentName())) {
            token = json.getString();
          }
        }
      }
    } catch (JacksonException e) {
      throw new RetryableFailureException(
          OPERATION + " answered something that is not JSON: " + e.getOriginalMessage(), e);
    }
    return token;
  }
}
