package dev.tally;

import java.util.List;
import java.util.ServiceLoader;

import org.eclipse.microprofile.config.ConfigProvider;

import dev.tally.platform.security.UsersFile;
import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.annotations.QuarkusMain;
import io.smallrye.config.SmallRyeConfig;

/** Starts the application. */
@QuarkusMain
public final class Tally {
    private static final int EXIT_FAULT = 1;

    Tally() {}

    public static void main(String... args) {
        String usersFile = System.getenv("TALLY_USERS_FILE");
        if (usersFile != null && !usersFile.isBlank()) {
            try {
                UsersFile.use(usersFile);
            } catch (UsersFile.InvalidException e) {
                refuse(List.of(e.getMessage()));
            }
        }
        List<LocalServers> local = ServiceLoader.load(LocalServers.class).stream().map(ServiceLoader.Provider::get)
                .toList();
        // Only the packaged application has none: this is production, whatever the profile is called.
        if (local.isEmpty()) {
            SmallRyeConfig config = ConfigProvider.getConfig().unwrap(SmallRyeConfig.class);
            refuse(StartUpCheck.faults(config));
            refuse(StartUpCheck.databaseFault(config).stream().toList());
        }
        local.forEach(LocalServers::start);
        Quarkus.run(args);
    }

    /** Ends the application if anything is wrong. Logging is not set up yet. */
    private static void refuse(List<String> faults) {
        if (!faults.isEmpty()) {
            faults.forEach(fault -> System.err.println("Tally does not start: " + fault));
            System.exit(EXIT_FAULT);
        }
    }
}
