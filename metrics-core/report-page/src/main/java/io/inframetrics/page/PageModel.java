package io.inframetrics.page;

import io.inframetrics.sink.DocumentStore;
import io.inframetrics.time.Deadline;

/**
 * What the template shows.
 *
 * @hidden
 */
public record PageModel(String title, Scripts scripts) {

  static PageModel read(PageRequest request, DocumentStore documents, Deadline deadline) {
    return new PageModel(request.runId(), request.live() ? Scripts.LIVE : Scripts.PAGE);
  }
}
