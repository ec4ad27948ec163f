package dev.tally.reports;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

import dev.tally.reports.GcoreException.Kind;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;

/** By what Gcore knows us: a permanent token, or one that a log-in gave, renewed before it ends. In memory only. */
final class GcoreToken {
    private static final Logger LOG = Logger.getLogger(GcoreToken.class);
    /** For how long a failed renewal ahead of time is not tried again: the token still serves. */
    private static final Duration RENEWAL_PAUSE = Duration.ofSeconds(10);
    private static final int PERCENT = 100;

    private final GcoreConfig config;
    private final Clock clock;
    private final LogIn logIn;
    private final Counter hits;
    private final Counter misses;
    private final SharedCall<Session> renewal = new SharedCall<>("gcore-token", this::renew);
    private volatile @Nullable Session session;
    private volatile @Nullable Failure failure;

    /** How tokens are had. */
    interface LogIn {
        TokenPair logIn();

        /** @throws GcoreException with {@link Kind#LOGIN_REFUSED} when the token was used before or is too old */
        TokenPair refresh(String refreshToken);
    }

    /** Tokens in use. Dead ones are kept for their refresh token. */
    private static final class Session {
        private final TokenPair tokens;
        private final Instant refreshAt;
        private final Instant end;
        private volatile boolean isDead;
        private volatile Instant noRenewalBefore = Instant.MIN;

        Session(TokenPair tokens, Instant now, GcoreConfig config) {
            Duration life = Duration.ofSeconds(config.tokenCacheSeconds());
            this.tokens = tokens;
            this.refreshAt = now.plus(life.multipliedBy(config.tokenRefreshPercent()).dividedBy(PERCENT));
            this.end = now.plus(life);
        }

        boolean serves(Instant now) {
            return !isDead && now.isBefore(end);
        }

        boolean isFresh(Instant now) {
            return !isDead && now.isBefore(refreshAt);
        }
    }

    /** Why there is no token, and until when it is not tried again. */
    private record Failure(GcoreException fault, Instant until) {}

    GcoreToken(GcoreConfig config, Clock clock, LogIn logIn, MeterRegistry registry) {
        this.config = config;
        this.clock = clock;
        this.logIn = logIn;
        this.hits = registry.counter("tally.gcore.token", "result", "hit");
        this.misses = registry.counter("tally.gcore.token", "result", "miss");
    }

    /** Whether there is anything to log in with. */
    static boolean isConfigured(GcoreConfig config) {
        return config.apiToken().isPresent() || (config.username().isPresent() && config.password().isPresent());
    }

    /**
     * The value of the header {@code Authorization}. Waits only when there is no token that still serves.
     *
     * @throws GcoreException when there is none to be had
     */
    String header() {
        if (!isConfigured(config)) {
            throw GcoreException.of(Kind.LOGIN_REFUSED, "This service has no account at Gcore. "
                    + "Set GCORE_USERNAME and GCORE_PASSWORD, or GCORE_API_TOKEN.", null);
        }
        Optional<String> permanent = config.apiToken();
        if (permanent.isPresent()) {
            return "APIKey " + permanent.get();
        }
        Session current = session;
        Instant now = clock.instant();
        if (current == null || !current.serves(now)) {
            misses.increment();
            return bearer(renewal.await());
        }
        hits.increment();
        if (!current.isFresh(now) && !now.isBefore(current.noRenewalBefore)) {
            CompletableFuture<Session> unused = renewal.begin();
        }
        return bearer(current);
    }

    /**
     * What to use after Gcore refused a header. However many were refused with it, it is renewed once.
     *
     * @throws GcoreException when there is nothing else to use
     */
    String after(String refused) {
        if (config.apiToken().isPresent()) {
            throw GcoreException.of(Kind.LOGIN_REFUSED,
                    "Gcore does not accept the permanent token in GCORE_API_TOKEN.", null);
        }
        Session current = session;
        if (current != null && bearer(current).equals(refused)) {
            current.isDead = true;
        }
        return header();
    }

    private static String bearer(Session session) {
        return "Bearer " + session.tokens.access();
    }

    /** Runs once at a time. */
    private Session renew() {
        Session current = session;
        Instant now = clock.instant();
        if (current != null && current.isFresh(now)) {
            return current;
        }
        Failure known = failure;
        if (known != null && now.isBefore(known.until)) {
            throw known.fault.again(Optional.of(Duration.between(now, known.until)));
        }
        try {
            Session renewed = new Session(current == null ? logIn.logIn() : refresh(current), now, config);
            session = renewed;
            failure = null;
            return renewed;
        } catch (GcoreException e) {
            remember(e, current);
            throw e;
        }
    }

    /** The refresh token can be used once: if the answer was lost, it is dead, and a log-in is left. */
    private TokenPair refresh(Session current) {
        try {
            return logIn.refresh(current.tokens.refresh());
        } catch (GcoreException e) {
            if (e.kind() == Kind.UNAVAILABLE) {
                throw e;
            }
            return logIn.logIn();
        }
    }

    /** Neither wrong credentials nor a busy Gcore are asked again by each caller that comes. */
    private void remember(GcoreException fault, @Nullable Session current) {
        Duration longest = Duration.ofSeconds(config.refusedLogInSeconds());
        Duration pause = fault.kind() == Kind.LOGIN_REFUSED ? longest : fault.retryAfter().orElse(Duration.ZERO);
        Instant now = clock.instant();
        failure = new Failure(fault, now.plus(pause.compareTo(longest) > 0 ? longest : pause));
        if (current != null) {
            current.noRenewalBefore = now.plus(RENEWAL_PAUSE);
        }
        LOG.warnf("There is no new token of Gcore: %s", fault.getMessage());
    }
}
