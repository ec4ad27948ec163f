package dev.tally;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

import dev.tally.platform.security.UsersCheck;
import io.smallrye.config.SmallRyeConfig;

/**
 * What production must have before it starts. Without a URL, Quarkus would start with a database that is off; without
 * users, with a service that nobody can use.
 */
final class StartUpCheck {
    private static final String JDBC_URL = "quarkus.datasource.jdbc.url";
    private static final Pattern PASSWORD_IN_URL = Pattern.compile("[?&]password=", Pattern.CASE_INSENSITIVE);

    private StartUpCheck() {}

    /** What is missing or wrong, in sentences for the operator; empty when nothing is. */
    static List<String> faults(SmallRyeConfig config) {
        List<String> faults = new ArrayList<>();
        config.getOptionalValue(JDBC_URL, String.class).map(StartUpCheck::faultOfUrl)
                .orElseGet(() -> Optional.of("POSTGRES_URL is not set. It is the JDBC URL of the database, such as "
                        + "jdbc:postgresql://db.example:5432/tally."))
                .ifPresent(faults::add);
        faults.addAll(UsersCheck.faults(config));
        return faults;
    }

    private static Optional<String> faultOfUrl(String url) {
        if (!url.startsWith("jdbc:postgresql:")) {
            return Optional.of("POSTGRES_URL does not start with jdbc:postgresql:, as the JDBC URL of the database "
                    + "does.");
        }
        if (PASSWORD_IN_URL.matcher(url).find()) {
            return Optional.of("POSTGRES_URL holds a password, and URLs are logged. Put it into POSTGRES_PASSWORD.");
        }
        return Optional.empty();
    }

    /** Whether the database answers, in a sentence; for when nothing else is wrong. */
    static Optional<String> databaseFault(SmallRyeConfig config) {
        return StartUpQueries.fault(config.getValue(JDBC_URL, String.class),
                config.getOptionalValue("quarkus.datasource.username", String.class).orElse(""),
                config.getOptionalValue("quarkus.datasource.password", String.class).orElse(""),
                config.getValue("tally.postgres.max-connect-seconds", Integer.class));
    }
}
