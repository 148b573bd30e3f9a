package io.inframetrics.workflow.retry;

import io.inframetrics.workflow.definition.DefinitionObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A state's Retry and Catch.
 *
 * @param ofBranches whether the failures come from branches or iterations
 * @hidden
 */
public record ErrorHandling(List<Retrier> retriers, List<Catcher> catchers, boolean ofBranches) {

  public static final ErrorHandling NONE = new ErrorHandling(List.of(), List.of(), false);

  public static ErrorHandling load(DefinitionObject state, boolean ofBranches) {
    return new ErrorHandling(
        elements(state, "Retry", Retrier::load),
        elements(state, "Catch", Catcher::load),
        ofBranches);
  }

  private interface Element<T> {
    T load(DefinitionObject fields, ErrorEquals errors);
  }

  private static <T> List<T> elements(DefinitionObject state, String name, Element<T> element) {
    List<DefinitionObject> all = state.objects(name, false);
    List<T> loaded = new ArrayList<>();
    for (DefinitionObject fields : all) {
      boolean last = loaded.size() == all.size() - 1;
      loaded.add(element.load(fields, ErrorEquals.load(fields, last)));
      fields.refuseUnknown();
    }
    return List.copyOf(loaded);
  }

  public Optional<Retrier> retrier(Failure failure) {
    for (Retrier retrier : retriers) {
      if (retrier.errors().matches(failure, ofBranches)) {
        return Optional.of(retrier);
      }
    }
    return Optional.empty();
  }

  public Optional<Catcher> catcher(Failure failure) {
    for (Catcher catcher : catchers) {
      if (catcher.errors().matches(failure, ofBranches)) {
        return Optional.of(catcher);
      }
    }
    return Optional.empty();
  }

  public List<String> targets() {
    return catchers.stream().map(Catcher::next).toList();
  }
}
