package dev.tally.platform.table;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Random;

import jakarta.annotation.security.PermitAll;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Response;

import org.eclipse.microprofile.openapi.annotations.Operation;

import io.agroal.api.AgroalDataSource;
import io.smallrye.common.annotation.RunOnVirtualThread;

/** Endpoints that answer tables of every kind, sound and broken. */
@Path("/tables-for-tests")
@Produces({TableFormat.JSON, TableFormat.CSV, TableFormat.XLSX})
@RunOnVirtualThread
@PermitAll
@ApplicationScoped
public class TablesForTests {
    private static final List<Column> COLUMNS = List.of(Column.integer("n"), Column.text("t"));
    private static final String STARTS = "=+-@\t\r\n,\"xñ漢";
    private static final int FETCH_SIZE = 1000;

    private final AgroalDataSource database;
    private final TestData data;

    @Inject
    TablesForTests(AgroalDataSource database, TestData data) {
        this.database = database;
        this.data = data;
    }

    @GET
    @Path("/small")
    @Operation(hidden = true)
    public Table small() {
        return new Table("small", Table.Layout.LIST, List.of(Field.text("zone", "UTC")), true, COLUMNS, sink -> {
            if (sink.begin(data.asOf.get())) {
                row(sink, 1, "=1+1");
                row(sink, 2, "ñ");
            }
        });
    }

    @POST
    @Path("/small")
    @Operation(hidden = true)
    public Table smallByPost() {
        return small();
    }

    /** With a header of its own and a field behind its rows. */
    @GET
    @Path("/headed")
    @Operation(hidden = true)
    public Table headed() {
        return small().withHeaders(Map.of("X-Rows-Read", "2"))
                .withFieldsAfter(List.of(Field.integer("behind", data.behind.get())));
    }

    @GET
    @Path("/many")
    @Operation(hidden = true)
    public Table many(@QueryParam("rows") int rows) {
        return list("many", sink -> {
            for (int i = 0; i < rows; i++) {
                row(sink, i, "row " + i);
            }
        });
    }

    /** Texts and numbers that the seed decides. */
    @GET
    @Path("/random")
    @Operation(hidden = true)
    public Table random(@QueryParam("seed") int seed) {
        return list("random", sink -> {
            Random random = new Random(seed);
            int rows = random.nextInt(3_000);
            for (int i = 0; i < rows; i++) {
                row(sink, random.nextLong(), STARTS.charAt(random.nextInt(STARTS.length())) + "text " + i);
            }
        });
    }

    /** A table inside of a response, or a record in its place. */
    @GET
    @Path("/response")
    @Operation(hidden = true)
    public Response response(@QueryParam("job") @DefaultValue("false") boolean job) {
        if (job) {
            return Response.accepted(new Job("pending")).type(TableFormat.JSON).header("Location", "/jobs/7")
                    .header("Retry-After", 10).build();
        }
        return Response.ok(small()).header("Location", "/jobs/7").header("Preference-Applied", "wait=3").build();
    }

    @POST
    @Path("/response")
    @Operation(hidden = true)
    public Response responseByPost(@QueryParam("job") @DefaultValue("false") boolean job) {
        return response(job);
    }

    /** What is no table. */
    public record Job(String status) {}

    /** Breaks after that many rows. */
    @GET
    @Path("/broken")
    @Operation(hidden = true)
    public Table broken(@QueryParam("rows") int rows) {
        return list("broken", sink -> {
            for (int i = 0; i < rows; i++) {
                row(sink, i, "row " + i);
            }
            throw new IllegalStateException("The source broke, as it was asked to");
        });
    }

    /** Any query of an integer and a text, in a cursor. */
    @GET
    @Path("/query")
    @Operation(hidden = true)
    public Table query(@QueryParam("sql") String sql) {
        return new Table("query", Table.Layout.LIST, List.of(), false, COLUMNS, sink -> {
            try (Connection connection = database.getConnection()) {
                connection.setAutoCommit(false);
                stream(connection, sql, sink);
                connection.rollback();
            } catch (SQLException e) {
                throw new IllegalStateException(e);
            }
        });
    }

    private void stream(Connection connection, String sql, TableSink sink) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setFetchSize(FETCH_SIZE);
            sink.onAbandoned(() -> cancel(statement));
            try (ResultSet rows = statement.executeQuery()) {
                if (sink.begin(null)) {
                    while (rows.next()) {
                        row(sink, rows.getLong(1), rows.getString(2));
                    }
                }
            }
        }
    }

    private void cancel(PreparedStatement statement) {
        data.cancelled.incrementAndGet();
        try {
            statement.cancel();
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private Table list(String name, TableSource rows) {
        return new Table(name, Table.Layout.LIST, List.of(), false, COLUMNS, sink -> {
            if (sink.begin(data.asOf.get())) {
                rows.writeTo(sink);
            }
        });
    }

    private void row(TableSink sink, long number, String text) {
        data.rowsRead.incrementAndGet();
        sink.integer(number);
        sink.text(text);
        sink.endRow();
    }
}
