package dev.tally.calls;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.zip.GZIPOutputStream;

import org.jspecify.annotations.Nullable;

import dev.tally.platform.postgres.EventLoopPool;
import dev.tally.platform.postgres.PoolsForTests;
import dev.tally.platform.postgres.SnapshotQueries;
import dev.tally.platform.table.AwaitedTable;
import dev.tally.platform.table.Table;
import dev.tally.platform.time.DateRange;
import dev.tally.platform.upload.Reject;
import dev.tally.platform.upload.UploadFormat;
import dev.tally.testsupport.RecordedTable;
import dev.tally.testsupport.ScratchDatabase;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.Tuple;

/**
 * Whatever is loaded, corrected and dropped, in whatever order: every answer equals a plain reckoning over the calls,
 * and the roll-up equals the raw rows.
 */
class UsagePropertiesTest {
    private static final List<String> MSISDNS = List.of("76430", "7643008066273", "999999999999999");
    /** Days on which the clocks of some zone do what is easily got wrong. */
    private static final List<LocalDate> ODD_DAYS = List.of(
            LocalDate.of(2007, 11, 4), // St John's: back at 00:01, a date comes twice
            LocalDate.of(2011, 12, 30), // Apia: this date does not exist
            LocalDate.of(2018, 11, 4), // São Paulo: no midnight
            LocalDate.of(2024, 2, 29),
            LocalDate.of(2024, 3, 31), // Europe: forward
            LocalDate.of(2024, 4, 7)); // Lord Howe: back by half an hour
    private static final List<String> ODD_ZONES = List.of("UTC", "Europe/Luxembourg", "America/St_Johns",
            "Pacific/Apia", "America/Sao_Paulo", "Australia/Lord_Howe", "Asia/Kolkata", "Asia/Kathmandu",
            "Pacific/Kiritimati", "Etc/GMT+12", "Africa/Casablanca");

    private static final String NAME = "tally_properties";
    private static final UsageDatabase DATABASE = database();
    private static final EventLoopPool POOL = PoolsForTests.of(ScratchDatabase.url(NAME));
    private static final Clock CLOCK = Clock.fixed(Instant.parse("2025-01-01T00:00:00Z"), ZoneOffset.UTC);
    private static final CallsConfig CONFIG = new CallsConfigForTests();
    private final CdrLoadService loads = new CdrLoadService(new CdrLoadQueries(DATABASE.dataSource()), CLOCK,
            new SimpleMeterRegistry(), CONFIG);
    private final UsageService usage = new UsageService(new SubscriberQueries(POOL),
            new UsageQueries(new SnapshotQueries(DATABASE.dataSource())),
            CONFIG);

    /** What was answered in this history, by question and state of the data. */
    private final Map<List<@Nullable Object>, List<List<@Nullable Object>>> answers = new HashMap<>();

    /** A step of a history. */
    sealed interface Step {
        /** Calls, of which some may be known already, or contradict known ones. */
        record Load(List<PlainUsage.Call> calls, boolean ndjson, boolean gzip) implements Step {}

        record Delete(String msisdn, LocalDate utcDay) implements Step {}

        record MoveByAnHour(String msisdn) implements Step {}

        record DropMonth(LocalDate day) implements Step {}
    }

    record Question(ZoneId zone, @Nullable LocalDate start, @Nullable LocalDate end, TopBy by) {
        UsagePeriod period() {
            return new UsagePeriod(new DateRange(start, end), zone);
        }
    }

    @Property(tries = 100, shrinking = ShrinkingMode.BOUNDED)
    void everyAnswerEqualsAPlainReckoning(@ForAll("histories") List<Step> history,
            @ForAll("questions") List<Question> questions) {
        emptyTheDatabase();
        answers.clear();
        PlainUsage plain = new PlainUsage();

        for (Step step : history) {
            apply(step, plain);

            DATABASE.assertRollUpEqualsRawRows();
            questions.forEach(question -> assertAnswers(question, plain));
        }
    }

    private void assertAnswers(Question question, PlainUsage plain) {
        UsagePeriod period = question.period();
        List<List<@Nullable Object>> ofAll = new ArrayList<>();
        for (String msisdn : MSISDNS) {
            List<List<@Nullable Object>> expected = plain.days(msisdn, period);
            assertThat(answer(usage.daily(new Msisdn(msisdn), period, false), question)).as("%s %s", msisdn, question)
                    .isEqualTo(expected);
            assertThat(answer(usage.summary(new Msisdn(msisdn), period), question)).as("%s %s", msisdn, question)
                    .containsExactly(plain.summary(msisdn, period));
            for (List<@Nullable Object> row : expected) {
                List<@Nullable Object> withMsisdn = new ArrayList<>();
                withMsisdn.add(msisdn);
                withMsisdn.addAll(row);
                ofAll.add(withMsisdn);
            }
        }
        ofAll.sort((a, b) -> String.valueOf(a.getFirst()).compareTo(String.valueOf(b.getFirst())));
        assertThat(answer(usage.search(MSISDNS.stream().map(Msisdn::new).toList(), period, false), question))
                .as("%s", question).isEqualTo(ofAll);
        assertThat(answer(usage.top(question.by(), period, 2), question)).as("%s", question)
                .isEqualTo(plain.top(question.by(), period, 2));
    }

    private List<List<@Nullable Object>> answer(AwaitedTable table, Question question) {
        return answer(PoolsForTests.await(table.reading().start(_ -> {})), question);
    }

    /** The rows of this answer, after a look that its state says which ones they are: clients keep them by that. */
    private List<List<@Nullable Object>> answer(Table table, Question question) {
        RecordedTable recorded = new RecordedTable();
        table.source().writeTo(recorded);
        List<@Nullable Object> state = Arrays.asList(table.name(), question, recorded.asOf(), recorded.version());
        List<List<@Nullable Object>> seen = answers.putIfAbsent(state, recorded.rows());
        assertThat(recorded.rows()).as("%s", state).isEqualTo(seen == null ? recorded.rows() : seen);
        return recorded.rows();
    }

    private void apply(Step step, PlainUsage plain) {
        switch (step) {
            case Step.Load load -> load(load, plain);
            case Step.Delete(String msisdn, LocalDate day) -> {
                DATABASE.execute("DELETE FROM cdr_data.voice_cdr WHERE msisdn = '" + msisdn
                        + "' AND (start_time AT TIME ZONE 'UTC')::date = '" + day + "'");
                plain.removeIf(call -> call.msisdn().equals(msisdn)
                        && LocalDate.ofInstant(call.start(), ZoneOffset.UTC).equals(day));
            }
            case Step.MoveByAnHour(String msisdn) -> {
                Set<LocalDate> months = new TreeSet<>();
                List<PlainUsage.Call> moved = plain.calls().stream().filter(call -> call.msisdn().equals(msisdn))
                        .map(call -> new PlainUsage.Call(call.eventId(), msisdn, call.type(),
                                call.start().plus(1, ChronoUnit.HOURS), call.seconds() / 2))
                        .toList();
                moved.forEach(call -> months.add(LocalDate.ofInstant(call.start(), ZoneOffset.UTC)));
                months.forEach(day -> DATABASE.execute("SELECT cdr_data.ensure_month('" + day + "')"));
                DATABASE.execute("UPDATE cdr_data.voice_cdr SET start_time = start_time + INTERVAL '1 hour',"
                        + " duration_seconds = duration_seconds / 2 WHERE msisdn = '" + msisdn + "'");
                moved.forEach(plain::put);
            }
            case Step.DropMonth(LocalDate day) -> {
                DATABASE.execute("SELECT cdr_data.drop_month('" + day + "')");
                plain.removeIf(call -> LocalDate.ofInstant(call.start(), ZoneOffset.UTC).withDayOfMonth(1)
                        .equals(day.withDayOfMonth(1)));
            }
        }
    }

    private void load(Step.Load load, PlainUsage plain) {
        long loaded = 0;
        long duplicates = 0;
        List<Reject> conflicts = new ArrayList<>();
        long line = load.ndjson() ? 0 : 1;
        for (PlainUsage.Call call : load.calls()) {
            line++;
            if (plain.add(call)) {
                loaded++;
            } else if (plain.has(call)) {
                duplicates++;
            } else {
                conflicts.add(new Reject(line, "conflicts with an event already loaded"));
            }
        }

        LoadResponse response = loads.load(new ByteArrayInputStream(bytes(load)),
                new UploadFormat(!load.ndjson(), load.gzip()),
                CdrLoadService.OnError.SKIP);

        assertThat(response).isEqualTo(
                new LoadResponse(load.calls().size(), loaded, duplicates, conflicts.size(), conflicts));
    }

    private static byte[] bytes(Step.Load load) {
        StringBuilder text = new StringBuilder(load.ndjson()
                ? ""
                : "duration_seconds,start_time,call_type,msisdn,event_id\r\n");
        for (PlainUsage.Call call : load.calls()) {
            text.append(load.ndjson()
                    ? "{\"event_id\":\"%s\",\"msisdn\":\"%s\",\"call_type\":\"%s\",\"start_time\":\"%s\",\"duration_seconds\":%d}\n"
                            .formatted(call.eventId(), call.msisdn(), call.type(), call.start(), call.seconds())
                    : "%d,%s,%s,+%s,%s\r\n".formatted(call.seconds(), call.start(), call.type(), call.msisdn(),
                            call.eventId()));
        }
        byte[] plain = text.toString().getBytes(StandardCharsets.UTF_8);
        if (!load.gzip()) {
            return plain;
        }
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(packed)) {
            gzip.write(plain);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return packed.toByteArray();
    }

    @Provide
    Arbitrary<List<Step>> histories() {
        Arbitrary<LocalDate> days = Arbitraries.of(ODD_DAYS)
                .flatMap(day -> Arbitraries.integers().between(-2, 2).map(day::plusDays));
        Arbitrary<Instant> starts = Combinators.combine(days, Arbitraries.longs().between(0, 86_399_999_999L)
                .edgeCases(edges -> edges.add(30_000_000L, 3_600_000_000L)))
                .as((day, micros) -> day.atStartOfDay(ZoneOffset.UTC).toInstant().plus(micros, ChronoUnit.MICROS));
        Arbitrary<PlainUsage.Call> calls = Combinators.combine(
                Arbitraries.integers().between(1, 60).map(i -> "evt-" + i), Arbitraries.of(MSISDNS),
                Arbitraries.of("voice", "video"), starts, Arbitraries.integers().between(0, 604_800))
                .as(PlainUsage.Call::new);
        Arbitrary<Step> loads = Combinators.combine(calls.list().ofMinSize(1).ofMaxSize(20)
                .flatMap(UsagePropertiesTest::withRepeats), Arbitraries.of(true, false), Arbitraries.of(true, false))
                .as(Step.Load::new);
        return Arbitraries.frequencyOf(
                Tuple.of(6, loads),
                Tuple.of(1, Combinators.combine(Arbitraries.of(MSISDNS), days).as(Step.Delete::new)),
                Tuple.of(1, Arbitraries.of(MSISDNS).map(Step.MoveByAnHour::new)),
                Tuple.of(1, days.map(Step.DropMonth::new)))
                .list().ofMinSize(1).ofMaxSize(6);
    }

    private static Arbitrary<List<PlainUsage.Call>> withRepeats(List<PlainUsage.Call> calls) {
        return Arbitraries.of(calls).list().ofMaxSize(5).map(repeats -> {
            List<PlainUsage.Call> all = new ArrayList<>(calls);
            all.addAll(repeats);
            return all;
        });
    }

    @Provide
    Arbitrary<List<Question>> questions() {
        Arbitrary<ZoneId> zones = Arbitraries.frequencyOf(
                Tuple.of(3, Arbitraries.of(ODD_ZONES)),
                Tuple.of(1, Arbitraries.of(new TreeSet<>(ZoneId.getAvailableZoneIds()))))
                .map(ZoneId::of);
        Arbitrary<LocalDate> starts = Arbitraries.of(ODD_DAYS)
                .flatMap(day -> Arbitraries.integers().between(-3, 3).map(day::plusDays));
        return Combinators.combine(zones, starts.injectNull(0.2), Arbitraries.integers().between(0, 5),
                Arbitraries.of(true, false), Arbitraries.of(TopBy.values()))
                .as((zone, start, days, open, by) -> new Question(zone, start,
                        open || start == null ? null : start.plusDays(days), by))
                .list().ofSize(4);
    }

    private static UsageDatabase database() {
        UsageDatabase database = UsageDatabase.create(NAME);
        // So that few calls are enough to reach the days whose calls are not packed.
        database.execute("CREATE OR REPLACE FUNCTION cdr_data.packed_calls_limit() RETURNS integer LANGUAGE sql"
                + " IMMUTABLE PARALLEL SAFE AS 'SELECT 3'");
        return database;
    }

    private static void emptyTheDatabase() {
        DATABASE.execute(
                "SELECT cdr_data.drop_month(day::date) FROM (SELECT DISTINCT date_trunc('month', day::timestamp) AS day"
                        + " FROM cdr_data.usage_day) AS months");
        DATABASE.execute("TRUNCATE cdr_data.subscriber");
    }
}
