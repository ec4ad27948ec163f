package dev.tally.analytics;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import dev.tally.testsupport.SetClock;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;

@Timeout(60)
class AnalyticsRefresherTest {
    private static final Duration INTERVAL = Duration.ofSeconds(10);

    private final TextStore store = new TextStore();
    private final SetClock clock = new SetClock(Instant.parse("2025-09-24T12:00:00Z"));
    private final AnalyticsConfigForTests config = AnalyticsConfigForTests.standard();
    private final Catalogue catalogue = new Catalogue(config);
    private final AnalyticsMetrics metrics = new AnalyticsMetrics(new SimpleMeterRegistry());
    private final AnalyticsService service = new AnalyticsService(catalogue, store,
            new Readings(new Engines(List.of(store)), metrics, config), metrics, config, clock);
    private final AnalyticsRefresher refresher = new AnalyticsRefresher(catalogue, service, config);

    @Test
    void readsAllMetricsBeforeAnybodyAsks() {
        store.put("sales/1.csv", "north");
        store.put("claims.csv", "aprobado");

        refresher.refresh();

        assertThat(store.readings).hasValue(3);
        for (Metric metric : catalogue.metrics()) {
            assertThat(service.figures(metric)).as(metric.name()).isCompleted();
        }
        assertThat(store.readings).hasValue(3);
    }

    @Test
    void readsAgainOnlyWhatHasChanged() {
        store.put("sales/1.csv", "north");
        store.put("claims.csv", "aprobado");
        refresher.refresh();
        store.put("sales/1.csv", "south");
        clock.advance(INTERVAL);

        refresher.refresh();

        assertThat(store.readings).hasValue(4);
    }

    @Test
    void goesOnWhenAMetricCannotBeRead() {
        store.put("sales/1.csv", "north");

        refresher.refresh();

        assertThat(service.figures(catalogue.find("top-shops").orElseThrow())).isCompleted();
    }
}
