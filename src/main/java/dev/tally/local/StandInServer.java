package dev.tally.local;

import java.net.InetSocketAddress;
import java.time.Duration;

import dev.tally.platform.time.SystemClock;

/** The stand-in for Gcore as a process of its own, for compose.yaml. */
public final class StandInServer {
    private static final Duration REPORT_TIME = Duration.ofSeconds(8);

    private StandInServer() {}

    /**
     * Serves until it is killed.
     *
     * @param args the port
     */
    public static void main(String... args) throws InterruptedException {
        GcoreStandIn standIn = new GcoreStandIn(new SystemClock().clock(), REPORT_TIME,
                new InetSocketAddress(Integer.parseInt(args[0])));
        Runtime.getRuntime().addShutdownHook(new Thread(standIn::close));
        Thread.currentThread().join();
    }
}
