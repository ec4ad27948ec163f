package dev.tally.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** How much heap a JVM used, out of the log that {@link #option} makes it write. */
final class GcLog {
    private static final Pattern PAUSE = Pattern.compile("Pause .* (\\d+)M->(\\d+)M\\(\\d+M\\)");

    private GcLog() {}

    static String option(Path log) {
        return "-Xlog:gc:file=" + log;
    }

    /** The most that was left after a collection, in MiB: about what was really in use. */
    static long peakAfterCollectionMebibytes(Path log) throws IOException {
        return peak(log, 2);
    }

    /** The most that was there before a collection, in MiB: garbage included. */
    static long peakMebibytes(Path log) throws IOException {
        return peak(log, 1);
    }

    private static long peak(Path log, int group) throws IOException {
        try (Stream<String> lines = Files.lines(log)) {
            return lines.map(PAUSE::matcher)
                    .filter(Matcher::find)
                    .mapToLong(pause -> Long.parseLong(pause.group(group)))
                    .max()
                    .orElse(0);
        }
    }
}
