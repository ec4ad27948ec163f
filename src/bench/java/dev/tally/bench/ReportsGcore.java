package dev.tally.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;

import dev.tally.local.GcoreStandIn;

/** How the application is brought to the stand-in for Gcore. */
final class ReportsGcore {
    private ReportsGcore() {}

    static Map<String, String> environment(GcoreStandIn gcore) {
        return Map.of("GCORE_API_BASE", gcore.url(), "GCORE_USERNAME", GcoreStandIn.USERNAME, "GCORE_PASSWORD",
                GcoreStandIn.PASSWORD);
    }

    /** The binary when there is one, because it starts so fast; else the jar. */
    static Packaging packaging(Path buildDirectory) {
        try {
            Path unused = Packaging.NATIVE.find(buildDirectory);
            return Packaging.NATIVE;
        } catch (IOException _) {
            return Packaging.FAST_JAR;
        }
    }
}
