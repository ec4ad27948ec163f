package dev.tally.calls;

import java.time.Clock;
import java.time.LocalDate;
import java.time.ZoneOffset;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;

import dev.tally.platform.postgres.DatabaseMigrated;
import io.quarkus.scheduler.Scheduled;

/** Makes the partitions of the months to come, for writers that do not ask for them, such as psql. */
@ApplicationScoped
class PartitionService {
    private final PartitionQueries queries;
    private final Clock clock;
    private final CallsConfig config;

    PartitionService(PartitionQueries queries, Clock clock, CallsConfig config) {
        this.queries = queries;
        this.clock = clock;
        this.config = config;
    }

    void onMigrated(@Observes DatabaseMigrated migrated) {
        makePartitionsAhead();
    }

    /** Twice a day; not at the start, where first requests are waited for. */
    @Scheduled(every = "12h", delayed = "1m", identity = "call-usage-partitions")
    void makePartitionsAhead() {
        LocalDate month = LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC).withDayOfMonth(1);
        for (int ahead = 0; ahead <= config.partitionMonthsAhead(); ahead++) {
            queries.ensureMonth(month.plusMonths(ahead));
        }
    }
}
