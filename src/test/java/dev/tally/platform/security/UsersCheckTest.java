package dev.tally.platform.security;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;

class UsersCheckTest {
    @Test
    void asksForAFileWhenThereAreNoUsers() {
        List<String> faults = UsersCheck.faults(config(Map.of()));

        assertThat(faults).singleElement().asString().startsWith("There are no users.")
                .contains("TALLY_USERS_FILE", "docs/operations.md");
    }

    @ParameterizedTest
    @ValueSource(strings = {"viewer", "operator", "admin", "viewer,operator"})
    void findsNothingWrongWithAUserOfItsOwnPassword(String roles) {
        assertThat(faults("ops", digest("ops", "correct horse"), roles)).isEmpty();
    }

    @Test
    void findsNothingWrongWithADigestInCapitals() {
        assertThat(faults("ops", digest("ops", "correct horse").toUpperCase(Locale.ROOT), "admin")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"admin, admin123", "operator, operator123", "viewer, viewer123", "ops, admin123", "ops, password",
            "ops, ops", "ops, ''"})
    void refusesAPasswordThatEverybodyKnows(String name, String password) {
        List<String> faults = faults(name, digest(name, password), "admin");

        assertThat(faults).singleElement().isEqualTo(
                "The user " + name + " has a password that everybody knows. Choose another one.");
    }

    @Test
    void refusesAKnownPasswordAlsoByADigestInCapitals() {
        assertThat(faults("admin", digest("admin", "admin123").toUpperCase(Locale.ROOT), "admin")).hasSize(1);
    }

    @Test
    void refusesTheUsersOfDevMode() throws Exception {
        Map<String, String> properties = new HashMap<>();
        try (var application = UsersCheckTest.class.getResourceAsStream("/application.properties")) {
            var all = new java.util.Properties();
            all.load(application);
            all.stringPropertyNames().stream().filter(name -> name.startsWith("%dev.quarkus.security"))
                    .forEach(name -> properties.put(name.substring("%dev.".length()), all.getProperty(name)));
        }

        List<String> faults = UsersCheck.faults(config(properties));

        assertThat(faults).hasSize(3).allMatch(fault -> fault.contains("has a password that everybody knows"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"correct horse", "393354dbbbe570c6",
            "zz3354dbbbe570c6a0b15e9720cb29162f92f530d5bf1c91d38003e9fefbf0f0"})
    void refusesADigestThatIsNone(String secret) {
        List<String> faults = faults("ops", secret, "admin");

        assertThat(faults).singleElement().asString().startsWith("The digest of the user ops is not 64 hexadecimal")
                .contains("docs/operations.md").doesNotContain(secret);
    }

    @ParameterizedTest
    @CsvSource({"root, the role root", "'admin,root', the role root", "'admin,', no role", "Admin, the role Admin"})
    void refusesARoleThatDoesNotExist(String roles, String what) {
        List<String> faults = faults("ops", digest("ops", "correct horse"), roles);

        assertThat(faults).singleElement().asString().startsWith("The user ops has " + what)
                .contains("Roles are viewer, operator and admin.");
    }

    @Test
    void refusesAUserWithoutARole() {
        String users = UsersFile.USERS + ".\"ops\"";

        List<String> faults = UsersCheck.faults(config(Map.of(users, digest("ops", "correct horse"))));

        assertThat(faults).singleElement().asString().startsWith("The user ops has no role");
    }

    @Test
    void refusesKnownPasswordsAlsoWhereTheyArePlain() {
        List<String> faults = UsersCheck.faults(config(Map.of(
                "quarkus.security.users.embedded.plain-text", "true",
                UsersFile.USERS + ".ops", "Admin123", UsersFile.ROLES + ".ops", "admin")));

        assertThat(faults).singleElement().asString().contains("everybody knows").doesNotContain("Admin123");
    }

    @Test
    void takesKnownPasswordsWhereThatIsAllowedAndSaysSo() {
        SmallRyeConfig allowed = config(Map.of("tally.users.allow-known-passwords", "true",
                UsersFile.USERS + ".admin", digest("admin", "admin123"), UsersFile.ROLES + ".admin", "admin",
                UsersFile.USERS + ".ops", digest("ops", "admin123"), UsersFile.ROLES + ".ops", "nobody"));

        assertThat(UsersCheck.faults(allowed)).singleElement().asString().contains("has the role nobody");
        assertThat(UsersCheck.warning(allowed)).hasValueSatisfying(
                warning -> assertThat(warning).contains("tally.users.allow-known-passwords"));
        assertThat(UsersCheck.warning(config(Map.of()))).isEmpty();
    }

    private static List<String> faults(String name, String secret, String roles) {
        return UsersCheck.faults(config(Map.of(UsersFile.USERS + ".\"" + name + "\"", secret,
                UsersFile.ROLES + ".\"" + name + "\"", roles)));
    }

    private static SmallRyeConfig config(Map<String, String> properties) {
        return new SmallRyeConfigBuilder().withSources(new PropertiesConfigSource(properties, "test", 100)).build();
    }

    private static String digest(String name, String password) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256")
                    .digest((name + ":Tally:" + password).getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
