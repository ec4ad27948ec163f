package dev.tally.analytics;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Collectors;

import dev.tally.analytics.Engine.Progress;
import dev.tally.analytics.PushdownQueries.FileFacts;
import dev.tally.analytics.PushdownQueries.Part;
import dev.tally.analytics.PushdownQueries.RejectedRow;

/** One reading of objects by ClickHouse. For one thread. */
final class Pushdown {
    private final PushdownQueries queries;
    private final Metric metric;
    private final Bounds bounds;
    private final Tallies tallies;
    private final Map<StoredObject, FileFacts> facts = new HashMap<>();

    /**
     * What a reading may cost.
     *
     * @param maxGroups how many groups or values are kept apart
     * @param maxRowBytes of a row
     * @param maxObjectsPerQuery how many objects a statement reads
     */
    record Bounds(int maxGroups, int maxRowBytes, int maxObjectsPerQuery) {}

    Pushdown(PushdownQueries queries, Metric metric, Bounds bounds) {
        this.queries = queries;
        this.metric = metric;
        this.bounds = bounds;
        this.tallies = new Tallies(metric, bounds.maxGroups());
    }

    /**
     * Reads them.
     *
     * @param shapes of the objects, in the order of their keys
     * @throws NotPushedDownException when it is not certain that the figures are right
     * @throws ObjectChangedException when one was another version
     */
    Figures figures(Map<StoredObject, ObjectShape> shapes, Progress progress) {
        for (StoredObject object : shapes.keySet()) {
            if (!ObjectPath.canBeWritten(object.key())) {
                throw new NotPushedDownException("cannot be told which object " + object.key() + " is");
            }
        }
        for (List<StoredObject> batch : batches(shapes)) {
            progress.advanced(0);
            read(batch, Objects.requireNonNull(shapes.get(batch.getFirst())));
            progress.advanced(batch.stream().mapToLong(StoredObject::sizeBytes).sum());
        }
        return Figures.of(metric, tallies.groups(), total(FileFacts::rows), total(FileFacts::rejected),
                rejects(shapes));
    }

    private long total(Function<FileFacts, Long> count) {
        return facts.values().stream().mapToLong(count::apply).sum();
    }

    /** Objects of the same shape, as many as a statement may read; keys that cannot be in a list stand alone. */
    private List<List<StoredObject>> batches(Map<StoredObject, ObjectShape> shapes) {
        List<List<StoredObject>> batches = new ArrayList<>();
        Map<ObjectShape, List<StoredObject>> open = new LinkedHashMap<>();
        shapes.forEach((object, shape) -> {
            if (!ObjectPath.canBeInList(object.key())) {
                batches.add(List.of(object));
                return;
            }
            List<StoredObject> batch = open.computeIfAbsent(shape, _ -> new ArrayList<>());
            batch.add(object);
            if (batch.size() == bounds.maxObjectsPerQuery()) {
                batches.add(batch);
                open.remove(shape);
            }
        });
        batches.addAll(open.values());
        return batches;
    }

    private void read(List<StoredObject> batch, ObjectShape shape) {
        Part part = queries.figures(metric, shape, batch, bounds.maxGroups());
        Map<String, FileFacts> byPath = part.files().stream()
                .collect(Collectors.toMap(FileFacts::path, Function.identity()));
        for (StoredObject object : batch) {
            FileFacts seen = byPath.get(path(object));
            if (seen == null) {
                throw new NotPushedDownException("did not tell of " + object.key()
                        + "; the URL of the named collection has to end with /" + object.bucket() + "/");
            }
            check(object, shape, seen);
            facts.put(object, seen);
        }
        part.groups().forEach(tallies::add);
    }

    private void check(StoredObject object, ObjectShape shape, FileFacts seen) {
        if (!sameVersion(object, seen.leastEtag()) || !sameVersion(object, seen.largestEtag())) {
            throw new ObjectChangedException(object.key());
        }
        if (seen.odd() > 0) {
            throw new NotPushedDownException("cannot cut all lines of " + object.key() + " into fields");
        }
        if (seen.longestLineBytes() > bounds.maxRowBytes()) {
            throw new NotPushedDownException("does not know the bound that a row of " + object.key() + " breaks");
        }
        // Each line ends with a line feed, perhaps but the last: whose carriage return is then no part of an end.
        long withAllEnds = seen.bytes() + seen.lines();
        if (!shape.gzip() && withAllEnds != object.sizeBytes() && withAllEnds - 1 != object.sizeBytes()) {
            throw new NotPushedDownException("took other bytes for lines of " + object.key() + " than there are");
        }
        if (seen.endsWithReturn()) {
            long bytes = shape.gzip() ? queries.bytes(metric, shape, object) : object.sizeBytes();
            if (withAllEnds != bytes) {
                throw new NotPushedDownException("does not see how " + object.key() + " ends");
            }
        }
    }

    /** The first of all, from as few objects as have enough. */
    private List<Figures.Reject> rejects(Map<StoredObject, ObjectShape> shapes) {
        List<Figures.Reject> rejects = new ArrayList<>();
        for (Map.Entry<StoredObject, ObjectShape> entry : shapes.entrySet()) {
            StoredObject object = entry.getKey();
            FileFacts seen = facts.get(object);
            if (seen != null && seen.rejected() > 0 && rejects.size() < Figures.MAX_REJECTS) {
                for (RejectedRow row : queries.rejects(metric, entry.getValue(), List.of(object))) {
                    if (!sameVersion(object, row.etag())) {
                        throw new ObjectChangedException(object.key());
                    }
                    rejects.add(new Figures.Reject(object.key(), row.line(), reason(row, entry.getValue())));
                }
            }
        }
        return rejects.subList(0, Math.min(rejects.size(), Figures.MAX_REJECTS));
    }

    private String reason(RejectedRow row, ObjectShape shape) {
        return switch (row.state()) {
            case "number" -> RowReasons.wrongNumberOfFields(row.fields(), shape.columns());
            case "group" -> RowReasons.notUtf8(metric.groupBy().orElseThrow());
            case "measured" -> metric.measure() == Measure.DISTINCT
                    ? RowReasons.notUtf8(metric.column().orElseThrow())
                    : RowReasons.noAmount(metric.column().orElseThrow(),
                            new String(row.value(), metric.dataset().charset()));
            default -> throw new IllegalStateException("No reason to reject a row: " + row.state());
        };
    }

    private static String path(StoredObject object) {
        return object.bucket() + "/" + object.key();
    }

    /** Whether it is marked so; quotation marks around the mark say nothing. */
    private static boolean sameVersion(StoredObject object, String etag) {
        return object.etag().replace("\"", "").equals(etag.replace("\"", ""));
    }
}
