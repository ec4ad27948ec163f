package dev.tally.analytics;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;

import dev.tally.platform.problem.ProblemCode;
import dev.tally.platform.problem.ProblemException;

/** Slow and obvious: what all other engines have to equal. */
final class ObviousEngine implements Engine {
    private static final int MIN_KEPT_GROUPS = 100;
    private static final String AMOUNT = "[+-]?([0-9]{1,28}(%1$s[0-9]{0,38})?|%1$s[0-9]{1,38})";

    private final Function<StoredObject, byte[]> contents;
    private final char delimiter;
    private final int maxGroups;

    /**
     * @param contents of objects, packed where their key ends with {@code .gz}
     * @param delimiter of datasets that name none
     */
    ObviousEngine(Function<StoredObject, byte[]> contents, char delimiter, int maxGroups) {
        this.contents = contents;
        this.delimiter = delimiter;
        this.maxGroups = maxGroups;
    }

    @Override
    public EngineKind kind() {
        return EngineKind.EMBEDDED;
    }

    CsvHeader header(StoredObject object, Dataset dataset) {
        ObviousCsv.Row first = rows(object, dataset).getFirst();
        List<String> names = first.fields().stream()
                .map(name -> new String(name, dataset.charset())).toList();
        return new CsvHeader(object.key(), names, dataset.delimiter().orElse(delimiter), isPacked(object),
                first.line());
    }

    @Override
    public Figures compute(Metric metric, List<StoredObject> objects, Progress progress) {
        Reckoning reckoning = new Reckoning(metric);
        for (StoredObject object : objects) {
            CsvHeader header = header(object, metric.dataset());
            rows(object, metric.dataset()).stream().skip(1)
                    .filter(row -> header.names().size() == 1 || !isBlank(row))
                    .forEach(row -> reckoning.add(header, row));
        }
        return reckoning.figures();
    }

    private List<ObviousCsv.Row> rows(StoredObject object, Dataset dataset) {
        byte[] bytes = contents.apply(object);
        if (isPacked(object)) {
            try (GZIPInputStream unpacked = new GZIPInputStream(new ByteArrayInputStream(bytes))) {
                bytes = unpacked.readAllBytes();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return ObviousCsv.rows(bytes, dataset.delimiter().orElse(delimiter)).stream().dropWhile(ObviousEngine::isBlank)
                .toList();
    }

    private static boolean isPacked(StoredObject object) {
        return object.key().endsWith(".gz");
    }

    private static boolean isBlank(ObviousCsv.Row row) {
        return row.fault().isEmpty() && row.fields().size() == 1 && row.fields().getFirst().length == 0;
    }

    /** The rows of all objects, one after the other. */
    private final class Reckoning {
        private final Metric metric;
        private final Charset charset;
        private final Map<String, List<BigDecimal>> amounts = new HashMap<>();
        private final Map<String, Set<String>> values = new HashMap<>();
        private final Map<String, Long> counts = new HashMap<>();
        private final List<Figures.Reject> rejects = new ArrayList<>();
        private long read;

        private Reckoning(Metric metric) {
            this.metric = metric;
            this.charset = metric.dataset().charset();
            if (metric.groupBy().isEmpty()) {
                counts.put("", 0L);
            }
        }

        private void add(CsvHeader header, ObviousCsv.Row row) {
            read++;
            Optional<String> fault = row.fault().or(() -> row.fields().size() == header.names().size()
                    ? Optional.empty()
                    : Optional.of(RowReasons.wrongNumberOfFields(row.fields().size(), header.names().size())));
            if (fault.isEmpty()) {
                if (!passes(header, row)) {
                    return;
                }
                fault = metric.groupBy().filter(column -> !isText(value(header, row, column)))
                        .map(RowReasons::notUtf8)
                        .or(() -> metric.column()
                                .flatMap(column -> valueFault(column, value(header, row, column))));
            }
            if (fault.isPresent()) {
                rejects.add(new Figures.Reject(header.key(), row.line(), fault.get()));
                return;
            }
            String group = metric.groupBy().map(column -> text(value(header, row, column))).orElse("");
            counts.merge(group, 1L, Long::sum);
            metric.column().map(column -> text(value(header, row, column))).ifPresent(value -> {
                if (metric.measure() == Measure.DISTINCT) {
                    values.computeIfAbsent(group, _ -> new HashSet<>()).add(value);
                } else {
                    amounts.computeIfAbsent(group, _ -> new ArrayList<>())
                            .add(new BigDecimal(value.replace(',', '.')));
                }
            });
            if (counts.size() > maxGroups || values.values().stream().mapToInt(Set::size).sum() > maxGroups) {
                throw new ProblemException(ProblemCode.TOO_MANY_GROUPS, "Too many.");
            }
        }

        private byte[] value(CsvHeader header, ObviousCsv.Row row, String column) {
            return row.fields().get(header.place(metric.dataset(), column));
        }

        private String text(byte[] value) {
            return new String(value, charset);
        }

        private boolean isText(byte[] value) {
            if (!charset.equals(StandardCharsets.UTF_8)) {
                return true;
            }
            try {
                return !charset.newDecoder().decode(ByteBuffer.wrap(value)).isEmpty() || value.length == 0;
            } catch (CharacterCodingException _) {
                return false;
            }
        }

        private Optional<String> valueFault(String column, byte[] value) {
            if (metric.measure() == Measure.DISTINCT) {
                return isText(value) ? Optional.empty() : Optional.of(RowReasons.notUtf8(column));
            }
            String point = Pattern.quote(metric.dataset().decimalComma() ? "," : ".");
            return Pattern.matches(String.format(AMOUNT, point), text(value))
                    ? Optional.empty()
                    : Optional.of(RowReasons.noAmount(column, text(value)));
        }

        private boolean passes(CsvHeader header, ObviousCsv.Row row) {
            return metric.filters().stream().allMatch(filter -> {
                byte[] value = value(header, row, filter.column());
                List<byte[]> wanted = filter.values().stream().filter(it -> charset.newEncoder().canEncode(it))
                        .map(it -> it.getBytes(charset)).toList();
                return switch (filter.test()) {
                    case ANY_OF -> wanted.stream().anyMatch(it -> Arrays.equals(it, value));
                    case NONE_OF -> wanted.stream().noneMatch(it -> Arrays.equals(it, value));
                    case AT_LEAST -> wanted.stream().anyMatch(it -> Arrays.compareUnsigned(value, it) >= 0);
                    case BELOW -> wanted.stream().anyMatch(it -> Arrays.compareUnsigned(value, it) < 0);
                };
            });
        }

        private Figures figures() {
            List<Figures.Group> groups = new ArrayList<>();
            counts.forEach((name, count) -> groups.add(new Figures.Group(name, figure(name, count).map(this::plain))));
            groups.sort(Comparator
                    .comparing((Figures.Group group) -> group.figure().map(BigDecimal::negate).orElse(null),
                            Comparator.nullsLast(Comparator.naturalOrder()))
                    .thenComparing(group -> group.name().getBytes(StandardCharsets.UTF_8), Arrays::compareUnsigned));
            int kept = metric.top().isPresent() ? Math.max(metric.top().getAsInt(), MIN_KEPT_GROUPS) : groups.size();
            return new Figures(groups.subList(0, Math.min(kept, groups.size())), read, rejects.size(),
                    rejects.subList(0, Math.min(Figures.MAX_REJECTS, rejects.size())));
        }

        private Optional<BigDecimal> figure(String name, long count) {
            List<BigDecimal> measured = amounts.getOrDefault(name, List.of());
            BigDecimal sum = measured.stream().reduce(BigDecimal.ZERO, BigDecimal::add);
            return switch (metric.measure()) {
                case COUNT -> Optional.of(BigDecimal.valueOf(count));
                case DISTINCT -> Optional.of(BigDecimal.valueOf(values.getOrDefault(name, Set.of()).size()));
                case SUM -> Optional.of(sum);
                case AVG -> measured.isEmpty()
                        ? Optional.empty()
                        : Optional.of(sum.divide(BigDecimal.valueOf(measured.size()), metric.decimals(),
                                RoundingMode.HALF_UP));
                case MIN -> measured.stream().min(Comparator.naturalOrder());
                case MAX -> measured.stream().max(Comparator.naturalOrder());
            };
        }

        private BigDecimal plain(BigDecimal value) {
            return new BigDecimal(value.stripTrailingZeros().toPlainString());
        }
    }
}
