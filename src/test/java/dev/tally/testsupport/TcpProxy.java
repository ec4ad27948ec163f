package dev.tally.testsupport;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Stands before a server of any protocol, and does to its connections what networks do. */
public final class TcpProxy implements AutoCloseable {
    private static final int BUFFER_BYTES = 8_192;
    private static final int BACKLOG = 100;

    private final InetSocketAddress target;
    private final ServerSocket server;
    private final Set<Link> links = ConcurrentHashMap.newKeySet();
    private final AtomicInteger harmed = new AtomicInteger();
    private final Object turn = new Object();
    private LinkFault fault = LinkFault.NONE;

    private TcpProxy(InetSocketAddress target) throws IOException {
        this.target = target;
        this.server = new ServerSocket(0, BACKLOG, InetAddress.getLoopbackAddress());
        Thread unused = Thread.ofVirtual().name("tcp-proxy").start(this::accept);
    }

    /** Starts one on a free port. */
    public static TcpProxy before(String host, int port) {
        try {
            return new TcpProxy(new InetSocketAddress(host, port));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public int port() {
        return server.getLocalPort();
    }

    /** From now on. */
    public void suffer(LinkFault newFault) {
        synchronized (turn) {
            fault = newFault;
            if (!newFault.equals(LinkFault.NONE)) {
                harmed.set(0);
            }
            turn.notifyAll();
        }
        links.forEach(Link::begin);
        if (newFault.kind() == LinkFault.Kind.REFUSE) {
            links.forEach(Link::reset);
        }
    }

    /** Lets everything pass again. */
    public void recover() {
        synchronized (turn) {
            if (fault.kind() == LinkFault.Kind.HALF_OPEN) {
                links.forEach(Link::forget);
            }
        }
        suffer(LinkFault.NONE);
    }

    /** Ends all connections that there are. */
    public void cut() {
        links.forEach(Link::end);
    }

    /** How many connections there are. */
    public int open() {
        return links.size();
    }

    /** How many pieces of data or connections a fault has held, slowed or broken since the last one began. */
    public int harmed() {
        return harmed.get();
    }

    private LinkFault fault() {
        synchronized (turn) {
            return fault;
        }
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                Socket client = server.accept();
                if (fault().kind() == LinkFault.Kind.REFUSE) {
                    int unused = harmed.incrementAndGet();
                    client.setSoLinger(true, 0);
                    client.close();
                } else {
                    Thread unused = Thread.ofVirtual().name("tcp-proxy").start(() -> connect(client));
                }
            } catch (IOException e) {
                // It was closed, or one client is gone: the others are served.
            }
        }
    }

    private void connect(Socket client) {
        try {
            Link link = new Link(client, new Socket(target.getHostString(), target.getPort()));
            links.add(link);
            link.start();
        } catch (IOException e) {
            // Nobody is there, as the client sees by this.
            close(client);
        }
    }

    private static void close(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A client's connection, and that of its own to the server. */
    private final class Link {
        private final Socket client;
        private final Socket behind;
        private final AtomicInteger answered = new AtomicInteger();
        private boolean forgotten;

        Link(Socket client, Socket behind) throws SocketException {
            this.client = client;
            this.behind = behind;
            client.setTcpNoDelay(true);
            behind.setTcpNoDelay(true);
        }

        void start() {
            Thread unused = Thread.ofVirtual().name("tcp-proxy-to").start(() -> pass(client, behind, false));
            unused = Thread.ofVirtual().name("tcp-proxy-from").start(() -> pass(behind, client, true));
        }

        void begin() {
            answered.set(0);
        }

        void forget() {
            synchronized (turn) {
                forgotten = true;
            }
        }

        void end() {
            close(client);
            close(behind);
            links.remove(this);
        }

        void reset() {
            try {
                client.setSoLinger(true, 0);
            } catch (SocketException e) {
                // It is closed already.
            }
            end();
        }

        private void pass(Socket from, Socket to, boolean isAnswer) {
            try {
                copy(from.getInputStream(), to.getOutputStream(), isAnswer);
            } catch (IOException e) {
                // One end is gone; so is the other then.
            } finally {
                end();
            }
        }

        private void copy(InputStream from, OutputStream to, boolean isAnswer) throws IOException {
            byte[] buffer = new byte[BUFFER_BYTES];
            for (int read = from.read(buffer); read >= 0; read = from.read(buffer)) {
                int sent = 0;
                while (sent < read) {
                    int now = piece(read - sent, isAnswer);
                    to.write(buffer, sent, now);
                    sent += now;
                }
            }
            // Who cannot be heard cannot hang up either.
            int unused = piece(1, isAnswer);
        }

        /** Waits as the fault of the moment says, and gives how many of so many bytes may pass then, at least one. */
        private int piece(int length, boolean isAnswer) throws IOException {
            synchronized (turn) {
                LinkFault now = fault;
                if (now.kind() == LinkFault.Kind.SLOW) {
                    rest(now);
                }
                while (fault.kind() == LinkFault.Kind.SILENCE || fault.kind() == LinkFault.Kind.HALF_OPEN) {
                    rest(fault);
                }
                if (forgotten) {
                    reset();
                    throw new SocketException("Nobody knows this connection any more");
                }
                return switch (fault.kind()) {
                    case SLOW -> fault.bytes() == 0 ? length : Math.min(length, fault.bytes());
                    case CUT, RESET -> isAnswer ? untilItBreaks(length) : length;
                    default -> length;
                };
            }
        }

        private int untilItBreaks(int length) throws IOException {
            int left = fault.bytes() - answered.get();
            if (left <= 0) {
                int unused = harmed.incrementAndGet();
                if (fault.kind() == LinkFault.Kind.RESET) {
                    reset();
                }
                throw new SocketException("It breaks here");
            }
            int now = Math.min(length, left);
            answered.addAndGet(now);
            return now;
        }

        private void rest(LinkFault during) throws IOException {
            int unused = harmed.incrementAndGet();
            long end = System.nanoTime() + during.pause().toNanos();
            boolean forEver = during.pause().isZero();
            try {
                while (fault.equals(during) && (forEver || end > System.nanoTime())) {
                    TimeUnit.NANOSECONDS.timedWait(turn,
                            forEver ? Long.MAX_VALUE : Math.max(1, end - System.nanoTime()));
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IOException(e);
            }
        }
    }

    @Override
    public void close() {
        try {
            server.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        recover();
        cut();
    }
}
