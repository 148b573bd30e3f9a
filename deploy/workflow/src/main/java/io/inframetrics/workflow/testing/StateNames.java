package io.inframetrics.workflow.testing;

import io.inframetrics.workflow.state.State;
import io.inframetrics.workflow.state.States;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** The names in a definition: its states, and the places of branches and iterations. */
final class StateNames {

  private final SortedSet<String> states = new TreeSet<>();

  /** The places in the iterations of each Map, by the Map's name. */
  private final Map<String, Pattern> maps = new TreeMap<>();

  private final List<Pattern> branches = new ArrayList<>();

  StateNames(States machine) {
    read(machine, "");
  }

  /** Names may have slashes and brackets, so a place is known by the states around it. */
  private void read(States scope, String around) {
    for (State state : scope.byName().values()) {
      states.add(state.name());
      boolean map = state.type().equals("Map");
      List<States> inner = state.scopes();
      for (int i = 0; i < inner.size(); i++) {
        String place =
            around + Pattern.quote(state.name()) + "\\[" + (map ? "(0|[1-9]\\d*)" : i) + "]";
        if (map) {
          maps.put(state.name(), Pattern.compile(place));
        } else {
          branches.add(Pattern.compile(place));
        }
        read(inner.get(i), place + "/");
      }
    }
  }

  /** The names of all states. */
  SortedSet<String> states() {
    return states;
  }

  /** The places in the iterations of each Map, by the Map's name. */
  Map<String, Pattern> maps() {
    return maps;
  }

  /** Whether a branch or an iteration of the definition may have this place. */
  boolean isPlace(String place) {
    return branches.stream().anyMatch(each -> each.matcher(place).matches())
        || maps.values().stream().anyMatch(each -> each.matcher(place).matches());
  }
}
