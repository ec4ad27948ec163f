package dev.tally.testsupport;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.management.HotSpotDiagnosticMXBean;
import com.sun.management.HotSpotDiagnosticMXBean.ThreadDumpFormat;

/** The virtual threads of this JVM, which only a dump knows. */
public final class VirtualThreads {
    private VirtualThreads() {}

    /** How many threads there are of this name. */
    public static long named(String name) {
        try {
            Path directory = Files.createTempDirectory(Path.of("target").toAbsolutePath(), "threads-");
            Path dump = directory.resolve("dump.json");
            try {
                ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class).dumpThreads(dump.toString(),
                        ThreadDumpFormat.JSON);
                return new ObjectMapper().readTree(dump.toFile()).findValuesAsText("name").stream().filter(name::equals)
                        .count();
            } finally {
                Files.deleteIfExists(dump);
                Files.delete(directory);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
