package io.inframetrics.workflow.data;

/**
 * A path found nothing. What that means is up to the field that holds the path; States.Runtime
 * where the field does not say.
 *
 * @hidden
 */
public final class MissingPathException extends FailureException {

  private static final long serialVersionUID = 1L;

  private final String path;
  private final String reason;

  MissingPathException(String path, String reason) {
    super(ErrorName.RUNTIME, "Invalid path '" + path + "': " + reason);
    this.path = path;
    this.reason = reason;
  }

  public String path() {
    return path;
  }

  /** JsonPath's own words. */
  public String reason() {
    return reason;
  }
}
