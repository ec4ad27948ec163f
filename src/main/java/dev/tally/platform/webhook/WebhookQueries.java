package dev.tally.platform.webhook;

import java.net.URI;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

import jakarta.enterprise.context.ApplicationScoped;

import dev.tally.platform.postgres.Statements;

/** The SQL of deliveries. */
@ApplicationScoped
class WebhookQueries {
    private static final String ADD = """
                                      INSERT INTO platform.webhook_delivery
                                             (id, reference, type, callback_url, host, body, state, due_at, created_at)
                                      VALUES (?, ?, ?, ?, ?, ?, 'open', ?, ?)""";

    /**
     * Steps from host to host in the index, so that thousands of deliveries to one host cost what one does, and takes of
     * each no more than it has room for.
     */
    private static final String CLAIM = """
                                        WITH RECURSIVE host AS (
                                            (SELECT host FROM platform.webhook_delivery WHERE state = 'open' ORDER BY host LIMIT 1)
                                            UNION ALL
                                            SELECT (SELECT next.host FROM platform.webhook_delivery AS next
                                                     WHERE next.state = 'open' AND next.host > host.host ORDER BY next.host LIMIT 1)
                                              FROM host WHERE host.host IS NOT NULL
                                        ), room AS (
                                            SELECT host.host, ? - coalesce(busy.count, 0) AS places
                                              FROM host LEFT JOIN unnest(?::text[], ?::integer[]) AS busy (host, count) USING (host)
                                             WHERE host.host IS NOT NULL
                                        ), claimed AS MATERIALIZED (
                                            SELECT due.id
                                              FROM room CROSS JOIN LATERAL (
                                                       SELECT id, due_at FROM platform.webhook_delivery AS delivery
                                                        WHERE state = 'open' AND delivery.host = room.host AND due_at <= ?
                                                        ORDER BY due_at LIMIT greatest(room.places, 0) FOR UPDATE SKIP LOCKED) AS due
                                             ORDER BY due.due_at LIMIT ?)
                                        UPDATE platform.webhook_delivery AS delivery SET attempts = attempts + 1, due_at = ?
                                          FROM claimed WHERE delivery.id = claimed.id
                                        RETURNING delivery.id, callback_url, host, body, attempts, created_at""";

    private static final String END_ATTEMPT = """
                                              WITH ended AS (
                                                  UPDATE platform.webhook_delivery SET state = ?, due_at = ?
                                                   WHERE id = ? AND attempts = ? AND state = 'open' RETURNING id, attempts)
                                              INSERT INTO platform.webhook_attempt (delivery_id, number, at, outcome, status)
                                              SELECT id, attempts, ?, ?, ? FROM ended""";

    private static final String LIST = """
                                       SELECT delivery.id, type, state, due_at, created_at, number, at, outcome, status
                                         FROM (SELECT * FROM platform.webhook_delivery WHERE reference = ?
                                                ORDER BY created_at, id LIMIT ?) AS delivery
                                         LEFT JOIN platform.webhook_attempt ON delivery_id = delivery.id
                                        ORDER BY created_at, delivery.id, number""";

    /** Out of the index of what is open, which is what is under way, waits, or has failed and is tried again. */
    private static final String COUNT_OPEN = """
                                             SELECT count(*), min(due_at) FROM platform.webhook_delivery
                                              WHERE state = 'open'""";

    private static final String REMOVE_OLD = """
                                             DELETE FROM platform.webhook_delivery WHERE id IN (
                                                 SELECT id FROM platform.webhook_delivery WHERE created_at <= ?
                                                  ORDER BY created_at LIMIT ? FOR UPDATE SKIP LOCKED)""";

    private final Statements statements;

    WebhookQueries(Statements statements) {
        this.statements = statements;
    }

    void add(UUID id, String reference, String type, URI callbackUrl, byte[] body, Instant now) {
        statements.run(ADD, statement -> {
            statement.setObject(1, id);
            statement.setString(2, reference);
            statement.setString(3, type);
            statement.setString(4, callbackUrl.toString());
            statement.setString(5, callbackUrl.getHost());
            statement.setBytes(6, body);
            setTime(statement, 7, now);
            setTime(statement, 8, now);
            return statement.executeUpdate();
        });
    }

    /**
     * Takes deliveries that are due.
     *
     * @param leaseEnd when others may take them again, should this process die
     * @param maxDeliveries how many there is room for
     * @param maxPerHost how many of them to one host, those included that are busy
     * @param busy how many are being sent to each host
     */
    List<DueDelivery> claim(Instant now, Instant leaseEnd, int maxDeliveries, int maxPerHost,
            Map<String, Integer> busy) {
        List<Map.Entry<String, Integer>> entries = List.copyOf(busy.entrySet());
        return statements.run(CLAIM, statement -> {
            statement.setInt(1, maxPerHost);
            statement.setArray(2, statement.getConnection().createArrayOf("text",
                    entries.stream().map(Map.Entry::getKey).toArray()));
            statement.setArray(3, statement.getConnection().createArrayOf("integer",
                    entries.stream().map(Map.Entry::getValue).toArray()));
            setTime(statement, 4, now);
            statement.setInt(5, maxDeliveries);
            setTime(statement, 6, leaseEnd);
            List<DueDelivery> claimed = new ArrayList<>();
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    claimed.add(new DueDelivery(row.getObject("id", UUID.class),
                            URI.create(row.getString("callback_url")), row.getString("host"), row.getBytes("body"),
                            row.getInt("attempts"), time(row, "created_at").orElseThrow()));
                }
            }
            return claimed;
        });
    }

    /**
     * Keeps what became of an attempt, unless it counted as dead and a later one was begun.
     *
     * @param next when to try again; empty when it is delivered or given up
     */
    void endAttempt(DueDelivery delivery, Outcome.Result result, Instant at, Optional<Instant> next) {
        String ended = result.outcome() == Outcome.DELIVERED ? "delivered" : "failed";
        statements.run(END_ATTEMPT, statement -> {
            statement.setString(1, next.isPresent() ? "open" : ended);
            statement.setObject(2, next.map(time -> time.atOffset(ZoneOffset.UTC)).orElse(null));
            statement.setObject(3, delivery.id());
            statement.setInt(4, delivery.attempt());
            setTime(statement, 5, at);
            statement.setString(6, result.outcome().label());
            statement.setObject(7, result.status().orElse(null), Types.INTEGER);
            return statement.executeUpdate();
        });
    }

    /** The oldest first. */
    List<WebhookDelivery> list(String reference, int maxDeliveries) {
        return statements.run(LIST, statement -> {
            statement.setString(1, reference);
            statement.setInt(2, maxDeliveries);
            Map<UUID, WebhookDelivery> byId = new LinkedHashMap<>();
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    byId.merge(row.getObject("id", UUID.class), delivery(row), WebhookQueries::joined);
                }
            }
            return List.copyOf(byId.values());
        });
    }

    private static WebhookDelivery joined(WebhookDelivery one, WebhookDelivery more) {
        List<WebhookDelivery.Attempt> attempts = new ArrayList<>(one.attempts());
        attempts.addAll(more.attempts());
        return new WebhookDelivery(one.id(), one.type(), one.state(), one.createdAt(), one.nextAttemptAt(), attempts);
    }

    private static WebhookDelivery delivery(ResultSet row) throws SQLException {
        Optional<Instant> at = time(row, "at");
        List<WebhookDelivery.Attempt> attempts = at.isEmpty()
                ? List.of()
                : List.of(new WebhookDelivery.Attempt(row.getInt("number"), at.get(),
                        Optional.ofNullable(row.getObject("status", Integer.class)),
                        Outcome.of(row.getString("outcome")).fault()));
        return new WebhookDelivery(row.getObject("id", UUID.class), row.getString("type"), row.getString("state"),
                time(row, "created_at").orElseThrow(), time(row, "due_at"), attempts);
    }

    /** How much is not delivered yet. */
    OpenDeliveries countOpen() {
        return statements.run(COUNT_OPEN, statement -> {
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                return new OpenDeliveries(row.getLong(1), time(row, "min"));
            }
        });
    }

    /** @param firstDue when the first of them is, or was, to be sent */
    record OpenDeliveries(long count, Optional<Instant> firstDue) {}

    /** How many were removed. */
    int removeOld(Instant createdUntil, int maxRows) {
        return statements.run(REMOVE_OLD, statement -> {
            setTime(statement, 1, createdUntil);
            statement.setInt(2, maxRows);
            return statement.executeUpdate();
        });
    }

    private static void setTime(PreparedStatement statement, int index, Instant time) throws SQLException {
        statement.setObject(index, time.atOffset(ZoneOffset.UTC));
    }

    private static Optional<Instant> time(ResultSet row, String column) throws SQLException {
        return Optional.ofNullable(row.getObject(column, OffsetDateTime.class)).map(OffsetDateTime::toInstant);
    }
}
