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

/**
 * The parameter {@code format}: wins over {@code Accept}, by taking its place before an endpoint is chosen. On some paths
 * {@code excel} beside an {@code Accept} of JSON means both, for clients of a predecessor: see {@link EnvelopeWanted}.
 */
@Singleton
public class FormatParameter {
    private static final String ACCEPT = "Accept";
    private static final String EXCEL = "excel";
    private static final Map<String, String> MEDIA_TYPES = Map.of(
            "json", TableFormat.JSON,
            "csv", TableFormat.CSV,
            "xlsx", TableFormat.XLSX,
            EXCEL, TableFormat.XLSX);

    private final EnvelopePaths envelopes;

    FormatParameter(EnvelopePaths envelopes) {
        this.envelopes = envelopes;
    }

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
        if (formats.getFirst().equals(EXCEL) && envelopes.contain(context.normalizedPath())
                && EnvelopeWanted.isMeant(context.request().headers().getAll(ACCEPT))) {
            EnvelopeWanted.mark(context);
            mediaType = TableFormat.JSON;
        }
        // The request's own header, not JAX-RS's copy: negotiation reads both.
        context.request().headers().set(ACCEPT, mediaType);
        request.getHeaders().putSingle(ACCEPT, mediaType);
    }
}
