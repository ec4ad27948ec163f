package dev.tally.platform.openapi;

import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

import dev.tally.local.ClickHouseLibrary;
import dev.tally.local.GcoreStandIn;
import dev.tally.local.LocalClickHouse;
import dev.tally.local.LocalPostgres;
import dev.tally.local.LocalS3;
import dev.tally.local.SampleFiles;
import dev.tally.testsupport.ScratchDatabase;
import dev.tally.testsupport.TcpProxy;

/** All that Tally asks, each behind a proxy. */
final class FaultyParts implements AutoCloseable {
    /** A letter for each of them. */
    static final char POSTGRES = 'P';
    static final char CLICKHOUSE = 'C';
    static final char S3 = 'S';
    static final char GCORE = 'G';

    private static final String RESULTS = "reports-under-faults";
    private static final Duration REPORT_TIME = Duration.ofMillis(200);

    private final Map<Character, TcpProxy> proxies = new TreeMap<>();
    private final LocalClickHouse clickHouse;
    private final LocalS3 s3;
    private final GcoreStandIn gcore = new GcoreStandIn(Clock.systemUTC(), REPORT_TIME);
    private final String databaseUrl;

    FaultyParts(Path directory, String database) {
        s3 = LocalS3.start(directory.resolve("s3"), 0);
        SampleFiles.all().forEach(s3.bucket(LocalS3.SAMPLES)::put);
        var unused = s3.bucket(RESULTS);
        clickHouse = LocalClickHouse.start(ClickHouseLibrary.ofUser().find().library().orElseThrow(),
                directory.resolve("clickhouse"), Optional.of(LocalS3.access(s3.port(), LocalS3.SAMPLES)));
        databaseUrl = ScratchDatabase.createEmpty(database);
        URI postgres = URI.create(databaseUrl.substring("jdbc:".length()));
        proxies.put(POSTGRES, TcpProxy.before(postgres.getHost(), postgres.getPort()));
        proxies.put(CLICKHOUSE, before(clickHouse.url()));
        proxies.put(S3, before(s3.url()));
        proxies.put(GCORE, before(gcore.url()));
    }

    private static TcpProxy before(String url) {
        URI uri = URI.create(url);
        return TcpProxy.before(uri.getHost(), uri.getPort());
    }

    /** That leads to a part. */
    TcpProxy proxy(char part) {
        return Optional.ofNullable(proxies.get(part)).orElseThrow();
    }

    /** The database, past its proxy. */
    String databaseUrl() {
        return databaseUrl;
    }

    /** Of an application that asks all of them through their proxies, and waits for none of them as long as usual. */
    Map<String, String> environment() {
        Map<String, String> all = new HashMap<>();
        s3.settings().forEach((name, value) -> all.put(variable(name), value));
        all.putAll(Map.of("S3_BUCKET", LocalS3.SAMPLES, "REPORTS_S3_BUCKET", RESULTS, "S3_ENDPOINT", url(S3),
                "QUARKUS_S3_ENDPOINT_OVERRIDE", url(S3), "TALLY_REPORTS_RESULTS_MAX_POSTGRES_BYTES", "20000",
                "TALLY_REPORTS_RESULTS_CHUNK_BYTES", "4096"));
        all.putAll(Map.of("POSTGRES_URL", databaseUrl.replaceFirst("//[^/]*/", "//127.0.0.1:" + port(POSTGRES) + "/"),
                "POSTGRES_USER", LocalPostgres.USER, "POSTGRES_PASSWORD", "none", "TALLY_POSTGRES_MIGRATE_AT_START",
                "true"));
        all.putAll(Map.of("CLICKHOUSE_HOST", "127.0.0.1", "CLICKHOUSE_PORT", Integer.toString(port(CLICKHOUSE)),
                "CLICKHOUSE_SECURE", "false", "CLICKHOUSE_USER", LocalClickHouse.USER, "CLICKHOUSE_PASSWORD",
                clickHouse.password(), "CLICKHOUSE_DATABASE", "tally"));
        all.putAll(Map.of("GCORE_API_BASE", url(GCORE), "GCORE_USERNAME", GcoreStandIn.USERNAME, "GCORE_PASSWORD",
                GcoreStandIn.PASSWORD, "REPORT_POLL_INTERVAL", "1", "TALLY_REPORTS_GCORE_FEATURES_CACHE_SECONDS", "1",
                "REQUEST_TIMEOUT", "2", "TALLY_REPORTS_WORK_SETTLE_SECONDS", "5"));
        all.putAll(Map.of("TALLY_POSTGRES_MAX_WAIT_SECONDS", "2", "TALLY_POSTGRES_MAX_CONNECT_SECONDS", "2",
                "TALLY_POSTGRES_MAX_STATEMENT_SECONDS", "4", "TALLY_POSTGRES_MAX_SILENCE_SECONDS", "5",
                "TALLY_CLICKHOUSE_CONNECT_TIMEOUT_MILLIS", "1000", "TALLY_CLICKHOUSE_MAX_QUERY_SECONDS", "3",
                "TALLY_RECORDS_QUERY_MAX_SECONDS", "2", "TALLY_RECORDS_LOAD_MAX_INSERT_SECONDS", "3"));
        all.putAll(Map.of("TALLY_ANALYTICS_STORE_MAX_CONNECT_MILLIS", "1000",
                "TALLY_ANALYTICS_STORE_MAX_SILENCE_MILLIS", "2000", "TALLY_ANALYTICS_STORE_MAX_REQUEST_MILLIS", "4000",
                "TALLY_ANALYTICS_STORE_MAX_TRIES", "2", "TALLY_ANALYTICS_REVALIDATE_SECONDS", "1",
                "TALLY_ANALYTICS_WAIT_SECONDS", "6", "TALLY_ANALYTICS_FAILURE_SECONDS", "1"));
        for (String policy : new String[]{"KEY", "ADDRESS", "FAILED_KEYS", "SIGN_UP"}) {
            all.put("TALLY_RATE_LIMIT_" + policy + "_REQUESTS", "1000000");
        }
        return all;
    }

    private static String variable(String property) {
        return property.replaceAll("[^A-Za-z0-9]", "_").toUpperCase(Locale.ROOT);
    }

    private int port(char part) {
        return proxy(part).port();
    }

    private String url(char part) {
        return "http://127.0.0.1:" + port(part);
    }

    @Override
    public void close() {
        proxies.values().forEach(TcpProxy::close);
        clickHouse.close();
        s3.close();
        gcore.close();
    }
}
