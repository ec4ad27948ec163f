package dev.tally.platform.http;

import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

import org.jboss.logging.Logger;
import org.jboss.logging.MDC;

import dev.tally.platform.problem.RequestId;
import io.vertx.ext.web.RoutingContext;

/**
 * One line for each request, as {@code key=value} pairs.
 *
 * <p>Phone numbers are personal data and stand in paths and queries. So the query is left out, and in the path every run
 * of five or more digits is a star. (The path template of the endpoint would do for known paths only.)
 */
final class RequestLog {
    private static final Logger LOG = Logger.getLogger("dev.tally.access");
    private static final Pattern NUMBER = Pattern.compile("[0-9]{5,}");
    private static final Pattern UNPRINTABLE = Pattern.compile("[^!-~]");
    private static final int MAX_PATH_CHARACTERS = 200;

    private RequestLog() {}

    static void watch(RoutingContext context, String requestId) {
        if (!LOG.isInfoEnabled()) {
            return;
        }
        long startNanos = System.nanoTime();
        context.addEndHandler(end -> {
            long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - startNanos);
            // The end comes on the connection's own context, which does not know the request.
            MDC.put(RequestId.MDC_KEY, requestId);
            LOG.infof("method=%s path=%s status=%d bytes=%d millis=%d user=%s%s", context.request().method(),
                    loggable(context.normalizedPath()), context.response().getStatusCode(),
                    context.response().bytesWritten(), millis, user(context), end.failed() ? " aborted=true" : "");
        });
    }

    static String loggable(String path) {
        String bounded = path.length() > MAX_PATH_CHARACTERS ? path.substring(0, MAX_PATH_CHARACTERS) : path;
        return UNPRINTABLE.matcher(NUMBER.matcher(bounded).replaceAll("*")).replaceAll("?");
    }

    private static String user(RoutingContext context) {
        String name = context.user() == null ? "" : context.user().principal().getString("username", "");
        return name.isEmpty() ? "-" : UNPRINTABLE.matcher(name).replaceAll("?");
    }
}
