package dev.tally.analytics;

import static dev.tally.analytics.TestStore.dataset;
import static dev.tally.analytics.TestStore.keys;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import dev.tally.platform.problem.ProblemCode;
import dev.tally.platform.problem.ProblemException;
import dev.tally.testsupport.Fault;
import dev.tally.testsupport.FaultProxy;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;

class AnalyticsStoreTest {
    private static final StoreConfigForTests SMALL = StoreConfigForTests.SMALL;
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static TestStore s3;
    private static AnalyticsStore store;

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
    void forget() {
        s3.proxy.reset();
        s3.registry.clear();
    }

    private static StoredObject put(String key, String text) {
        s3.put(key, text);
        StoredObject object = store.find(dataset(key)).getFirst();
        s3.proxy.reset();
        return object;
    }

    private static final int LIST_HEAD_BYTES = 400;

    private static ProblemException problem(Runnable asked) {
        ProblemException problem = catchThrowableOfType(ProblemException.class, asked::run);
        assertThat(problem).isNotNull();
        assertThat(problem.detail()).doesNotContain("Service: S3", "Status Code", "127.0.0.1", "anybody", "datasets");
        return problem;
    }

    private static ProblemException findFails(String key) {
        return problem(() -> store.find(dataset(key)));
    }

    @Test
    void findsAnObjectByOneHead() {
        s3.put("one/claims.csv", "estado\naprobado\n");

        List<StoredObject> found = store.find(dataset("one/claims.csv"));

        assertThat(keys(found)).containsExactly("one/claims.csv");
        assertThat(found.getFirst().sizeBytes()).isEqualTo(16);
        assertThat(found.getFirst().etag()).startsWith("\"").endsWith("\"");
        assertThat(s3.proxy.requests()).hasSize(1).allMatch(it -> it.is("HEAD"));
        assertThat(s3.requests("head", "ok")).isOne();
    }

    @Test
    void seesANewVersion() {
        StoredObject first = put("versions.csv", "a\n1\n");

        StoredObject second = put("versions.csv", "a\n2\n");

        assertThat(second.etag()).isNotEqualTo(first.etag());
        assertThat(put("versions.csv", "a\n2\n").etag()).isEqualTo(second.etag());
    }

    @Test
    void givesAnEmptyObjectAsItIs() {
        assertThat(put("empty.csv", "").sizeBytes()).isZero();
    }

    @Test
    void findsTheFilesUnderAPrefixAndNoOthers() {
        for (String key : List.of("p/b.csv", "p/a.csv", "p/deep/c.csv", "p/d=1/e.csv", "p/ñ.csv", "p/_SUCCESS",
                "p/.a.csv.crc", "p/_temporary/0/x.csv", "p/deep/.hidden/x.csv", "p/deep/_x.csv", "p2/x.csv", "p.csv")) {
            s3.put(key, "x\n");
        }
        s3.put("p/empty.csv", "");

        assertThat(keys(store.find(dataset("p/")))).containsExactly("p/a.csv", "p/b.csv", "p/d=1/e.csv",
                "p/deep/c.csv", "p/ñ.csv");
        assertThat(s3.proxy.requests()).hasSize(1).allMatch(it -> it.is("GET"));
    }

    @Test
    void listsWithTheETagThatHeadGives() {
        StoredObject object = put("etags/x.csv", "a\n1\n");

        assertThat(store.find(dataset("etags/"))).singleElement().extracting(StoredObject::etag)
                .isEqualTo(object.etag());
    }

    @Test
    void takesAMissingObjectForADirectory() {
        s3.put("spark.csv/part-0.csv", "a\n");
        s3.put("spark.csv/_SUCCESS", "");

        assertThat(keys(store.find(dataset("spark.csv")))).containsExactly("spark.csv/part-0.csv");
    }

    @Test
    void findsWhatNeedsManyPagesOfAList() {
        StoreConfigForTests patient = SMALL.withMaxSilenceMillis(20_000);
        List<String> all = IntStream.range(0, 2500)
                .mapToObj(it -> String.format(Locale.ROOT, "many/part-%05d.csv", it)).toList();
        all.forEach(key -> s3.put(key, "x\n"));
        s3.proxy.plan(1, it -> it.line().contains("continuation-token"), Fault.cutBody(1000));

        assertThat(keys(s3.with(patient).find(dataset("many/")))).isEqualTo(all);
        assertThat(s3.requests("list", "ok")).isEqualTo(3);
        assertThat(s3.requests("list", "failed")).isOne();

        ProblemException problem = problem(() -> s3.with(patient.withMaxObjects(2499)).find(dataset("many/")));
        assertThat(problem.code()).isEqualTo(ProblemCode.CSV_UNREADABLE);
        assertThat(problem.detail()).contains("claims", "2499");
        assertThat(s3.with(patient.withMaxObjects(2500)).find(dataset("many/"))).hasSize(2500);
    }

    @Test
    void saysWhichDatasetIsNotThere() {
        s3.put("onlyempty/a.csv", "");

        for (String key : List.of("nowhere.csv", "nowhere/", "onlyempty/")) {
            ProblemException problem = findFails(key);
            assertThat(problem.code()).isEqualTo(ProblemCode.DATASET_NOT_FOUND);
            assertThat(problem.detail()).contains("claims", key);
        }
        assertThat(problem(() -> store.find(dataset("no-such-bucket", "x.csv"))).code())
                .isEqualTo(ProblemCode.DATASET_NOT_FOUND);
        assertThat(problem(() -> store.find(dataset("no-such-bucket", "x/"))).code())
                .isEqualTo(ProblemCode.DATASET_NOT_FOUND);
    }

    @Test
    void asksOnceWhenItIsRefused() {
        StoredObject object = put("refused.csv", "a\n");
        AnalyticsStore other = s3.with(SMALL, AwsBasicCredentials.create("anybody", "a wrong one"));

        assertThat(problem(() -> other.find(dataset("refused.csv"))).code()).isEqualTo(ProblemCode.STORE_REFUSED);
        assertThat(problem(() -> other.find(dataset("refused/"))).code()).isEqualTo(ProblemCode.STORE_REFUSED);
        assertThat(problem(() -> other.head(object, 1)).code()).isEqualTo(ProblemCode.STORE_REFUSED);

        assertThat(s3.proxy.requests()).hasSize(3);
        assertThat(s3.requests("head", "refused")).isOne();
    }

    @ParameterizedTest
    @ValueSource(ints = {301, 400, 403})
    void doesNotAskAgainWhereThatCannotHelp(int status) {
        s3.proxy.plan(1, it -> true, Fault.status(status));

        assertThat(findFails("x.csv").code()).isEqualTo(ProblemCode.STORE_REFUSED);
        assertThat(s3.proxy.requests()).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(ints = {408, 409, 429, 500, 503})
    void asksAgainAsOftenAsConfigured(int status) {
        put("again.csv", "a\n");
        s3.proxy.plan(2, it -> true, Fault.status(status));

        assertThat(store.find(dataset("again.csv"))).hasSize(1);
        assertThat(s3.proxy.requests()).hasSize(3);

        s3.proxy.reset();
        s3.proxy.plan(100, it -> true, Fault.status(status));
        assertThat(findFails("again.csv").code()).isEqualTo(ProblemCode.STORE_UNAVAILABLE);
        assertThat(s3.proxy.requests()).hasSize(3);
    }

    @Test
    void asksAgainWhenTheConnectionBreaks() {
        put("breaks.csv", "a\n");

        for (Fault fault : List.of(Fault.cut(0), Fault.cut(20), Fault.reset(0), Fault.reset(20),
                Fault.answer("220 mail.example.org ESMTP\r\n\r\n", new byte[0]))) {
            s3.proxy.plan(1, it -> true, fault);
            assertThat(store.find(dataset("breaks.csv"))).hasSize(1);
        }
    }

    /** Java takes an answer that ends within its headers for one without a body. */
    @Test
    void takesAListThatBreaksOffForNoEmptyOne() {
        s3.put("broken-list/part-0.csv", "a\n");

        for (int bytes = 0; bytes < LIST_HEAD_BYTES; bytes += 5) {
            s3.proxy.plan(1, it -> it.is("GET"), Fault.cut(bytes));
            assertThat(keys(store.find(dataset("broken-list/")))).as("after %d bytes", bytes)
                    .containsExactly("broken-list/part-0.csv");
        }
    }

    @Test
    void saysWhenTheStoreCannotBeReached() throws IOException {
        URI nobody;
        try (FaultProxy closed = FaultProxy.before(URI.create("http://127.0.0.1:9"))) {
            nobody = closed.uri();
        }
        AnalyticsStore unreachable = s3.with(SMALL, nobody);

        assertThat(problem(() -> unreachable.find(dataset("x.csv"))).code()).isEqualTo(ProblemCode.STORE_UNAVAILABLE);
    }

    @Test
    void saysWhenTheStoreHangs() {
        s3.proxy.plan(100, it -> true, Fault.hang(0));

        ProblemException problem = findFails("x.csv");

        assertThat(problem.code()).isEqualTo(ProblemCode.STORE_UNAVAILABLE);
        assertThat(problem.detail()).contains("claims", "in time");
        assertThat(s3.requests("head", "timed_out")).isGreaterThanOrEqualTo(3);
    }

    @Test
    void givesUpOnAListThatComesTooSlowly() {
        put("slow/x.csv", "a\n");
        s3.proxy.plan(100, it -> true, Fault.slowBody());

        ProblemException problem = problem(
                () -> s3.with(SMALL.withMaxRequestMillis(300).withMaxTries(1)).find(dataset("slow/")));

        assertThat(problem.code()).isEqualTo(ProblemCode.STORE_UNAVAILABLE);
        assertThat(s3.requests("list", "timed_out")).isOne();
    }

    @Test
    void givesTheFirstBytes() {
        StoredObject object = put("head.csv", "estado\naprobado\n");

        assertThat(store.head(object, 6)).isEqualTo("estado".getBytes(StandardCharsets.UTF_8));
        assertThat(store.head(object, 1000)).hasSize(16);
        assertThat(s3.proxy.requests()).extracting(FaultProxy.Request::range).containsExactly("0-5", "0-15");
        assertThat(s3.proxy.requests()).extracting(FaultProxy.Request::ifMatch).containsOnly(object.etag());
    }

    @Test
    void asksNothingOfAnEmptyObject() {
        StoredObject object = put("head-empty.csv", "");

        assertThat(store.head(object, 1000)).isEmpty();
        assertThat(s3.proxy.requests()).isEmpty();
    }

    @Test
    void givesTheFirstBytesOfNoOtherVersion() {
        StoredObject object = put("head-changes.csv", "first");
        s3.put("head-changes.csv", "second");
        assertThatExceptionOfType(ObjectChangedException.class).isThrownBy(() -> store.head(object, 3));

        s3.remove("head-changes.csv");
        assertThatExceptionOfType(ObjectChangedException.class).isThrownBy(() -> store.head(object, 3));
    }

    @Test
    void stopsAskingWhenItsThreadIsInterrupted() throws InterruptedException {
        AtomicReference<ProblemCode> code = new AtomicReference<>();
        AnalyticsStore patient = s3.with(SMALL.withMaxSilenceMillis(60_000).withMaxRequestMillis(60_000));
        s3.proxy.plan(100, it -> true, Fault.hang(0));
        Thread thread = Thread.ofVirtual()
                .start(() -> code.set(problem(() -> patient.find(dataset("nowhere.csv"))).code()));
        await().atMost(PATIENCE).until(() -> s3.proxy.requests().size() == 1);

        thread.interrupt();

        assertThat(thread.join(PATIENCE)).isTrue();
        assertThat(code).hasValue(ProblemCode.STORE_UNAVAILABLE);
    }
}
