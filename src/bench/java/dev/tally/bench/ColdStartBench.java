package dev.tally.bench;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.concurrent.locks.LockSupport;

/**
 * From the start of the process to the last byte of the first answer: the days of one subscriber out of PostgreSQL, with
 * log-in. Started as the documents say, without options of the virtual machine. The forms of the application are started by turns, each time anew, with the files in the system's cache.
 */
final class ColdStartBench {
    private static final int STARTS_BEFORE = 2;
    /** Between two tries to connect: short against what is measured, and does not keep a processor from the server. */
    private static final long PAUSE_NANOS = 200_000;
    private static final String OK = "HTTP/1.1 200 ";

    private ColdStartBench() {}

    private record Start(double millis, double residentMebibytes) {}

    private static final class Starts {
        private final Samples millis = new Samples();
        private final Samples resident = new Samples();
    }

    static ResultTable run(Path buildDirectory, Postgres postgres, Sizes sizes) throws Exception {
        Cdrs cdrs = Cdrs.ofNinetyDays(sizes.cdrs(), DailyBench.CDRS_A_SUBSCRIBER);
        Postgres.Database database = postgres.holding(cdrs);
        Map<Packaging, Starts> all = new EnumMap<>(Packaging.class);
        SplittableRandom random = new SplittableRandom(1);
        for (int i = -STARTS_BEFORE; i < sizes.starts(); i++) {
            for (Packaging packaging : Packaging.values()) {
                Start start = start(packaging, buildDirectory, database, ClosedLoop.path(cdrs,
                        random.nextLong(cdrs.subscribers())));
                if (i >= 0) {
                    Starts starts = all.computeIfAbsent(packaging, unused -> new Starts());
                    starts.millis.add(start.millis());
                    starts.resident.add(start.residentMebibytes());
                }
            }
        }
        return table(all, sizes);
    }

    private static ResultTable table(Map<Packaging, Starts> all, Sizes sizes) {
        ResultTable results = new ResultTable("", "first answer, ms: median (range)", "÷ fast-jar",
                "resident memory then, MiB", "÷ fast-jar");
        Starts jar = Objects.requireNonNull(all.get(Packaging.FAST_JAR));
        all.forEach((packaging, starts) -> results.add(packaging.words(), starts.millis.text(0),
                ratio(starts.millis, jar.millis), starts.resident.text(0), ratio(starts.resident, jar.resident)));
        results.note(sizes.starts() + " starts of each, by turns.");
        return results;
    }

    private static String ratio(Samples a, Samples b) {
        return String.format(Locale.ROOT, "**%.3f**", a.median() / b.median());
    }

    private static Start start(Packaging packaging, Path buildDirectory, Postgres.Database database, String path)
            throws IOException {
        try (ServerProcess server = ServerProcess.launch(packaging, buildDirectory, database, List.of())) {
            byte[] request = server.head(path).replace("\r\n\r\n", "\r\nConnection: close\r\n\r\n")
                    .getBytes(StandardCharsets.US_ASCII);
            String answer = "";
            while (answer.isEmpty()) {
                answer = ask(server, request);
                if (answer.isEmpty()) {
                    server.requireStarting();
                    LockSupport.parkNanos(PAUSE_NANOS);
                }
            }
            double millis = (System.nanoTime() - server.startedNanos()) / 1e6;
            if (!answer.startsWith(OK) || answer.contains("\"count\":0")) {
                throw new IOException("The first answer is not one: " + answer.lines().findFirst().orElse(""));
            }
            return new Start(millis, server.residentMebibytes());
        }
    }

    /** The whole answer, or nothing while nobody listens. */
    private static String ask(ServerProcess server, byte[] request) throws IOException {
        Socket socket;
        try {
            socket = new Socket(InetAddress.getLoopbackAddress(), server.port());
        } catch (IOException e) {
            return "";
        }
        try (socket; InputStream in = socket.getInputStream()) {
            socket.setTcpNoDelay(true);
            socket.getOutputStream().write(request);
            ByteArrayOutputStream answer = new ByteArrayOutputStream();
            in.transferTo(answer);
            return answer.toString(StandardCharsets.US_ASCII);
        }
    }
}
