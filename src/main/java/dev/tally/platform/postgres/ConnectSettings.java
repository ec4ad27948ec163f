package dev.tally.platform.postgres;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.TimeUnit;

import org.jspecify.annotations.Nullable;
import org.postgresql.Driver;
import org.postgresql.PGProperty;

import io.vertx.pgclient.PgConnectOptions;

/**
 * What JDBC's driver is told of the database, for Vert.x's client: an operator describes the database once, by a JDBC URL.
 *
 * @param hosts one for each host of the URL, in the order in which they are to be tried
 * @param target which of them will do
 */
public record ConnectSettings(List<PgConnectOptions> hosts, Target target) {
    /** What stands in for parts of the JDBC driver, and cannot stand in for parts of another. */
    private static final Set<PGProperty> PARTS_OF_THE_DRIVER = Set.of(PGProperty.SOCKET_FACTORY,
            PGProperty.SSL_FACTORY, PGProperty.SSL_HOSTNAME_VERIFIER, PGProperty.SSL_PASSWORD_CALLBACK,
            PGProperty.AUTHENTICATION_PLUGIN_CLASS_NAME);
    /** Settings that have no like in the other client, if they are set to this. */
    private static final Map<PGProperty, String> WITHOUT_LIKE = Map.of(PGProperty.CHANNEL_BINDING, "require",
            PGProperty.GSS_ENC_MODE, "require", PGProperty.SSL_NEGOTIATION, "direct", PGProperty.USE_SPNEGO, "true");
    private static final int READ_BYTES = 32 * 1024;
    /** As many as this application has statements for short answers. */
    private static final int CACHED_STATEMENTS = 16;

    /** What {@code targetServerType} asks of a server. */
    public enum Target {
        ANY, PRIMARY, SECONDARY, PREFER_PRIMARY, PREFER_SECONDARY
    }

    /** Why this URL cannot be used by both, in a sentence for the operator. It does not hold the URL. */
    public static Optional<String> faultOf(String jdbcUrl) {
        try {
            of(jdbcUrl, new Properties());
            return Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.of(String.valueOf(e.getMessage()));
        }
    }

    /**
     * @param defaults for what the URL does not say, as JDBC's driver is given them
     * @throws IllegalArgumentException with a sentence for the operator
     */
    static ConnectSettings of(String jdbcUrl, Properties defaults) {
        Properties properties = Driver.parseURL(jdbcUrl, defaults);
        if (properties == null) {
            throw new IllegalArgumentException("POSTGRES_URL is no JDBC URL of PostgreSQL, such as "
                    + "jdbc:postgresql://db.example:5432/tally.");
        }
        for (PGProperty part : PARTS_OF_THE_DRIVER) {
            if (part.isPresent(properties)) {
                throw unsupported(part.getName());
            }
        }
        WITHOUT_LIKE.forEach((property, value) -> {
            if (value.equalsIgnoreCase(property.getOrDefault(properties))) {
                throw unsupported(property.getName() + "=" + value);
            }
        });
        return new ConnectSettings(hosts(properties), target(properties));
    }

    /** The defaults of the datasource's configuration. */
    static Properties properties(Optional<String> username, Optional<String> password,
            Map<String, String> more) {
        Properties properties = new Properties();
        properties.putAll(more);
        username.ifPresent(name -> PGProperty.USER.set(properties, name));
        password.ifPresent(secret -> PGProperty.PASSWORD.set(properties, secret));
        return properties;
    }

    /** The options hold the password. */
    @Override
    public String toString() {
        return "ConnectSettings[" + target + "]";
    }

    private static List<PgConnectOptions> hosts(Properties properties) {
        PgConnectOptions common = common(properties);
        TlsSettings.apply(properties, common);
        String[] hosts = String.valueOf(PGProperty.PG_HOST.getOrDefault(properties)).split(",", -1);
        String[] ports = String.valueOf(PGProperty.PG_PORT.getOrDefault(properties)).split(",", -1);
        List<PgConnectOptions> each = new ArrayList<>();
        for (int i = 0; i < hosts.length; i++) {
            // The brackets of an IPv6 address belong to the URL.
            each.add(new PgConnectOptions(common).setHost(hosts[i].replaceAll("^\\[|]$", ""))
                    .setPort(Integer.parseInt(ports[i])));
        }
        if (isTrue(PGProperty.LOAD_BALANCE_HOSTS, properties)) {
            Collections.shuffle(each);
        }
        return each;
    }

    private static PgConnectOptions common(Properties properties) {
        // As the driver: without a user it is the system's, without a database that of the same name.
        String user = Optional.ofNullable(PGProperty.USER.getOrDefault(properties))
                .orElseGet(() -> System.getProperty("user.name"));
        PgConnectOptions options = new PgConnectOptions().setUser(user)
                .setDatabase(Optional.ofNullable(PGProperty.PG_DBNAME.getOrDefault(properties)).orElse(user))
                .setPassword(Optional.ofNullable(PGProperty.PASSWORD.getOrDefault(properties)).orElse(""))
                .setProperties(startUp(properties))
                .setConnectTimeout(connectMillis(properties))
                .setIdleTimeoutUnit(TimeUnit.SECONDS).setIdleTimeout(seconds(PGProperty.SOCKET_TIMEOUT, properties))
                .setTcpKeepAlive(isTrue(PGProperty.TCP_KEEP_ALIVE, properties))
                .setTcpNoDelay(isTrue(PGProperty.TCP_NO_DELAY, properties))
                // What is read at once: enough for most answers, which are costly to read in pieces.
                .setReceiveBufferSize(READ_BYTES)
                // One request waits for one query, and a cancellation must hit no other.
                .setPipeliningLimit(1)
                .setCachePreparedStatements(true).setPreparedStatementCacheMaxSize(CACHED_STATEMENTS)
                .setPreparedStatementCacheSqlLimit(Integer.MAX_VALUE);
        String localAddress = PGProperty.LOCAL_SOCKET_ADDRESS.getOrDefault(properties);
        return localAddress == null ? options : options.setLocalAddress(localAddress);
    }

    /** What goes into the message that begins a session (PostgreSQL's documentation, section 54.2.1). */
    private static Map<String, String> startUp(Properties properties) {
        Map<String, String> startUp = new HashMap<>(PgConnectOptions.DEFAULT_PROPERTIES);
        put(startUp, "application_name", PGProperty.APPLICATION_NAME.getOrDefault(properties));
        put(startUp, "options", PGProperty.OPTIONS.getOrDefault(properties));
        put(startUp, "search_path", PGProperty.CURRENT_SCHEMA.getOrDefault(properties));
        return startUp;
    }

    private static void put(Map<String, String> startUp, String name, @Nullable String value) {
        if (value != null) {
            startUp.put(name, value);
        }
    }

    private static Target target(Properties properties) {
        String type = Optional.ofNullable(PGProperty.TARGET_SERVER_TYPE.getOrDefault(properties)).orElse("any");
        return switch (type.toLowerCase(Locale.ROOT)) {
            case "any" -> Target.ANY;
            case "primary", "master" -> Target.PRIMARY;
            case "secondary", "slave" -> Target.SECONDARY;
            case "preferprimary" -> Target.PREFER_PRIMARY;
            case "prefersecondary", "preferslave" -> Target.PREFER_SECONDARY;
            default -> throw new IllegalArgumentException("POSTGRES_URL has a targetServerType that there is not.");
        };
    }

    private static int seconds(PGProperty property, Properties properties) {
        try {
            return property.getInt(properties);
        } catch (SQLException e) {
            throw new IllegalArgumentException("POSTGRES_URL has a " + property.getName() + " that is no number.", e);
        }
    }

    /** Zero is no bound there, and the client's own, of a minute, here. */
    private static int connectMillis(Properties properties) {
        int seconds = seconds(PGProperty.CONNECT_TIMEOUT, properties);
        return seconds == 0
                ? PgConnectOptions.DEFAULT_CONNECT_TIMEOUT
                : Math.toIntExact(TimeUnit.SECONDS.toMillis(seconds));
    }

    private static boolean isTrue(PGProperty property, Properties properties) {
        return property.getBoolean(properties);
    }

    private static IllegalArgumentException unsupported(String what) {
        return new IllegalArgumentException("POSTGRES_URL has " + what + ", which a part of this service does not "
                + "support.");
    }
}
