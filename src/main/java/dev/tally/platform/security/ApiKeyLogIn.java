package dev.tally.platform.security;

import java.util.Optional;

import jakarta.enterprise.context.ApplicationScoped;

import io.quarkus.security.AuthenticationFailedException;
import io.quarkus.security.identity.IdentityProviderManager;
import io.quarkus.security.identity.SecurityIdentity;
import io.quarkus.security.runtime.QuarkusPrincipal;
import io.quarkus.security.runtime.QuarkusSecurityIdentity;
import io.quarkus.vertx.http.runtime.security.ChallengeData;
import io.quarkus.vertx.http.runtime.security.HttpAuthenticationMechanism;
import io.quarkus.vertx.http.runtime.security.HttpCredentialTransport;
import io.smallrye.mutiny.Uni;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;

/**
 * Consumers by the key in {@code x-api-key}, and the administrator without a name by that in {@code x-admin-key}. Whoever
 * sends both, and both are right, may do what each of them may: clients send all they have with every request. A header of
 * these goes before {@code Authorization}, which then is not looked at.
 */
@ApplicationScoped
class ApiKeyLogIn implements HttpAuthenticationMechanism {
    static final String ADMIN_KEY = "x-admin-key";
    private static final int UNAUTHORIZED = 401;
    private static final SecurityIdentity ADMIN = QuarkusSecurityIdentity.builder()
            .setPrincipal(new QuarkusPrincipal("admin-key")).addRole(Scope.ACCOUNTS).build();

    private final ConsumerKeys keys;
    private final AdminKey adminKey;
    private final Challenge challenge;

    ApiKeyLogIn(ConsumerKeys keys, AdminKey adminKey, Challenge challenge) {
        this.keys = keys;
        this.adminKey = adminKey;
        this.challenge = challenge;
    }

    @Override
    public Uni<SecurityIdentity> authenticate(RoutingContext context, IdentityProviderManager identities) {
        HttpServerRequest request = context.request();
        Optional<String> admin = Optional.ofNullable(request.getHeader(ADMIN_KEY));
        if (admin.filter(key -> !adminKey.is(key)).isPresent()) {
            return Uni.createFrom().failure(new AuthenticationFailedException());
        }
        String apiKey = request.getHeader(ConsumerKeys.HEADER);
        if (apiKey == null) {
            return admin.isPresent() ? Uni.createFrom().item(ADMIN) : Uni.createFrom().nullItem();
        }
        return keys.find(apiKey).map(found -> identity(found.orElseThrow(AuthenticationFailedException::new),
                admin.isPresent()));
    }

    private static SecurityIdentity identity(Consumer consumer, boolean alsoAdmin) {
        QuarkusSecurityIdentity.Builder identity = QuarkusSecurityIdentity.builder().setPrincipal(consumer)
                .addRole(Scope.CONSUMER).addRoles(consumer.scopes());
        if (consumer.admin() || alsoAdmin) {
            identity.addRole(Scope.ACCOUNTS);
        }
        return identity.build();
    }

    /** Before HTTP Basic. */
    @Override
    public int getPriority() {
        return DEFAULT_PRIORITY + 1;
    }

    @Override
    public Uni<ChallengeData> getChallenge(RoutingContext context) {
        return Uni.createFrom().item(new ChallengeData(UNAUTHORIZED, "WWW-Authenticate", "ApiKey realm=\"Tally\""));
    }

    @Override
    public Uni<Boolean> sendChallenge(RoutingContext context) {
        challenge.send(context);
        return Uni.createFrom().item(true);
    }

    @Override
    public Uni<HttpCredentialTransport> getCredentialTransport(RoutingContext context) {
        return Uni.createFrom().item(new HttpCredentialTransport(HttpCredentialTransport.Type.OTHER_HEADER,
                ConsumerKeys.HEADER));
    }
}
