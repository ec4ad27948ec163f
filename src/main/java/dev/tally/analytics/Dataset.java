package dev.tally.analytics;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * CSV in S3.
 *
 * @param name its name in the catalogue and in problems
 * @param bucket where it is
 * @param key of one object, or of a prefix with many part files
 * @param engine who reads it
 * @param charset UTF-8 or ISO-8859-1; UTF-8's byte order mark is skipped in any
 * @param delimiter a comma, a semicolon or a tab; empty to take the one of these that the header has most of
 * @param decimalComma whether amounts have a comma where others have a point
 * @param aliases by the name of a column the other names that it may have in the header, best first
 */
record Dataset(String name, String bucket, String key, EngineKind engine, Charset charset,
        Optional<Character> delimiter, boolean decimalComma, Map<String, List<String>> aliases) {
    Dataset {
        Map<String, List<String>> copy = new HashMap<>();
        aliases.forEach((column, others) -> copy.put(column, List.copyOf(others)));
        aliases = Map.copyOf(copy);
    }

    /** Whether values may be wrongly encoded; in ISO-8859-1 every byte is a character. */
    boolean isUtf8() {
        return charset.equals(StandardCharsets.UTF_8);
    }

    /** The names that a column may have in the header, best first. */
    List<String> namesOf(String column) {
        return Stream
                .concat(Stream.of(column), aliases.getOrDefault(column, List.of()).stream()).toList();
    }
}
