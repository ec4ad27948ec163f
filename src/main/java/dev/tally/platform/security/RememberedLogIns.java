package dev.tally.platform.security;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

import jakarta.enterprise.context.ApplicationScoped;

import io.quarkus.security.identity.SecurityIdentity;
import io.quarkus.security.runtime.QuarkusSecurityIdentity;

/**
 * The log-ins that the realm found right a short while ago. The realm checks a password on another thread, which was
 * measured to cost about as much as all the rest of a small request (docs/operations.md).
 *
 * <p>Kept is neither header nor password, but an HMAC under a key that lives as long as the process. Wrong log-ins are
 * not kept. Users change only with a restart, so nothing here outlives them.
 */
@ApplicationScoped
class RememberedLogIns {
    private static final String ALGORITHM = "HmacSHA256";
    private static final int KEY_BYTES = 32;

    private final Map<ByteBuffer, LogIn> logIns = new ConcurrentHashMap<>();
    private final LogInConfig config;
    private final Clock clock;
    private final Mac mac;

    private record LogIn(SecurityIdentity identity, long untilMillis) {}

    RememberedLogIns(LogInConfig config, Clock clock) {
        this.config = config;
        this.clock = clock;
        byte[] key = new byte[KEY_BYTES];
        new SecureRandom().nextBytes(key);
        try {
            mac = Mac.getInstance(ALGORITHM);
            mac.init(new SecretKeySpec(key, ALGORITHM));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Every Java has " + ALGORITHM, e);
        }
    }

    /** The identity that this {@code Authorization} header was good for. */
    Optional<SecurityIdentity> find(String header) {
        LogIn logIn = logIns.get(key(header));
        return logIn != null && clock.millis() < logIn.untilMillis ? Optional.of(logIn.identity) : Optional.empty();
    }

    /** Remembers who this header was good for, without the password that an identity carries. */
    void remember(String header, SecurityIdentity identity) {
        if (config.rememberedSeconds() == 0 || config.rememberedEntries() == 0) {
            return;
        }
        if (logIns.size() >= config.rememberedEntries()) {
            logIns.clear();
        }
        SecurityIdentity bare = QuarkusSecurityIdentity.builder().setPrincipal(identity.getPrincipal())
                .addRoles(identity.getRoles()).build();
        logIns.put(key(header), new LogIn(bare, clock.millis() + config.rememberedSeconds() * 1000L));
    }

    private ByteBuffer key(String header) {
        try {
            Mac own = (Mac) mac.clone();
            return ByteBuffer.wrap(own.doFinal(header.getBytes(StandardCharsets.UTF_8)));
        } catch (CloneNotSupportedException e) {
            throw new IllegalStateException("Java's own HMAC can be cloned", e);
        }
    }
}
