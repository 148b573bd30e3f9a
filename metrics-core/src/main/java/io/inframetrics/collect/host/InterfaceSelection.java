package io.inframetrics.collect.host;

import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/**
 * Which network interfaces count, so that no byte counts twice and {@code network_traffic} is never
 * empty. The first of these that are there:
 *
 * <ol>
 *   <li>interfaces with a device behind them; bonds, bridges and tunnels pass their bytes through
 *       these and do not count
 *   <li>in a container, where nothing has a device: interfaces of Ethernet kind, such as {@code
 *       eth0}, but for those that their names show to be bridges, tunnels or ends of other
 *       containers
 *   <li>the loopback interface, on a machine without a network
 * </ol>
 *
 * <p>An interface that is down does not count.
 */
final class InterfaceSelection {

  /** How names begin that show a bridge, a tunnel or an end of another container. */
  private static final Pattern VIRTUAL =
      Pattern.compile(
          "anpi|ap1|awdl|br-|bridge|cali|cilium|cni|docker|dummy|flannel|gif|ifb|"
              + "kube|llw|lxc|lxdbr|nodelocaldns|podman|stf|tap|tun|utun|veth|virbr|"
              + "vmnet|vnet|wg");

  private InterfaceSelection() {}

  /**
   * An interface to judge.
   *
   * @param device whether there is a device behind it, real or given by a hypervisor
   * @param ethernet whether it is of Ethernet kind, as Wi-Fi is
   */
  record Candidate(String name, boolean device, boolean ethernet, boolean loopback, boolean up) {}

  /** Those that count, in their order. */
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
