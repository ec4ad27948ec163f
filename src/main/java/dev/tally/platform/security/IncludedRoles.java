package dev.tally.platform.security;

import java.util.Map;
import java.util.Set;

import jakarta.enterprise.context.ApplicationScoped;

import io.quarkus.security.identity.AuthenticationRequestContext;
import io.quarkus.security.identity.SecurityIdentity;
import io.quarkus.security.identity.SecurityIdentityAugmentor;
import io.quarkus.security.runtime.QuarkusSecurityIdentity;
import io.smallrye.mutiny.Uni;

/**
 * Gives an identity the roles that its own include. (The framework's {@code roles-mapping} would do the same again for
 * each request; this is done once for each log-in.)
 */
@ApplicationScoped
class IncludedRoles implements SecurityIdentityAugmentor {
    private static final Map<String, Set<String>> INCLUDED = Map.of(
            Role.ADMIN, Set.of(Role.OPERATOR, Role.VIEWER),
            Role.OPERATOR, Set.of(Role.VIEWER));

    @Override
    public Uni<SecurityIdentity> augment(SecurityIdentity identity, AuthenticationRequestContext context) {
        if (identity.isAnonymous()) {
            return Uni.createFrom().item(identity);
        }
        QuarkusSecurityIdentity.Builder builder = QuarkusSecurityIdentity.builder(identity);
        identity.getRoles().forEach(role -> builder.addRoles(INCLUDED.getOrDefault(role, Set.of())));
        return Uni.createFrom().item(builder.build());
    }
}
