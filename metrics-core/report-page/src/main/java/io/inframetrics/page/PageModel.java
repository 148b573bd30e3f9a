package io.inframetrics.page;

import gg.jte.Content;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the template shows.
 *
 * @param zone name of the time zone, as browsers know it
 * @param offset of the zone at the time of the run, in seconds
 * @param findings the worst first
 * @param moreFindings that the page leaves out
 * @param muted findings that nobody was notified of
 * @param reportKey of the report; null if there is none
 * @param summary what people were notified of; empty if it is not known
 * @hidden
 */
public record PageModel(
    Scripts scripts,
    String zone,
    int offset,
    String runId,
    String observedAt,
    Headline headline,
    List<Tile> tiles,
    Changes changes,
    List<Gap> gaps,
    List<FindingView> findings,
    int moreFindings,
    List<FindingView> muted,
    RunView run,
    @Nullable String reportKey,
    String summary,
    PageData data) {

  public String title() {
    return headline.text() + " · InfraMetrics";
  }

  /**
   * The one sentence that says how things are.
   *
   * @param level {@code critical}, {@code warning}, {@code info}, {@code none}, {@code degraded} or
   *     {@code failed}: color and shape of its mark
   * @param word that says the same as the mark
   * @param more sentences below it
   */
  public record Headline(String level, String word, String text, List<String> more) {}

  /** A number worth knowing at first sight. */
  public record Tile(String number, String label, String level) {}

  /**
   * What is different from the run before.
   *
   * @param comparedWith in words; or why nothing could be compared
   * @param none whether nothing changed at all
   */
  public record Changes(String comparedWith, boolean none, List<Change> groups) {}

  /**
   * Findings that changed in the same way.
   *
   * @param kind {@code new}, {@code worse}, {@code better}, {@code gone} or {@code status}
   */
  public record Change(String kind, String title, List<Link> links) {}

  /**
   * A finding in a few words.
   *
   * @param target id of an element of this page; empty if there is none
   */
  public record Link(String text, String target, String severity) {}

  /**
   * Something that is not known.
   *
   * @param level {@code bad} if somebody should do something about it, else {@code note}
   * @param names of what it is about
   * @param more names that are left out
   */
  public record Gap(String level, String title, String detail, List<String> names, int more) {}

  /** The charts and findings for the scripts, and the words about what of them is left out. */
  public record PageData(Content charts, Content findings, Content leftOut) {}
}
