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
        greetFromS3();
        greetFromClickHouse();
    }

    private static void greetFromS3() {
        if (DevServers.hasOwnS3()) {
            LOG.infof(
                    "S3 is at %s, with sample files in the bucket %s, which is a directory in .tally/s3. For another"
                            + " store set S3_BUCKET, and S3_ENDPOINT if it is not Amazon's.",
                    ConfigProvider.getConfig().getValue("quarkus.s3.endpoint-override", String.class),
                    LocalS3.SAMPLES);
        }
    }

    private static void greetFromClickHouse() {
        String another = "For another set CLICKHOUSE_HOST, CLICKHOUSE_USER and CLICKHOUSE_PASSWORD.";
        if (DevServers.hasOwnClickHouse()) {
            LOG.infof(
                    "ClickHouse is at %s, with " + SampleRecords.COUNT
                            + " sample records; its user is %s, the password in .tally/clickhouse/password. %s",
                    "http://127.0.0.1:" + ConfigProvider.getConfig().getValue("tally.clickhouse.port", String.class),
                    LocalClickHouse.USER,
                    another);
        }
        DevServers.missingClickHouse().ifPresent(
                reason -> LOG.warnf("%s What needs ClickHouse does not work. %s", reason, another));
    }

    void stop(@Observes ShutdownEvent event) {
        DevServers.stop();
    }
}
