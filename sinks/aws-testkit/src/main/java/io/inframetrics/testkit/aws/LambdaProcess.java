package io.inframetrics.testkit.aws;

import io.inframetrics.testkit.aws.LambdaRuntimeApi.Answer;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A function in its own process: the files of its zip, loaded and called by the real Lambda runtime
 * client. Closing ends it.
 */
public final class LambdaProcess implements AutoCloseable {

  private static final String RUNTIME_CLIENT =
      "com.amazonaws.services.lambda.runtime.api.client.AWSLambda";
  private static final String NATIVE_LIBRARY_PROPERTY =
      "com.amazonaws.services.lambda.runtime.api.client.runtimeapi.NativeClient.JNI";

  /** Longer than any test should take: it ends only a process that hangs. */
  private static final Duration PATIENCE = Duration.ofSeconds(90);

  /** Flags that a managed runtime passes to its JVM and that differ from the defaults. */
  private static final List<String> MANAGED_FLAGS =
      List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1");

  private final Process process;
  private final LambdaRuntimeApi api;
  private final Path output;

  private LambdaProcess(Process process, LambdaRuntimeApi api, Path output) {
    this.process = process;
    this.api = api;
    this.output = output;
  }

  /**
   * Returns a builder for the process of a function.
   *
   * @param taskRoot the folder with the unpacked zip
   * @param work a folder for the files that the process leaves
   * @param handler the handler's class name
   */
  public static Builder of(Path taskRoot, Path work, String handler) {
    return new Builder(taskRoot, work, handler);
  }

  /** Sends an event and waits for its answer; the function's deadline is in a minute. */
  public Answer invoke(String event) {
    return invoke(event, Duration.ofMinutes(1));
  }

  /**
   * Sends an event and waits for its answer.
   *
   * @param time until the deadline that the function sees
   * @throws IllegalStateException if there is no answer, with the output of the process
   */
  public Answer invoke(String event, Duration time) {
    return await(api.invoke(event, time), time.plus(PATIENCE));
  }

  /** Waits until the function reports that it cannot be initialised. */
  public Answer awaitInitError() {
    return await(api.initError(), PATIENCE);
  }

  /** Waits until the process reaches the checkpoint of SnapStart, and leaves it there. */
  public void awaitCheckpoint() throws InterruptedException {
    if (!api.awaitCheckpoint(PATIENCE)) {
      throw new IllegalStateException("the function did not reach a checkpoint:\n" + output());
    }
  }

  /** Waits for the checkpoint of SnapStart and continues after it. */
  public void restore() throws InterruptedException {
    awaitCheckpoint();
    api.restore();
  }

  /** The output of the process so far, from both streams. */
  public String output() {
    try {
      return Files.readString(output);
    } catch (IOException e) {
      throw new UncheckedIOException("could not read " + output, e);
    }
  }

  private Answer await(CompletableFuture<Answer> answer, Duration patience) {
    CompletableFuture<Answer> ended =
        process
            .onExit()
            .thenCompose(
                dead -> {
                  // A report made before the end may still be on its way through the server.
                  return new CompletableFuture<Answer>()
                      .completeOnTimeout(new Answer("", "ended"), 1, TimeUnit.SECONDS);
                });
    try {
      Answer first =
          (Answer)
              CompletableFuture.anyOf(answer, api.initError(), ended)
                  .get(patience.toMillis(), TimeUnit.MILLISECONDS);
      if (answer.isDone()) {
        return answer.get();
      }
      throw new IllegalStateException(
          "the function ended ("
              + first.errorType()
              + ") without an answer: "
              + first.body()
              + "\n"
              + output());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while waiting for the function", e);
    } catch (ExecutionException | TimeoutException e) {
      throw new IllegalStateException("the function did not answer:\n" + output(), e);
    }
  }

  public long pid() {
    return process.pid();
  }

  /** Ends it as Lambda does, with a signal, and waits until its JVM has written its cache. */
  public void terminate() throws InterruptedException {
    process.destroy();
    if (!process.waitFor(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
      throw new IllegalStateException("the function did not end:\n" + output());
    }
  }

  @Override
  public void close() {
    process.destroyForcibly();
    try {
      process.waitFor();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    api.close();
  }

  public static final class Builder {

    private final Path taskRoot;
    private final Path work;
    private final String handler;
    private final Map<String, String> environment = new HashMap<>();
    private final List<String> flags = new ArrayList<>(MANAGED_FLAGS);
    private final List<String> launcher = new ArrayList<>();
    private final List<String> classPath = new ArrayList<>();
    private Path javaHome = Path.of(System.getProperty("java.home"));

    private Builder(Path taskRoot, Path work, String handler) {
      this.taskRoot = taskRoot;
      this.work = work;
      this.handler = handler;
      environment.put("AWS_REGION", "us-east-1");
      environment.put("AWS_ACCESS_KEY_ID", "test");
      environment.put("AWS_SECRET_ACCESS_KEY", "test");
      environment.put("AWS_LAMBDA_FUNCTION_NAME", "under-test");
      environment.put("AWS_LAMBDA_FUNCTION_VERSION", "1");
      environment.put("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "512");
      environment.put("AWS_LAMBDA_LOG_GROUP_NAME", "group");
      environment.put("AWS_LAMBDA_LOG_STREAM_NAME", "stream");
      environment.put("_HANDLER", handler);
    }

    /** Adds variables; nothing else of this process's environment is passed on. */
    public Builder environment(Map<String, String> variables) {
      environment.putAll(variables);
      return this;
    }

    public Builder flags(String... more) {
      flags.addAll(List.of(more));
      return this;
    }

    /** Runs on another JDK than this process. */
    public Builder javaHome(Path home) {
      javaHome = home;
      return this;
    }

    /** Starts the JVM through a command that executes it, such as {@code taskset -c 0}. */
    public Builder launcher(String... command) {
      launcher.addAll(List.of(command));
      return this;
    }

    /**
     * Puts jars on the JVM's own class path, after the runtime client's, as a container image may.
     * Class-data archives and ahead-of-time caches hold only classes from there.
     */
    public Builder classPath(List<Path> jars) {
      jars.forEach(jar -> classPath.add(jar.toString()));
      return this;
    }

    /** Initialises for a snapshot: the function waits for {@link LambdaProcess#restore}. */
    public Builder snapStart() {
      environment.put("AWS_LAMBDA_INITIALIZATION_TYPE", "snap-start");
      return flags("-Dorg.crac.Core.Compat=com.amazonaws.services.lambda.crac");
    }

    public LambdaProcess start() {
      LambdaRuntimeApi api = LambdaRuntimeApi.start();
      try {
        Files.createDirectories(work);
        Path output = Files.createTempFile(work, "function", ".log");
        List<String> command = new ArrayList<>(launcher);
        command.add(javaHome.resolve("bin/java").toString());
        command.addAll(flags);
        command.add("-D" + NATIVE_LIBRARY_PROPERTY + "=" + nativeLibrary());
        command.add("-cp");
        command.add(
            Stream.concat(Stream.of(runtimeClassPath()), classPath.stream())
                .collect(Collectors.joining(File.pathSeparator)));
        command.add(RUNTIME_CLIENT);
        command.add(handler);
        ProcessBuilder builder =
            new ProcessBuilder(command)
                .directory(taskRoot.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile());
        builder.environment().clear();
        builder.environment().putAll(environment);
        builder.environment().put("AWS_LAMBDA_RUNTIME_API", api.hostAndPort());
        return new LambdaProcess(builder.start(), api, output);
      } catch (IOException e) {
        api.close();
        throw new UncheckedIOException("could not start the function", e);
      }
    }

    /** Unpacked here: the client would unpack it to one fixed place for every process. */
    private Path nativeLibrary() throws IOException {
      Path library = work.resolve("libaws-lambda-jni.so");
      if (Files.exists(library)) {
        return library;
      }
      String arch = System.getProperty("os.arch").equals("aarch64") ? "aarch_64" : "x86_64";
      String resource = "/jni/libaws-lambda-jni.linux-" + arch + ".so";
      try (InputStream in = runtimeClass(RUNTIME_CLIENT).getResourceAsStream(resource)) {
        if (in == null) {
          throw new IOException("the runtime client does not contain " + resource);
        }
        Files.copy(in, library, StandardCopyOption.REPLACE_EXISTING);
      }
      return library;
    }
  }

  /** The jars that Lambda itself puts on the class path. */
  public static String runtimeClassPath() {
    return Stream.of(
            RUNTIME_CLIENT,
            "com.amazonaws.services.lambda.runtime.Context",
            "com.amazonaws.services.lambda.runtime.serialization.PojoSerializer",
            "software.amazon.awssdk.utilslite.SdkInternalThreadLocal")
        .map(LambdaProcess::jarOf)
        .collect(Collectors.joining(File.pathSeparator));
  }

  private static String jarOf(String className) {
    try {
      return Path.of(
              runtimeClass(className).getProtectionDomain().getCodeSource().getLocation().toURI())
          .toString();
    } catch (URISyntaxException e) {
      throw new IllegalStateException("the location of " + className + " is not a path", e);
    }
  }

  private static Class<?> runtimeClass(String name) {
    try {
      return Class.forName(name, false, LambdaProcess.class.getClassLoader());
    } catch (ClassNotFoundException e) {
      throw new IllegalStateException("the runtime client is not on the class path", e);
    }
  }
}
