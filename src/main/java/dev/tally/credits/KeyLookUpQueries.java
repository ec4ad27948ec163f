package dev.tally.credits;

import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collector;
import java.util.stream.Collectors;

import jakarta.enterprise.context.ApplicationScoped;

import org.jspecify.annotations.Nullable;

import dev.tally.platform.postgres.EventLoopPool;
import dev.tally.platform.security.Consumer;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;

/** Finds whose key it is, on the event loop. */
@ApplicationScoped
class KeyLookUpQueries {
    private static final String FIND = """
                                       SELECT key.id, key.user_id, owner.is_admin, owner.scopes, key.expires_at
                                         FROM public.api_keys key JOIN public.users owner ON owner.id = key.user_id
                                        WHERE key.api_key = $1 AND key.revoked_at IS NULL""";
    private static final Collector<Row, ?, List<Consumer>> CONSUMERS = Collectors.mapping(KeyLookUpQueries::consumer,
            Collectors.toList());

    private final EventLoopPool pool;

    KeyLookUpQueries(EventLoopPool pool) {
        this.pool = pool;
    }

    /** Keys that have expired are found too: whether one has is asked again each time it is used. */
    Future<Optional<Consumer>> find(String sha256Hex) {
        // Nobody gives it up: others may wait for the same key.
        return pool.query(FIND, Tuple.of(sha256Hex), CONSUMERS, _ -> {}).map(found -> found.stream().findFirst());
    }

    private static Consumer consumer(Row row) {
        @Nullable
        OffsetDateTime expiresAt = row.getOffsetDateTime(4);
        return new Consumer(row.getLong(1), row.getLong(0), row.getBoolean(2), Set.of(row.getArrayOfStrings(3)),
                Optional.ofNullable(expiresAt).map(OffsetDateTime::toInstant));
    }
}
