package dev.tally.platform.security;

import java.util.Set;

import jakarta.enterprise.context.ApplicationScoped;

import io.quarkus.security.AuthenticationFailedException;
import io.quarkus.security.identity.IdentityProviderManager;
import io.quarkus.security.identity.SecurityIdentity;
import io.quarkus.security.identity.request.AuthenticationRequest;
import io.quarkus.vertx.http.runtime.security.BasicAuthenticationMechanism;
import io.quarkus.vertx.http.runtime.security.ChallengeData;
import io.quarkus.vertx.http.runtime.security.HttpAuthenticationMechanism;
import io.quarkus.vertx.http.runtime.security.HttpCredentialTransport;
import io.smallrye.mutiny.Uni;
import io.vertx.ext.web.RoutingContext;

/** HTTP Basic (RFC 7617) as the framework does it, but with a problem as the challenge's body. */
@ApplicationScoped
class BasicLogIn implements HttpAuthenticationMechanism {
    static final String REALM = "Tally";

    private final BasicAuthenticationMechanism basic = new BasicAuthenticationMechanism(REALM, false);
    private final Challenge challenge;
    private final RememberedLogIns remembered;

    BasicLogIn(Challenge challenge, RememberedLogIns remembered) {
        this.challenge = challenge;
        this.remembered = remembered;
    }

    @Override
    public Uni<SecurityIdentity> authenticate(RoutingContext context, IdentityProviderManager identities) {
        String header = context.request().getHeader("Authorization");
        if (header == null) {
            return Uni.createFrom().nullItem();
        }
        return remembered.find(header).map(identity -> Uni.createFrom().item(identity))
                .orElseGet(() -> verify(context, identities, header));
    }

    private Uni<SecurityIdentity> verify(RoutingContext context, IdentityProviderManager identities, String header) {
        try {
            return basic.authenticate(context, identities)
                    .onItem().ifNotNull().invoke(identity -> remembered.remember(header, identity));
        } catch (IllegalArgumentException e) {
            // The header is not Base64: the caller's fault, which the framework takes for its own.
            return Uni.createFrom().failure(new AuthenticationFailedException(e));
        }
    }

    @Override
    public Uni<ChallengeData> getChallenge(RoutingContext context) {
        return basic.getChallenge(context);
    }

    @Override
    public Uni<Boolean> sendChallenge(RoutingContext context) {
        challenge.send(context);
        return Uni.createFrom().item(true);
    }

    @Override
    public Set<Class<? extends AuthenticationRequest>> getCredentialTypes() {
        return basic.getCredentialTypes();
    }

    @Override
    public Uni<HttpCredentialTransport> getCredentialTransport(RoutingContext context) {
        return basic.getCredentialTransport(context);
    }
}
