package io.inframetrics.cli;

/** Where a run stores what it collects. */
enum StoreKind {
  /** In files and a database of the data folder. */
  local,
  /** On AWS, or on a server that stands in for it. */
  aws
}
