package dev.tally.interactions;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;

import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;

import org.jspecify.annotations.Nullable;

import dev.tally.platform.problem.ProblemCode;
import dev.tally.platform.problem.ProblemException;
import dev.tally.platform.security.Role;
import dev.tally.platform.security.Scope;
import dev.tally.platform.table.Table;
import dev.tally.platform.table.TableFormat;
import dev.tally.platform.time.DateRange;
import dev.tally.platform.time.Zones;
import io.smallrye.common.annotation.Blocking;

/** Counts the interactions of customers. On threads of the pool, like other short answers. */
@Path("/api/v1")
@RolesAllowed({Role.VIEWER, Scope.INTERACTIONS})
@Produces({TableFormat.JSON, TableFormat.CSV, TableFormat.XLSX})
@Blocking
public class InteractionResource {
    private static final Pattern CUSTOMER_ID = Pattern.compile("0*[1-9][0-9]{0,17}");
    private static final int MAX_ID_CHARACTERS = 40;
    private static final int MAX_GROUPS = 2;
    private static final int MAX_TOPIC_CHARACTERS = 200;

    private final StatisticsService service;
    private final Zones zones;
    private final InteractionsConfig config;

    InteractionResource(StatisticsService service, Zones zones, InteractionsConfig config) {
        this.service = service;
        this.zones = zones;
        this.config = config;
    }

    @GET
    @Path("/interactions/{customer_id}")
    public Table ofCustomer(@PathParam("customer_id") String customerId,
            @QueryParam("start_date") @Nullable String startDate, @QueryParam("end_date") @Nullable String endDate,
            @QueryParam("zone") @Nullable String zone, @QueryParam("topic") @Nullable String topic) {
        long id = customerId(customerId);
        return service.ofCustomer(id, question(startDate, endDate, zone, topic));
    }

    @GET
    @Path("/stats/interactions/{customer_id}")
    public Table statisticsOfCustomer(@PathParam("customer_id") String customerId,
            @QueryParam("start_date") @Nullable String startDate, @QueryParam("end_date") @Nullable String endDate,
            @QueryParam("zone") @Nullable String zone, @QueryParam("topic") @Nullable String topic) {
        return ofCustomer(customerId, startDate, endDate, zone, topic);
    }

    @GET
    @Path("/stats/interactions/all")
    public Table ofAll(@QueryParam("start_date") @Nullable String startDate,
            @QueryParam("end_date") @Nullable String endDate, @QueryParam("zone") @Nullable String zone,
            @QueryParam("topic") @Nullable String topic) {
        return service.ofAll(question(startDate, endDate, zone, topic));
    }

    @GET
    @Path("/stats/interactions")
    public Table grouped(@QueryParam("group_by") @Nullable String groupBy,
            @QueryParam("start_date") @Nullable String startDate, @QueryParam("end_date") @Nullable String endDate,
            @QueryParam("zone") @Nullable String zone, @QueryParam("topic") @Nullable String topic) {
        return service.grouped(groups(groupBy), question(startDate, endDate, zone, topic));
    }

    @GET
    @Path("/stats/customers")
    public Table customers(@QueryParam("group_by") @DefaultValue("type") String groupBy,
            @QueryParam("start_date") @Nullable String startDate, @QueryParam("end_date") @Nullable String endDate,
            @QueryParam("zone") @Nullable String zone, @QueryParam("topic") @Nullable String topic) {
        if (!groupBy.equals("type")) {
            throw new ProblemException(ProblemCode.REQUEST_INVALID, "Invalid group_by. Use type.");
        }
        return service.customersByType(question(startDate, endDate, zone, topic));
    }

    private static long customerId(String text) {
        if (text.length() > MAX_ID_CHARACTERS || !CUSTOMER_ID.matcher(text).matches()) {
            throw new ProblemException(ProblemCode.CUSTOMER_ID_INVALID, "Invalid customer_id provided");
        }
        return Long.parseLong(text);
    }

    private StatisticsService.Question question(@Nullable String startDate, @Nullable String endDate,
            @Nullable String zone, @Nullable String topic) {
        if (topic != null && (topic.isBlank() || topic.length() > MAX_TOPIC_CHARACTERS)) {
            throw new ProblemException(ProblemCode.REQUEST_INVALID,
                    "Invalid topic. Use the name of a product, of 1 to " + MAX_TOPIC_CHARACTERS + " characters.");
        }
        DateRange range = DateRange.parse(startDate, endDate, config.maxRangeDays());
        return new StatisticsService.Question(
                new Period(range, zone == null ? config.zone() : zones.of(zone)), topic);
    }

    private static List<GroupBy> groups(@Nullable String groupBy) {
        List<GroupBy> groups = new ArrayList<>();
        for (String name : (groupBy == null ? "" : groupBy).split(",", -1)) {
            groups.add(GroupBy.find(name.strip()).orElseThrow(InteractionResource::invalidGroups));
        }
        if (groups.size() > MAX_GROUPS || groups.stream().distinct().count() < groups.size()) {
            throw invalidGroups();
        }
        return groups;
    }

    private static ProblemException invalidGroups() {
        return new ProblemException(ProblemCode.REQUEST_INVALID, "Invalid group_by. Use one or two of "
                + String.join(", ", Arrays.stream(GroupBy.values()).map(GroupBy::parameter).toList())
                + ", separated by a comma.");
    }
}
