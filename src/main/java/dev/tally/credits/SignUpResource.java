package dev.tally.credits;

import jakarta.annotation.security.PermitAll;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;

import org.jspecify.annotations.Nullable;

import io.smallrye.common.annotation.RunOnVirtualThread;
import io.vertx.core.net.SocketAddress;
import io.vertx.ext.web.RoutingContext;

/** Makes users of strangers. */
@Path("/auth/signup")
@PermitAll
@RunOnVirtualThread
public class SignUpResource {
    private final KeyService service;
    private final SecretAnswers answers;

    SignUpResource(KeyService service, SecretAnswers answers) {
        this.service = service;
        this.answers = answers;
    }

    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    @Produces(MediaType.APPLICATION_JSON)
    public Response signUp(@Valid @NotNull SignUpRequest request,
            @HeaderParam("Idempotency-Key") @Nullable String idempotencyKey, RoutingContext routing) {
        // A stranger who guesses both the key and the body gets another's answer from nowhere but the same address.
        SocketAddress address = routing.request().remoteAddress();
        // Behind a proxy it may be a name.
        String caller = "sign-up from " + (address.hostAddress() == null ? address.host() : address.hostAddress());
        return answers.<SignUpResponse>answer(caller, idempotencyKey, request, routing,
                keep -> service.signUp(request, keep)).response();
    }
}
