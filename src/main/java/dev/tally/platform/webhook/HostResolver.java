package dev.tally.platform.webhook;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;

/** Finds the addresses of a host. */
interface HostResolver {
    /** @return at least one */
    List<InetAddress> resolve(String host) throws UnknownHostException;
}
