package dev.tally.calls;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import org.jspecify.annotations.Nullable;

import dev.tally.platform.upload.Reject;
import dev.tally.platform.upload.UploadedRows;

/** Takes the rows of an upload one by one: counts them, keeps the first rejects, passes the good ones on. */
final class LoadedRows implements UploadedRows {
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

    @Override
    public void add(long line, @Nullable String[] values) throws IOException {
        // In the order of CdrField.
        Optional<Cdr> cdr = parser.parse(line, values[1], values[0], values[2], values[3], values[4], values[5]);
        if (cdr.isEmpty()) {
            reject(line, parser.reason());
            return;
        }
        received++;
        target.add(cdr.get());
    }

    @Override
    public void reject(long line, String reason) {
        received++;
        rejected++;
        if (rejects.size() < maxRejects) {
            rejects.add(new Reject(line, reason));
        }
    }

    @Override
    public long received() {
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
