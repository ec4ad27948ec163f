package dev.tally.platform.idempotency;

import java.sql.Array;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

import jakarta.enterprise.context.ApplicationScoped;

import dev.tally.platform.idempotency.IdempotencyService.Ticket;
import dev.tally.platform.postgres.Statements;

/** The SQL of keys. What needs a ticket says whether the ticket still held. */
@ApplicationScoped
class IdempotencyQueries {
    private static final String GONE = "known.expires_at <= excluded.created_at AND (known.state = 'done'"
            + " OR known.locked_until <= excluded.created_at)";
    /** Takes a key that nobody has: a new one, one that has expired, or that of the same request whose attempt died. */
    private static final String CLAIM = """
                                        INSERT INTO platform.idempotency_key AS known
                                               (caller, key_sha256, request_fingerprint, state, token, locked_until, created_at, expires_at)
                                        VALUES (?, ?, ?, 'running', ?, ?, ?, ?)
                                        ON CONFLICT (caller, key_sha256) DO UPDATE
                                           SET subject = CASE WHEN %1$s THEN NULL ELSE known.subject END,
                                               request_fingerprint = excluded.request_fingerprint, state = 'running',
                                               token = excluded.token, locked_until = excluded.locked_until,
                                               created_at = excluded.created_at, expires_at = excluded.expires_at,
                                               status = NULL, header_names = NULL, header_values = NULL, body = NULL,
                                               sealed = false
                                         WHERE %1$s
                                            OR (known.state = 'running' AND known.locked_until <= excluded.created_at
                                                AND known.request_fingerprint = excluded.request_fingerprint)
                                        RETURNING subject"""
            .formatted(GONE);
    private static final String FIND = """
                                       SELECT request_fingerprint = ?, status, header_names, header_values, body, sealed
                                         FROM platform.idempotency_key WHERE caller = ? AND key_sha256 = ?""";

    private static final String OF_TICKET = " WHERE caller = ? AND key_sha256 = ? AND token = ? AND state = 'running'";
    private static final String BIND = "UPDATE platform.idempotency_key SET subject = ?" + OF_TICKET;
    private static final String RENEW = "UPDATE platform.idempotency_key SET locked_until = ?" + OF_TICKET;
    private static final String FINISH = "UPDATE platform.idempotency_key SET state = 'done', expires_at = ?, status = ?,"
            + " header_names = ?, header_values = ?, body = ?, sealed = ?" + OF_TICKET;
    private static final String UNLOCK = "UPDATE platform.idempotency_key SET locked_until = ?" + OF_TICKET
            + " AND subject IS NOT NULL";
    private static final String REMOVE = "DELETE FROM platform.idempotency_key" + OF_TICKET + " AND subject IS NULL";

    private static final String REMOVE_EXPIRED = """
                                                 DELETE FROM platform.idempotency_key WHERE (caller, key_sha256) IN (
                                                     SELECT caller, key_sha256 FROM platform.idempotency_key
                                                      WHERE expires_at <= ? AND (state = 'done' OR locked_until <= ?)
                                                      ORDER BY expires_at LIMIT ? FOR UPDATE SKIP LOCKED)""";

    private final Statements statements;

    IdempotencyQueries(Statements statements) {
        this.statements = statements;
    }

    /** A claim that held, with what an earlier attempt made. */
    record Claimed(Optional<String> subject) {}

    /** @return empty when somebody else has the key */
    Optional<Claimed> claim(Ticket ticket, byte[] requestFingerprint, Instant now, Instant lockedUntil,
            Instant expiresAt) {
        return statements.run(CLAIM, statement -> {
            statement.setString(1, ticket.caller());
            statement.setBytes(2, ticket.keySha256());
            statement.setBytes(3, requestFingerprint);
            statement.setObject(4, ticket.token());
            setTime(statement, 5, lockedUntil);
            setTime(statement, 6, now);
            setTime(statement, 7, expiresAt);
            try (ResultSet row = statement.executeQuery()) {
                return row.next() ? Optional.of(new Claimed(Optional.ofNullable(row.getString(1)))) : Optional.empty();
            }
        });
    }

    /**
     * What is known of a key that somebody else has.
     *
     * @param sameRequest whether it came with the same request
     * @param kept empty while the request is running
     */
    record Known(boolean sameRequest, Optional<Kept> kept) {}

    /**
     * An answer as it stands in the table.
     *
     * @param sealed whether the body is what {@link AnswerSeal} made of headers and body
     */
    record Kept(StoredAnswer answer, boolean sealed) {}

    Optional<Known> find(Ticket ticket, byte[] requestFingerprint) {
        return statements.run(FIND, statement -> {
            statement.setBytes(1, requestFingerprint);
            statement.setString(2, ticket.caller());
            statement.setBytes(3, ticket.keySha256());
            try (ResultSet row = statement.executeQuery()) {
                return row.next() ? Optional.of(new Known(row.getBoolean(1), kept(row))) : Optional.empty();
            }
        });
    }

    private static Optional<Kept> kept(ResultSet row) throws SQLException {
        int status = row.getInt("status");
        if (row.wasNull()) {
            return Optional.empty();
        }
        String[] names = (String[]) row.getArray("header_names").getArray();
        String[] values = (String[]) row.getArray("header_values").getArray();
        Map<String, String> headers = new LinkedHashMap<>();
        for (int i = 0; i < names.length; i++) {
            headers.put(names[i], values[i]);
        }
        return Optional.of(new Kept(new StoredAnswer(status, headers, row.getBytes("body")), row.getBoolean("sealed")));
    }

    boolean bind(Ticket ticket, String subject) {
        return statements.run(BIND, statement -> {
            statement.setString(1, subject);
            return updatesOne(statement, ticket, 2);
        });
    }

    boolean renew(Ticket ticket, Instant lockedUntil) {
        return statements.run(RENEW, statement -> {
            setTime(statement, 1, lockedUntil);
            return updatesOne(statement, ticket, 2);
        });
    }

    boolean finish(Ticket ticket, Kept kept, Instant expiresAt) {
        StoredAnswer answer = kept.answer();
        return statements.run(FINISH, statement -> {
            setTime(statement, 1, expiresAt);
            statement.setInt(2, answer.status());
            statement.setArray(3, texts(statement, answer.headers().keySet().toArray()));
            statement.setArray(4, texts(statement, answer.headers().values().toArray()));
            statement.setBytes(5, answer.body());
            statement.setBoolean(6, kept.sealed());
            return updatesOne(statement, ticket, 7);
        });
    }

    private static Array texts(PreparedStatement statement, Object[] texts) throws SQLException {
        return statement.getConnection().createArrayOf("text", texts);
    }

    /** Lets the next attempt have the key and what this one has made; says whether it has made anything. */
    boolean unlock(Ticket ticket, Instant now) {
        return statements.run(UNLOCK, statement -> {
            setTime(statement, 1, now);
            return updatesOne(statement, ticket, 2);
        });
    }

    /** Forgets a key with which nothing was made. */
    boolean remove(Ticket ticket) {
        return statements.run(REMOVE, statement -> updatesOne(statement, ticket, 1));
    }

    /** How many were removed. */
    int removeExpired(Instant now, int maxRows) {
        return statements.run(REMOVE_EXPIRED, statement -> {
            setTime(statement, 1, now);
            setTime(statement, 2, now);
            statement.setInt(3, maxRows);
            return statement.executeUpdate();
        });
    }

    private static boolean updatesOne(PreparedStatement statement, Ticket ticket, int first) throws SQLException {
        statement.setString(first, ticket.caller());
        statement.setBytes(first + 1, ticket.keySha256());
        statement.setObject(first + 2, ticket.token());
        return statement.executeUpdate() == 1;
    }

    private static void setTime(PreparedStatement statement, int index, Instant time) throws SQLException {
        statement.setObject(index, time.atOffset(ZoneOffset.UTC));
    }
}
