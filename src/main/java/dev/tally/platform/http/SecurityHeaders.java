package dev.tally.platform.http;

import java.util.Map;

import io.vertx.core.MultiMap;
import io.vertx.ext.web.RoutingContext;

/** The headers that tell a browser how little it may do with an answer. */
final class SecurityHeaders {
    private static final String NOTHING = "default-src 'none'; frame-ancestors 'none'";
    /** Swagger UI and ReDoc run scripts of our own origin and set styles inline. */
    private static final String DOCUMENTATION = "default-src 'none'; script-src 'self'; style-src 'self' "
            + "'unsafe-inline'; img-src 'self' data:; font-src 'self'; connect-src 'self'; worker-src 'self' blob:; "
            + "base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
    /** Pages that need more than nothing, by path: the path itself and all below it. */
    private static final Map<String, String> PAGES = Map.of(
            "/docs", DOCUMENTATION,
            "/redoc", DOCUMENTATION);
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
