package dev.tally.analytics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import dev.tally.analytics.AnalyticsConfigForTests.DatasetOf;
import dev.tally.analytics.AnalyticsConfigForTests.FilterOf;
import dev.tally.analytics.AnalyticsConfigForTests.MetricOf;
import io.quarkus.runtime.configuration.ConfigurationException;

class CatalogueTest {
    private static final AnalyticsConfigForTests STANDARD = AnalyticsConfigForTests.standard();

    @Test
    void makesMetricsOfTheConfiguration() {
        DatasetOf latin = new DatasetOf("pagos/", Optional.of("another"), EngineKind.CLICKHOUSE, CsvCharset.ISO_8859_1,
                CsvDelimiter.SEMICOLON, DecimalMark.COMMA, Map.of("monto", List.of("amount", "importe")));
        MetricOf largest = MetricOf.of("latin", Measure.MAX).column("monto").decimals(2)
                .filter("b", FilterOf.nothing("fecha").below("2025-01-01"))
                .filter("a", FilterOf.nothing("estado").anyOf("pagado", "abonado"));

        Metric made = new Catalogue(STANDARD.with("latin", latin).with("largest", largest)).find("largest")
                .orElseThrow();

        assertThat(made).isEqualTo(new Metric("largest",
                new Dataset("latin", "another", "pagos/", EngineKind.CLICKHOUSE, StandardCharsets.ISO_8859_1,
                        Optional.of(';'), true, Map.of("monto", List.of("amount", "importe"))),
                Measure.MAX, Optional.of("monto"), Optional.empty(), OptionalInt.empty(),
                List.of(new RowFilter("estado", RowFilter.Test.ANY_OF, List.of("pagado", "abonado")),
                        new RowFilter("fecha", RowFilter.Test.BELOW, List.of("2025-01-01"))),
                2));
    }

    @Test
    void takesWhatIsUsualWhereNothingIsSaid() {
        Dataset dataset = new Catalogue(STANDARD).find("by-state").orElseThrow().dataset();

        assertThat(dataset).isEqualTo(new Dataset("claims", AnalyticsConfigForTests.BUCKET, "claims.csv",
                EngineKind.EMBEDDED, StandardCharsets.UTF_8, Optional.empty(), false, Map.of()));
    }

    @Test
    void hasTheMetricsOfThePredecessorFirstAtTheirAddresses() {
        Catalogue catalogue = new Catalogue(STANDARD.with("audits-top-services", MetricOf.count("claims", "s"))
                .with("payments-avg", MetricOf.of("claims", Measure.AVG).column("monto"))
                .with("claims-stats", MetricOf.count("claims", "estado")));

        assertThat(catalogue.metrics()).extracting(Metric::name).containsExactly("claims-stats", "payments-avg",
                "audits-top-services", "by-state", "mean", "top-shops");
        assertThat(catalogue.metrics()).extracting(Catalogue::pathOf).containsExactly("/claims/stats",
                "/payments/avg", "/audits/top-services", "/analytics/by-state", "/analytics/mean",
                "/analytics/top-shops");
    }

    @Test
    void knowsNoMetricThatIsNotConfigured() {
        assertThat(new Catalogue(STANDARD).find("claims-stats")).isEmpty();
    }

    @Test
    void doesWithoutABucket() {
        assertThat(new Catalogue(STANDARD.withoutBucket()).metrics()).hasSize(3)
                .allMatch(metric -> metric.dataset().bucket().isEmpty());
    }

    @ParameterizedTest
    @MethodSource
    void refusesWithASentenceThatNamesTheKey(AnalyticsConfigForTests config, String sentence) {
        assertThatThrownBy(() -> new Catalogue(config)).isInstanceOf(ConfigurationException.class)
                .hasMessage("Tally does not start: tally.analytics." + sentence);
    }

    static Stream<Arguments> refusesWithASentenceThatNamesTheKey() {
        MetricOf mean = MetricOf.of("claims", Measure.AVG).column("monto");
        return Stream.of(
                Arguments.of(STANDARD.with("Claims", DatasetOf.key("x")),
                        "datasets.Claims is no name. Use 1 to 64 of a-z, 0-9 and -."),
                Arguments.of(STANDARD.with("a.b", mean), "metrics.a.b is no name. Use 1 to 64 of a-z, 0-9 and -."),
                Arguments.of(STANDARD.with("x", DatasetOf.key(" ")),
                        "datasets.x.key is empty. It names an object, or the prefix of many."),
                Arguments.of(STANDARD.with("x", MetricOf.of("clams", Measure.COUNT)),
                        "metrics.x.dataset is clams, which is none of tally.analytics.datasets: claims, sales."),
                Arguments.of(STANDARD.with("x", MetricOf.of("claims", Measure.SUM)),
                        "metrics.x.column is missing. It is what sum measures."),
                Arguments.of(STANDARD.with("x", MetricOf.count("claims", "estado").column("monto")),
                        "metrics.x.column is set, but a count is of rows. Leave it out, or measure distinct."),
                Arguments.of(STANDARD.with("x", mean.top(3)),
                        "metrics.x.top is set, but there is no group-by, so there is only one figure."),
                Arguments.of(STANDARD.with("x", MetricOf.count("claims", "estado").top(0)),
                        "metrics.x.top is not between 1 and 1000, which is tally.analytics.max-groups."),
                Arguments.of(STANDARD.with("x", MetricOf.count("claims", "estado").top(1001)),
                        "metrics.x.top is not between 1 and 1000, which is tally.analytics.max-groups."),
                Arguments.of(STANDARD.with("x", mean.decimals(31)), "metrics.x.decimals is not between 0 and 30."),
                Arguments.of(STANDARD.with("x", MetricOf.count("claims", "count")),
                        "metrics.x.group-by is count, as the figure is called in answers. Give the dataset an alias for "
                                + "that column, and group by it."),
                Arguments.of(STANDARD.with("x", mean.filter("f", FilterOf.nothing("estado"))),
                        "metrics.x.filters.f has no test. It takes exactly one of any-of, none-of, at-least and below."),
                Arguments.of(STANDARD.with("x", mean.filter("f", FilterOf.nothing("d").anyOf("a").below("b"))),
                        "metrics.x.filters.f has 2 tests. It takes exactly one of any-of, none-of, at-least and below."));
    }
}
