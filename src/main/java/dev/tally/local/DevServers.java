package dev.tally.local;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

import org.eclipse.microprofile.config.Config;
import org.eclipse.microprofile.config.ConfigProvider;
import org.jspecify.annotations.Nullable;

import dev.tally.LocalServers;
import dev.tally.platform.time.SystemClock;

/** Dev mode's servers; their data is in {@code .tally/} of the working directory. */
public final class DevServers implements LocalServers {
    private static final String JDBC_URL = "quarkus.datasource.jdbc.url";
    /** A system property, because live reload loads this class anew. */
    private static final String OWN_POSTGRES = "tally.local.own-postgres";
    private static final String OWN_GCORE = "tally.local.own-gcore";
    private static final String GCORE = "tally.reports.gcore.";
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
    }

    private static void startGcore() {
        Config config = ConfigProvider.getConfig();
        boolean configured = config.getOptionalValue(GCORE + "username", String.class).isPresent()
                || config.getOptionalValue(GCORE + "api-token", String.class).isPresent();
        if (configured && !hasOwnGcore()) {
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
        boolean configured = ConfigProvider.getConfig().getOptionalValue(JDBC_URL, String.class).isPresent();
        if (configured) {
            return;
        }
        String url = LocalPostgres.start(Path.of(".tally", "postgres"), List.of());
        System.setProperty(OWN_POSTGRES, "true");
        System.setProperty(JDBC_URL, url);
        System.setProperty("quarkus.datasource.username", LocalPostgres.USER);
    }
}
