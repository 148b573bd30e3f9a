package io.inframetrics.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.inframetrics.sink.DocumentStore;
import io.inframetrics.sink.StagedObject;
import io.inframetrics.sink.StoredObject;
import io.inframetrics.testkit.Deadlines;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What every {@link DocumentStore} must do. Each test starts from an empty store. */
@DisplayName("Document store")
public abstract class DocumentStoreContract {

  private static final String KEY = "quarantine/raw-metrics/2026/02/19/metrics-a-1.json";
  private static final String MOVED = "quarantine/replayed/raw-metrics/2026/02/19/metrics-a-1.json";

  protected DocumentStoreContract() {}

  protected abstract DocumentStore store();

  @Test
  void keepsAnObjectAsItWasWritten() {
    assertThat(put(KEY, "bad line\n")).isEqualTo(KEY);

    assertThat(text(KEY)).isEqualTo("bad line\n");
    try (StoredObject object = store().open(KEY, Deadlines.never()).orElseThrow()) {
      assertThat(object.key()).isEqualTo(KEY);
    }
  }

  @Test
  void replacesAnObjectAtTheCommitAndNotBefore() {
    put(KEY, "old and long");

    try (StagedObject<String> staged = store().create(KEY, Deadlines.never())) {
      RawMetricSinkContract.write(staged.body(), "new");
      assertThat(text(KEY)).isEqualTo("old and long");
      staged.commit();
    }

    assertThat(text(KEY)).isEqualTo("new");
    assertThat(list("quarantine/")).containsExactly(KEY);
  }

  @Test
  void leavesTheOldObjectWhenANewOneIsAbandoned() {
    put(KEY, "old");

    try (StagedObject<String> staged = store().create(KEY, Deadlines.never())) {
      RawMetricSinkContract.write(staged.body(), "never committed");
    }
    try (StagedObject<String> staged = store().create("reports/new.json", Deadlines.never())) {
      RawMetricSinkContract.write(staged.body(), "never committed");
    }

    assertThat(text(KEY)).isEqualTo("old");
    assertThat(list("reports/")).isEmpty();
    assertThat(list("quarantine/")).containsExactly(KEY);
  }

  @Test
  void takesAnEmptyObject() {
    put(KEY, "");

    assertThat(text(KEY)).isEmpty();
  }

  @Test
  void answersEmptyForAnObjectThatIsNotThere() {
    assertThat(store().open("reports/none.json", Deadlines.never())).isEmpty();
  }

  @Test
  void listsTheKeysOfAPrefixSorted() {
    put("reports/b.json", "");
    put("reports/2026/a.json", "");
    put("reports/a.json", "");
    put(KEY, "");

    assertThat(list("reports/"))
        .containsExactly("reports/2026/a.json", "reports/a.json", "reports/b.json");
    assertThat(list("reports/a")).containsExactly("reports/a.json");
    assertThat(list("reports/none/")).isEmpty();
  }

  @Test
  void movesAnObject() {
    put(KEY, "moved");

    store().move(KEY, MOVED, Deadlines.never());

    assertThat(store().open(KEY, Deadlines.never())).isEmpty();
    assertThat(text(MOVED)).isEqualTo("moved");
    assertThat(list("quarantine/")).containsExactly(MOVED);
  }

  @Test
  void changesNothingWhenAnObjectIsMovedAgain() {
    put(KEY, "moved");
    store().move(KEY, MOVED, Deadlines.never());

    store().move(KEY, MOVED, Deadlines.never());

    assertThat(text(MOVED)).isEqualTo("moved");
    assertThat(list("quarantine/")).containsExactly(MOVED);
  }

  @Test
  void replacesWhatAMoveFinds() {
    put(MOVED, "of an earlier replay");
    put(KEY, "of this one");

    store().move(KEY, MOVED, Deadlines.never());

    assertThat(text(MOVED)).isEqualTo("of this one");
    assertThat(list("quarantine/")).containsExactly(MOVED);
  }

  @Test
  void keepsOneWholeObjectWhenManyReplaceItAtOnce() {
    String tail = "x".repeat(50_000);

    Together.run(IntStream.range(0, 6).boxed().toList(), i -> put(KEY, i + tail));

    assertThat(text(KEY)).matches("[0-5]x{50000}");
    assertThat(list("quarantine/")).containsExactly(KEY);
  }

  private String put(String key, String content) {
    try (StagedObject<String> staged = store().create(key, Deadlines.never())) {
      RawMetricSinkContract.write(staged.body(), content);
      return staged.commit();
    }
  }

  private String text(String key) {
    try (StoredObject object =
        store()
            .open(key, Deadlines.never())
            .orElseThrow(() -> new AssertionError("there is no object '" + key + "'"))) {
      return RawMetricSinkContract.text(object.body());
    }
  }

  private List<String> list(String prefix) {
    return store().list(prefix, Deadlines.never());
  }
}
