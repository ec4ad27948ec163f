package dev.tally.credits;

import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.SecurityContext;

import org.jboss.resteasy.reactive.Cache;
import org.jspecify.annotations.Nullable;

import dev.tally.platform.paging.Page;
import dev.tally.platform.ratelimit.RateLimits;
import dev.tally.platform.security.Consumer;
import dev.tally.platform.security.Scope;
import dev.tally.platform.table.Table;
import dev.tally.platform.table.TableFormat;
import io.smallrye.common.annotation.RunOnVirtualThread;
import io.vertx.ext.web.RoutingContext;

/** Shows consumers their own account. */
@Path("/me")
@RolesAllowed(Scope.CONSUMER)
@RunOnVirtualThread
public class MeResource {
    private final AccountService accounts;
    private final UsageService usage;
    private final AskedParts asked;

    MeResource(AccountService accounts, UsageService usage, AskedParts asked) {
        this.accounts = accounts;
        this.usage = usage;
        this.asked = asked;
    }

    @GET
    @Cache(noStore = true)
    @Produces(MediaType.APPLICATION_JSON)
    public MeResponse get(@Context SecurityContext caller, RoutingContext routing) {
        Account account = accounts.find(userId(caller));
        return new MeResponse(account.userId(), account.name(), account.email(), account.credits(),
                RateLimits.of(routing).map(MeResponse.Rate::of).orElse(null));
    }

    @GET
    @Path("/ledger")
    @Produces({TableFormat.JSON, TableFormat.CSV, TableFormat.XLSX})
    public Table ledger(@QueryParam("limit") @Nullable String limit, @QueryParam("after") @Nullable String after,
            @Context SecurityContext caller, RoutingContext routing) {
        Page page = asked.page(limit, after);
        Rows<LedgerEntry> rows = accounts.ledgerOf(userId(caller), page);
        return AccountTables.ledger(rows.shown(), false)
                .withHeaders(AdminResource.next(page, rows, entry -> Long.toString(entry.id()), routing));
    }

    @GET
    @Path("/balances")
    @Produces({TableFormat.JSON, TableFormat.CSV, TableFormat.XLSX})
    public Table balances(@QueryParam("start_date") @Nullable String startDate,
            @QueryParam("end_date") @Nullable String endDate, @QueryParam("zone") @Nullable String zone,
            @Context SecurityContext caller) {
        UsageRange range = asked.range(startDate, endDate, zone);
        return AccountTables.balances(range, usage.balancesOf(userId(caller), range));
    }

    /** Not in pages: there is a row for each day and endpoint, and whoever adds them up wants them all. */
    @GET
    @Path("/usage")
    @Produces({TableFormat.JSON, TableFormat.CSV, TableFormat.XLSX})
    public Table usage(@QueryParam("start_date") @Nullable String startDate,
            @QueryParam("end_date") @Nullable String endDate, @QueryParam("zone") @Nullable String zone,
            @Context SecurityContext caller) {
        UsageRange range = asked.range(startDate, endDate, zone);
        return AccountTables.usageOfOne(range, usage.daysOf(userId(caller), range));
    }

    private static long userId(SecurityContext caller) {
        return ((Consumer) caller.getUserPrincipal()).userId();
    }
}
