package dev.tally.platform.webhook;

import java.util.List;
import java.util.Optional;

/**
 * The bounds for tests without the application: a mapping made beside it keeps Quarkus from reading its own
 * configuration in the same JVM.
 *
 * @param allowHttp and with it every port
 */
record WebhookConfigForTests(Optional<String> secret, Optional<List<String>> allowedHosts, boolean allowHttp,
        int timeoutMillis) implements WebhookConfig, WebhookConfig.Retry {
    static final String SECRET = "a secret of more than 32 characters";
    /** Longer than a busy machine takes for anything. */
    private static final int PATIENT = 30_000;

    WebhookConfigForTests(Optional<String> secret, Optional<List<String>> allowedHosts, boolean allowHttp) {
        this(secret, allowedHosts, allowHttp, PATIENT);
    }

    /** Sends to receivers of the test. */
    static WebhookConfigForTests forLocalReceivers() {
        return new WebhookConfigForTests(Optional.of(SECRET), Optional.of(List.of("*.example.test", "localhost")),
                true);
    }

    /** The same, with a time-out that a test can wait for. */
    static WebhookConfigForTests impatient() {
        WebhookConfigForTests patient = forLocalReceivers();
        return new WebhookConfigForTests(patient.secret, patient.allowedHosts, patient.allowHttp, 2_000);
    }

    /** As in production. */
    static WebhookConfigForTests allowing(String... hosts) {
        return new WebhookConfigForTests(Optional.of(SECRET), Optional.of(List.of(hosts)), false);
    }

    @Override
    public List<String> allowedPorts() {
        return allowHttp ? List.of("1-65535") : List.of("443", "8443 ", "9000-9010");
    }

    @Override
    public boolean allowPrivateAddresses() {
        return false;
    }

    @Override
    public int maxUrlCharacters() {
        return 200;
    }

    @Override
    public int maxBodyBytes() {
        return 10_000;
    }

    @Override
    public int maxConcurrent() {
        return 8;
    }

    @Override
    public int maxConcurrentPerHost() {
        return 3;
    }

    @Override
    public int connectTimeoutMillis() {
        return 2_000;
    }

    @Override
    public int leaseSeconds() {
        return 90;
    }

    @Override
    public int maxAnswerBytes() {
        return 65_536;
    }

    @Override
    public Retry retry() {
        return this;
    }

    @Override
    public int firstSeconds() {
        return 10;
    }

    @Override
    public int maxSeconds() {
        return 3_600;
    }

    @Override
    public int maxHours() {
        return 24;
    }

    @Override
    public int maxListed() {
        return 100;
    }

    @Override
    public int retentionDays() {
        return 30;
    }

    @Override
    public int maxCleanRows() {
        return 3;
    }

    @Override
    public int maxCleanBatches() {
        return 10;
    }
}
