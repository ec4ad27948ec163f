package dev.tally.reports;

import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.StreamSupport;

import org.jspecify.annotations.Nullable;

import com.fasterxml.jackson.databind.JsonNode;

/** Gcore's answers as this service uses them. What is not used is not looked at. */
final class GcoreJson {
    private GcoreJson() {}

    /**
     * A page of a list, or a whole list that came without pages around it.
     *
     * @param next where the next page is
     * @param count how many entries all pages have, as far as Gcore says
     */
    record Page(List<JsonNode> results, Optional<String> next, Optional<Integer> count) {}

    /** A feature of a product. */
    record Feature(int id, String productName) {}

    /** Says that an answer is not such as Gcore describes it. */
    static final class UnreadableException extends RuntimeException {
        private static final long serialVersionUID = 1;

        UnreadableException(String message, @Nullable Throwable cause) {
            super(message, cause);
        }
    }

    static Page page(@Nullable JsonNode answer) {
        if (answer != null && answer.isArray()) {
            return new Page(elements(answer), Optional.empty(), Optional.empty());
        }
        if (answer == null || !answer.path("results").isArray()) {
            throw new UnreadableException("A list without results", null);
        }
        return new Page(elements(answer.path("results")),
                Optional.ofNullable(answer.path("next").textValue()).filter(next -> !next.isEmpty()),
                Optional.of(answer.path("count")).filter(JsonNode::isInt).map(JsonNode::intValue));
    }

    static Feature feature(JsonNode feature) {
        if (!feature.path("id").isInt()) {
            throw new UnreadableException("A feature without an id", null);
        }
        return new Feature(feature.path("id").intValue(), feature.path("product_name_en").asText().strip());
    }

    static TokenPair tokens(@Nullable JsonNode answer) {
        if (answer == null || !answer.path("access").isTextual() || !answer.path("refresh").isTextual()) {
            throw new UnreadableException("A log-in without tokens", null);
        }
        return new TokenPair(answer.path("access").textValue(), answer.path("refresh").textValue());
    }

    static GcoreReport report(@Nullable JsonNode report) {
        try {
            if (report == null || !report.path("status").isTextual()) {
                throw new UnreadableException("A report without a status", null);
            }
            JsonNode notes = report.path("processing_notes");
            return new GcoreReport(UUID.fromString(report.path("uuid").asText()), report.path("status").textValue(),
                    OffsetDateTime.parse(report.path("created_at").asText()).toInstant(),
                    parameters(report.path("parameters")),
                    Optional.of(notes.path("records_to_process")).filter(JsonNode::canConvertToLong)
                            .map(JsonNode::longValue),
                    errors(notes.path("errors")));
        } catch (IllegalArgumentException | DateTimeException e) {
            throw new UnreadableException("A report that cannot be read", e);
        }
    }

    private static Optional<ReportParameters> parameters(JsonNode parameters) {
        try {
            SortedSet<Integer> features = new TreeSet<>();
            for (JsonNode feature : parameters.path("features")) {
                if (!feature.isInt()) {
                    return Optional.empty();
                }
                features.add(feature.intValue());
            }
            return Optional.of(new ReportParameters(LocalDate.parse(parameters.path("date_from").asText()),
                    LocalDate.parse(parameters.path("date_to").asText()), features));
        } catch (IllegalArgumentException | DateTimeException _) {
            // A report of another template, which somebody made elsewhere.
            return Optional.empty();
        }
    }

    /** Gcore describes them as null; a text, texts or objects are all imaginable. */
    private static List<String> errors(JsonNode errors) {
        if (errors.isMissingNode() || errors.isNull()) {
            return List.of();
        }
        List<String> texts = new ArrayList<>();
        for (JsonNode error : errors.isArray() ? elements(errors) : List.of(errors)) {
            texts.add(error.isTextual() ? error.textValue() : error.toString());
        }
        return texts;
    }

    private static List<JsonNode> elements(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false).toList();
    }
}
