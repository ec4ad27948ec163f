package dev.tally.platform.security;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import io.smallrye.config.SmallRyeConfig;

/** Whether the configured users are fit for production. */
public final class UsersCheck {
    /** Those of dev mode and tests, and those that everybody tries. */
    private static final List<String> KNOWN_PASSWORDS = List.of("admin123", "operator123", "viewer123", "admin",
            "operator", "viewer", "password", "changeme", "secret", "tally", "123456", "");
    /** For a try-out on one's own machine, with the users of dev mode. */
    private static final String ALLOW_KNOWN = "tally.users.allow-known-passwords";
    private static final Pattern DIGEST = Pattern.compile("[0-9A-Fa-f]{64}");
    private static final Set<String> ROLES = Set.of(Role.VIEWER, Role.OPERATOR, Role.ADMIN);

    private UsersCheck() {}

    /** What is wrong with them, in sentences for the operator that hold no secret; empty when nothing is. */
    public static List<String> faults(SmallRyeConfig config) {
        Map<String, String> users = config.getOptionalValues(UsersFile.USERS, String.class, String.class)
                .orElse(Map.of());
        if (users.isEmpty()) {
            return List.of("There are no users. TALLY_USERS_FILE names the file of them; docs/operations.md says how "
                    + "it is made.");
        }
        Map<String, String> roles = config.getOptionalValues(UsersFile.ROLES, String.class, String.class)
                .orElse(Map.of());
        boolean plain = config.getOptionalValue("quarkus.security.users.embedded.plain-text", Boolean.class)
                .orElse(false);
        boolean known = allowsKnown(config);
        List<String> faults = new ArrayList<>();
        users.forEach((name, secret) -> {
            checkSecret(name, secret.strip(), plain, known).ifPresent(faults::add);
            checkRoles(name, roles.getOrDefault(name, "")).ifPresent(faults::add);
        });
        return faults;
    }

    /** What the operator should know although it is allowed, in a sentence. */
    public static Optional<String> warning(SmallRyeConfig config) {
        return allowsKnown(config)
                ? Optional.of("Users may have passwords that everybody knows here: " + ALLOW_KNOWN + " is true. It is "
                        + "for trying Tally out where nobody else reaches it.")
                : Optional.empty();
    }

    private static boolean allowsKnown(SmallRyeConfig config) {
        return config.getOptionalValue(ALLOW_KNOWN, Boolean.class).orElse(false);
    }

    private static Optional<String> checkSecret(String name, String secret, boolean plain, boolean allowKnown) {
        if (!plain && !DIGEST.matcher(secret).matches()) {
            return Optional.of("The digest of the user " + name + " is not 64 hexadecimal digits. "
                    + "docs/operations.md says how it is made.");
        }
        boolean known = !allowKnown && Stream.concat(KNOWN_PASSWORDS.stream(), Stream.of(name))
                .anyMatch(password -> secret.toLowerCase(Locale.ROOT)
                        .equals(plain ? password.toLowerCase(Locale.ROOT) : digest(name, password)));
        return known
                ? Optional.of("The user " + name + " has a password that everybody knows. Choose another one.")
                : Optional.empty();
    }

    private static Optional<String> checkRoles(String name, String roles) {
        return Arrays.stream(roles.split(",", -1)).filter(role -> !ROLES.contains(role)).findFirst()
                .map(role -> role.isBlank()
                        ? "The user " + name + " has no role, or an empty one. Roles are viewer, operator and admin."
                        : "The user " + name + " has the role " + role + ", which does not exist. Roles are viewer, "
                                + "operator and admin.");
    }

    private static String digest(String name, String password) {
        try {
            byte[] text = (name + ":" + BasicLogIn.REALM + ":" + password).getBytes(StandardCharsets.UTF_8);
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(text));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java has SHA-256", e);
        }
    }
}
