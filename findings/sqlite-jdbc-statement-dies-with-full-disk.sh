#!/usr/bin/env bash
# SQLite JDBC driver (org.xerial:sqlite-jdbc) 3.54.1.0.
#
# What one would guess: a prepared statement outlives an error. After a duplicate key or a locked database the same statement works
# again, so it should after "disk is full", once there is space.
#
# What happens instead: after a full disk the statement is dead. Each later use of that object fails with "statement is not
# executing", although there is space again and a new statement on the same connection works. isClosed() answers false, and the message
# does not mention the disk. SQLITE_READONLY and SQLITE_MISMATCH have the same effect.
#
# Why it matters: a monitor that keeps its INSERT in a field, as one does to be fast, records nothing after the first full disk until
# somebody restarts it. The operator who has made room sees an error that says nothing about the cause.
#
# What to do: after any SQLException close the statement and prepare it again. Do not ask isClosed().
#
# The script does not fill a disk. SQLite's max_page_count limits the size of the database, which gives the same error (SQLITE_FULL).
#
# Output seen on 27 November 2026:
#   insert after a duplicate key: 1 row
#   insert into the full database: [SQLITE_FULL] Insertion failed because database is full
#   there is space again: a new statement inserted 1 row
#   there is space again: the old statement fails with "statement is not executing", isClosed() = false
#   once more: the old statement fails with "statement is not executing", isClosed() = false
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"

cat > pom.xml <<'POM'
<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>findings</groupId>
  <artifactId>full-disk</artifactId>
  <version>1</version>
  <dependencies>
    <dependency>
      <groupId>org.xerial</groupId>
      <artifactId>sqlite-jdbc</artifactId>
      <version>3.54.1.0</version>
    </dependency>
  </dependencies>
</project>
POM

cat > FullDisk.java <<'JAVA'
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import org.sqlite.SQLiteException;

/** Inserts with one prepared statement until the database is full, and again when there is space. */
public class FullDisk {
  private static final String INSERT = "INSERT INTO metric (time, value) VALUES (?, ?)";
  private static final String LARGE = "x".repeat(1000);

  public static void main(String[] args) throws SQLException {
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:metrics.db");
        Statement sql = connection.createStatement()) {
      sql.execute("CREATE TABLE metric (time INTEGER PRIMARY KEY, value TEXT)");
      PreparedStatement kept = connection.prepareStatement(INSERT);

      insert(kept, 1);
      try {
        insert(kept, 1);
      } catch (SQLException duplicate) {
        System.out.printf("insert after a duplicate key: %d row%n", insert(kept, 2));
      }

      sql.execute("PRAGMA max_page_count = 10");
      try {
        for (int time = 3; ; time++) {
          insert(kept, time);
        }
      } catch (SQLiteException full) {
        System.out.println("insert into the full database: " + full.getResultCode());
      }

      sql.execute("PRAGMA max_page_count = 1000000");
      try (PreparedStatement fresh = connection.prepareStatement(INSERT)) {
        System.out.printf("there is space again: a new statement inserted %d row%n", insert(fresh, 1_000));
      }
      tryAgain("there is space again", kept, 1_001);
      tryAgain("once more", kept, 1_002);
    }
  }

  private static void tryAgain(String when, PreparedStatement kept, int time) throws SQLException {
    try {
      System.out.printf("%s: the old statement inserted %d row%n", when, insert(kept, time));
    } catch (SQLException e) {
      System.out.printf("%s: the old statement fails with \"%s\", isClosed() = %b%n", when, e.getMessage(), kept.isClosed());
    }
  }

  private static int insert(PreparedStatement statement, int time) throws SQLException {
    statement.setInt(1, time);
    statement.setString(2, LARGE);
    return statement.executeUpdate();
  }
}
JAVA

mvn -q -B -ntp -Dstyle.color=never -Dmaven.repo.local="$folder/repository" org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies -DoutputDirectory=lib
"${JAVA_HOME:+$JAVA_HOME/bin/}java" -Djava.io.tmpdir="$folder" -cp 'lib/*' FullDisk.java 2>stderr >output \
  || { cat output stderr; echo "CHANGED: the program does not run any more."; exit 1; }
cat output

if ! grep -q 'after a duplicate key: 1 row' output || ! grep -qF 'full database: [SQLITE_FULL]' output || ! grep -q 'a new statement inserted 1 row' output; then
  echo "CHANGED: the database itself behaves differently from what the header says."
  exit 1
fi
if [ "$(grep -c 'the old statement fails with "statement is not executing", isClosed() = false' output)" != 2 ]; then
  echo "CHANGED: the statement works again after a full disk, or says that it is closed."
  exit 1
fi
echo "As described: a prepared statement does not survive a full disk, and does not say so."
