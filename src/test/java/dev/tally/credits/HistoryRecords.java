package dev.tally.credits;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

import dev.tally.local.ClickHouseLibrary;
import dev.tally.local.LocalClickHouse;
import dev.tally.testsupport.Fault;
import dev.tally.testsupport.FaultProxy;

/** A real ClickHouse that fails now and then: with an error, with silence, with a connection that breaks. */
final class HistoryRecords implements AutoCloseable {
    private static final int ERROR_EVERY = 23;
    private static final int RESET_EVERY = 37;
    private static final int CUT_EVERY = 53;
    private static final int HANG_EVERY = 4_001;
    private static final int CUT_AFTER_BYTES = 100;

    private final LocalClickHouse server;
    private final FaultProxy proxy;
    private final AtomicInteger faults = new AtomicInteger();

    HistoryRecords() {
        Path library = ClickHouseLibrary.ofUser().find().library().orElseThrow();
        server = LocalClickHouse.start(library, Path.of("target", "history-clickhouse"), Optional.empty());
        proxy = FaultProxy.forgetful(URI.create(server.url()));
    }

    Map<String, String> environment() {
        return Map.of("CLICKHOUSE_HOST", "127.0.0.1", "CLICKHOUSE_PORT", Integer.toString(proxy.uri().getPort()),
                "CLICKHOUSE_SECURE", "false",
                "CLICKHOUSE_USER", LocalClickHouse.USER, "CLICKHOUSE_PASSWORD", server.password(),
                "CLICKHOUSE_DATABASE", "tally",
                "TALLY_RECORDS_QUERY_MAX_SECONDS", "2");
    }

    /** From now on. */
    void misbehave() {
        plan(ERROR_EVERY, Fault.status(500));
        plan(RESET_EVERY, Fault.reset(0));
        plan(CUT_EVERY, Fault.cut(CUT_AFTER_BYTES));
        plan(HANG_EVERY, Fault.hang(0));
    }

    private void plan(int every, Fault fault) {
        AtomicLong requests = new AtomicLong();
        proxy.plan(Integer.MAX_VALUE, request -> {
            boolean hit = requests.incrementAndGet() % every == 0;
            if (hit) {
                int unused = faults.incrementAndGet();
            }
            return hit;
        }, fault);
    }

    int faults() {
        return faults.get();
    }

    @Override
    public void close() throws IOException {
        proxy.close();
        server.close();
    }
}
