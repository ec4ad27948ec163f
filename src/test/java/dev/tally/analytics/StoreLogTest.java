package dev.tally.analytics;

import static dev.tally.analytics.TestStore.dataset;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.junit.jupiter.api.Test;

import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;

/** Who writes credentials when everything is logged. */
class StoreLogTest {
    private static final Pattern SILENCED = Pattern.compile("quarkus\\.log\\.category\\.\"([^\"]+)\"\\.level");
    private static final AwsSessionCredentials CREDENTIALS = AwsSessionCredentials.create("known-id-of-a-key",
            "known-secret-of-a-key", "known-token-of-a-session");

    /** Keeps the names of those who write what they must not. */
    private static final class Ears extends Handler {
        private final ConcurrentLinkedQueue<String> leaks = new ConcurrentLinkedQueue<>();
        private final ConcurrentLinkedQueue<String> heard = new ConcurrentLinkedQueue<>();

        @Override
        public void publish(LogRecord message) {
            String name = String.valueOf(message.getLoggerName());
            heard.add(name);
            String all = message.getMessage() + Arrays.toString(message.getParameters()) + message.getThrown();
            // The server of the tests may.
            if (!name.startsWith("org.gaul.") && all.contains("known-")) {
                leaks.add(name);
            }
        }

        @Override
        public void flush() {
            // Nothing is kept back.
        }

        @Override
        public void close() {
            // Nothing is open.
        }
    }

    /** To everything, but to some only from a level. */
    private static Ears listen(Set<String> names, Level level) throws IOException {
        Ears ears = new Ears();
        ears.setLevel(Level.ALL);
        Map<Logger, Optional<Level>> before = new HashMap<>();
        Logger root = Logger.getLogger("");
        // By name too, because the application's own levels may be set here.
        for (Logger logger : List.of(root, Logger.getLogger("software.amazon.awssdk"), Logger.getLogger("sun.net"))) {
            set(logger, Level.ALL, before);
        }
        names.forEach(name -> set(Logger.getLogger(name), level, before));
        // Not thousands of lines into the report of the tests.
        List<Handler> others = List.of(root.getHandlers());
        others.forEach(root::removeHandler);
        root.addHandler(ears);
        try (TestStore s3 = new TestStore()) {
            AnalyticsStore store = s3.with(StoreConfigForTests.SMALL.withMaxTries(1), CREDENTIALS);
            for (String key : List.of("x.csv", "x/")) {
                assertThat(catchThrowable(() -> store.find(dataset(key)))).isNotNull();
            }
        } finally {
            root.removeHandler(ears);
            others.forEach(root::addHandler);
            before.forEach((logger, was) -> logger.setLevel(was.orElse(null)));
        }
        return ears;
    }

    private static void set(Logger logger, Level level, Map<Logger, Optional<Level>> before) {
        before.put(logger, Optional.ofNullable(logger.getLevel()));
        logger.setLevel(level);
    }

    private static Set<String> silenced() throws IOException {
        Properties properties = new Properties();
        try (InputStream in = Files.newInputStream(Path.of("src/main/resources/application.properties"))) {
            properties.load(in);
        }
        Set<String> names = new TreeSet<>();
        for (String name : properties.stringPropertyNames()) {
            Matcher matcher = SILENCED.matcher(name);
            if (matcher.matches() && !List.of("DEBUG", "TRACE", "ALL").contains(properties.getProperty(name))) {
                names.add(matcher.group(1));
            }
        }
        return names;
    }

    @Test
    void writesNoCredentialAtAnyLevel() throws IOException {
        Set<String> silenced = silenced();

        assertThat(listen(silenced, Level.ALL).leaks).isNotEmpty();

        Ears ears = listen(silenced, Level.INFO);
        assertThat(ears.heard).contains("software.amazon.awssdk.request");
        assertThat(ears.leaks).isEmpty();
    }
}
