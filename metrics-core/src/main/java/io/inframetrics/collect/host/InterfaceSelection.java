package io.inframetrics.collect.host;

import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/**
 * Which network interfaces count, so that no byte counts twice and {@code network_traffic} is never
 * empty. The first of these groups that is not empty:
 *
 * <ol>
 *   <li>interfaces with a device behind them; bonds, bridges and tunnels pass their bytes through
 *       these and do not count
 *   <li>in a container, where nothing has a device: Ethernet interfaces, such as {@code eth0},
 *       except those whose names show that they are bridges, tunnels or ends of other containers
 *   <li>the loopback interface, on a machine without a network
 * </ol>
 *
 * <p>An interface that is down does not count.
 */
final class InterfaceSelection {

  /** Prefixes of the names of bridges, tunnels and ends of other containers. */
  private static final Pattern VIRTUAL =
      Pattern.compile(
          "anpi|ap1|awdl|br-|bridge|cali|cilium|cni|docker|dummy|flannel|gif|ifb|"
              + "kube|llw|lxc|lxdbr|nodelocaldns|podman|stf|tap|tun|utun|veth|virbr|"
              + "vmnet|vnet|wg");

  private InterfaceSelection() {}

  /**
   * An interface that may count.
   *
   * @param device whether there is a device behind it, real or given by a hypervisor
   * @param ethernet whether its kind is Ethernet, which includes Wi-Fi
   */
  record Candidate(String name, boolean device, boolean ethernet, boolean loopback, boolean up) {}

  static List<Candidate> select(List<Candidate> candidates) {
    List<Candidate> real = those(candidates, candidate -> candidate.up() && candidate.device());
    if (!real.isEmpty()) {
      return real;
    }
    List<Candidate> container =
        those(
            candidates,
            candidate ->
                candidate.up()
                    && candidate.ethernet()
                    && !candidate.loopback()
                    && !VIRTUAL.matcher(candidate.name()).lookingAt());
    return container.isEmpty() ? those(candidates, Candidate::loopback) : container;
  }

  private static List<Candidate> those(List<Candidate> all, Predicate<Candidate> which) {
    return all.stream().filter(which).toList();
  }
}
