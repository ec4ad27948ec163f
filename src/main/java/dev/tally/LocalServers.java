package dev.tally;

/**
 * What dev mode starts before the application, so that {@code ./mvnw quarkus:dev} needs nothing else. Found by
 * {@link java.util.ServiceLoader}, because the packaged application has no implementation of it.
 */
public interface LocalServers {
    /** Starts what is not configured and tells the configuration where it is, by system properties. */
    void start();
}
