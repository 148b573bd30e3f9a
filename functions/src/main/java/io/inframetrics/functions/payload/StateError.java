package io.inframetrics.functions.payload;

import com.fasterxml.jackson.annotation.JsonProperty;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/**
 * An error as Step Functions passes it on.
 *
 * @param error its name, for a Java handler the exception's class
 * @param cause for a Lambda error JSON text with {@code errorMessage}; otherwise any text or null
 */
public record StateError(
    @JsonProperty("Error") @Nullable String error, @JsonProperty("Cause") @Nullable String cause) {

  /** One line: the error's name, and its message if there is one. */
  String text() {
    String name = error == null ? "unknown error" : error.substring(error.lastIndexOf('.') + 1);
    String message = message();
    return message.isBlank() ? name : name + ": " + message;
  }

  /** The message of a Lambda error, or the whole cause; may be empty. */
  String message() {
    if (cause == null) {
      return "";
    }
    try {
      JsonNode message = Payloads.JSON.readTree(cause).path("errorMessage");
      return message.isString() ? message.asString() : cause;
    } catch (JacksonException e) {
      return cause; // Not every cause is JSON.
    }
  }
}
