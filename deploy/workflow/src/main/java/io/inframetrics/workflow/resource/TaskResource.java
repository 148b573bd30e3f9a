package io.inframetrics.workflow.resource;

import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads a Task's Resource.
 *
 * @see <a href="https://docs.aws.amazon.com/step-functions/latest/dg/integrate-services.html">
 *     Integrating services</a>
 * @hidden
 */
public final class TaskResource {

  private static final String SDK = "aws-sdk:";
  private static final String ACTIVITY = "activity:";
  private static final String TOKEN = ".waitForTaskToken";

  private static final Pattern INTEGRATION =
      Pattern.compile("arn:aws[a-z-]*:states:[^:]*:[^:]*:(.+)");
  private static final Pattern FUNCTION =
      Pattern.compile("arn:aws[a-z-]*:lambda:[^:]*:[^:]*:function:[^:]+(:[^:]+)?");
  private static final Pattern ACTIVITY_ARN =
      Pattern.compile("arn:aws[a-z-]*:states:[^:]+:[^:]+:activity:[^:]+");

  /** Service, action and the pattern of the integration, which is empty for Request Response. */
  private static final Pattern CALL =
      Pattern.compile("((?:aws-sdk:)?[^:.]+):([^:.]+)((?:\\.sync(?::2)?|\\.waitForTaskToken)?)");

  private static final Pattern SDK_SERVICE = Pattern.compile("aws-sdk:[a-z0-9]+");
  private static final Pattern SDK_ACTION = Pattern.compile("[a-z][A-Za-z0-9]*");

  private TaskResource() {}

  /** The integration's name, such as {@code lambda:invoke}; otherwise the resource itself. */
  public static String integration(String resource) {
    Matcher matcher = INTEGRATION.matcher(resource);
    return matcher.matches() ? matcher.group(1) : resource;
  }

  /** The integration's name without its pattern: {@code sqs:sendMessage} for a callback, too. */
  public static String action(String resource) {
    String integration = integration(resource);
    Matcher call = CALL.matcher(integration);
    return call.matches() && !integration.equals(resource)
        ? call.group(1) + ":" + call.group(2)
        : integration;
  }

  /** The task's name in messages: the service of an integration, otherwise the ARN. */
  public static String service(String resource) {
    String action = action(resource);
    return isIntegration(resource) && action.contains(":")
        ? action.substring(0, action.lastIndexOf(':'))
        : resource;
  }

  public static boolean isActivity(String resource) {
    return ACTIVITY_ARN.matcher(resource).matches();
  }

  /** Whether the resource is an integration, and neither a Lambda function nor an activity. */
  public static boolean isIntegration(String resource) {
    return !isActivity(resource) && !integration(resource).equals(resource);
  }

  /** How the types of a task's events begin. */
  public static String kind(String resource) {
    return isActivity(resource) ? "Activity" : isIntegration(resource) ? "Task" : "LambdaFunction";
  }

  /** Whether a token completes the task: a callback or an activity. */
  public static boolean hasToken(String resource) {
    return resource.endsWith(TOKEN) || isActivity(resource);
  }

  /** Whether only a Standard workflow can run it: an activity, a job or a callback. */
  public static boolean needsStandard(String resource) {
    return hasToken(resource) || resource.endsWith(".sync") || resource.endsWith(".sync:2");
  }

  /** Why Step Functions would refuse a Resource; empty if it would not. */
  public static String refusal(String resource) {
    // Text with a placeholder cannot be checked.
    boolean opaque = resource.isEmpty() || resource.contains("${");
    if (opaque || FUNCTION.matcher(resource).matches() || isActivity(resource)) {
      return "";
    }
    String integration = integration(resource);
    if (integration.equals(resource)) {
      return "'"
          + resource
          + "' is neither the ARN of a Lambda function or activity nor an integration such as"
          + " arn:aws:states:::sqs:sendMessage";
    }
    if (integration.startsWith(ACTIVITY)) {
      return "'"
          + resource
          + "' is not the ARN of an activity: it needs a region, an account and a name";
    }
    Matcher call = CALL.matcher(integration);
    if (!call.matches()) {
      return "'"
          + integration
          + "' is not an integration: write service:action, then nothing, .sync, .sync:2 or "
          + TOKEN;
    }
    String service = call.group(1);
    return service.startsWith(SDK)
        ? sdkRefusal(service, call.group(2), call.group(3))
        : optimisedRefusal(service, call.group(2), call.group(3));
  }

  private static String sdkRefusal(String service, String action, String pattern) {
    if (!SDK_SERVICE.matcher(service).matches()) {
      return "'"
          + service
          + "' is not an AWS SDK service: its name has lower case letters and digits only";
    }
    if (!SDK_ACTION.matcher(action).matches()) {
      return "'%s' is not the name of an action: it must be in camel case, such as %s"
          .formatted(action, camelCase(action));
    }
    if (pattern.startsWith(".sync")) {
      return "an AWS SDK integration cannot wait for a job: remove " + pattern;
    }
    return "";
  }

  private static String camelCase(String action) {
    String letters = action.replaceAll("[^A-Za-z0-9]", "");
    return letters.isEmpty()
        ? "getItem"
        : letters.substring(0, 1).toLowerCase(Locale.ROOT) + letters.substring(1);
  }

  private static String optimisedRefusal(String service, String action, String pattern) {
    List<String> patterns = OptimisedIntegrations.patterns(service + ":" + action);
    if (patterns.isEmpty()) {
      return "'%s:%s' is not an optimised integration: to call the service's own API, use aws-sdk:%s:%s"
          .formatted(service, action, service, action);
    }
    if (!patterns.contains(pattern)) {
      return "%s:%s cannot be called %s: use %s"
          .formatted(
              service,
              action,
              pattern.isEmpty() ? "without a pattern" : "with " + pattern,
              String.join(
                  " or ",
                  patterns.stream().map(each -> each.isEmpty() ? "no pattern" : each).toList()));
    }
    return "";
  }
}
