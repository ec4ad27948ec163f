package dev.tally.analytics;

import static dev.tally.analytics.TestStore.dataset;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import dev.tally.platform.problem.ProblemCode;
import dev.tally.platform.problem.ProblemException;
import dev.tally.testsupport.Fault;
import dev.tally.testsupport.FaultProxy;

class ObjectPartsTest {
    private static final StoreConfigForTests SMALL = StoreConfigForTests.SMALL;
    private static final Engine.Progress NOBODY = bytes -> {};
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final byte[] BYTES = bytes(10_500, 1);
    private static TestStore s3;
    private static AnalyticsStore store;
    private StoredObject object;

    @BeforeAll
    static void start() {
        s3 = new TestStore();
        store = s3.with(SMALL);
    }

    @AfterAll
    static void stop() throws IOException {
        s3.close();
    }

    @BeforeEach
    void put() {
        s3.proxy.reset();
        s3.registry.clear();
        s3.put("parts.csv", BYTES);
        object = store.find(dataset("parts.csv")).getFirst();
        s3.proxy.reset();
    }

    static byte[] bytes(int length, long seed) {
        byte[] bytes = new byte[length];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }

    private static byte[] rest(long from) {
        return Arrays.copyOfRange(BYTES, (int) from, BYTES.length);
    }

    /** All that comes, each part released when the next one is asked for. */
    static byte[] read(ObjectParts parts) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (Optional<ObjectParts.Part> part = parts.next(); part.isPresent(); part = parts.next()) {
            bytes.write(part.get().bytes(), 0, part.get().length());
            part.get().release();
        }
        return bytes.toByteArray();
    }

    private byte[] read(StoreConfig config, long from) {
        try (ObjectParts parts = s3.with(config).open(object, from, NOBODY)) {
            return read(parts);
        }
    }

    private ProblemException readFails(StoreConfig config) {
        ProblemException problem = catchThrowableOfType(ProblemException.class, () -> read(config, 0));
        assertThat(problem).isNotNull();
        return problem;
    }

    private static List<String> ranges() {
        return s3.proxy.requests().stream().map(FaultProxy.Request::range).toList();
    }

    private static void fault(int times, String range, Fault fault) {
        s3.proxy.plan(times, it -> it.range().equals(range), fault);
    }

    @Test
    void givesTheObjectInOrderAndEachPartOnce() {
        AtomicLong told = new AtomicLong();
        List<Integer> indexes = new ArrayList<>();
        List<Long> offsets = new ArrayList<>();
        try (ObjectParts parts = store.open(object, 2500, told::addAndGet)) {
            for (Optional<ObjectParts.Part> part = parts.next(); part.isPresent(); part = parts.next()) {
                indexes.add(part.get().index());
                offsets.add(part.get().offset());
                part.get().release();
            }
            assertThat(parts.next()).isEmpty();
        }

        assertThat(indexes).containsExactly(0, 1, 2, 3, 4, 5, 6, 7);
        assertThat(offsets).containsExactly(2500L, 3500L, 4500L, 5500L, 6500L, 7500L, 8500L, 9500L);
        assertThat(told).hasValue(8000);
        assertThat(ranges()).hasSize(8).contains("2500-3499", "9500-10499");
        assertThat(s3.proxy.requests()).extracting(FaultProxy.Request::ifMatch).containsOnly(object.etag());
        assertThat(s3.registry.get("tally.analytics.store.bytes").counter().count()).isEqualTo(8000);
        assertThat(s3.requests("get", "ok")).isEqualTo(8);
    }

    @Test
    void givesTheSameBytesWhateverTheParts() {
        for (int partBytes : List.of(1, 7, 1000, 10_499, 10_500, 10_501, 1_000_000)) {
            long from = partBytes < 10 ? 10_450 : 0;
            assertThat(read(SMALL.withPartBytes(partBytes), from)).isEqualTo(rest(from));
        }
    }

    @Test
    void asksNothingWhereNothingIsLeft() {
        assertThat(read(SMALL, 10_500)).isEmpty();
        assertThat(ranges()).isEmpty();
        assertThatExceptionOfType(IllegalArgumentException.class).isThrownBy(() -> read(SMALL, 10_501));
        assertThatExceptionOfType(IllegalArgumentException.class).isThrownBy(() -> read(SMALL, -1));
    }

    @Test
    void asksAgainOnlyForWhatIsMissing() {
        fault(1, "3000-3999", Fault.cutBody(300));
        fault(1, "3300-3999", Fault.resetBody(200));

        assertThat(read(SMALL, 0)).isEqualTo(BYTES);

        // An RST may overtake what was sent before it.
        assertThat(ranges()).hasSize(13).contains("3300-3999");
        assertThat(ranges().stream().filter(it -> it.endsWith("-3999"))).hasSize(3);
        assertThat(s3.requests("get", "failed")).isEqualTo(2);
    }

    @Test
    void bearsWhatMayBreakAtAnyPlace() {
        List<Fault> faults = List.of(Fault.cut(0), Fault.cut(1), Fault.cut(30), Fault.reset(0), Fault.reset(30),
                Fault.cutBody(0), Fault.cutBody(1), Fault.cutBody(300), Fault.resetBody(0), Fault.resetBody(300),
                Fault.hang(0), Fault.hang(30), Fault.hangBody(0), Fault.hangBody(300), Fault.status(500),
                Fault.status(503), Fault.status(429), Fault.answer("nonsense\r\n\r\n", BYTES),
                Fault.answer("HTTP/1.1 2", new byte[0]));
        for (Fault fault : faults) {
            s3.proxy.plan(1, it -> it.range().endsWith("-2999"), fault);
        }

        assertThat(read(SMALL.withMaxTries(faults.size() + 1), 0)).isEqualTo(BYTES);
        assertThat(ranges().stream().filter(it -> it.endsWith("-2999"))).hasSize(faults.size() + 1);
        assertThat(s3.requests("get", "timed_out")).isEqualTo(4);
    }

    @Test
    void bearsConnectionsThatAreClosedAtOnce() {
        s3.proxy.refuse(2);

        assertThat(read(SMALL.withMaxTries(5), 0)).isEqualTo(BYTES);
    }

    @Test
    void endsWhenThePartBreaksTooOften() {
        s3.proxy.plan(100, it -> it.range().endsWith("-3999"), Fault.cutBody(1));

        ProblemException problem = readFails(SMALL);

        assertThat(problem.code()).isEqualTo(ProblemCode.STORE_UNAVAILABLE);
        assertThat(problem.detail()).contains("parts.csv").doesNotContain("127.0.0.1");
        assertThat(ranges().stream().filter(it -> it.endsWith("-3999"))).containsExactly("3000-3999", "3001-3999",
                "3002-3999");
    }

    @Test
    void endsWhenTheStoreHangs() {
        s3.proxy.plan(100, it -> true, Fault.hangBody(10));

        assertThat(readFails(SMALL).detail()).contains("in time");
    }

    @Test
    void endsWhenTheStoreIsNeverSilentAndNeverReady() {
        s3.proxy.plan(100, it -> true, Fault.slowBody());

        assertThat(readFails(SMALL.withMaxRequestMillis(200)).code()).isEqualTo(ProblemCode.STORE_UNAVAILABLE);
        assertThat(s3.requests("get", "timed_out")).isPositive();
    }

    @Test
    void waitsForASlowStoreThatIsNotSilent() {
        s3.proxy.plan(100, it -> true, Fault.slowBody());

        assertThat(read(SMALL.withPartBytes(100), 10_400)).isEqualTo(rest(10_400));
    }

    @Test
    void saysThatItMayNotRead() {
        fault(1, "2000-2999", Fault.status(403));

        assertThat(readFails(SMALL).code()).isEqualTo(ProblemCode.STORE_REFUSED);
    }

    private static Fault answer(String status, String headers, byte[] body) {
        return Fault.answer("HTTP/1.1 " + status + "\r\n" + headers + "Connection: close\r\n\r\n", body);
    }

    private static String headers(String etag, String range, int length) {
        return "ETag: " + etag + "\r\nContent-Range: " + range + "\r\nContent-Length: " + length + "\r\n";
    }

    @Test
    void takesNoAnswerThatIsAboutOtherBytes() {
        byte[] others = bytes(1000, 2);
        byte[] more = bytes(1001, 2);
        String etag = object.etag();
        List<Fault> faults = List.of(
                answer("206 Partial", headers(etag, "bytes 0-999/10500", 1000), others),
                answer("206 Partial", headers(etag, "bytes 2000-3000/10500", 1001), more),
                answer("206 Partial", headers(etag, "bytes 2000-2999/10501", 1000), others),
                answer("206 Partial", headers(etag, "bytes 2000-2999/10500", 1001), more),
                answer("206 Partial", headers(etag, "bytes 2000-2999/10500", 999), bytes(999, 2)),
                answer("206 Partial", "ETag: " + etag + "\r\nContent-Length: 1000\r\n", others),
                answer("206 Partial", "Content-Range: bytes 2000-2999/10500\r\nContent-Length: 1000\r\n", others),
                // No length: the end of the connection is the end.
                answer("206 Partial", "ETag: " + etag + "\r\nContent-Range: bytes 2000-2999/10500\r\n", more),
                answer("200 OK", "ETag: " + etag + "\r\nContent-Length: 10500\r\n", bytes(10_500, 2)),
                answer("204 No Content", headers(etag, "bytes 2000-2999/10500", 0), new byte[0]));
        for (Fault fault : faults) {
            fault(1, "2000-2999", fault);
        }

        assertThat(read(SMALL.withMaxTries(faults.size() + 1), 0)).isEqualTo(BYTES);

        assertThat(s3.requests("get", "failed")).isEqualTo(faults.size());
    }

    @Test
    void takesTheWholeObjectFromAStoreWithoutRangesOnlyWhenItIsOnePart() {
        String head = "ETag: " + object.etag() + "\r\nContent-Length: 10500\r\n";
        s3.proxy.plan(1, it -> true, Fault.cutBody(100));
        s3.proxy.plan(100, it -> true, answer("200 OK", head, BYTES));

        assertThat(read(SMALL.withPartBytes(20_000), 0)).isEqualTo(BYTES);
        assertThat(ranges()).containsExactly("0-10499", "100-10499", "0-10499");

        assertThat(readFails(SMALL).code()).isEqualTo(ProblemCode.STORE_UNAVAILABLE);
    }

    private void assertChanges() {
        assertThatExceptionOfType(ObjectChangedException.class).isThrownBy(() -> read(SMALL, 0));
    }

    @Test
    void neverMixesTwoVersions() {
        fault(1, "5000-5999", Fault.first(() -> s3.put("parts.csv", bytes(10_500, 3))));

        assertChanges();
        assertThat(s3.requests("get", "changed")).isPositive();
    }

    @Test
    void saysWhenTheObjectHasGoneOrIsShorter() {
        fault(1, "5000-5999", Fault.first(() -> s3.put("parts.csv", "short")));
        assertChanges();

        s3.remove("parts.csv");
        assertChanges();
    }

    @Test
    void doesNotBelieveAStoreThatIgnoresIfMatch() {
        fault(1, "5000-5999", answer("206 Partial", headers("\"other\"", "bytes 5000-5999/10500", 1000), BYTES));

        assertChanges();
    }

    @Test
    void seesWhatWasCorruptedOnTheWay() {
        StoreConfig checked = SMALL.withVerifyMd5();
        fault(1, "2000-2999", Fault.corruptBody(500));

        ProblemException problem = readFails(checked);

        assertThat(problem.code()).isEqualTo(ProblemCode.STORE_UNAVAILABLE);
        assertThat(problem.detail()).contains("parts.csv", "corrupted");
        assertThat(read(checked, 0)).isEqualTo(BYTES);
    }

    @Test
    void checksWhatComesBeforeTheOffsetToo() {
        StoreConfig checked = SMALL.withVerifyMd5();
        List<Long> offsets = new ArrayList<>();
        AtomicLong told = new AtomicLong();
        try (ObjectParts parts = s3.with(checked).open(object, 2500, told::addAndGet)) {
            for (Optional<ObjectParts.Part> part = parts.next(); part.isPresent(); part = parts.next()) {
                assertThat(part.get().index()).isEqualTo(offsets.size());
                offsets.add(part.get().offset());
                part.get().release();
            }
        }
        assertThat(offsets).startsWith(2500L, 3500L).hasSize(8);
        assertThat(told).hasValue(8000);
        assertThat(ranges()).contains("0-999", "2000-2499", "2500-3499");

        fault(1, "0-999", Fault.corruptBody(0));
        assertThatExceptionOfType(ProblemException.class).isThrownBy(() -> read(checked, 10_500));
    }

    @Test
    void endsByWhatProgressThrows() {
        IllegalStateException stop = new IllegalStateException("enough");
        AtomicLong told = new AtomicLong();

        try (ObjectParts parts = store.open(object, 0, bytes -> {
            if (told.addAndGet(bytes) >= 3000) {
                throw stop;
            }
        })) {
            assertThatExceptionOfType(IllegalStateException.class).isThrownBy(() -> read(parts)).isSameAs(stop);
        }
    }

    @Test
    void closesInMidRead() {
        AnalyticsStore patient = s3.with(SMALL.withMaxSilenceMillis(60_000).withMaxRequestMillis(60_000));
        s3.proxy.plan(100, it -> !it.range().startsWith("0-"), Fault.hangBody(10));
        ObjectParts parts = patient.open(object, 0, NOBODY);
        ObjectParts.Part first = parts.next().orElseThrow();
        await().atMost(PATIENCE).until(() -> ranges().size() == 3);

        parts.close();
        parts.close();
        first.release();
        first.release();

        assertThatExceptionOfType(IllegalStateException.class).isThrownBy(parts::next);
        assertThat(ranges()).hasSize(3);
        // The connections are free again: four at most, each of which would hang for a minute.
        s3.proxy.reset();
        try (ObjectParts again = patient.open(object, 0, NOBODY)) {
            assertThat(read(again)).isEqualTo(BYTES);
        }
    }

    @Test
    void endsAWaitingThreadWhenItIsClosed() throws InterruptedException {
        CountDownLatch ended = new CountDownLatch(1);
        CountDownLatch waits = new CountDownLatch(1);
        ObjectParts parts = new ObjectParts(object, 0, SMALL, _ -> forEver(ended), NOBODY);
        List<Throwable> thrown = Collections.synchronizedList(new ArrayList<>());
        Thread reader = Thread.ofVirtual().start(() -> {
            waits.countDown();
            thrown.add(catchThrowableOfType(IllegalStateException.class, parts::next));
        });
        waits.await();

        parts.close();

        assertThat(reader.join(PATIENCE)).isTrue();
        assertThat(thrown).hasSize(1).doesNotContainNull();
        ended.await();
    }

    private static void forEver(CountDownLatch ended) {
        try {
            new CountDownLatch(1).await();
        } catch (InterruptedException e) {
            ended.countDown();
            throw new IllegalStateException(e);
        }
    }

    @Test
    void holdsNoMoreBuffersThanConfigured() {
        Map<byte[], Boolean> buffers = Collections.synchronizedMap(new IdentityHashMap<>());
        Set<Long> begun = ConcurrentHashMap.newKeySet();
        try (ObjectParts parts = new ObjectParts(object, 0, SMALL, stretch -> {
            buffers.put(stretch.bytes(), true);
            begun.add(stretch.offset());
            stretch.advance(stretch.length());
        }, NOBODY)) {
            ObjectParts.Part first = parts.next().orElseThrow();
            ObjectParts.Part second = parts.next().orElseThrow();
            ObjectParts.Part third = parts.next().orElseThrow();
            assertThat(begun).containsExactlyInAnyOrder(0L, 1000L, 2000L);

            second.release();
            second.release();
            assertThat(parts.next().orElseThrow().bytes()).isSameAs(second.bytes());
            assertThat(begun).hasSize(4);

            first.release();
            third.release();
            assertThat(read(parts)).hasSize(6500);
        }
        assertThat(buffers).hasSize(3);
    }

    @Test
    void sharesItsConnectionsAmongReadings() {
        CountDownLatch gate = new CountDownLatch(1);
        AnalyticsStore two = s3.with(SMALL.withMaxConnections(2));
        s3.proxy.plan(2, it -> true, Fault.holdBody(5, gate));
        List<ObjectParts> readings = IntStream.range(0, 4).mapToObj(_ -> two.open(object, 0, NOBODY)).toList();
        await().atMost(PATIENCE).until(() -> ranges().size() == 2);

        gate.countDown();
        List<byte[]> read = readings.parallelStream().map(ObjectPartsTest::read).toList();
        readings.forEach(ObjectParts::close);

        assertThat(read).hasSize(4).allSatisfy(it -> assertThat(it).isEqualTo(BYTES));
        assertThat(s3.proxy.mostAtOnce()).isLessThanOrEqualTo(2);
        assertThat(s3.proxy.connections()).isLessThanOrEqualTo(4);
    }

    @Test
    void givesEachPartToOneOfSeveralThreads() throws InterruptedException {
        ConcurrentLinkedQueue<Integer> given = new ConcurrentLinkedQueue<>();
        byte[] bytes = new byte[BYTES.length];
        try (ObjectParts parts = store.open(object, 0, NOBODY)) {
            List<Thread> threads = IntStream.range(0, 3).mapToObj(_ -> Thread.ofVirtual().start(() -> {
                for (Optional<ObjectParts.Part> part = parts.next(); part.isPresent(); part = parts.next()) {
                    given.add(part.get().index());
                    System.arraycopy(part.get().bytes(), 0, bytes, (int) part.get().offset(), part.get().length());
                    part.get().release();
                }
            })).toList();
            for (Thread thread : threads) {
                assertThat(thread.join(PATIENCE)).isTrue();
            }
        }

        assertThat(given).containsExactlyInAnyOrder(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10);
        assertThat(bytes).isEqualTo(BYTES);
    }

    @Test
    void endsWhenItsReaderIsInterrupted() {
        try (ObjectParts parts = new ObjectParts(object, 0, SMALL, _ -> forEver(new CountDownLatch(1)), NOBODY)) {
            Thread.currentThread().interrupt();

            assertThatExceptionOfType(ProblemException.class).isThrownBy(parts::next);
            assertThat(Thread.interrupted()).isTrue();
        }
    }

    @Test
    void checksNothingOfAnObjectThatCameInSeveralUploads() {
        StoredObject multipart = new StoredObject("datasets", "x", "\"0bee89b07a248e27c83fc3d5951213c1-2\"", 3,
                object.lastModified());

        try (ObjectParts parts = new ObjectParts(multipart, 0, SMALL.withVerifyMd5(), stretch -> {
            System.arraycopy("abc".getBytes(StandardCharsets.US_ASCII), 0, stretch.bytes(), 0, 3);
            stretch.advance(3);
        }, NOBODY)) {
            assertThat(read(parts)).hasSize(3);
        }
    }
}
