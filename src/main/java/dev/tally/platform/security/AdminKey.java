package dev.tally.platform.security;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.List;
import java.util.Optional;

import jakarta.enterprise.context.ApplicationScoped;

import io.smallrye.config.SmallRyeConfig;

/** The key of {@code ADMIN_API_KEY}. Only its digest is kept, so that comparing takes the same time for every wrong key. */
@ApplicationScoped
public class AdminKey {
    private static final String PROPERTY = "tally.admin.api-key";
    private static final int MIN_CHARACTERS = 16;

    private final Optional<byte[]> digest;

    AdminKey(AdminConfig config) {
        digest = config.apiKey().map(AdminKey::sha256);
    }

    /** Whether this is the key; never when there is none. */
    boolean is(String given) {
        return digest.filter(own -> MessageDigest.isEqual(own, sha256(given))).isPresent();
    }

    /** What is wrong with it for production, in sentences for the operator; empty when nothing is, or there is none. */
    public static List<String> faults(SmallRyeConfig config) {
        Optional<String> key = config.getOptionalValue(PROPERTY, String.class);
        boolean fit = key.filter(text -> text.length() < MIN_CHARACTERS || !isVisible(text)).isEmpty();
        return fit
                ? List.of()
                : List.of(
                        "ADMIN_API_KEY has fewer than " + MIN_CHARACTERS + " characters, or others than visible ASCII. "
                                + "Make one with: openssl rand -hex 32");
    }

    private static boolean isVisible(String text) {
        return text.chars().allMatch(character -> character > ' ' && character < 0x7F);
    }

    private static byte[] sha256(String text) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java has SHA-256", e);
        }
    }
}
