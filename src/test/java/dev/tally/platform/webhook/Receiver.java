package dev.tally.platform.webhook;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;

/** Somebody who gets webhooks. */
final class Receiver implements AutoCloseable {
    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final List<Received> received = new CopyOnWriteArrayList<>();

    /** A request as it came. */
    @SuppressWarnings("ArrayRecordComponent") // Nobody compares them.
    record Received(String method, String uri, Headers headers, byte[] body) {
        String header(String name) {
            List<String> values = headers.get(name);
            return values == null ? "" : String.join(",", values);
        }
    }

    /** Answers each request like that; it need not read it. */
    Receiver(HttpServer server, HttpHandler answer) {
        this.server = server;
        server.setExecutor(threads);
        server.createContext("/", exchange -> {
            received.add(new Received(exchange.getRequestMethod(), exchange.getRequestURI().toString(),
                    exchange.getRequestHeaders(), exchange.getRequestBody().readAllBytes()));
            try (exchange) {
                answer.handle(exchange);
            }
        });
        server.start();
    }

    static Receiver on(String address, HttpHandler answer) {
        try {
            return new Receiver(HttpServer.create(new InetSocketAddress(address, 0), 0), answer);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Answers with a status and nothing else. */
    static HttpHandler status(int status) {
        return exchange -> answer(exchange, status);
    }

    static void answer(HttpExchange exchange, int status) throws IOException {
        exchange.sendResponseHeaders(status, -1);
    }

    int port() {
        return server.getAddress().getPort();
    }

    List<Received> received() {
        return received;
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
