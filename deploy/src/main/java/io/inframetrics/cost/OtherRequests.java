package io.inframetrics.cost;

import java.util.Collection;

/** What one run asks of the bucket and of CloudWatch, by the sizes of its files and metrics. */
final class OtherRequests {

  private static final int ANALYSES = 2;

  /** Composing the report of a run writes it twice, once for whoever wants the newest. */
  private static final int REPORT_WRITES = 2;

  /** It reads the reports of the analyses, that of the run before, and looks for its own. */
  private static final int REPORT_READS = ANALYSES + 2;

  /** Each analysis writes the charts of what it read beside its report. */
  private static final int CHARTS = ANALYSES;

  /** The report of a run is written as a page, too. */
  private static final int PAGES = 1;

  /**
   * A page is made of the report of the run, those of the analyses, and their charts; those of all
   * series are read twice, first for the series with findings.
   */
  static final int PAGE_READS = 1 + ANALYSES + CHARTS + 1;

  /** As in the pipeline: with more observations of a type, collecting reads its file. */
  private static final double MOST_IN_MEMORY = 10_000;

  /** As in the S3 sink: the size of a part. */
  private static final double PART_BYTES = 8 << 20;

  /** As in the CloudWatch sink: in a request, values of a datum, and bytes of one and its count. */
  private static final double DATA_A_REQUEST = 1_000;

  private static final double VALUES_A_DATUM = 150;
  private static final double BYTES_A_REQUEST = 1_000_000;
  private static final double BYTES_A_VALUE = 11;

  private final Collection<Double> seriesByType;
  private final double points;
  private final double observationBytes;

  /**
   * Counts the requests of a run.
   *
   * @param seriesByType how many series each type has
   * @param points of each series
   */
  OtherRequests(Assumptions assumed, Collection<Double> seriesByType, double points) {
    this.seriesByType = seriesByType;
    this.points = points;
    this.observationBytes = assumed.of("observation_bytes");
  }

  /**
   * Objects that a run writes: of each type a raw file and its accepted lines, and reports with
   * their charts and the page.
   */
  double objects() {
    return 2 * seriesByType.size() + ANALYSES + CHARTS + REPORT_WRITES + PAGES;
  }

  /** A large file is written in parts, between a request that begins and one that ends it. */
  double objectWrites() {
    return objects() + seriesByType.stream().mapToDouble(n -> isLarge(n) ? 1 + parts(n) : 0).sum();
  }

  /**
   * Raw files are read once, or three times if memory does not keep their observations: for records
   * and for data points, too. Each analysis looks for its report; and what is written in parts is
   * looked for before. Then what the page is made of.
   */
  double objectReads() {
    return seriesByType.size()
        + ANALYSES
        + REPORT_READS
        + PAGE_READS
        + 2 * seriesByType.stream().filter(n -> n * points > MOST_IN_MEMORY).count()
        + seriesByType.stream().filter(this::isLarge).count();
  }

  private boolean isLarge(double series) {
    return series * points * observationBytes > PART_BYTES;
  }

  private double parts(double series) {
    return Math.ceil(series * points * observationBytes / PART_BYTES);
  }

  /**
   * Requests that publish metrics, at least one for each type.
   *
   * @param fleet whether there is a metric of all series of a type
   * @param budget the most series of a type of which each has a metric
   */
  double metricWrites(boolean fleet, double budget) {
    double all = 0;
    for (double series : seriesByType) {
      double data = fleet ? points * Math.ceil(series / VALUES_A_DATUM) : 0;
      data += series <= budget ? points * series : 0;
      double bytes = fleet ? points * series * BYTES_A_VALUE : 0;
      all +=
          Math.max(
              1, Math.max(Math.ceil(data / DATA_A_REQUEST), Math.ceil(bytes / BYTES_A_REQUEST)));
    }
    return all;
  }
}
