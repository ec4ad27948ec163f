package dev.tally.platform.table;

import java.lang.reflect.Type;

import jakarta.inject.Inject;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.ext.Provider;

import org.jboss.resteasy.reactive.server.core.ResteasyReactiveRequestContext;
import org.jboss.resteasy.reactive.server.spi.ServerRequestContext;

/**
 * Writes the {@link Table} that an endpoint returns, on the thread of the request, which must be one that may block.
 * The endpoint's {@link TableSource} runs here.
 */
@Provider
@Produces({TableFormat.JSON, TableFormat.CSV, TableFormat.XLSX})
public class TableWriter extends ConnectionWriter<Table> {
    private final TableAnswers answers;

    @Inject
    TableWriter(TableAnswers answers) {
        super(Table.class);
        this.answers = answers;
    }

    @Override
    public void writeResponse(Table table, Type genericType, ServerRequestContext context) {
        answers.write(table, (ResteasyReactiveRequestContext) context);
    }
}
