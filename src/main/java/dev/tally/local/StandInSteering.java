package dev.tally.local;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.LongAdder;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** What tests want of the stand-in for Gcore, and how often it was asked for what. */
final class StandInSteering {
    private static final ObjectMapper MAPPER = JsonMapper.builder().build();

    private final StandInOptions ordinary;
    private final List<StandInFault> faults = new ArrayList<>();
    private final Queue<StandInScript> scripts = new ArrayDeque<>();
    private final Map<String, LongAdder> requests = new ConcurrentSkipListMap<>();
    private volatile StandInOptions options;

    StandInSteering(StandInOptions ordinary) {
        this.ordinary = ordinary;
        this.options = ordinary;
    }

    StandInOptions options() {
        return options;
    }

    synchronized void reset() {
        faults.clear();
        scripts.clear();
        requests.clear();
        options = ordinary;
    }

    /**
     * Takes {@code faults} and {@code scripts}, lists of {@link StandInFault} and {@link StandInScript} that are added
     * to what is there, and {@code options}, those of {@link StandInOptions} that change.
     */
    synchronized void steer(JsonNode json) {
        try {
            for (JsonNode fault : json.path("faults")) {
                faults.add(MAPPER.treeToValue(fault, StandInFault.class));
            }
            for (JsonNode script : json.path("scripts")) {
                scripts.add(MAPPER.treeToValue(script, StandInScript.class));
            }
            if (json.path("options") instanceof ObjectNode changed) {
                ObjectNode all = MAPPER.valueToTree(options);
                all.setAll(changed);
                options = MAPPER.treeToValue(all, StandInOptions.class);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The fault that the next request has, which is then used up. */
    synchronized Optional<StandInFault> fault(String operation) {
        for (int index = 0; index < faults.size(); index++) {
            StandInFault fault = faults.get(index);
            if (fault.hits(operation)) {
                if (fault.times() == 1) {
                    faults.remove(index);
                } else if (fault.times() > 1) {
                    faults.set(index, fault.once());
                }
                return Optional.of(fault);
            }
        }
        return Optional.empty();
    }

    /** What becomes of the next report. */
    synchronized StandInScript script() {
        return Optional.ofNullable(scripts.poll()).orElse(StandInScript.ORDINARY);
    }

    void count(String operation) {
        requests.computeIfAbsent(operation, _ -> new LongAdder()).increment();
    }

    /** How often each operation was asked for. */
    ObjectNode counts() {
        ObjectNode counts = MAPPER.createObjectNode();
        requests.forEach((operation, count) -> counts.put(operation, count.sum()));
        return counts;
    }
}
