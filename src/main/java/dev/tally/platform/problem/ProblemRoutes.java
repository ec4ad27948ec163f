package dev.tally.platform.problem;

import java.util.List;

import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;

import org.jspecify.annotations.Nullable;

import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;

/** Where every fault ends that no endpoint has: unknown paths, addresses that cannot be read, faults of filters. */
@Singleton
class ProblemRoutes {
    /** What the router answers by itself when no route matches, or a route fails with no other handler. */
    private static final List<Integer> STATUSES = List.of(400, 401, 403, 404, 405, 406, 413, 414, 415, 500, 501, 503);

    private final ProblemWriter writer;

    ProblemRoutes(ProblemWriter writer) {
        this.writer = writer;
    }

    void install(@Observes Router router) {
        // First of all, so that it comes before the framework's own handler.
        router.route().order(Integer.MIN_VALUE).failureHandler(this::answer);
        STATUSES.forEach(status -> router.errorHandler(status, this::answer));
    }

    private void answer(RoutingContext context) {
        @Nullable
        Throwable fault = context.failure();
        int status = context.statusCode();
        if (fault != null && (status <= 0 || status == 500)) {
            writer.answer(context, fault);
            return;
        }
        Problem problem = FaultTranslator.forStatus(status);
        writer.answer(context, problem, fault == null ? new ProblemException(problem.code(), problem.detail()) : fault);
    }
}
