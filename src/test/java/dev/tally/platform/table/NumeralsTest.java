package dev.tally.platform.table;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;

import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;

class NumeralsTest {
    private final byte[] target = new byte[Numerals.MAX_BYTES];

    @Property
    void writesAnyIntegerAsJavaDoes(@ForAll long value) {
        assertThat(text(Numerals.integer(value, target, 0))).isEqualTo(Long.toString(value));
    }

    @Property
    void writesAnyDecimalThatFitsAsBigDecimalDoes(@ForAll long unscaled, @ForAll @IntRange(max = 18) int scale) {
        if (Numerals.fits(unscaled, scale)) {
            String written = text(Numerals.decimal(unscaled, scale, target, 0));

            assertThat(written).isEqualTo(plain(BigDecimal.valueOf(unscaled, scale)));
        }
    }

    @Property
    void writesAnyDecimalExactlyWithOneDigitAfterThePointAtLeast(@ForAll("decimals") BigDecimal value) {
        String written = Numerals.plain(value);

        assertThat(new BigDecimal(written)).isEqualByComparingTo(value);
        assertThat(written).matches("-?(0|[1-9][0-9]*)\\.([0-9]|[0-9]+[1-9])");
    }

    @Property
    void writesAnyDateAsJavaDoes(@ForAll("dates") LocalDate value) {
        assertThat(text(Numerals.date(value, target, 0))).isEqualTo(value.toString());
    }

    @Property
    void writesAnyInstantAsJavaDoes(@ForAll("instants") Instant value) {
        assertThat(text(Numerals.instant(value, target, 0))).isEqualTo(value.toString());
    }

    @Example
    void writesTheEndsOfTheirRanges() {
        assertThat(text(Numerals.integer(Long.MIN_VALUE, target, 0))).isEqualTo("-9223372036854775808");
        assertThat(text(Numerals.integer(Long.MAX_VALUE, target, 0))).isEqualTo("9223372036854775807");
        assertThat(text(Numerals.instant(Instant.MIN, target, 0))).isEqualTo(Instant.MIN.toString());
        assertThat(text(Numerals.instant(Instant.MAX, target, 0))).isEqualTo(Instant.MAX.toString());
        assertThat(text(Numerals.date(LocalDate.MAX, target, 0))).isEqualTo(LocalDate.MAX.toString());
        assertThat(Numerals.fits(Long.MIN_VALUE, 0)).isFalse();
        assertThat(Numerals.fits(1, 19)).isFalse();
        assertThat(Numerals.fits(1, -1)).isFalse();
    }

    @Example
    void keepsOneDigitAfterThePoint() {
        assertThat(text(Numerals.decimal(29_000, 2, target, 0))).isEqualTo("290.0");
        assertThat(text(Numerals.decimal(29_025, 2, target, 0))).isEqualTo("290.25");
        assertThat(text(Numerals.decimal(-5, 1, target, 0))).isEqualTo("-0.5");
        assertThat(text(Numerals.decimal(7, 0, target, 0))).isEqualTo("7.0");
        assertThat(Numerals.plain(new BigDecimal("1E+3"))).isEqualTo("1000.0");
    }

    @Provide
    Arbitrary<BigDecimal> decimals() {
        return RandomRows.decimals();
    }

    @Provide
    Arbitrary<LocalDate> dates() {
        return RandomRows.dates();
    }

    @Provide
    Arbitrary<Instant> instants() {
        return RandomRows.instants();
    }

    private String text(int end) {
        return new String(target, 0, end, StandardCharsets.US_ASCII);
    }

    /** The slow and obvious way. */
    private static String plain(BigDecimal value) {
        String digits = value.toPlainString();
        if (!digits.contains(".")) {
            return digits + ".0";
        }
        while (digits.endsWith("0") && !digits.endsWith(".0")) {
            digits = digits.substring(0, digits.length() - 1);
        }
        return digits;
    }
}
