package dev.tally.local;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;

import com.fasterxml.jackson.databind.JsonNode;

/** What the stand-in for Gcore answers. The body is written when it is sent. */
record StandInAnswer(int status, Map<String, String> headers, Body body, long length) {
    private static final int NO_CONTENT = 204;
    /** Not known before: in chunks. */
    static final long CHUNKED = 0;
    static final long EMPTY = -1;

    /** Writes a body. */
    interface Body {
        void write(OutputStream output) throws IOException;
    }

    static StandInAnswer json(int status, JsonNode json) {
        return json(status, json.toString().getBytes(StandardCharsets.UTF_8));
    }

    static StandInAnswer json(int status, byte[] json) {
        return new StandInAnswer(status, Map.of("Content-Type", "application/json"), output -> output.write(json),
                json.length);
    }

    static StandInAnswer chunked(String type, Body body) {
        return new StandInAnswer(200, Map.of("Content-Type", type), body, CHUNKED);
    }

    static StandInAnswer noContent() {
        return new StandInAnswer(NO_CONTENT, Map.of(), _ -> {}, EMPTY);
    }
}
