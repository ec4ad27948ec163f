package dev.tally.credits;

import java.util.List;
import java.util.Objects;

import jakarta.annotation.security.RolesAllowed;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
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

import org.jboss.resteasy.reactive.Cache;
import org.jspecify.annotations.Nullable;

import dev.tally.platform.paging.Page;
import dev.tally.platform.problem.ProblemCode;
import dev.tally.platform.problem.ProblemException;
import dev.tally.platform.security.Consumer;
import dev.tally.platform.security.Scope;
import io.smallrye.common.annotation.RunOnVirtualThread;
import io.vertx.ext.web.RoutingContext;

/** A user's own keys. Those of others are not there. */
@Path("/keys")
@RolesAllowed(Scope.CONSUMER)
@RunOnVirtualThread
public class KeyResource {
    private static final Page.Bounds PAGES = new Page.Bounds(100, 1_000, 19);

    private final KeyService service;
    private final SecretAnswers answers;

    KeyResource(KeyService service, SecretAnswers answers) {
        this.service = service;
        this.answers = answers;
    }

    @GET
    @Cache(noStore = true)
    @Produces(MediaType.APPLICATION_JSON)
    public Response list(@QueryParam("limit") @Nullable String limit, @QueryParam("after") @Nullable String after,
            @Context SecurityContext caller, RoutingContext routing) {
        Page page = Page.parse(limit, after, PAGES);
        List<KeyResponse> found = service.list(userId(caller), page.after().map(KeyResource::id).orElse(null),
                page.limit() + 1);
        List<KeyResponse> shown = found.stream().limit(page.limit()).toList();
        Response.ResponseBuilder answer = Response.ok(new KeysResponse(shown, shown.size()));
        if (found.size() > shown.size()) {
            answer.header("Link", page.nextLink(Objects.requireNonNullElse(routing.request().path(), ""),
                    routing.request().query(), Long.toString(shown.getLast().id())));
        }
        return answer.build();
    }

    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    @Produces(MediaType.APPLICATION_JSON)
    public Response create(@Valid @NotNull NewKeyRequest request,
            @HeaderParam("Idempotency-Key") @Nullable String idempotencyKey, @Context SecurityContext caller,
            RoutingContext routing) {
        long userId = userId(caller);
        return answers.<NewKeyResponse>answer(caller.getUserPrincipal().getName(), idempotencyKey, request, routing,
                keep -> service.create(userId, request, keep)).response();
    }

    @POST
    @Path("/{id}/rotate")
    @Consumes(MediaType.APPLICATION_JSON)
    @Produces(MediaType.APPLICATION_JSON)
    public Response rotate(@PathParam("id") long id, @Valid @Nullable RotateRequest request,
            @HeaderParam("Idempotency-Key") @Nullable String idempotencyKey, @Context SecurityContext caller,
            RoutingContext routing) {
        long userId = userId(caller);
        @Nullable
        Long graceSeconds = request == null ? null : request.graceSeconds();
        return answers.<NewKeyResponse>answer(caller.getUserPrincipal().getName(), idempotencyKey, request, routing,
                keep -> service.rotate(userId, id, graceSeconds, keep)).response();
    }

    @DELETE
    @Path("/{id}")
    @Cache(noStore = true)
    public void revoke(@PathParam("id") long id, @Context SecurityContext caller) {
        service.revoke(userId(caller), id);
    }

    /** Whoever has the role came with a key. */
    private static long userId(SecurityContext caller) {
        return ((Consumer) caller.getUserPrincipal()).userId();
    }

    private static long id(String after) {
        try {
            return Long.parseLong(after);
        } catch (NumberFormatException e) {
            throw new ProblemException(ProblemCode.PARAMETER_INVALID, "Invalid after. Use the link of the page before.",
                    e);
        }
    }
}
