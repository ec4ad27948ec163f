package dev.tally;

import java.util.ServiceLoader;

import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.annotations.QuarkusMain;

/** Starts the application. */
@QuarkusMain
public final class Tally {
    Tally() {}

    public static void main(String... args) {
        ServiceLoader.load(LocalServers.class).forEach(LocalServers::start);
        Quarkus.run(args);
    }
}
