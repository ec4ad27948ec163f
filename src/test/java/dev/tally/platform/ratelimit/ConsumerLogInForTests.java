package dev.tally.platform.ratelimit;

import java.util.Optional;
import java.util.Set;

import jakarta.enterprise.context.ApplicationScoped;

import dev.tally.platform.security.Consumer;
import dev.tally.platform.security.Scope;
import io.quarkus.security.identity.IdentityProviderManager;
import io.quarkus.security.identity.SecurityIdentity;
import io.quarkus.security.identity.request.AuthenticationRequest;
import io.quarkus.security.runtime.QuarkusSecurityIdentity;
import io.quarkus.vertx.http.runtime.security.ChallengeData;
import io.quarkus.vertx.http.runtime.security.HttpAuthenticationMechanism;
import io.smallrye.mutiny.Uni;
import io.vertx.ext.web.RoutingContext;

/** Takes whoever sends the header for the consumer with the key of that number. */
@ApplicationScoped
public class ConsumerLogInForTests implements HttpAuthenticationMechanism {
    static final String HEADER = "x-test-consumer";

    @Override
    public Uni<SecurityIdentity> authenticate(RoutingContext context, IdentityProviderManager identities) {
        String keyId = context.request().getHeader(HEADER);
        return keyId == null
                ? Uni.createFrom().nullItem()
                : Uni.createFrom().item(QuarkusSecurityIdentity.builder()
                        .setPrincipal(new Consumer(1, Long.parseLong(keyId), false, Set.of(), Optional.empty()))
                        .addRole(Scope.CONSUMER).build());
    }

    /** Others ask strangers to log in. */
    @Override
    public Uni<ChallengeData> getChallenge(RoutingContext context) {
        return Uni.createFrom().nullItem();
    }

    @Override
    public Uni<Boolean> sendChallenge(RoutingContext context) {
        return Uni.createFrom().item(false);
    }

    @Override
    public Set<Class<? extends AuthenticationRequest>> getCredentialTypes() {
        return Set.of();
    }

    @Override
    public int getPriority() {
        return 1;
    }
}
