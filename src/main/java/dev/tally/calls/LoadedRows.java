package dev.tally.calls;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import org.jspecify.annotations.Nullable;

/** Takes the rows of an upload one by one: counts them, keeps the first rejects, passes the good ones on. */
final class LoadedRows {
    /** Where the good rows go. */
    @FunctionalInterface
    interface Target {
        void add(Cdr cdr) throws IOException;
    }

    private final CdrParser parser;
    private final int maxRejects;
    private final Target target;
    private final List<Reject> rejects = new ArrayList<>();
    private long received;
    private long rejected;

    /** @param maxRejects how many rejects are kept with their reason */
    LoadedRows(CdrParser parser, int maxRejects, Target target) {
        this.parser = parser;
        this.maxRejects = maxRejects;
        this.target = target;
    }

    /** A row of these texts; null for what it lacks. */
    void add(long line, @Nullable String source, @Nullable String eventId, @Nullable String msisdn,
            @Nullable String callType, @Nullable String startTime, @Nullable String durationSeconds)
            throws IOException {
        Optional<Cdr> cdr = parser.parse(line, source, eventId, msisdn, callType, startTime, durationSeconds);
        if (cdr.isEmpty()) {
            reject(line, parser.reason());
            return;
        }
        received++;
        target.add(cdr.get());
    }

    /** A row that cannot be read. */
    void reject(long line, String reason) {
        received++;
        rejected++;
        if (rejects.size() < maxRejects) {
            rejects.add(new Reject(line, reason));
        }
    }

    long received() {
        return received;
    }

    long rejected() {
        return rejected;
    }

    /** The first rejects, by line. */
    List<Reject> rejects() {
        return List.copyOf(rejects);
    }
}
