package dev.tally.platform.problem;

import java.util.HexFormat;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Pattern;

import org.jboss.logging.MDC;

import io.vertx.ext.web.RoutingContext;

/** The name of one request, in its answer, in its problem's {@code instance} and in each of its log lines. */
public final class RequestId {
    /** The header that carries it in and out. */
    public static final String HEADER = "X-Request-Id";
    /** Its key in the logging context. */
    public static final String MDC_KEY = "requestId";
    private static final String CONTEXT_KEY = RequestId.class.getName();
    private static final Pattern VALID = Pattern.compile("[A-Za-z0-9._-]{1,64}");

    private RequestId() {}

    /** Takes the caller's id when it is one, else makes one, and keeps it for the rest of the request. */
    public static String assign(RoutingContext context) {
        String offered = context.request().getHeader(HEADER);
        String id = offered != null && isValid(offered)
                ? offered
                : HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextLong());
        context.put(CONTEXT_KEY, id);
        MDC.put(MDC_KEY, id);
        return id;
    }

    /** Whether {@link #assign} was called. */
    public static boolean isAssigned(RoutingContext context) {
        return context.get(CONTEXT_KEY) != null;
    }

    /** The id that {@link #assign} gave, or {@code unknown} before that. */
    public static String of(RoutingContext context) {
        String id = context.get(CONTEXT_KEY);
        return id == null ? "unknown" : id;
    }

    /** Only letters, digits, dot, underscore and hyphen: it goes into headers and log lines as it is. */
    private static boolean isValid(String offered) {
        return VALID.matcher(offered).matches();
    }
}
