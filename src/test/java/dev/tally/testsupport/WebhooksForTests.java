package dev.tally.testsupport;

import java.util.Map;

import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;

/** Lets the application under test call receivers on this machine, as only dev mode and tests may. */
public final class WebhooksForTests implements QuarkusTestResourceLifecycleManager {
    /** With which it signs. */
    public static final String SECRET = "known to the tests, and to nobody else";

    @Override
    public Map<String, String> start() {
        return Map.of(
                "tally.webhook.secret", SECRET,
                "tally.webhook.allowed-hosts", "localhost",
                "tally.webhook.allowed-ports", "1-65535",
                "tally.webhook.allow-http", "true",
                "tally.webhook.allow-private-addresses", "true");
    }

    @Override
    public void stop() {
        // Nothing was started.
    }
}
