package dev.tally.analytics;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import net.jqwik.api.constraints.Size;

class MeasurementTest {
    private static final int DECIMALS = 6;

    @ParameterizedTest
    @ValueSource(strings = {"", "+", "-", ".", "-.", "1.2.3", "1e3", " 1", "1 ", "1,5", "--1", "0x1", "NaN", "١",
            "12345678901234567890123456789", "0.123456789012345678901234567890123456789"})
    void takesNothingForAnAmountThatIsNone(String text) {
        assertThat(read(text)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "-0", "+7", "5.", ".5", "-.25", "000123.4500", "999999999.999999999", "1000000000",
            "0.0000000001", "1234567890123456789012345678.12345678901234567890123456789012345678"})
    void readsAmountsOfAnySize(String text) {
        assertThat(read(text)).hasValueSatisfying(amount -> assertThat(amount).isEqualByComparingTo(text));
    }

    @Property
    void readsWhatBigDecimalReads(@ForAll("amounts") BigDecimal amount) {
        assertThat(read(amount.toPlainString()))
                .hasValueSatisfying(read -> assertThat(read).isEqualByComparingTo(amount));
    }

    @Property
    void measuresExactlyHoweverTheRowsAreSplit(@ForAll("manyAmounts") List<BigDecimal> amounts,
            @ForAll @Size(30) List<Boolean> inFirst) {
        for (Measure measure : List.of(Measure.SUM, Measure.AVG, Measure.MIN, Measure.MAX, Measure.COUNT)) {
            Measurement first = Measurement.of(measure, DECIMALS);
            Measurement second = Measurement.of(measure, DECIMALS);
            for (int i = 0; i < amounts.size(); i++) {
                add(inFirst.get(i) ? first : second, 3, amounts.get(i));
            }

            first.add(3, second, 3);

            assertThat(first.figure(3)).as("%s of %s", measure, amounts).isEqualTo(figure(measure, amounts));
        }
    }

    @Property
    void numbersValuesAsAMapWould(@ForAll("values") List<String> values) {
        GroupTable table = new GroupTable(Integer.MAX_VALUE, false, IllegalStateException::new);
        Map<String, Integer> numbers = new HashMap<>();

        for (String value : values) {
            // In the midst of other bytes, and at the very end of the array.
            byte[] bytes = ("#" + value).getBytes(StandardCharsets.UTF_8);
            byte[] more = ("#" + value + "0123456789abcdef").getBytes(StandardCharsets.UTF_8);

            int expected = numbers.computeIfAbsent(value, _ -> numbers.size());
            assertThat(table.find(bytes, 1, bytes.length)).isEqualTo(expected);
            assertThat(table.find(more, 1, bytes.length)).isEqualTo(expected);
            assertThat(new String(table.value(expected), StandardCharsets.UTF_8)).isEqualTo(value);
        }

        assertThat(table.size()).isEqualTo(numbers.size());
    }

    @Provide
    static Arbitrary<BigDecimal> amounts() {
        Arbitrary<BigDecimal> usual = Arbitraries.bigDecimals().between(new BigDecimal("-100000"),
                new BigDecimal("100000")).ofScale(2);
        Arbitrary<BigDecimal> edge = Arbitraries.bigDecimals().between(new BigDecimal("-999999999.999999999"),
                new BigDecimal("999999999.999999999")).ofScale(Amounts.SCALE);
        Arbitrary<BigDecimal> large = Arbitraries.bigDecimals()
                .between(new BigDecimal("1e28").negate().add(BigDecimal.ONE),
                        new BigDecimal("1e28").subtract(BigDecimal.ONE))
                .ofScale(Amounts.MAX_FRACTION_DIGITS);
        return Arbitraries.frequencyOf(Tuple.of(6, usual), Tuple.of(2, edge),
                Tuple.of(1, large));
    }

    @Provide
    static Arbitrary<List<BigDecimal>> manyAmounts() {
        return amounts().list().ofMaxSize(30);
    }

    @Provide
    static Arbitrary<List<String>> values() {
        Arbitrary<String> any = Arbitraries.strings().withChars('a', 'b', '\0', 'ñ').ofMaxLength(40);
        Arbitrary<String> alike = Arbitraries.integers().between(0, 2000).map(number -> "the same beginning " + number);
        return Arbitraries.oneOf(any, alike).list().ofMaxSize(600);
    }

    private static Optional<BigDecimal> read(String text) {
        byte[] bytes = ("9" + text + "9").getBytes(StandardCharsets.UTF_8);
        long scaled = Amounts.scaled(bytes, 1, bytes.length - 1, (byte) '.');
        return scaled == Amounts.UNKNOWN
                ? Amounts.exact(bytes, 1, bytes.length - 1, (byte) '.')
                : Optional.of(BigDecimal.valueOf(scaled, Amounts.SCALE));
    }

    private static void add(Measurement measurement, int group, BigDecimal amount) {
        byte[] bytes = amount.toPlainString().getBytes(StandardCharsets.US_ASCII);
        long scaled = Amounts.scaled(bytes, 0, bytes.length, (byte) '.');
        if (scaled == Amounts.UNKNOWN) {
            measurement.add(group, amount);
        } else {
            measurement.add(group, scaled);
        }
    }

    private static Optional<BigDecimal> figure(Measure measure, List<BigDecimal> amounts) {
        BigDecimal sum = amounts.stream().reduce(BigDecimal.ZERO, BigDecimal::add);
        List<BigDecimal> sorted = new ArrayList<>(amounts);
        sorted.sort(Comparator.naturalOrder());
        if (amounts.isEmpty() && measure != Measure.SUM && measure != Measure.COUNT) {
            return Optional.empty();
        }
        return Optional.of(Amounts.plain(switch (measure) {
            case SUM -> sum;
            case AVG -> sum.divide(BigDecimal.valueOf(amounts.size()), DECIMALS, RoundingMode.HALF_UP);
            case MIN -> sorted.getFirst();
            case MAX -> sorted.getLast();
            default -> BigDecimal.valueOf(amounts.size());
        }));
    }
}
