package dev.tally.calls;

import java.time.Clock;
import java.time.LocalDate;
import java.time.ZoneOffset;

import jakarta.enterprise.context.ApplicationScoped;

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

    /** At the start, without the start waiting for it, and twice a day. */
    @Scheduled(every = "12h", identity = "call-usage-partitions")
    void makePartitionsAhead() {
        LocalDate month = LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC).withDayOfMonth(1);
        for (int ahead = 0; ahead <= config.partitionMonthsAhead(); ahead++) {
            queries.ensureMonth(month.plusMonths(ahead));
        }
    }
}
