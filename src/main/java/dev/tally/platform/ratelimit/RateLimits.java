package dev.tally.platform.ratelimit;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

import io.vertx.core.MultiMap;
import io.vertx.ext.web.RoutingContext;

/** What was decided about one request, and how its answer says so. */
public final class RateLimits {
    /** Of the policy that counts the requests of an API key. */
    static final String KEY = "key";
    private static final String CONTEXT_KEY = RateLimits.class.getName();

    private final List<Decision> decisions = new ArrayList<>();

    private RateLimits() {}

    /** How the API key of this request stands, the request itself counted; empty where no key is limited. */
    public static Optional<Decision> of(RoutingContext context) {
        RateLimits known = context.get(CONTEXT_KEY);
        return known == null
                ? Optional.empty()
                : known.decisions.stream().filter(decision -> decision.policy().name().equals(KEY)).findFirst();
    }

    /** Notes a decision; the answer, whatever it will be, names all that were made. */
    static void add(RoutingContext context, Decision decision) {
        RateLimits limits = context.get(CONTEXT_KEY);
        if (limits == null) {
            limits = new RateLimits();
            context.put(CONTEXT_KEY, limits);
            RateLimits own = limits;
            context.addHeadersEndHandler(_ -> own.writeTo(context.response().headers()));
        }
        limits.decisions.add(decision);
    }

    /** As draft-ietf-httpapi-ratelimit-headers-11, sections 3 and 4, has it: lists of structured fields (RFC 9651). */
    private void writeTo(MultiMap headers) {
        headers.set("RateLimit-Policy", decisions.stream().map(RateLimits::policy).collect(Collectors.joining(", ")));
        headers.set("RateLimit", decisions.stream().map(RateLimits::standing).collect(Collectors.joining(", ")));
    }

    private static String policy(Decision decision) {
        return '"' + decision.policy().name() + "\";q=" + decision.limit() + ";w=" + decision.policy().windowSeconds();
    }

    private static String standing(Decision decision) {
        return '"' + decision.policy().name() + "\";r=" + decision.remaining() + ";t=" + decision.resetSeconds();
    }
}
