package dev.tally.platform.time;

import java.time.ZoneId;
import java.util.Set;

import jakarta.inject.Singleton;

import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jspecify.annotations.Nullable;

import dev.tally.platform.problem.ProblemCode;
import dev.tally.platform.problem.ProblemException;

/** Reads the parameter {@code zone}. */
@Singleton
public class Zones {
    /** Names only: offsets such as +02:00 are not zones of the IANA, and have no rules. */
    private static final Set<String> NAMES = Set.copyOf(ZoneId.getAvailableZoneIds());

    private final ZoneId standard;

    Zones(@ConfigProperty(name = "tally.zone") String standard) {
        this.standard = parse(standard);
    }

    /**
     * The zone that was asked for, or the configured one.
     *
     * @throws ProblemException {@code ZONE_INVALID}
     */
    public ZoneId of(@Nullable String name) {
        return name == null ? standard : parse(name);
    }

    private static ZoneId parse(String name) {
        if (!NAMES.contains(name)) {
            throw new ProblemException(ProblemCode.ZONE_INVALID,
                    "Invalid zone. Use an IANA name such as Europe/Luxembourg.");
        }
        return ZoneId.of(name);
    }
}
