package dev.tally.bench;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;

/** A bucket, over HTTP as S3 gives it, of objects that are nowhere: the same rows again and again, as many as are asked for. */
final class GeneratedObjects implements AutoCloseable {
    private static final Pattern RANGE = Pattern.compile("bytes=(\\d+)-(\\d+)");
    private static final int OK = 200;
    private static final int PARTIAL = 206;
    private static final int NOT_FOUND = 404;
    private static final byte[] HEADER = "id,estado,servicio,monto\n".getBytes(StandardCharsets.UTF_8);
    private static final int ROWS = 10_000;
    private static final byte[] BLOCK = block();

    private final Map<String, Long> sizes;
    private final AtomicInteger version = new AtomicInteger();
    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool();

    /** @param sizes the bytes of each object, by its path, at least */
    GeneratedObjects(Map<String, Long> sizes) throws IOException {
        this.sizes = sizes;
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::answer);
        server.setExecutor(threads);
        server.start();
    }

    private static byte[] block() {
        String[] states = {"aprobado", "pendiente", "rechazado", "en_revision"};
        StringBuilder rows = new StringBuilder();
        for (int row = 0; row < ROWS; row++) {
            rows.append(row).append(',').append(states[row % states.length]).append(",service_").append(row % 37)
                    .append(',').append(row % 1000).append('.').append(row % 90 + 10).append('\n');
        }
        return rows.toString().getBytes(StandardCharsets.UTF_8);
    }

    String url() {
        return "http://" + ServerProcess.HOST + ":" + server.getAddress().getPort();
    }

    /** Makes each object look as if it had been written anew. */
    void change() {
        int unused = version.incrementAndGet();
    }

    /** Whole blocks. */
    private static long size(long atLeast) {
        return HEADER.length + (atLeast - HEADER.length + BLOCK.length - 1) / BLOCK.length * BLOCK.length;
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            Long atLeast = sizes.get(exchange.getRequestURI().getPath());
            if (atLeast == null) {
                exchange.sendResponseHeaders(NOT_FOUND, -1);
                return;
            }
            long size = size(atLeast);
            exchange.getResponseHeaders().set("ETag", "\"generated-" + size + "-" + version + "\"");
            exchange.getResponseHeaders().set("Last-Modified", "Sat, 01 Nov 2025 00:00:00 GMT");
            Matcher range = RANGE.matcher(String.valueOf(exchange.getRequestHeaders().getFirst("Range")));
            if (exchange.getRequestMethod().equals("HEAD")) {
                exchange.getResponseHeaders().set("Content-Length", Long.toString(size));
                exchange.sendResponseHeaders(OK, -1);
                return;
            }
            boolean partial = range.matches();
            long first = partial ? Long.parseLong(range.group(1)) : 0;
            long last = partial ? Math.min(size - 1, Long.parseLong(range.group(2))) : size - 1;
            if (partial) {
                exchange.getResponseHeaders().set("Content-Range", "bytes " + first + "-" + last + "/" + size);
            }
            exchange.sendResponseHeaders(partial ? PARTIAL : OK, last - first + 1);
            write(exchange.getResponseBody(), first, last + 1);
        }
    }

    private static void write(OutputStream out, long from, long to) throws IOException {
        for (long position = from; position < to;) {
            byte[] source = position < HEADER.length ? HEADER : BLOCK;
            int offset = (int) (position < HEADER.length ? position : (position - HEADER.length) % BLOCK.length);
            int count = (int) Math.min(source.length - offset, to - position);
            out.write(source, offset, count);
            position += count;
        }
    }

    @Override
    public void close() {
        server.stop(0);
        threads.close();
    }
}
