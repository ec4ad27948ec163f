package dev.tally.platform.table;

import java.io.OutputStream;
import java.lang.annotation.Annotation;
import java.lang.reflect.Type;

import jakarta.inject.Inject;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.MultivaluedMap;
import jakarta.ws.rs.ext.Provider;

import org.jboss.resteasy.reactive.server.core.ResteasyReactiveRequestContext;
import org.jboss.resteasy.reactive.server.spi.ResteasyReactiveResourceInfo;
import org.jboss.resteasy.reactive.server.spi.ServerMessageBodyWriter;
import org.jboss.resteasy.reactive.server.spi.ServerRequestContext;

/**
 * Writes the {@link Table} that an endpoint returns, on the thread of the request, which must be one that may block.
 * The endpoint's {@link TableSource} runs here.
 */
@Provider
@Produces({TableFormat.JSON, TableFormat.CSV, TableFormat.XLSX})
public class TableWriter implements ServerMessageBodyWriter<Table> {
    private final TableAnswers answers;

    @Inject
    TableWriter(TableAnswers answers) {
        this.answers = answers;
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
        answers.write(table, (ResteasyReactiveRequestContext) context);
    }
}
