package dev.tally.platform.table;

import java.time.Instant;
import java.util.Objects;

import org.jspecify.annotations.Nullable;

import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;

/** The status and the header fields of an answer, and whether rows follow them. */
final class AnswerHead {
    private static final int NOT_MODIFIED = 304;
    private static final CharSequence CONTENT_DISPOSITION = HttpHeaders.createOptimized("content-disposition");
    /** Clients may keep an answer but ask each time; shared caches may not, because who may read it is our decision. */
    private static final CharSequence CACHE_CONTROL = HttpHeaders.createOptimized("private, no-cache");
    private static final CharSequence NO_STORE = HttpHeaders.createOptimized("no-store");
    private static final CharSequence VARY = HttpHeaders.createOptimized("Accept, Accept-Encoding");

    private final Table table;
    private final Format format;
    private final String version;
    private final HttpServerRequest request;
    private @Nullable String tag;
    private boolean notModified;

    AnswerHead(Table table, Format format, String version, HttpServerRequest request) {
        this.table = table;
        this.format = format;
        this.version = version;
        this.request = request;
    }

    boolean asksForRaw() {
        return asksForRaw(request);
    }

    static boolean asksForRaw(HttpServerRequest request) {
        return "true".equals(request.getParam("raw"));
    }

    /**
     * Whether the client wants rows of data in this state. Only GET and HEAD have a tag: what another method
     * answers depends on a body as well, and is no state of the address that was asked.
     */
    boolean wantsRows(@Nullable Instant asOf, long dataVersion) {
        boolean head = request.method().equals(HttpMethod.HEAD);
        if (table.cached() && (head || request.method().equals(HttpMethod.GET))) {
            String current = EntityTag.of(version, format, Objects.requireNonNullElse(request.path(), ""),
                    request.query(),
                    request.headers().getAll(HttpHeaders.ACCEPT_ENCODING), state(asOf, dataVersion));
            tag = current;
            notModified = EntityTag.matches(request.headers().getAll(HttpHeaders.IF_NONE_MATCH), current);
        }
        return !head && !notModified;
    }

    /**
     * The fields are part of it, because configuration can stand behind them, such as the zone's default; the layout,
     * because the client may have chosen it.
     */
    private String state(@Nullable Instant asOf, long dataVersion) {
        StringBuilder state = new StringBuilder(64).append(table.layout()).append(' ').append(dataVersion);
        if (asOf != null) {
            // As numbers, which are cheaper than the form that people read.
            state.append(' ').append(asOf.getEpochSecond()).append(' ').append(asOf.getNano());
        }
        table.fields().forEach(field -> state.append(' ').append(field.value()));
        table.fieldsAfter().forEach(field -> state.append(' ').append(field.value()));
        return state.toString();
    }

    /** Sets what there is to set, over what filters may have set. */
    void writeTo(HttpServerResponse response) {
        if (notModified) {
            response.setStatusCode(NOT_MODIFIED);
            response.headers().remove(HttpHeaders.CONTENT_TYPE);
        } else {
            response.headers().set(HttpHeaders.CONTENT_TYPE, format.contentType());
            format.disposition(table.name()).ifPresent(value -> response.headers().set(CONTENT_DISPOSITION, value));
        }
        table.headers().forEach((name, value) -> response.headers().set(name, value));
        if (tag != null) {
            response.headers().set(HttpHeaders.ETAG, tag);
        }
        response.headers().set(HttpHeaders.CACHE_CONTROL, table.cached() ? CACHE_CONTROL : NO_STORE);
        response.headers().add(HttpHeaders.VARY, VARY);
    }
}
