package io.inframetrics.workflow.state;

import java.util.List;
import java.util.regex.Pattern;

/**
 * Reads a Task's Resource: a Lambda function's ARN, or an integration that is supported here.
 *
 * @hidden
 */
public final class TaskResource {

  private static final Pattern INTEGRATION =
      Pattern.compile("arn:aws[a-z-]*:states:[^:]*:[^:]*:(.+)");
  private static final Pattern FUNCTION =
      Pattern.compile("arn:aws[a-z-]*:lambda:[^:]*:[^:]*:function:[^:]+(:[^:]+)?");
  private static final List<String> INTEGRATIONS = List.of("lambda:invoke", "sns:publish");

  private TaskResource() {}

  /** The integration's name, such as {@code lambda:invoke}; otherwise the resource itself. */
  public static String integration(String resource) {
    var matcher = INTEGRATION.matcher(resource);
    return matcher.matches() ? matcher.group(1) : resource;
  }

  /** The task's name in messages: the service of an integration, otherwise the ARN. */
  public static String service(String resource) {
    String integration = integration(resource);
    return integration.equals(resource) ? resource : integration.split(":", 2)[0];
  }

  /** Why a Resource cannot run here; empty if it can. */
  static String refusal(String resource) {
    // Text with a placeholder cannot be checked.
    boolean opaque = resource.isEmpty() || resource.contains("${");
    String integration = integration(resource);
    if (opaque || FUNCTION.matcher(resource).matches() || INTEGRATIONS.contains(integration)) {
      return "";
    }
    if (!integration.equals(resource)) {
      return "the integration '"
          + integration
          + "' is not supported: use one of "
          + String.join(", ", INTEGRATIONS);
    }
    return "'" + resource + "' is neither the ARN of a Lambda function nor an integration";
  }
}
