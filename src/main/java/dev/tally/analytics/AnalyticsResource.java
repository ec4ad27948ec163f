package dev.tally.analytics;

import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

import jakarta.annotation.security.RolesAllowed;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
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
import dev.tally.platform.table.AwaitedTable;
import dev.tally.platform.table.Table;
import dev.tally.platform.table.TableFormat;
import io.smallrye.common.annotation.NonBlocking;
import io.vertx.core.Future;
import io.vertx.core.Vertx;

/**
 * Answers figures over CSV in S3. On the event loop: nearly always they are there, and when they are not, no thread waits for
 * them.
 */
@Path("/")
@RolesAllowed({Role.VIEWER, Scope.ANALYTICS})
@Produces({TableFormat.JSON, TableFormat.CSV, TableFormat.XLSX})
@NonBlocking
public class AnalyticsResource {
    private final Catalogue catalogue;
    private final AnalyticsService service;
    private final AnalyticsTables tables;

    AnalyticsResource(Catalogue catalogue, AnalyticsService service, AnalyticsTables tables) {
        this.catalogue = catalogue;
        this.service = service;
        this.tables = tables;
    }

    @GET
    @Path("/claims/stats")
    public AwaitedTable claims() {
        return bare("claims-stats", null);
    }

    @GET
    @Path("/payments/avg")
    public AwaitedTable payments() {
        return bare("payments-avg", null);
    }

    @GET
    @Path("/audits/top-services")
    public AwaitedTable audits(@QueryParam("limit") @Nullable @Min(1) @Max(Figures.MAX_TOP) Integer limit) {
        return bare("audits-top-services", limit);
    }

    @GET
    @Path("/analytics")
    public AwaitedTable list() {
        return new AwaitedTable(onAbandoned -> Future.succeededFuture(tables.catalogue()));
    }

    @GET
    @Path("/analytics/{metric}")
    public AwaitedTable get(@PathParam("metric") String name,
            @QueryParam("limit") @Nullable @Min(1) @Max(Figures.MAX_TOP) Integer limit) {
        Metric metric = metric(name);
        int groups = groups(metric, limit);
        return awaited(metric, answered -> tables.full(metric, answered, groups));
    }

    private AwaitedTable bare(String name, @Nullable Integer limit) {
        Metric metric = metric(name);
        int groups = groups(metric, limit);
        return awaited(metric, answered -> tables.bare(metric, answered, groups));
    }

    private Metric metric(String name) {
        return catalogue.find(name).orElseThrow(() -> new ProblemException(ProblemCode.METRIC_NOT_FOUND,
                "There is no metric of this name. GET /analytics lists them."));
    }

    private static int groups(Metric metric, @Nullable Integer limit) {
        if (limit != null && metric.top().isEmpty()) {
            throw new ProblemException(ProblemCode.REQUEST_INVALID,
                    "Invalid limit. The metric " + metric.name() + " is not one of the largest groups.");
        }
        return limit == null ? metric.top().orElse(Integer.MAX_VALUE) : limit;
    }

    private AwaitedTable awaited(Metric metric, Function<Answered, Table> table) {
        return new AwaitedTable(onAbandoned -> {
            CompletableFuture<Answered> figures = service.figures(metric);
            if (figures.isDone() && !figures.isCompletedExceptionally()) {
                return Future.succeededFuture(table.apply(figures.join()));
            }
            // Back to the event loop of the request, whoever ends the reading.
            return Future.fromCompletionStage(figures, Vertx.currentContext()).map(table);
        });
    }
}
