package dev.tally;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import dev.tally.platform.security.UsersCheck;
import io.smallrye.config.SmallRyeConfig;

/**
 * What production must have before it starts. Without a URL, Quarkus would start with a database that is off; without
 * users, with a service that nobody can use.
 */
final class StartUpCheck {
    private static final String JDBC_URL = "quarkus.datasource.jdbc.url";

    private StartUpCheck() {}

    /** What is missing or wrong, in sentences for the operator; empty when nothing is. */
    static List<String> faults(SmallRyeConfig config) {
        List<String> faults = new ArrayList<>();
        Optional<String> url = config.getOptionalValue(JDBC_URL, String.class);
        if (url.isEmpty()) {
            faults.add("POSTGRES_URL is not set. It is the JDBC URL of the database, such as "
                    + "jdbc:postgresql://db.example:5432/tally.");
        } else if (!url.get().startsWith("jdbc:postgresql:")) {
            faults.add("POSTGRES_URL does not start with jdbc:postgresql:, as the JDBC URL of the database does.");
        }
        faults.addAll(UsersCheck.faults(config));
        return faults;
    }
}
