package dev.tally.credits;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicReference;

import javax.sql.DataSource;

import org.postgresql.ds.PGSimpleDataSource;

import dev.tally.local.LocalPostgres;

/** Stands before a PostgreSQL, and cuts the connection that sends a statement: before the server has it, or after its answer. */
final class CutConnection implements AutoCloseable {
    private final URI target;
    private final ServerSocket server;
    /** In the order in which they are to happen. */
    private final Queue<Plan> plans = new ConcurrentLinkedQueue<>();

    /** @param jdbcUrl of the database */
    CutConnection(String jdbcUrl) throws IOException {
        this.target = URI.create(jdbcUrl.substring("jdbc:".length()));
        this.server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Thread unused = Thread.ofVirtual().start(this::accept);
    }

    private record Plan(String text, boolean answered) {
        static final Plan NONE = new Plan("", false);

        boolean takes(String sent) {
            return !text.isEmpty() && sent.contains(text);
        }
    }

    /** A new connection each time. */
    DataSource database() {
        PGSimpleDataSource database = new PGSimpleDataSource();
        database.setUrl("jdbc:postgresql://127.0.0.1:" + server.getLocalPort() + target.getPath());
        database.setUser(LocalPostgres.USER);
        return database;
    }

    /** The next statement with this text does not reach the server. */
    void cutBefore(String text) {
        plans.add(new Plan(text, false));
    }

    /** The next statement with this text is done, and its answer lost. */
    void cutAfter(String text) {
        plans.add(new Plan(text, true));
    }

    @Override
    public void close() throws IOException {
        server.close();
    }

    private void accept() {
        try {
            while (true) {
                Socket client = server.accept();
                Thread unused = Thread.ofVirtual().start(() -> serve(client));
            }
        } catch (IOException e) {
            // Closed.
        }
    }

    private void serve(Socket client) {
        try (client; Socket database = new Socket(target.getHost(), target.getPort())) {
            AtomicReference<Plan> cut = new AtomicReference<>(Plan.NONE);
            Thread answers = Thread.ofVirtual().start(() -> copyAnswers(database, client, cut));
            InputStream in = client.getInputStream();
            byte[] buffer = new byte[65_536];
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                byte[] sent = Arrays.copyOf(buffer, read);
                Plan now = plans.peek();
                if (now != null && now.takes(new String(sent, StandardCharsets.ISO_8859_1)) && plans.remove(now)) {
                    if (!now.answered()) {
                        return;
                    }
                    cut.set(now);
                }
                database.getOutputStream().write(sent);
            }
            database.shutdownOutput();
            answers.join();
        } catch (IOException | InterruptedException e) {
            // One of the two has gone, or was cut off.
        }
    }

    private static void copyAnswers(Socket database, Socket client, AtomicReference<Plan> cut) {
        try {
            InputStream in = database.getInputStream();
            OutputStream out = client.getOutputStream();
            byte[] buffer = new byte[65_536];
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                if (cut.get().answered()) {
                    client.close();
                    return;
                }
                out.write(buffer, 0, read);
            }
        } catch (IOException e) {
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
}
