package io.inframetrics.sink.local;

/** Called at each step that a crash may follow, so that a test can crash there. */
@FunctionalInterface
interface FailPoints {

  FailPoints NONE = step -> {};

  /** Called right after {@code step} took effect. */
  void reached(Step step);

  /** The steps whose effect outlives the process. */
  enum Step {
    /** Content is on disk, in the staging folder. */
    STAGED,
    /** A raw file's run, window and hash are in the database. */
    REGISTERED,
    /** A staged file has its name. */
    NAMED,
    /** The folder with the new name is on disk. */
    FOLDER_SYNCED,
    UNSTAGED,
    /** A transaction did all its work. */
    BEFORE_COMMIT,
    AFTER_COMMIT,
    MOVED
  }
}
