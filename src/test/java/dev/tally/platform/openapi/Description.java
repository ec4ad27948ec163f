package dev.tally.platform.openapi;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

import com.fasterxml.jackson.databind.JsonNode;

/** The served document, to be asked questions. */
record Description(JsonNode document) {
    private static final Set<String> METHODS = Set.of("get", "put", "post", "delete", "patch");

    /** An operation; printed as it is called. */
    record Operation(String method, String path, JsonNode node) {
        String route() {
            return method + " " + path;
        }

        @Override
        public String toString() {
            return route();
        }
    }

    /** An example of a body, and where it stands. */
    record Example(String where, int status, JsonNode value) {}

    List<Operation> operations() {
        List<Operation> operations = new ArrayList<>();
        for (Map.Entry<String, JsonNode> path : document.path("paths").properties()) {
            for (Map.Entry<String, JsonNode> method : path.getValue().properties()) {
                if (METHODS.contains(method.getKey())) {
                    operations.add(new Operation(method.getKey().toUpperCase(Locale.ROOT), path.getKey(),
                            method.getValue()));
                }
            }
        }
        return operations;
    }

    /** The names of the ways to sign in that an operation takes; none when it is open. */
    Set<String> signInsOf(Operation operation) {
        JsonNode own = operation.node().path("security");
        Set<String> names = new TreeSet<>();
        (own.isMissingNode() ? document.path("security") : own)
                .forEach(one -> one.fieldNames().forEachRemaining(names::add));
        return names;
    }

    /** The parameters of an operation, references followed. */
    List<JsonNode> parameters(Operation operation) {
        List<JsonNode> parameters = new ArrayList<>();
        operation.node().path("parameters").forEach(parameter -> parameters.add(resolve(parameter)));
        return parameters;
    }

    /** What an operation takes as its body, by media type; empty when it takes none. */
    JsonNode bodies(Operation operation) {
        return resolve(operation.node().path("requestBody")).path("content");
    }

    /** The answers of an operation by status, references followed. */
    List<Map.Entry<Integer, JsonNode>> responses(Operation operation) {
        return operation.node().path("responses").properties().stream()
                .map(response -> Map.entry(Integer.valueOf(response.getKey()), resolve(response.getValue())))
                .toList();
    }

    /** Every example of every answer. */
    List<Example> examples() {
        List<Example> examples = new ArrayList<>();
        for (Operation operation : operations()) {
            for (Map.Entry<Integer, JsonNode> response : responses(operation)) {
                for (JsonNode mediaType : response.getValue().path("content")) {
                    String where = operation.route() + " " + response.getKey();
                    for (JsonNode value : examplesOf(mediaType)) {
                        examples.add(new Example(where, response.getKey(), value));
                    }
                }
            }
        }
        return examples;
    }

    /** The examples of a media type, named ones too. */
    static List<JsonNode> examplesOf(JsonNode mediaType) {
        List<JsonNode> examples = new ArrayList<>();
        if (mediaType.has("example")) {
            examples.add(mediaType.get("example"));
        }
        mediaType.path("examples").forEach(named -> examples.add(named.path("value")));
        return examples;
    }

    private JsonNode resolve(JsonNode node) {
        return node.has("$ref") ? document.at(node.get("$ref").textValue().substring(1)) : node;
    }
}
