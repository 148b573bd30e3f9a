package io.inframetrics.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** What the command line's class path has, and what it must not have. */
class ClassPathTest {

  @Test
  void thereIsOneJackson() {
    ClassLoader loader = ClassPathTest.class.getClassLoader();
    assertThat(loader.getResource("com/fasterxml/jackson/databind/ObjectMapper.class")).isNull();
    assertThat(loader.getResource("com/fasterxml/jackson/core/JsonFactory.class")).isNull();
    assertThat(loader.getResource("tools/jackson/databind/ObjectMapper.class")).isNotNull();
  }
}
