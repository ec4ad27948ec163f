package dev.tally.interactions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.Month;
import java.time.YearMonth;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;

import org.apache.poi.ss.usermodel.DateUtil;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.LongRange;

class CellValuesTest {
    private static final CellValues UTC = new CellValues(ZoneId.of("UTC"), false);
    private static final CellValues UTC_1904 = new CellValues(ZoneId.of("UTC"), true);
    private static final List<String> DAYS = List.of("dd/MM/yyyy", "d/M/yyyy", "dd.MM.yyyy", "d.M.yyyy", "dd-MM-yyyy",
            "dd MM yyyy", "d MMM yyyy", "dd-MMM-yyyy", "d MMMM yyyy", "yyyy-MM-dd", "yyyy/MM/dd");
    private static final List<String> TIMES = List.of(" HH:mm:ss", " H:mm:ss", ", HH:mm:ss", " h:mm:ss a",
            "'T'HH:mm:ss",
            " HH:mm:ss.SSS");
    private static final List<String> MONTHS = List.of("MM-yyyy", "M-yyyy", "MM/yyyy", "M.yyyy", "MM yyyy", "MMM-yyyy",
            "MMM yyyy", "MMMM yyyy", "yyyy-MM", "yyyy/MM", "dd/MM/yyyy", "yyyy-MM-dd");
    private static final List<String> BLANKS = List.of("", " ", "  ", "\t", "\u00A0", "\u2007", "\n", "\uFEFF",
            "\u200B");

    private static Cell text(String text) {
        return new Cell(Cell.Kind.TEXT, text, false);
    }

    private static Cell date(double serial) {
        return new Cell(Cell.Kind.DATE, Double.toString(serial), false);
    }

    @Provide
    Arbitrary<LocalDateTime> instants() {
        return Arbitraries.longs()
                .between(LocalDateTime.of(1900, 3, 1, 0, 0).toEpochSecond(ZoneOffset.UTC),
                        LocalDateTime.of(2199, 12, 31, 23, 59, 59).toEpochSecond(ZoneOffset.UTC))
                .map(second -> LocalDateTime.ofEpochSecond(second, 0, ZoneOffset.UTC));
    }

    @Provide
    Arbitrary<String> dateTimeForms() {
        return Combinators.combine(Arbitraries.of(DAYS), Arbitraries.of(TIMES)).as((day, time) -> day + time);
    }

    @Provide
    Arbitrary<String> blanks() {
        return Combinators.combine(Arbitraries.of(BLANKS), Arbitraries.of(BLANKS)).as((one, other) -> one + other);
    }

    @Property
    void readsOneInstantInAnyForm(@ForAll("instants") LocalDateTime local, @ForAll("dateTimeForms") String form,
            @ForAll("blanks") String before, @ForAll("blanks") String after) throws CellFaultException {
        String written = before + DateTimeFormatter.ofPattern(form, Locale.ENGLISH).format(local) + after;

        assertThat(UTC.epochMicros(text(written))).as(written)
                .isEqualTo(local.toEpochSecond(ZoneOffset.UTC) * 1_000_000);
    }

    @Property
    void readsADateOfExcelAsTheSameText(@ForAll("instants") LocalDateTime local) throws CellFaultException {
        Cell text = text(DateTimeFormatter.ofPattern("dd/MM/yyyy HH:mm:ss").format(local));

        assertThat(UTC.epochMicros(date(DateUtil.getExcelDate(local, false)))).isEqualTo(UTC.epochMicros(text));
        if (local.getYear() > 1904) {
            assertThat(UTC_1904.epochMicros(date(DateUtil.getExcelDate(local, true))))
                    .isEqualTo(UTC.epochMicros(text));
        }
    }

    @Property
    void readsOneMonthInAnyForm(@ForAll("instants") LocalDateTime local, @ForAll("blanks") String blanks)
            throws CellFaultException {
        long firstDay = YearMonth.from(local).atDay(1).toEpochDay();

        for (String form : MONTHS) {
            String written = blanks + DateTimeFormatter.ofPattern(form, Locale.ENGLISH).format(local);
            assertThat(UTC.monthEpochDay(text(written))).as(written).isEqualTo(firstDay);
        }
        assertThat(UTC.monthEpochDay(date(DateUtil.getExcelDate(local, false)))).isEqualTo(firstDay);
    }

    @Property
    void readsOneIdInAnyForm(@ForAll @LongRange(min = 1, max = 999_999_999_999_999L) long id,
            @ForAll("blanks") String before, @ForAll("blanks") String after) throws CellFaultException {
        assertThat(UTC.id(text(before + id + after))).isEqualTo(id);
        assertThat(UTC.id(text("00" + id))).isEqualTo(id);
        assertThat(UTC.id(new Cell(Cell.Kind.NUMBER, Long.toString(id), false))).isEqualTo(id);
        assertThat(UTC.id(new Cell(Cell.Kind.NUMBER, id + ".0", false))).isEqualTo(id);
        assertThat(UTC.ids(text(id + "," + before + (id + 1) + after))).containsExactly(id, id + 1);
        assertThat(UTC.ids(text(id + ";" + (id + 1) + ";" + (id + 2)))).containsExactly(id, id + 1, id + 2);
    }

    @Property
    void neverTakesAnyTextForAnotherDay(@ForAll String text) {
        try {
            long micros = UTC.epochMicros(text(text));
            assertThat(LocalDate.ofEpochDay(Math.floorDiv(micros, 86_400_000_000L)).getYear()).isBetween(1900, 2199);
        } catch (CellFaultException fault) {
            assertThat(fault.reason()).isNotBlank();
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"31/02/2020 | is not in the calendar", "29/02/2019 | is not in the calendar",
            "10/13/2019 | has no month 13; dates are read day first",
            "04/10/19 | has a year of two digits; write all four",
            "04/10/2019 24:00 | has no such time of day", "04/10/2019 13:00 PM | has no such hour",
            "4 Octember 2019 | has no month that is known; use its number",
            "04/10-2019 | is no date; write it like 04/10/2019 09:00, day first, or make it a date of Excel",
            "tomorrow | is no date; write it like 04/10/2019 09:00, day first, or make it a date of Excel",
            "43742 | is no date; write it like 04/10/2019 09:00, day first, or make it a date of Excel",
            "01/01/1899 | is not between 1900 and 2199", "2200-01-01 | is not between 1900 and 2199"})
    void saysWhatIsWrongWithADate(String text, String reason) {
        assertThatThrownBy(() -> UTC.epochMicros(text(text))).isInstanceOf(CellFaultException.class)
                .hasMessage(reason);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"0 | is no id of a customer, which is a positive whole number",
            "-1 | is no id of a customer, which is a positive whole number",
            "1.5 | is no id of a customer, which is a positive whole number",
            "1,,2 | is no id of a customer, which is a positive whole number",
            "1, 2, 1 | names the customer 1 twice", "Jedi | is no id of a customer, which is a positive whole number",
            "1234567890123456789 | is no id of a customer, which is a positive whole number"})
    void saysWhatIsWrongWithAnId(String text, String reason) {
        assertThatThrownBy(() -> UTC.ids(text(text))).isInstanceOf(CellFaultException.class).hasMessage(reason);
    }

    @ParameterizedTest
    @CsvSource({"43742.375, NUMBER", "TRUE, BOOLEAN", "#N/A, ERROR", "'', ERROR", "'', BLANK", "-1, DATE",
            "1e300, DATE"})
    void takesNoOtherCellForADate(String text, Cell.Kind kind) {
        assertThatThrownBy(() -> UTC.epochMicros(new Cell(kind, text, false))).isInstanceOf(CellFaultException.class);
        assertThatThrownBy(() -> UTC.monthEpochDay(new Cell(kind, text, false)))
                .isInstanceOf(CellFaultException.class);
    }

    @ParameterizedTest
    @CsvSource({"31/03/2019 01:30, 1553992200", "27/10/2019 02:30, 1572136200", "01/07/2019, 1561932000"})
    void readsDatesInTheConfiguredZone(String text, long epochSecond) throws CellFaultException {
        assertThat(new CellValues(ZoneId.of("Europe/Paris"), false).epochMicros(text(text)))
                .isEqualTo(epochSecond * 1_000_000);
    }

    @ParameterizedTest
    @CsvSource({"31/03/2019 02:30"})
    void refusesATimeThatWasSkipped(String text) {
        assertThatThrownBy(() -> new CellValues(ZoneId.of("Europe/Paris"), false).epochMicros(text(text)))
                .hasMessage("is a time that was skipped in Europe/Paris when summer time began");
    }

    @Property
    void knowsEveryMonthByTheStartOfItsName(@ForAll Month month) throws CellFaultException {
        String name = month.getDisplayName(java.time.format.TextStyle.FULL, Locale.ENGLISH);
        for (int length = 3; length <= name.length(); length++) {
            for (String written : List.of(name.substring(0, length),
                    name.substring(0, length).toUpperCase(Locale.ROOT))) {
                assertThat(DateTexts.month(written + " 2020")).isEqualTo(YearMonth.of(2020, month));
            }
        }
    }
}
