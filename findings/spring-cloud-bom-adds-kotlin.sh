#!/usr/bin/env bash
# Spring Cloud's BOM (org.springframework.cloud:spring-cloud-dependencies) 2025.1.4, with resilience4j-retry 2.4.0.
#
# What one would guess: a project imports the BOM for Spring Cloud Function and names resilience4j-retry, which it uses by itself, with
# its own version 2.4.0. It then has resilience4j 2.4.0.
#
# What happens instead: it has resilience4j-retry 2.4.0 beside resilience4j-core 2.3.0. The BOM also manages resilience4j, for Spring Cloud
# Circuit Breaker, and a managed version beats the one that resilience4j-retry asks for. Core 2.3.0 needs Kotlin's standard library, which
# core 2.4.0 does not, so five more jars with 1.95 MB come along. Maven says nothing. The BOM of Spring Cloud Function alone, from the
# same release, does not do this.
#
# Why it matters: on AWS Lambda every megabyte of the zip counts, and here 0.19 MB become 2.14 MB. The two halves of the library come
# from different releases.
#
# What to do: import spring-cloud-function-dependencies 5.0.5 instead of the whole release's BOM. If you need the whole, import
# io.github.resilience4j:resilience4j-bom 2.4.0 before it. Look at "mvn dependency:tree" after each new BOM.
#
# Output seen on 27 November 2026:
#   resilience4j-retry 2.4.0 with spring-cloud-dependencies 2025.1.4:
#     17536 annotations-13.0.jar
#   1708006 kotlin-stdlib-1.9.0.jar
#    225141 kotlin-stdlib-common-1.9.0.jar
#       958 kotlin-stdlib-jdk7-1.9.0.jar
#       963 kotlin-stdlib-jdk8-1.9.0.jar
#     91257 resilience4j-core-2.3.0.jar
#     51145 resilience4j-retry-2.4.0.jar
#     41472 slf4j-api-1.7.30.jar
#   2136478 total
#   resilience4j-retry 2.4.0 with spring-cloud-function-dependencies 5.0.5:
#    98603 resilience4j-core-2.4.0.jar
#    51145 resilience4j-retry-2.4.0.jar
#    41472 slf4j-api-1.7.30.jar
#   191220 total
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

jars_with_bom() { # the jars of resilience4j-retry 2.4.0 in a project that imports this artifact of Spring Cloud, with their sizes
  mkdir "$folder/$1"
  cat > "$folder/$1/pom.xml" <<POM
<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>findings</groupId>
  <artifactId>$1</artifactId>
  <version>1</version>
  <dependencyManagement>
    <dependencies>
      <dependency>
        <groupId>org.springframework.cloud</groupId>
        <artifactId>$1</artifactId>
        <version>$2</version>
        <type>pom</type>
        <scope>import</scope>
      </dependency>
    </dependencies>
  </dependencyManagement>
  <dependencies>
    <dependency>
      <groupId>io.github.resilience4j</groupId>
      <artifactId>resilience4j-retry</artifactId>
      <version>2.4.0</version>
    </dependency>
  </dependencies>
</project>
POM
  (cd "$folder/$1" && mvn -q -B -ntp -Dstyle.color=never -Dmaven.repo.local="$folder/repository" org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies -DoutputDirectory=lib -DincludeScope=runtime >&2)
  echo "resilience4j-retry 2.4.0 with $1 $2:"
  (cd "$folder/$1/lib" && wc -c *.jar)
}

release=$(jars_with_bom spring-cloud-dependencies 2025.1.4)
echo "$release"
function=$(jars_with_bom spring-cloud-function-dependencies 5.0.5)
echo "$function"

if ! grep -q 'resilience4j-core-2.4.0.jar' <<< "$function" || grep -q kotlin <<< "$function"; then
  echo "CHANGED: with the BOM of Spring Cloud Function alone, resilience4j is no longer 2.4.0 without Kotlin."
  exit 1
fi
if ! grep -q 'resilience4j-retry-2.4.0.jar' <<< "$release" || ! grep -q 'resilience4j-core-2.3.0.jar' <<< "$release" || ! grep -q 'kotlin-stdlib-1.9.0.jar' <<< "$release"; then
  echo "CHANGED: the whole release's BOM no longer sets resilience4j-core back to 2.3.0 with Kotlin."
  exit 1
fi
echo "As described: the whole release's BOM sets resilience4j-core back to 2.3.0, which brings Kotlin."
