package dev.tally.records;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.util.HexFormat;
import java.util.Map;
import java.util.concurrent.TimeUnit;

import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;

import dev.tally.platform.clickhouse.ClickHouseBounds;
import dev.tally.platform.clickhouse.ClickHouseException;
import dev.tally.platform.clickhouse.ClickHouseGateway;
import dev.tally.platform.clickhouse.ClickHouseQuery;
import dev.tally.platform.postgres.Statements;

/** Stores records. Their numbers come from PostgreSQL, so that all processes have the same row of them. */
@ApplicationScoped
class RecordLoadQueries {
    private static final String INSERT = "INSERT INTO records (canonical_key, name, email, phone, dob, version)"
            + " FORMAT RowBinary";
    private static final int MAX_ANSWER_BYTES = 65_536;
    /** Among the advisory locks of the database; "tallyLdN" in ASCII. */
    private static final long GO_ON_LOCK = 0x74616c6c794c644eL;
    private static final String GO_ON = """
                                        DO $$ BEGIN
                                            PERFORM pg_advisory_xact_lock(%d);
                                            PERFORM setval('records.load_number', %d) FROM records.load_number
                                              WHERE last_value < %d;
                                        END $$""";

    private final ClickHouseGateway clickHouse;
    private final Statements statements;
    private final int maxInsertSeconds;
    /** Whether the numbers are known to go on from those in ClickHouse. */
    private volatile boolean goingOn;

    RecordLoadQueries(ClickHouseGateway gateway, Statements statements, RecordsConfig config) {
        this.clickHouse = gateway.within(new ClickHouseBounds(config.load().maxInsertSeconds(),
                config.query().maxMemoryBytes(), MAX_ANSWER_BYTES, config.load().maxConcurrent()));
        this.statements = statements;
        this.maxInsertSeconds = config.load().maxInsertSeconds();
    }

    @PreDestroy
    void close() {
        clickHouse.close();
    }

    /**
     * The number of the next load: a higher one than any that ClickHouse has, also when PostgreSQL was restored or made
     * anew since. What it has is looked at once in the life of a process.
     */
    long nextNumber() {
        if (!goingOn) {
            goOnFrom(newestNumber());
            goingOn = true;
        }
        return statements.run("SELECT nextval('records.load_number')", statement -> {
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                return row.getLong(1);
            }
        });
    }

    private long newestNumber() {
        ClickHouseQuery newest = new ClickHouseQuery("SELECT max(version) FROM records FORMAT TSV", Map.of(), Map.of());
        byte[] version = clickHouse.answer((clickHouse.cluster().isPresent() ? RecordSql.whole(newest) : newest)
                .in(clickHouse.database()));
        return Long.parseUnsignedLong(new String(version, StandardCharsets.US_ASCII).strip()) >>> RecordLoad.LINE_BITS;
    }

    /** One after the other: two at once might set the numbers back to what the other had given out already. */
    void goOnFrom(long newest) {
        boolean unused = statements.run(GO_ON.formatted(GO_ON_LOCK, newest, newest), PreparedStatement::execute);
    }

    /**
     * Stores a block, whole. The same block of the same load again changes nothing: its rows have the same versions, and
     * ClickHouse knows it by its content.
     *
     * @throws ClickHouseException of any kind; then the block is perhaps stored
     */
    void insert(long load, byte[] block) {
        ClickHouseQuery insert = new ClickHouseQuery(INSERT, Map.of(),
                Map.of("insert_deduplication_token", load + "-" + sha256(block),
                        // A block is a part, made before the answer comes.
                        "async_insert", "0"));
        ClickHouseQuery placed = clickHouse.cluster().isPresent() ? onCluster(insert) : insert;
        clickHouse.insert(placed.in(clickHouse.database()), block);
    }

    /** The answer comes when the rows are on most replicas of their shards, not when they are on their way. */
    private ClickHouseQuery onCluster(ClickHouseQuery insert) {
        return insert.with("distributed_foreground_insert", "1").with("insert_quorum", "auto")
                .with("insert_quorum_timeout", Long.toString(TimeUnit.SECONDS.toMillis(maxInsertSeconds)));
    }

    private static String sha256(byte[] block) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(block));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java has SHA-256", e);
        }
    }
}
