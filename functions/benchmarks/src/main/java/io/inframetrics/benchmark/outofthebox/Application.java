package io.inframetrics.benchmark.outofthebox;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;

/** The application. */
@SpringBootApplication
public class Application {

  /** Called by Spring. */
  public Application() {}

  /** Runs it. */
  public static void main(String[] arguments) {
    SpringApplication.run(Application.class, arguments);
  }
}
