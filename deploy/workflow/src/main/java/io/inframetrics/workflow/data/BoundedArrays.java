package io.inframetrics.workflow.data;

import com.jayway.jsonpath.spi.json.Jackson3JsonNodeJsonProvider;
import tools.jackson.databind.JsonNode;

/**
 * JsonPath's view of Jackson trees. Its own provider answers an index past the end of an array with
 * null, as if a null stood there; JsonPath expects an exception and then finds nothing.
 */
final class BoundedArrays extends Jackson3JsonNodeJsonProvider {

  @Override
  public Object getArrayIndex(Object array, int index) {
    JsonNode element = ((JsonNode) array).get(index);
    if (element == null) {
      throw new IndexOutOfBoundsException("there is no element " + index);
    }
    return element;
  }
}
