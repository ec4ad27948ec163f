package dev.tally.bench;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;

/**
 * Clients that ask for one subscriber or customer after the other, chosen at random, each on a connection of its own and
 * one request at a time. They do as little as a client can, because they share the processors with the server.
 */
final class ClosedLoop {
    private static final int WARM_UP_REQUESTS = 100_000;
    private static final int WARM_UP_CLIENTS = 4;
    private static final int WARM_UP_SECONDS = 5;
    private static final int BUFFER_BYTES = 256 * 1024;
    private static final byte[] END_OF_HEAD = "\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
    private static final String OK = "HTTP/1.1 200 ";
    private static final String LENGTH = "\r\ncontent-length:";

    private ClosedLoop() {}

    /** What is asked next. */
    @FunctionalInterface
    interface Paths {
        String next(SplittableRandom random);
    }

    /** Asks for the daily usage of subscribers. */
    static Latencies run(ServerProcess server, Cdrs cdrs, int clients, int seconds) throws Exception {
        return run(server, random -> path(cdrs, random.nextLong(cdrs.subscribers())), clients, seconds);
    }

    static Latencies run(ServerProcess server, Paths paths, int clients, int seconds) throws Exception {
        long start = System.nanoTime();
        long end = start + seconds * 1_000_000_000L;
        try (ExecutorService threads = Executors.newFixedThreadPool(clients)) {
            List<Callable<long[]>> tasks = IntStream.range(0, clients)
                    .<Callable<long[]>>mapToObj(client -> () -> ask(server, paths, new SplittableRandom(client), end))
                    .toList();
            List<long[]> each = threads.invokeAll(tasks).stream().map(Future::resultNow).toList();
            return new Latencies(each.stream().flatMapToLong(Arrays::stream).toArray(),
                    (System.nanoTime() - start) / 1e9);
        }
    }

    /** Asks until the just-in-time compiler has had its fill, however slow the machine. */
    static void warmUp(ServerProcess server, Cdrs cdrs) throws Exception {
        warmUp(server, random -> path(cdrs, random.nextLong(cdrs.subscribers())));
    }

    static void warmUp(ServerProcess server, Paths paths) throws Exception {
        int asked = 0;
        while (asked < WARM_UP_REQUESTS) {
            asked += run(server, paths, WARM_UP_CLIENTS, WARM_UP_SECONDS).count();
        }
    }

    /** The path of a subscriber's daily usage over all days of these CDRs. */
    static String path(Cdrs cdrs, long subscriber) {
        return "/api/usage/" + (Cdrs.FIRST_MSISDN + subscriber) + "?start_date=" + Cdrs.FIRST_DAY + "&end_date="
                + cdrs.lastDay();
    }

    private static long[] ask(ServerProcess server, Paths paths, SplittableRandom random, long end) throws IOException {
        long[] nanos = new long[1024];
        int count = 0;
        byte[] buffer = new byte[BUFFER_BYTES];
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
            socket.setTcpNoDelay(true);
            while (System.nanoTime() < end) {
                byte[] request = server.head(paths.next(random))
                        .getBytes(StandardCharsets.US_ASCII);
                long start = System.nanoTime();
                socket.getOutputStream().write(request);
                readAnswer(socket.getInputStream(), buffer);
                if (count == nanos.length) {
                    nanos = Arrays.copyOf(nanos, 2 * count);
                }
                nanos[count++] = System.nanoTime() - start;
            }
        }
        return Arrays.copyOf(nanos, count);
    }

    private static void readAnswer(InputStream in, byte[] buffer) throws IOException {
        int length = 0;
        int body = -1;
        long expected = Long.MAX_VALUE;
        while (length < expected) {
            int count = in.read(buffer, length, buffer.length - length);
            if (count <= 0) {
                throw new IOException("An answer broke off, or has no length, or is longer than the client can take");
            }
            length += count;
            if (body < 0) {
                body = endOfHead(buffer, length);
                if (body >= 0) {
                    expected = body + contentLength(new String(buffer, 0, body, StandardCharsets.ISO_8859_1));
                }
            }
        }
    }

    private static int endOfHead(byte[] buffer, int length) {
        for (int i = 0; i + END_OF_HEAD.length <= length; i++) {
            if (Arrays.equals(buffer, i, i + END_OF_HEAD.length, END_OF_HEAD, 0, END_OF_HEAD.length)) {
                return i + END_OF_HEAD.length;
            }
        }
        return -1;
    }

    private static long contentLength(String head) throws IOException {
        int at = head.toLowerCase(Locale.ROOT).indexOf(LENGTH);
        if (!head.startsWith(OK) || at < 0) {
            throw new IOException("Not the answer that was expected: " + head);
        }
        int from = at + LENGTH.length();
        return Long.parseLong(head.substring(from, head.indexOf('\r', from)).strip());
    }
}
