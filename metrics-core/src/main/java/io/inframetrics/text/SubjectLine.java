package io.inframetrics.text;

/** The subject of a notification: made to fit here, whoever sends it. */
public final class SubjectLine {

  /**
   * The most characters of a subject: SNS takes fewer than 100.
   *
   * @see <a href="https://docs.aws.amazon.com/sns/latest/api/API_Publish.html">Publish</a>
   */
  public static final int MAX_LENGTH = 99;

  private SubjectLine() {}

  /** The text as at most {@value #MAX_LENGTH} printable ASCII characters on one line. */
  public static String of(String text) {
    return of(text, MAX_LENGTH);
  }

  /** Other characters become a question mark; three dots stand for what was cut off. */
  static String of(String text, int max) {
    StringBuilder ascii = new StringBuilder(text.length());
    text.chars().forEach(c -> ascii.append(c < ' ' || c > '~' ? '?' : (char) c));
    return Texts.shorten(ascii.toString(), max);
  }
}
