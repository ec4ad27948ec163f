package dev.tally.reports;

import java.io.UncheckedIOException;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;

import jakarta.enterprise.context.ApplicationScoped;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;

import dev.tally.platform.events.StateEvent;
import dev.tally.platform.events.StateSource;

/** How reports stand, for those who follow them: the job, never its rows. */
@ApplicationScoped
class ReportEvents {
    private final JobQueries jobs;
    private final ObjectMapper json;
    private final StateSource source = this::look;

    ReportEvents(JobQueries jobs, ObjectMapper json) {
        this.jobs = jobs;
        this.json = json;
    }

    /** The same at each call. */
    StateSource source() {
        return source;
    }

    StateEvent of(ReportJob job) {
        try {
            return new StateEvent(json.writeValueAsString(JobResponse.of(job)), job.status().ended());
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Map<UUID, StateEvent> look(Set<UUID> ids) {
        return jobs.find(ids).stream().collect(Collectors.toMap(ReportJob::id, this::of));
    }
}
