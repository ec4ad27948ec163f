package dev.tally.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What the figures were measured on. */
final class Machine {
    private static final Pattern MODEL = Pattern.compile("model name\\s*: (.*)");
    private static final Pattern MEMORY = Pattern.compile("MemTotal:\\s+(\\d+) kB");

    private Machine() {}

    static String describe(String postgresVersion) throws IOException {
        return "Machine: " + Runtime.getRuntime().availableProcessors() + " × " + find(MODEL, "/proc/cpuinfo") + ", "
                + (Long.parseLong(find(MEMORY, "/proc/meminfo")) >> 20) + " GiB, " + System.getProperty("os.name") + " "
                + System.getProperty("os.version") + ", Java " + Runtime.version() + ", PostgreSQL " + postgresVersion
                + " with " + String.join(", ", Postgres.SETTINGS);
    }

    private static String find(Pattern pattern, String file) throws IOException {
        Matcher matcher = pattern.matcher(Files.readString(Path.of(file)));
        return matcher.find() ? matcher.group(1).strip() : "0";
    }
}
