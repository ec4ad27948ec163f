package dev.tally.platform.http;

import jakarta.annotation.security.PermitAll;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;

import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.resteasy.reactive.RestResponse;

import dev.tally.platform.ending.Ending;
import io.smallrye.common.annotation.RunOnVirtualThread;

/** Whether the service works, for people and load balancers; open. */
@Path("/health")
public class HealthResource {
    private final PingQueries ping;
    private final Ending ending;
    private final String version;

    HealthResource(PingQueries ping, Ending ending,
            @ConfigProperty(name = "quarkus.application.version") String version) {
        this.ping = ping;
        this.ending = ending;
        this.version = version;
    }

    @GET
    @PermitAll
    @RunOnVirtualThread
    @Produces(MediaType.APPLICATION_JSON)
    public RestResponse<HealthResponse> health() {
        DatabaseState state = ping.state();
        boolean connected = state == DatabaseState.CONNECTED;
        boolean healthy = connected && !ending.hasBegun();
        HealthResponse health = new HealthResponse(healthy ? "healthy" : whyNot(connected), state.words(), version);
        return RestResponse.ResponseBuilder
                .create(healthy ? RestResponse.Status.OK : RestResponse.Status.SERVICE_UNAVAILABLE, health)
                .header("Cache-Control", "no-store").build();
    }

    /** Who watches this instead of the probes has to see an end coming as well. */
    private static String whyNot(boolean connected) {
        return connected ? "ending" : "unhealthy";
    }
}
