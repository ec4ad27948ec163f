package dev.tally.platform.security;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Optional;
import java.util.logging.Formatter;
import java.util.logging.Level;

import org.jboss.logmanager.ExtLogRecord;
import org.jboss.logmanager.formatters.PatternFormatter;
import org.junit.jupiter.api.Test;

class KeyMaskTest {
    private static final String SECRET = "9ZyXwVuTsRqPoNmLkJiHgFeDcBa987654321zYxWvUtSr";
    private static final String KEY = "tly_Ab12" + SECRET;
    private static final String MASKED = "tly_Ab12…";

    private final KeyMask mask = new KeyMask();
    private final Formatter formatter = new PatternFormatter("%X{requestId} %s%e");

    private String line(ExtLogRecord logged) {
        assertThat(mask.isLoggable(logged)).isTrue();
        String line = formatter.format(logged);
        assertThat(line).doesNotContain(SECRET).doesNotContain(SECRET.substring(10));
        return line;
    }

    private static ExtLogRecord logged(String format, Object... parameters) {
        ExtLogRecord logged = new ExtLogRecord(Level.INFO, format, ExtLogRecord.FormatStyle.PRINTF, "test");
        logged.setParameters(parameters);
        return logged;
    }

    @Test
    void leavesTheStartOfKeysInAMessage() {
        assertThat(line(logged("a " + KEY + " and?key=" + KEY + "&b"))).isEqualTo(" a " + MASKED + " and?key="
                + MASKED + "&b");
        assertThat(line(logged(KEY.replace("_", "%%5F"), 1))).isEqualTo(" tly%5FAb12…");
        assertThat(line(logged("/record/" + KEY.replace("987654321", "*")))).isEqualTo(" /record/" + MASKED);
    }

    @Test
    void leavesTheStartOfKeysInParameters() {
        assertThat(line(logged("%d of %s", 1, Optional.of(KEY)))).isEqualTo(" 1 of Optional[" + MASKED + "]");
    }

    @Test
    void leavesTheStartOfKeysInTheContext() {
        ExtLogRecord logged = logged("probed");
        logged.setMdc(Map.of("requestId", KEY));

        assertThat(line(logged)).isEqualTo(MASKED + " probed");
    }

    @Test
    void leavesTheStartOfKeysInFaultsAndTheirCauses() {
        IllegalStateException fault = new IllegalStateException("outer", new IllegalArgumentException("of " + KEY));
        fault.addSuppressed(new IllegalStateException("beside " + KEY));
        ExtLogRecord logged = logged("failed");
        logged.setThrown(fault);

        assertThat(line(logged)).contains("java.lang.IllegalStateException: outer")
                .contains("Caused by: java.lang.IllegalArgumentException: of " + MASKED)
                .contains("java.lang.IllegalStateException: beside " + MASKED).contains("KeyMaskTest");
    }

    @Test
    void endsWithFaultsThatCauseEachOther() {
        IllegalStateException one = new IllegalStateException("one");
        IllegalStateException two = new IllegalStateException("two " + KEY, one);
        one.initCause(two);
        ExtLogRecord logged = logged("failed");
        logged.setThrown(one);

        assertThat(line(logged)).contains("two " + MASKED);
    }

    @Test
    void changesNothingElse() {
        IllegalStateException fault = new IllegalStateException("quietly_a tly_ab");
        ExtLogRecord logged = logged("%s%% tly_abc tly- shortly_before", 5);
        logged.setThrown(fault);

        String line = line(logged);

        assertThat(line).startsWith(" 5% tly_abc tly- shortly_before").contains("quietly_a tly_ab");
    }
}
