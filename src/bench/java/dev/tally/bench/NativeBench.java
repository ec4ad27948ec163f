package dev.tally.bench;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import java.util.zip.GZIPOutputStream;

/** What each form of the application costs when it is warm, where the binary does not shine; and how large that is. */
final class NativeBench {
    private static final double MEBIBYTE = 1 << 20;

    private NativeBench() {}

    static ResultTable run(Path buildDirectory, Postgres postgres, Sizes sizes) throws Exception {
        Cdrs cdrs = Cdrs.ofNinetyDays(sizes.cdrs(), DailyBench.CDRS_A_SUBSCRIBER);
        Postgres.Database database = postgres.holding(cdrs);
        Map<Packaging, ServerProcess> servers = new EnumMap<>(Packaging.class);
        Map<Packaging, Samples> all = new EnumMap<>(Packaging.class);
        try {
            for (Packaging packaging : Packaging.values()) {
                ServerProcess server = ServerProcess.application(packaging, buildDirectory, database,
                        DailyBench.OPTIONS);
                servers.put(packaging, server);
                ClosedLoop.warmUp(server, cdrs);
            }
            for (int round = 0; round < sizes.rounds(); round++) {
                for (Map.Entry<Packaging, ServerProcess> each : servers.entrySet()) {
                    all.computeIfAbsent(each.getKey(), unused -> new Samples())
                            .add(CpuBench.requestsPerCpuSecond(each.getValue(), cdrs, sizes));
                }
            }
        } finally {
            servers.values().forEach(ServerProcess::close);
        }
        ResultTable results = new ResultTable("", "requests per second of processor time: median (range)",
                "÷ fast-jar");
        double ofJar = Objects.requireNonNull(all.get(Packaging.FAST_JAR)).median();
        all.forEach((packaging, samples) -> results.add(packaging.words(), samples.text(0),
                String.format(Locale.ROOT, "**%.2f**", samples.median() / ofJar)));
        DailyBench.note(results, cdrs);
        Path binary = Packaging.NATIVE.find(buildDirectory);
        results.note(String.format(Locale.ROOT, "The binary has %.1f MiB, %.1f MiB with gzip.",
                Files.size(binary) / MEBIBYTE, compressedBytes(binary) / MEBIBYTE));
        return results;
    }

    private static long compressedBytes(Path file) throws IOException {
        AtomicLong bytes = new AtomicLong();
        OutputStream counter = new OutputStream() {
            @Override
            public void write(int b) {
                bytes.incrementAndGet();
            }

            @Override
            public void write(byte[] buffer, int offset, int length) {
                bytes.addAndGet(length);
            }
        };
        try (OutputStream gzip = new GZIPOutputStream(counter)) {
            Files.copy(file, gzip);
        }
        return bytes.get();
    }
}
