package dev.tally.local;

import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

import org.eclipse.microprofile.config.Config;
import org.eclipse.microprofile.config.ConfigProvider;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

import dev.tally.LocalServers;
import dev.tally.platform.time.SystemClock;

/** Dev mode's servers; their data is in {@code .tally/} of the working directory. */
public final class DevServers implements LocalServers {
    private static final Logger LOG = Logger.getLogger(DevServers.class);
    private static final String JDBC_URL = "quarkus.datasource.jdbc.url";
    /** A system property, because live reload loads this class anew. */
    private static final String OWN_POSTGRES = "tally.local.own-postgres";
    private static final String OWN_GCORE = "tally.local.own-gcore";
    private static final String GCORE = "tally.reports.gcore.";
    private static final String OWN_S3_PORT = "tally.local.own-s3-port";
    private static final String S3_ENDPOINT = "quarkus.s3.endpoint-override";
    private static final String S3_BUCKET = "tally.analytics.bucket";
    private static final String REPORTS_S3_BUCKET = "tally.reports.results.s3-bucket";
    private static final String OWN_CLICKHOUSE = "tally.local.own-clickhouse";
    private static final String MISSING_CLICKHOUSE = "tally.local.missing-clickhouse";
    private static final String CLICKHOUSE = "tally.clickhouse.";
    private static final Path CLICKHOUSE_DIRECTORY = Path.of(".tally", "clickhouse");
    private static final Duration REPORT_TIME = Duration.ofSeconds(8);

    /** Of this load of the class: live reload ends it, because its classes go, and starts another. */
    private static volatile @Nullable GcoreStandIn gcore;

    /** Whether the database is dev mode's own, not one that was configured. */
    static boolean hasOwnPostgres() {
        return Boolean.getBoolean(OWN_POSTGRES);
    }

    /** Whether reports come from the stand-in for Gcore, not from an account that was configured. */
    static boolean hasOwnGcore() {
        return Boolean.getBoolean(OWN_GCORE);
    }

    /** Whether CSV is read from dev mode's own S3, not from a store that was configured. */
    static boolean hasOwnS3() {
        return System.getProperty(OWN_S3_PORT) != null;
    }

    /** Whether ClickHouse is dev mode's own, not one that was configured. */
    static boolean hasOwnClickHouse() {
        return Boolean.getBoolean(OWN_CLICKHOUSE);
    }

    /** Why there is no ClickHouse, if there is none: a sentence. */
    static Optional<String> missingClickHouse() {
        return Optional.ofNullable(System.getProperty(MISSING_CLICKHOUSE));
    }

    /** Ends what does not outlive a reload. */
    static void stop() {
        GcoreStandIn running = gcore;
        if (running != null) {
            running.close();
        }
    }

    @Override
    public void start() {
        startPostgres();
        startGcore();
        startS3();
        startClickHouse();
    }

    private static void startGcore() {
        if (isConfigured(GCORE + "username", GCORE + "api-token") && !hasOwnGcore()) {
            return;
        }
        GcoreStandIn standIn = new GcoreStandIn(new SystemClock().clock(), REPORT_TIME);
        gcore = standIn;
        System.setProperty(OWN_GCORE, "true");
        System.setProperty(GCORE + "base-url", standIn.url());
        System.setProperty(GCORE + "username", GcoreStandIn.USERNAME);
        System.setProperty(GCORE + "password", GcoreStandIn.PASSWORD);
    }

    private static void startPostgres() {
        if (isConfigured(JDBC_URL)) {
            return;
        }
        String url = LocalPostgres.start(Path.of(".tally", "postgres"), List.of());
        System.setProperty(OWN_POSTGRES, "true");
        System.setProperty(JDBC_URL, url);
        System.setProperty("quarkus.datasource.username", LocalPostgres.USER);
    }

    /** After a reload this one is configured too, and still there: like PostgreSQL it outlives our classes. */
    @SuppressWarnings("resource")
    private static void startS3() {
        // A store that is configured for the reports is the client's, which has but one.
        if (isConfigured(S3_ENDPOINT, S3_BUCKET, REPORTS_S3_BUCKET)) {
            return;
        }
        LocalS3 server = LocalS3.start(Path.of(".tally", "s3"), 0);
        BucketStore samples = server.bucket(LocalS3.SAMPLES);
        SampleFiles.all().forEach((key, content) -> {
            if (!samples.has(key)) {
                samples.put(key, content);
            }
        });
        System.setProperty(OWN_S3_PORT, Integer.toString(server.port()));
        server.settings().forEach(System::setProperty);
        System.setProperty(S3_BUCKET, LocalS3.SAMPLES);
    }

    /** Nothing else depends on it: where it cannot be had, the rest works. */
    @SuppressWarnings("resource") // It ends with this JVM.
    private static void startClickHouse() {
        if (isConfigured(CLICKHOUSE + "host") || missingClickHouse().isPresent()) {
            return;
        }
        ClickHouseLibrary.Search search = ClickHouseLibrary.ofUser().find();
        if (search.library().isEmpty()) {
            System.setProperty(MISSING_CLICKHOUSE, search.reason());
            return;
        }
        try {
            LocalClickHouse server = LocalClickHouse.start(search.library().get(), CLICKHOUSE_DIRECTORY,
                    Optional.ofNullable(Integer.getInteger(OWN_S3_PORT))
                            .map(port -> LocalS3.access(port, LocalS3.SAMPLES)));
            System.setProperty(OWN_CLICKHOUSE, "true");
            server.settings().forEach(System::setProperty);
        } catch (UncheckedIOException e) {
            LOG.warn("The rest goes on without ClickHouse.", e);
            System.setProperty(MISSING_CLICKHOUSE, e.getMessage() + ", as said above.");
        }
    }

    private static boolean isConfigured(String... properties) {
        Config config = ConfigProvider.getConfig();
        return Stream.of(properties).anyMatch(name -> config.getOptionalValue(name, String.class).isPresent());
    }
}
