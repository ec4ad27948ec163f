package dev.tally.bench;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicLong;
import java.util.zip.GZIPOutputStream;

/** What the native binary costs where it does not shine: when it is warm; and how large it is. */
final class NativeBench {
    private static final double MEBIBYTE = 1 << 20;

    private NativeBench() {}

    static ResultTable run(Path buildDirectory, Postgres postgres, Sizes sizes) throws Exception {
        Cdrs cdrs = Cdrs.ofNinetyDays(sizes.cdrs(), DailyBench.CDRS_A_SUBSCRIBER);
        Postgres.Database database = postgres.holding(cdrs);
        Samples ofJar = new Samples();
        Samples ofNative = new Samples();
        Samples ratio = new Samples();
        try (ServerProcess jar = ServerProcess.application(buildDirectory, database, DailyBench.OPTIONS);
                ServerProcess binary = ServerProcess.application(Packaging.NATIVE, buildDirectory, database,
                        DailyBench.OPTIONS)) {
            ClosedLoop.warmUp(jar, cdrs);
            ClosedLoop.warmUp(binary, cdrs);
            for (int round = 0; round < sizes.rounds(); round++) {
                double jar1 = CpuBench.requestsPerCpuSecond(jar, cdrs, sizes);
                double native1 = CpuBench.requestsPerCpuSecond(binary, cdrs, sizes);
                ofJar.add(jar1);
                ofNative.add(native1);
                ratio.add(native1 / jar1);
            }
        }
        ResultTable results = new ResultTable("", "requests per second of processor time: median (range)");
        results.add(Packaging.FAST_JAR.words(), ofJar.text(0));
        results.add(Packaging.NATIVE.words(), ofNative.text(0));
        results.add("**native ÷ fast-jar** (at least 0.6)", "**" + ratio.text(2) + "**");
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
