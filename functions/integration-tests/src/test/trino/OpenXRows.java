import io.airlift.slice.Slice;
import io.trino.hive.formats.line.Column;
import io.trino.hive.formats.line.LineBuffer;
import io.trino.hive.formats.line.LineDeserializer;
import io.trino.hive.formats.line.openxjson.OpenXJsonDeserializerFactory;
import io.trino.hive.formats.line.text.TextLineReader;
import io.trino.spi.PageBuilder;
import io.trino.spi.block.Block;
import io.trino.spi.block.SqlMap;
import io.trino.spi.type.BigintType;
import io.trino.spi.type.DoubleType;
import io.trino.spi.type.MapType;
import io.trino.spi.type.Type;
import io.trino.spi.type.TypeOperators;
import io.trino.spi.type.VarcharType;
import java.io.BufferedOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads lines from standard input as Trino reads them with the OpenX deserializer, and writes the
 * rows to standard output. A process of its own, since Trino's classes need a newer Java than the
 * tests. Arguments: columns as {@code name=type}, then {@code --}, then parameters of the
 * deserializer as {@code name=value}.
 *
 * <p>A row is the byte 1 and each column: the byte 0 for null, or the byte 1 and the value as
 * {@link java.io.DataOutput} writes it, a text as its length and its UTF-8 bytes, a map as its size,
 * its keys and its values. The byte 2 and a text are the error of a line that is no row. The byte 0
 * is the end.
 */
final class OpenXRows {

  private static final int BUFFER = 1 << 16;
  private static final int LONGEST_LINE = 100 << 20;

  private final DataOutputStream out =
      new DataOutputStream(new BufferedOutputStream(System.out, BUFFER));

  public static void main(String[] arguments) throws IOException {
    List<Column> columns = new ArrayList<>();
    Map<String, String> parameters = new HashMap<>();
    boolean areColumns = true;
    for (String argument : arguments) {
      if (argument.equals("--")) {
        areColumns = false;
      } else {
        String name = argument.substring(0, argument.indexOf('='));
        String rest = argument.substring(name.length() + 1);
        if (areColumns) {
          columns.add(new Column(name, type(rest), columns.size()));
        } else {
          parameters.put(name, rest);
        }
      }
    }
    new OpenXRows().copy(new OpenXJsonDeserializerFactory().create(columns, parameters));
  }

  private static Type type(String ofHive) {
    return switch (ofHive) {
      case "string" -> VarcharType.VARCHAR;
      case "bigint" -> BigintType.BIGINT;
      case "double" -> DoubleType.DOUBLE;
      case "map<string,string>" ->
          new MapType(VarcharType.VARCHAR, VarcharType.VARCHAR, new TypeOperators());
      default -> throw new IllegalArgumentException("type " + ofHive + " is not known here");
    };
  }

  private void copy(LineDeserializer deserializer) throws IOException {
    TextLineReader lines = TextLineReader.createUncompressedReader(System.in, BUFFER);
    LineBuffer line = new LineBuffer(BUFFER, LONGEST_LINE);
    while (lines.readLine(line)) {
      PageBuilder page = new PageBuilder(1, deserializer.getTypes());
      try {
        deserializer.deserialize(line, page);
      } catch (RuntimeException e) {
        out.writeByte(2);
        text(String.valueOf(e.getMessage()).getBytes(StandardCharsets.UTF_8));
        continue;
      }
      for (int row = 0; row < page.getPositionCount(); row++) {
        out.writeByte(1);
        for (int i = 0; i < deserializer.getTypes().size(); i++) {
          value(deserializer.getTypes().get(i), page.build().getBlock(i), row);
        }
      }
    }
    out.writeByte(0);
    out.flush();
  }

  private void value(Type type, Block block, int position) throws IOException {
    out.writeBoolean(!block.isNull(position));
    if (block.isNull(position)) {
      return;
    }
    if (type instanceof BigintType bigint) {
      out.writeLong(bigint.getLong(block, position));
    } else if (type instanceof DoubleType number) {
      out.writeDouble(number.getDouble(block, position));
    } else if (type instanceof MapType map) {
      SqlMap entries = (SqlMap) map.getObject(block, position);
      out.writeInt(entries.getSize());
      for (int i = 0; i < entries.getSize(); i++) {
        value(VarcharType.VARCHAR, entries.getRawKeyBlock(), entries.getRawOffset() + i);
        value(VarcharType.VARCHAR, entries.getRawValueBlock(), entries.getRawOffset() + i);
      }
    } else {
      Slice text = VarcharType.VARCHAR.getSlice(block, position);
      text(text.getBytes());
    }
  }

  private void text(byte[] utf8) throws IOException {
    out.writeInt(utf8.length);
    out.write(utf8);
  }
}
