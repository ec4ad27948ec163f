package dev.tally.platform.clickhouse;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.net.URI;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.core.Response;

import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

import dev.tally.platform.clickhouse.ClickHouseException.Kind;
import dev.tally.platform.tracing.Spans;
import io.micrometer.core.instrument.MeterRegistry;

/**
 * Statements for ClickHouse. Every failure is a {@link ClickHouseException}; nothing here may be called on an event loop.
 */
@ApplicationScoped
public class ClickHouseGateway {
    private static final Logger LOG = Logger.getLogger(ClickHouseGateway.class);
    private static final int TIMEOUT_EXCEEDED = 159;
    private static final int QUERY_WAS_CANCELLED = 394;

    private final ClickHouseConfig config;
    private final ClickHouseBounds bounds;
    private final MeterRegistry registry;
    private final Semaphore room;
    private final Optional<ClickHouseApi> api;
    private final StatementKills kills = new StatementKills();

    @Inject
    ClickHouseGateway(ClickHouseConfig config, MeterRegistry registry) {
        this(config, new ClickHouseBounds(config.maxQuerySeconds(), config.maxMemoryBytes(), config.maxAnswerBytes(),
                config.maxConcurrentQueries()), registry);
    }

    private ClickHouseGateway(ClickHouseConfig config, ClickHouseBounds bounds, MeterRegistry registry) {
        this.config = config;
        this.bounds = bounds;
        this.registry = registry;
        this.room = new Semaphore(bounds.maxConcurrentQueries(), true);
        this.api = address(config).map(url -> ClickHouseApi.connect(url, config.connectTimeoutMillis(), bounds));
    }

    /** To the same ClickHouse, with bounds and a turn of its own. Whoever has asked for it closes it. */
    public ClickHouseGateway within(ClickHouseBounds others) {
        return new ClickHouseGateway(config, others, registry);
    }

    /** The same for statements for which a start waits. */
    ClickHouseGateway forMigration() {
        return within(new ClickHouseBounds(config.maxMigrationSeconds(), bounds.maxMemoryBytes(),
                bounds.maxAnswerBytes(), 1));
    }

    /** After the kills that are under way, which need the client. */
    @PreDestroy
    public void close() {
        kills.finish();
        api.ifPresent(client -> {
            try {
                client.close();
            } catch (IOException e) {
                LOG.warn("The client of ClickHouse did not end well", e);
            }
        });
    }

    /** Where it is configured to be. Without that, everything here fails with {@link Kind#NOT_CONFIGURED}. */
    public Optional<URI> url() {
        return address(config);
    }

    private static Optional<URI> address(ClickHouseConfig config) {
        return config.host().map(host -> {
            String name = host.contains(":") && !host.startsWith("[") ? "[" + host + "]" : host;
            return URI.create((config.secure() ? "https://" : "http://") + name + ":" + config.port());
        });
    }

    /** Where the tables of this service are, for {@link ClickHouseQuery#in}. */
    public String database() {
        return config.database();
    }

    /** Over whose servers those tables are spread; empty when there is one server. */
    public Optional<String> cluster() {
        return config.cluster();
    }

    /**
     * What ClickHouse answers to a statement, in the format that the statement names. An answer is whole, or there is none.
     * A statement that takes too long, or whose thread is interrupted, is killed.
     */
    public byte[] answer(ClickHouseQuery query) {
        return run(query, (client, user, key, asked) -> client.ask(user, key, asked, query.sql()));
    }

    /**
     * Inserts rows: all of them, or when it fails perhaps none. The same again changes nothing if the statement has an
     * {@code insert_deduplication_token}.
     *
     * @param insert ends with the format of the rows
     */
    public void insert(ClickHouseQuery insert, byte[] rows) {
        byte[] unused = run(insert, (client, user, key, asked) -> {
            asked.put("query", insert.sql());
            return client.insert(user, key, asked, rows);
        });
    }

    /** One request. */
    @FunctionalInterface
    private interface Call {
        Response send(ClickHouseApi client, @Nullable String user, @Nullable String key, Map<String, String> asked);
    }

    private byte[] run(ClickHouseQuery query, Call call) {
        ClickHouseApi client = api.orElseThrow(() -> new ClickHouseException(Kind.NOT_CONFIGURED,
                "No ClickHouse is configured.", null));
        String id = UUID.randomUUID().toString();
        acquire();
        long begin = System.nanoTime();
        String outcome = "ok";
        try {
            return Spans.call("clickhouse", "statement", () -> send(client, id, call, asked(id, query)));
        } catch (ClickHouseException e) {
            outcome = e.kind().name().toLowerCase(Locale.ROOT);
            throw e;
        } finally {
            room.release();
            registry.timer("tally.clickhouse.requests", "outcome", outcome)
                    .record(System.nanoTime() - begin, TimeUnit.NANOSECONDS);
        }
    }

    private void acquire() {
        try {
            if (!room.tryAcquire(bounds.maxQuerySeconds(), TimeUnit.SECONDS)) {
                throw new ClickHouseException(Kind.TIMED_OUT, "ClickHouse is busy.", null);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ClickHouseException(Kind.INTERRUPTED, "The statement was given up.", e);
        }
    }

    private byte[] send(ClickHouseApi client, String id, Call call, Map<String, String> asked) {
        try {
            return ClickHouseApi.bytes(
                    call.send(client, config.username().orElse(null), config.password().orElse(null), asked),
                    bounds.maxAnswerBytes());
        } catch (ClickHouseAnswer e) {
            boolean late = e.code() == TIMEOUT_EXCEEDED || e.code() == QUERY_WAS_CANCELLED;
            throw late
                    ? new ClickHouseException(Kind.TIMED_OUT, e.code(), "ClickHouse took too long.", e)
                    : new ClickHouseException(Kind.REFUSED, e.code(), "ClickHouse refused.", e);
        } catch (ClickHouseApi.AnswerTooLargeException e) {
            throw new ClickHouseException(Kind.TOO_LARGE, "ClickHouse answered with too much.", e);
        } catch (IOException | RuntimeException e) {
            if (!isCausedBy(e, ConnectException.class)) {
                // It does not notice by itself that nobody waits for it any more.
                kills.start(id, () -> kill(client, id));
            }
            throw failed(e);
        }
    }

    private Map<String, String> asked(String id, ClickHouseQuery query) {
        Map<String, String> asked = new HashMap<>(query.asked());
        asked.put("query_id", id);
        // So that an answer that fails in its midst is none at all.
        asked.put("wait_end_of_query", "1");
        // A part is never taken for the whole, nor yesterday's answer for today's, whatever the user's profile says.
        asked.put("read_overflow_mode", "throw");
        asked.put("timeout_overflow_mode", "throw");
        asked.put("result_overflow_mode", "throw");
        asked.put("use_query_cache", "0");
        asked.put("max_execution_time", Integer.toString(bounds.maxQuerySeconds()));
        asked.put("max_memory_usage", Long.toString(bounds.maxMemoryBytes()));
        return asked;
    }

    private static ClickHouseException failed(Exception fault) {
        if (Thread.currentThread().isInterrupted() || isCausedBy(fault, InterruptedException.class)
                || isCausedBy(fault, InterruptedIOException.class)) {
            Thread.currentThread().interrupt();
            return new ClickHouseException(Kind.INTERRUPTED, "The statement was given up.", fault);
        }
        return isCausedBy(fault, TimeoutException.class)
                ? new ClickHouseException(Kind.TIMED_OUT, "ClickHouse took too long.", fault)
                : new ClickHouseException(Kind.UNREACHABLE, "ClickHouse cannot be reached.", fault);
    }

    private static boolean isCausedBy(Throwable fault, Class<? extends Throwable> type) {
        for (@Nullable
        Throwable at = fault; at != null; at = at.getCause()) {
            if (type.isInstance(at)) {
                return true;
            }
        }
        return false;
    }

    private void kill(ClickHouseApi client, String id) {
        // This request may come to another server of the cluster than that did.
        String where = config.cluster().map(cluster -> "ON CLUSTER '" + cluster + "' ").orElse("");
        ClickHouseQuery kill = new ClickHouseQuery("KILL QUERY " + where + "WHERE query_id = {id:String} ASYNC",
                Map.of("id", id), Map.of());
        try {
            byte[] unused = ClickHouseApi.bytes(client.ask(config.username().orElse(null),
                    config.password().orElse(null), kill.asked(), kill.sql()), bounds.maxAnswerBytes());
        } catch (IOException | RuntimeException e) {
            LOG.warnf(e, "The statement %s could not be killed in ClickHouse; it ends by its time limit", id);
        }
    }
}
