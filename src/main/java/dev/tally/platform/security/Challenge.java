package dev.tally.platform.security;

import jakarta.enterprise.context.ApplicationScoped;

import dev.tally.platform.problem.ProblemCode;
import dev.tally.platform.problem.ProblemException;
import dev.tally.platform.problem.ProblemWriter;
import io.vertx.core.MultiMap;
import io.vertx.ext.web.RoutingContext;

/** The 401 that fits what was sent: it asks for a key where one was sent, or where only keys are of use. */
@ApplicationScoped
class Challenge {
    /** These words, because clients of a predecessor know them. */
    private static final String INVALID_KEY = "Invalid API key";

    private final ProblemWriter problems;
    private final LogInConfig config;

    Challenge(ProblemWriter problems, LogInConfig config) {
        this.problems = problems;
        this.config = config;
    }

    void send(RoutingContext context) {
        if (wantsKey(context)) {
            problems.answer(context, new ProblemException(ProblemCode.API_KEY_INVALID, INVALID_KEY));
        } else {
            problems.challenge(context);
        }
    }

    private boolean wantsKey(RoutingContext context) {
        MultiMap headers = context.request().headers();
        if (headers.contains(ConsumerKeys.HEADER) || headers.contains(ApiKeyLogIn.ADMIN_KEY)) {
            return true;
        }
        String path = context.normalizedPath();
        return !headers.contains("Authorization")
                && config.keyPaths().stream().anyMatch(own -> path.equals(own) || path.startsWith(own + "/"));
    }
}
