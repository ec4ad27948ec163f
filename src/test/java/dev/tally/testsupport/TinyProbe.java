package dev.tally.testsupport;

import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;

import org.eclipse.microprofile.openapi.annotations.Operation;

import dev.tally.platform.security.Role;
import io.smallrye.common.annotation.NonBlocking;

/** An endpoint that does nothing, so that what is measured or seen on it is what every request goes through. */
@Path("/tiny-probe")
public class TinyProbe {
    @GET
    @NonBlocking
    @RolesAllowed(Role.VIEWER)
    @Produces("text/plain")
    @Operation(hidden = true)
    public String tiny() {
        return "ok";
    }
}
