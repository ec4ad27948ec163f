package dev.tally.local;

import java.time.Clock;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedDeque;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** The reports of the stand-in for Gcore. */
final class StandInReports {
    private static final String TEMPLATE = "ResellerStatistics";
    private static final int CREATED = 201;
    private static final int BAD_REQUEST = 400;
    private static final int NOT_FOUND = 404;
    private static final int PAGE_SIZE = 10;
    private static final int MAX_PAGE_SIZE = 1000;

    private final Clock clock;
    private final StandInSteering steering;
    private final Map<UUID, StandInReport> byUuid = new ConcurrentHashMap<>();
    /** The newest first. */
    private final ConcurrentLinkedDeque<StandInReport> all = new ConcurrentLinkedDeque<>();

    StandInReports(Clock clock, StandInSteering steering) {
        this.clock = clock;
        this.steering = steering;
    }

    void clear() {
        byUuid.clear();
        all.clear();
    }

    StandInAnswer start(JsonNode body) {
        Optional<String> fault = fault(body);
        if (fault.isPresent()) {
            ObjectNode errors = JsonNodeFactory.instance.objectNode();
            errors.putObject("errors").putArray("parameters").add(fault.get());
            return StandInAnswer.json(BAD_REQUEST, errors);
        }
        StandInReport report = add(body.path("parameters"));
        return StandInAnswer.json(CREATED, report.json(clock.instant()));
    }

    /** One at a time, so that the list is in the order of the times. */
    private synchronized StandInReport add(JsonNode parameters) {
        StandInReport report = new StandInReport(parameters, clock.instant(), steering.script(),
                steering.options().completeAfterMillis());
        byUuid.put(report.uuid(), report);
        all.addFirst(report);
        return report;
    }

    private static Optional<String> fault(JsonNode body) {
        JsonNode parameters = body.path("parameters");
        if (!body.path("template_code").asText().equals(TEMPLATE)) {
            return Optional.of("Unknown template.");
        }
        if (parameters.path("features").isEmpty()) {
            return Optional.of("No features.");
        }
        for (JsonNode feature : parameters.path("features")) {
            if (StandInFeature.of(feature.asInt()).isEmpty()) {
                return Optional.of("Unknown feature " + feature + ".");
            }
        }
        try {
            LocalDate from = LocalDate.parse(parameters.path("date_from").asText());
            LocalDate to = LocalDate.parse(parameters.path("date_to").asText());
            return from.isBefore(to) ? Optional.empty() : Optional.of("date_to must be after date_from.");
        } catch (DateTimeException _) {
            return Optional.of("Dates must be YYYY-MM-DD.");
        }
    }

    StandInAnswer status(UUID uuid) {
        StandInReport report = byUuid.get(uuid);
        if (report == null) {
            return notFound();
        }
        report.countStatusRequest(clock.instant());
        return StandInAnswer.json(200, report.json(clock.instant()));
    }

    StandInAnswer delete(UUID uuid) {
        StandInReport report = byUuid.remove(uuid);
        if (report == null) {
            return notFound();
        }
        all.remove(report);
        return StandInAnswer.noContent();
    }

    StandInAnswer download(UUID uuid, String format) {
        StandInReport report = byUuid.get(uuid);
        if (report == null) {
            return notFound();
        }
        report.countDownload();
        StandInOptions options = steering.options();
        boolean hasRows = report.status(clock.instant()).equals("Completed") && !options.renderingFails();
        StandInRows rows = new StandInRows(report.parameters(), options.rows());
        if (hasRows && format.equals("csv")) {
            return StandInAnswer.chunked("text/csv", output -> rows.writeCsv(output, options));
        }
        if (hasRows && format.equals("json")) {
            return StandInAnswer.chunked("application/json", output -> output.write(rows.json()));
        }
        return StandInAnswer.json(BAD_REQUEST, JsonNodeFactory.instance.objectNode().put("error",
                "Failed to render report: no rows as " + format));
    }

    /** A page of the list; a parameter {@code uuid} leaves that report alone. */
    StandInAnswer list(String address, Map<String, String> query) {
        List<StandInReport> listed = new ArrayList<>(all);
        if (!query.getOrDefault("ordering", "").equals("-created_at")) {
            Collections.reverse(listed);
        }
        if (query.containsKey("uuid")) {
            listed.removeIf(report -> !report.uuid().toString().equals(query.get("uuid")));
        }
        int limit = Math.clamp(number(query, "limit", PAGE_SIZE), 1, MAX_PAGE_SIZE);
        int offset = Math.clamp(number(query, "offset", 0), 0, listed.size());
        int end = Math.min(listed.size(), offset + limit);
        List<JsonNode> page = new ArrayList<>();
        listed.subList(offset, end).forEach(report -> page.add(report.json(clock.instant())));
        return StandInAnswer.json(200, page(address, listed.size(), limit, end, page));
    }

    /** The features, as a page or as an array. */
    StandInAnswer features(String address, Map<String, String> query) {
        StandInOptions options = steering.options();
        List<JsonNode> listed = new ArrayList<>();
        for (StandInFeature feature : StandInFeature.ALL) {
            if (!options.productsWithoutFeatures().contains(feature.product())) {
                listed.add(JsonNodeFactory.instance.objectNode().put("id", feature.id()).put("name_en", feature.name())
                        .put("product_id", feature.product().length()).put("product_name_en", feature.product())
                        .put("report_statistics_unit_id", feature.unit().length())
                        .put("report_statistics_unit_name_en", feature.unit()));
            }
        }
        if (options.featuresAsArray()) {
            ArrayNode array = JsonNodeFactory.instance.arrayNode().addAll(listed);
            return StandInAnswer.json(200, array);
        }
        int limit = Math.min(options.featuresPageSize(), number(query, "limit", MAX_PAGE_SIZE));
        int offset = Math.clamp(number(query, "offset", 0), 0, listed.size());
        int end = Math.min(listed.size(), offset + limit);
        return StandInAnswer.json(200, page(address, listed.size(), limit, end, listed.subList(offset, end)));
    }

    private static ObjectNode page(String address, int count, int limit, int end, List<JsonNode> entries) {
        ObjectNode page = JsonNodeFactory.instance.objectNode().put("count", count);
        if (end < count) {
            page.put("next", address + "?ordering=-created_at&limit=" + limit + "&offset=" + end);
        } else {
            page.putNull("next");
        }
        page.putNull("previous").putArray("results").addAll(entries);
        return page;
    }

    private static int number(Map<String, String> query, String name, int otherwise) {
        return query.containsKey(name) ? Integer.parseInt(query.get(name)) : otherwise;
    }

    static StandInAnswer notFound() {
        return StandInAnswer.json(NOT_FOUND, JsonNodeFactory.instance.objectNode().put("detail", "Not found."));
    }

    ArrayNode journal() {
        ArrayNode journal = JsonNodeFactory.instance.arrayNode();
        all.forEach(report -> journal.add(report.journal()));
        return journal;
    }
}
