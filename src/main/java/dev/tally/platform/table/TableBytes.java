package dev.tally.platform.table;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

import jakarta.inject.Inject;
import jakarta.inject.Singleton;

import org.jboss.resteasy.reactive.common.util.MediaTypeHelper;
import org.jboss.resteasy.reactive.common.util.ServerMediaType;

import dev.tally.platform.problem.ProblemCode;
import dev.tally.platform.problem.ProblemException;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;

/**
 * Makes a whole answer of a table before anything of it is sent, where the answer is to be paid for or kept; the bytes are
 * those that the table itself would be answered with. It has no {@code ETag}.
 */
@Singleton
public class TableBytes {
    /** As the endpoints of tables produce them, in the same order: so the choice is the framework's own. */
    private static final ServerMediaType PRODUCED = new ServerMediaType(
            ServerMediaType.mediaTypesFromArray(new String[]{TableFormat.JSON, TableFormat.CSV, TableFormat.XLSX}),
            "UTF-8", false);

    private final BufferPool pool;

    @Inject
    TableBytes(BufferPool pool) {
        this.pool = pool;
    }

    /** The form in which a client wants a table: known, or refused, before anything is done for it. */
    public static final class Form {
        private final Format format;
        private final boolean raw;

        private Form(Format format, boolean raw) {
            this.format = format;
            this.raw = raw;
        }
    }

    /**
     * A whole answer.
     *
     * @param headers {@code Content-Type}, {@code Content-Disposition} where it is a file, and those of the table
     * @param rows without the header of CSV or XLSX
     */
    @SuppressWarnings("ArrayRecordComponent") // Handed on once, and compared by nobody.
    public record Whole(Map<String, String> headers, byte[] body, long rows) {
        /** Without the content, which is the caller's. */
        @Override
        public String toString() {
            return "Whole[body of " + body.length + " bytes]";
        }
    }

    /** @throws ProblemException {@code NOT_ACCEPTABLE} */
    public Form form(RoutingContext routing) {
        HttpServerRequest request = routing.request();
        List<String> accept = request.headers().getAll(HttpHeaders.ACCEPT);
        if (accept.isEmpty()) {
            return new Form(Format.JSON, AnswerHead.asksForRaw(request));
        }
        // As the framework does it after the endpoint has returned.
        return accept.stream().map(each -> PRODUCED.negotiateProduces(each).getKey()).filter(Objects::nonNull)
                .findFirst().filter(chosen -> !MediaTypeHelper.isUnsupportedWildcardSubtype(chosen))
                .map(chosen -> new Form(Format.of(chosen), AnswerHead.asksForRaw(request)))
                .orElseThrow(() -> new ProblemException(ProblemCode.NOT_ACCEPTABLE,
                        "This answer is not available in that format."));
    }

    /**
     * Runs the source of the table on this thread.
     *
     * @param maxBytes of the body
     * @throws ProblemException {@code ANSWER_TOO_LARGE}
     */
    public Whole of(Table table, Form form, int maxBytes) {
        WholeAnswer answer = new WholeAnswer(pool, maxBytes);
        Output output = new Output(pool, answer);
        List<Column> columns = AnswerSink.columns(table);
        AnswerSink sink = new AnswerSink(table, columns,
                () -> form.format.encoder(output, table, columns, form.raw), answer, (asOf, version) -> true);
        try {
            table.source().writeTo(sink);
            sink.finish();
            output.finish();
        } finally {
            output.discard();
        }
        Map<String, String> headers = new TreeMap<>(table.headers());
        headers.put("Content-Type", form.format.contentType());
        form.format.disposition(table.name()).ifPresent(value -> headers.put("Content-Disposition", value));
        return new Whole(headers, answer.bytes(), sink.rows());
    }
}
