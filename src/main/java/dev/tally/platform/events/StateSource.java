package dev.tally.platform.events;

import java.util.Map;
import java.util.Set;
import java.util.UUID;

/** Where it is kept how things stand, whichever process works on them. */
@FunctionalInterface
public interface StateSource {
    /** How these stand; what is not there any more is left out. May block. */
    Map<UUID, StateEvent> look(Set<UUID> ids);
}
