package dev.tally;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

import io.smallrye.config.SmallRyeConfig;

/**
 * Asks the service that runs on this machine whether it is ready, as a container's health check has to where there is
 * neither a shell nor curl.
 */
final class ReadinessCheck {
    /** Longer than the service takes to find its database silent, which it then says itself. */
    private static final int MAX_SILENCE_MILLIS = 8000;
    private static final String REQUEST = "GET /q/health/ready HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";

    private ReadinessCheck() {}

    /** Why it is not ready, in a sentence; empty when it is. */
    static Optional<String> fault(SmallRyeConfig config) {
        int port = config.getValue("quarkus.http.port", Integer.class);
        try (Socket socket = new Socket()) {
            InetAddress listensOn = InetAddress.getByName(config.getValue("quarkus.http.host", String.class));
            InetAddress address = listensOn.isAnyLocalAddress() ? InetAddress.getLoopbackAddress() : listensOn;
            socket.connect(new InetSocketAddress(address, port), MAX_SILENCE_MILLIS);
            socket.setSoTimeout(MAX_SILENCE_MILLIS);
            socket.getOutputStream().write(REQUEST.getBytes(StandardCharsets.US_ASCII));
            String status = new BufferedReader(
                    new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII)).readLine();
            return status != null && status.startsWith("HTTP/1.1 200")
                    ? Optional.empty()
                    : Optional
                            .of("Tally is not ready on port " + port + ": " + (status == null ? "no answer" : status));
        } catch (IOException e) {
            return Optional.of("Tally does not answer on port " + port + ": " + e.getMessage());
        }
    }
}
