package io.inframetrics.testkit.aws;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** STS's AssumeRole and GetCallerIdentity, and the tagging API's GetResources. Thread-safe. */
final class TagsAndRoles {

  private static final JsonMapper JSON = JsonMapper.shared();

  /** Resources in a page. */
  private static final int PAGE = 100;

  private final Map<String, Map<String, String>> tags = new TreeMap<>();
  private final Set<String> denied = new HashSet<>();

  synchronized void tag(String arn, Map<String, String> itsTags) {
    tags.put(arn, Map.copyOf(itsTags));
  }

  synchronized void deny(String roleArn) {
    denied.add(roleArn);
  }

  static boolean isOfRoles(byte[] body) {
    String action = SnsCodec.form(body).getOrDefault("Action", "");
    return action.equals("AssumeRole") || action.equals("GetCallerIdentity");
  }

  synchronized byte[] role(byte[] body, String caller) {
    Map<String, String> form = SnsCodec.form(body);
    if (form.getOrDefault("Action", "").equals("GetCallerIdentity")) {
      return bytes(
          "<GetCallerIdentityResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\">"
              + "<GetCallerIdentityResult><Arn>arn:aws:iam::%s:user/test</Arn><Account>%s</Account></GetCallerIdentityResult></GetCallerIdentityResponse>",
          caller, caller);
    }
    String role = form.getOrDefault("RoleArn", "");
    RefusedException.unless(
        role.matches("arn:aws:iam::\\d{12}:role/.+")
            && form.getOrDefault("RoleSessionName", "").matches("[\\w+=,.@-]{2,64}"),
        "ValidationError",
        "the role or the session of '%s' is not valid",
        role);
    if (denied.contains(role)) {
      throw new RefusedException(
          new ServiceFault(
              403, "AccessDenied", "not authorized to perform sts:AssumeRole on " + role));
    }
    return bytes(
        "<AssumeRoleResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\"><AssumeRoleResult>"
            + "<Credentials><AccessKeyId>ASIA%s</AccessKeyId><SecretAccessKey>secret</SecretAccessKey>"
            + "<SessionToken>token</SessionToken><Expiration>2099-01-01T00:00:00Z</Expiration>"
            + "</Credentials></AssumeRoleResult></AssumeRoleResponse>",
        role.split(":", -1)[4]);
  }

  synchronized byte[] resources(byte[] body) {
    JsonNode request;
    try {
      request = JSON.readTree(body);
    } catch (JacksonException e) {
      throw new RefusedException(new ServiceFault(400, "SerializationException", "no JSON"));
    }
    List<String> found = new ArrayList<>();
    tags.forEach(
        (arn, itsTags) -> {
          if (hasType(arn, request.path("ResourceTypeFilters"))
              && request.path("TagFilters").valueStream().allMatch(f -> fits(itsTags, f))) {
            found.add(arn);
          }
        });
    String token = request.path("PaginationToken").asString("");
    int from = token.isEmpty() ? 0 : Integer.parseInt(token);
    int to = Math.min(from + PAGE, found.size());
    List<Map<String, String>> page =
        found.subList(from, to).stream().map(arn -> Map.of("ResourceARN", arn)).toList();
    return JSON.writeValueAsBytes(
        Map.of(
            "ResourceTagMappingList",
            page,
            "PaginationToken",
            to < found.size() ? Integer.toString(to) : ""));
  }

  private static boolean hasType(String arn, JsonNode types) {
    return types
        .valueStream()
        .map(type -> type.stringValue().split(":", -1))
        .anyMatch(type -> arn.contains(":" + type[0] + ":") && arn.contains(":" + type[1] + "/"));
  }

  private static boolean fits(Map<String, String> tags, JsonNode filter) {
    String value = tags.get(filter.path("Key").stringValue());
    return value != null
        && (filter.path("Values").isEmpty()
            || filter.path("Values").valueStream().anyMatch(v -> v.stringValue().equals(value)));
  }

  static byte[] fault(ServiceFault fault) {
    return JSON.writeValueAsBytes(Map.of("__type", fault.code(), "message", fault.message()));
  }

  @SuppressWarnings("AnnotateFormatMethod") // its annotation would be one more dependency
  private static byte[] bytes(String text, Object... values) {
    return text.formatted(values).getBytes(StandardCharsets.UTF_8);
  }
}
