package dev.tally.local;

import java.time.Clock;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

import org.jspecify.annotations.Nullable;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** The tokens that the stand-in for Gcore gave. */
final class StandInTokens {
    private final Clock clock;
    private final Map<String, Instant> access = new ConcurrentHashMap<>();
    private final Set<String> refresh = ConcurrentHashMap.newKeySet();

    StandInTokens(Clock clock) {
        this.clock = clock;
    }

    ObjectNode pair(long accessMillis) {
        String newAccess = "access-" + UUID.randomUUID();
        String newRefresh = "refresh-" + UUID.randomUUID();
        access.put(newAccess, clock.instant().plusMillis(accessMillis));
        refresh.add(newRefresh);
        return JsonNodeFactory.instance.objectNode().put("access", newAccess).put("refresh", newRefresh);
    }

    /** Whether the token was good; it is not any more. */
    boolean use(String refreshToken) {
        return refresh.remove(refreshToken);
    }

    /** Whether a header {@code Authorization} lets its sender in. */
    boolean accepts(@Nullable String header) {
        if (header == null || !header.startsWith("Bearer ")) {
            return ("APIKey " + GcoreStandIn.API_TOKEN).equals(header);
        }
        Instant end = access.get(header.substring("Bearer ".length()));
        return end != null && clock.instant().isBefore(end);
    }

    void killAccess() {
        access.clear();
    }

    void killRefresh() {
        refresh.clear();
    }
}
