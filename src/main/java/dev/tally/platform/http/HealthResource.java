package dev.tally.platform.http;

import jakarta.annotation.security.PermitAll;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;

import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.resteasy.reactive.RestResponse;

import io.smallrye.common.annotation.RunOnVirtualThread;

/** Whether the service works, for people and load balancers; open. */
@Path("/health")
public class HealthResource {
    private final PingQueries ping;
    private final String version;

    HealthResource(PingQueries ping, @ConfigProperty(name = "quarkus.application.version") String version) {
        this.ping = ping;
        this.version = version;
    }

    @GET
    @PermitAll
    @RunOnVirtualThread
    @Produces(MediaType.APPLICATION_JSON)
    public RestResponse<HealthResponse> health() {
        DatabaseState state = ping.state();
        boolean connected = state == DatabaseState.CONNECTED;
        HealthResponse health = new HealthResponse(connected ? "healthy" : "unhealthy", state.words(), version);
        return RestResponse.ResponseBuilder
                .create(connected ? RestResponse.Status.OK : RestResponse.Status.SERVICE_UNAVAILABLE, health)
                .header("Cache-Control", "no-store").build();
    }
}
