package dev.tally.platform.http;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerRequestFilter;
import jakarta.ws.rs.ext.Provider;

import dev.tally.platform.problem.ProblemCode;
import dev.tally.platform.problem.ProblemException;

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
            request.setEntityStream(new BoundedStream(request.getEntityStream(), maxBytes));
        }
    }

    private static final class BoundedStream extends FilterInputStream {
        private final long maxBytes;
        private long bytesRead;

        BoundedStream(InputStream body, long maxBytes) {
            super(body);
            this.maxBytes = maxBytes;
        }

        @Override
        public int read() throws IOException {
            int each = super.read();
            count(each < 0 ? 0 : 1);
            return each;
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            int count = super.read(buffer, offset, length);
            count(Math.max(count, 0));
            return count;
        }

        private void count(int bytes) {
            bytesRead += bytes;
            if (bytesRead > maxBytes) {
                throw new ProblemException(ProblemCode.BODY_TOO_LARGE, BodyBounds.sentence(maxBytes));
            }
        }
    }
}
