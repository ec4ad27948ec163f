package dev.tally.calls;

import java.util.Arrays;
import java.util.List;

import jakarta.annotation.security.RolesAllowed;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;

import org.jspecify.annotations.Nullable;

import dev.tally.platform.problem.ProblemCode;
import dev.tally.platform.problem.ProblemException;
import dev.tally.platform.security.Role;
import dev.tally.platform.security.Scope;
import dev.tally.platform.table.AwaitedTable;
import dev.tally.platform.table.Table;
import dev.tally.platform.table.TableFormat;
import dev.tally.platform.time.DateRange;
import dev.tally.platform.time.Zones;
import io.smallrye.common.annotation.Blocking;
import io.smallrye.common.annotation.NonBlocking;

/**
 * Reads the usage of subscribers: of one on the event loop, of several on threads of the pool, because their answers may
 * be long. Not on virtual threads, which were measured to cost more processor time (docs/performance.md).
 */
@Path("/api/usage")
@RolesAllowed({Role.VIEWER, Scope.CALLS})
@Produces({TableFormat.JSON, TableFormat.CSV, TableFormat.XLSX})
@Blocking
public class UsageResource {
    private static final int MAX_TOP = 1_000;

    private final UsageService service;
    private final Zones zones;
    private final CallsConfig config;

    UsageResource(UsageService service, Zones zones, CallsConfig config) {
        this.service = service;
        this.zones = zones;
        this.config = config;
    }

    @GET
    @Path("/{msisdn}")
    @NonBlocking
    public AwaitedTable daily(@PathParam("msisdn") String msisdn, @QueryParam("start_date") @Nullable String startDate,
            @QueryParam("end_date") @Nullable String endDate, @QueryParam("zone") @Nullable String zone,
            @QueryParam("fill") @Nullable String fill) {
        UsagePeriod period = period(startDate, endDate, zone);
        return service.daily(Msisdn.parse(msisdn), period, isFilled(fill, period));
    }

    @GET
    @Path("/{msisdn}/summary")
    @NonBlocking
    public AwaitedTable summary(@PathParam("msisdn") String msisdn,
            @QueryParam("start_date") @Nullable String startDate,
            @QueryParam("end_date") @Nullable String endDate, @QueryParam("zone") @Nullable String zone) {
        return service.summary(Msisdn.parse(msisdn), period(startDate, endDate, zone));
    }

    @GET
    public Table list(@QueryParam("msisdns") @NotNull String msisdns,
            @QueryParam("start_date") @Nullable String startDate, @QueryParam("end_date") @Nullable String endDate,
            @QueryParam("zone") @Nullable String zone, @QueryParam("fill") @Nullable String fill) {
        UsagePeriod period = period(startDate, endDate, zone);
        // A plus sign that was not escaped is a space in a query.
        List<String> each = Arrays.stream(msisdns.split(",", -1)).map(String::strip).toList();
        return service.search(parseAll(each), period, isFilled(fill, period));
    }

    @POST
    @Path("/search")
    @Consumes(MediaType.APPLICATION_JSON)
    public Table search(@Valid @NotNull SearchRequest request, @QueryParam("zone") @Nullable String zone,
            @QueryParam("fill") @Nullable String fill) {
        UsagePeriod period = period(request.startDate(), request.endDate(), zone);
        return service.search(parseAll(request.msisdns()), period, isFilled(fill, period));
    }

    @GET
    @Path("/top")
    public Table top(@QueryParam("by") @DefaultValue("calls") String by,
            @QueryParam("limit") @DefaultValue("10") @Min(1) @Max(MAX_TOP) int limit,
            @QueryParam("start_date") @Nullable String startDate, @QueryParam("end_date") @Nullable String endDate,
            @QueryParam("zone") @Nullable String zone) {
        TopBy order = TopBy.find(by).orElseThrow(
                () -> new ProblemException(ProblemCode.REQUEST_INVALID, "Invalid by. Use calls or duration."));
        return service.top(order, period(startDate, endDate, zone), limit);
    }

    private UsagePeriod period(@Nullable String startDate, @Nullable String endDate, @Nullable String zone) {
        return new UsagePeriod(DateRange.parse(startDate, endDate, config.maxRangeDays()), zones.of(zone));
    }

    private static boolean isFilled(@Nullable String fill, UsagePeriod period) {
        if (fill == null) {
            return false;
        }
        if (!fill.equals("zero")) {
            throw new ProblemException(ProblemCode.REQUEST_INVALID, "Invalid fill. Use zero, or leave it out.");
        }
        if (period.start() == null || period.end() == null) {
            throw new ProblemException(ProblemCode.RANGE_INVALID, "fill=zero needs start_date and end_date.");
        }
        return true;
    }

    private List<Msisdn> parseAll(List<String> msisdns) {
        if (msisdns.size() > config.maxSearchMsisdns()) {
            throw new ProblemException(ProblemCode.REQUEST_INVALID,
                    "A search takes at most " + config.maxSearchMsisdns() + " msisdns; this one has " + msisdns.size()
                            + ". Send several searches.");
        }
        return msisdns.stream().map(Msisdn::parse).toList();
    }
}
