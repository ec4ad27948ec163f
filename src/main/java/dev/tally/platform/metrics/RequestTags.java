package dev.tally.platform.metrics;

import java.util.List;
import java.util.Set;

import jakarta.inject.Singleton;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.config.MeterFilter;

/**
 * Keeps callers' own words out of the figures of requests, of which each would be a series for ever: methods that nobody
 * knows, and the paths of requests that were broken off before it was clear whether there is an endpoint.
 */
@Singleton
public final class RequestTags implements MeterFilter {
    private static final String REQUESTS = "http.server.requests";
    private static final Set<String> METHODS = Set.of("GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS");
    private static final Tag OTHER = Tag.of("method", "OTHER");
    private static final Tag UNKNOWN = Tag.of("uri", "UNKNOWN");

    @Override
    public Meter.Id map(Meter.Id id) {
        if (!id.getName().equals(REQUESTS)) {
            return id;
        }
        String method = id.getTag("method");
        boolean known = method == null || METHODS.contains(method);
        boolean whole = !"RESET".equals(id.getTag("status"));
        return known && whole ? id : id.replaceTags(replaced(id.getTags(), known, whole));
    }

    private static Tags replaced(List<Tag> tags, boolean known, boolean whole) {
        Tags replaced = Tags.of(tags);
        replaced = known ? replaced : replaced.and(OTHER);
        return whole ? replaced : replaced.and(UNKNOWN);
    }
}
