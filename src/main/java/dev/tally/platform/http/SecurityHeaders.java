package dev.tally.platform.http;

import java.util.Map;

import io.vertx.core.MultiMap;
import io.vertx.ext.web.RoutingContext;

/** The headers that tell a browser how little it may do with an answer. */
final class SecurityHeaders {
    private static final String NOTHING = "default-src 'none'; frame-ancestors 'none'";
    private static final String PAGE = "default-src 'none'; script-src 'self'; img-src 'self' data:; "
            + "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; ";
    /** ReDoc fills an empty style element by script, adds one of its own, and searches in a worker made of its text. */
    private static final String REDOC = PAGE + "worker-src blob:; style-src 'self' "
            + "'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=' "
            + "'sha256-QMIg+bpjm3JdElJ388KYke01izlUW0UoNOeKjpMxdgc='";
    /** Nothing from elsewhere, nothing inline; its charts are drawn, not made of HTML. */
    private static final String CONSOLE = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
            + "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
    /** Pages that need more than nothing, by path: the path itself and all below it. */
    private static final Map<String, String> PAGES = Map.of(
            "/", CONSOLE,
            "/index.html", CONSOLE,
            "/console", CONSOLE,
            "/docs", PAGE + "style-src 'self'",
            "/redoc", REDOC);
    private static final String ONE_YEAR = "max-age=31536000";

    private SecurityHeaders() {}

    static void apply(RoutingContext context) {
        MultiMap headers = context.response().headers();
        headers.set("X-Content-Type-Options", "nosniff");
        headers.set("Referrer-Policy", "no-referrer");
        headers.set("Content-Security-Policy", policy(context.normalizedPath()));
        // The scheme is https also behind a proxy, if quarkus.http.proxy says that it is to be believed.
        if ("https".equals(context.request().scheme())) {
            headers.set("Strict-Transport-Security", ONE_YEAR);
        }
    }

    private static String policy(String path) {
        int end = path.indexOf('/', 1);
        return PAGES.getOrDefault(end < 0 ? path : path.substring(0, end), NOTHING);
    }
}
