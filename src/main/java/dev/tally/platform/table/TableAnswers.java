package dev.tally.platform.table;

import java.util.List;
import java.util.function.Supplier;

import jakarta.inject.Inject;
import jakarta.inject.Singleton;

import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;
import org.jboss.resteasy.reactive.server.core.ResteasyReactiveRequestContext;
import org.jboss.resteasy.reactive.server.core.ServerSerialisers;

import io.vertx.ext.web.RoutingContext;

/**
 * Writes tables to the connections of their requests. It goes past the framework's output stream, because that copies each
 * answer once more and ends a broken one as if it were complete.
 */
@Singleton
class TableAnswers {
    private static final Logger LOG = Logger.getLogger(TableAnswers.class);

    private final TableConfig config;
    private final BufferPool pool;
    private final String version;

    @Inject
    TableAnswers(TableConfig config, BufferPool pool,
            @ConfigProperty(name = "quarkus.application.version") String version) {
        this.config = config;
        this.pool = pool;
        this.version = version;
    }

    /** Writes it, whatever its size. Blocks while the client is slow. */
    void write(Table table, ResteasyReactiveRequestContext request) {
        Answer answer = new Answer(table, request);
        answer.write(answer.transport);
    }

    /**
     * Writes it if that cannot block: when it goes out in one write.
     *
     * @return false when it does not; then nothing was written
     */
    boolean writeAtOnce(Table table, ResteasyReactiveRequestContext request) {
        // A workbook is packed, and ends with a table of contents: work for longer than an event loop should be held up.
        if (holdsWorkbook(table, Format.of(request.getResponseMediaType()))) {
            return false;
        }
        Answer answer = new Answer(table, request);
        try {
            answer.write(new OneWrite(answer.transport, pool));
            return true;
        } catch (OneWrite.TooLongException tooLong) {
            return false;
        }
    }

    private static boolean holdsWorkbook(Table table, Format format) {
        return format == Format.XLSX || (format == Format.JSON && table.layout() == Table.Layout.ENVELOPE);
    }

    /** A table on its way. */
    private final class Answer {
        private final Table table;
        private final Format format;
        private final AnswerHead head;
        private final HttpTransport transport;

        Answer(Table table, ResteasyReactiveRequestContext request) {
            RoutingContext routing = request.serverRequest().unwrap(RoutingContext.class);
            this.table = table;
            this.format = Format.of(request.getResponseMediaType());
            this.head = new AnswerHead(table, format, version, routing.request());
            this.transport = new HttpTransport(routing, pool, config.stalledClientSeconds(), () -> {
                request.serverResponse().setPreCommitListener(null);
                // What filters have set comes first, so that the table's own fields stand.
                ServerSerialisers.encodeResponseHeaders(request);
                head.writeTo(routing.response());
            });
        }

        void write(Transport way) {
            Output output = new Output(pool, way);
            try {
                write(output, way);
            } catch (RuntimeException | Error fault) {
                output.discard();
                if (transport.isGone()) {
                    LOG.debugf(fault, "The client of the table %s went away", table.name());
                } else if (transport.isCommitted()) {
                    LOG.errorf(fault, "The table %s broke off after a part of it was sent", table.name());
                    transport.breakOff();
                } else {
                    throw fault;
                }
            }
        }

        private void write(Output output, Transport way) {
            List<Column> columns = AnswerSink.columns(table);
            Supplier<Encoder> encoder = () -> format.encoder(output, table, columns, head.asksForRaw());
            AnswerSink sink = new AnswerSink(table, columns, encoder, way, head::wantsRows);
            table.source().writeTo(sink);
            if (sink.finish()) {
                output.finish();
            } else {
                output.discard();
                transport.empty();
            }
        }
    }
}
