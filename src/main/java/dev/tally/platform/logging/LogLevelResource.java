package dev.tally.platform.logging;

import java.util.List;

import jakarta.annotation.security.RolesAllowed;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.SecurityContext;

import org.jboss.resteasy.reactive.Cache;

import dev.tally.platform.security.Role;
import io.smallrye.common.annotation.RunOnVirtualThread;

/** Has administrators change how much is logged, while the service runs. */
@Path("/admin/log-levels")
@RolesAllowed(Role.ADMIN)
@RunOnVirtualThread
public class LogLevelResource {
    private final LogLevelService levels;

    LogLevelResource(LogLevelService levels) {
        this.levels = levels;
    }

    @GET
    @Cache(noStore = true)
    @Produces(MediaType.APPLICATION_JSON)
    public LogLevelsResponse list() {
        List<LogLevel> changed = levels.list();
        return new LogLevelsResponse(changed, changed.size());
    }

    @PUT
    @Path("/{category}")
    @Cache(noStore = true)
    @Consumes(MediaType.APPLICATION_JSON)
    @Produces(MediaType.APPLICATION_JSON)
    public LogLevel set(@PathParam("category") String category, @Valid @NotNull LogLevelRequest request,
            @Context SecurityContext caller) {
        return levels.set(category, request, caller.getUserPrincipal().getName());
    }

    @DELETE
    @Path("/{category}")
    public void reset(@PathParam("category") String category, @Context SecurityContext caller) {
        levels.reset(category, caller.getUserPrincipal().getName());
    }
}
