package dev.tally.reports;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.UUID;

import jakarta.annotation.security.RolesAllowed;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.SecurityContext;
import jakarta.ws.rs.sse.OutboundSseEvent;

import org.jboss.resteasy.reactive.Cache;
import org.jboss.resteasy.reactive.RestStreamElementType;
import org.jspecify.annotations.Nullable;

import dev.tally.platform.events.EventStreams;
import dev.tally.platform.http.Preferences;
import dev.tally.platform.paging.Page;
import dev.tally.platform.problem.ProblemCode;
import dev.tally.platform.problem.ProblemException;
import dev.tally.platform.security.Consumer;
import dev.tally.platform.security.Role;
import dev.tally.platform.security.Scope;
import dev.tally.platform.table.TableFormat;
import dev.tally.platform.time.DateRange;
import dev.tally.platform.webhook.WebhookService;
import io.smallrye.common.annotation.Blocking;
import io.smallrye.common.annotation.RunOnVirtualThread;
import io.smallrye.mutiny.Multi;
import io.vertx.ext.web.RoutingContext;

/** Orders reports, shows how they stand, and gives their rows. */
@Path("/reports")
@RolesAllowed({Role.VIEWER, Scope.REPORTS})
@RunOnVirtualThread
public class ReportResource {
    private static final Page.Bounds PAGES = new Page.Bounds(20, 100, 36);

    private final ReportService service;
    private final ReportAnswers answers;
    private final KeptOrders kept;
    private final WebhookService webhooks;
    private final EventStreams streams;
    private final ReportEvents events;
    private final ReportsConfig config;

    ReportResource(ReportService service, ReportAnswers answers, KeptOrders kept, WebhookService webhooks,
            EventStreams streams, ReportEvents events, ReportsConfig config) {
        this.service = service;
        this.answers = answers;
        this.kept = kept;
        this.webhooks = webhooks;
        this.streams = streams;
        this.events = events;
        this.config = config;
    }

    @POST
    @Path("/{product}")
    @RolesAllowed({Role.OPERATOR, Scope.REPORTS})
    @Consumes(MediaType.APPLICATION_JSON)
    @Produces({TableFormat.JSON, TableFormat.CSV, TableFormat.XLSX})
    public Response create(@PathParam("product") String product, @Valid @NotNull ReportRequest request,
            @HeaderParam("Prefer") @Nullable List<String> prefer,
            @HeaderParam("Idempotency-Key") @Nullable String idempotencyKey, @Context SecurityContext caller,
            RoutingContext routing) throws InterruptedException {
        ReportOrder order = order(product, request);
        URI callback = request.callbackUrl() == null ? null : webhooks.check(request.callbackUrl());
        Preferences preferences = Preferences.parse(prefer == null ? List.of() : prefer);
        int waitSeconds = Math.min(preferences.waitSeconds().orElse(config.waitSeconds()),
                config.pollTimeoutSeconds());
        KeptOrders.Order wanted = new KeptOrders.Order(order, caller.getUserPrincipal().getName(),
                callback == null ? null : callback.toString(), Duration.ofSeconds(waitSeconds),
                preferences.applied(waitSeconds));
        if (idempotencyKey == null) {
            UUID id = service.order(order, wanted.caller(), wanted.callbackUrl(), null);
            return answers.ofOrder(service.await(id, wanted.maxWait(), null), wanted.preferenceApplied(), routing)
                    .response();
        }
        return kept.answer(wanted, idempotencyKey, routing).response();
    }

    private ReportOrder order(String product, ReportRequest request) {
        ReportOrder.Scope scope = ReportOrder.Scope.of(product).orElseThrow(() -> new ProblemException(
                ProblemCode.NOT_FOUND, "There are reports of cdn, cloud, waap and all, not of this."));
        DateRange range = DateRange.parse(request.startDate(), request.endDate(), config.maxRangeDays());
        return new ReportOrder(scope, request.gcoreUserId(), Objects.requireNonNull(range.start()),
                Objects.requireNonNull(range.end()));
    }

    @GET
    @Cache(noStore = true)
    @Produces(MediaType.APPLICATION_JSON)
    public Response list(@QueryParam("status") @Nullable String status,
            @QueryParam("product") @Nullable String product,
            @QueryParam("gcore_user_id") @Nullable @Pattern(regexp = ReportRequest.CLIENT, message = ReportRequest.CLIENT_RULE) String gcoreUserId,
            @QueryParam("limit") @Nullable String limit,
            @QueryParam("after") @Nullable String after, @Context SecurityContext caller, RoutingContext routing) {
        Page page = Page.parse(limit, after, PAGES);
        JobQueries.Filter filter = new JobQueries.Filter(
                status == null ? null : JobStatus.find(status).orElseThrow(() -> unknown("status")),
                product == null ? null : ReportOrder.Scope.of(product).orElseThrow(() -> unknown("product")),
                gcoreUserId, page.after().map(this::numberOf).orElse(null),
                page.limit() + 1);
        List<ReportJob> found = service.list(caller.getUserPrincipal().getName(), filter);
        List<JobResponse> shown = found.stream().limit(page.limit()).map(JobResponse::of).toList();
        Response.ResponseBuilder answer = Response.ok(new JobsResponse(shown, shown.size()));
        if (found.size() > shown.size()) {
            answer.header("Link",
                    page.nextLink(Objects.requireNonNullElse(routing.request().path(), ""), routing.request().query(),
                            shown.getLast().uuid().toString()));
        }
        return answer.build();
    }

    private long numberOf(String after) {
        try {
            return service.numberOf(UUID.fromString(after));
        } catch (IllegalArgumentException _) {
            throw unknown("after");
        }
    }

    private static ProblemException unknown(String parameter) {
        return new ProblemException(ProblemCode.PARAMETER_INVALID,
                "Invalid " + parameter + ". The description of the API names what there is.");
    }

    @GET
    @Path("/gcore/{uuid}")
    @Produces(MediaType.APPLICATION_JSON)
    public Response get(@PathParam("uuid") String uuid, @Context SecurityContext caller, RoutingContext routing) {
        ReportJob job = find(uuid, caller);
        return (job.status().hasRows() ? answers.rows(job, routing) : answers.job(job)).response();
    }

    @GET
    @Path("/gcore/{uuid}")
    @Produces({TableFormat.CSV, TableFormat.XLSX})
    public Response getRows(@PathParam("uuid") String uuid, @Context SecurityContext caller, RoutingContext routing) {
        return answers.rows(find(uuid, caller), routing).response();
    }

    /** How it stands, at each change, to its end. */
    @GET
    @Path("/gcore/{uuid}/events")
    @Blocking // Else what gives a stream is taken for non-blocking.
    @RunOnVirtualThread
    @Produces(MediaType.SERVER_SENT_EVENTS)
    @RestStreamElementType(MediaType.APPLICATION_JSON)
    public Multi<OutboundSseEvent> events(@PathParam("uuid") String uuid, @Context SecurityContext caller,
            RoutingContext routing) {
        ReportJob job = find(uuid, caller);
        return streams.follow(events.source(), job.id(), events.of(job), routing);
    }

    /** A POST, because the predecessor had one. */
    @POST
    @Path("/gcore/{uuid}/download")
    @Produces({TableFormat.JSON, TableFormat.CSV, TableFormat.XLSX})
    public Response download(@PathParam("uuid") String uuid, @Context SecurityContext caller, RoutingContext routing) {
        return answers.rows(find(uuid, caller), routing).response();
    }

    @GET
    @Path("/gcore/{uuid}/deliveries")
    @RolesAllowed(Role.VIEWER)
    @Cache(noStore = true)
    @Produces(MediaType.APPLICATION_JSON)
    public DeliveriesResponse deliveries(@PathParam("uuid") String uuid) {
        return DeliveriesResponse.of(webhooks.deliveries(service.find(uuid(uuid)).id().toString()));
    }

    @DELETE
    @Path("/gcore/{uuid}")
    @RolesAllowed(Role.OPERATOR)
    @Cache(noStore = true)
    @Produces(MediaType.APPLICATION_JSON)
    public JobResponse cancel(@PathParam("uuid") String uuid) {
        return JobResponse.of(service.cancel(uuid(uuid)));
    }

    /** Operators see every report, consumers those that they asked for. */
    private ReportJob find(String uuid, SecurityContext caller) {
        return caller.getUserPrincipal() instanceof Consumer consumer
                ? service.findOf(consumer.getName(), uuid(uuid))
                : service.find(uuid(uuid));
    }

    private static UUID uuid(String text) {
        try {
            return UUID.fromString(text);
        } catch (IllegalArgumentException e) {
            throw new ProblemException(ProblemCode.REPORT_NOT_FOUND,
                    "There is no report with this uuid. GET /reports lists yours.", e);
        }
    }
}
