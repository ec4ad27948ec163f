package dev.tally.platform.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PromNamesTest {
    @Test
    void findsTheMetricsOfAnExpression() {
        assertThat(PromNames.of("""
                                sum by (le, uri) (rate(a_bucket{uri!~"/x{y}.*|b_total",job=~"$job"}[5m])) / c:d
                                  and on (instance) max(time() - e_seconds) > 0.2e3 or 60 * f
                                """)).containsExactly("a_bucket", "c:d", "e_seconds", "f");
    }

    @ParameterizedTest
    @ValueSource(strings = {"sum(a", "sum(a))", "rate(a[5m)", "a{b=\"c\"", "summe(a)", "1 + 2"})
    void refusesWhatIsNone(String expression) {
        assertThatThrownBy(() -> PromNames.of(expression)).isInstanceOf(AssertionError.class);
    }
}
