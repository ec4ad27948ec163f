package dev.tally.calls;

import java.util.List;

import dev.tally.platform.table.Column;
import dev.tally.platform.table.TableSink;

/**
 * The figures of some calls of one subscriber.
 *
 * @param minDurationSeconds the shortest call; no meaning without calls
 * @param maxDurationSeconds the longest call; no meaning without calls
 */
record Measures(long voiceCalls, long videoCalls, long voiceDurationSeconds, long videoDurationSeconds,
        int minDurationSeconds, int maxDurationSeconds) {
    static final Measures NONE = new Measures(0, 0, 0, 0, 0, 0);

    /** In the order of {@link #writeTo}. */
    static final List<Column> COLUMNS = List.of(
            Column.integer("total_calls"), Column.integer("voice_calls"), Column.integer("video_calls"),
            Column.integer("total_duration_seconds"), Column.integer("voice_duration_seconds"),
            Column.integer("video_duration_seconds"), Column.decimal("avg_duration_seconds"),
            Column.integer("min_duration_seconds"), Column.integer("max_duration_seconds"));
    private static final int AVERAGE_SCALE = 2;

    long totalCalls() {
        return voiceCalls + videoCalls;
    }

    long totalDurationSeconds() {
        return voiceDurationSeconds + videoDurationSeconds;
    }

    /** The figures of these and other calls. */
    Measures plus(Measures other) {
        if (totalCalls() == 0) {
            return other;
        }
        if (other.totalCalls() == 0) {
            return this;
        }
        return new Measures(voiceCalls + other.voiceCalls, videoCalls + other.videoCalls,
                voiceDurationSeconds + other.voiceDurationSeconds, videoDurationSeconds + other.videoDurationSeconds,
                Math.min(minDurationSeconds, other.minDurationSeconds),
                Math.max(maxDurationSeconds, other.maxDurationSeconds));
    }

    void writeTo(TableSink sink) {
        sink.integer(totalCalls());
        sink.integer(voiceCalls);
        sink.integer(videoCalls);
        sink.integer(totalDurationSeconds());
        sink.integer(voiceDurationSeconds);
        sink.integer(videoDurationSeconds);
        if (totalCalls() == 0) {
            sink.absent();
            sink.absent();
            sink.absent();
            return;
        }
        sink.decimal(averageHundredths(), AVERAGE_SCALE);
        sink.integer(minDurationSeconds);
        sink.integer(maxDurationSeconds);
    }

    /** Seconds a call in hundredths, exact and rounded half up. A call has at most a week, so nothing overflows. */
    private long averageHundredths() {
        long calls = totalCalls();
        return (totalDurationSeconds() * 200 + calls) / (2 * calls);
    }
}
