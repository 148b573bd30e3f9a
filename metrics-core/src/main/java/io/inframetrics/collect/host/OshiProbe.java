package io.inframetrics.collect.host;

import static oshi.hardware.CentralProcessor.TickType.IDLE;
import static oshi.hardware.CentralProcessor.TickType.IOWAIT;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.stream.LongStream;
import oshi.hardware.CentralProcessor;
import oshi.hardware.GlobalMemory;
import oshi.hardware.HardwareAbstractionLayer;
import oshi.hardware.NetworkIF;
import oshi.software.os.NetworkParams;
import oshi.software.os.OSFileStore;
import oshi.software.os.OperatingSystem;
import oshi.spi.SystemInfoFactory;
import oshi.spi.SystemInfoProvider;
import oshi.util.GlobalConfig;
import oshi.util.PlatformEnum;

/**
 * Reads this machine through OSHI; the only class that refers to OSHI, so that it is loaded only
 * when the host source is used.
 *
 * <p>On Linux this is OSHI's native-free provider: it only reads {@code /proc} and {@code /sys}, so
 * nothing is unpacked or linked at run time and a JDK that restricts native access does not warn.
 * Elsewhere it is the best provider on the class path.
 */
final class OshiProbe implements MachineProbe {

  private static final double NANOS_PER_MICRO = 1_000;

  private static final String PROC_PATH = "oshi.util.proc.path";

  private final OperatingSystem system;
  private final HardwareAbstractionLayer hardware;
  private final CentralProcessor processor;
  private final GlobalMemory memory;
  private final CgroupV2 cgroup;
  private final ZfsArc arc;
  private final HostName hostName;
  private final Optional<SysfsInterfaces> sysfs;
  private final Path mountTable;
  private final LongSupplier nanoTicker;
  private volatile Mounts mounts = new Mounts("", List.of());

  OshiProbe(SystemInfoProvider provider, boolean linux, Path root, LongSupplier nanoTicker) {
    this.system = provider.getOperatingSystem();
    this.hardware = provider.getHardware();
    this.processor = hardware.getProcessor();
    this.memory = hardware.getMemory();
    this.cgroup = new CgroupV2(root);
    // In the folder that OSHI reads as /proc, which a setting of OSHI can move.
    this.arc =
        new ZfsArc(root.resolve(GlobalConfig.get(PROC_PATH, "/proc").replaceFirst("^/+", "")));
    this.hostName = new HostName(root);
    this.sysfs = linux ? Optional.of(new SysfsInterfaces(root)) : Optional.empty();
    this.mountTable = root.resolve("proc/self/mounts");
    this.nanoTicker = nanoTicker;
  }

  /**
   * @param root the root of the file system, for what is read without OSHI
   * @param nanoTicker such as {@link System#nanoTime}
   * @throws LinkageError if OSHI is not on the class path or too old
   */
  static MachineProbe open(Path root, LongSupplier nanoTicker) {
    boolean linux = PlatformEnum.getCurrentPlatform() == PlatformEnum.LINUX;
    SystemInfoProvider provider =
        linux ? new oshi.nativefree.SystemInfo() : SystemInfoFactory.create();
    return new OshiProbe(provider, linux, root, nanoTicker);
  }

  @Override
  public String hostName() throws IOException {
    return hostName.orElse(
        () -> Optional.ofNullable(system.getNetworkParams()).map(NetworkParams::getHostName));
  }

  @Override
  public long nanoTime() {
    return nanoTicker.getAsLong();
  }

  @Override
  public CpuCounters cpu() throws IOException {
    Optional<CgroupV2.CpuLimit> limit = cgroup.cpuLimit(processor.getLogicalProcessorCount());
    if (limit.isPresent()) {
      double cpus = limit.get().cpus();
      return new CpuCounters(
          limit.get().group() + '@' + cpus,
          limit.get().usedMicros(),
          nanoTime() / NANOS_PER_MICRO * cpus);
    }
    long[] ticks = processor.getSystemCpuLoadTicks();
    long capacity = LongStream.of(ticks).sum();
    if (capacity <= 0) {
      throw new IOException("the system reports no processor times");
    }
    // Waiting for a disk is not work: the processor could do something else.
    return new CpuCounters(
        "machine", capacity - ticks[IDLE.getIndex()] - ticks[IOWAIT.getIndex()], capacity);
  }

  @Override
  public MemoryState memory() throws IOException {
    long total = memory.getTotal();
    if (total <= 0) {
      throw new IOException("the system reports no memory");
    }
    Optional<CgroupV2.MemoryLimit> limit = cgroup.memoryLimit(total);
    return limit.isPresent()
        ? new MemoryState(limit.get().usedBytes(), limit.get().limitBytes())
        : new MemoryState(
            Math.max(0, total - memory.getAvailable() - arc.reclaimableBytes()), total);
  }

  /** Only local file systems: an unreachable network share would block the reading. */
  @Override
  public List<DiskState> disks() throws IOException {
    List<DiskSelection.Candidate> candidates = new ArrayList<>();
    for (OSFileStore store : stores()) {
      File mount = new File(store.getMount());
      candidates.add(
          new DiskSelection.Candidate(
              store.getVolume(),
              store.getMount(),
              store.getType(),
              mount.isDirectory(),
              mount.getTotalSpace(),
              mount.getFreeSpace(),
              mount.getUsableSpace()));
    }
    List<DiskState> disks = DiskSelection.select(candidates);
    if (disks.isEmpty()) {
      throw new IOException("the system reports no file system with a size");
    }
    return disks;
  }

  /**
   * The mounted file systems. OSHI starts a process to list them, which costs more than the rest of
   * a reading, so they are listed again only when the kernel's table has changed.
   */
  private Collection<OSFileStore> stores() throws IOException {
    String table = Files.exists(mountTable) ? Files.readString(mountTable) : "";
    Mounts known = mounts;
    if (!table.isEmpty() && table.equals(known.table())) {
      return known.stores();
    }
    Map<String, OSFileStore> byMount = new LinkedHashMap<>();
    for (OSFileStore store : system.getFileSystem().getFileStores(true)) {
      // Of two mounts at one place, the later covers the earlier.
      byMount.put(store.getMount(), store);
    }
    mounts = new Mounts(table, List.copyOf(byMount.values()));
    return mounts.stores();
  }

  @Override
  public List<InterfaceCounters> interfaces() throws IOException {
    if (sysfs.isPresent()) {
      return sysfs.get().read();
    }
    Map<InterfaceSelection.Candidate, NetworkIF> interfaces = new LinkedHashMap<>();
    for (NetworkIF each : hardware.getNetworkIFs(true)) {
      interfaces.put(
          InterfaceSelection.Candidate.withoutLinks(
              each.getName(),
              each.queryNetworkInterface().isLoopback(),
              each.getIfOperStatus() != NetworkIF.IfOperStatus.DOWN),
          each);
    }
    List<InterfaceCounters> counters = new ArrayList<>();
    for (InterfaceSelection.Candidate selected :
        InterfaceSelection.select(List.copyOf(interfaces.keySet()))) {
      NetworkIF each = interfaces.get(selected);
      if (each != null) {
        counters.add(
            new InterfaceCounters(each.getName(), each.getBytesRecv(), each.getBytesSent()));
      }
    }
    return counters;
  }

  /** The file systems that were mounted when the kernel's table was {@code table}. */
  private record Mounts(String table, List<OSFileStore> stores) {}
}
