package dev.tally.local;

import jakarta.enterprise.event.Observes;
import jakarta.enterprise.event.ObservesAsync;
import jakarta.inject.Singleton;

import org.eclipse.microprofile.config.ConfigProvider;
import org.jboss.logging.Logger;

import io.quarkus.arc.profile.IfBuildProfile;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.vertx.http.HttpServerStart;

/** Says in dev mode where everything is. The password is that of application.properties, which production refuses. */
@Singleton
@IfBuildProfile("dev")
class DevGreeting {
    private static final Logger LOG = Logger.getLogger("dev.tally");

    void greet(@ObservesAsync HttpServerStart start) {
        // Not the option's port, which is 0 when any free one was asked for: Quarkus puts the real one here.
        String port = ConfigProvider.getConfig().getValue("quarkus.http.port", String.class);
        String address = "http://" + start.options().getHost() + ":" + port;
        LOG.infof("Tally answers at %1$s/api/usage; try it at %1$s/docs, log in as admin with admin123.", address);
        if (DevServers.hasOwnGcore()) {
            String standIn = ConfigProvider.getConfig().getValue("tally.reports.gcore.base-url", String.class);
            LOG.infof(
                    "Reports come from a stand-in for Gcore at %s, with made-up figures, after some 8 seconds. For the"
                            + " real one set GCORE_USERNAME and GCORE_PASSWORD, or GCORE_API_TOKEN.",
                    standIn);
        }
    }

    void stop(@Observes ShutdownEvent event) {
        DevServers.stop();
    }
}
