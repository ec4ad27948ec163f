package dev.tally.testsupport;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;

/**
 * What traces are sent to: OTLP over HTTP, as protocol buffers. Whatever it has got is had from it by HTTP too, also by
 * another class loader's tests.
 */
public final class OtlpReceiver implements AutoCloseable {
    private static final int LENGTH_BYTES = 4;

    private final HttpServer server;
    private final ByteArrayOutputStream received = new ByteArrayOutputStream();

    private OtlpReceiver(HttpServer server) {
        this.server = server;
    }

    public static OtlpReceiver start() {
        try {
            HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            OtlpReceiver receiver = new OtlpReceiver(server);
            server.createContext("/v1/traces", receiver::take);
            server.createContext("/received", receiver::show);
            server.start();
            return receiver;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    private synchronized void take(HttpExchange exchange) throws IOException {
        byte[] message = exchange.getRequestBody().readAllBytes();
        for (int shift = (LENGTH_BYTES - 1) * Byte.SIZE; shift >= 0; shift -= Byte.SIZE) {
            received.write(message.length >>> shift);
        }
        received.write(message);
        exchange.sendResponseHeaders(200, -1);
        exchange.close();
    }

    private synchronized void show(HttpExchange exchange) throws IOException {
        byte[] all = received.toByteArray();
        boolean isEmpty = all.length == 0;
        exchange.sendResponseHeaders(200, isEmpty ? -1 : all.length);
        if (!isEmpty) {
            exchange.getResponseBody().write(all);
        }
        exchange.close();
    }

    /** All that was sent to the receiver at this address, as it came, for looking for what should not be in it. */
    public static String textAt(String url) {
        return new String(bytesAt(url), StandardCharsets.ISO_8859_1);
    }

    /** All spans that were sent to it. */
    public static List<OtlpSpan> spansAt(String url) {
        return OtlpSpan.of(bytesAt(url), LENGTH_BYTES);
    }

    private static byte[] bytesAt(String url) {
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(HttpRequest.newBuilder(URI.create(url + "/received")).build(),
                    HttpResponse.BodyHandlers.ofByteArray()).body();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted in a test", e);
        }
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
