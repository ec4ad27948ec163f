package dev.tally.credits;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;

import jakarta.annotation.security.RolesAllowed;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.SecurityContext;

import org.jboss.resteasy.reactive.Cache;
import org.jspecify.annotations.Nullable;

import dev.tally.platform.paging.Page;
import dev.tally.platform.security.Role;
import dev.tally.platform.security.Scope;
import dev.tally.platform.table.Table;
import dev.tally.platform.table.TableFormat;
import io.smallrye.common.annotation.RunOnVirtualThread;
import io.vertx.ext.web.RoutingContext;

/** Shows operators the accounts of all users, and changes them. */
@Path("/admin")
@RolesAllowed({Role.ADMIN, Scope.ACCOUNTS})
@RunOnVirtualThread
public class AdminResource {
    private static final int MAX_EMAIL_CHARACTERS = 254;
    private static final int MAX_ID_DIGITS = 18;
    /** That a balance may have. */
    private static final long MOST_CREDITS = 9_007_199_254_740_991L;

    private final AccountService accounts;
    private final UsageService usage;
    private final KeptTopUps topUps;
    private final AskedParts asked;

    AdminResource(AccountService accounts, UsageService usage, KeptTopUps topUps, AskedParts asked) {
        this.accounts = accounts;
        this.usage = usage;
        this.topUps = topUps;
        this.asked = asked;
    }

    /** A POST without a body, because the predecessor had one. */
    @POST
    @Path("/topup")
    @Produces(MediaType.APPLICATION_JSON)
    public Response topUp(@QueryParam("user_email") @Nullable String userEmail,
            @QueryParam("amount") @Nullable String amount,
            @HeaderParam("Idempotency-Key") @Nullable String idempotencyKey, @Context SecurityContext caller,
            RoutingContext routing) {
        return topUps.answer(new KeptTopUps.Asked(userEmail, amount, caller.getUserPrincipal().getName()),
                idempotencyKey, routing).response();
    }

    @GET
    @Path("/users")
    @Cache(noStore = true)
    @Produces(MediaType.APPLICATION_JSON)
    public Response users(@QueryParam("email_like") @Nullable @Size(max = MAX_EMAIL_CHARACTERS) String emailLike,
            @QueryParam("credits_below") @Nullable @Min(1) @Max(MOST_CREDITS) Long creditsBelow,
            @QueryParam("limit") @Nullable String limit, @QueryParam("after") @Nullable String after,
            RoutingContext routing) {
        Page page = asked.page(limit, after);
        Rows<Account> rows = accounts.list(page, emailLike, creditsBelow);
        List<UserResponse> shown = rows.shown().stream().map(UserResponse::of).toList();
        Response.ResponseBuilder answer = Response.ok(new UsersResponse(shown, shown.size()));
        next(page, rows, user -> Long.toString(user.userId()), routing).forEach(answer::header);
        return answer.build();
    }

    @GET
    @Path("/users")
    @Produces({TableFormat.CSV, TableFormat.XLSX})
    public Table usersTable(@QueryParam("email_like") @Nullable @Size(max = MAX_EMAIL_CHARACTERS) String emailLike,
            @QueryParam("credits_below") @Nullable @Min(1) @Max(MOST_CREDITS) Long creditsBelow,
            @QueryParam("limit") @Nullable String limit, @QueryParam("after") @Nullable String after,
            RoutingContext routing) {
        Page page = asked.page(limit, after);
        Rows<Account> rows = accounts.list(page, emailLike, creditsBelow);
        return AccountTables.users(rows.shown())
                .withHeaders(next(page, rows, user -> Long.toString(user.userId()), routing));
    }

    @PUT
    @Path("/users/{id}/scopes")
    @Cache(noStore = true)
    @Consumes(MediaType.APPLICATION_JSON)
    @Produces(MediaType.APPLICATION_JSON)
    public UserResponse setScopes(@PathParam("id") String id, @Valid @NotNull ScopesRequest request) {
        if (id.length() > MAX_ID_DIGITS || !id.chars().allMatch(digit -> digit >= '0' && digit <= '9')) {
            throw AccountService.unknown();
        }
        return UserResponse.of(accounts.setScopes(Long.parseLong(id), request.scopes()));
    }

    @GET
    @Path("/ledger")
    @Produces({TableFormat.JSON, TableFormat.CSV, TableFormat.XLSX})
    public Table ledger(@QueryParam("user_email") @Nullable String userEmail,
            @QueryParam("limit") @Nullable String limit, @QueryParam("after") @Nullable String after,
            RoutingContext routing) {
        Page page = asked.page(limit, after);
        Rows<LedgerEntry> rows = userEmail == null
                ? accounts.ledger(page)
                : accounts.ledgerOf(userId(userEmail), page);
        return AccountTables.ledger(rows.shown(), true)
                .withHeaders(next(page, rows, entry -> Long.toString(entry.id()), routing));
    }

    /** Of one user: those of all would add up what nobody may spend. */
    @GET
    @Path("/balances")
    @Produces({TableFormat.JSON, TableFormat.CSV, TableFormat.XLSX})
    public Table balances(@QueryParam("user_email") @Nullable String userEmail,
            @QueryParam("start_date") @Nullable String startDate, @QueryParam("end_date") @Nullable String endDate,
            @QueryParam("zone") @Nullable String zone) {
        UsageRange range = asked.range(startDate, endDate, zone);
        return AccountTables.balances(range, usage.balancesOf(userId(userEmail), range));
    }

    @GET
    @Path("/usage")
    @Produces({TableFormat.JSON, TableFormat.CSV, TableFormat.XLSX})
    public Table usage(@QueryParam("start_date") @Nullable String startDate,
            @QueryParam("end_date") @Nullable String endDate, @QueryParam("zone") @Nullable String zone,
            @QueryParam("limit") @Nullable String limit, @QueryParam("after") @Nullable String after,
            RoutingContext routing) {
        UsageRange range = asked.range(startDate, endDate, zone);
        Page page = asked.page(limit, after);
        Rows<UsageDay> rows = usage.days(range, page);
        return AccountTables.usage(range, rows.shown()).withHeaders(next(page, rows, UsageService::keyOf, routing));
    }

    @GET
    @Path("/logs")
    @Produces({TableFormat.JSON, TableFormat.CSV, TableFormat.XLSX})
    public Table logs(@QueryParam("user_email") @Nullable String userEmail,
            @QueryParam("start_date") @Nullable String startDate, @QueryParam("end_date") @Nullable String endDate,
            @QueryParam("zone") @Nullable String zone, @QueryParam("limit") @Nullable String limit,
            @QueryParam("after") @Nullable String after, RoutingContext routing) {
        UsageRange range = asked.range(startDate, endDate, zone);
        Page page = asked.page(limit, after);
        Rows<UsageLog> rows = userEmail == null
                ? usage.logs(range, page)
                : usage.logsOf(userId(userEmail), range, page);
        return AccountTables.logs(range, rows.shown())
                .withHeaders(next(page, rows, log -> Long.toString(log.id()), routing));
    }

    private long userId(@Nullable String email) {
        return accounts.findByEmail(TopUp.parseEmail(email)).userId();
    }

    /** The header that leads to the page after this one, if there is one. */
    static <T> Map<String, String> next(Page page, Rows<T> rows, Function<T, String> key, RoutingContext routing) {
        return rows.more()
                ? Map.of("Link",
                        page.nextLink(Objects.requireNonNullElse(routing.request().path(), ""),
                                routing.request().query(), key.apply(rows.shown().getLast())))
                : Map.of();
    }
}
