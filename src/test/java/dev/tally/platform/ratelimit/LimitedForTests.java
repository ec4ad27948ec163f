package dev.tally.platform.ratelimit;

import java.util.List;

import jakarta.annotation.security.RolesAllowed;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;

import org.eclipse.microprofile.openapi.annotations.Operation;

import dev.tally.platform.security.Role;
import dev.tally.platform.security.Scope;
import dev.tally.platform.table.Column;
import dev.tally.platform.table.Table;
import dev.tally.platform.table.TableFormat;
import io.smallrye.common.annotation.RunOnVirtualThread;
import io.vertx.ext.web.RoutingContext;

/** What a consumer may ask for, and what not. */
@Path("/limited-for-tests")
@RunOnVirtualThread
@ApplicationScoped
public class LimitedForTests {
    /** How the key stands, as an endpoint sees it. */
    @GET
    @RolesAllowed(Scope.CONSUMER)
    @Operation(hidden = true)
    public String standing(RoutingContext context) {
        return RateLimits.of(context).map(decision -> decision.limit() + " " + decision.remaining()).orElse("none");
    }

    @GET
    @Path("/table")
    @Produces({TableFormat.JSON, TableFormat.CSV, TableFormat.XLSX})
    @RolesAllowed(Scope.CONSUMER)
    @Operation(hidden = true)
    public Table table() {
        return new Table("n", Table.Layout.LIST, List.of(), false, List.of(Column.integer("n")),
                sink -> sink.begin(null)).uncached();
    }

    /** Gives back how much was sent: nothing of a body may be lost while a request waits to be counted. */
    @POST
    @RolesAllowed(Scope.CONSUMER)
    @Operation(hidden = true)
    public String length(String body) {
        return String.valueOf(body.length());
    }

    @GET
    @Path("/admin")
    @RolesAllowed(Role.ADMIN)
    @Operation(hidden = true)
    public String admin() {
        return "";
    }
}
