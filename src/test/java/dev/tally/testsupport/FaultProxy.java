package dev.tally.testsupport;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;

import org.jspecify.annotations.Nullable;

/**
 * Stands on this machine before an HTTP server, passes requests on as they are, and breaks the answers that it is told to.
 * It remembers what was asked. Requests may have a body of a known length; answers any.
 */
public final class FaultProxy implements AutoCloseable {
    private static final int HEAD_END = 0x0D0A0D0A;
    private static final int HEX = 16;

    private final InetSocketAddress target;
    private final boolean remembers;
    private final ServerSocket server;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final List<Request> requests = new CopyOnWriteArrayList<>();
    private final List<Planned> planned = new CopyOnWriteArrayList<>();
    private final AtomicInteger refused = new AtomicInteger();
    private final AtomicInteger accepted = new AtomicInteger();
    /** Since it was reset: what hung before may hang for ever. */
    private volatile AtomicInteger answering = new AtomicInteger();
    private final AtomicInteger mostAnswering = new AtomicInteger();

    private FaultProxy(InetSocketAddress target, boolean remembers) throws IOException {
        this.target = target;
        this.remembers = remembers;
        this.server = new ServerSocket(0, 100, InetAddress.getLoopbackAddress());
        Thread unused = Thread.ofVirtual().name("fault-proxy").start(this::accept);
    }

    /** Starts one on a free port. */
    public static FaultProxy before(URI target) {
        return before(target, true);
    }

    /** Starts one that does not remember what was asked, for very many requests. */
    public static FaultProxy forgetful(URI target) {
        return before(target, false);
    }

    private static FaultProxy before(URI target, boolean remembers) {
        try {
            return new FaultProxy(new InetSocketAddress(target.getHost(), target.getPort()), remembers);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Where it is. */
    public URI uri() {
        return URI.create("http://127.0.0.1:" + server.getLocalPort());
    }

    /** Breaks the next answers, so many, to requests of this kind. Of several faults for a request the first one is taken. */
    public void plan(int times, Predicate<Request> which, Fault fault) {
        planned.add(new Planned(new AtomicInteger(times), which, fault));
    }

    /** Breaks the next answer to a GET of a range. */
    public void planNext(Fault fault) {
        plan(1, request -> !request.range().isEmpty(), fault);
    }

    /** Closes the next connections as soon as they are there. */
    public void refuse(int connections) {
        refused.set(connections);
    }

    /** In the order in which they came. */
    public List<Request> requests() {
        return List.copyOf(requests);
    }

    /** How many connections there have been. */
    public int connections() {
        return accepted.get();
    }

    /** How many connections there are. */
    public int openConnections() {
        return open.size();
    }

    /** How many requests there have been at once. */
    public int mostAtOnce() {
        return mostAnswering.get();
    }

    /** Forgets what was asked, and what it was told to do. */
    public void reset() {
        requests.clear();
        planned.clear();
        refused.set(0);
        accepted.set(0);
        answering = new AtomicInteger();
        mostAnswering.set(0);
    }

    @Override
    public void close() throws IOException {
        server.close();
        for (Socket socket : open) {
            socket.close();
        }
    }

    /**
     * What was asked.
     *
     * @param line such as {@code GET /bucket/key HTTP/1.1}
     * @param range without {@code bytes=}; empty when there is none
     */
    public record Request(String line, String range, String ifMatch) {
        static Request of(String head) {
            return new Request(head.substring(0, head.indexOf('\r')),
                    header(head, "range").replace("bytes=", ""), header(head, "if-match"));
        }

        public boolean is(String method) {
            return line.startsWith(method + " ");
        }
    }

    private record Planned(AtomicInteger left, Predicate<Request> which, Fault fault) {
        boolean takes(Request request) {
            return which.test(request) && left.getAndUpdate(it -> Math.max(0, it - 1)) > 0;
        }
    }

    /** Counts a request until its last bytes are sent: who has them may ask again at once. */
    private final class Answering implements AutoCloseable {
        private final AtomicInteger counted = answering;
        private boolean ended;

        Answering() {
            int atOnce = counted.incrementAndGet();
            mostAnswering.accumulateAndGet(atOnce, Math::max);
        }

        @Override
        public void close() {
            if (!ended) {
                ended = true;
                counted.decrementAndGet();
            }
        }
    }

    private void accept() {
        try {
            while (true) {
                Socket socket = server.accept();
                int unused = accepted.incrementAndGet();
                if (refused.getAndUpdate(it -> Math.max(0, it - 1)) > 0) {
                    socket.close();
                } else {
                    open.add(socket);
                    Thread unusedThread = Thread.ofVirtual().name("fault-proxy-connection").start(() -> serve(socket));
                }
            }
        } catch (IOException e) {
            // Closed.
        }
    }

    private void serve(Socket client) {
        try (client; Socket server = new Socket(target.getAddress(), target.getPort())) {
            InputStream asked = new BufferedInputStream(client.getInputStream());
            InputStream answers = new BufferedInputStream(server.getInputStream());
            boolean goesOn = true;
            while (goesOn) {
                String head = head(asked);
                Request request = Request.of(head);
                if (remembers) {
                    requests.add(request);
                }
                Fault fault = planned.stream().filter(it -> it.takes(request)).map(Planned::fault).findFirst()
                        .orElse(null);
                try (Answering answer = new Answering()) {
                    goesOn = exchange(request, head, fault, asked, answers, client, server.getOutputStream(), answer);
                }
            }
        } catch (IOException e) {
            // One of the two has gone, or a fault was to end it.
        } finally {
            open.remove(client);
        }
    }

    private static boolean exchange(Request request, String head, @Nullable Fault fault, InputStream asked,
            InputStream answers, Socket client, OutputStream server, Answering answering) throws IOException {
        if (fault != null && fault.kind() == Fault.Kind.ANSWER) {
            client.getOutputStream().write(fault.bytes());
            return false;
        }
        if (fault != null) {
            fault.action().run();
        }
        server.write(head.getBytes(StandardCharsets.ISO_8859_1));
        copy(asked, server, length(head).orElse(0), () -> {});
        server.flush();
        FaultyOutput out = new FaultyOutput(client, fault);
        String answer = head(answers);
        out.write(answer.getBytes(StandardCharsets.ISO_8859_1));
        out.bodyBegins();
        body(request, answer, answers, out, answering);
        return !header(answer, "connection").equalsIgnoreCase("close");
    }

    private static void body(Request request, String head, InputStream answers, OutputStream out, Answering answering)
            throws IOException {
        int status = Integer.parseInt(head.substring(9, 12));
        if (request.is("HEAD") || status == 204 || status == 304) {
            return;
        }
        if (header(head, "transfer-encoding").equalsIgnoreCase("chunked")) {
            int size;
            do {
                String line = line(answers);
                size = Integer.parseInt(line.strip(), HEX);
                out.write(line.getBytes(StandardCharsets.ISO_8859_1));
                copy(answers, out, size + 2L, () -> {});
            } while (size > 0);
        } else {
            copy(answers, out, length(head).orElse(Long.MAX_VALUE), answering::close);
        }
    }

    private static void copy(InputStream in, OutputStream out, long length, Runnable beforeLast) throws IOException {
        byte[] buffer = new byte[8192];
        long left = length;
        while (left > 0) {
            int read = in.read(buffer, 0, (int) Math.min(buffer.length, left));
            if (read < 0) {
                throw new EOFException();
            }
            left -= read;
            if (left == 0) {
                beforeLast.run();
            }
            out.write(buffer, 0, read);
        }
    }

    private static OptionalLong length(String head) {
        String length = header(head, "content-length");
        return length.isEmpty() ? OptionalLong.empty() : OptionalLong.of(Long.parseLong(length));
    }

    private static String header(String head, String name) {
        return head.lines().filter(line -> line.toLowerCase(Locale.ROOT).startsWith(name + ":"))
                .map(line -> line.substring(name.length() + 1).strip()).findFirst().orElse("");
    }

    private static String head(InputStream in) throws IOException {
        return until(in, HEAD_END, -1);
    }

    private static String line(InputStream in) throws IOException {
        return until(in, HEAD_END & 0xFFFF, 0xFFFF);
    }

    private static String until(InputStream in, int end, int mask) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        int last = 0;
        while ((last & mask) != end) {
            int next = in.read();
            if (next < 0) {
                throw new EOFException();
            }
            bytes.write(next);
            last = last << 8 | next;
        }
        return bytes.toString(StandardCharsets.ISO_8859_1);
    }
}
