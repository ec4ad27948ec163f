package dev.tally.platform.http;

import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;

import dev.tally.platform.ending.Ending;
import dev.tally.platform.problem.RequestId;
import dev.tally.platform.tracing.Spans;
import io.quarkus.vertx.http.runtime.VertxHttpRecorder;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;

/** What every request goes through, whatever answers it. */
@Singleton
class EdgeRoutes {
    /** Before the log-in, so that its answers too have an id and are logged. */
    private static final int FIRST = -10_000;
    /** After the log-in and the framework's own bound on bodies (order -2), which one bound for all would not be. */
    private static final int BEFORE_ENDPOINTS = -1;
    /** The framework's reading of chunked bodies is not to look at this: {@link BodyFilter} does, with a problem. */
    private static final Long UNBOUNDED = -1L;

    private final BodyBounds bounds;
    private final Ending ending;

    EdgeRoutes(BodyBounds bounds, Ending ending) {
        this.bounds = bounds;
        this.ending = ending;
    }

    void install(@Observes Router router) {
        router.route().order(FIRST).handler(this::begin);
        router.route().order(BEFORE_ENDPOINTS).handler(this::checkDeclaredLength);
    }

    private void begin(RoutingContext context) {
        if (!RequestId.isAssigned(context)) {
            String requestId = RequestId.assign(context);
            Spans.describe("tally.request_id", requestId);
            RequestLog.watch(context, requestId);
        }
        // A request that is rerouted comes here again, without the headers that its answer had.
        context.response().putHeader(RequestId.HEADER, RequestId.of(context));
        SecurityHeaders.apply(context);
        if (ending.hasBegun()) {
            ConnectionEnd.after(context);
        }
        context.next();
    }

    private void checkDeclaredLength(RoutingContext context) {
        String length = context.request().getHeader("Content-Length");
        if (length == null) {
            context.put(VertxHttpRecorder.MAX_REQUEST_SIZE_KEY, UNBOUNDED);
        } else if (Long.parseLong(length) > bounds.maxBytes(context.normalizedPath())) {
            context.fail(BodyBounds.refusal(bounds.maxBytes(context.normalizedPath())));
            return;
        }
        context.next();
    }
}
