package dev.tally.platform.http;

import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.ext.web.RoutingContext;

/**
 * The end of a connection after its next answer, when this process is about to end: a proxy keeps connections open for as long as they
 * are used, and would send over them until they break.
 */
final class ConnectionEnd {
    private ConnectionEnd() {}

    /** Says so in the answer, and closes the connection after it (RFC 9112, section 9.6). Streams of HTTP/2 go on. */
    static void after(RoutingContext context) {
        HttpServerRequest request = context.request();
        if (request.version() == HttpVersion.HTTP_2) {
            return;
        }
        context.response().putHeader("Connection", "close");
        context.addEndHandler(_ -> {
            // Of a body that is still being sent the answer might be lost with the connection.
            if (request.isEnded()) {
                request.connection().close();
            }
        });
    }
}
