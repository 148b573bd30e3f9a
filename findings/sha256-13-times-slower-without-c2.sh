#!/usr/bin/env bash
# The JVM with -XX:TieredStopAtLevel=1, on OpenJDK 17.0.15 and Temurin 25.
#
# What one would guess: without its second compiler (C2), the JVM computes a little slower, perhaps by half. SHA-256 uses the processor's own
# instructions for it (SHA-NI) in any case.
#
# What happens instead: only C2 knows those instructions. With C1 alone, SHA-256 is plain Java bytecode: 31 to 62 MB a second instead of
# 340 to 760, 11 to 13 times slower. SHA-1 is 6 to 17 times slower. MD5 loses least.
#
# Why it matters: this flag is the usual advice for fast starts, and AWS Lambda's Java 17 runtime has it by default (Lambda's guide, "Customize Java
# runtime startup behavior"). Programs that hash what they store, or that sign the body of each request (the AWS SDK does, over plain HTTP), spend
# most of their time on it: it was 70 % of the CPU time of a test suite that uploads to a local S3 server. The hash of 100 MB takes two to three seconds.
#
# What to do: hash large data once, not once for each layer. Where throughput matters more than the start, leave the flag out, or let C2
# compile the digests only: a file for -XX:CompilerDirectivesFile (with -XX:+UnlockDiagnosticVMOptions, without TieredStopAtLevel) whose first
# block matches "sun/security/provider/SHA2.*" and whose second excludes "*.*" from c2. On that test suite it gained a third of the CPU time. The first block
# needs some setting, such as inline: ["-*.none"]: a block that only names methods had no effect.
#
# Output seen on 28 November 2026, in MB a second (OpenJDK 17.0.15, AMD EPYC):
#   SHA-256: C1 alone 46, with C2 620
#   SHA-1: C1 alone 63, with C2 747
#   MD5: C1 alone 166, with C2 279
# Needs a JDK and a processor with SHA instructions (sha_ni in /proc/cpuinfo, or ARMv8).
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"

cat > Hash.java <<'JAVA'
import java.security.MessageDigest;

class Hash {
  public static void main(String[] arguments) throws Exception {
    byte[] data = new byte[1 << 20];
    MessageDigest digest = MessageDigest.getInstance(arguments[0]);
    for (int i = 0; i < 32; i++) {
      digest.update(data);
    }
    long start = System.nanoTime();
    for (int i = 0; i < 64; i++) {
      digest.update(data);
    }
    System.out.println(Math.round(64e9 / (System.nanoTime() - start)));
  }
}
JAVA

javac Hash.java
java -version 2>&1 | head -1
for algorithm in SHA-256 SHA-1 MD5; do
  c1=$(java -XX:TieredStopAtLevel=1 -cp . Hash "$algorithm")
  c2=$(java -cp . Hash "$algorithm")
  echo "$algorithm: C1 alone $c1, with C2 $c2"
  if [ "$algorithm" = SHA-256 ] && [ $((c1 * 4)) -gt "$c2" ]; then
    echo "changed: SHA-256 is no longer at least four times slower without C2"
    exit 1
  fi
done
