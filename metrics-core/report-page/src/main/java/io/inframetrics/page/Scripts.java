package io.inframetrics.page;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The page's own scripts and styles, and the policy that lets a browser run these and nothing else.
 *
 * @hidden
 */
public record Scripts(List<String> scripts, List<String> styles, boolean asksItsServer) {

  static final Scripts PAGE =
      new Scripts(
          List.of(
              resource("uplot/uPlot.iife.min.js"),
              resource("format.js"),
              resource("charts.js"),
              resource("fleet.js"),
              resource("page.js")),
          List.of(resource("uplot/uPlot.min.css"), resource("page.css"), resource("fleet.css")),
          false);

  /** Of a page that is served: it asks its server for the page of the next run. */
  static final Scripts LIVE =
      new Scripts(
          and(PAGE.scripts, resource("live.js")), and(PAGE.styles, resource("live.css")), true);

  /** The value of {@code Content-Security-Policy}. */
  public String policy() {
    return "default-src 'none'; base-uri 'none'; form-action 'none'; script-src "
        + hashes(scripts)
        + "; style-src "
        + hashes(styles)
        + (asksItsServer ? "; connect-src 'self'" : "");
  }

  private static List<String> and(List<String> texts, String more) {
    return Stream.concat(texts.stream(), Stream.of(more)).toList();
  }

  /** Characters of all scripts. */
  long length() {
    return scripts.stream().mapToLong(String::length).sum();
  }

  private static String hashes(List<String> texts) {
    return texts.stream().map(Scripts::hash).collect(Collectors.joining(" "));
  }

  private static String hash(String text) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return "'sha256-" + Base64.getEncoder().encodeToString(digest) + "'";
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JVM has SHA-256", e);
    }
  }

  private static String resource(String name) {
    try (InputStream in = Scripts.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException("resource '%s' is missing from the jar".formatted(name));
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException("resource '%s' could not be read".formatted(name), e);
    }
  }
}
