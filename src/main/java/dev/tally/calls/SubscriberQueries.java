package dev.tally.calls;

import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.ToLongFunction;
import java.util.stream.Collector;

import jakarta.enterprise.context.ApplicationScoped;

import org.jspecify.annotations.Nullable;

import dev.tally.platform.postgres.EventLoopPool;
import dev.tally.platform.time.ZoneOffsets;
import dev.tally.platform.time.ZoneOffsets.Span;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;

/** Reads the usage of one subscriber, on the event loop. */
@ApplicationScoped
class SubscriberQueries {
    private static final long MICROS_A_SECOND = 1_000_000;

    private final EventLoopPool pool;

    SubscriberQueries(EventLoopPool pool) {
        this.pool = pool;
    }

    /**
     * The days with calls, in one round trip and one snapshot of the database. There are few of them, so they come at once.
     *
     * @param withCalls whether the first and the last call of each day are wanted
     * @param onAbandoned takes what ends the query early
     */
    Future<SubscriberDays> findDays(Msisdn msisdn, UsagePeriod period, boolean withCalls,
            Consumer<Runnable> onAbandoned) {
        ZoneOffsets offsets = period.offsets();
        Tuple parameters = Tuple.tuple();
        if (offsets.isUtc()) {
            parameters.addLocalDate(period.first()).addLocalDate(period.last());
        } else {
            parameters.addArrayOfLong(micros(offsets, Span::offsetSeconds))
                    .addArrayOfLong(micros(offsets, Span::fromEpochSecond));
            for (int part = 1; part <= 2; part++) {
                parameters.addLocalDate(period.first().minusDays(1)).addLocalDate(period.last().plusDays(1));
            }
            parameters.addLong(period.first().toEpochDay()).addLong(period.last().toEpochDay());
        }
        parameters.addString(msisdn.digits());
        return pool.query(UsageSql.ofOne(offsets.isUtc(), withCalls), parameters,
                Collector.of(() -> new Found(msisdn.digits(), withCalls), Found::add, Found::andThen,
                        Found::days),
                onAbandoned);
    }

    /** Of each offset, for PostgreSQL to reckon with. */
    static Long[] micros(ZoneOffsets offsets, ToLongFunction<Span> seconds) {
        return offsets.spans().stream().map(span -> seconds.applyAsLong(span) * MICROS_A_SECOND).toArray(Long[]::new);
    }

    /** Gathers the rows. Columns by place, as UsageSql names them. */
    private static final class Found {
        private static final int EPOCH_DAY = 0;
        private static final int AFTER_MEASURES = 7;
        private final String msisdn;
        private final boolean withCalls;
        private final List<UsageDay> days = new ArrayList<>();
        private DataVersion version = DataVersion.NONE;

        Found(String msisdn, boolean withCalls) {
            this.msisdn = msisdn;
            this.withCalls = withCalls;
        }

        void add(Row row) {
            if (days.isEmpty()) {
                int column = withCalls ? AFTER_MEASURES + 2 : AFTER_MEASURES;
                version = new DataVersion(instant(row, column), row.getLong(column + 1));
            }
            Integer epochDay = row.getInteger(EPOCH_DAY);
            // A subscriber that is known, but has no calls in the period, is a row without a day.
            if (epochDay != null) {
                Measures measures = new Measures(row.getLong(1), row.getLong(2), row.getLong(3), row.getLong(4),
                        row.getInteger(5), row.getInteger(6));
                days.add(new UsageDay(msisdn, LocalDate.ofEpochDay(epochDay), measures,
                        withCalls ? instant(row, AFTER_MEASURES) : null,
                        withCalls ? instant(row, AFTER_MEASURES + 1) : null));
            }
        }

        Found andThen(Found later) {
            days.addAll(later.days);
            return this;
        }

        SubscriberDays days() {
            return new SubscriberDays(version, days);
        }

        private static @Nullable Instant instant(Row row, int column) {
            OffsetDateTime value = row.getOffsetDateTime(column);
            return value == null ? null : value.toInstant();
        }
    }
}
