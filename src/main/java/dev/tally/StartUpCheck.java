package dev.tally;

import java.util.Optional;
import java.util.regex.Pattern;

import dev.tally.platform.postgres.ConnectSettings;
import io.smallrye.config.SmallRyeConfig;

/** What production must know of its database before it starts; without a URL, Quarkus would start with none. */
final class StartUpCheck {
    private static final String JDBC_URL = "quarkus.datasource.jdbc.url";
    private static final Pattern PASSWORD_IN_URL = Pattern.compile("[?&]password=", Pattern.CASE_INSENSITIVE);

    private StartUpCheck() {}

    /** What is wrong with the database's URL, in a sentence for the operator. */
    static Optional<String> urlFault(SmallRyeConfig config) {
        return config.getOptionalValue(JDBC_URL, String.class).map(StartUpCheck::faultOfUrl)
                .orElseGet(() -> Optional.of("POSTGRES_URL is not set. It is the JDBC URL of the database, such as "
                        + "jdbc:postgresql://db.example:5432/tally."));
    }

    private static Optional<String> faultOfUrl(String url) {
        if (!url.startsWith("jdbc:postgresql:")) {
            return Optional.of("POSTGRES_URL does not start with jdbc:postgresql:, as the JDBC URL of the database "
                    + "does.");
        }
        if (PASSWORD_IN_URL.matcher(url).find()) {
            return Optional.of("POSTGRES_URL holds a password, and URLs are logged. Put it into POSTGRES_PASSWORD.");
        }
        return ConnectSettings.faultOf(url);
    }

    /** Why the database does not answer, in a sentence; for when its URL is right. */
    static Optional<String> databaseFault(SmallRyeConfig config) {
        return StartUpQueries.fault(config.getValue(JDBC_URL, String.class),
                config.getOptionalValue("quarkus.datasource.username", String.class).orElse(""),
                config.getOptionalValue("quarkus.datasource.password", String.class).orElse(""),
                config.getValue("tally.postgres.max-connect-seconds", Integer.class));
    }
}
