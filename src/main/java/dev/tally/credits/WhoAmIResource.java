package dev.tally.credits;

import java.util.List;
import java.util.Set;

import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;

import org.jboss.resteasy.reactive.Cache;

import dev.tally.platform.security.Consumer;
import dev.tally.platform.security.Role;
import dev.tally.platform.security.Scope;
import io.quarkus.security.identity.SecurityIdentity;
import io.smallrye.common.annotation.RunOnVirtualThread;

/** Says to whoever calls as whom. By it a client finds out whether credentials are good, and what they are good for. */
@Path("/whoami")
@RolesAllowed({Role.VIEWER, Scope.CONSUMER, Scope.ACCOUNTS})
@RunOnVirtualThread
public class WhoAmIResource {
    private final AccountService accounts;
    private final SecurityIdentity caller;

    WhoAmIResource(AccountService accounts, SecurityIdentity caller) {
        this.accounts = accounts;
        this.caller = caller;
    }

    @GET
    @Cache(noStore = true)
    @Produces(MediaType.APPLICATION_JSON)
    public WhoAmIResponse get() {
        if (caller.getPrincipal() instanceof Consumer consumer) {
            return WhoAmIResponse.consumer(accounts.find(consumer.userId()).email(),
                    sorted(caller.getRoles(), Scope.CONSUMER));
        }
        return WhoAmIResponse.operator(caller.getPrincipal().getName(), sorted(caller.getRoles(), ""));
    }

    private static List<String> sorted(Set<String> roles, String without) {
        return roles.stream().filter(role -> !role.equals(without)).sorted().toList();
    }
}
