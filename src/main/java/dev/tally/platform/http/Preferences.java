package dev.tally.platform.http;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What a client would like of long work (RFC 7240): {@code wait=N}, to be answered when it is done or after N seconds,
 * and {@code respond-async}, not to wait. What cannot be read is left out, as the RFC wants.
 *
 * @param waitSeconds how long to wait; empty when nothing is said
 * @param respondAsync whether it said so; without {@code wait} that means not to wait at all
 */
public record Preferences(Optional<Integer> waitSeconds, boolean respondAsync) {
    private static final int MAX_DIGITS = 9;

    /** @param headers all headers {@code Prefer} of a request */
    public static Preferences parse(List<String> headers) {
        Optional<Integer> wait = Optional.empty();
        boolean async = false;
        for (String header : headers) {
            for (String preference : header.split(",", -1)) {
                // Parameters of a preference, of which these have none, come after a semicolon.
                String clean = preference.split(";", 2)[0].replace(" ", "").toLowerCase(Locale.ROOT);
                if (clean.equals("respond-async")) {
                    async = true;
                } else if (clean.startsWith("wait=") && wait.isEmpty()) {
                    wait = seconds(clean.substring("wait=".length()));
                }
            }
        }
        return new Preferences(wait.isEmpty() && async ? Optional.of(0) : wait, async);
    }

    /**
     * The value of {@code Preference-Applied}, if any preference was.
     *
     * @param waited how long the service was ready to wait
     */
    public Optional<String> applied(int waited) {
        if (respondAsync) {
            // With both, the client waits and takes 202 after that (section 4.3).
            return Optional.of(waited == 0 ? "respond-async" : "respond-async, wait=" + waited);
        }
        return waitSeconds.map(_ -> "wait=" + waited);
    }

    private static Optional<Integer> seconds(String text) {
        boolean digits = !text.isEmpty() && text.length() <= MAX_DIGITS
                && text.chars().allMatch(c -> c >= '0' && c <= '9');
        return digits ? Optional.of(Integer.parseInt(text)) : Optional.empty();
    }
}
