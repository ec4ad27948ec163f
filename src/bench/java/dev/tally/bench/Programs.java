package dev.tally.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.LongStream;
import java.util.stream.Stream;

import dev.tally.calls.DailySql;
import dev.tally.local.LocalPostgres;

/** PostgreSQL's own client programs, psql and pgbench, from the path. */
final class Programs {
    private static final int LATENCY_FIELD = 2;
    private static final Pattern TRANSACTIONS = Pattern.compile("tps = ([0-9.]+)");

    private Programs() {}

    /** Says what to install when they are missing. */
    static void require() throws InterruptedException {
        for (String program : List.of("psql", "pgbench")) {
            try {
                new ProcessBuilder(program, "--version").redirectOutput(ProcessBuilder.Redirect.DISCARD).start()
                        .waitFor();
            } catch (IOException e) {
                throw new IllegalStateException("The benchmarks need " + program + " of PostgreSQL 15 or later on the"
                        + " path (Debian: postgresql-client and postgresql-contrib).", e);
            }
        }
    }

    /** Loads a file that has a header row; gives the nanoseconds. */
    static long copy(Postgres.Database database, Path directory, String file) throws IOException, InterruptedException {
        long start = System.nanoTime();
        run(directory, "psql", "-X", "-q", "-v", "ON_ERROR_STOP=1", "-h", ServerProcess.HOST,
                "-p", String.valueOf(database.port()), "-U", LocalPostgres.USER, "-d", database.name(), "-c",
                "\\copy cdr_data.voice_cdr (" + Cdrs.COLUMNS + ") FROM '" + file
                        + "' WITH (FORMAT csv, HEADER)");
        return System.nanoTime() - start;
    }

    /** Asks for the days of subscribers chosen at random, by the application's own SQL, prepared. */
    static Latencies ask(Path directory, Postgres.Database database, Cdrs cdrs, int clients, int seconds)
            throws IOException, InterruptedException {
        Path logs = Files.createDirectories(directory.resolve("pgbench"));
        try (Stream<Path> old = Files.list(logs)) {
            for (Path file : old.toList()) {
                Files.delete(file);
            }
        }
        Files.writeString(logs.resolve("daily.sql"), "\\set msisdn random(" + Cdrs.FIRST_MSISDN + ", "
                + (Cdrs.FIRST_MSISDN + cdrs.subscribers() - 1) + ")\n"
                + DailySql.withParameters(List.of(":first_day", ":last_day", ":msisdn")) + ";\n");
        long start = System.nanoTime();
        run(logs, "pgbench", "-n", "-M", "prepared", "-c", String.valueOf(clients), "-j", String.valueOf(clients), "-T",
                String.valueOf(seconds), "-f", "daily.sql", "-D", "first_day=" + Cdrs.FIRST_DAY, "-D",
                "last_day=" + cdrs.lastDay(), "-l", "--log-prefix=latency", "-h", ServerProcess.HOST, "-p",
                String.valueOf(database.port()), "-U", LocalPostgres.USER, database.name());
        double took = (System.nanoTime() - start) / 1e9;
        try (Stream<Path> files = Files.list(logs)) {
            return new Latencies(files.filter(file -> file.toString().contains("latency"))
                    .flatMapToLong(Programs::latencies).toArray(), took);
        }
    }

    /** Runs a script of pgbench, prepared; gives how many times in a second. */
    static double transactions(Path directory, Postgres.Database database, String script, int clients, int seconds)
            throws IOException, InterruptedException {
        Path logs = Files.createDirectories(directory.resolve("pgbench"));
        Files.writeString(logs.resolve("script.sql"), script);
        String printed = run(logs, "pgbench", "-n", "-M", "prepared", "-c", String.valueOf(clients), "-j", "2", "-T",
                String.valueOf(seconds), "-f", "script.sql", "-h", ServerProcess.HOST, "-p",
                String.valueOf(database.port()), "-U", LocalPostgres.USER, database.name());
        Matcher rate = TRANSACTIONS.matcher(printed);
        if (!rate.find()) {
            throw new IOException("pgbench said no rate: " + printed);
        }
        return Double.parseDouble(rate.group(1));
    }

    private static LongStream latencies(Path log) {
        try {
            return Files.readAllLines(log).stream()
                    .mapToLong(line -> Long.parseLong(line.split(" ", -1)[LATENCY_FIELD]) * 1000);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String run(Path directory, String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(new ArrayList<>(Arrays.asList(command))).directory(directory.toFile())
                .redirectErrorStream(true).start();
        String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IOException(command[0] + " failed: " + printed);
        }
        return printed;
    }
}
