package io.inframetrics.text;

import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;

/** Finds the name that was probably meant. */
public final class SimilarName {

  private SimilarName() {}

  /** The most similar of {@code names}, if fewer than every third letter is wrong. */
  public static Optional<String> of(String given, Collection<String> names) {
    return names.stream()
        .filter(name -> 3 * edits(given, name) < Math.max(given.length(), name.length()))
        .min(Comparator.comparingInt(name -> edits(given, name)));
  }

  /** How many letters to insert, remove, replace, or swap with the next one. */
  private static int edits(String from, String to) {
    int[][] edits = new int[from.length() + 1][to.length() + 1];
    for (int i = 0; i <= from.length(); i++) {
      for (int j = 0; j <= to.length(); j++) {
        edits[i][j] = i == 0 || j == 0 ? i + j : cheapest(edits, from, to, i, j);
      }
    }
    return edits[from.length()][to.length()];
  }

  private static int cheapest(int[][] edits, String from, String to, int i, int j) {
    boolean same = from.charAt(i - 1) == to.charAt(j - 1);
    int replaced = edits[i - 1][j - 1] + (same ? 0 : 1);
    int cheapest = Math.min(replaced, 1 + Math.min(edits[i - 1][j], edits[i][j - 1]));
    boolean swapped =
        i > 1
            && j > 1
            && from.charAt(i - 1) == to.charAt(j - 2)
            && from.charAt(i - 2) == to.charAt(j - 1);
    return swapped ? Math.min(cheapest, 1 + edits[i - 2][j - 2]) : cheapest;
  }
}
