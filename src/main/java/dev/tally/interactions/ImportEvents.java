package dev.tally.interactions;

import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

import jakarta.enterprise.context.ApplicationScoped;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;

import dev.tally.platform.events.StateEvent;
import dev.tally.platform.events.StateSource;

/** How imports stand, for those who follow them. There is one under way at a time, so they are looked up one by one. */
@ApplicationScoped
class ImportEvents {
    private final ImportRecordService records;
    private final ObjectMapper json;
    private final StateSource source = this::look;

    ImportEvents(ImportRecordService records, ObjectMapper json) {
        this.records = records;
        this.json = json;
    }

    /** The same at each call. */
    StateSource source() {
        return source;
    }

    StateEvent of(ImportResponse known) {
        try {
            return new StateEvent(json.writeValueAsString(known),
                    !known.state().equals(Import.State.RUNNING.text()));
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Map<UUID, StateEvent> look(Set<UUID> ids) {
        Map<UUID, StateEvent> states = new HashMap<>();
        ids.forEach(id -> states.put(id, of(records.find(id))));
        return states;
    }
}
