package dev.tally.reports;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class GcoreCsvTest {
    private static final String HEADER = "Client ID,Company name,Feature ID,Feature name,Metric value,Unit name\n";
    private static final List<String> NAMES = List.of("Client ID", "Company name", "Feature ID", "Feature name",
            "Metric value", "Unit name");

    private final GcoreCsv csv = new GcoreCsv(ResultBounds.usual());
    private final List<String> rows = new ArrayList<>();

    private List<String> read(String file, String client) {
        return read(file.getBytes(StandardCharsets.UTF_8), client);
    }

    private List<String> read(byte[] file, String client) {
        try {
            return csv.read(new ByteArrayInputStream(file), client, cells -> rows.add(String.join("|", cells)));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void readsTheRowsOfOneClient() {
        List<String> header = read(HEADER + "829449,SDG Test 2,2362,Block Storage (Standard) - Gb,0.4965,GBM\n"
                + "20001,Acme,11,Egress,3,GB\n829449,SDG Test 2,2363,Egress,-7.10,GB\n", "829449");

        assertThat(header).isEqualTo(NAMES);
        assertThat(rows).containsExactly("829449|SDG Test 2|2362|Block Storage (Standard) - Gb|0.4965|GBM",
                "829449|SDG Test 2|2363|Egress|-7.10|GB");
    }

    @Test
    void findsColumnsByTheirNamesAndKeepsUnknownOnesBehindTheOthers() {
        List<String> header = read("\uFEFFRegion,Unit name,metric value , Feature ID,Feature name,Client ID,Company name,Note\n"
                + "eu,GB,1.5,7,Egress,1,Acme,\"a, \"\"b\"\"\nc\"\n", "1");

        assertThat(header).containsExactly("Client ID", "Company name", "Feature ID", "Feature name", "Metric value",
                "Unit name", "Region", "Note");
        assertThat(rows).containsExactly("1|Acme|7|Egress|1.5|GB|eu|a, \"b\"\nc");
    }

    @Test
    void readsAHeaderInQuotesAfterAByteOrderMark() {
        assertThat(read("\uFEFF\"Client ID\",\"Company name\",\"Feature ID\",\"Feature name\",\"Metric value\","
                + "\"Unit name\",\"a,b\u0000\"\n", "1")).endsWith("a,b");
    }

    @Test
    void fillsDownWhatRepeatsTheRowAbove() {
        read(HEADER + "1,Acme,7,Egress,1,GB\n,,8,Storage,2,GBM\n,,,,3,\n2,Beta,7,Egress,4,GB\n,,,,5,\n", "1");
        assertThat(rows).containsExactly("1|Acme|7|Egress|1|GB", "1|Acme|8|Storage|2|GBM", "1|Acme|8|Storage|3|GBM");

        rows.clear();
        read(HEADER + "1,Acme,7,Egress,1,GB\n2,Beta,,,4,\n,Beta,,Egress,5,GB\n", "2");
        assertThat(rows).containsExactly("2|Beta|7|Egress|4|GB", "2|Beta|7|Egress|5|GB");
    }

    @Test
    void doesNotGiveACompanyTheNameOfTheOneAboveNorAFeatureItsUnit() {
        read(HEADER + "1,Acme,7,Egress,1,GB\n2,,8,,4,\n", "2");

        assertThat(rows).containsExactly("2||8||4|");
    }

    @Test
    void neverFillsAFigureOrAnUnknownColumn() {
        read("Client ID,Company name,Feature ID,Feature name,Metric value,Unit name,Note\n1,Acme,7,Egress,1,GB,x\n,,,,,,\n",
                "1");

        assertThat(rows).containsExactly("1|Acme|7|Egress|1|GB|x", "1|Acme|7|Egress||GB|");
    }

    @Test
    void givesTwoUnknownColumnsOfOneNameTwoNames() {
        assertThat(read("Note,Note,,Client ID,Company name,Feature ID,Feature name,Metric value,Unit name\n", "1"))
                .isEqualTo(List.of("Client ID", "Company name", "Feature ID", "Feature name", "Metric value", "Unit name",
                        "Note", "Note (2)", ""));
    }

    @Test
    void hasNoRowsForAClientThatIsNotInIt() {
        assertThat(read(HEADER + "1,Acme,7,Egress,1,GB\n", "01")).isEqualTo(NAMES);
        assertThat(rows).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "\n\n", "Client ID,Company name,Feature ID,Feature name,Unit name\n1,A,2,B,GB\n",
            HEADER_TWICE, "Client ID;Company name;Feature ID;Feature name;Metric value;Unit name\n",
            "<html>\n<body>Service unavailable</body>\n"})
    void refusesWhatIsNoReport(String file) {
        assertThatExceptionOfType(GcoreCsv.UnreadableException.class).isThrownBy(() -> read(file, "1"))
                .withMessageStartingWith("Gcore's file ");
    }

    private static final String HEADER_TWICE = "Client ID,Client ID,Company name,Feature ID,Feature name,Metric value,"
            + "Unit name\n";

    @ParameterizedTest
    @ValueSource(strings = {"1,Acme,7,Egress,1\n", "1,Acme,7,Egress,1,GB,x\n", ",Acme,7,Egress,1,GB\n",
            "1,Acme,7,Egress,1,GB\n,Beta,7,Egress,2,GB\n", "1,Acme,7,Egress,1,GB\n1,Acme,,Storage,2,GB\n",
            "1,Acme,7,Egress,1,GB\n1,Acme,,Egress,2,TB\n", "1,Acme,7,\"Egress,1,GB\n", "1,Acme,7,Egr\"ess\"\",1,GB\n1,\"Acme\"x,7,Egress,1,GB\n"})
    void refusesAFileWithABrokenRowRatherThanLeaveItOut(String row) {
        assertThatExceptionOfType(GcoreCsv.UnreadableException.class).isThrownBy(() -> read(HEADER + row, "1"));
    }

    @Test
    void refusesBytesThatAreNoText() {
        assertThatExceptionOfType(GcoreCsv.UnreadableException.class)
                .isThrownBy(() -> read((HEADER + "1,\u00e9,7,Egress,1,GB\n").getBytes(StandardCharsets.ISO_8859_1), "1"))
                .withMessage("Gcore's file is not UTF-8.");
    }

    @Test
    void tellsAFileThatBreaksOffFromABrokenOne() {
        FilterInputStream broken = new FilterInputStream(new ByteArrayInputStream(HEADER.getBytes(StandardCharsets.UTF_8))) {
            @Override
            public int read(byte[] target, int offset, int length) throws IOException {
                int count = super.read(target, offset, length);
                if (count < 0) {
                    throw new IOException("the connection was reset");
                }
                return count;
            }
        };

        assertThatThrownBy(() -> csv.read(broken, "1", _ -> {})).isExactlyInstanceOf(IOException.class)
                .hasMessage("the connection was reset");
    }

    @Property(tries = 300)
    void readsBackWhateverRowsThereAre(@ForAll("tables") List<List<String>> table) {
        List<String> found = new ArrayList<>();
        String file = HEADER + table.stream().map(row -> "1,Acme," + row.stream()
                .map(cell -> "\"" + cell.replace("\"", "\"\"") + "\"").collect(Collectors.joining(",")) + "\r\n")
                .collect(Collectors.joining());
        try {
            csv.read(new ByteArrayInputStream(file.getBytes(StandardCharsets.UTF_8)), "1",
                    cells -> found.add(String.join("\u0000", cells)));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }

        assertThat(found).isEqualTo(table.stream().map(row -> "1\u0000Acme\u0000" + String.join("\u0000", row)).toList());
    }

    /** Feature's id and name, value, unit; none empty, so that nothing is filled, and an id is not stripped. */
    @Provide
    Arbitrary<List<List<String>>> tables() {
        Arbitrary<String> cell = Arbitraries.strings().withChars("ab1,;\"'\n\r\té\uD83D\uDE00 =").ofMinLength(1).ofMaxLength(8)
                .filter(text -> StandardCharsets.UTF_8.newEncoder().canEncode(text));
        Arbitrary<String> id = Arbitraries.integers().between(1, 99).map(String::valueOf);
        return net.jqwik.api.Combinators.combine(id, cell, cell, cell).as(List::of).list().ofMaxSize(8);
    }
}
