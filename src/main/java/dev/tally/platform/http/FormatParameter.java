package dev.tally.platform.http;

import java.util.List;
import java.util.Map;

import jakarta.inject.Singleton;
import jakarta.ws.rs.container.ContainerRequestContext;

import org.jboss.resteasy.reactive.server.ServerRequestFilter;

import dev.tally.platform.problem.ProblemCode;
import dev.tally.platform.problem.ProblemException;
import dev.tally.platform.table.TableFormat;
import io.vertx.ext.web.RoutingContext;

/** The parameter {@code format}: wins over {@code Accept}, by taking its place before an endpoint is chosen. */
@Singleton
public class FormatParameter {
    private static final Map<String, String> MEDIA_TYPES = Map.of(
            "json", TableFormat.JSON,
            "csv", TableFormat.CSV,
            "xlsx", TableFormat.XLSX,
            "excel", TableFormat.XLSX);

    @ServerRequestFilter(preMatching = true)
    public void choose(ContainerRequestContext request, RoutingContext context) {
        String query = context.request().query();
        if (query == null || !query.contains("format=")) {
            return;
        }
        List<String> formats = context.queryParam("format");
        if (formats.isEmpty()) {
            return;
        }
        String mediaType = MEDIA_TYPES.get(formats.getFirst());
        if (mediaType == null) {
            throw new ProblemException(ProblemCode.NOT_ACCEPTABLE, "Invalid format. Use json, csv or xlsx.");
        }
        // The request's own header, not JAX-RS's copy: negotiation reads both.
        context.request().headers().set("Accept", mediaType);
        request.getHeaders().putSingle("Accept", mediaType);
    }
}
