package dev.tally.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;

import dev.tally.analytics.FileScan;
import dev.tally.analytics.ObjectScan;
import dev.tally.local.BucketAccess;
import dev.tally.local.LocalS3;

/**
 * Counts the rows of an object that comes from a real S3 server over HTTP, against what the slower of its two halves does
 * alone: the scanner over the same file, and the client that fetches the same parts and throws them away.
 */
final class ScanHttpBench {
    private static final int WARM_UP_ROUNDS = 2;
    private static final int MIN_ROUNDS = 10;
    private static final int THREADS = 2;
    private static final String BUCKET = "bench";
    private static final String KEY = "audits.csv";

    private ScanHttpBench() {}

    static ResultTable run(Path buildDirectory, Postgres unused, Sizes sizes) throws Exception {
        Path directory = ServerProcess.directory(buildDirectory).toAbsolutePath();
        long bytes = sizes.scanMegabytes() * 1_000_000L;
        Path file = AuditFiles.write(directory, "audits", bytes, 0);
        Samples scanner = new Samples();
        Samples client = new Samples();
        Samples both = new Samples();
        try (LocalS3 server = LocalS3.start(directory.resolve("s3"), 0)) {
            server.bucket(BUCKET).put(KEY, Files.readAllBytes(file));
            BucketAccess access = LocalS3.access(server.port(), BUCKET);
            try (ObjectScan scan = new ObjectScan(server.url(), access.accessKeyId(), access.secretAccessKey())) {
                Map<String, Long> expected = FileScan.count(file, AuditFiles.COLUMN, 1);
                for (int round = -WARM_UP_ROUNDS; round < Math.max(MIN_ROUNDS, sizes.rounds()); round++) {
                    double fileSeconds = seconds(() -> requireSame(expected, FileScan.count(file, AuditFiles.COLUMN,
                            THREADS)));
                    double clientSeconds = seconds(() -> scan.read(BUCKET, KEY, AuditFiles.COLUMN));
                    double bothSeconds = seconds(() -> requireSame(expected, scan.count(BUCKET, KEY,
                            AuditFiles.COLUMN)));
                    if (round >= 0) {
                        scanner.add(fileSeconds);
                        client.add(clientSeconds);
                        both.add(bothSeconds);
                    }
                }
            }
        }
        double gigabytes = Files.size(file) / 1e9;
        ResultTable results = new ResultTable("", "GB/s: median (range)");
        results.add("scanner alone, two threads, from the file", scanner.rate(gigabytes).text(2));
        results.add("AWS client alone, the same parts", client.rate(gigabytes).text(2));
        results.add("both: figures of the object", both.rate(gigabytes).text(2));
        results.add("**both ÷ the slower of the two alone** (at least 0.9)", String.format(Locale.ROOT, "**%.2f**",
                Math.max(scanner.median(), client.median()) / both.median()));
        results.note(sizes.scanMegabytes() + " MB; server, client and scanner share the two processors.");
        return results;
    }

    private interface Work {
        Object run() throws IOException;
    }

    private static double seconds(Work work) throws IOException {
        long begin = System.nanoTime();
        Object unused = work.run();
        return (System.nanoTime() - begin) / 1e9;
    }

    private static Map<String, Long> requireSame(Map<String, Long> expected, Map<String, Long> counts) {
        if (!counts.equals(expected)) {
            throw new IllegalStateException("Counted " + counts + ", not " + expected);
        }
        return counts;
    }
}
