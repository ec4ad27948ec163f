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

/**
 * The file of users that {@code TALLY_USERS_FILE} names, as configuration of the realm. A line is
 * {@code name = digest, role} (more roles with more commas); lines that start with {@code #} are comments. The format is
 * described in docs/operations.md.
 */
public final class UsersFile {
    static final String USERS = "quarkus.security.users.embedded.users";
    static final String ROLES = "quarkus.security.users.embedded.roles";
    private static final Pattern LINE = Pattern
            .compile("\\s*([A-Za-z0-9._@-]{1,64})\\s*=\\s*([^,\\s]+)\\s*,\\s*(.*\\S)\\s*");

    private UsersFile() {}

    /** A file that is no file of users, in a sentence that holds nothing of what is in it. */
    public static final class InvalidException extends Exception {
        private static final long serialVersionUID = 1;

        InvalidException(String message, Throwable cause) {
            super(message, cause);
        }

        InvalidException(String message) {
            super(message);
        }
    }

    /**
     * Makes the users of this file known, before any configuration is read. As system properties: the build would load
     * a source of configuration of ours, and runs on an older Java than the application.
     */
    public static void use(String path) throws InvalidException {
        read(path).forEach(System::setProperty);
    }

    /** Reads the file into properties of the realm. */
    static Map<String, String> read(String path) throws InvalidException {
        List<String> lines;
        try {
            lines = Files.readAllLines(Path.of(path));
        } catch (IOException | InvalidPathException e) {
            throw new InvalidException("The file that TALLY_USERS_FILE names cannot be read: " + path + ". Put it "
                    + "there as UTF-8 text, readable for this process, or correct the variable.", e);
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
                        + "form: name = digest, role. docs/operations.md says more.");
            }
            String key = ".\"" + user.group(1) + "\"";
            if (properties.put(USERS + key, user.group(2)) != null) {
                throw new InvalidException("Line " + (i + 1) + " of the file that TALLY_USERS_FILE names has a user "
                        + "who was there before. Give each user one line.");
            }
            properties.put(ROLES + key, user.group(3).replaceAll("\\s*,\\s*", ","));
        }
        return properties;
    }
}
