package dev.tally.platform.http;

import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerRequestFilter;
import jakarta.ws.rs.ext.Provider;

/** Bounds the bodies that come without a length; those with one are checked before they get here. */
@Provider
class BodyFilter implements ContainerRequestFilter {
    private final BodyBounds bounds;

    BodyFilter(BodyBounds bounds) {
        this.bounds = bounds;
    }

    @Override
    public void filter(ContainerRequestContext request) {
        if (request.getHeaderString("Transfer-Encoding") != null) {
            long maxBytes = bounds.maxBytes(request.getUriInfo().getPath());
            request.setEntityStream(
                    new BoundedInputStream(request.getEntityStream(), maxBytes, () -> BodyBounds.refusal(maxBytes)));
        }
    }
}
