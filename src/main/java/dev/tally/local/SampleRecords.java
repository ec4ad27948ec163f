package dev.tally.local;

import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.util.List;
import java.util.Locale;
import java.util.Random;

/** Sample records of people that do not exist, the same at each call. */
final class SampleRecords {
    static final int COUNT = 100_000;

    private static final long SEED = 1789;
    private static final LocalDate FIRST_DAY = LocalDate.of(1940, 1, 1);
    private static final int DAYS = 25_000;
    private static final int WITHOUT_DATE = 20;
    private static final List<String> GIVEN = List.of("John", "Jane", "María", "Ömer", "Zoë", "Ivan", "Lucía", "Anna",
            "Noah", "Ahmed", "Sofía", "Liam", "Emma", "Ольга", "Νίκος", "Wei");
    private static final List<String> FAMILY = List.of("Doe", "Smith", "García", "Nguyễn", "Strauß", "Müller",
            "Kowalski", "O'Brien", "Rossi", "Silva", "Yılmaz", "Núñez", "Jensen", "Lee", "Khan", "\"Q, Jr\"");

    private SampleRecords() {}

    /** As CSV, for {@code POST /records}. */
    static byte[] csv() {
        Random random = new Random(SEED);
        StringBuilder csv = new StringBuilder("canonical_key,name,email,phone,dob\n");
        for (int i = 1; i <= COUNT; i++) {
            String given = any(GIVEN, random);
            String family = any(FAMILY, random);
            // The quotation marks of the one name that has them are those of CSV, around all of it.
            String name = family.startsWith("\"") ? "\"" + given + " " + family.substring(1) : given + " " + family;
            String dob = random.nextInt(WITHOUT_DATE) == 0 ? "" : FIRST_DAY.plusDays(random.nextInt(DAYS)).toString();
            csv.append(String.format(Locale.ROOT, "person_%06d,%s,p%d@example.com,9%09d,%s%n", i, name, i,
                    random.nextInt(1_000_000_000), dob));
        }
        return csv.toString().getBytes(StandardCharsets.UTF_8);
    }

    private static String any(List<String> values, Random random) {
        return values.get(random.nextInt(values.size()));
    }
}
