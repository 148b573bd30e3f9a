package io.inframetrics.architecture;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaCall.Predicates.target;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.type;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.AccessTarget;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaPackage;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import io.inframetrics.functions.FunctionSettings;
import io.inframetrics.sink.cloudwatch.CloudWatchSettings;
import io.inframetrics.sink.cloudwatch.DimensionPolicy;
import java.io.PrintStream;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Which classes each part may use, those of other projects included. What stands where in the tree,
 * and which package is above which, is {@link SourceTreeTest}'s.
 */
class ArchitectureTest {

  private static final String[] CORE = {
    "io.inframetrics.metric..",
    "io.inframetrics.collect..",
    "io.inframetrics.naming..",
    "io.inframetrics.encode..",
    "io.inframetrics.sink",
    "io.inframetrics.pipeline..",
    "io.inframetrics.detect..",
    "io.inframetrics.text..",
    "io.inframetrics.time..",
  };

  private static final String SINKS = "io.inframetrics.sink.*..";
  private static final String LOCAL_SINK = "io.inframetrics.sink.local..";
  private static final String[] AWS_SINKS = {
    "io.inframetrics.sink.s3..",
    "io.inframetrics.sink.dynamodb..",
    "io.inframetrics.sink.cloudwatch..",
    "io.inframetrics.sink.otlp..",
    "io.inframetrics.sink.sns..",
  };
  private static final String PAGE = "io.inframetrics.page..";
  private static final String SOURCES = "io.inframetrics.source..";
  private static final String AWS = "io.inframetrics.aws..";
  private static final String FUNCTIONS = "io.inframetrics.functions..";
  private static final String[] PUT_TOGETHER = {
    "io.inframetrics.functions.aws..", "io.inframetrics.functions.lambda.."
  };
  private static final String WORKFLOW = "io.inframetrics.workflow..";
  private static final String WORKFLOW_JUNIT = "io.inframetrics.workflow.junit..";
  private static final String TEMPLATE = "io.inframetrics.template..";
  private static final String COST = "io.inframetrics.cost..";
  private static final String TEST_KIT = "io.inframetrics.testkit..";

  /** Classes that the template compiler writes. */
  private static final String GENERATED = "io.inframetrics.page.template";

  private static final String[] LIGHT = {
    "java..", "org.jspecify.annotations..", "org.slf4j..", "tools.jackson.core.."
  };

  private static JavaClasses product;

  @BeforeAll
  static void readTheClasses() {
    ImportOption notTests = location -> !location.contains("/test-classes/");
    product =
        new ClassFileImporter()
            .withImportOption(notTests)
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("io.inframetrics")
            .that(not(resideInAnyPackage(TEST_KIT)));
  }

  private static DescribedPredicate<JavaClass> in(String[]... packages) {
    return resideInAnyPackage(Stream.of(packages).flatMap(Arrays::stream).toArray(String[]::new));
  }

  private static String[] of(String... packages) {
    return packages;
  }

  @Test
  void everyClassHasItsPlaceInTheHouse() {
    classes()
        .should()
        .resideInAnyPackage(
            Stream.of(
                    CORE,
                    AWS_SINKS,
                    of(LOCAL_SINK, PAGE, SOURCES, AWS, FUNCTIONS, WORKFLOW, TEMPLATE, COST))
                .flatMap(Arrays::stream)
                .toArray(String[]::new))
        .check(product);
    assertThat(product.stream().filter(in(CORE))).hasSizeGreaterThan(100);
    assertThat(product.stream().filter(in(of(SINKS)))).hasSizeGreaterThan(50);
    for (String sink : AWS_SINKS) {
      assertThat(product.stream().filter(in(of(sink)))).as(sink).isNotEmpty();
    }
    assertThat(product.stream().filter(in(of(AWS)))).hasSizeGreaterThan(5);
    assertThat(product.stream().filter(in(of(WORKFLOW)))).hasSizeGreaterThan(50);
    assertThat(product.stream().filter(in(of(FUNCTIONS)))).hasSizeGreaterThan(10);
  }

  @Test
  void coreIsLight() {
    classes()
        .that(in(CORE))
        .and(not(resideInAnyPackage("io.inframetrics.collect.host..")))
        .should()
        .onlyDependOnClassesThat(in(CORE, LIGHT))
        .check(product);
  }

  @Test
  void onlyTheHostCollectorsReadTheMachine() {
    classes()
        .that(resideInAnyPackage("io.inframetrics.collect.host.."))
        .should()
        .onlyDependOnClassesThat(in(CORE, LIGHT, of("oshi..", "javax.crypto..")))
        .check(product);
  }

  @Test
  void thePageKnowsCoreAndItsTemplates() {
    classes()
        .that(resideInAnyPackage(PAGE))
        .should()
        .onlyDependOnClassesThat(in(CORE, LIGHT, of(PAGE, "gg.jte..")))
        .check(product);
  }

  @Test
  void theLocalSinkKnowsCoreAndItsDatabase() {
    classes()
        .that(resideInAnyPackage(LOCAL_SINK))
        .should()
        .onlyDependOnClassesThat(in(CORE, LIGHT, of(LOCAL_SINK, "org.sqlite..")))
        .check(product);
  }

  @Test
  void noSinkSeesAnother() {
    slices().matching("io.inframetrics.sink.(*)..").should().notDependOnEachOther().check(product);
  }

  @Test
  void theAwsSinksKnowCoreAndTheSdk() {
    classes()
        .that(in(AWS_SINKS))
        .should()
        .onlyDependOnClassesThat(in(CORE, LIGHT, AWS_SINKS, of(AWS, "software.amazon.awssdk..")))
        .check(product);
    classes()
        .that(resideInAnyPackage(AWS))
        .should()
        .onlyDependOnClassesThat(
            in(
                CORE,
                LIGHT,
                of(
                    AWS,
                    "software.amazon.awssdk..",
                    "io.github.resilience4j..",
                    "javax.net.ssl..",
                    "javax.xml.stream..")))
        .check(product);
  }

  @Test
  void sourcesKnowCoreAndTheSdkAndNoSink() {
    classes()
        .that(resideInAnyPackage(SOURCES))
        .should()
        .onlyDependOnClassesThat(in(CORE, LIGHT, of(SOURCES, AWS, "software.amazon.awssdk..")))
        .check(product);
    noClasses()
        .that(not(resideInAnyPackage(SOURCES)))
        .should()
        .dependOnClassesThat(resideInAnyPackage(SOURCES))
        .check(product);
  }

  @Test
  void onlyTheAwsSinksAndWhoPutsThemTogetherKnowTheSdk() {
    noClasses()
        .that(not(in(AWS_SINKS, PUT_TOGETHER, of(AWS, SOURCES))))
        .should()
        .dependOnClassesThat(resideInAnyPackage("software.amazon.."))
        .check(product);
  }

  @Test
  void onlyFunctionsKnowSpringAndLambda() {
    noClasses()
        .that(not(resideInAnyPackage(FUNCTIONS)))
        .should()
        .dependOnClassesThat(resideInAnyPackage("org.springframework..", "com.amazonaws.."))
        .check(product);
  }

  @Test
  void onlyTheSinksOnAwsAndTheLambdaHandlerKnowItsClients() {
    noClasses()
        .that(not(in(AWS_SINKS, PUT_TOGETHER, of(AWS, SOURCES))))
        .should()
        .dependOnClassesThat(resideInAnyPackage("software.amazon.."))
        .check(product);
  }

  @Test
  void functionsTranslateForCoreAndOnlyTheLambdaHandlerAndTheSettingsSeeSinks() {
    noClasses()
        .that(resideInAnyPackage(FUNCTIONS))
        .and(not(in(PUT_TOGETHER)))
        .and()
        .doNotHaveSimpleName("FunctionSettings")
        .should()
        .dependOnClassesThat(resideInAnyPackage(SINKS))
        .check(product);
    noClasses()
        .that(resideInAnyPackage(FUNCTIONS))
        .should()
        .dependOnClassesThat(resideInAnyPackage(LOCAL_SINK, WORKFLOW, TEMPLATE, COST))
        .check(product);
    // What is put together is named where it is put together, and in values of the settings.
    noClasses()
        .that(resideInAnyPackage(FUNCTIONS))
        .and(not(in(PUT_TOGETHER)))
        .and(not(type(FunctionSettings.class)))
        .should()
        .dependOnClassesThat(in(AWS_SINKS, PUT_TOGETHER, of(AWS)))
        .check(product);
    noClasses()
        .that(type(FunctionSettings.class))
        .should()
        .dependOnClassesThat(
            in(AWS_SINKS, PUT_TOGETHER, of(AWS))
                .and(not(type(DimensionPolicy.class)))
                .and(not(type(CloudWatchSettings.class))))
        .check(product);
    noClasses()
        .that(not(resideInAnyPackage(FUNCTIONS)))
        .should()
        .dependOnClassesThat(resideInAnyPackage(FUNCTIONS))
        .check(product);
  }

  @Test
  void theWorkflowEngineStandsAlone() {
    classes()
        .that(resideInAnyPackage(WORKFLOW))
        .and(not(resideInAnyPackage(WORKFLOW_JUNIT)))
        .should()
        .onlyDependOnClassesThat(
            in(
                LIGHT,
                of(
                    WORKFLOW,
                    "tools.jackson.databind..",
                    "com.jayway.jsonpath..",
                    "com.dashjoin.jsonata..")))
        .check(product);
  }

  @Test
  void theTemplateIsReadAloneAndTheBillKnowsTemplateAndWorkflow() {
    classes()
        .that(resideInAnyPackage(TEMPLATE))
        .should()
        .onlyDependOnClassesThat(
            in(LIGHT, of(TEMPLATE, "tools.jackson.databind..", "org.snakeyaml.engine..")))
        .check(product);
    classes()
        .that(resideInAnyPackage(COST))
        .should()
        .onlyDependOnClassesThat(
            in(LIGHT, of(COST, TEMPLATE, WORKFLOW, "tools.jackson.databind..")))
        .check(product);
  }

  @Test
  void nobodyKnowsTheTestKit() {
    noClasses()
        .that(not(resideInAnyPackage(WORKFLOW_JUNIT)))
        .should()
        .dependOnClassesThat(resideInAnyPackage(TEST_KIT, "org.junit..", "org.assertj.."))
        .check(product);
  }

  @Test
  void clocksAndRandomnessAndSettingsArePassedIn() {
    noClasses()
        .that(in(CORE, of(SINKS)))
        .should()
        .callCodeUnitWhere(target(readsTheSurroundings()))
        .orShould()
        .accessField(System.class, "out")
        .orShould()
        .accessField(System.class, "err")
        .orShould()
        .callMethod(Throwable.class, "printStackTrace")
        .orShould()
        .callMethod(Throwable.class, "printStackTrace", PrintStream.class)
        .check(product);
  }

  private static DescribedPredicate<AccessTarget> readsTheSurroundings() {
    Set<String> forbidden =
        Set.of(
            "java.lang.System.getenv",
            "java.lang.System.currentTimeMillis",
            "java.lang.Math.random",
            "java.util.UUID.randomUUID",
            "java.util.concurrent.ThreadLocalRandom.current",
            "java.time.Clock.systemUTC",
            "java.time.Clock.systemDefaultZone",
            "java.time.ZoneId.systemDefault");
    return describe(
        "reads the clock, the environment or chance",
        target -> {
          String owner = target.getOwner().getName();
          List<String> parameters =
              target instanceof AccessTarget.CodeUnitCallTarget call
                  ? call.getRawParameterTypes().stream().map(JavaClass::getName).toList()
                  : List.of();
          boolean now =
              owner.startsWith("java.time.")
                  && target.getName().equals("now")
                  && !parameters.contains("java.time.Clock");
          boolean unseeded =
              owner.equals(Random.class.getName())
                  && target.getName().equals("<init>")
                  && parameters.isEmpty();
          return now || unseeded || forbidden.contains(owner + "." + target.getName());
        });
  }

  @Test
  void everyPackageIsNullMarked() {
    Map<String, Boolean> marked = new TreeMap<>();
    product
        .getPackage("io.inframetrics")
        .traversePackageTree(
            javaPackage ->
                !javaPackage.getClasses().isEmpty() && !javaPackage.getName().equals(GENERATED),
            (JavaPackage javaPackage) ->
                marked.put(
                    javaPackage.getName(),
                    javaPackage.isAnnotatedWith("org.jspecify.annotations.NullMarked")));

    assertThat(marked).hasSizeGreaterThan(10).doesNotContainValue(false);
  }
}
