#!/usr/bin/env bash
# AWS SDK for Java 2.57.8 with url-connection-client, on OpenJDK 17.0.15.
#
# What one would guess: if the connection is lost in the middle of a response, the SDK notices that fewer bytes came than the
# Content-Length announced. It tries again, or it throws an exception. With the SDK's default client (Apache 5) it does.
#
# What happens instead: with url-connection-client, a response that ends early is a success. An object of which a third arrived is
# returned as if it were whole, and a listing of which nothing arrived is an empty listing. Nothing is retried.
# The reason is the JDK's HttpURLConnection, which takes the end of the connection for the end of the response (JDK-8335135). That is
# mended in newer JDKs: on Temurin 25 both calls throw.
#
# Why it matters: url-connection-client is small and starts fast, which makes it a choice for Lambda functions. A monitor that counts
# objects reports "nothing arrived", and one that reads metrics from an object processes a part of them, without a trace of an error.
#
# What to do: run on a JDK that has the correction, or use the Apache client. Where neither is possible, compare the bytes read with the
# response's contentLength(), or do so for every call in an ExecutionInterceptor (modifyHttpResponseContent).
#
# Output seen on 27 November 2026:
#   connection lost after 60 of 183 bytes, Apache5: getObject threw RetryableException after 4 requests
#   connection lost after 60 of 183 bytes, UrlConnection: getObject returned 60 bytes (contentLength() says 183) after 1 requests
#   connection lost after 0 of 183 bytes, Apache5: listObjectsV2 threw UncheckedIOException after 1 requests
#   connection lost after 0 of 183 bytes, UrlConnection: listObjectsV2 returned 0 objects after 1 requests
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"

cat > pom.xml <<'POM'
<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>findings</groupId>
  <artifactId>cut-responses</artifactId>
  <version>1</version>
  <dependencies>
    <dependency>
      <groupId>software.amazon.awssdk</groupId>
      <artifactId>s3</artifactId>
      <version>2.57.8</version>
    </dependency>
    <dependency>
      <groupId>software.amazon.awssdk</groupId>
      <artifactId>url-connection-client</artifactId>
      <version>2.57.8</version>
    </dependency>
  </dependencies>
</project>
POM

cat > CutResponses.java <<'JAVA'
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.concurrent.atomic.AtomicInteger;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.apache5.Apache5HttpClient;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;

/** Reads an object and a listing from a server that loses the connection. */
public class CutResponses {
  private static final byte[] BODY =
      ("<?xml version=\"1.0\" encoding=\"UTF-8\"?><ListBucketResult><Name>metrics</Name>"
              + "<IsTruncated>false</IsTruncated><Contents><Key>cpu.json</Key><Size>183</Size></Contents>"
              + "</ListBucketResult>")
          .getBytes(UTF_8);

  private interface Call {
    String on(S3Client s3);
  }

  public static void main(String[] args) throws IOException {
    Call get =
        s3 -> {
          var object = s3.getObjectAsBytes(b -> b.bucket("metrics").key("cpu.json"));
          return "getObject returned %d bytes (contentLength() says %d)"
              .formatted(object.asByteArray().length, object.response().contentLength());
        };
    Call list =
        s3 -> "listObjectsV2 returned %d objects".formatted(s3.listObjectsV2(b -> b.bucket("metrics")).contents().size());
    show(60, Apache5HttpClient.create(), "getObject", get);
    show(60, UrlConnectionHttpClient.create(), "getObject", get);
    show(0, Apache5HttpClient.create(), "listObjectsV2", list);
    show(0, UrlConnectionHttpClient.create(), "listObjectsV2", list);
  }

  private static void show(int sent, SdkHttpClient http, String name, Call call) throws IOException {
    AtomicInteger requests = new AtomicInteger();
    try (ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      Thread thread = new Thread(() -> serve(server, sent, requests));
      thread.setDaemon(true);
      thread.start();
      S3Client s3 =
          S3Client.builder()
              .httpClient(http)
              .region(Region.EU_WEST_1)
              .forcePathStyle(true)
              .endpointOverride(URI.create("http://127.0.0.1:" + server.getLocalPort()))
              .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create("key", "secret")))
              .build();
      String outcome;
      try {
        outcome = call.on(s3);
      } catch (RuntimeException e) {
        outcome = name + " threw " + e.getClass().getSimpleName();
      }
      System.out.printf(
          "connection lost after %d of %d bytes, %s: %s after %d requests%n",
          sent, BODY.length, http.clientName(), outcome, requests.get());
    }
  }

  /** Announces the whole body, sends a part of it and closes the connection. */
  private static void serve(ServerSocket server, int sent, AtomicInteger requests) {
    while (true) {
      try (Socket socket = server.accept()) {
        var request = new BufferedReader(new InputStreamReader(socket.getInputStream(), UTF_8));
        String line = request.readLine();
        while (line != null && !line.isEmpty()) {
          line = request.readLine();
        }
        requests.incrementAndGet();
        socket.getOutputStream().write(("HTTP/1.1 200 OK\r\nContent-Length: " + BODY.length + "\r\n\r\n").getBytes(UTF_8));
        socket.getOutputStream().write(BODY, 0, sent);
      } catch (IOException e) {
        if (server.isClosed()) {
          return;
        }
      }
    }
  }
}
JAVA

mvn -q -B -ntp -Dstyle.color=never -Dmaven.repo.local="$folder/repository" org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies -DoutputDirectory=lib
java=${JAVA_HOME:+$JAVA_HOME/bin/}java
"$java" -version 2>&1 | sed -n 2p
"$java" -cp 'lib/*' CutResponses.java 2>stderr >output || { cat output stderr; echo "CHANGED: the program does not run any more."; exit 1; }
cat output

if ! grep -q 'Apache5: getObject threw' output || ! grep -q 'Apache5: listObjectsV2 threw' output; then
  echo "CHANGED: the Apache client no longer reports a lost connection."
  exit 1
fi
if ! grep -q 'UrlConnection: getObject returned 60 bytes' output || ! grep -q 'UrlConnection: listObjectsV2 returned 0 objects' output; then
  echo "CHANGED: url-connection-client now notices a lost connection on this JDK."
  exit 1
fi
echo "As described: url-connection-client takes a lost connection for a complete response."
