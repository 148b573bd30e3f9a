package io.inframetrics.cli.input;

import io.inframetrics.text.Texts;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

public final class InputFile {

  public static final JsonMapper JSON = JsonMapper.builder().build();

  private InputFile() {}

  /**
   * The text of the file without a byte order mark: UTF-8, or UTF-16 if the mark says so, as
   * spreadsheets and PowerShell write it.
   */
  public static String text(Path file) {
    try {
      return decoded(Files.readAllBytes(file));
    } catch (NoSuchFileException e) {
      throw new UsageException("there is no file '%s'".formatted(file), e);
    } catch (CharacterCodingException e) {
      throw new UsageException("file '%s' is not UTF-8 text".formatted(file), e);
    } catch (IOException e) {
      throw new UsageException("file '%s' cannot be read: %s".formatted(file, e.getMessage()), e);
    }
  }

  private static String decoded(byte[] bytes) throws CharacterCodingException {
    Charset charset = StandardCharsets.UTF_8;
    if (bytes.length >= 2 && bytes[0] == (byte) 0xff && bytes[1] == (byte) 0xfe) {
      charset = StandardCharsets.UTF_16LE;
    } else if (bytes.length >= 2 && bytes[0] == (byte) 0xfe && bytes[1] == (byte) 0xff) {
      charset = StandardCharsets.UTF_16BE;
    }
    String text = charset.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    return text.startsWith("\uFEFF") ? text.substring(1) : text;
  }

  public static JsonNode json(Path file) {
    return json(file, text(file));
  }

  /** The JSON in {@code text}, which was read from {@code file}. */
  public static JsonNode json(Path file, String text) {
    try {
      return JSON.readTree(text);
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
