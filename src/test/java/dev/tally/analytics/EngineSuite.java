package dev.tally.analytics;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import dev.tally.platform.problem.ProblemCode;
import dev.tally.platform.problem.ProblemException;

/** What every engine has to do; each gives exactly the figures of the {@link ObviousEngine}. */
interface EngineSuite {
    /** How many groups the engine under test keeps apart. */
    int MAX_GROUPS = 300;

    /** Puts objects where the engine under test finds them. */
    TestObjects objects();

    Engine engine();

    /** Asks the engine, and compares. */
    default Figures figures(Metric metric) {
        List<StoredObject> stored = objects().find(metric.dataset());
        Figures expected = new ObviousEngine(objects()::content, ',', MAX_GROUPS).compute(metric, stored, _ -> {});

        Figures figures = engine().compute(metric, stored, _ -> {});

        assertThat(figures).as("%s of %s", metric, objects()).isEqualTo(expected);
        return figures;
    }

    @Test
    default void countsByGroup() {
        objects().put("a.csv", "estado,monto\naprobado,1\npendiente,2\naprobado,x\n,3\n");

        Figures figures = figures(TestMetric.of("a.csv").groupBy("estado").count());

        assertThat(figures.groups()).extracting(Figures.Group::name).containsExactly("aprobado", "", "pendiente");
        assertThat(figures.rowsRead()).isEqualTo(4);
    }

    @ParameterizedTest
    @EnumSource(Measure.class)
    default void measuresWithAndWithoutGroups(Measure measure) {
        objects().put("a.csv", "g;m\na;1.5\nb;-0.25\na;.5\nb;5.\na;+7\nc;\n\nc;1e3\nb;00012.500\na;1,5\na;1;2\n");

        figures(TestMetric.of("a.csv").delimiter(';').measure(measure, "m"));
        figures(TestMetric.of("a.csv").delimiter(';').groupBy("g").measure(measure, "m"));
    }

    @ParameterizedTest
    @EnumSource(Measure.class)
    default void measuresNothing(Measure measure) {
        objects().put("a.csv", "g,m\n");

        figures(TestMetric.of("a.csv").measure(measure, "m"));
        figures(TestMetric.of("a.csv").groupBy("g").measure(measure, "m"));
    }

    @Test
    default void sumsExactly() {
        objects().put("a.csv", """
                               m
                               9999999999999999999999999999.00000000000000000000000000000000000001
                               9999999999999999999999999999.99999999999999999999999999999999999999
                               0.1
                               0.2
                               10000000000000000000000000000
                               0.000000000000000000000000000000000000001
                               00000000000000000000000000001
                               """);

        figures(TestMetric.of("a.csv").measure(Measure.SUM, "m"));
        figures(TestMetric.of("a.csv").measure(Measure.AVG, "m"));
        assertThat(figures(TestMetric.of("a.csv").measure(Measure.MAX, "m")).rowsRejected()).isEqualTo(3);
    }

    @Test
    default void roundsAMeanHalfUp() {
        objects().put("a.csv", "g,m\na,1\na,2\na,2\nb,-1\nb,-2\nc,0.0000005\n");

        figures(TestMetric.of("a.csv").groupBy("g").measure(Measure.AVG, "m"));
    }

    @Test
    default void readsQuotedFields() {
        objects().put("a.csv",
                "g,m\r\n\"a,b\",1\r\n\"say \"\"no\"\"\",\"2\"\r\n\"\",\"3\"\r\n\"\"\"\",4\r\n\"x\",\"\"\r\n");

        Figures figures = figures(TestMetric.of("a.csv").groupBy("g").measure(Measure.SUM, "m"));

        assertThat(figures.groups()).extracting(Figures.Group::name)
                .containsExactly("\"", "", "say \"no\"", "a,b");
    }

    @Test
    default void readsLineBreaksInFields() {
        objects().put("a.csv", "g,m\n\"two\nlines\",1\n\"with\r\nreturn\",2\nx,y\n\"a\n\n\nb\",z\n");

        Figures figures = figures(TestMetric.of("a.csv").groupBy("g").measure(Measure.SUM, "m"));

        assertThat(figures.rejects()).extracting(Figures.Reject::line).containsExactly(6L, 7L);
    }

    @Test
    default void readsAHeaderOfTwoLines() {
        objects().put("a.csv", "\"first\nname\",m\na,1\n");

        figures(TestMetric.of("a.csv").measure(Measure.SUM, "m"));
    }

    @ParameterizedTest
    @ValueSource(strings = {
            "a,\"b\"c\nd,e\n", "a,\"b\nc,d\n", "a,b\"c\nd,\"e\"\n", "a,\"b\"\"\nx,y\n", "\"a\"x,\"b\"y\nc,d\n",
            "a,b\r", "a,\"b\"\r", "\ra,b\n", "a,b\r\r\n", "a,b\n\rc,d\n", "a\rb,c\n", "\r\n\r\na,b", "\n\n\"\"\n\"\"",
            "a,b\n\r",
            "\"\",\"\"\n,\n", "\"a\" ,b\n", " \"a\",b\n", "a,b,\n", ",a,b\n", "\"\n", "\"", "a,\"", "a,\"\"\"",
            "\uFEFFa,b\n",
            "a,\"b\" \n", "\"a\"\"b\"c\",d\n", "a\0b,c\n"})
    default void takesOddRowsAsTheRulesSay(String rows) {
        objects().put("a.csv", "g,m\n" + rows);

        figures(TestMetric.of("a.csv").groupBy("g").count());
        figures(TestMetric.of("a.csv").groupBy("m").measure(Measure.DISTINCT, "g"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "\n", "\n\n", "a\n\nb", "\"\"\n\"\"", "\r\n", "\r", "a\r", "a\r\n", "a\n\r\n", "a,b\n",
            "\"a\nb\""})
    default void readsAFileOfOneColumn(String rows) {
        objects().put("a.csv", "g\n" + rows);

        figures(TestMetric.of("a.csv").groupBy("g").count());
    }

    @ParameterizedTest
    @ValueSource(strings = {"\ng,m\na,1\nb,2\n", "\r\n\n\"\"\ng,m\na,1\n\nb\n", "\uFEFF\n\ng,m\na,x\n"})
    default void skipsBlankLinesBeforeTheHeader(String file) {
        objects().put("a.csv", file);

        figures(TestMetric.of("a.csv").groupBy("g").measure(Measure.SUM, "m"));
    }

    @Test
    default void readsGzip() {
        objects().putPacked("a.csv.gz", "g,m\r\na,1\r\nb,\"2\"\r\n".getBytes(UTF_8));
        objects().putPacked("b.csv.gz", "g,m\r\na,1\r\nb,2\r".getBytes(UTF_8));

        figures(TestMetric.of("a.csv.gz").groupBy("g").measure(Measure.SUM, "m"));
        figures(TestMetric.of("b.csv.gz").groupBy("m").count());
    }

    @Test
    default void readsALeadingByteOrderMark() {
        objects().put("a.csv", "\uFEFFg,m\na,1\n\uFEFFa,2\n");

        figures(TestMetric.of("a.csv").groupBy("g").measure(Measure.SUM, "m"));
    }

    @Test
    default void rejectsWhatIsNotUtf8() {
        for (String octets : List.of("\u00FF", "\u00C0\u0080", "\u00ED\u00A0\u0080", "\u00F4\u0090\u0080\u0080",
                "\u00C3",
                "\u00C3\u00B1")) {
            byte[] bytes = ("g,m\n" + octets + ",1\na," + octets + "\nb,2\n").getBytes(ISO_8859_1);
            objects().put("a.csv", bytes);

            figures(TestMetric.of("a.csv").groupBy("g").count());
            figures(TestMetric.of("a.csv").groupBy("g").measure(Measure.DISTINCT, "m"));
            figures(TestMetric.of("a.csv").measure(Measure.SUM, "m"));
        }
    }

    @Test
    default void readsLatin1() {
        objects().put("a.csv", "g,m\nMéxico,1\nPerú,2\nMéxico,ñ\n\"Ñ,\",3\n".getBytes(ISO_8859_1));
        TestMetric metric = TestMetric.of("a.csv").charset(ISO_8859_1);

        figures(metric.groupBy("g").count());
        figures(metric.groupBy("g").measure(Measure.DISTINCT, "m"));
        figures(metric.groupBy("g").measure(Measure.SUM, "m"));
        figures(metric.filter("g", RowFilter.Test.ANY_OF, "México", "日本").count());
        figures(metric.filter("g", RowFilter.Test.NONE_OF, "México", "日本").count());
        figures(metric.filter("g", RowFilter.Test.NONE_OF, "日本").count());
        figures(metric.filter("g", RowFilter.Test.BELOW, "日本").count());
        figures(metric.filter("g", RowFilter.Test.AT_LEAST, "Perú").groupBy("g").count());
    }

    @Test
    default void readsDecimalCommas() {
        objects().put("a.csv", "g;m\na;1,5\na;,25\nb;1.5\nb;-7,\n");

        figures(TestMetric.of("a.csv").delimiter(';').decimalComma().groupBy("g").measure(Measure.SUM, "m"));
        figures(TestMetric.of("a.csv").delimiter(';').decimalComma().measure(Measure.AVG, "m"));
    }

    @Test
    default void filtersByTheirBytes() {
        objects().put("a.csv",
                "d\tg\tm\n2025-01-01\ta\t1\n2025-02-01\tb\tx\n2025-03-01\tq'\\\"\t3\n\t\t4\n2025\tñ\t5\n1\t2\n");
        TestMetric metric = TestMetric.of("a.csv").delimiter('\t').groupBy("g");

        figures(metric.filter("d", RowFilter.Test.AT_LEAST, "2025-02").measure(Measure.SUM, "m"));
        figures(metric.filter("d", RowFilter.Test.BELOW, "2025-02").measure(Measure.SUM, "m"));
        figures(metric.filter("g", RowFilter.Test.ANY_OF, "a", "ñ", "").measure(Measure.SUM, "m"));
        figures(metric.filter("g", RowFilter.Test.ANY_OF, "").measure(Measure.SUM, "m"));
        figures(metric.filter("g", RowFilter.Test.ANY_OF, "q'\\\"").measure(Measure.SUM, "m"));
        figures(metric.filter("g", RowFilter.Test.NONE_OF, "b", "").filter("d", RowFilter.Test.BELOW, "2025-03")
                .measure(Measure.SUM, "m"));
    }

    @Test
    default void readsPartFiles() {
        objects().put("p/1.csv", "g,m\na,1\nb,x\n");
        objects().put("p/2.csv", "m,g\n2,a\n3,b,c\n");
        objects().put("p/3,x.csv", "g,m\na,4\n");
        objects().putPacked("p/4.csv.gz", "g,m\n\nc,\n".getBytes(UTF_8));
        objects().put("p/5.csv", "g,m\na,5\na\n");
        objects().put("p/dia=1/ñandú 100%+&#.csv", "g,m\n\"a\",6\n");

        figures(TestMetric.of("p/").groupBy("g").measure(Measure.SUM, "m"));
        figures(TestMetric.of("p/").measure(Measure.AVG, "m"));
        figures(TestMetric.of("p/").groupBy("g").measure(Measure.DISTINCT, "m"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"a*.csv", "a?.csv", "{a,b}.csv", "a{1..3}.csv", "a'b\".csv", "a\\b.csv", "a%20b.csv",
            "a::b.csv",
            "a[b].csv", "a$(x)`y`;--.csv"})
    default void readsNoOtherKeyThanIsMeant(String key) {
        objects().put("k/ab.csv", "g\nwrong\n");
        objects().put("k/a1.csv", "g\nwrong\n");
        objects().put("k/a.csv", "g\nwrong\n");
        objects().put("k/a b.csv", "g\nwrong\n");
        objects().put("k/" + key, "g\nright\n");

        figures(TestMetric.of("k/" + key).groupBy("g").count());
    }

    @Test
    default void tellsOfTheFirstRejects() {
        for (String part : List.of("1", "2", "3")) {
            objects().put("p/" + part + ".csv", "g,m\n" + IntStream.range(0, 6)
                    .mapToObj(index -> "\na,x" + part + "\\\t" + index + "\na," + index + "\n")
                    .collect(Collectors.joining()));
        }

        Figures figures = figures(TestMetric.of("p/").groupBy("g").measure(Measure.SUM, "m"));

        assertThat(figures.rejects()).hasSize(Figures.MAX_REJECTS);
        assertThat(figures.rowsRejected()).isEqualTo(18);
    }

    @Test
    default void breaksTiesByTheBytesOfNames() {
        objects().put("a.csv", "g\n\uFF5E\n\uD83D\uDE00\nz\na\nZ\né\n");

        figures(TestMetric.of("a.csv").groupBy("g").count());
    }

    @Test
    default void keepsTheLargestGroups() {
        objects().put("a.csv", "g\n" + IntStream.range(0, 250).mapToObj(index -> "g" + index % 140 + "\n")
                .collect(Collectors.joining()));

        assertThat(figures(TestMetric.of("a.csv").groupBy("g").top(5).count()).groups()).hasSize(100);
        assertThat(figures(TestMetric.of("a.csv").groupBy("g").top(120).count()).groups()).hasSize(120);
    }

    @Test
    default void keepsNoMoreGroupsThanItsBound() {
        String rows = IntStream.range(0, MAX_GROUPS).mapToObj(index -> "v" + index + "\n")
                .collect(Collectors.joining());
        objects().put("a.csv", "g\n" + rows);
        objects().put("b.csv", "g\n" + rows + "another\n");

        assertThat(figures(TestMetric.of("a.csv").groupBy("g").count()).groups()).hasSize(MAX_GROUPS);
        figures(TestMetric.of("a.csv").measure(Measure.DISTINCT, "g"));
        for (Metric metric : List.of(TestMetric.of("b.csv").groupBy("g").count(),
                TestMetric.of("b.csv").measure(Measure.DISTINCT, "g"))) {
            ProblemException problem = catchThrowableOfType(ProblemException.class,
                    () -> engine().compute(metric, objects().find(metric.dataset()), _ -> {}));
            assertThat(problem.code()).isEqualTo(ProblemCode.TOO_MANY_GROUPS);
        }
    }

    @Test
    default void saysThatAColumnIsMissing() {
        objects().put("a.csv", "g,m\na,1\n");
        Metric metric = TestMetric.of("a.csv").groupBy("nope").count();

        ProblemException problem = catchThrowableOfType(ProblemException.class,
                () -> engine().compute(metric, objects().find(metric.dataset()), _ -> {}));

        assertThat(problem.code()).isEqualTo(ProblemCode.COLUMN_MISSING);
    }

    /** Tables, as people have them, with something odd here and there. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4})
    default void equalsTheObviousOnTables(int seed) {
        RandomCsv random = new RandomCsv(new Random(seed));
        for (int round = 0; round < 40; round++) {
            objects().put("a.csv", random.table());
            figures(random.metric("a.csv"));
        }
    }

    /** Texts of what is special in CSV. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4})
    default void equalsTheObviousOnNoise(int seed) {
        RandomCsv random = new RandomCsv(new Random(seed));
        for (int round = 0; round < 40; round++) {
            String suffix = random.isPacked() ? ".gz" : "";
            String key = String.format(Locale.ROOT, "noise.csv%s", suffix);
            byte[] content = random.noise();
            if (suffix.isEmpty()) {
                objects().put(key, content);
            } else {
                objects().putPacked(key, content);
            }
            figures(random.metric(key));
        }
    }
}
