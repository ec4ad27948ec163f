package dev.tally.analytics;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;

import dev.tally.platform.problem.ProblemCode;
import dev.tally.platform.problem.ProblemException;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;

/** What holds however askers, writers and time come together. */
class FiguresPropertiesTest {
    private static final List<String> METRICS = List.of("by-state", "mean", "top-shops");
    private static final Instant START = Instant.parse("2025-09-24T12:00:00Z");

    /** A step of one of the threads. */
    enum Step {
        ASK, ASK_ANOTHER, WRITE, WRITE_A_PART, WAIT
    }

    /** A clock that several threads move. */
    private static final class SharedClock extends Clock {
        private final AtomicLong seconds = new AtomicLong();

        @Override
        public Instant instant() {
            return START.plusSeconds(seconds.get());
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            throw new UnsupportedOperationException("Nothing here asks a clock for a zone");
        }
    }

    @Property(tries = 300)
    void figuresAreThoseOfOneVersionAndEachVersionIsReadOnce(
            @ForAll @Size(min = 2, max = 6) List<@Size(min = 1, max = 20) List<Step>> threads) throws Exception {
        TextStore store = new TextStore();
        store.put("claims.csv", "a", "b");
        store.put("sales/1.csv", "a");
        AnalyticsConfigForTests config = AnalyticsConfigForTests.standard();
        SharedClock clock = new SharedClock();
        Catalogue catalogue = new Catalogue(config);
        AnalyticsMetrics metrics = new AnalyticsMetrics(new SimpleMeterRegistry());
        AnalyticsService service = new AnalyticsService(catalogue, store,
                new Readings(new Engines(List.of(store)), metrics, config), metrics, config, clock);

        List<Answered> answers = new ArrayList<>();
        try (ExecutorService pool = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<List<Answered>>> done = threads.stream()
                    .map(steps -> pool.submit(() -> run(steps, service, catalogue, store, clock))).toList();
            for (Future<List<Answered>> each : done) {
                answers.addAll(each.get());
            }
        }

        assertThat(answers).allSatisfy(answer -> assertThat(answer.figures())
                .isEqualTo(store.expected(answer.version().objects())));
        assertThat(store.completed).allSatisfy((metricAndVersion, times) -> {
            if (!metricAndVersion.startsWith("top-shops")) {
                assertThat(times).isEqualTo(1);
            }
        });
        clock.seconds.addAndGet(Duration.ofHours(1).toSeconds());
        for (String name : METRICS) {
            Metric metric = catalogue.find(name).orElseThrow();
            assertThat(service.figures(metric).join().figures())
                    .isEqualTo(store.expected(store.find(metric.dataset())));
        }
    }

    private static List<Answered> run(List<Step> steps, AnalyticsService service, Catalogue catalogue,
            TextStore store, SharedClock clock) {
        List<Answered> answers = new ArrayList<>();
        for (int i = 0; i < steps.size(); i++) {
            switch (steps.get(i)) {
                case ASK -> ask(service, catalogue, "by-state", answers);
                case ASK_ANOTHER -> ask(service, catalogue, METRICS.get(i % METRICS.size()), answers);
                case WRITE -> store.put("claims.csv", "c" + i, "d");
                case WRITE_A_PART -> store.put("sales/" + i % 3 + ".csv", "e" + i, "f");
                case WAIT -> clock.seconds.addAndGet(3);
            }
        }
        return answers;
    }

    private static void ask(AnalyticsService service, Catalogue catalogue, String name, List<Answered> answers) {
        try {
            answers.add(service.figures(catalogue.find(name).orElseThrow()).join());
        } catch (CompletionException e) {
            // Writers may be quicker than three readings.
            assertThat(e.getCause()).isInstanceOfSatisfying(ProblemException.class,
                    fault -> assertThat(fault.code()).isEqualTo(ProblemCode.DATASET_CHANGING));
        }
    }
}
