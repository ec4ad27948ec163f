package dev.tally.reports;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import dev.tally.local.GcoreStandIn;
import dev.tally.reports.GcoreException.Kind;
import dev.tally.testsupport.GcoreSteering;
import dev.tally.testsupport.SetClock;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.quarkus.test.junit.QuarkusTest;

/** In the application, because its build makes the client; the gateways are made by hand, each with bounds of its own. */
@QuarkusTest
@Timeout(60)
class GcoreGatewayTest {
    private static final ReportParameters PARAMETERS = new ReportParameters(LocalDate.of(2025, 9, 1),
            LocalDate.of(2025, 9, 25), new TreeSet<>(Set.of(11, 2362)));

    private static final int LENGTH = 64 * 1024 * 1024;

    private final SetClock clock = new SetClock(Instant.parse("2026-08-01T00:00:00Z"));
    private final GcoreStandIn standIn = new GcoreStandIn(clock, Duration.ZERO);
    private final GcoreSteering gcore = new GcoreSteering(standIn.url());
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final List<Duration> waits = new CopyOnWriteArrayList<>();
    private final List<GcoreGateway> gateways = new ArrayList<>();

    @AfterEach
    void close() {
        gateways.forEach(GcoreGateway::close);
        standIn.close();
    }

    private GcoreConfigForTests config() {
        return GcoreConfigForTests.of(standIn.url());
    }

    private GcoreGateway gateway(GcoreConfig config) {
        GcoreGateway gateway = new GcoreGateway(config, clock, registry, waits::add);
        gateways.add(gateway);
        return gateway;
    }

    private static String text(InputStream input) {
        try {
            return new String(input.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static GcoreException fault(Runnable call) {
        GcoreException fault = catchThrowableOfType(GcoreException.class, call::run);
        assertThat(fault).as("a failure").isNotNull();
        return fault;
    }

    private long requests(String operation, String outcome) {
        return registry.find("tally.gcore.requests").tags("operation", operation, "outcome", outcome).timers().stream()
                .mapToLong(timer -> timer.count()).sum();
    }

    @ParameterizedTest
    @EnumSource
    void makesAReportFollowsReadsListsAndDeletesIt(GcoreGeneration generation) {
        GcoreGateway gateway = gateway(config().withGeneration(generation));
        gcore.script("Completed", Duration.ofSeconds(10), null);

        GcoreReport report = gateway.start(PARAMETERS);
        clock.advance(Duration.ofSeconds(5));
        GcoreReport later = gateway.status(report.uuid());
        clock.advance(Duration.ofSeconds(5));
        GcoreReport completed = gateway.status(report.uuid());
        String rows = gateway.download(report.uuid(), GcoreGatewayTest::text);
        List<GcoreReport> listed = gateway.startedSince(report.createdAt());
        gateway.delete(report.uuid());

        assertThat(report.status()).isEqualTo("Pending");
        assertThat(report.parameters()).contains(PARAMETERS);
        assertThat(report.recordsToProcess()).isEmpty();
        assertThat(later.status()).isEqualTo("InProgress");
        assertThat(later.recordsToProcess()).contains(100L);
        assertThat(completed.status()).isEqualTo("Completed");
        assertThat(rows).startsWith("Client ID,").contains("829449,SDG Test 2,11,");
        assertThat(listed).containsExactly(completed);
        assertThat(fault(() -> gateway.status(report.uuid())).kind()).isEqualTo(Kind.NOT_FOUND);
        assertThat(gateway.startedSince(report.createdAt())).isEmpty();
    }

    @Test
    void saysWhatGcoreSaysOfAReport() {
        GcoreGateway gateway = gateway(config());
        gcore.script("Failed", null, null);
        gcore.script("never", null, "Queued");

        GcoreReport failed = gateway.start(PARAMETERS);
        GcoreReport strange = gateway.start(PARAMETERS);

        assertThat(failed.status()).isEqualTo("Failed");
        assertThat(failed.errors()).containsExactly("The statistics are not complete.");
        assertThat(strange.status()).isEqualTo("Queued");
    }

    @Test
    void deletesWhatIsNotThere() {
        gateway(config()).delete(UUID.randomUUID());

        assertThat(gcore.count("delete")).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void findsTheFeaturesOfEachProductInOneFetch(boolean asArray) {
        gcore.option("featuresAsArray", asArray);
        gcore.option("featuresPageSize", 5);
        GcoreGateway gateway = gateway(config());

        assertThat(gateway.features(Product.CDN)).containsExactly(1, 2, 3, 4);
        assertThat(gateway.features(Product.CLOUD)).containsExactly(11, 12, 2362, 2363);
        assertThat(gateway.features(Product.WAAP)).containsExactly(501, 502);
        assertThat(gcore.count("features")).isEqualTo(asArray ? 1 : 3);
    }

    @Test
    void hasNoFeaturesOfAProductWithout() {
        gcore.option("productsWithoutFeatures", List.of("WAAP"));

        assertThat(gateway(config()).features(Product.WAAP)).isEmpty();
    }

    @Test
    void fetchesFeaturesOnceForAllWhoAskAndAgainWhenTheyAreOld() throws Exception {
        gcore.delay("features", Duration.ofMillis(300), 1);
        GcoreGateway gateway = gateway(config());

        atOnce(100, () -> assertThat(gateway.features(Product.CDN)).hasSize(4));
        long first = gcore.count("features");
        clock.advance(Duration.ofSeconds(61));
        gateway.features(Product.CLOUD);

        assertThat(first).isEqualTo(1);
        assertThat(gcore.count("features")).isEqualTo(2);
    }

    @Test
    void takesNoPartOfTheFeaturesForTheWhole() {
        gcore.option("featuresPageSize", 5);
        GcoreGateway gateway = gateway(config().withMaxListPages(2));

        assertThat(fault(() -> gateway.features(Product.CDN)).kind()).isEqualTo(Kind.UNAVAILABLE);
    }

    @ParameterizedTest
    @CsvSource({"7, PT7S", "'Sat, 01 Aug 2026 00:00:20 GMT', PT20S"})
    void waitsAsLongAsGcoreWants(String retryAfter, Duration wait) {
        gcore.answer("features", 429, retryAfter, 1);
        gcore.answer("features", 503, retryAfter, 1);

        assertThat(gateway(config()).features(Product.CDN)).hasSize(4);

        assertThat(waits).containsExactly(wait, wait);
        assertThat(requests("features", "limited")).isEqualTo(1);
        assertThat(requests("features", "failed")).isEqualTo(1);
        assertThat(requests("features", "ok")).isEqualTo(1);
    }

    @Test
    void backsOffWhenGcoreNamesNoTimeAndGivesUpAfterThreeTries() {
        gcore.answer("list", 502, null, 0);

        GcoreException fault = fault(() -> gateway(config()).startedSince(clock.instant()));

        assertThat(fault.kind()).isEqualTo(Kind.UNAVAILABLE);
        assertThat(gcore.count("list")).isEqualTo(3);
        assertThat(waits).hasSize(2)
                .allSatisfy(wait -> assertThat(wait).isBetween(Duration.ofSeconds(1), Duration.ofSeconds(5)));
    }

    @Test
    void doesNotWaitLongerThanItsBound() {
        gcore.answer("delete", 429, "31", 0);

        GcoreException fault = fault(() -> gateway(config()).delete(UUID.randomUUID()));

        assertThat(fault.kind()).isEqualTo(Kind.UNAVAILABLE);
        assertThat(fault.retryAfter()).contains(Duration.ofSeconds(31));
        assertThat(waits).isEmpty();
        assertThat(gcore.count("delete")).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(ints = {429, 500, 503})
    void asksForAStatusOnceAndSaysWhenToAskAgain(int status) {
        GcoreGateway gateway = gateway(config());
        gcore.answer("status", status, "12", 0);

        GcoreException fault = fault(() -> gateway.status(UUID.randomUUID()));

        assertThat(fault.kind()).isEqualTo(Kind.UNAVAILABLE);
        assertThat(fault.retryAfter()).contains(Duration.ofSeconds(12));
        assertThat(gcore.count("status")).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"hang", "stall"})
    void doesNotWaitForAStatusThatDoesNotCome(String kind) {
        GcoreGateway gateway = gateway(config().withRequestTimeoutSeconds(1));
        GcoreReport report = gateway.start(PARAMETERS);
        if (kind.equals("hang")) {
            gcore.hang("status", Duration.ofMinutes(1), 0);
        } else {
            gcore.stall("status", Duration.ofMinutes(1), 0);
        }

        GcoreException fault = fault(() -> gateway.status(report.uuid()));

        assertThat(fault.kind()).isEqualTo(Kind.UNAVAILABLE);
        assertThat(fault.mayHaveHappened()).isFalse();
        assertThat(requests("status", kind.equals("hang") ? "timed_out" : "failed")).isEqualTo(1);
    }

    @Test
    void triesToStartAgainOnlyWhenNothingHappened() {
        gcore.answer("start", 429, "2", 2);

        GcoreReport report = gateway(config()).start(PARAMETERS);

        assertThat(gcore.journal().path("reports")).hasSize(1);
        assertThat(gcore.report(report.uuid())).isPresent();
        assertThat(waits).containsExactly(Duration.ofSeconds(2), Duration.ofSeconds(2));
    }

    @ParameterizedTest
    @ValueSource(strings = {"lost", "cut", "cutChunks", "500", "503", "hang"})
    void saysThatAReportMayHaveBeenStarted(String kind) {
        GcoreGateway gateway = gateway(config().withRequestTimeoutSeconds(1));
        switch (kind) {
            case "lost" -> gcore.lose("start", 0);
            case "cut" -> gcore.cut("start", 0);
            case "cutChunks" -> gcore.cutChunks("start", 0);
            case "hang" -> gcore.hang("start", Duration.ofMinutes(1), 0);
            default -> gcore.answer("start", Integer.parseInt(kind), "1", 0);
        }

        GcoreException fault = fault(() -> gateway.start(PARAMETERS));

        assertThat(fault.kind()).isEqualTo(Kind.UNAVAILABLE);
        assertThat(fault.mayHaveHappened()).isTrue();
        assertThat(gcore.count("start")).isEqualTo(1);
        assertThat(waits).isEmpty();
    }

    @Test
    void findsTheReportWhoseAnswerWasLost() {
        GcoreGateway gateway = gateway(config());
        Instant before = clock.instant();
        gcore.lose("start", 1);
        fault(() -> gateway.start(PARAMETERS));

        List<GcoreReport> started = gateway.startedSince(before);

        assertThat(started).singleElement()
                .satisfies(report -> assertThat(report.parameters()).contains(PARAMETERS));
    }

    @Test
    void startsNothingAtAServerThatIsNotThere() throws IOException {
        int port;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = socket.getLocalPort();
        }
        GcoreConfig config = GcoreConfigForTests.of("http://127.0.0.1:" + port).withApiToken("any");

        GcoreException fault = fault(() -> gateway(config).start(PARAMETERS));

        assertThat(fault.kind()).isEqualTo(Kind.UNAVAILABLE);
        assertThat(fault.mayHaveHappened()).isFalse();
        assertThat(fault).message().doesNotContain("127.0.0.1");
        assertThat(waits).hasSize(2);
        assertThat(requests("start", "failed")).isEqualTo(3);
    }

    @Test
    void saysThatAReportWasRefused() {
        ReportParameters unknown = new ReportParameters(PARAMETERS.dateFrom(), PARAMETERS.dateTo(),
                new TreeSet<>(Set.of(99)));

        GcoreException fault = fault(() -> gateway(config()).start(unknown));

        assertThat(fault.kind()).isEqualTo(Kind.REFUSED);
        assertThat(fault.mayHaveHappened()).isFalse();
        assertThat(requests("start", "refused")).isEqualTo(1);
    }

    @Test
    void readsTheListUntilItIsOlder() {
        GcoreGateway gateway = gateway(config());
        List<UUID> uuids = new ArrayList<>();
        for (int index = 0; index < 350; index++) {
            uuids.addFirst(gateway.start(PARAMETERS).uuid());
            clock.advance(Duration.ofSeconds(1));
        }

        List<GcoreReport> started = gateway.startedSince(clock.instant().minusSeconds(150));

        assertThat(started).extracting(GcoreReport::uuid).containsExactlyElementsOf(uuids.subList(0, 150));
        assertThat(gcore.count("list")).isEqualTo(2);
    }

    @Test
    void takesNoPartOfTheListForTheWhole() {
        GcoreGateway gateway = gateway(config().withMaxListPages(2));
        Instant before = clock.instant();
        for (int index = 0; index < 201; index++) {
            gateway.start(PARAMETERS);
        }

        GcoreException fault = fault(() -> gateway.startedSince(before));

        assertThat(fault.kind()).isEqualTo(Kind.UNAVAILABLE);
        assertThat(gcore.count("list")).isEqualTo(2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"cut", "cutChunks", "stall"})
    void neverTakesABrokenDownloadForAShortOne(String kind) {
        GcoreGateway gateway = gateway(config().withRequestTimeoutSeconds(1));
        GcoreReport report = gateway.start(PARAMETERS);
        switch (kind) {
            case "cut" -> gcore.cut("download", 0);
            case "cutChunks" -> gcore.cutChunks("download", 0);
            default -> gcore.stall("download", Duration.ofMinutes(1), 0);
        }

        GcoreException toThoseWhoCare = fault(() -> gateway.download(report.uuid(), GcoreGatewayTest::text));
        GcoreException toThoseWhoDoNot = fault(() -> gateway.download(report.uuid(), GcoreGatewayTest::careless));

        assertThat(toThoseWhoCare.kind()).isEqualTo(Kind.UNAVAILABLE);
        assertThat(toThoseWhoDoNot.kind()).isEqualTo(Kind.UNAVAILABLE);
        assertThat(requests("download", "failed")).isEqualTo(2);
    }

    /** How many bytes came; it does not care whether they are all. */
    private static long careless(InputStream input) {
        byte[] buffer = new byte[8192];
        long bytes = 0;
        try {
            for (int read = input.read(buffer); read >= 0; read = input.read(buffer)) {
                bytes += read;
            }
        } catch (IOException _) {
            return bytes;
        }
        return bytes;
    }

    @Test
    void doesNotTakeAnAnswerOfWhichNobodyKnowsWhereItEnds() throws Exception {
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Thread answering = Thread.ofVirtual().start(() -> answerWithoutAnEnd(server));
            GcoreGateway gateway = gateway(
                    GcoreConfigForTests.of("http://127.0.0.1:" + server.getLocalPort()).withApiToken("any"));

            GcoreException fault = fault(() -> gateway.download(UUID.randomUUID(), GcoreGatewayTest::text));

            assertThat(fault.kind()).isEqualTo(Kind.UNAVAILABLE);
            answering.join();
        }
    }

    private static void answerWithoutAnEnd(ServerSocket server) {
        try (var socket = server.accept()) {
            byte[] request = new byte[1024];
            assertThat(socket.getInputStream().read(request)).isPositive();
            socket.getOutputStream()
                    .write("HTTP/1.1 200 OK\r\nContent-Type: text/csv\r\nConnection: close\r\n\r\nClient"
                            .getBytes(StandardCharsets.US_ASCII));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void readsALargeReportWhileItComes() {
        gcore.option("rows", 300_000);
        GcoreGateway gateway = gateway(config());
        GcoreReport report = gateway.start(PARAMETERS);

        long bytes = gateway.download(report.uuid(), GcoreGatewayTest::careless);

        assertThat(bytes).isGreaterThan(9_000_000);
    }

    @Test
    void readsNoFasterThanItsReader() throws Exception {
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            AtomicLong sent = new AtomicLong();
            Thread answering = Thread.ofVirtual().start(() -> answerAtLength(server, sent));
            GcoreGateway gateway = gateway(
                    GcoreConfigForTests.of("http://127.0.0.1:" + server.getLocalPort()).withApiToken("any"));

            long sentWhileWaiting = gateway.download(UUID.randomUUID(), input -> {
                long before = settled(sent);
                assertThat(careless(input)).isEqualTo(LENGTH);
                return before;
            });

            assertThat(sentWhileWaiting).isPositive().isLessThan(LENGTH / 2);
            answering.join();
        }
    }

    /** Its value once it does not grow any more. */
    private static long settled(AtomicLong sent) {
        AtomicLong last = new AtomicLong(-1);
        await().pollInterval(Duration.ofMillis(300)).until(() -> {
            long now = sent.get();
            return now > 0 && last.getAndSet(now) == now;
        });
        return sent.get();
    }

    private static void answerAtLength(ServerSocket server, AtomicLong sent) {
        try (var socket = server.accept()) {
            byte[] bytes = new byte[LENGTH / 1024];
            assertThat(socket.getInputStream().read(bytes)).isPositive();
            socket.getOutputStream().write(("HTTP/1.1 200 OK\r\nContent-Type: text/csv\r\nContent-Length: " + LENGTH
                    + "\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
            while (sent.get() < LENGTH) {
                socket.getOutputStream().write(bytes);
                sent.addAndGet(bytes.length);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {400, 404, 429, 500})
    void keepsNoConnectionOfARefusedDownload(int status) {
        GcoreGateway gateway = gateway(config().withMaxConcurrentRequests(1).withRequestTimeoutSeconds(5));
        GcoreReport report = gateway.start(PARAMETERS);
        gcore.answer("download", status, null, 3);

        for (int index = 0; index < 3; index++) {
            fault(() -> gateway.download(report.uuid(), GcoreGatewayTest::text));
        }

        assertThat(gateway.status(report.uuid()).status()).isEqualTo("Completed");
    }

    @Test
    void givesAReadersOwnFaultAsItIs() {
        GcoreGateway gateway = gateway(config());
        GcoreReport report = gateway.start(PARAMETERS);

        assertThatThrownBy(() -> gateway.download(report.uuid(), _ -> {
            throw new IllegalStateException("of the reader");
        })).isInstanceOf(IllegalStateException.class).hasMessage("of the reader");
    }

    @Test
    void saysThatAReportCannotBeRendered() {
        GcoreGateway gateway = gateway(config());
        GcoreReport report = gateway.start(PARAMETERS);
        gcore.option("renderingFails", true);

        assertThat(fault(() -> gateway.download(report.uuid(), GcoreGatewayTest::text)).kind())
                .isEqualTo(Kind.REFUSED);
    }

    @Test
    void leavesAFailingGcoreAloneAndFindsItWellAgain() {
        GcoreGateway gateway = gateway(config().withBreaker(4, 300));
        GcoreReport report = gateway.start(PARAMETERS);
        gcore.answer("status", 500, null, 4);
        for (int index = 0; index < 4; index++) {
            fault(() -> gateway.status(report.uuid()));
        }
        long asked = gcore.count("status");

        GcoreException fault = fault(() -> gateway.start(PARAMETERS));

        assertThat(fault.kind()).isEqualTo(Kind.UNAVAILABLE);
        assertThat(fault.mayHaveHappened()).isFalse();
        assertThat(fault.retryAfter()).isPresent();
        assertThat(gcore.count("status")).isEqualTo(asked);
        assertThat(gcore.count("start")).isEqualTo(1);
        await().atMost(Duration.ofSeconds(20)).ignoreExceptions()
                .until(() -> gateway.status(report.uuid()).status().equals("Completed"));
        assertThat(registry.get("tally.gcore.breaker.open").gauge().value()).isZero();
    }

    @Test
    void doesNotTakeRefusalsAndLimitsForAFailingGcore() {
        GcoreGateway gateway = gateway(config().withBreaker(4, 60_000));
        GcoreReport report = gateway.start(PARAMETERS);
        gcore.answer("status", 429, null, 5);
        gcore.answer("status", 404, null, 5);
        for (int index = 0; index < 10; index++) {
            fault(() -> gateway.status(report.uuid()));
        }

        assertThat(gateway.status(report.uuid()).status()).isEqualTo("Completed");
    }

    @Test
    void asksNoMoreAtOnceThanItsBound() throws Exception {
        GcoreGateway gateway = gateway(config().withMaxConcurrentRequests(2).withRequestTimeoutSeconds(1));
        GcoreReport report = gateway.start(PARAMETERS);
        gcore.hang("status", Duration.ofMinutes(1), 0);
        List<GcoreException> faults = new CopyOnWriteArrayList<>();

        atOnce(6, () -> faults.add(fault(() -> gateway.status(report.uuid()))));

        assertThat(faults).hasSize(6).allSatisfy(fault -> assertThat(fault.kind()).isEqualTo(Kind.UNAVAILABLE));
        assertThat(gcore.count("status")).isLessThan(6);
    }

    static void atOnce(int times, Runnable call) throws Exception {
        try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> calls = new ArrayList<>();
            for (int index = 0; index < times; index++) {
                calls.add(executor.submit(call));
            }
            for (Future<?> made : calls) {
                made.get();
            }
        }
    }
}
