package dev.tally.calls;

import java.io.IOException;
import java.io.OutputStream;

import dev.tally.platform.postgres.CopyWriter;

/** Writes CDRs for a COPY into the columns {@link #COLUMNS}. */
final class CopyEncoder {
    static final String COLUMNS = "line, source, event_id, msisdn, call_type, start_time, duration_seconds";

    private static final int COLUMN_COUNT = 7;

    private final CopyWriter copy;

    CopyEncoder(OutputStream out) {
        copy = new CopyWriter(out);
    }

    void add(Cdr cdr) throws IOException {
        copy.row(COLUMN_COUNT);
        copy.bigint(cdr.line());
        copy.text(cdr.source());
        copy.text(cdr.eventId());
        copy.text(cdr.msisdn().digits());
        copy.text(cdr.callType().code());
        copy.timestamp(cdr.startMicros());
        copy.integer(cdr.durationSeconds());
    }

    /** Writes what is left and the end; the stream stays open. */
    void finish() throws IOException {
        copy.finish();
    }
}
