package dev.tally.credits;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.zip.CRC32;

/**
 * An API key: {@code tly_}, 256 random bits, and a checksum of what is before it, both in base 62. The prefix lets scanners
 * of source code find keys that were given away; the checksum lets them, and us, see at once what is none.
 */
final class ApiKey {
    static final String PREFIX = "tly_";
    private static final String DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    private static final BigInteger BASE = BigInteger.valueOf(DIGITS.length());
    private static final int SECRET_BYTES = 32;
    /** 62^43 is just above 2^256. */
    private static final int SECRET_CHARACTERS = 43;
    private static final int CHECKSUM_CHARACTERS = 6;
    private static final int CHECKED_CHARACTERS = PREFIX.length() + SECRET_CHARACTERS;
    private static final int START_CHARACTERS = PREFIX.length() + 4;
    /** Of keys that were made before this service. */
    private static final int MAX_FOREIGN_CHARACTERS = 200;

    private final String text;

    private ApiKey(String text) {
        this.text = text;
    }

    /** Makes a new one. */
    static ApiKey generate(SecureRandom random) {
        byte[] secret = new byte[SECRET_BYTES];
        random.nextBytes(secret);
        String checked = PREFIX + base62(new BigInteger(1, secret), SECRET_CHARACTERS);
        return new ApiKey(checked + checksum(checked));
    }

    /** Whether a key of ours looks like this, without asking whether there is it. */
    static boolean isWellFormed(String text) {
        if (text.length() != CHECKED_CHARACTERS + CHECKSUM_CHARACTERS || !text.startsWith(PREFIX)) {
            return false;
        }
        boolean base62 = text.chars().skip(PREFIX.length()).allMatch(character -> DIGITS.indexOf(character) >= 0);
        return base62 && checksum(text.substring(0, CHECKED_CHARACTERS)).equals(text.substring(CHECKED_CHARACTERS));
    }

    /** Whether it is worth looking this up: a key of ours that is well formed, or what may be one of another service. */
    static boolean mayExist(String text) {
        if (text.startsWith(PREFIX)) {
            return isWellFormed(text);
        }
        return !text.isEmpty() && text.length() <= MAX_FOREIGN_CHARACTERS
                && text.chars().allMatch(character -> character > ' ' && character < 0x7F);
    }

    /** By what a key is known: the secret has 256 bits, so that nothing slower is needed. */
    static String sha256Hex(String text) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.US_ASCII));
            return HexFormat.of().formatHex(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java has SHA-256", e);
        }
    }

    /** All of it; for its owner only. */
    String text() {
        return text;
    }

    String sha256Hex() {
        return sha256Hex(text);
    }

    /** By what its owner knows it. */
    String start() {
        return text.substring(0, START_CHARACTERS);
    }

    /** Without the secret. */
    @Override
    public String toString() {
        return "ApiKey[" + start() + "…]";
    }

    private static String checksum(String checked) {
        CRC32 crc = new CRC32();
        crc.update(checked.getBytes(StandardCharsets.US_ASCII));
        return base62(BigInteger.valueOf(crc.getValue()), CHECKSUM_CHARACTERS);
    }

    private static String base62(BigInteger number, int characters) {
        char[] digits = new char[characters];
        BigInteger rest = number;
        for (int i = characters - 1; i >= 0; i--) {
            BigInteger[] parts = rest.divideAndRemainder(BASE);
            digits[i] = DIGITS.charAt(parts[1].intValue());
            rest = parts[0];
        }
        return new String(digits);
    }
}
