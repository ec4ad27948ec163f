package dev.tally.platform.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;

import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsExchange;
import com.sun.net.httpserver.HttpsServer;

import dev.tally.platform.webhook.Outcome.Result;
import dev.tally.testsupport.SetClock;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.net.PemTrustOptions;

/** The receiver has to prove the name that the caller gave, although the connection is made to an address. */
@Timeout(60)
class WebhookTlsTest {
    private static final Vertx VERTX = Vertx.vertx();
    private static final String NAME = "hooks.example.test";
    private static final char[] PASSWORD = "changeit".toCharArray();
    private static final WebhookConfig CONFIG = WebhookConfigForTests.forLocalReceivers();

    private final Path directory;
    private final SSLContext serverTls = SSLContext.getInstance("TLS");
    private final List<String> names = new CopyOnWriteArrayList<>();

    WebhookTlsTest(@TempDir Path directory) throws Exception {
        this.directory = directory;
        keytool("-genkeypair", "-alias", "receiver", "-keyalg", "EC", "-dname", "CN=" + NAME, "-ext", "san=dns:" + NAME,
                "-storetype", "PKCS12");
        keytool("-exportcert", "-alias", "receiver", "-rfc", "-file", directory.resolve("receiver.pem").toString());
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream file = Files.newInputStream(directory.resolve("receiver.p12"))) {
            store.load(file, PASSWORD);
        }
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(store, PASSWORD);
        serverTls.init(keys.getKeyManagers(), null, null);
    }

    @AfterAll
    static void close() {
        VERTX.close().toCompletionStage().toCompletableFuture().join();
    }

    @Test
    void deliversToTheOneWhoseCertificateIsForTheName() throws Exception {
        Result result = send(NAME, trusting());

        assertThat(result).isEqualTo(new Result(Outcome.DELIVERED, Optional.of(204)));
        assertThat(names).as("asked for by SNI").containsExactly(NAME);
    }

    @Test
    void sendsNothingToOneWhoseCertificateIsForAnotherName() throws Exception {
        assertThat(send("other.example.test", trusting())).isEqualTo(Result.without(Outcome.FAILED));
        assertThat(names).isEmpty();
    }

    @Test
    void sendsNothingToOneWhoseCertificateNobodyVouchesFor() throws Exception {
        assertThat(send(NAME, new HttpClientOptions())).isEqualTo(Result.without(Outcome.FAILED));
        assertThat(names).isEmpty();
    }

    private Result send(String host, HttpClientOptions options) throws Exception {
        HttpsServer server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setHttpsConfigurator(new HttpsConfigurator(serverTls));
        WebhookSender sender = new WebhookSender(VERTX, options,
                _ -> List.of(InetAddress.ofLiteral("127.0.0.1")), _ -> true, new CallbackRules(CONFIG),
                new WebhookSignature(CONFIG), new SetClock(Instant.parse("2025-03-01T12:00:00Z")), CONFIG, "1.2.3");
        try (Receiver receiver = new Receiver(server, exchange -> {
            ExtendedSSLSession session = (ExtendedSSLSession) ((HttpsExchange) exchange).getSSLSession();
            session.getRequestedServerNames().forEach(name -> names.add(new String(name.getEncoded(),
                    StandardCharsets.US_ASCII)));
            Receiver.answer(exchange, 204);
        })) {
            URI url = URI.create("https://" + host + ":" + receiver.port() + "/");
            return sender.send(new DueDelivery(UUID.randomUUID(), url, host, new byte[]{'{', '}'}, 1,
                    Instant.parse("2025-03-01T12:00:00Z")));
        } finally {
            sender.close();
        }
    }

    private HttpClientOptions trusting() {
        return new HttpClientOptions().setTrustOptions(
                new PemTrustOptions().addCertPath(directory.resolve("receiver.pem").toString()));
    }

    private void keytool(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(
                List.of(Path.of(System.getProperty("java.home"), "bin", "keytool").toString()));
        command.addAll(List.of(arguments));
        command.addAll(List.of("-keystore", directory.resolve("receiver.p12").toString(), "-storepass",
                new String(PASSWORD)));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
    }
}
