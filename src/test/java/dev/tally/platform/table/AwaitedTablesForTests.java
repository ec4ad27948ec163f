package dev.tally.platform.table;

import java.util.List;

import jakarta.annotation.security.PermitAll;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;

import org.eclipse.microprofile.openapi.annotations.Operation;

import dev.tally.platform.problem.ProblemCode;
import dev.tally.platform.problem.ProblemException;
import io.smallrye.common.annotation.NonBlocking;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;

/** Endpoints that answer awaited tables, sound and broken. */
@Path("/awaited-tables-for-tests")
@Produces({TableFormat.JSON, TableFormat.CSV, TableFormat.XLSX})
@NonBlocking
@PermitAll
@ApplicationScoped
public class AwaitedTablesForTests {
    private static final List<Column> COLUMNS = List.of(Column.integer("n"), Column.text("t"));

    private final TestData data;

    @Inject
    AwaitedTablesForTests(TestData data) {
        this.data = data;
    }

    /** Breaks after that many rows if that is asked. */
    @GET
    @Path("/rows")
    @Operation(hidden = true)
    public AwaitedTable rows(@QueryParam("rows") int rows, @QueryParam("text") @DefaultValue("t") String text,
            @QueryParam("broken") @DefaultValue("false") boolean broken,
            @QueryParam("layout") @DefaultValue("LIST") Table.Layout layout) {
        return new AwaitedTable(onAbandoned -> Future.succeededFuture(
                new Table("rows", layout, List.of(), true, COLUMNS, sink -> {
                    if (sink.begin(data.asOf.get())) {
                        for (int i = 0; i < rows; i++) {
                            sink.integer(i);
                            sink.text(text);
                            sink.endRow();
                        }
                        data.onEventLoop.set(Context.isOnEventLoopThread());
                        if (broken) {
                            throw new IllegalStateException("The source broke, as it was asked to");
                        }
                    }
                })));
    }

    /** Is never read, so that only its client can end it. */
    @GET
    @Path("/never")
    @Operation(hidden = true)
    public AwaitedTable never() {
        return new AwaitedTable(onAbandoned -> {
            Promise<Table> table = Promise.promise();
            data.rowsRead.incrementAndGet();
            onAbandoned.accept(() -> {
                data.cancelled.incrementAndGet();
                table.fail("cancelled");
            });
            return table.future();
        });
    }

    /** Fails at once, or while it is read. */
    @GET
    @Path("/fails")
    @Operation(hidden = true)
    public AwaitedTable fails(@QueryParam("at") String at) {
        ProblemException fault = new ProblemException(ProblemCode.OVERLOADED, "As it was asked to");
        return new AwaitedTable(onAbandoned -> {
            if (at.equals("once")) {
                throw fault;
            }
            return Future.failedFuture(fault);
        });
    }
}
