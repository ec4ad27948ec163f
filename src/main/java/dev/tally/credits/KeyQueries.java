package dev.tally.credits;

import java.sql.Array;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import jakarta.enterprise.context.ApplicationScoped;

import org.jspecify.annotations.Nullable;

import dev.tally.platform.postgres.Statements;

/** The SQL of keys, but for their look-up. */
@ApplicationScoped
class KeyQueries {
    private static final String LOCK_OWNER = "SELECT id FROM public.users WHERE id = ? FOR NO KEY UPDATE";
    private static final String GOOD = " revoked_at IS NULL AND (expires_at IS NULL OR expires_at > ?)";
    private static final String COUNT_GOOD = "SELECT count(*) FROM public.api_keys WHERE user_id = ? AND" + GOOD;
    private static final String INSERT = """
                                         INSERT INTO public.api_keys (user_id, api_key, start, name, created_at, expires_at)
                                         VALUES (?, ?, ?, ?, ?, ?) RETURNING id""";
    private static final String LIST = """
                                       SELECT key.id, key.start, key.name, key.created_at, key.expires_at, key.last_used_at,
                                              key.revoked_at, owner.scopes
                                         FROM public.api_keys key JOIN public.users owner ON owner.id = key.user_id
                                        WHERE key.user_id = ? AND (?::bigint IS NULL OR key.id < ?)
                                        ORDER BY key.id DESC LIMIT ?""";
    private static final String REVOKE = """
                                         UPDATE public.api_keys SET revoked_at = ?
                                          WHERE id = ? AND user_id = ? AND revoked_at IS NULL""";
    private static final String FIND_GOOD = """
                                            SELECT name, created_at, expires_at FROM public.api_keys
                                             WHERE id = ? AND user_id = ? AND"""
            + GOOD;
    private static final String END_BY = """
                                         UPDATE public.api_keys SET expires_at = ?
                                          WHERE id = ? AND (expires_at IS NULL OR expires_at > ?)""";
    /** Many only when a user has made very many without it; then some each time. */
    private static final int MAX_REMOVED = 1_000;
    /** Locked in the order of their ids, so that two processes with the same keys wait for each other in no circle. */
    private static final String MARK_USED = """
                                            WITH used AS (SELECT * FROM unnest(?, ?) AS used (id, used_at)),
                                            locked AS (
                                                SELECT key.id FROM public.api_keys key
                                                 WHERE key.id IN (SELECT id FROM used) ORDER BY key.id FOR NO KEY UPDATE)
                                            UPDATE public.api_keys key SET last_used_at = used.used_at
                                              FROM used JOIN locked USING (id)
                                             WHERE key.id = used.id
                                               AND (key.last_used_at IS NULL OR key.last_used_at < used.used_at)""";
    /** Locked as above. */
    private static final String REMOVE_ENDED = """
                                               DELETE FROM public.api_keys WHERE id IN (
                                                   SELECT key.id FROM public.api_keys key WHERE key.id IN (
                                                          SELECT id FROM public.api_keys
                                                           WHERE user_id = ? AND (revoked_at IS NOT NULL OR expires_at <= ?)
                                                           ORDER BY id DESC LIMIT ? OFFSET ?)
                                                    ORDER BY key.id FOR UPDATE)""";

    private final Statements statements;

    KeyQueries(Statements statements) {
        this.statements = statements;
    }

    /** A key that is still good. */
    record GoodKey(String name, Instant createdAt, Optional<Instant> expiresAt) {}

    /** Has what changes the keys of a user happen one after the other. */
    void lockOwner(long userId) {
        boolean unused = statements.run(LOCK_OWNER, statement -> {
            statement.setLong(1, userId);
            return statement.execute();
        });
    }

    int countGood(long userId, Instant now) {
        return statements.run(COUNT_GOOD, statement -> {
            statement.setLong(1, userId);
            setTime(statement, 2, now);
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                return row.getInt(1);
            }
        });
    }

    /** Keeps a new key, without the key itself; gives its id. */
    long insert(long userId, ApiKey key, String name, Instant now, @Nullable Instant expiresAt) {
        return statements.run(INSERT, statement -> {
            statement.setLong(1, userId);
            statement.setString(2, key.sha256Hex());
            statement.setString(3, key.start());
            statement.setString(4, name);
            setTime(statement, 5, now);
            setTime(statement, 6, expiresAt);
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                return row.getLong(1);
            }
        });
    }

    /** Removes the oldest of a user's keys that are good no more, all but so many. */
    void removeEnded(long userId, Instant now, int keep) {
        int unused = statements.run(REMOVE_ENDED, statement -> {
            statement.setLong(1, userId);
            setTime(statement, 2, now);
            statement.setInt(3, MAX_REMOVED);
            statement.setInt(4, keep);
            return statement.executeUpdate();
        });
    }

    /** The keys of a user, the latest first. */
    List<KeyResponse> list(long userId, @Nullable Long before, int limit) {
        return statements.run(LIST, statement -> {
            statement.setLong(1, userId);
            statement.setObject(2, before, java.sql.Types.BIGINT);
            statement.setObject(3, before, java.sql.Types.BIGINT);
            statement.setInt(4, limit);
            List<KeyResponse> keys = new ArrayList<>();
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    keys.add(new KeyResponse(row.getLong(1), row.getString(2), row.getString(3),
                            time(row, 4).orElseThrow(), time(row, 5).orElse(null), time(row, 6).orElse(null),
                            time(row, 7).orElse(null), List.of((String[]) row.getArray(8).getArray())));
                }
            }
            return keys;
        });
    }

    /** Says whether the user had this key, and had not revoked it. */
    boolean revoke(long userId, long keyId, Instant now) {
        return statements.run(REVOKE, statement -> {
            setTime(statement, 1, now);
            statement.setLong(2, keyId);
            statement.setLong(3, userId);
            return statement.executeUpdate() == 1;
        });
    }

    Optional<GoodKey> findGood(long userId, long keyId, Instant now) {
        return statements.run(FIND_GOOD, statement -> {
            statement.setLong(1, keyId);
            statement.setLong(2, userId);
            setTime(statement, 3, now);
            try (ResultSet row = statement.executeQuery()) {
                return row.next()
                        ? Optional.of(new GoodKey(row.getString(1), time(row, 2).orElseThrow(), time(row, 3)))
                        : Optional.empty();
            }
        });
    }

    /** Has a key end then, if it does not end earlier. */
    void endBy(long keyId, Instant end) {
        int unused = statements.run(END_BY, statement -> {
            setTime(statement, 1, end);
            statement.setLong(2, keyId);
            setTime(statement, 3, end);
            return statement.executeUpdate();
        });
    }

    /** Writes when keys were last used; never to an earlier time. */
    void markUsed(Map<Long, Instant> uses) {
        int unused = statements.run(MARK_USED, statement -> {
            List<Map.Entry<Long, Instant>> entries = List.copyOf(uses.entrySet());
            Array ids = statement.getConnection().createArrayOf("bigint",
                    entries.stream().map(Map.Entry::getKey).toArray());
            Array times = statement.getConnection().createArrayOf("timestamptz",
                    entries.stream().map(use -> use.getValue().atOffset(ZoneOffset.UTC).toString()).toArray());
            statement.setArray(1, ids);
            statement.setArray(2, times);
            return statement.executeUpdate();
        });
    }

    private static void setTime(PreparedStatement statement, int index, @Nullable Instant time) throws SQLException {
        statement.setObject(index, time == null ? null : time.atOffset(ZoneOffset.UTC),
                java.sql.Types.TIMESTAMP_WITH_TIMEZONE);
    }

    private static Optional<Instant> time(ResultSet row, int column) throws SQLException {
        return Optional.ofNullable(row.getObject(column, OffsetDateTime.class)).map(OffsetDateTime::toInstant);
    }
}
