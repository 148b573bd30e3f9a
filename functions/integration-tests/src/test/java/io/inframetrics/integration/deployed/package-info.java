/** The Lambda zip, unpacked and run under the real runtime client, against servers in this JVM. */
package io.inframetrics.integration.deployed;
