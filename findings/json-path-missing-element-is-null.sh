#!/usr/bin/env bash
# JsonPath for Java (com.jayway.jsonpath:json-path) 3.0.0 with Jackson 3.1.7 and with its default, json-smart.
#
# What one would guess: a path to an array element that does not exist is an error (PathNotFoundException), as it is for a property
# that does not exist. Which JSON library is behind JsonPath (its "provider") makes no difference.
#
# What happens instead: with the default provider and with Jackson3JsonProvider it is an error. With Jackson3JsonNodeJsonProvider the
# same path in the same document finds a NullNode, as if the array had a null there. Its asDouble() is 0.0. With the option
# AS_PATH_LIST, which lists the paths that exist, the element is listed too. REQUIRE_PROPERTIES does not change it. A missing property
# is an error with all three.
#
# Why it matters: whoever checks "is there a third data point?" or reads its value gets yes and 0.0 instead of an error, only because
# the application moved to Jackson's trees. An outage looks like an idle server.
#
# What to do: subclass Jackson3JsonNodeJsonProvider so that getArrayIndex throws IndexOutOfBoundsException past the end, which JsonPath
# turns into PathNotFoundException; or read the array and look at its size.
#
# Output seen on 27 November 2026:
#   JsonSmartJsonProvider         $.values[2] -> PathNotFoundException   $.missing -> PathNotFoundException
#   Jackson3JsonProvider          $.values[2] -> PathNotFoundException   $.missing -> PathNotFoundException
#   Jackson3JsonNodeJsonProvider  $.values[2] -> NullNode, asDouble() 0.0   $.missing -> PathNotFoundException
#   Jackson3JsonNodeJsonProvider with REQUIRE_PROPERTIES  $.values[2] -> NullNode, asDouble() 0.0
#   Jackson3JsonNodeJsonProvider with AS_PATH_LIST  $.values[2] -> ["$['values'][2]"]
#   Jackson3JsonNodeJsonProvider, subclassed  $.values[2] -> PathNotFoundException
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"

cat > pom.xml <<'POM'
<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>findings</groupId>
  <artifactId>missing-element</artifactId>
  <version>1</version>
  <dependencies>
    <dependency>
      <groupId>com.jayway.jsonpath</groupId>
      <artifactId>json-path</artifactId>
      <version>3.0.0</version>
    </dependency>
    <dependency>
      <groupId>tools.jackson.core</groupId>
      <artifactId>jackson-databind</artifactId>
      <version>3.1.7</version>
    </dependency>
  </dependencies>
</project>
POM

cat > MissingElement.java <<'JAVA'
import com.jayway.jsonpath.Configuration;
import com.jayway.jsonpath.JsonPath;
import com.jayway.jsonpath.Option;
import com.jayway.jsonpath.PathNotFoundException;
import com.jayway.jsonpath.spi.json.Jackson3JsonNodeJsonProvider;
import com.jayway.jsonpath.spi.json.Jackson3JsonProvider;
import com.jayway.jsonpath.spi.json.JsonProvider;
import com.jayway.jsonpath.spi.json.JsonSmartJsonProvider;
import com.jayway.jsonpath.spi.mapper.Jackson3MappingProvider;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.NullNode;

/** Reads the third of two values. */
public class MissingElement {
  private static final String TWO_VALUES = "{\"values\": [37.5, 41.0]}";

  public static void main(String[] args) {
    for (JsonProvider provider : List.of(new JsonSmartJsonProvider(), new Jackson3JsonProvider(), new Jackson3JsonNodeJsonProvider())) {
      System.out.printf(
          "%-28s  $.values[2] -> %s   $.missing -> %s%n",
          provider.getClass().getSimpleName(), read(provider, "$.values[2]"), read(provider, "$.missing"));
    }
    JsonProvider trees = new Jackson3JsonNodeJsonProvider();
    for (Option option : List.of(Option.REQUIRE_PROPERTIES, Option.AS_PATH_LIST)) {
      System.out.printf(
          "Jackson3JsonNodeJsonProvider with %s  $.values[2] -> %s%n", option, read(trees, "$.values[2]", option));
    }
    JsonProvider strict =
        new Jackson3JsonNodeJsonProvider() {
          @Override
          public Object getArrayIndex(Object array, int index) {
            if (index >= length(array)) {
              throw new IndexOutOfBoundsException(index);
            }
            return super.getArrayIndex(array, index);
          }
        };
    System.out.printf("Jackson3JsonNodeJsonProvider, subclassed  $.values[2] -> %s%n", read(strict, "$.values[2]"));
  }

  private static String read(JsonProvider provider, String path, Option... options) {
    Configuration configuration =
        Configuration.builder()
            .jsonProvider(provider)
            .mappingProvider(new Jackson3MappingProvider())
            .options(options)
            .build();
    try {
      Object found = JsonPath.using(configuration).parse(TWO_VALUES).read(path);
      return found instanceof NullNode
          ? "NullNode, asDouble() " + ((JsonNode) found).asDouble()
          : String.valueOf(found);
    } catch (PathNotFoundException e) {
      return "PathNotFoundException";
    }
  }
}
JAVA

mvn -q -B -ntp -Dstyle.color=never -Dmaven.repo.local="$folder/repository" org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies -DoutputDirectory=lib
"${JAVA_HOME:+$JAVA_HOME/bin/}java" -cp 'lib/*' MissingElement.java 2>stderr >output \
  || { cat output stderr; echo "CHANGED: the program does not run any more."; exit 1; }
cat output

if [ "$(grep -c 'missing -> PathNotFoundException$' output)" != 3 ] || [ "$(grep -c '^J[^,]*JsonProvider  *$.values\[2\] -> PathNotFoundException' output)" != 2 ]; then
  echo "CHANGED: the default provider, or a missing property, is no longer an error."
  exit 1
fi
if [ "$(grep -cF '$.values[2] -> NullNode, asDouble() 0.0' output)" != 2 ] || ! grep -qF "AS_PATH_LIST  \$.values[2] -> [\"\$['values'][2]\"]" output; then
  echo "CHANGED: with Jackson3JsonNodeJsonProvider a missing array element is no longer a null that exists."
  exit 1
fi
echo "As described: with Jackson3JsonNodeJsonProvider a missing array element is null, not an error."
