package dev.tally.testsupport;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Stands before a server of any protocol, and can fall silent, as a network does that nobody hears of. */
public final class TcpProxy implements AutoCloseable {
    private static final int BUFFER_BYTES = 8_192;

    private final InetSocketAddress target;
    private final ServerSocket server;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final Object turn = new Object();
    private boolean silent;

    private TcpProxy(InetSocketAddress target) throws IOException {
        this.target = target;
        this.server = new ServerSocket(0, 100, InetAddress.getLoopbackAddress());
        Thread unused = Thread.ofPlatform().daemon().name("tcp-proxy").start(this::accept);
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

    /** From now on nothing passes, and no connection ends; new ones are taken, and hear nothing. */
    public void fallSilent() {
        synchronized (turn) {
            silent = true;
        }
    }

    /** Lets everything pass again, what has waited too. */
    public void speak() {
        synchronized (turn) {
            silent = false;
            turn.notifyAll();
        }
    }

    /** Ends all connections that there are. */
    public void cut() {
        open.forEach(TcpProxy::end);
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                Socket client = server.accept();
                Socket behind = new Socket(target.getHostString(), target.getPort());
                open.add(client);
                open.add(behind);
                pass(client, behind);
                pass(behind, client);
            } catch (IOException e) {
                // It was closed, or one client is gone: the others are served.
            }
        }
    }

    private void pass(Socket from, Socket to) {
        Thread unused = Thread.ofPlatform().daemon().name("tcp-proxy").start(() -> {
            try {
                copy(from.getInputStream(), to.getOutputStream());
            } catch (IOException e) {
                // One end is gone; so is the other then.
            } finally {
                end(from);
                end(to);
            }
        });
    }

    private void copy(InputStream from, OutputStream to) throws IOException {
        byte[] buffer = new byte[BUFFER_BYTES];
        for (int read = from.read(buffer); read >= 0; read = from.read(buffer)) {
            awaitTurn();
            to.write(buffer, 0, read);
        }
        awaitTurn();
    }

    private void awaitTurn() {
        synchronized (turn) {
            while (silent) {
                try {
                    turn.wait();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    return;
                }
            }
        }
    }

    private static void end(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        try {
            server.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        speak();
        cut();
    }
}
