package io.inframetrics.collect.host;

import io.inframetrics.collect.host.MachineProbe.InterfaceCounters;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What the source {@code host} calls this machine, and which network interfaces it reports, for
 * other sources that record the same machine: their series are then the same. Works without OSHI.
 *
 * @param root the root of the file system; {@code /} except in tests
 * @hidden
 */
public record ThisMachine(Path root) {

  /**
   * The instance id for a machine that a recording calls {@code recorded}: that name without its
   * domain, or this machine's instance id if the name says nothing, such as {@code localhost}.
   */
  public String instanceId(String recorded) throws IOException {
    Optional<String> name = HostName.name(recorded);
    return name.isPresent() ? name.get() : new HostName(root).orElse(Optional::empty);
  }

  /** The interfaces that the source {@code host} reports now; empty if this is not Linux. */
  public Set<String> interfaces() throws IOException {
    Set<String> names = new HashSet<>();
    if (Files.isDirectory(root.resolve("sys/class/net"))) {
      for (InterfaceCounters each : new SysfsInterfaces(root).read()) {
        names.add(each.name());
      }
    }
    return names;
  }

  /**
   * The interfaces that the source {@code host} would report if it knew nothing but these names.
   *
   * @param names of all interfaces of a machine
   */
  public static Set<String> interfacesByName(Collection<String> names) {
    Set<String> selected = new HashSet<>();
    List<InterfaceSelection.Candidate> candidates =
        names.stream()
            .map(name -> InterfaceSelection.Candidate.withoutLinks(name, name.equals("lo"), true))
            .toList();
    InterfaceSelection.select(candidates).forEach(candidate -> selected.add(candidate.name()));
    return selected;
  }
}
