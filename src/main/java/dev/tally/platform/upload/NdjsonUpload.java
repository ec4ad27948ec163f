package dev.tally.platform.upload;

import java.io.CharConversionException;
import java.io.IOException;
import java.io.InputStream;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import org.jspecify.annotations.Nullable;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;

/** Reads rows from NDJSON in UTF-8: a JSON object a line. */
final class NdjsonUpload {
    private static final JsonFactory JSON = JsonFactory.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();

    private final List<UploadField> fields;
    private final Map<String, Integer> indexes = new HashMap<>();
    private final UploadedRows rows;
    private @Nullable String[] values = new @Nullable String[0];

    private NdjsonUpload(List<UploadField> fields, UploadedRows rows) {
        this.fields = fields;
        this.rows = rows;
        for (int i = 0; i < fields.size(); i++) {
            indexes.put(fields.get(i).name(), i);
        }
    }

    /**
     * Reads to the end.
     *
     * @param maxLineBytes a longer line is a reject
     * @throws IOException when the upload breaks off
     */
    static void read(InputStream upload, List<UploadField> fields, int maxLineBytes, UploadedRows rows)
            throws IOException {
        NdjsonUpload reader = new NdjsonUpload(fields, rows);
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
        values = new @Nullable String[fields.size()];
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
        rows.add(line.number(), values);
    }

    /** Fills {@link #values}; gives what is wrong. */
    private Optional<String> readObject(JsonParser json) throws IOException {
        if (json.nextToken() != JsonToken.START_OBJECT) {
            return Optional.of("the line is not a JSON object");
        }
        for (String name = json.nextFieldName(); name != null; name = json.nextFieldName()) {
            Integer index = indexes.get(name);
            if (index == null) {
                return Optional.of("unknown field; the fields are " + UploadField.names(fields));
            }
            JsonToken value = json.nextToken();
            boolean number = fields.get(index).integer();
            if (value == (number ? JsonToken.VALUE_NUMBER_INT : JsonToken.VALUE_STRING)) {
                values[index] = json.getText();
            } else if (value != JsonToken.VALUE_NULL) {
                return Optional.of(name + " must be a JSON " + (number ? "integer" : "string"));
            }
        }
        return json.nextToken() == null ? Optional.empty() : Optional.of("the line holds more than one JSON object");
    }
}
