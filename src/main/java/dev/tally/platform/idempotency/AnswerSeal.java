package dev.tally.platform.idempotency;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.LinkedHashMap;
import java.util.Map;

import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

import dev.tally.platform.idempotency.IdempotencyService.Ticket;

/**
 * Encrypts answers that hold a secret under a key that is derived from the {@code Idempotency-Key}, of which only a hash is
 * kept: so whoever reads the table cannot read the answers, unless an {@code Idempotency-Key} can be guessed.
 *
 * <p>AES-256-GCM under HKDF-SHA256 (RFC 5869) of the Idempotency-Key, with a salt of its own for each answer. Caller,
 * hash and status are bound to it, so that a sealed answer opens in its own row only.
 */
final class AnswerSeal {
    private static final String HMAC = "HmacSHA256";
    private static final String CIPHER = "AES/GCM/NoPadding";
    /** What this key is for, so that another use of the same Idempotency-Key would have another key. */
    private static final byte[] INFO = "tally idempotency answer 1".getBytes(StandardCharsets.US_ASCII);
    private static final int SALT_BYTES = 32;
    private static final int NONCE_BYTES = 12;
    private static final int TAG_BITS = 128;

    private final SecureRandom random = new SecureRandom();

    /** An answer that does not open: the row was changed, or is another's. */
    static final class BrokenException extends Exception {
        private static final long serialVersionUID = 1;

        BrokenException(Throwable cause) {
            super("A sealed answer does not open", cause);
        }
    }

    /** Gives salt, nonce, and headers and body encrypted. */
    byte[] seal(Ticket ticket, String idempotencyKey, StoredAnswer answer) {
        byte[] salt = randomBytes(SALT_BYTES);
        byte[] nonce = randomBytes(NONCE_BYTES);
        try {
            Cipher cipher = cipher(Cipher.ENCRYPT_MODE, ticket, idempotencyKey, salt, nonce, answer.status());
            byte[] encrypted = cipher.doFinal(plain(answer));
            return ByteBuffer.allocate(SALT_BYTES + NONCE_BYTES + encrypted.length).put(salt).put(nonce)
                    .put(encrypted).array();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Every Java has " + CIPHER + " and " + HMAC, e);
        }
    }

    StoredAnswer open(Ticket ticket, String idempotencyKey, int status, byte[] sealed) throws BrokenException {
        if (sealed.length < SALT_BYTES + NONCE_BYTES) {
            throw new BrokenException(new IOException("It is cut off"));
        }
        ByteBuffer parts = ByteBuffer.wrap(sealed);
        byte[] salt = new byte[SALT_BYTES];
        byte[] nonce = new byte[NONCE_BYTES];
        byte[] encrypted = new byte[sealed.length - SALT_BYTES - NONCE_BYTES];
        parts.get(salt).get(nonce).get(encrypted);
        try {
            Cipher cipher = cipher(Cipher.DECRYPT_MODE, ticket, idempotencyKey, salt, nonce, status);
            return answer(status, cipher.doFinal(encrypted));
        } catch (GeneralSecurityException | IOException e) {
            throw new BrokenException(e);
        }
    }

    private static Cipher cipher(int mode, Ticket ticket, String idempotencyKey, byte[] salt, byte[] nonce, int status)
            throws GeneralSecurityException {
        Cipher cipher = Cipher.getInstance(CIPHER);
        cipher.init(mode, new SecretKeySpec(derive(idempotencyKey, salt), "AES"),
                new GCMParameterSpec(TAG_BITS, nonce));
        // Two of fixed length and then the rest: no two rows run into the same bytes.
        cipher.updateAAD(ByteBuffer.allocate(Integer.BYTES).putInt(status).array());
        cipher.updateAAD(ticket.keySha256());
        cipher.updateAAD(ticket.caller().getBytes(StandardCharsets.UTF_8));
        return cipher;
    }

    /** HKDF by hand: one block is all that is needed, and HMAC is there in the native binary too. */
    private static byte[] derive(String idempotencyKey, byte[] salt) throws GeneralSecurityException {
        byte[] extracted = hmac(salt, idempotencyKey.getBytes(StandardCharsets.US_ASCII));
        return hmac(extracted, ByteBuffer.allocate(INFO.length + 1).put(INFO).put((byte) 1).array());
    }

    private static byte[] hmac(byte[] key, byte[] message) throws GeneralSecurityException {
        Mac mac = Mac.getInstance(HMAC);
        mac.init(new SecretKeySpec(key, HMAC));
        return mac.doFinal(message);
    }

    private static byte[] plain(StoredAnswer answer) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.writeInt(answer.headers().size());
            for (Map.Entry<String, String> header : answer.headers().entrySet()) {
                out.writeUTF(header.getKey());
                out.writeUTF(header.getValue());
            }
            out.write(answer.body());
        } catch (IOException e) {
            throw new IllegalStateException("Memory takes everything but a header of more than 64 KiB", e);
        }
        return bytes.toByteArray();
    }

    private static StoredAnswer answer(int status, byte[] plain) throws IOException {
        DataInputStream in = new DataInputStream(new ByteArrayInputStream(plain));
        Map<String, String> headers = new LinkedHashMap<>();
        for (int left = in.readInt(); left > 0; left--) {
            headers.put(in.readUTF(), in.readUTF());
        }
        return new StoredAnswer(status, headers, in.readAllBytes());
    }

    private byte[] randomBytes(int count) {
        byte[] bytes = new byte[count];
        random.nextBytes(bytes);
        return bytes;
    }
}
