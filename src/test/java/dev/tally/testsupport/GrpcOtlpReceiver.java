package dev.tally.testsupport;

import java.io.ByteArrayOutputStream;
import java.util.List;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;

/**
 * What traces are sent to over gRPC: HTTP/2 without TLS, where each message comes after a byte that says whether it is
 * compressed, and its length (PROTOCOL-HTTP2.md of gRPC).
 */
public final class GrpcOtlpReceiver implements AutoCloseable {
    private static final String EXPORT = "/opentelemetry.proto.collector.trace.v1.TraceService/Export";
    private static final int LENGTH_BYTES = 4;

    private final Vertx vertx = Vertx.vertx();
    private final HttpServer server;
    private final ByteArrayOutputStream received = new ByteArrayOutputStream();

    private GrpcOtlpReceiver() {
        server = vertx.createHttpServer().requestHandler(this::take).listen(0, "127.0.0.1").toCompletionStage()
                .toCompletableFuture().join();
    }

    public static GrpcOtlpReceiver start() {
        return new GrpcOtlpReceiver();
    }

    public String url() {
        return "http://127.0.0.1:" + server.actualPort();
    }

    /** All spans that were sent to it. */
    public synchronized List<OtlpSpan> spans() {
        return OtlpSpan.of(received.toByteArray(), LENGTH_BYTES);
    }

    private void take(HttpServerRequest request) {
        boolean isExport = request.version() == HttpVersion.HTTP_2 && EXPORT.equals(request.path())
                && "application/grpc".equals(request.getHeader("Content-Type"));
        request.body().onSuccess(body -> {
            if (isExport && body.getByte(0) == 0) {
                keep(body);
            }
            // An empty message, and that it went well.
            request.response().putHeader("Content-Type", "application/grpc")
                    .putTrailer("grpc-status", isExport ? "0" : "12")
                    .end(Buffer.buffer(new byte[1 + LENGTH_BYTES]));
        });
    }

    private synchronized void keep(Buffer body) {
        received.writeBytes(body.getBytes(1, body.length()));
    }

    @Override
    public void close() {
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }
}
