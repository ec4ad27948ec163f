package dev.tally;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

import org.eclipse.microprofile.config.ConfigProvider;
import org.junit.jupiter.api.Test;

import io.quarkus.test.junit.QuarkusTest;
import io.smallrye.config.ConfigValue;
import io.smallrye.config.SmallRyeConfig;

/** The bounds that docs/operations.md tells operators are those that hold. */
@QuarkusTest
class DocumentedDefaultsTest {
    /** A row about one or several properties that begin alike, with numbers or truth values for defaults. */
    private static final Pattern ROW = Pattern.compile(
            "(?m)^\\| `(tally(?:\\.[a-z0-9-]+)+)`((?:, `\\.[a-z0-9-]+`)*) \\| ((?:[0-9]+|true|false)(?:, (?:[0-9]+|true|false))*) \\|");
    /** What application.properties says has this ordinal; tests come above it. */
    private static final int ORDINAL = 250;
    private static final int MANY = 100;

    @Test
    void areThoseThatHold() throws IOException {
        SmallRyeConfig config = ConfigProvider.getConfig().unwrap(SmallRyeConfig.class);
        Map<String, String> documented = documented();

        assertThat(documented).hasSizeGreaterThan(MANY).allSatisfy((name, value) -> {
            ConfigValue holds = config.getConfigValue(name);
            boolean ofTests = holds.getConfigSourceOrdinal() > ORDINAL || holds.getNameProfiled().startsWith("%");
            assertThat(ofTests ? value : holds.getValue()).as(name).isEqualTo(value);
        });
    }

    private static Map<String, String> documented() throws IOException {
        Map<String, String> documented = new TreeMap<>();
        ROW.matcher(Files.readString(Path.of("docs", "operations.md"))).results().forEach(row -> {
            String[] values = row.group(3).split(", ", -1);
            documented.put(row.group(1), values[0]);
            String[] others = row.group(2).replaceAll("[`, ]+", " ").strip().split(" ", -1);
            String prefix = row.group(1).replaceFirst("\\.[^.]*$", "");
            for (int i = 1; i < values.length; i++) {
                documented.put(prefix + others[i - 1], values[i]);
            }
        });
        return documented;
    }
}
