package dev.tally.calls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Test;

class PartitionServiceTest {
    private static final UsageDatabase DATABASE = UsageDatabase.create("tally_partitions");

    private static final int WRITERS = 6;
    private static final LocalDate FIRST_MONTH = LocalDate.of(1990, 1, 1);
    private static final LocalDate LAST_MONTH = LocalDate.of(1994, 1, 1);

    @Test
    void makesTheMonthsAheadForWritersThatDoNotAskForThem() {
        PartitionService service = new PartitionService(new PartitionQueries(DATABASE.dataSource()),
                Clock.fixed(Instant.parse("2024-11-30T23:59:59Z"), ZoneOffset.UTC), new CallsConfigForTests());

        service.makePartitionsAhead();
        service.makePartitionsAhead();

        insert("2024-11-01T00:00:00Z");
        insert("2025-01-31T23:59:59.999999Z");
        assertThatThrownBy(() -> insert("2025-02-01T00:00:00Z")).hasMessageContaining("no partition");
        assertThatThrownBy(() -> insert("2024-10-31T23:59:59.999999Z")).hasMessageContaining("no partition");
        assertThat(DATABASE.count("(SELECT FROM pg_inherits WHERE inhparent = 'cdr_data.voice_cdr'::regclass"
                + " AND inhrelid::regclass::text > 'cdr_data.voice_cdr_2000')"))
                .isEqualTo(3);
        DATABASE.assertRollUpEqualsRawRows();
    }

    @Test
    void letsManyAskForTheSameMonthAtATime() throws Exception {
        CyclicBarrier together = new CyclicBarrier(WRITERS);
        try (ExecutorService writers = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> all = new ArrayList<>();
            for (int writer = 0; writer < WRITERS; writer++) {
                all.add(writers.submit(() -> {
                    for (LocalDate month = FIRST_MONTH; month.isBefore(LAST_MONTH); month = month.plusMonths(1)) {
                        together.await(60, TimeUnit.SECONDS);
                        new PartitionQueries(DATABASE.dataSource()).ensureMonth(month);
                    }
                    return null;
                }));
            }
            for (Future<?> each : all) {
                each.get();
            }
        }

        assertThat(DATABASE.count("(SELECT FROM pg_inherits WHERE inhparent = 'cdr_data.voice_cdr'::regclass"
                + " AND inhrelid::regclass::text < 'cdr_data.voice_cdr_2000')")).isEqualTo(48);
    }

    private static void insert(String start) {
        DATABASE.execute("INSERT INTO cdr_data.voice_cdr (event_id, msisdn, call_type, start_time, duration_seconds)"
                + " VALUES ('" + start + "', '12345', 'voice', '" + start + "', 1)");
    }
}
