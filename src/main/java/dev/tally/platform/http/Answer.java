package dev.tally.platform.http;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

import jakarta.ws.rs.core.Response;

/**
 * What is answered, for those who decide it without being an endpoint.
 *
 * @param status the HTTP status
 * @param headers in this order; with a {@code Content-Type} unless the endpoint's is meant
 * @param entity what the endpoint may return too, such as a record or a table
 */
public record Answer(int status, Map<String, String> headers, Object entity) {
    public Answer {
        headers = Collections.unmodifiableMap(new LinkedHashMap<>(headers));
    }

    /** The same with one more header. */
    public Answer with(String name, String value) {
        Map<String, String> more = new LinkedHashMap<>(headers);
        more.put(name, value);
        return new Answer(status, more, entity);
    }

    /** For the endpoint to return. */
    public Response response() {
        Response.ResponseBuilder response = Response.status(status).entity(entity);
        headers.forEach(response::header);
        return response.build();
    }
}
