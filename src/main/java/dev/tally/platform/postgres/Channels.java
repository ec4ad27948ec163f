package dev.tally.platform.postgres;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;

import jakarta.annotation.PreDestroy;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;

import org.eclipse.microprofile.config.inject.ConfigProperty;

import io.vertx.core.Vertx;

/** What is announced in the database, by channel. */
@Singleton
public class Channels {
    private final Vertx vertx;
    private final ConnectSettings settings;
    private final List<ChannelListener> listeners = new CopyOnWriteArrayList<>();

    @Inject
    Channels(Vertx vertx, @ConfigProperty(name = "quarkus.datasource.jdbc.url") String jdbcUrl,
            @ConfigProperty(name = "quarkus.datasource.username") Optional<String> username,
            @ConfigProperty(name = "quarkus.datasource.password") Optional<String> password,
            @ConfigProperty(name = "quarkus.datasource.jdbc.additional-jdbc-properties") Map<String, String> more) {
        this(vertx, ConnectSettings.of(jdbcUrl, ConnectSettings.properties(username, password, more)));
    }

    Channels(Vertx vertx, ConnectSettings settings) {
        this.vertx = vertx;
        this.settings = settings;
    }

    /**
     * Listens on a channel, with a connection of its own, from when somebody asks for the first time what was heard.
     *
     * @param channel an identifier of SQL
     * @param heartbeatMillis how often the connection is tried while somebody asks
     * @param maxSilenceMillis how long it is believed without a sign of life
     */
    public ChannelListener listen(String channel, int heartbeatMillis, int maxSilenceMillis) {
        ChannelListener listener = new ChannelListener(vertx, new HostChoice(vertx, settings), channel, heartbeatMillis,
                maxSilenceMillis);
        listeners.add(listener);
        return listener;
    }

    @PreDestroy
    void close() {
        listeners.forEach(ChannelListener::close);
    }
}
