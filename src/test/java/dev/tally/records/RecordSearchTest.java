package dev.tally.records;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.UUID;

import jakarta.inject.Inject;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import dev.tally.testsupport.NeedsClickHouse;
import io.quarkus.test.junit.QuarkusTest;

/** Random records, replaced and sent again in any order, against an obvious list in memory. */
@QuarkusTest
@NeedsClickHouse
class RecordSearchTest {
    private static final List<String> PARTS = List.of("a", "B", "%", "_", "\\", "'", "\"", "é", "É", "😀", "Σ", "σ",
            "ς", "\n", "\t", "{x:String}", " ", "ab");
    private static final int KEYS = 60;

    @Inject
    RecordQueries queries;

    @Inject
    RecordLoadQueries loads;

    @Inject
    RecordTotals totals;

    /** In every e-mail of this test, and in no other: the table is shared. */
    private final String mark = "m" + UUID.randomUUID().toString().replace("-", "");

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void findsWhatAnObviousListFinds(long seed) {
        Random random = new Random(seed);
        Map<String, CanonicalRecord> newest = new TreeMap<>(Comparator.comparing(
                (String key) -> key.getBytes(StandardCharsets.UTF_8), Arrays::compareUnsigned));
        List<Load> all = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            Load load = load(random);
            all.add(load);
            load.records().forEach(one -> newest.put(one.canonicalKey(), one));
        }
        List<Load> sent = new ArrayList<>(all);
        // Some come twice, as of a client that did not hear the answer.
        sent.addAll(all.subList(0, 3));
        Collections.shuffle(sent, random);
        sent.forEach(load -> loads.insert(load.number(), load.block()));

        for (int i = 0; i < 40; i++) {
            check(random, List.copyOf(newest.values()));
        }
    }

    private record Load(long number, List<CanonicalRecord> records) {
        byte[] block() {
            RecordBlock block = new RecordBlock();
            for (int line = 0; line < records.size(); line++) {
                block.add(records.get(line), (number << 34) + line);
            }
            return block.take();
        }
    }

    private Load load(Random random) {
        List<CanonicalRecord> records = new ArrayList<>();
        for (int i = 0; i < 30; i++) {
            records.add(new CanonicalRecord(mark + text(random, 1) + random.nextInt(KEYS), text(random, 5),
                    mark + text(random, 4), text(random, 1), random.nextBoolean()
                            ? Optional.empty()
                            : Optional.of(LocalDate.of(1900, 1, 1).plusDays(random.nextInt(146_000)))));
        }
        return new Load(loads.nextNumber(), records);
    }

    private static String text(Random random, int maxParts) {
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(maxParts + 1); i > 0; i--) {
            text.append(PARTS.get(random.nextInt(PARTS.size())));
        }
        return text.toString();
    }

    private void check(Random random, List<CanonicalRecord> all) {
        Optional<String> name = Optional.of(text(random, 2)).filter(text -> !text.isEmpty());
        RecordSearch search = new RecordSearch(name, Optional.of(mark + text(random, 1)));
        List<CanonicalRecord> expected = all.stream().filter(one -> contains(one.name(), name.orElse(""))
                && contains(one.email(), search.email().orElseThrow())).toList();
        int limit = 1 + random.nextInt(20);

        List<CanonicalRecord> byKey = new ArrayList<>();
        Optional<String> after = Optional.empty();
        do {
            RecordSlice slice = new RecordSlice(limit, 0, after);
            RecordQueries.Slice found = queries.find(search, slice);
            assertThat(totals.total(search, slice, found)).isEqualTo(expected.size());
            byKey.addAll(found.records());
            after = found.records().size() < limit
                    ? Optional.empty()
                    : Optional.of(found.records().getLast().canonicalKey());
        } while (after.isPresent());
        assertThat(byKey).isEqualTo(expected);

        RecordSlice slice = new RecordSlice(limit, random.nextInt(KEYS), Optional.empty());
        RecordQueries.Slice found = queries.find(search, slice);
        assertThat(found.records()).isEqualTo(expected.stream().skip(slice.offset()).limit(limit).toList());
        assertThat(totals.total(search, slice, found)).isEqualTo(expected.size());
        if (!expected.isEmpty()) {
            assertThat(queries.find(expected.getFirst().canonicalKey())).contains(expected.getFirst());
        }
    }

    private static boolean contains(String text, String part) {
        return small(text).contains(small(part));
    }

    private static String small(String text) {
        return text.toLowerCase(Locale.ROOT).replace('ς', 'σ');
    }
}
