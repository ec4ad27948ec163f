package dev.tally.testsupport;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;

/** Lets all tests together ask as often as they like from one address. A profile for tests of the limits sets
 * {@link #requests}. */
public final class RatesForTests implements QuarkusTestResourceLifecycleManager {
    private static final List<String> POLICIES = List.of("key", "address", "failed-keys", "sign-up");
    private static final int PLENTY = 1_000_000;

    /** The setting with which a test profile limits a policy: what this class sets would win over the policy's own. */
    public static String requests(String policy) {
        return "tally.test." + policy + "-requests";
    }

    @Override
    public Map<String, String> start() {
        return POLICIES.stream().collect(Collectors.toMap(policy -> "tally.rate-limit." + policy + ".requests",
                policy -> "${" + requests(policy) + ":" + PLENTY + "}"));
    }

    @Override
    public void stop() {
        // Nothing was started.
    }
}
