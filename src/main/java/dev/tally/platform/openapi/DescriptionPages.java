package dev.tally.platform.openapi;

import java.util.List;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;

import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;

/**
 * Gives the two pages their short paths. Their files are static resources; a static {@code docs/index.html} alone would
 * be found at {@code /docs/} but not at {@code /docs}.
 */
@ApplicationScoped
class DescriptionPages {
    private static final List<String> PAGES = List.of("/docs", "/redoc");

    void addTo(@Observes Router router) {
        for (String page : PAGES) {
            router.get(page + "/*").handler(DescriptionPages::revalidate);
            router.head(page + "/*").handler(DescriptionPages::revalidate);
            router.route(page)
                    .method(HttpMethod.GET)
                    .method(HttpMethod.HEAD)
                    .handler(request -> request.reroute(page + "/index.html"));
        }
    }

    /** The files' names have no version in them, so a browser has to ask whether they are still the same. */
    private static void revalidate(RoutingContext request) {
        request.response().putHeader(HttpHeaders.CACHE_CONTROL, "no-cache");
        request.next();
    }
}
