package dev.tally.calls;

import java.io.CharConversionException;
import java.io.IOException;
import java.io.InputStream;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;

/** Reads CDRs from NDJSON in UTF-8: a JSON object a line. */
final class NdjsonCdrReader {
    private static final JsonFactory JSON = JsonFactory.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();

    private final LoadedRows rows;
    private final Map<CdrField, String> values = new EnumMap<>(CdrField.class);

    private NdjsonCdrReader(LoadedRows rows) {
        this.rows = rows;
    }

    /**
     * Reads to the end.
     *
     * @param maxLineBytes a longer line is a reject
     * @throws IOException when the upload breaks off
     */
    static void read(InputStream upload, int maxLineBytes, LoadedRows rows) throws IOException {
        NdjsonCdrReader reader = new NdjsonCdrReader(rows);
        LineReader lines = new LineReader(upload, maxLineBytes);
        while (lines.next()) {
            if (lines.isTooLong()) {
                rows.reject(lines.number(), "the line is longer than " + maxLineBytes + " bytes");
            } else if (!lines.isBlank()) {
                reader.add(lines);
            }
        }
    }

    private void add(LineReader line) throws IOException {
        values.clear();
        Optional<String> fault;
        try (JsonParser json = JSON.createParser(line.buffer(), line.offset(), line.length())) {
            fault = readObject(json);
        } catch (JsonParseException | StreamConstraintsException | CharConversionException e) {
            fault = Optional.of("the line is not a JSON object");
        }
        if (fault.isPresent()) {
            rows.reject(line.number(), fault.get());
            return;
        }
        rows.add(line.number(), values.get(CdrField.SOURCE), values.get(CdrField.EVENT_ID), values.get(CdrField.MSISDN),
                values.get(CdrField.CALL_TYPE), values.get(CdrField.START_TIME),
                values.get(CdrField.DURATION_SECONDS));
    }

    /** Fills {@link #values}; gives what is wrong. */
    private Optional<String> readObject(JsonParser json) throws IOException {
        if (json.nextToken() != JsonToken.START_OBJECT) {
            return Optional.of("the line is not a JSON object");
        }
        for (String name = json.nextFieldName(); name != null; name = json.nextFieldName()) {
            Optional<CdrField> field = CdrField.find(name);
            if (field.isEmpty()) {
                return Optional.of("unknown field; the fields are " + CdrField.names());
            }
            JsonToken value = json.nextToken();
            boolean number = field.get() == CdrField.DURATION_SECONDS;
            if (value == (number ? JsonToken.VALUE_NUMBER_INT : JsonToken.VALUE_STRING)) {
                values.put(field.get(), json.getText());
            } else if (value != JsonToken.VALUE_NULL) {
                return Optional.of(name + " must be a JSON " + (number ? "integer" : "string"));
            }
        }
        return json.nextToken() == null ? Optional.empty() : Optional.of("the line holds more than one JSON object");
    }
}
