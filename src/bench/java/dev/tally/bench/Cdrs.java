package dev.tally.bench;

import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.SplittableRandom;

/**
 * CDRs as CSV, the same each time, in the order of time. Some subscribers call much more than others (half of the calls
 * are those of a quarter of the subscribers), a quarter of the calls are video, and their length is exponential around
 * three minutes.
 *
 * @param count how many
 * @param subscribers how many call; their MSISDNs follow {@link #FIRST_MSISDN}
 * @param days over how many days, from {@link #FIRST_DAY}
 * @param everyDay whether each subscriber has one call a day, rather than any; the count is then given by the others
 */
record Cdrs(int count, int subscribers, int days, boolean everyDay) {
    static final LocalDate FIRST_DAY = LocalDate.of(2024, 1, 1);
    static final long FIRST_MSISDN = 7_643_000_000_000L;
    static final String COLUMNS = "event_id,msisdn,call_type,start_time,duration_seconds,source";
    private static final long SECONDS_A_DAY = 86_400;
    private static final long SEED = 20_240_101;
    private static final double MEAN_SECONDS = 180;
    private static final double VIDEO_SHARE = 0.25;

    /** Calls of a quarter of a year. */
    static Cdrs ofNinetyDays(int count, int callsEach) {
        return new Cdrs(count, count / callsEach, 90, false);
    }

    /** One call of each subscriber on each day. */
    static Cdrs onEachDay(int subscribers, int days) {
        return new Cdrs(subscribers * days, subscribers, days, true);
    }

    LocalDate lastDay() {
        return FIRST_DAY.plusDays(days - 1L);
    }

    /** With the header row. */
    void writeTo(Path file) {
        try (OutputStream out = Files.newOutputStream(file)) {
            out.write((COLUMNS + "\n").getBytes(StandardCharsets.UTF_8));
            for (int day = 0; day < days; day++) {
                writeDay(day, out);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The calls of one day, counted from 0. */
    void writeDay(int day, OutputStream out) throws IOException {
        SplittableRandom random = new SplittableRandom(SEED + day);
        long from = (long) count * day / days;
        long until = (long) count * (day + 1) / days;
        long midnight = FIRST_DAY.plusDays(day).atStartOfDay(ZoneOffset.UTC).toEpochSecond();
        Writer writer = new OutputStreamWriter(out, StandardCharsets.UTF_8);
        for (long i = from; i < until; i++) {
            long subscriber = everyDay
                    ? i - from
                    : (long) (subscribers * Math.pow(random.nextDouble(), 2));
            long second = midnight + (i - from) * SECONDS_A_DAY / (until - from);
            writer.append("evt-").append(String.valueOf(1_000_000_000L + i)).append(',')
                    .append(String.valueOf(FIRST_MSISDN + subscriber)).append(',')
                    .append(random.nextDouble() < VIDEO_SHARE ? "video" : "voice").append(',')
                    .append(Instant.ofEpochSecond(second).toString()).append(',')
                    .append(String.valueOf((int) (-MEAN_SECONDS * Math.log(1 - random.nextDouble()))))
                    .append(",default\n");
        }
        writer.flush();
    }
}
