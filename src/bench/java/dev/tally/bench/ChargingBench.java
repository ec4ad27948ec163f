package dev.tally.bench;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

import dev.tally.credits.ChargingLoop;
import dev.tally.local.LocalPostgres;

/**
 * Durable charges, each with its ledger entry, usage log and Idempotency-Key, through the application's own classes; against
 * pgbench with the bare update of a balance, by as many clients.
 */
final class ChargingBench {
    private static final int ACCOUNTS = 10_000;
    private static final int[] CLIENTS = {8, 32, 128};

    private ChargingBench() {}

    static ResultTable run(Path buildDirectory, Postgres postgres, Sizes sizes) throws Exception {
        Path directory = ServerProcess.directory(buildDirectory);
        ResultTable table = new ResultTable("accounts", "clients", "charged/s", "charged and settled/s",
                "pgbench, bare update/s", "**charges ÷ pgbench**", "charged and settled ÷ pgbench");
        for (int accounts : new int[]{ACCOUNTS, 1}) {
            for (int clients : CLIENTS) {
                List<double[]> rounds = new ArrayList<>();
                for (int round = 0; round < sizes.rounds(); round++) {
                    rounds.add(new double[]{ours(postgres, accounts, clients, sizes.seconds(), false),
                            ours(postgres, accounts, clients, sizes.seconds(), true),
                            bare(directory, postgres, accounts, clients, sizes.seconds())});
                }
                addRow(table, accounts, clients, rounds);
            }
        }
        table.note("Medians of " + sizes.rounds() + " rounds of " + sizes.seconds() + " s, and their range.");
        return table;
    }

    private static void addRow(ResultTable table, int accounts, int clients, List<double[]> rounds) {
        table.add(accounts, clients, figure("%,.0f", rounds.stream().mapToDouble(it -> it[0]).toArray()),
                figure("%,.0f", rounds.stream().mapToDouble(it -> it[1]).toArray()),
                figure("%,.0f", rounds.stream().mapToDouble(it -> it[2]).toArray()),
                figure("%.2f", rounds.stream().mapToDouble(it -> it[0] / it[2]).toArray()),
                figure("%.2f", rounds.stream().mapToDouble(it -> it[1] / it[2]).toArray()));
    }

    private static String figure(String format, double[] values) {
        double[] sorted = values.clone();
        java.util.Arrays.sort(sorted);
        return String.format(Locale.ROOT, format + " (" + format + "–" + format + ")", sorted[sorted.length / 2],
                sorted[0], sorted[sorted.length - 1]);
    }

    private static double ours(Postgres postgres, int accounts, int clients, int seconds, boolean settled)
            throws Exception {
        Postgres.Database database = postgres.fresh("charging");
        open(database, accounts);
        double perSecond = ChargingLoop.run(database.url(), LocalPostgres.USER, accounts, clients, seconds, settled);
        if (!database.query("SELECT count(*) FROM ledger.differences").equals("0")) {
            throw new IllegalStateException("The books are wrong");
        }
        return perSecond;
    }

    private static double bare(Path directory, Postgres postgres, int accounts, int clients, int seconds)
            throws Exception {
        Postgres.Database database = postgres.fresh("charging_bare");
        // The same row without what keeps the books.
        database.execute("CREATE TABLE bare (id bigint PRIMARY KEY, balance bigint NOT NULL CHECK (balance >= 0))"
                + " WITH (fillfactor = 50, autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_cost_delay = 0)");
        database.execute("INSERT INTO bare SELECT id, 1000000000 FROM generate_series(1, " + accounts + ") AS id");
        database.execute("VACUUM ANALYZE");
        return Programs.transactions(directory, database, "\\set id random(1, " + accounts + ")\n"
                + "UPDATE bare SET balance = balance - 1 WHERE id = :id;\n", clients, seconds);
    }

    private static void open(Postgres.Database database, int accounts) throws Exception {
        database.execute("INSERT INTO public.users (id, name, email) SELECT id, 'Bench', id || '@example.com'"
                + " FROM generate_series(1, " + accounts + ") AS id");
        database.execute("INSERT INTO public.credits (user_id, credits_balance) SELECT id, 1000000000"
                + " FROM generate_series(1, " + accounts + ") AS id");
        database.execute("VACUUM ANALYZE");
    }
}
