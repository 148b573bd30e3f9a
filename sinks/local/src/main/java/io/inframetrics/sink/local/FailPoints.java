package io.inframetrics.sink.local;

/** Told of each step that a crash may follow, so that a test can crash there. */
@FunctionalInterface
interface FailPoints {

  /** Crashes nowhere. */
  FailPoints NONE = step -> {};

  /** Comes right after {@code step} took effect. */
  void reached(Step step);

  /** The steps whose effect outlives the process. */
  enum Step {
    /** Content is on disk, in the staging folder. */
    STAGED,
    /** A raw file's run, window and hash are in the database. */
    REGISTERED,
    /** A staged file got its name. */
    NAMED,
    /** The folder of that name is on disk. */
    FOLDER_SYNCED,
    /** The staged file is gone. */
    UNSTAGED,
    /** A transaction did all its work. */
    BEFORE_COMMIT,
    /** A transaction was committed. */
    AFTER_COMMIT,
    /** An object moved. */
    MOVED
  }
}
