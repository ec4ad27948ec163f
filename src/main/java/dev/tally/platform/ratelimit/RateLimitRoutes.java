package dev.tally.platform.ratelimit;

import java.util.List;
import java.util.stream.Stream;

import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;

import org.jboss.logging.Logger;

import dev.tally.platform.problem.ProblemCode;
import dev.tally.platform.problem.ProblemException;
import dev.tally.platform.security.Consumer;
import dev.tally.platform.security.ConsumerKeys;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.vertx.http.runtime.security.QuarkusHttpUser;
import io.vertx.core.Future;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;

/**
 * Where requests are counted: by address before anybody looks at their keys, and by key as soon as it is known to be good.
 * Operators are not limited. Whatever cannot be counted is refused.
 */
@Singleton
class RateLimitRoutes {
    private static final Logger LOG = Logger.getLogger(RateLimitRoutes.class);
    /** After the request has got its id and its line in the log. */
    private static final int BEFORE_LOG_IN = -9_000;
    /** Between the framework's log-in (-200) and its look at what the caller may do (-100). */
    private static final int AFTER_LOG_IN = -150;
    private static final String ADMIN_KEY = "x-admin-key";
    private static final List<String> KEY_HEADERS = List.of(ConsumerKeys.HEADER, ADMIN_KEY);
    private static final int UNAUTHORIZED = 401;

    private final RateLimiter limiter;
    private final ConsumerKeys keys;
    private final MeterRegistry registry;
    private final Policy key;
    private final Policy address;
    private final Policy failedKeys;
    private final Policy signUp;
    private final SignUpPaths signUpPaths;

    RateLimitRoutes(RateLimiter limiter, ConsumerKeys keys, MeterRegistry registry, RateLimitConfig config) {
        this.limiter = limiter;
        this.keys = keys;
        this.registry = registry;
        key = Policy.of(RateLimits.KEY, config.key());
        address = Policy.of("address", config.address());
        failedKeys = Policy.of("failed-keys", config.failedKeys());
        signUp = Policy.of("sign-up", config.signUp());
        signUpPaths = new SignUpPaths(config.signUpPaths());
        // So that there is a zero before there is a one.
        Stream.of(key, address, failedKeys, signUp).forEach(this::refusals);
    }

    void install(@Observes Router router) {
        router.route().order(BEFORE_LOG_IN).handler(this::limitAddress);
        router.route().order(AFTER_LOG_IN).handler(this::limitKey);
    }

    private void limitAddress(RoutingContext context) {
        boolean hasKey = KEY_HEADERS.stream().anyMatch(context.request().headers()::contains);
        boolean isSignUp = context.request().method().equals(HttpMethod.POST)
                && signUpPaths.contain(context.normalizedPath());
        if (!hasKey && !isSignUp) {
            context.next();
            return;
        }
        String client = ClientAddress.of(context.request().remoteAddress());
        Future<Void> decided = take(context, address, client);
        if (isSignUp) {
            decided = decided.compose(_ -> take(context, signUp, client));
        }
        if (hasKey && failedKeys.limits()) {
            countFailure(context, client);
            decided = decided.compose(_ -> limiter.look(failedKeys, client))
                    .compose(decision -> admitKey(context, decision));
        }
        goOn(context, decided);
    }

    private void limitKey(RoutingContext context) {
        if (context.user() instanceof QuarkusHttpUser user
                && user.getSecurityIdentity().getPrincipal() instanceof Consumer consumer) {
            goOn(context, take(context, key, Long.toString(consumer.keyId())));
        } else {
            context.next();
        }
    }

    private Future<Void> take(RoutingContext context, Policy policy, String bucket) {
        return policy.limits()
                ? limiter.take(policy, bucket).compose(decision -> admit(context, policy, decision))
                : Future.succeededFuture();
    }

    /** Whoever shares an address with one who guesses keys goes on with a key that was good before. */
    private Future<Void> admitKey(RoutingContext context, Decision decision) {
        RateLimits.add(context, decision);
        return decision.allowed() || wasGood(context.request())
                ? Future.succeededFuture()
                : refuse(failedKeys, decision);
    }

    /** Not with a key of administrators beside it, which may be one that is being guessed. */
    private boolean wasGood(HttpServerRequest request) {
        String sent = request.getHeader(ConsumerKeys.HEADER);
        return sent != null && !request.headers().contains(ADMIN_KEY) && keys.wasGood(sent);
    }

    private Future<Void> admit(RoutingContext context, Policy policy, Decision decision) {
        RateLimits.add(context, decision);
        return decision.allowed() ? Future.succeededFuture() : refuse(policy, decision);
    }

    private Future<Void> refuse(Policy policy, Decision decision) {
        refusals(policy).increment();
        long seconds = decision.retryAfterSeconds();
        return Future.failedFuture(new ProblemException(ProblemCode.RATE_LIMITED,
                "Too many requests. Ask again in " + seconds + (seconds == 1 ? " second." : " seconds."), seconds));
    }

    private Counter refusals(Policy policy) {
        return registry.counter("tally.rate.limit.refused", "policy", policy.name());
    }

    private static void goOn(RoutingContext context, Future<Void> decided) {
        decided.onComplete(_ -> context.next(), context::fail);
    }

    /** Whether a key was wrong is known by the answer only. */
    private void countFailure(RoutingContext context, String client) {
        context.addEndHandler(_ -> {
            if (context.response().getStatusCode() == UNAUTHORIZED) {
                limiter.take(failedKeys, client)
                        .onFailure(fault -> LOG.warn("A refused key was not counted", fault));
            }
        });
    }
}
