package io.inframetrics.cli.input;

import io.inframetrics.text.Texts;
import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

public final class InputFile {

  public static final JsonMapper JSON = JsonMapper.builder().build();

  private InputFile() {}

  public static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (NoSuchFileException e) {
      throw new UsageException("there is no file '%s'".formatted(file), e);
    } catch (MalformedInputException e) {
      throw new UsageException("file '%s' is not UTF-8 text".formatted(file), e);
    } catch (IOException e) {
      throw new UsageException("file '%s' cannot be read: %s".formatted(file, e.getMessage()), e);
    }
  }

  public static JsonNode json(Path file) {
    try {
      return JSON.readTree(text(file));
    } catch (JacksonException e) {
      throw new UsageException(
          "file '%s' is not JSON: %s (line %d, column %d)"
              .formatted(
                  file,
                  Texts.jsonMistake(e),
                  e.getLocation().getLineNr(),
                  e.getLocation().getColumnNr()),
          e);
    }
  }
}
