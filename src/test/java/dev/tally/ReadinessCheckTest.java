package dev.tally;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;

@Timeout(20)
class ReadinessCheckTest {
    @ParameterizedTest
    @ValueSource(strings = {"0.0.0.0", "127.0.0.1"})
    void findsNothingWrongWithAServiceThatIsReady(String host) throws Exception {
        assertThat(faultOf(host, "HTTP/1.1 200 OK\r\n\r\n")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"HTTP/1.1 503 Service Unavailable, HTTP/1.1 503 Service Unavailable", "'', no answer"})
    void saysWhatAServiceAnswersThatIsNotReady(String answer, String said) throws Exception {
        assertThat(faultOf("127.0.0.1", answer)).hasValueSatisfying(
                fault -> assertThat(fault).startsWith("Tally is not ready on port ").endsWith(": " + said));
    }

    @Test
    void saysThatNobodyAnswers() throws Exception {
        int port;
        try (ServerSocket closed = new ServerSocket(0)) {
            port = closed.getLocalPort();
        }

        assertThat(ReadinessCheck.fault(config("127.0.0.1", port))).hasValueSatisfying(
                fault -> assertThat(fault).startsWith("Tally does not answer on port " + port + ": "));
    }

    private static Optional<String> faultOf(String host, String answer) throws Exception {
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Thread service = Thread.ofVirtual().start(() -> answer(server, answer));
            Optional<String> fault = ReadinessCheck.fault(config(host, server.getLocalPort()));
            service.join();
            return fault;
        }
    }

    private static void answer(ServerSocket server, String answer) {
        try (Socket client = server.accept()) {
            byte[] request = new byte[4096];
            int length = client.getInputStream().read(request);
            assertThat(new String(request, 0, length, StandardCharsets.US_ASCII)).startsWith("GET /q/health/ready ");
            client.getOutputStream().write(answer.getBytes(StandardCharsets.US_ASCII));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static SmallRyeConfig config(String host, int port) {
        return new SmallRyeConfigBuilder().withSources(new PropertiesConfigSource(Map.of("quarkus.http.host", host,
                "quarkus.http.port", Integer.toString(port)), "test", 100)).build();
    }
}
