package dev.tally.platform.http;

import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

import org.jboss.logging.Logger;
import org.jboss.logging.MDC;

import dev.tally.platform.problem.RequestId;
import dev.tally.platform.tracing.Spans;
import io.opentelemetry.api.trace.SpanContext;
import io.vertx.core.AsyncResult;
import io.vertx.core.http.HttpVersion;
import io.vertx.ext.web.RoutingContext;

/**
 * One line for each request, as {@code key=value} pairs.
 *
 * <p>Phone numbers are personal data and stand in paths and queries. So the query is left out, and in the path every run
 * of five or more digits is a star. (The path template of the endpoint would do for known paths only.)
 */
public final class RequestLog {
    private static final Logger LOG = Logger.getLogger("dev.tally.access");
    /** As many digits in a row may be a phone number. */
    private static final int NUMBER_DIGITS = 5;
    private static final Pattern UNPRINTABLE = Pattern.compile("[^!-~]");
    private static final int MAX_PATH_CHARACTERS = 200;

    private RequestLog() {}

    static void watch(RoutingContext context, String requestId) {
        if (!LOG.isInfoEnabled()) {
            return;
        }
        long startNanos = System.nanoTime();
        String path = asked(context);
        Optional<SpanContext> span = Spans.current();
        context.addEndHandler(end -> {
            long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - startNanos);
            // The end comes on the connection's own context, which does not know the request.
            MDC.put(RequestId.MDC_KEY, requestId);
            span.ifPresent(own -> {
                MDC.put("traceId", own.getTraceId());
                MDC.put("spanId", own.getSpanId());
            });
            LOG.info("method=" + loggable(context.request().method().name()) + " path=" + path + " status="
                    + context.response().getStatusCode() + " bytes=" + context.response().bytesWritten() + " millis="
                    + millis + " user=" + user(context) + (isAborted(context, end) ? " aborted=true" : ""));
        });
    }

    /** What the client has asked for, which may be rerouted to something else. */
    private static String asked(RoutingContext context) {
        try {
            return loggable(context.normalizedPath());
        } catch (IllegalArgumentException _) {
            // It cannot be decoded, and undecoded it might hide a number.
            return "-";
        }
    }

    /** An HTTP/2 stream that is closed after its whole answer is reported as failed too. */
    private static boolean isAborted(RoutingContext context, AsyncResult<Void> end) {
        return end.failed()
                && !(context.request().version() == HttpVersion.HTTP_2 && context.response().ended());
    }

    /**
     * A path as it may be kept: without what may be a phone number, or cannot be printed, and not for ever.
     *
     * <p>By hand: this runs for each request, and patterns were seen in its profile.
     */
    public static String loggable(String path) {
        int length = Math.min(path.length(), MAX_PATH_CHARACTERS);
        StringBuilder loggable = new StringBuilder(length);
        int digits = 0;
        for (int i = 0; i < length; i++) {
            char c = path.charAt(i);
            digits = c >= '0' && c <= '9' ? digits + 1 : 0;
            if (digits < NUMBER_DIGITS) {
                loggable.append(printable(c));
            } else if (digits == NUMBER_DIGITS) {
                loggable.setLength(loggable.length() - NUMBER_DIGITS + 1);
                loggable.append('*');
            }
        }
        return loggable.toString();
    }

    private static char printable(char c) {
        return c >= '!' && c <= '~' ? c : '?';
    }

    private static String user(RoutingContext context) {
        String name = context.user() == null ? "" : context.user().principal().getString("username", "");
        return name.isEmpty() ? "-" : UNPRINTABLE.matcher(name).replaceAll("?");
    }
}
