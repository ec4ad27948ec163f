package dev.tally.testsupport;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.sql.SQLException;
import java.util.Map;

import jakarta.annotation.security.RolesAllowed;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;

import org.eclipse.microprofile.openapi.annotations.Operation;
import org.jboss.logging.Logger;

import dev.tally.platform.problem.ProblemCode;
import dev.tally.platform.problem.ProblemException;
import dev.tally.platform.security.Role;
import dev.tally.platform.table.TableFormat;
import io.smallrye.common.annotation.RunOnVirtualThread;

/** Endpoints that do what the tests of the platform need done; not in the application. */
@Path("/probe")
@RunOnVirtualThread
public class Probe {
    private static final Logger LOG = Logger.getLogger(Probe.class);

    @GET
    @Path("viewer")
    @RolesAllowed(Role.VIEWER)
    @Operation(hidden = true)
    public String viewer() {
        LOG.info("probed");
        return "viewer";
    }

    @GET
    @Path("operator")
    @RolesAllowed(Role.OPERATOR)
    @Operation(hidden = true)
    public String operator() {
        return "operator";
    }

    @GET
    @Path("admin")
    @RolesAllowed(Role.ADMIN)
    @Operation(hidden = true)
    public String admin() {
        return "admin";
    }

    @GET
    @Path("unannotated")
    @Operation(hidden = true)
    public String unannotated() {
        return "nobody may read this";
    }

    @GET
    @Path("number/{number}")
    @RolesAllowed(Role.VIEWER)
    @Operation(hidden = true)
    public String number(@PathParam("number") int number, @QueryParam("pageSize") @Max(10) int pageSize) {
        return number + " " + pageSize;
    }

    @POST
    @Path("document")
    @Consumes("application/json")
    @RolesAllowed(Role.VIEWER)
    @Operation(hidden = true)
    public Document document(@NotNull @Valid Document document) {
        return document;
    }

    @POST
    @Path("body")
    @Consumes("*/*")
    @RolesAllowed(Role.VIEWER)
    @Operation(hidden = true)
    public String body(InputStream body) throws IOException {
        return Long.toString(body.transferTo(OutputStream.nullOutputStream()));
    }

    @GET
    @Path("table")
    @RolesAllowed(Role.VIEWER)
    @Produces({TableFormat.JSON, TableFormat.CSV, TableFormat.XLSX})
    @Operation(hidden = true)
    public String table() {
        return "{}";
    }

    @GET
    @Path("json")
    @RolesAllowed(Role.VIEWER)
    @Produces(TableFormat.JSON)
    @Operation(hidden = true)
    public String json() {
        return "{}";
    }

    @GET
    @Path("fault/{kind}")
    @RolesAllowed(Role.VIEWER)
    @Operation(hidden = true)
    public String fault(@PathParam("kind") String kind) throws SQLException {
        switch (kind) {
            case "unexpected" -> throw new IllegalStateException("secret-host failed");
            case "extended" -> throw new ProblemException(ProblemCode.UPLOAD_REJECTED, "Rows are wrong.",
                    Map.of("received", 5, "status", "never this"), null);
            default -> throw new IllegalStateException("wrapped", new SQLException("secret-host failed", kind));
        }
    }

    /**
     * A body.
     *
     * @param displayName with bounds
     * @param amount a number
     */
    public record Document(@NotNull @Size(max = 5) String displayName, int amount) {}
}
