package dev.tally.platform.webhook;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.HexFormat;

import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

import jakarta.enterprise.context.ApplicationScoped;

/** By which a receiver knows that a request is ours, and of when it is. */
@ApplicationScoped
class WebhookSignature {
    private static final String ALGORITHM = "HmacSHA256";

    private final WebhookConfig config;

    WebhookSignature(WebhookConfig config) {
        this.config = config;
    }

    /** The header's value: {@code t=<unix seconds>,v1=<hex HMAC-SHA256 over "<t>.<body>">}. */
    String of(Instant time, byte[] body) {
        String secret = config.secret()
                .orElseThrow(() -> new IllegalStateException("Nothing is sent without a secret"));
        String seconds = Long.toString(time.getEpochSecond());
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), ALGORITHM));
            mac.update((seconds + ".").getBytes(StandardCharsets.US_ASCII));
            return "t=" + seconds + ",v1=" + HexFormat.of().formatHex(mac.doFinal(body));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Every Java has " + ALGORITHM, e);
        }
    }
}
