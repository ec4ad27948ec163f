package dev.tally.analytics;

import java.io.ByteArrayOutputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;

/** Makes CSV by chance; the same of the same chance. */
final class RandomCsv {
    private static final List<String> NAMES = List.of("a", "b", "ñandú", "", "say \"no\"", "a,b", "x;y", " a ", "NULL",
            "\\N", "it's", "-", "2025-01-31", "\"", "\t");
    private static final List<String> AMOUNTS = List.of("1", "-2.5", "+.5", "5.", "0.1", "1,5", "", "x", "1e5", " 1",
            "00.10",
            "999999999999.999999", "-0", ".", "+", "１");
    private static final List<String> NOISE = List.of("a", "b", "1", "2.5", "\"", "\"", "\"\"", "\n", "\n", "\r\n",
            "\r", ",",
            ",", ",", ";", "\t", "\\", "'", "ñ", "\u00FF", "\uFEFF", "\0", " ", "\"a\",", "\"a\nb\"", ",\"1\"\n");

    private final Random random;

    RandomCsv(Random random) {
        this.random = random;
    }

    boolean isPacked() {
        return random.nextInt(5) == 0;
    }

    Metric metric(String key) {
        Measure measure = one(List.of(Measure.values()));
        TestMetric metric = TestMetric.of(key).charset(charset());
        if (random.nextBoolean()) {
            metric = metric.groupBy("g");
        }
        if (random.nextInt(3) == 0) {
            RowFilter.Test test = one(List.of(RowFilter.Test.values()));
            metric = metric.filter(random.nextBoolean() ? "g" : "m", test, one(NAMES));
        }
        return metric.measure(measure, random.nextInt(4) == 0 ? "g" : "m");
    }

    private Charset charset() {
        return random.nextInt(4) == 0 ? StandardCharsets.ISO_8859_1 : StandardCharsets.UTF_8;
    }

    /** Mostly rows that fit. */
    byte[] table() {
        String end = random.nextBoolean() ? "\n" : "\r\n";
        boolean odd = random.nextInt(3) == 0;
        StringBuilder csv = new StringBuilder("x,g,m,y").append(end);
        int rows = random.nextInt(30);
        for (int row = 0; row < rows; row++) {
            csv.append(row).append(',').append(quoted(one(NAMES))).append(',').append(quoted(one(AMOUNTS)))
                    .append(",z");
            if (random.nextInt(12) == 0) {
                csv.append(',').append(quoted(one(NAMES)));
            }
            if (odd && random.nextInt(10) == 0) {
                csv.append(one(NOISE));
            }
            if (row < rows - 1 || random.nextBoolean()) {
                csv.append(end);
            }
        }
        return csv.toString().getBytes(StandardCharsets.UTF_8);
    }

    /** Hardly any row that fits. */
    byte[] noise() {
        ByteArrayOutputStream csv = new ByteArrayOutputStream();
        csv.writeBytes((random.nextInt(4) == 0 ? "\uFEFFg,m\r\n" : "g,m\n").getBytes(StandardCharsets.UTF_8));
        int pieces = random.nextInt(40);
        for (int piece = 0; piece < pieces; piece++) {
            csv.writeBytes(one(NOISE).getBytes(charset()));
        }
        return csv.toByteArray();
    }

    private String quoted(String value) {
        boolean needed = value.chars().anyMatch(sign -> ",\"\r\n".indexOf(sign) >= 0);
        return needed || random.nextInt(5) == 0 ? '"' + value.replace("\"", "\"\"") + '"' : value;
    }

    private <T> T one(List<T> values) {
        return values.get(random.nextInt(values.size()));
    }
}
