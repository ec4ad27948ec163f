package dev.tally.local;

import java.io.IOException;
import java.util.List;

import org.eclipse.microprofile.config.Config;
import org.eclipse.microprofile.config.ConfigProvider;

/** What dev mode does before the application starts, as a process that a test can kill. */
final class LocalServersProcess {
    private LocalServersProcess() {}

    /**
     * Starts the servers, says where they are, and waits for the end of its standard input.
     *
     * @param args {@code reload} to start them once more, as live reload does
     */
    public static void main(String... args) throws IOException {
        new DevServers().start();
        if (List.of(args).contains("reload")) {
            say("s3 before", "quarkus.s3.endpoint-override");
            sayClickHouse("clickhouse before");
            new DevServers().start();
        }
        System.out.println(ConfigProvider.getConfig().getValue("tally.reports.gcore.base-url", String.class));
        System.out.println(ConfigProvider.getConfig().getValue("quarkus.datasource.jdbc.url", String.class));
        say("s3", "quarkus.s3.endpoint-override");
        sayClickHouse("clickhouse");
        System.out.println("ready");
        System.in.transferTo(System.out);
    }

    private static void sayClickHouse(String server) {
        Config config = ConfigProvider.getConfig();
        System.out.println(server + " " + config.getOptionalValue("tally.clickhouse.host", String.class)
                .map(host -> "http://" + host + ":" + config.getValue("tally.clickhouse.port", String.class))
                .orElse("nowhere"));
    }

    private static void say(String server, String property) {
        System.out.println(server + " "
                + ConfigProvider.getConfig().getOptionalValue(property, String.class).orElse("nowhere"));
    }
}
