package io.inframetrics.workflow.definition;

/**
 * One error in a definition.
 *
 * @param pointer its place as a JSON pointer (RFC 6901); empty for the definition as a whole
 * @param message what is wrong and what would be right, in one sentence
 */
public record Problem(String pointer, String message) {

  @Override
  public String toString() {
    return (pointer.isEmpty() ? "/" : pointer) + ": " + message;
  }
}
