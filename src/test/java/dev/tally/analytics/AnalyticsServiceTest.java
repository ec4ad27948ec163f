package dev.tally.analytics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import dev.tally.platform.problem.ProblemCode;
import dev.tally.platform.problem.ProblemException;
import dev.tally.testsupport.SetClock;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;

@Timeout(60)
class AnalyticsServiceTest {
    private static final Instant START = Instant.parse("2025-09-24T12:00:00Z");
    private static final Duration INTERVAL = Duration.ofSeconds(10);
    private static final String KEY = "claims.csv";

    private final TextStore store = new TextStore();
    private final SetClock clock = new SetClock(START);
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final AnalyticsConfigForTests config = AnalyticsConfigForTests.standard();
    private Catalogue catalogue = new Catalogue(config);
    private AnalyticsService service = service(config);

    @BeforeEach
    void put() {
        store.put(KEY, "aprobado", "aprobado", "pendiente");
        store.put("sales/1.csv", "north", "south");
        store.put("sales/2.csv", "north");
    }

    private AnalyticsService service(AnalyticsConfigForTests other) {
        catalogue = new Catalogue(other);
        AnalyticsMetrics metrics = new AnalyticsMetrics(registry);
        Readings readings = new Readings(new Engines(List.of(store)), metrics, other);
        service = new AnalyticsService(catalogue, store, readings, metrics, other, clock);
        return service;
    }

    private Metric metric(String name) {
        return catalogue.find(name).orElseThrow();
    }

    private Answered ask(String name) {
        return service.figures(metric(name)).join();
    }

    private static ProblemException problem(CompletableFuture<Answered> answer) {
        try {
            throw new AssertionError("It was answered: " + answer.join());
        } catch (CompletionException e) {
            return (ProblemException) Objects.requireNonNull(e.getCause());
        }
    }

    private ProblemCode fault(String name) {
        return problem(service.figures(metric(name))).code();
    }

    private double answers(String metric, String source) {
        return registry.counter("tally.analytics.answers", "metric", metric, "source", source).count();
    }

    @Test
    void readsOnceHoweverManyAskAtOnce() throws Exception {
        CountDownLatch goOn = store.hold("\"v1\"");

        try (ExecutorService pool = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Answered>> answers = IntStream.range(0, 100).mapToObj(_ -> pool.submit(() -> ask("by-state")))
                    .toList();
            await().until(() -> store.readings.get() == 1);
            goOn.countDown();

            for (Future<Answered> answer : answers) {
                assertThat(answer.get().figures().rowsRead()).isEqualTo(3);
            }
        }
        assertThat(store.readings).hasValue(1);
        assertThat(store.finds).hasValue(1);
        assertThat(answers("by-state", "computed")).isEqualTo(1);
        assertThat(answers("by-state", "waited") + answers("by-state", "cache")).isEqualTo(99);
    }

    @Test
    void answersAtOnceWithoutAskingTheStoreUntilTheIntervalIsOver() {
        Answered first = ask("by-state");
        clock.advance(INTERVAL.minusMillis(1));

        CompletableFuture<Answered> again = service.figures(metric("by-state"));

        assertThat(again).isCompletedWithValue(first);
        assertThat(store.finds).hasValue(1);
        assertThat(answers("by-state", "cache")).isEqualTo(1);
    }

    @Test
    void keepsTheFiguresOfObjectsThatAreTheSame() {
        Answered first = ask("by-state");
        clock.advance(INTERVAL);

        Answered again = ask("by-state");

        assertThat(again).isEqualTo(first);
        assertThat(again.asOf()).isEqualTo(TextStore.WRITTEN);
        assertThat(store.finds).hasValue(2);
        assertThat(store.readings).hasValue(1);
    }

    @Test
    void showsWhenAnObjectWasWrittenWithoutReadingItAgain() {
        Answered first = ask("by-state");
        store.touch(KEY, START);
        clock.advance(INTERVAL);

        Answered again = ask("by-state");

        assertThat(again.asOf()).isEqualTo(START);
        assertThat(again.state()).isEqualTo(first.state());
        assertThat(ask("by-state")).isSameAs(again);
        assertThat(store.readings).hasValue(1);
    }

    @Test
    void readsAgainWhenAnObjectHasChanged() {
        Answered first = ask("by-state");
        store.put(KEY, "rechazado");
        clock.advance(INTERVAL);

        Answered again = ask("by-state");

        assertThat(again.figures().groups()).extracting(Figures.Group::name).containsExactly("rechazado");
        assertThat(again.state()).isNotEqualTo(first.state());
    }

    @Test
    void readsAgainWhenAPartHasCome() {
        assertThat(ask("top-shops").version().objects()).hasSize(2);
        store.put("sales/3.csv", "south", "south");
        clock.advance(INTERVAL);

        Answered again = ask("top-shops");

        assertThat(again.figures().groups()).extracting(Figures.Group::name).containsExactly("south", "north");
        assertThat(again.version().objects()).hasSize(3);
    }

    @Test
    void asksTheStoreOnceForAllMetricsOfADataset() {
        ask("by-state");
        ask("mean");

        assertThat(store.finds).hasValue(1);
        assertThat(store.readings).hasValue(2);
    }

    @Test
    void readsAgainWhatChangesWhileItIsRead() {
        store.meanwhile = metric -> {
            store.meanwhile = other -> {};
            store.put(KEY, "rechazado");
        };

        Answered answered = ask("by-state");

        assertThat(answered.figures()).isEqualTo(store.expected(answered.version().objects()));
        assertThat(answered.figures().rowsRead()).isEqualTo(1);
        assertThat(store.readings).hasValue(2);
        assertThat(store.finds).hasValue(2);
    }

    @Test
    void givesUpOnWhatChangesEachTimeAndKeepsNothingOfIt() {
        store.meanwhile = metric -> store.put(KEY, "another");

        assertThat(fault("by-state")).isEqualTo(ProblemCode.DATASET_CHANGING);
        assertThat(store.readings).hasValue(3);
        assertThat(store.completed).isEmpty();

        store.meanwhile = metric -> {};
        assertThat(ask("by-state").figures().rowsRead()).isEqualTo(1);
    }

    @Test
    void saysThatAnObjectIsGoneThatWasThereWhenItsReadingBegan() {
        store.meanwhile = metric -> {
            store.beforeFind = () -> {
                throw new ProblemException(ProblemCode.DATASET_NOT_FOUND, "It is gone");
            };
            throw new ObjectChangedException(KEY);
        };

        assertThat(fault("by-state")).isEqualTo(ProblemCode.DATASET_NOT_FOUND);
    }

    @ParameterizedTest
    @EnumSource(names = {"STORE_UNAVAILABLE", "STORE_REFUSED", "ENGINE_UNAVAILABLE"})
    void leavesWhatFailedAloneForATime(ProblemCode code) {
        store.meanwhile = metric -> {
            throw new ProblemException(code, "As it was asked to");
        };
        assertThat(fault("by-state")).isEqualTo(code);

        assertThat(fault("by-state")).isEqualTo(code);
        assertThat(store.readings).hasValue(1);

        store.meanwhile = metric -> {};
        clock.advance(INTERVAL);
        assertThat(ask("by-state").figures().rowsRead()).isEqualTo(3);
        assertThat(answers("by-state", "failed")).isEqualTo(2);
    }

    @ParameterizedTest
    @EnumSource(names = {"COLUMN_MISSING", "CSV_UNREADABLE", "TOO_MANY_GROUPS"})
    void leavesAloneWhatIsWrongWithTheDataUntilItChanges(ProblemCode code) {
        store.meanwhile = metric -> {
            throw new ProblemException(code, "As it was asked to");
        };
        assertThat(fault("by-state")).isEqualTo(code);

        clock.advance(Duration.ofDays(1));
        assertThat(fault("by-state")).isEqualTo(code);
        assertThat(store.readings).hasValue(1);

        store.meanwhile = metric -> {};
        store.put(KEY, "mended");
        clock.advance(INTERVAL);
        assertThat(ask("by-state").figures().rowsRead()).isEqualTo(1);
    }

    @Test
    void doesNotAskTheStoreForEachCallerWhenItCannotSay() {
        store.beforeFind = () -> {
            throw new ProblemException(ProblemCode.STORE_UNAVAILABLE, "As it was asked to");
        };

        assertThat(Stream.generate(() -> fault("mean")).limit(5)).containsOnly(ProblemCode.STORE_UNAVAILABLE);
        assertThat(store.finds).hasValue(1);

        store.beforeFind = () -> {};
        clock.advance(INTERVAL);
        assertThat(ask("mean").figures().rowsRead()).isEqualTo(3);
    }

    @Test
    void passesAFaultOfAnEngineOnAsItIs() {
        IllegalStateException bug = new IllegalStateException("A fault of the engine");
        store.meanwhile = metric -> {
            throw bug;
        };

        assertThatThrownBy(() -> ask("by-state")).hasCause(bug);
    }

    @Test
    void saysHowFarAReadingIsThatTakesLongerThanARequestWaitsAndGoesOn() {
        service(config.withWaitSeconds(0));
        CountDownLatch goOn = store.hold("\"v1\"");
        CompletableFuture<Answered> others = service.refreshed(metric("by-state"));
        await().until(() -> store.readings.get() == 1);

        ProblemException fault = problem(service.figures(metric("by-state")));
        goOn.countDown();

        assertThat(fault.code()).isEqualTo(ProblemCode.ANALYTICS_NOT_READY);
        // 13 of its 27 bytes.
        assertThat(fault.detail()).startsWith("The dataset claims is being read: 48 percent of 27 bytes after ");
        assertThat(others.join().figures().rowsRead()).isEqualTo(3);
        assertThat(service.figures(metric("by-state"))).isCompleted();
        assertThat(store.readings).hasValue(1);
    }

    @Test
    void saysWhenTheStoreTakesLongerThanARequestWaits() {
        service(config.withWaitSeconds(0));
        CountDownLatch goOn = new CountDownLatch(1);
        store.beforeFind = () -> {
            try {
                goOn.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        };

        ProblemException fault = problem(service.figures(metric("by-state")));
        goOn.countDown();

        assertThat(fault.code()).isEqualTo(ProblemCode.ANALYTICS_NOT_READY);
        assertThat(fault.detail()).isEqualTo("The dataset claims is being looked for in its store. Ask again.");
    }

    @Test
    void readsNoMoreDatasetsAtOnceThanItMay() {
        service(config.withWaitSeconds(0));
        CountDownLatch goOn = store.hold("\"v1\"");
        List<CompletableFuture<Answered>> underWay = Stream.of("by-state", "mean")
                .map(name -> service.refreshed(metric(name))).toList();
        await().until(() -> store.readings.get() == 2);

        ProblemException fault = problem(service.refreshed(metric("top-shops")));
        goOn.countDown();

        assertThat(fault.code()).isEqualTo(ProblemCode.TOO_MANY_READINGS);
        assertThat(underWay).allMatch(answer -> answer.join().figures().rowsRead() == 3);
        assertThat(service.refreshed(metric("top-shops")).join().figures().rowsRead()).isEqualTo(3);
    }

    @Test
    void hasAReadingWaitForItsTurn() {
        CountDownLatch goOn = store.hold("\"v1\"");
        List<CompletableFuture<Answered>> underWay = Stream.of("by-state", "mean")
                .map(name -> service.figures(metric(name))).toList();
        await().until(() -> store.readings.get() == 2);

        CompletableFuture<Answered> waits = service.figures(metric("top-shops"));
        assertThat(waits).isNotDone();
        goOn.countDown();

        assertThat(waits.join().figures().rowsRead()).isEqualTo(3);
        assertThat(underWay).allMatch(answer -> answer.join().figures().rowsRead() == 3);
    }

    @Test
    void endsAReadingThatTakesTooLong() {
        service(config.withMaxReadingSeconds(0));

        ProblemException fault = problem(service.figures(metric("by-state")));

        assertThat(fault.code()).isEqualTo(ProblemCode.STORE_UNAVAILABLE);
        assertThat(fault.detail())
                .isEqualTo("Reading the dataset claims was given up after 0 seconds, when 48 percent were read.");
    }

    @Test
    void doesNotTakeTheFiguresOfAReadingThatWasOvertaken() {
        CountDownLatch goOn = store.hold("\"v1\"");
        CompletableFuture<Answered> old = service.figures(metric("by-state"));
        await().until(() -> store.readings.get() == 1);
        store.put(KEY, "rechazado");
        clock.advance(INTERVAL);

        Answered newest = ask("by-state");
        goOn.countDown();

        assertThat(old.join().figures().rowsRead()).isEqualTo(3);
        assertThat(ask("by-state")).isSameAs(newest);
        assertThat(newest.figures().rowsRead()).isEqualTo(1);
    }

    @Test
    void keepsAsManyGroupsAsMayBeAskedForAndAllOfAMetricThatAnswersAll() {
        String[] lines = IntStream.range(0, 250).mapToObj(i -> "shop " + i).toArray(String[]::new);
        store.put("sales/2.csv", lines);
        store.put(KEY, lines);

        assertThat(ask("top-shops").figures().groups()).hasSize(100);
        assertThat(ask("by-state").figures().groups()).hasSize(250);
    }

    @Test
    void saysWhatTheOperatorHasToSetWhenThereIsNoBucket() {
        service(config.withoutBucket());

        ProblemException fault = problem(service.figures(metric("by-state")));

        assertThat(fault.code()).isEqualTo(ProblemCode.ANALYTICS_NOT_CONFIGURED);
        assertThat(fault.detail()).contains("S3_BUCKET");
        assertThat(store.finds).hasValue(0);
    }

    @Test
    void countsReadingsAndRows() {
        ask("by-state");

        assertThat(registry.timer("tally.analytics.readings", "metric", "by-state", "engine", "embedded", "outcome",
                "ok").count()).isEqualTo(1);
        assertThat(registry.counter("tally.analytics.rows.read", "metric", "by-state").count()).isEqualTo(3);
    }
}
