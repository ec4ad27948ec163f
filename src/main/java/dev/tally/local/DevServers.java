package dev.tally.local;

import java.nio.file.Path;
import java.util.List;

import org.eclipse.microprofile.config.ConfigProvider;

import dev.tally.LocalServers;

/** Dev mode's servers; their data is in {@code .tally/} of the working directory. */
public final class DevServers implements LocalServers {
    private static final String JDBC_URL = "quarkus.datasource.jdbc.url";
    /** A system property, because live reload loads this class anew. */
    private static final String OWN_POSTGRES = "tally.local.own-postgres";

    /** Whether the database is dev mode's own, not one that was configured. */
    static boolean hasOwnPostgres() {
        return Boolean.getBoolean(OWN_POSTGRES);
    }

    @Override
    public void start() {
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
