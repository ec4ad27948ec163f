package dev.tally.local;

import java.io.IOException;

import org.eclipse.microprofile.config.ConfigProvider;

/** What dev mode does before the application starts, as a process that a test can kill. */
final class LocalServersProcess {
    private LocalServersProcess() {}

    /** Starts the servers, says where Gcore and the database are, and waits for the end of its standard input. */
    public static void main(String... args) throws IOException {
        new DevServers().start();
        System.out.println(ConfigProvider.getConfig().getValue("tally.reports.gcore.base-url", String.class));
        System.out.println(ConfigProvider.getConfig().getValue("quarkus.datasource.jdbc.url", String.class));
        System.in.transferTo(System.out);
    }
}
