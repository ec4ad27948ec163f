package dev.tally.reports;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.LocalDate;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

import org.junit.jupiter.api.Test;

class ReportParametersTest {
    private static final LocalDate DAY = LocalDate.of(2025, 9, 1);

    @Test
    void wantsADayAndAFeature() {
        SortedSet<Integer> features = new TreeSet<>(Set.of(1));

        assertThatThrownBy(() -> new ReportParameters(DAY, DAY, features))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new ReportParameters(DAY, DAY.plusDays(1), new TreeSet<>()))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void keepsItsOwnFeatures() {
        SortedSet<Integer> features = new TreeSet<>(Set.of(1));
        ReportParameters parameters = new ReportParameters(DAY, DAY.plusDays(1), features);

        features.add(2);

        assertThat(parameters.features()).containsExactly(1);
    }

    @Test
    void knowsProductsByTheirText() {
        assertThat(Product.of("cloud")).contains(Product.CLOUD);
        assertThat(Product.of("Cloud")).isEmpty();
        assertThat(Product.CLOUD.gcoreName()).isEqualTo("Cloud");
    }
}
