package dev.tally.platform.http;

import io.quarkus.runtime.annotations.RegisterForReflection;

/**
 * @param status {@code healthy}, {@code unhealthy}, or {@code ending}: it works, but nobody should send to it any more
 * @param database {@code connected}, {@code not migrated} or {@code unavailable}
 * @param version of the service
 */
@RegisterForReflection
public record HealthResponse(String status, String database, String version) {}
