package io.inframetrics.detect.regular;

import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.zone.ZoneRules;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Finds the earlier runs that make another one regular, and the time at which a run is missing.
 *
 * <p>A run is regular if three earlier ones began at about its time of the day, or three or more at
 * equal distances of less than a day. Which weekdays a job keeps shows only after some weeks; from
 * then on another weekday is not regular.
 */
final class Schedules {

  static final long DAY = 86_400;
  private static final long HOUR = 3_600;

  /** Seconds by which times of the day of one job differ, besides the spacing. */
  private static final long TOLERANCE = 20 * 60;

  /** The same for periods of less than a day; and at most this share of the period. */
  private static final long SHORT_TOLERANCE = 10 * 60;

  private static final int TOLERANCE_SHARE = 4;

  /** Earlier runs that make one regular. */
  private static final int ENOUGH = 3;

  /** Earlier distances that are looked at where one is missing or another run is between. */
  private static final int LOOKED_AT = 8;

  /** How many of these must have a run. */
  private static final int MOST_OF_THEM = 6;

  /** Factor by which runs must be more than chance would put at a time of the day. */
  private static final double MORE_THAN_CHANCE = 2.5;

  /** Days after which the weekdays of a job are known. */
  private static final int WEEKS_KNOWN = 21;

  /**
   * Periods of less than a day, in seconds, the shortest first. What comes and goes more often is
   * one incident.
   */
  private static final List<Long> PERIODS = periods();

  /** Fewest points in a period whose missing run can be seen. */
  private static final int POINTS_A_PERIOD = 4;

  /** Days in which a period of less than a day must have been kept before a run is missing. */
  private static final int KEPT_DAYS = 7;

  /** Share of its runs that must have come in them. */
  private static final double KEPT_SHARE = 0.95;

  private final ZoneRules zone;
  private final long spacing;

  Schedules(ZoneRules zone, long spacing) {
    this.zone = zone;
    this.spacing = spacing;
  }

  private static List<Long> periods() {
    List<Long> periods = new ArrayList<>(List.of(HOUR, HOUR * 3 / 2));
    for (long hours = 2; hours < 24; hours++) {
      periods.add(hours * HOUR);
    }
    return List.copyOf(periods);
  }

  /** A time in seconds as clocks show it. */
  private long local(long time) {
    return time + zone.getOffset(Instant.ofEpochSecond(time)).getTotalSeconds();
  }

  private long global(long local) {
    ZoneOffset offset = zone.getOffset(LocalDateTime.ofEpochSecond(local, 0, ZoneOffset.UTC));
    return local - offset.getTotalSeconds();
  }

  /** How far from the expected time a run of a job may begin. */
  long tolerance(long period) {
    return period >= DAY
        ? TOLERANCE + spacing
        : Math.max(spacing, Math.min(period / TOLERANCE_SHARE, SHORT_TOLERANCE + spacing));
  }

  /** The runs of {@code before} that make {@code one} regular; none if it is not. */
  List<Occurrence> of(Occurrence one, List<Occurrence> before) {
    List<Occurrence> daily = daily(one, before, true);
    if (daily.isEmpty() && !zone.isFixedOffset()) {
      daily = daily(one, before, false);
    }
    return daily.isEmpty() ? frequent(one, before) : daily;
  }

  private List<Occurrence> daily(Occurrence one, List<Occurrence> before, boolean byLocalTime) {
    long now = byLocalTime ? local(one.start()) : one.start();
    List<Occurrence> same = new ArrayList<>();
    List<Long> ago = new ArrayList<>();
    for (Occurrence earlier : before) {
      long passed = now - (byLocalTime ? local(earlier.start()) : earlier.start());
      long days = Math.floorDiv(passed + DAY / 2, DAY);
      if (days > 0
          && Math.abs(passed - days * DAY) <= tolerance(DAY)
          && (ago.isEmpty() || ago.get(ago.size() - 1) != days)) {
        same.add(earlier);
        ago.add(days);
      }
    }
    double byChance = before.size() * 2.0 * tolerance(DAY) / DAY;
    return same.size() >= Math.max(ENOUGH, MORE_THAN_CHANCE * byChance) && keepsItsDays(ago)
        ? same
        : List.of();
  }

  /**
   * Whether a run comes on a day that its job may have.
   *
   * @param ago days between it and each earlier one, the oldest first
   */
  private static boolean keepsItsDays(List<Long> ago) {
    Set<Long> gaps = new HashSet<>();
    for (int i = 1; i < ago.size(); i++) {
      gaps.add(ago.get(i - 1) - ago.get(i));
    }
    return ago.get(0) < WEEKS_KNOWN
        || ago.stream().anyMatch(days -> days % 7 == 0)
        || gaps.contains(ago.get(ago.size() - 1));
  }

  private List<Occurrence> frequent(Occurrence one, List<Occurrence> before) {
    for (long period : PERIODS) {
      if (period < 2 * spacing) {
        continue;
      }
      List<Occurrence> hits = new ArrayList<>();
      boolean inARow = true;
      for (int k = 1; k <= LOOKED_AT; k++) {
        Occurrence hit = nearest(before, one.start() - k * period, tolerance(period));
        if (hit != null) {
          hits.add(hit);
        }
        inARow &= hit != null || k > ENOUGH;
      }
      if (hits.size() >= MOST_OF_THEM
          || (inARow && noneBetween(before, one.start() - ENOUGH * period - tolerance(period)))) {
        return hits;
      }
    }
    return List.of();
  }

  private static boolean noneBetween(List<Occurrence> before, long from) {
    return before.stream().filter(one -> one.start() >= from).count() == ENOUGH;
  }

  private static @Nullable Occurrence nearest(List<Occurrence> all, long time, long tolerance) {
    Occurrence nearest = null;
    for (int i = from(all, time - tolerance); i < all.size(); i++) {
      Occurrence one = all.get(i);
      if (one.start() > time + tolerance) {
        break;
      }
      if (nearest == null || Math.abs(one.start() - time) < Math.abs(nearest.start() - time)) {
        nearest = one;
      }
    }
    return nearest;
  }

  private static int from(List<Occurrence> all, long time) {
    int low = 0;
    int high = all.size();
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (all.get(middle).start() < time) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  /**
   * A run that should follow.
   *
   * @param start in seconds since 1970
   * @param period seconds until the one after it
   * @param runs those before it, the newest first
   */
  record Expected(long start, long period, List<Occurrence> runs) {}

  /** The runs that should follow {@code last}, if the job was regular for long enough to say so. */
  List<Expected> after(Occurrence last, List<Occurrence> like) {
    List<Expected> all = new ArrayList<>();
    add(all, days(last, like, 7, 3, 4));
    // Seven in a row visit all weekdays, so that no set of weekdays looks like these.
    add(all, days(last, like, 1, 7, 7));
    add(all, days(last, like, 2, 7, 7));
    add(all, days(last, like, 3, 7, 7));
    if (all.isEmpty()) {
      for (long period : PERIODS) {
        if (all.isEmpty() && period >= POINTS_A_PERIOD * spacing) {
          add(all, hours(last, like, period));
        }
      }
    }
    return all;
  }

  private static void add(List<Expected> all, @Nullable Expected expected) {
    if (expected != null) {
      all.add(expected);
    }
  }

  private @Nullable Expected days(
      Occurrence last, List<Occurrence> like, long days, int needed, int slots) {
    List<Occurrence> hits = new ArrayList<>();
    long now = local(last.start());
    long sum = 0;
    for (int k = 0; k < slots; k++) {
      Occurrence hit = nearest(like, global(now - k * days * DAY), tolerance(DAY));
      if (hit != null) {
        hits.add(hit);
        sum += local(hit.start()) + k * days * DAY - now;
      }
    }
    double byChance =
        slots * Math.min(1, (double) like.size() * 2 * tolerance(DAY) / JobHistory.KEPT);
    boolean regular = hits.size() >= Math.max(needed, MORE_THAN_CHANCE * byChance);
    return regular
        ? new Expected(global(now + sum / hits.size() + days * DAY), days * DAY, hits)
        : null;
  }

  private @Nullable Expected hours(Occurrence last, List<Occurrence> like, long period) {
    int slots = (int) (KEPT_DAYS * DAY / period);
    int mayMiss = (int) ((1 - KEPT_SHARE) * slots);
    List<Occurrence> hits = new ArrayList<>();
    for (int k = 0; k < slots && k - hits.size() <= mayMiss; k++) {
      Occurrence hit = nearest(like, last.start() - k * period, tolerance(period));
      if (hit != null) {
        hits.add(hit);
      }
    }
    return slots - hits.size() <= mayMiss
        ? new Expected(last.start() + period, period, hits)
        : null;
  }
}
