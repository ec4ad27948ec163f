package dev.tally.platform.table;

import java.util.List;
import java.util.Map;

import jakarta.annotation.security.PermitAll;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Response;

import org.eclipse.microprofile.openapi.annotations.Operation;

import io.smallrye.common.annotation.RunOnVirtualThread;
import io.vertx.ext.web.RoutingContext;

/** The same table, streamed and made as a whole. */
@Path("/whole-tables-for-tests")
@Produces({TableFormat.JSON, TableFormat.CSV, TableFormat.XLSX})
@RunOnVirtualThread
@PermitAll
@ApplicationScoped
public class WholeTablesForTests {
    private final TableBytes bytes;

    @Inject
    WholeTablesForTests(TableBytes bytes) {
        this.bytes = bytes;
    }

    @GET
    @Path("/streamed")
    @Operation(hidden = true)
    public Table streamed(@QueryParam("rows") int rows) {
        return new Table("many", Table.Layout.ROWS, List.of(), false, List.of(Column.integer("n"), Column.text("t")),
                sink -> {
                    if (sink.begin(null)) {
                        for (int i = 0; i < rows; i++) {
                            sink.integer(i);
                            sink.text("=row " + i);
                            sink.endRow();
                        }
                    }
                }).withFieldsAfter(List.of(Field.integer("behind", 1))).withHeaders(Map.of("Link", "</next>"))
                .uncached();
    }

    @GET
    @Path("/whole")
    @Operation(hidden = true)
    public Response whole(@QueryParam("rows") int rows, @QueryParam("max_bytes") int maxBytes,
            RoutingContext routing) {
        TableBytes.Whole whole = bytes.of(streamed(rows), bytes.form(routing), maxBytes);
        Response.ResponseBuilder answer = Response.ok(whole.body()).header("X-Rows", whole.rows());
        whole.headers().forEach(answer::header);
        return answer.build();
    }
}
