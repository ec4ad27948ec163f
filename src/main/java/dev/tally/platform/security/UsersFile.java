package dev.tally.platform.security;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.eclipse.microprofile.config.spi.ConfigSource;

import io.smallrye.config.ConfigSourceContext;
import io.smallrye.config.ConfigSourceFactory;
import io.smallrye.config.ConfigValue;
import io.smallrye.config.PropertiesConfigSource;

/**
 * The file of users that {@code TALLY_USERS_FILE} names, as configuration of the realm. A line is
 * {@code name = digest, role} (more roles with more commas); lines that start with {@code #} are comments. The format is
 * described in docs/operations.md.
 */
public final class UsersFile implements ConfigSourceFactory {
    /** Its path; the environment variable {@code TALLY_USERS_FILE}. */
    static final String PROPERTY = "tally.users-file";
    static final String USERS = "quarkus.security.users.embedded.users";
    static final String ROLES = "quarkus.security.users.embedded.roles";
    /** Above application.properties (250), below environment and system properties (300, 400). */
    private static final int ORDINAL = 275;
    private static final Pattern LINE = Pattern
            .compile("\\s*([A-Za-z0-9._@-]{1,64})\\s*=\\s*([^,\\s]+)\\s*,\\s*(.*\\S)\\s*");

    /** A file that is no file of users, in a sentence that holds nothing of what is in it. */
    static final class InvalidException extends Exception {
        private static final long serialVersionUID = 1;

        InvalidException(String message, Throwable cause) {
            super(message, cause);
        }

        InvalidException(String message) {
            super(message);
        }
    }

    @Override
    public Iterable<ConfigSource> getConfigSources(ConfigSourceContext context) {
        ConfigValue path = context.getValue(PROPERTY);
        if (path == null || path.getValue() == null || path.getValue().isBlank()) {
            return List.of();
        }
        try {
            return List.of(new PropertiesConfigSource(read(path.getValue()), "TALLY_USERS_FILE", ORDINAL));
        } catch (InvalidException e) {
            // Without users nobody gets in, and StartUpCheck says why before it comes to that.
            return List.of();
        }
    }

    /** Reads the file into properties of the realm. */
    static Map<String, String> read(String path) throws InvalidException {
        List<String> lines;
        try {
            lines = Files.readAllLines(Path.of(path));
        } catch (IOException | InvalidPathException e) {
            throw new InvalidException("The file that TALLY_USERS_FILE names cannot be read: " + path + ".", e);
        }
        Map<String, String> properties = new HashMap<>();
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i);
            if (line.isBlank() || line.strip().startsWith("#")) {
                continue;
            }
            Matcher user = LINE.matcher(line);
            if (!user.matches()) {
                throw new InvalidException("Line " + (i + 1) + " of the file that TALLY_USERS_FILE names is not of the "
                        + "form: name = digest, role.");
            }
            String key = ".\"" + user.group(1) + "\"";
            if (properties.put(USERS + key, user.group(2)) != null) {
                throw new InvalidException("Line " + (i + 1) + " of the file that TALLY_USERS_FILE names has a user "
                        + "who was there before.");
            }
            properties.put(ROLES + key, user.group(3).replaceAll("\\s*,\\s*", ","));
        }
        return properties;
    }
}
