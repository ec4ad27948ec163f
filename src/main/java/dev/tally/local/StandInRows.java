package dev.tally.local;

import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** The rows of a report, made up out of its parameters: the same parameters give the same rows. */
final class StandInRows {
    /** The client of the examples. */
    private static final int EXAMPLE_CLIENT = 829449;
    private static final int EXAMPLE_FEATURE = 2362;
    private static final List<String> HEADERS = List.of("Client ID", "Company name", "Feature ID", "Feature name",
            "Metric value", "Unit name", "Region");
    private static final List<Integer> ORDER = List.of(0, 1, 2, 3, 4, 5, 6);
    private static final List<Integer> OTHER_ORDER = List.of(6, 4, 5, 0, 3, 2, 1);
    private static final int MIX = 0x9E3779B9;
    private static final int MAX_UNSCALED = 10_000_000;
    private static final int SCALE = 4;
    private static final int FIRST_OF_MANY = 100_000;

    private final JsonNode parameters;
    private final List<StandInFeature> features = new ArrayList<>();
    private final int manyRows;

    /** The clients that have used something. */
    private enum Client {
        ACME(20001, "Acme"), EXAMPLE(EXAMPLE_CLIENT, "SDG Test 2"), QUOTED(830002, "Müller & Söhne, GmbH");

        private final int id;
        private final String company;

        Client(int id, String company) {
            this.id = id;
            this.company = company;
        }
    }

    /** What takes the rows, one after the other. */
    private interface RowTaker {
        void take(List<String> row) throws IOException;
    }

    /** @param manyRows how many rows the client of the examples has; 0 for one for each feature */
    StandInRows(JsonNode parameters, int manyRows) {
        this.parameters = parameters;
        this.manyRows = manyRows;
        parameters.path("features").forEach(id -> StandInFeature.of(id.asInt()).ifPresent(features::add));
    }

    /** A cell that repeats the one above is left empty where it says whose row it is. */
    void writeCsv(OutputStream output, StandInOptions options) throws IOException {
        List<Integer> order = options.csvReordered() ? OTHER_ORDER : ORDER;
        Writer writer = new OutputStreamWriter(output, StandardCharsets.UTF_8);
        if (options.csvBom()) {
            writer.write('\ufeff');
        }
        writeLine(writer, HEADERS, order);
        List<String> above = new ArrayList<>(List.of("", ""));
        forEach(row -> {
            List<String> line = new ArrayList<>(row);
            for (int column = 0; column < above.size(); column++) {
                if (line.get(column).equals(above.get(column))) {
                    line.set(column, "");
                } else {
                    above.set(column, line.get(column));
                }
            }
            writeLine(writer, line, order);
        });
        writer.flush();
    }

    byte[] json() throws IOException {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        ArrayNode headers = json.putArray("headers");
        HEADERS.forEach(headers::add);
        ArrayNode rows = json.putArray("rows");
        forEach(row -> {
            ArrayNode cells = rows.addArray();
            for (int column = 0; column < row.size(); column++) {
                boolean isNumber = column == 0 || column == 2;
                if (isNumber) {
                    cells.add(Integer.parseInt(row.get(column)));
                } else {
                    cells.add(row.get(column));
                }
            }
        });
        return JsonMapper.builder().build().writeValueAsBytes(json);
    }

    private void forEach(RowTaker taker) throws IOException {
        for (Client client : Client.values()) {
            if (client == Client.EXAMPLE && manyRows > 0) {
                for (int index = 0; index < manyRows; index++) {
                    StandInFeature feature = features.get(index % features.size());
                    taker.take(row(client, feature, Integer.toString(FIRST_OF_MANY + index)));
                }
            } else {
                for (StandInFeature feature : features) {
                    taker.take(row(client, feature, ""));
                }
            }
        }
    }

    private List<String> row(Client client, StandInFeature feature, String region) {
        return List.of(Integer.toString(client.id), client.company, Integer.toString(feature.id()), feature.name(),
                value(client, feature, region), feature.unit(), region);
    }

    private String value(Client client, StandInFeature feature, String region) {
        if (client == Client.EXAMPLE && feature.id() == EXAMPLE_FEATURE && region.isEmpty()) {
            return "0.4965";
        }
        int seed = parameters.path("date_from").asText().hashCode() * 31
                + parameters.path("date_to").asText().hashCode();
        int mixed = (((seed * 31 + client.id) * 31 + feature.id()) * 31 + region.hashCode()) * MIX;
        return BigDecimal.valueOf((mixed >>> 1) % MAX_UNSCALED, SCALE).toPlainString();
    }

    private static void writeLine(Writer writer, List<String> row, List<Integer> order) throws IOException {
        for (int index = 0; index < order.size(); index++) {
            if (index > 0) {
                writer.write(',');
            }
            String cell = row.get(order.get(index));
            if (cell.indexOf(',') >= 0 || cell.indexOf('"') >= 0) {
                writer.write('"' + cell.replace("\"", "\"\"") + '"');
            } else {
                writer.write(cell);
            }
        }
        writer.write("\r\n");
    }
}
