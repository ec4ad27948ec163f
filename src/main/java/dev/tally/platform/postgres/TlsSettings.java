package dev.tally.platform.postgres;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Optional;
import java.util.Properties;

import javax.net.ssl.X509KeyManager;
import javax.security.auth.callback.Callback;
import javax.security.auth.callback.CallbackHandler;
import javax.security.auth.callback.PasswordCallback;
import javax.security.auth.callback.UnsupportedCallbackException;

import org.jspecify.annotations.Nullable;
import org.postgresql.PGProperty;
import org.postgresql.ssl.LazyKeyManager;
import org.postgresql.ssl.PKCS12KeyManager;

import io.vertx.core.net.KeyCertOptions;
import io.vertx.core.net.PemTrustOptions;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.pgclient.SslMode;

/** TLS as JDBC's driver does it: the same modes, default files and readers of keys. */
final class TlsSettings {
    private TlsSettings() {}

    static void apply(Properties properties, PgConnectOptions options) {
        org.postgresql.jdbc.SslMode mode = mode(properties);
        options.setSslMode(SslMode.of(mode.value));
        if (mode == org.postgresql.jdbc.SslMode.DISABLE) {
            return;
        }
        if (mode.verifyCertificate()) {
            Path root = file(PGProperty.SSL_ROOT_CERT, properties, "root.crt");
            options.setTrustOptions(new PemTrustOptions().addCertPath(root.toString()));
        } else {
            options.setTrustAll(true);
        }
        options.setHostnameVerificationAlgorithm(mode.verifyPeerName() ? "HTTPS" : "");
        keys(properties).ifPresent(keys -> options.setKeyCertOptions(KeyCertOptions.wrap(keys)));
    }

    private static org.postgresql.jdbc.SslMode mode(Properties properties) {
        try {
            return org.postgresql.jdbc.SslMode.of(properties);
        } catch (SQLException e) {
            throw new IllegalArgumentException("POSTGRES_URL has an sslmode that there is not.", e);
        }
    }

    /** The client's certificate, for servers that ask for one. */
    private static Optional<X509KeyManager> keys(Properties properties) {
        Path key = file(PGProperty.SSL_KEY, properties, "postgresql.pk8");
        boolean given = PGProperty.SSL_KEY.getOrDefault(properties) != null;
        if (!given && !Files.exists(key)) {
            return Optional.empty();
        }
        CallbackHandler password = new Password(PGProperty.SSL_PASSWORD.getOrDefault(properties));
        if (!key.toString().endsWith(".p12") && !key.toString().endsWith(".pfx")) {
            return Optional.of(new LazyKeyManager(file(PGProperty.SSL_CERT, properties, "postgresql.crt").toString(),
                    key.toString(), password, !given));
        }
        try {
            return Optional.of(new PKCS12KeyManager(key.toString(), password));
        } catch (SQLException e) {
            throw new IllegalArgumentException("POSTGRES_URL has an sslkey that cannot be read.", e);
        }
    }

    private static Path file(PGProperty property, Properties properties, String usual) {
        String given = property.getOrDefault(properties);
        return given == null ? Path.of(System.getProperty("user.home"), ".postgresql", usual) : Path.of(given);
    }

    /** Gives the password of a key that is encrypted. */
    private record Password(@Nullable String password) implements CallbackHandler {
        @Override
        public void handle(Callback[] callbacks) throws UnsupportedCallbackException {
            for (Callback callback : callbacks) {
                if (!(callback instanceof PasswordCallback asked)) {
                    throw new UnsupportedCallbackException(callback);
                }
                asked.setPassword(password == null ? new char[0] : password.toCharArray());
            }
        }

        @Override
        public String toString() {
            return "Password";
        }
    }
}
