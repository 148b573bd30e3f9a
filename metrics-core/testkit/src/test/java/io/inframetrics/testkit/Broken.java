package io.inframetrics.testkit;

import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import io.inframetrics.sink.RawMetricSource;
import io.inframetrics.sink.StagedObject;
import io.inframetrics.sink.StoredObject;
import io.inframetrics.time.Deadline;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.launcher.Launcher;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherConfig;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

/** What broken implementations are made of, and what runs a contract over them. */
final class Broken {

  private Broken() {}

  static Set<String> failedTests(Class<?> contract) {
    Set<String> failed = Collections.synchronizedSet(new TreeSet<>());
    LauncherDiscoveryRequest request =
        LauncherDiscoveryRequestBuilder.request().selectors(selectClass(contract)).build();
    // Bare, so that the build's own listeners do not take these failures for failures of the build.
    Launcher launcher =
        LauncherFactory.create(
            LauncherConfig.builder()
                .enableLauncherSessionListenerAutoRegistration(false)
                .enableTestExecutionListenerAutoRegistration(false)
                .enablePostDiscoveryFilterAutoRegistration(false)
                .build());
    launcher.execute(
        request,
        new TestExecutionListener() {
          @Override
          public void executionFinished(TestIdentifier test, TestExecutionResult result) {
            if (test.isTest() && result.getStatus() == TestExecutionResult.Status.FAILED) {
              failed.add(test.getDisplayName().replace("()", ""));
            }
          }
        });
    return failed;
  }

  @FunctionalInterface
  interface OnCommit<R> {
    R commit(byte[] content);
  }

  static final class Buffer<R> implements StagedObject<R> {
    private final ByteArrayOutputStream content = new ByteArrayOutputStream();
    private final OnCommit<R> onCommit;

    Buffer(OnCommit<R> onCommit) {
      this.onCommit = onCommit;
    }

    @Override
    public OutputStream body() {
      return content;
    }

    @Override
    public R commit() {
      return onCommit.commit(content.toByteArray());
    }

    @Override
    public void close() {}
  }

  record MapSource(Map<String, byte[]> files) implements RawMetricSource {
    @Override
    public Optional<StoredObject> open(String key, Deadline deadline) {
      return Optional.ofNullable(files.get(key))
          .map(content -> new StoredObject(key, null, null, new ByteArrayInputStream(content)));
    }

    @Override
    public List<String> list(String prefix, Deadline deadline) {
      return files.keySet().stream().filter(key -> key.startsWith(prefix)).sorted().toList();
    }
  }
}
