package dev.tally.bench;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** Runs the benchmark that is named, or all of them, and prints what they found. */
public final class Bench {
    private static final String ALL = "all";
    private static final Map<String, Benchmark> BENCHMARKS = new LinkedHashMap<>();

    static {
        BENCHMARKS.put("load", LoadBench::run);
        BENCHMARKS.put("daily", DailyBench::run);
        BENCHMARKS.put("cpu", CpuBench::run);
        BENCHMARKS.put("growth", GrowthBench::run);
        BENCHMARKS.put("exports", ExportBench::run);
        BENCHMARKS.put("xlsx", XlsxWriters::run);
        BENCHMARKS.put("imports", ImportBench::run);
        BENCHMARKS.put("interactions", InteractionsBench::run);
        BENCHMARKS.put("report-stream", ReportStreamBench::run);
        BENCHMARKS.put("report-polls", ReportPollsBench::run);
        BENCHMARKS.put("report-kills", ReportKillsBench::run);
        BENCHMARKS.put("scan", ScanBench::run);
        BENCHMARKS.put("scan-http", ScanHttpBench::run);
        BENCHMARKS.put("figures-memory", FiguresBench::memory);
        BENCHMARKS.put("figures-cached", FiguresBench::cached);
        BENCHMARKS.put("charging", ChargingBench::run);
        BENCHMARKS.put("records", RecordsBench::run);
        BENCHMARKS.put("coldstart", ColdStartBench::run);
        BENCHMARKS.put("native", NativeBench::run);
        BENCHMARKS.put("concurrency", ConcurrencyBench::run);
    }

    private Bench() {}

    /**
     * One benchmark. It finds the packaged application in the build directory, and may write to
     * {@link ServerProcess#directory} of it.
     */
    @FunctionalInterface
    interface Benchmark {
        ResultTable run(Path buildDirectory, Postgres postgres, Sizes sizes) throws Exception;
    }

    /** Takes the name of a benchmark and the build directory. */
    public static void main(String[] arguments) throws Exception {
        String name = arguments[0];
        if (!name.equals(ALL) && !BENCHMARKS.containsKey(name)) {
            throw new IllegalArgumentException("No benchmark " + name + "; there are " + BENCHMARKS.keySet());
        }
        Programs.require();
        Path buildDirectory = Path.of(arguments[1]);
        Postgres postgres = Postgres.start(ServerProcess.directory(buildDirectory));
        System.out.println("\n" + Machine.describe(postgres.version()));
        for (Map.Entry<String, Benchmark> each : BENCHMARKS.entrySet()) {
            if (name.equals(ALL) || name.equals(each.getKey())) {
                ResultTable results = each.getValue().run(buildDirectory, postgres, Sizes.ofProperties());
                System.out.println("\n### " + each.getKey() + "\n\n" + results.markdown());
            }
        }
    }
}
