package io.inframetrics.workflow.data;

/**
 * A path found nothing. The field with the path decides what follows; States.Runtime by default.
 *
 * @hidden
 */
public final class MissingPathException extends FailureException {

  private static final long serialVersionUID = 1L;

  private final String path;
  private final String reason;

  MissingPathException(String path, String reason) {
    super(ErrorName.RUNTIME, "Invalid path '" + path + "' : " + reason);
    this.path = path;
    this.reason = reason;
  }

  public String path() {
    return path;
  }

  /** JsonPath's message. */
  public String reason() {
    return reason;
  }
}
