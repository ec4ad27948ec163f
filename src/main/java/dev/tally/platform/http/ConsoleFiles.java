package dev.tally.platform.http;

import java.util.List;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;

import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;

/** The page for people at {@code /}. Its files are static resources; here is said how long a browser may keep them. */
@ApplicationScoped
class ConsoleFiles {
    private static final List<String> PATHS = List.of("/", "/index.html", "/console/*");

    void addTo(@Observes Router router) {
        for (String path : PATHS) {
            router.get(path).handler(ConsoleFiles::revalidate);
            router.head(path).handler(ConsoleFiles::revalidate);
        }
    }

    /** The files' names have no version in them, so a browser has to ask whether they are still the same. */
    private static void revalidate(RoutingContext request) {
        request.response().putHeader(HttpHeaders.CACHE_CONTROL, "no-cache");
        request.next();
    }
}
