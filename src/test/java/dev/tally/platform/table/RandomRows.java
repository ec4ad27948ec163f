package dev.tally.platform.table;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.stream.IntStream;

import org.jspecify.annotations.NullUnmarked;
import org.jspecify.annotations.Nullable;

import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Tuple;
import net.jqwik.api.arbitraries.ListArbitrary;

/** Tables of every type, with the texts and numbers that break things. */
final class RandomRows {
    private static final int MAX_ROWS = 40;

    private RandomRows() {}

    // jqwik says nothing of nulls, and a cell may be one.
    @NullUnmarked
    static Arbitrary<Rows> rows() {
        return Arbitraries.of(ColumnType.class).list().ofMinSize(1).ofMaxSize(6).flatMap(types -> {
            List<Column> columns = IntStream.range(0, types.size())
                    .mapToObj(i -> new Column("c" + i, types.get(i)))
                    .toList();
            List<Arbitrary<@Nullable Object>> cells = types.stream().map(RandomRows::cell).toList();
            ListArbitrary<List<@Nullable Object>> rows = Combinators.combine(cells).as(row -> row).list()
                    .ofMaxSize(MAX_ROWS);
            return rows.map(all -> new Rows(columns, all));
        });
    }

    @NullUnmarked
    private static Arbitrary<@Nullable Object> cell(ColumnType type) {
        Arbitrary<?> values = switch (type) {
            case TEXT -> texts();
            case INTEGER -> Arbitraries.longs();
            case DECIMAL -> decimals();
            case NUMERAL -> numerals();
            case DATE -> dates();
            case INSTANT -> instants();
        };
        return values.map(value -> (@Nullable Object) value).injectNull(0.1);
    }

    static Arbitrary<String> texts() {
        Arbitrary<String> nasty = Arbitraries.of("", " ", "=1+1", "+1", "-1", "@x", "\tx", "\rx", "\"", "\"\"", ",",
                "\r\n", "a\nb", "null", "_x0041_", "__x000D_x", "a_x00zz_", "\u0000\u0001\u001f\u007f", "\uFFFE\uFFFF",
                "\u2028", "\uD83D\uDE00", "\uD83D", "\uDE00x", "\\u0041", "\\", "<a>&amp;</a>", " padded ", "]]>",
                "ñandú Ω 漢字", "x".repeat(32_767), "é".repeat(5_000), "\uD83D\uDE00".repeat(3_000), "\"".repeat(5_000));
        return Arbitraries.frequencyOf(
                Tuple.of(3, Arbitraries.strings().ofMaxLength(30)),
                Tuple.of(3, Arbitraries.strings().ascii().ofMaxLength(30)),
                Tuple.of(1, nasty));
    }

    static Arbitrary<BigDecimal> decimals() {
        Arbitrary<BigInteger> unscaled = Arbitraries.bigIntegers()
                .between(BigInteger.TEN.pow(40).negate(), BigInteger.TEN.pow(40));
        Arbitrary<BigDecimal> any = Combinators.combine(unscaled, Arbitraries.integers().between(-30, 60))
                .as(BigDecimal::new);
        Arbitrary<BigDecimal> usual = Combinators.combine(Arbitraries.longs(), Arbitraries.integers().between(0, 18))
                .as(BigDecimal::valueOf);
        return Arbitraries.oneOf(any, usual);
    }

    /** What another service may give where a number is meant. */
    static Arbitrary<String> numerals() {
        Arbitrary<String> nasty = Arbitraries.of("0", "-0", "-0.5", "0.50", "0.4965", "829449", "007", "-007", "00",
                "+1",
                "1e5", "-1E-5", "1E400", ".5", "-.5", "5.", "-", ".", "", "--1", "1.2.3", "1,5", " 1", "1 ", "NaN",
                "0x1F",
                "\uFF11", "123456789012345", "1234567890123456", "-999999999999999", "123456789012345.0",
                "0.123456789012345", "0.1234567890123456", "0.000000000000001", "0.0000000000000001",
                "1000000000000000", "9".repeat(400), "0." + "0".repeat(400) + "1", "-1\r\n", "=1+1", "-1+cmd");
        Arbitrary<String> plain = Combinators
                .combine(Arbitraries.longs(), Arbitraries.integers().between(0, 20))
                .as((unscaled, scale) -> BigDecimal.valueOf(unscaled, scale).toPlainString());
        Arbitrary<String> like = Arbitraries.strings().withChars("0123456789.-+eE").ofMaxLength(18);
        return Arbitraries.oneOf(nasty, plain, like, texts());
    }

    static Arbitrary<LocalDate> dates() {
        Arbitrary<LocalDate> any = Arbitraries.longs()
                .between(LocalDate.MIN.toEpochDay(), LocalDate.MAX.toEpochDay())
                .map(LocalDate::ofEpochDay);
        Arbitrary<LocalDate> usual = Arbitraries.longs()
                .between(LocalDate.of(-1, 1, 1).toEpochDay(), LocalDate.of(10_000, 12, 31).toEpochDay())
                .map(LocalDate::ofEpochDay);
        return Arbitraries.oneOf(any, usual);
    }

    static Arbitrary<Instant> instants() {
        Arbitrary<Long> seconds = Arbitraries.oneOf(
                Arbitraries.longs().between(Instant.MIN.getEpochSecond(), Instant.MAX.getEpochSecond()),
                Arbitraries.longs().between(-62_167_219_300L, 253_402_300_900L));
        Arbitrary<Integer> nanos = Arbitraries.oneOf(
                Arbitraries.of(0, 1, 1_000, 1_000_000, 999_999_999),
                Arbitraries.integers().between(0, 999).map(millis -> millis * 1_000_000),
                Arbitraries.integers().between(0, 999_999).map(micros -> micros * 1_000),
                Arbitraries.integers().between(0, 999_999_999));
        return Combinators.combine(seconds, nanos).as(Instant::ofEpochSecond);
    }
}
