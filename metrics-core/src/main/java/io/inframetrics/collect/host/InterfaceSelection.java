package io.inframetrics.collect.host;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Which network interfaces count, so that no byte counts twice and {@code network_traffic} is never
 * empty. The first of these groups that is not empty:
 *
 * <ol>
 *   <li>interfaces with a device behind them; bonds, bridges, VLANs and tunnels pass their bytes
 *       through these and do not count
 *   <li>in a container, where nothing has a device: Ethernet interfaces, such as {@code eth0},
 *       except those whose names show that they are bridges, tunnels or ends of other containers
 *   <li>in a container whose only way out is a tunnel: {@code tap0} of a rootless container, {@code
 *       venet0} of OpenVZ, and others of that kind
 *   <li>the loopback interface, on a machine without a network
 * </ol>
 *
 * <p>An interface that is down does not count. Where one interface runs over another, one of the
 * two counts:
 *
 * <ul>
 *   <li>the upper one if it has a device and the lower ones were put under it: it adds up what they
 *       count. So it is with the virtual functions of Hyper-V and Azure and with KVM's net_failover
 *   <li>else the lower one, so a bridge, a bond or a VLAN in a container does not count, and
 *       neither do the ports of a switch chip behind one card
 * </ul>
 */
final class InterfaceSelection {

  /** Prefixes of the names of bridges, tunnels and ends of other containers. */
  private static final Pattern VIRTUAL =
      Pattern.compile(
          "anpi|ap1|awdl|br-|bridge|cali|cilium|cni|docker|dummy|flannel|geneve|gif|gretap|ifb|"
              + "kube|llw|lxc|lxdbr|nodelocaldns|podman|stf|tap|tun|utun|veth|virbr|"
              + "vmnet|vnet|vxlan|wg");

  /**
   * Prefixes of the names of tunnels that may be the only way out, outermost first: a VPN of a
   * rootless container leaves through {@code tap0}.
   */
  private static final List<String> ONLY_WAY_OUT = List.of("tap", "venet", "ppp", "tun", "wg");

  private InterfaceSelection() {}

  /**
   * An interface that may count.
   *
   * @param device whether there is a device behind it, real or given by a hypervisor
   * @param ethernet whether its kind is Ethernet, which includes Wi-Fi
   * @param master the interface that this one was put under, such as a bond
   * @param lowers the interfaces that this one runs over
   */
  record Candidate(
      String name,
      boolean device,
      boolean ethernet,
      boolean loopback,
      boolean up,
      Optional<String> master,
      Set<String> lowers) {

    /** An interface of a system that does not say how its interfaces are linked. */
    static Candidate withoutLinks(String name, boolean loopback, boolean up) {
      return new Candidate(name, false, true, loopback, up, Optional.empty(), Set.of());
    }
  }

  static List<Candidate> select(List<Candidate> candidates) {
    List<Candidate> single = withoutDoubles(candidates);
    List<Candidate> real = those(single, Candidate::device);
    if (!real.isEmpty()) {
      return real;
    }
    List<Candidate> network = those(single, candidate -> !candidate.loopback());
    List<Candidate> container =
        those(
            network,
            candidate -> candidate.ethernet() && !VIRTUAL.matcher(candidate.name()).lookingAt());
    if (!container.isEmpty()) {
      return container;
    }
    return ONLY_WAY_OUT.stream()
        .map(prefix -> those(network, candidate -> candidate.name().startsWith(prefix)))
        .filter(tunnels -> !tunnels.isEmpty())
        .findFirst()
        .orElseGet(() -> those(candidates, Candidate::loopback));
  }

  /** The interfaces that are up; of those that count the same bytes, one. */
  private static List<Candidate> withoutDoubles(List<Candidate> candidates) {
    List<Candidate> up = those(candidates, Candidate::up);
    Set<String> devices = names(those(up, Candidate::device));
    Set<String> parts =
        names(those(candidates, each -> each.master().filter(devices::contains).isPresent()));
    return those(up, each -> !parts.contains(each.name()) && parts.containsAll(each.lowers()));
  }

  private static Set<String> names(List<Candidate> candidates) {
    return candidates.stream().map(Candidate::name).collect(Collectors.toSet());
  }

  private static List<Candidate> those(List<Candidate> all, Predicate<Candidate> which) {
    return all.stream().filter(which).toList();
  }
}
