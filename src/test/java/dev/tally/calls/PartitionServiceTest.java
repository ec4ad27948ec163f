package dev.tally.calls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;

import org.junit.jupiter.api.Test;

class PartitionServiceTest {
    private static final UsageDatabase DATABASE = UsageDatabase.create("tally_partitions");

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
        assertThat(DATABASE.count("(SELECT FROM pg_inherits WHERE inhparent = 'cdr_data.voice_cdr'::regclass)"))
                .isEqualTo(3);
        DATABASE.assertRollUpEqualsRawRows();
    }

    private static void insert(String start) {
        DATABASE.execute("INSERT INTO cdr_data.voice_cdr (event_id, msisdn, call_type, start_time, duration_seconds)"
                + " VALUES ('" + start + "', '12345', 'voice', '" + start + "', 1)");
    }
}
