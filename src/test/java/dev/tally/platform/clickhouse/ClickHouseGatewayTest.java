package dev.tally.platform.clickhouse;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import jakarta.inject.Inject;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import dev.tally.platform.clickhouse.ClickHouseException.Kind;
import dev.tally.testsupport.Fault;
import dev.tally.testsupport.FaultProxy;
import dev.tally.testsupport.NeedsClickHouse;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.quarkus.test.junit.QuarkusTest;

/** A real ClickHouse, behind a proxy that breaks connections. */
@QuarkusTest
@NeedsClickHouse
class ClickHouseGatewayTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final String ENDLESS = "SELECT count() FROM numbers(1000000000000) WHERE sipHash64(number) = 1";

    @Inject
    ClickHouseConfig configured;

    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private FaultProxy proxy;
    private ClickHouseGateway gateway;

    @BeforeEach
    void start() {
        proxy = FaultProxy.before(URI.create("http://" + configured.host().orElseThrow() + ":" + configured.port()));
        gateway = gateway(proxy.uri(), configured.password(), 60, 1000);
    }

    @AfterEach
    void stop() throws IOException {
        gateway.close();
        proxy.close();
    }

    private ClickHouseGateway gateway(URI url, Optional<String> password, int maxQuerySeconds, int maxAnswerBytes) {
        return new ClickHouseGateway(
                new Bounds(Optional.of(url), configured.username(), password, maxQuerySeconds, maxAnswerBytes),
                registry);
    }

    /** What ClickHouse is asked within. */
    private record Bounds(Optional<URI> url, Optional<String> username, Optional<String> password, int maxQuerySeconds,
            int maxAnswerBytes) implements ClickHouseConfig {
        @Override
        public Optional<String> host() {
            return url.map(URI::getHost);
        }

        @Override
        public int port() {
            return url.map(URI::getPort).orElse(8443);
        }

        @Override
        public boolean secure() {
            return false;
        }

        @Override
        public String database() {
            return "default";
        }

        @Override
        public Optional<String> cluster() {
            return Optional.empty();
        }

        @Override
        public boolean migrateAtStart() {
            return false;
        }

        @Override
        public int connectTimeoutMillis() {
            return 2000;
        }

        @Override
        public int maxMigrationSeconds() {
            return 30;
        }

        @Override
        public long maxMemoryBytes() {
            return 1L << 30;
        }

        @Override
        public int maxConcurrentQueries() {
            return 2;
        }
    }

    private static ClickHouseQuery query(String sql) {
        return new ClickHouseQuery(sql, Map.of(), Map.of());
    }

    private static ClickHouseException failure(ClickHouseGateway gateway, String sql) {
        return catchThrowableOfType(ClickHouseException.class, () -> gateway.answer(query(sql)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a", "'; DROP TABLE x --", "\"", "%s%00&a=b", "ñ服", "{b:String}", "`"})
    void bindsWhatIsGivenBesideTheStatement(String value) {
        byte[] answer = gateway
                .answer(new ClickHouseQuery("SELECT {a:String} FORMAT TSVRaw", Map.of("a", value), Map.of()));

        assertThat(new String(answer, UTF_8)).isEqualTo(value + "\n");
    }

    @Test
    void appliesSettingsToTheStatement() {
        ClickHouseQuery query = new ClickHouseQuery("SELECT number FROM numbers(10) FORMAT TSV", Map.of(),
                Map.of("max_result_rows", "3"));

        ClickHouseException failure = catchThrowableOfType(ClickHouseException.class, () -> gateway.answer(query));

        assertThat(failure.kind()).isEqualTo(Kind.REFUSED);
        assertThat(failure.code()).hasValue(396);
    }

    @Test
    void saysWithWhichCodeClickHouseRefused() {
        ClickHouseException failure = failure(gateway, "SELECT * FROM there_is_no_such_table");

        assertThat(failure.kind()).isEqualTo(Kind.REFUSED);
        assertThat(failure.code()).hasValue(60);
        assertThat(failure).hasMessage("ClickHouse refused.");
        assertThat(failure.said()).contains("there_is_no_such_table");
    }

    @Test
    void givesNothingOfAnAnswerThatFailsInItsMidst() {
        assertThat(failure(gateway, "SELECT throwIf(number = 90000) FROM numbers(100000) FORMAT TSV").kind())
                .isEqualTo(Kind.REFUSED);
    }

    @Test
    void doesNotTellItsPassword() {
        try (ClosingGateway wrong = new ClosingGateway(
                gateway(proxy.uri(), Optional.of("not the password"), 60, 1000))) {
            ClickHouseException failure = failure(wrong.gateway, "SELECT 1");

            assertThat(failure.kind()).isEqualTo(Kind.REFUSED);
            assertThat(failure).hasStackTraceContaining("ClickHouse refused");
            assertThat(failure.said()).doesNotContain("not the password");
            assertThat(failure.toString()).doesNotContain("not the password");
        }
    }

    private record ClosingGateway(ClickHouseGateway gateway) implements AutoCloseable {
        @Override
        public void close() {
            gateway.close();
        }
    }

    @Test
    void refusesAnAnswerThatIsTooLarge() {
        assertThat(gateway.answer(query("SELECT repeat('a', 999) FORMAT TSV"))).hasSize(1000);
        assertThat(failure(gateway, "SELECT repeat('a', 1000) FORMAT TSV").kind()).isEqualTo(Kind.TOO_LARGE);
    }

    @Test
    void endsWhatTakesTooLong() {
        try (ClosingGateway impatient = new ClosingGateway(gateway(proxy.uri(), configured.password(), 1, 1000))) {
            assertThat(failure(impatient.gateway, ENDLESS).kind()).isEqualTo(Kind.TIMED_OUT);
        }
    }

    @Test
    void killsAStatementThatNobodyWaitsForAnyMore() throws InterruptedException {
        CompletableFuture<ClickHouseException> failed = new CompletableFuture<>();
        Thread asking = Thread.ofPlatform().start(() -> failed.complete(failure(gateway, ENDLESS)));
        await().atMost(PATIENCE).until(() -> running() == 1);

        asking.interrupt();

        assertThat(failed.orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS).join().kind())
                .isEqualTo(Kind.INTERRUPTED);
        asking.join();
        await().atMost(PATIENCE).until(() -> running() == 0);
    }

    @Test
    void endsOnlyAfterWhatItHasToKill() throws InterruptedException {
        ClickHouseGateway closing = gateway(proxy.uri(), configured.password(), 60, 1000);
        CompletableFuture<ClickHouseException> failed = new CompletableFuture<>();
        Thread asking = Thread.ofPlatform().start(() -> failed.complete(failure(closing, ENDLESS)));
        await().atMost(PATIENCE).until(() -> running() == 1);
        CountDownLatch held = new CountDownLatch(1);
        proxy.plan(1, request -> true, Fault.first(() -> pass(held)));
        CompletableFuture<Long> heldAtItsEnd = new CompletableFuture<>();

        asking.interrupt();
        asking.join();
        Thread closer = Thread.ofPlatform().start(() -> {
            closing.close();
            heldAtItsEnd.complete(held.getCount());
        });
        await().atMost(PATIENCE).until(() -> closer.getState() != Thread.State.RUNNABLE);
        held.countDown();

        assertThat(heldAtItsEnd.orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS).join()).isZero();
        assertThat(failed.join().kind()).isEqualTo(Kind.INTERRUPTED);
        await().atMost(PATIENCE).until(() -> running() == 0);
    }

    private static void pass(CountDownLatch gate) {
        try {
            assertThat(gate.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private long running() {
        String count = new String(gateway.answer(new ClickHouseQuery(
                "SELECT count() FROM system.processes WHERE query LIKE {sql:String} FORMAT TSV",
                Map.of("sql", ENDLESS.substring(0, 40) + "%"), Map.of())), UTF_8);
        // But for this question itself.
        return Long.parseLong(count.strip());
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 20, 250})
    void saysThatItCannotBeReachedWhenAConnectionBreaks(long afterBytes) {
        proxy.plan(1, request -> true, Fault.reset(afterBytes));

        assertThat(failure(gateway, "SELECT repeat('a', 900) FORMAT TSV").kind()).isEqualTo(Kind.UNREACHABLE);
        assertThat(gateway.answer(query("SELECT 1 FORMAT TSV"))).isEqualTo("1\n".getBytes(UTF_8));
    }

    @Test
    void saysThatItIsNotConfigured() {
        ClickHouseConfig nothing = new Bounds(Optional.empty(), Optional.empty(), Optional.empty(), 1, 1000);
        try (ClosingGateway none = new ClosingGateway(new ClickHouseGateway(nothing, registry))) {
            assertThat(failure(none.gateway, "SELECT 1").kind()).isEqualTo(Kind.NOT_CONFIGURED);
        }
    }
}
