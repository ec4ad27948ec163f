package dev.tally;

import java.util.List;
import java.util.ServiceLoader;

import org.eclipse.microprofile.config.ConfigProvider;

import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.annotations.QuarkusMain;
import io.smallrye.config.SmallRyeConfig;

/** Starts the application. */
@QuarkusMain
public final class Tally {
    private static final int EXIT_FAULT = 1;

    Tally() {}

    public static void main(String... args) {
        List<LocalServers> local = ServiceLoader.load(LocalServers.class).stream().map(ServiceLoader.Provider::get)
                .toList();
        // Only the packaged application has none: this is production, whatever the profile is called.
        if (local.isEmpty()) {
            List<String> faults = StartUpCheck.faults(ConfigProvider.getConfig().unwrap(SmallRyeConfig.class));
            if (!faults.isEmpty()) {
                // Logging is not set up yet.
                faults.forEach(fault -> System.err.println("Tally does not start: " + fault));
                System.exit(EXIT_FAULT);
            }
        }
        local.forEach(LocalServers::start);
        Quarkus.run(args);
    }
}
