package dev.tally.platform.table;

import java.io.OutputStream;
import java.lang.annotation.Annotation;
import java.lang.reflect.Type;
import java.util.List;
import java.util.function.Supplier;

import jakarta.inject.Inject;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.MultivaluedMap;
import jakarta.ws.rs.ext.Provider;

import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;
import org.jboss.resteasy.reactive.server.core.ResteasyReactiveRequestContext;
import org.jboss.resteasy.reactive.server.core.ServerSerialisers;
import org.jboss.resteasy.reactive.server.spi.ResteasyReactiveResourceInfo;
import org.jboss.resteasy.reactive.server.spi.ServerMessageBodyWriter;
import org.jboss.resteasy.reactive.server.spi.ServerRequestContext;

import io.vertx.ext.web.RoutingContext;

/**
 * Writes the {@link Table} that an endpoint returns, on the thread of the request, which must be one that may block.
 * The endpoint's {@link TableSource} runs here. It goes past the framework's output stream to the connection, because
 * that copies each answer once more and ends a broken one as if it were complete.
 */
@Provider
@Produces({TableFormat.JSON, TableFormat.CSV, TableFormat.XLSX})
public class TableWriter implements ServerMessageBodyWriter<Table> {
    private static final Logger LOG = Logger.getLogger(TableWriter.class);

    private final TableConfig config;
    private final BufferPool pool;
    private final String version;

    @Inject
    TableWriter(TableConfig config, BufferPool pool,
            @ConfigProperty(name = "quarkus.application.version") String version) {
        this.config = config;
        this.pool = pool;
        this.version = version;
    }

    @Override
    public boolean isWriteable(Class<?> type, Type genericType, ResteasyReactiveResourceInfo target,
            MediaType mediaType) {
        return Table.class.isAssignableFrom(type);
    }

    @Override
    public boolean isWriteable(Class<?> type, Type genericType, Annotation[] annotations, MediaType mediaType) {
        return Table.class.isAssignableFrom(type);
    }

    @Override
    public void writeTo(Table table, Class<?> type, Type genericType, Annotation[] annotations, MediaType mediaType,
            MultivaluedMap<String, Object> headers, OutputStream stream) {
        throw new UnsupportedOperationException("A table is written to a connection, which a stream is not");
    }

    @Override
    public void writeResponse(Table table, Type genericType, ServerRequestContext context) {
        ResteasyReactiveRequestContext request = (ResteasyReactiveRequestContext) context;
        RoutingContext routing = request.serverRequest().unwrap(RoutingContext.class);
        Format format = Format.of(context.getResponseMediaType());
        AnswerHead head = new AnswerHead(table, format, version, routing.request());
        HttpTransport transport = new HttpTransport(routing, pool, config.stalledClientSeconds(), () -> {
            request.serverResponse().setPreCommitListener(null);
            // What filters have set comes first, so that the table's own fields stand.
            ServerSerialisers.encodeResponseHeaders(request);
            head.writeTo(routing.response());
        });
        Output output = new Output(pool, transport);
        try {
            write(table, format, output, transport, head);
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

    private static void write(Table table, Format format, Output output, HttpTransport transport, AnswerHead head) {
        List<Column> columns = AnswerSink.columns(table);
        Supplier<Encoder> encoder = () -> switch (format) {
            case JSON -> new JsonEncoder(output, table, columns);
            case CSV -> new CsvEncoder(output, columns, head.asksForRaw());
            case XLSX -> new XlsxEncoder(output, table.name(), columns, XlsxEncoder.MAX_ROWS_PER_SHEET);
        };
        AnswerSink sink = new AnswerSink(table, columns, encoder, transport, head::wantsRows);
        table.source().writeTo(sink);
        if (sink.finish()) {
            output.finish();
        } else {
            output.discard();
            transport.empty();
        }
    }
}
