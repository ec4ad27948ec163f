package dev.tally;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.ServiceLoader;

import dev.tally.platform.security.AdminKey;
import dev.tally.platform.security.UsersCheck;
import dev.tally.platform.security.UsersFile;
import dev.tally.platform.tracing.TracingSwitch;
import io.quarkus.runtime.ImageMode;
import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.annotations.QuarkusMain;
import io.quarkus.runtime.configuration.ConfigUtils;
import io.smallrye.config.SmallRyeConfig;

/**
 * Starts the service; with the argument {@code migrate} it migrates the database and ends, with {@code healthy} it says
 * whether the service that runs here is ready.
 */
@QuarkusMain
public final class Tally {
    private static final String MIGRATE = "migrate";
    private static final String HEALTHY = "healthy";
    private static final int EXIT_FAULT = 1;
    private static final int EXIT_USAGE = 2;

    Tally() {}

    public static void main(String... args) {
        if (ImageMode.current() == ImageMode.NATIVE_RUN) {
            // The pollers of virtual threads, when they are virtual threads too, were seen to lose wake-ups in a native
            // binary: one process in a hundred then waited for its time-outs, of 3 and 40 seconds.
            System.setProperty("jdk.pollerMode", "1");
        }
        if (args.length == 0) {
            serve();
        } else if (args.length == 1 && args[0].equals(MIGRATE)) {
            migrate();
        } else if (args.length == 1 && args[0].equals(HEALTHY)) {
            healthy();
        } else {
            System.err.println("Tally takes no argument, or one: migrate, which migrates the database and ends, or "
                    + "healthy, which ends with 0 when the service that runs here is ready.");
            System.exit(EXIT_USAGE);
        }
    }

    private static void serve() {
        String usersFile = System.getenv("TALLY_USERS_FILE");
        if (usersFile != null && !usersFile.isBlank()) {
            try {
                UsersFile.use(usersFile);
            } catch (UsersFile.InvalidException e) {
                refuse(List.of(e.getMessage()));
            }
        }
        List<LocalServers> local = localServers();
        SmallRyeConfig config = configuration();
        TracingSwitch.set(config);
        // Only the packaged application has none: this is production, whatever the profile is called.
        if (local.isEmpty()) {
            List<String> faults = new ArrayList<>();
            StartUpCheck.urlFault(config).ifPresent(faults::add);
            faults.addAll(UsersCheck.faults(config));
            faults.addAll(AdminKey.faults(config));
            refuse(faults);
            UsersCheck.warning(config).ifPresent(System.err::println);
            if (config.getValue("quarkus.flyway.migrate-at-start", Boolean.class)) {
                refuse(StartUpCheck.databaseFault(config));
            }
        }
        local.forEach(LocalServers::start);
        Quarkus.run();
    }

    private static void migrate() {
        List<LocalServers> local = localServers();
        local.forEach(LocalServers::start);
        if (local.isEmpty()) {
            SmallRyeConfig config = configuration();
            refuse(StartUpCheck.urlFault(config));
            refuse(StartUpCheck.databaseFault(config));
        }
        // The application around it, but neither its port nor its timers.
        System.setProperty("quarkus.http.host-enabled", "false");
        System.setProperty("quarkus.scheduler.enabled", "false");
        // Not twice: the command does it itself, so that it can say what was done.
        System.setProperty("quarkus.flyway.migrate-at-start", "false");
        // Nor is there anybody who would have to hear that it ends.
        System.setProperty("quarkus.shutdown.delay", "0S");
        Quarkus.run(MigrateCommand.class);
    }

    private static void healthy() {
        Optional<String> fault = ReadinessCheck.fault(configuration());
        fault.ifPresent(System.err::println);
        System.exit(fault.isPresent() ? EXIT_FAULT : 0);
    }

    private static List<LocalServers> localServers() {
        return ServiceLoader.load(LocalServers.class).stream().map(ServiceLoader.Provider::get).toList();
    }

    /**
     * Made anew: the configuration that {@code ConfigProvider} gives before the application runs is, in a native binary,
     * the one of its build, which knows nothing of this environment.
     */
    private static SmallRyeConfig configuration() {
        return ConfigUtils.configBuilder().build();
    }

    private static void refuse(Optional<String> fault) {
        refuse(fault.stream().toList());
    }

    /** Ends the application if anything is wrong. Logging is not set up yet. */
    private static void refuse(List<String> faults) {
        if (!faults.isEmpty()) {
            faults.forEach(fault -> System.err.println("Tally does not start: " + fault));
            System.exit(EXIT_FAULT);
        }
    }
}
