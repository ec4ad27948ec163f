package dev.tally.testsupport;

import static io.restassured.RestAssured.given;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import io.restassured.specification.RequestSpecification;

/** The users {@code viewer}, {@code operator} and {@code admin}, each with the role of that name, of every application under test. */
public final class UsersForTests implements QuarkusTestResourceLifecycleManager {
    private static final List<String> USERS = List.of("viewer", "operator", "admin");

    /** Not that of dev mode, which the packaged application refuses. */
    public static String password(String user) {
        return user + " of the tests";
    }

    /** A request of a user. */
    public static RequestSpecification as(String user) {
        return given().auth().preemptive().basic(user, password(user));
    }

    /** The value of the header {@code Authorization} for a user. */
    public static String basic(String user) {
        return "Basic " + Base64.getEncoder()
                .encodeToString((user + ":" + password(user)).getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public Map<String, String> start() {
        Map<String, String> properties = new HashMap<>();
        for (String user : USERS) {
            properties.put("quarkus.security.users.embedded.users." + user, digest(user));
            properties.put("quarkus.security.users.embedded.roles." + user, user);
        }
        return properties;
    }

    /** What the file of users holds of a password. */
    public static String digest(String user) {
        try {
            byte[] text = (user + ":Tally:" + password(user)).getBytes(StandardCharsets.UTF_8);
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(text));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java has SHA-256", e);
        }
    }

    @Override
    public void stop() {
        // Nothing was started.
    }
}
