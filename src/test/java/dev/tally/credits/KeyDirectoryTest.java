package dev.tally.credits;

import static dev.tally.testsupport.Within.within;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.net.URI;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.IntStream;

import javax.sql.DataSource;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import dev.tally.platform.postgres.EventLoopPool;
import dev.tally.platform.postgres.PoolsForTests;
import dev.tally.platform.postgres.Statements;
import dev.tally.platform.problem.DatabaseException;
import dev.tally.platform.security.Consumer;
import dev.tally.testsupport.LinkFault;
import dev.tally.testsupport.ScratchDatabase;
import dev.tally.testsupport.SetClock;
import dev.tally.testsupport.TcpProxy;

/** Directories as two processes have them, on one database. */
@Timeout(120)
class KeyDirectoryTest {
    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final Duration SOON = Duration.ofSeconds(20);
    private static final String NAME = "tally_keys";
    private static final SecureRandom RANDOM = new SecureRandom();

    private static final DataSource DATABASE = ScratchDatabase.create(NAME);
    private static final String URL = ScratchDatabase.url(NAME);
    private static final EventLoopPool POOL = PoolsForTests.of(URL);

    private final SetClock clock = new SetClock(Instant.parse("2024-01-01T00:00:00Z"));
    private final KeyUses uses = new KeyUses(new KeyQueries(new Statements(DATABASE)), new Config());
    private final KeyDirectory one = directory(URL);
    private final KeyDirectory two = directory(URL);
    private long userId;

    @BeforeEach
    void createUser() throws SQLException {
        userId = Long.parseLong(run("INSERT INTO users (name, email) VALUES ('John', gen_random_uuid() || '@b.example')"
                + " RETURNING id"));
    }

    @AfterEach
    void endListeners() {
        PoolsForTests.closeChannels();
    }

    @Test
    void findsWhoseKeyItIs() throws SQLException {
        String key = key();
        run("UPDATE users SET is_admin = true, scopes = '{calls,reports}' WHERE id = " + userId + " RETURNING id");

        Consumer found = find(one, key).orElseThrow();

        assertThat(found.userId()).isEqualTo(userId);
        assertThat(found.admin()).isTrue();
        assertThat(found.scopes()).containsExactlyInAnyOrder("calls", "reports");
        assertThat(found.getName()).isEqualTo("user:" + userId);
        assertThat(find(one, ApiKey.generate(RANDOM).text())).isEmpty();
    }

    @Test
    void remembersAKeyWhileItHearsOfRevocations() throws Exception {
        String key = key();

        awaitRemembered(one, key);

        assertThat(find(one, key)).isPresent();
    }

    @Test
    void refusesARevokedKeyWithinASecondInEveryProcess() throws Exception {
        String key = key();
        awaitRemembered(one, key);
        awaitRemembered(two, key);

        revoke(key);

        awaitRefused(one, key);
        awaitRefused(two, key);
    }

    @Test
    void takesScopesAwayWithinASecond() throws Exception {
        run("UPDATE users SET scopes = '{calls}' WHERE id = " + userId + " RETURNING id");
        String key = key();
        awaitRemembered(one, key);

        run("UPDATE users SET scopes = '{}' WHERE id = " + userId + " RETURNING id");

        within(SECOND, () -> find(one, key).orElseThrow().scopes().isEmpty());
    }

    @Test
    void refusesARevokedKeyWithinASecondAlsoWhenNothingIsHeardAndNobodySaysSo() throws Exception {
        try (TcpProxy proxy = proxy()) {
            KeyDirectory behind = directory(url(proxy));
            String key = key();
            awaitRemembered(behind, key);

            proxy.suffer(LinkFault.silence());
            revoke(key);

            awaitRefused(behind, key);
            String next = key();
            assertThat(find(behind, next)).isPresent();
            proxy.recover();
            awaitRemembered(behind, next);
        }
    }

    @Test
    void refusesARevokedKeyWithinASecondAlsoWhenItsConnectionIsCut() throws Exception {
        try (TcpProxy proxy = proxy()) {
            KeyDirectory behind = directory(url(proxy));
            String key = key();
            String other = key();
            awaitRemembered(behind, key);

            proxy.cut();
            revoke(key);

            awaitRefused(behind, key);
            awaitRemembered(behind, other);
        }
    }

    @Test
    void neverRemembersAKeyThatIsRevokedWhileItIsLookedUp() throws Exception {
        awaitRemembered(one, key());
        List<String> keys = IntStream.range(0, 200).mapToObj(_ -> key()).toList();
        List<CompletableFuture<Optional<Consumer>>> lookUps = new ArrayList<>();

        for (String key : keys) {
            lookUps.add(one.find(key).subscribeAsCompletionStage());
            revoke(key);
        }

        lookUps.forEach(CompletableFuture::join);
        within(SECOND, () -> keys.stream().allMatch(key -> find(one, key).isEmpty()));
    }

    @Test
    void looksAKeyUpOnceForAllWhoAskAtOnce() throws Exception {
        String key = key();
        List<CompletableFuture<Optional<Consumer>>> asked = new ArrayList<>();
        try (Connection lock = lockedKeys()) {
            for (int i = 0; i < 20; i++) {
                asked.add(one.find(key).subscribeAsCompletionStage());
            }
            await().atMost(SOON).until(() -> waiting() > 0);

            assertThat(waiting()).isEqualTo(1);
            lock.rollback();
        }

        assertThat(asked).allSatisfy(each -> assertThat(each.join()).isPresent());
    }

    @Test
    void refusesAKeyFromItsEndOn() throws Exception {
        String key = key();
        run("UPDATE api_keys SET expires_at = '2024-01-01T00:00:10Z' WHERE user_id = " + userId + " RETURNING id");
        awaitRemembered(one, key);

        clock.advance(Duration.ofMillis(9_999));
        assertThat(find(one, key)).isPresent();
        clock.advance(Duration.ofMillis(1));

        assertThat(find(one, key)).isEmpty();
        assertThat(find(two, key)).isEmpty();
    }

    @Test
    void saysOfAKeyOnlyAfterALookUpThatItWasGood() throws Exception {
        String key = key();
        assertThat(one.wasGood(key)).isFalse();
        assertThat(find(one, key)).isPresent();
        assertThat(one.wasGood(key)).isTrue();
        assertThat(two.wasGood(key)).isFalse();

        revoke(key);

        awaitRefused(one, key);
        assertThat(one.wasGood(key)).isFalse();
    }

    @Test
    void saysOfNoKeyThatCouldBeGuessedThatItWasGood() throws Exception {
        run("INSERT INTO api_keys (user_id, api_key) VALUES (" + userId + ", '" + ApiKey.sha256Hex("chosen-" + userId)
                + "') RETURNING id");

        assertThat(find(one, "chosen-" + userId)).isPresent();

        assertThat(one.wasGood("chosen-" + userId)).isFalse();
    }

    @Test
    void letsNobodyInWhenTheDatabaseDoesNotAnswer() throws Exception {
        String key = key();
        TcpProxy proxy = proxy();
        KeyDirectory cut = directory(URL, PoolsForTests.of(url(proxy)));
        assertThat(find(cut, key)).isPresent();

        proxy.close();

        assertThatThrownBy(() -> find(cut, key()))
                .isInstanceOf(CompletionException.class).hasCauseInstanceOf(DatabaseException.class);
    }

    @Test
    void writesTheLastUsesTogether() throws Exception {
        String used = key();
        String unused = key();
        assertThat(find(one, used)).isPresent();
        clock.advance(Duration.ofSeconds(5));
        assertThat(find(one, used)).isPresent();
        long earlier = clock.instant().getEpochSecond();

        uses.write();

        assertThat(lastUse(used)).isEqualTo(Long.toString(earlier));
        assertThat(lastUse(unused)).isEqualTo("null");
        uses.note(Long.parseLong(run("SELECT id FROM api_keys WHERE api_key = '" + ApiKey.sha256Hex(used) + "'")),
                Instant.EPOCH);
        uses.write();
        assertThat(lastUse(used)).isEqualTo(Long.toString(earlier));
    }

    private static String lastUse(String key) throws SQLException {
        return run("SELECT extract(epoch FROM last_used_at)::bigint FROM api_keys WHERE api_key = '"
                + ApiKey.sha256Hex(key) + "'");
    }

    private KeyDirectory directory(String listenAt) {
        return directory(listenAt, POOL);
    }

    private KeyDirectory directory(String listenAt, EventLoopPool lookUps) {
        return new KeyDirectory(new KeyLookUpQueries(lookUps), uses, PoolsForTests.channels(listenAt), new Config(),
                clock);
    }

    private static TcpProxy proxy() {
        URI server = URI.create(URL.substring("jdbc:".length()));
        return TcpProxy.before(server.getHost(), server.getPort());
    }

    private static String url(TcpProxy proxy) {
        return "jdbc:postgresql://127.0.0.1:" + proxy.port() + "/" + NAME;
    }

    private String key() {
        ApiKey key = ApiKey.generate(RANDOM);
        try {
            run("INSERT INTO api_keys (user_id, api_key) VALUES (" + userId + ", '" + key.sha256Hex()
                    + "') RETURNING id");
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
        return key.text();
    }

    private static void revoke(String key) throws SQLException {
        run("UPDATE api_keys SET revoked_at = now() WHERE api_key = '" + ApiKey.sha256Hex(key) + "' RETURNING id");
    }

    private static Optional<Consumer> find(KeyDirectory directory, String key) {
        return directory.find(key).subscribeAsCompletionStage().join();
    }

    private static void awaitRefused(KeyDirectory directory, String key) {
        within(SECOND, () -> find(directory, key).isEmpty());
    }

    /** Until it is found while the database does not say anything of keys. */
    private static void awaitRemembered(KeyDirectory directory, String key) {
        await().atMost(SOON).until(() -> {
            assertThat(find(directory, key)).isPresent();
            try (Connection lock = lockedKeys()) {
                CompletableFuture<Optional<Consumer>> asked = directory.find(key).subscribeAsCompletionStage();
                try {
                    return asked.get(100, TimeUnit.MILLISECONDS).isPresent();
                } catch (TimeoutException | ExecutionException e) {
                    return false;
                } finally {
                    lock.rollback();
                }
            }
        });
    }

    private static Connection lockedKeys() throws SQLException {
        Connection lock = DATABASE.getConnection();
        lock.setAutoCommit(false);
        try (Statement statement = lock.createStatement()) {
            statement.execute("LOCK TABLE api_keys IN ACCESS EXCLUSIVE MODE");
        }
        return lock;
    }

    private static int waiting() throws SQLException {
        return Integer.parseInt(run("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
                + " AND wait_event_type = 'Lock'"));
    }

    private static String run(String sql) throws SQLException {
        try (Connection connection = DATABASE.getConnection();
                Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery(sql)) {
            result.next();
            return String.valueOf(result.getString(1));
        }
    }

    private record Config() implements KeysConfig {
        @Override
        public int rememberedEntries() {
            return 1_000;
        }

        @Override
        public int rememberedSeconds() {
            return 30;
        }

        @Override
        public int heartbeatMillis() {
            return 300;
        }

        @Override
        public int maxSilenceMillis() {
            return 900;
        }

        @Override
        public int maxSharedMillis() {
            return 500;
        }

        @Override
        public int maxEndedPerUser() {
            return 10;
        }

        @Override
        public int maxUses() {
            return 1_000;
        }

        @Override
        public int maxLifetimeDays() {
            return 3_650;
        }

        @Override
        public int maxGraceDays() {
            return 30;
        }
    }
}
