package dev.tally.platform.http;

import java.util.List;
import java.util.Map;

import jakarta.inject.Singleton;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.container.ContainerRequestContext;

import org.jboss.resteasy.reactive.common.util.MediaTypeHelper;
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
    private static final String ANYTHING = "*/*";
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
        requireReadable(request, context);
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

    /** The framework takes an {@code Accept} that it cannot read for a fault of its own. */
    private static void requireReadable(ContainerRequestContext request, RoutingContext context) {
        for (String accepted : context.request().headers().getAll(ACCEPT)) {
            if (accepted.isBlank()) {
                // As if it were not there: RFC 9110, section 12.5.1, allows a list of nothing.
                context.request().headers().remove(ACCEPT);
                request.getHeaders().remove(ACCEPT);
                return;
            }
            if (accepted.equals(TableFormat.JSON) || accepted.equals(ANYTHING)) {
                continue;
            }
            try {
                MediaTypeHelper.parseHeader(accepted);
            } catch (IllegalArgumentException | WebApplicationException e) {
                throw new ProblemException(ProblemCode.NOT_ACCEPTABLE,
                        "The header Accept names no media types. Send such as application/json, or leave it out.", e);
            }
        }
    }
}
