package dev.tally.testsupport;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

import org.jboss.logging.Logger;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;

/** A test that is skipped where there is no Chromium with its ChromeDriver; but not in CI, where it then fails. */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(NeedsChromium.Condition.class)
public @interface NeedsChromium {
    /** Looks for both on the path. */
    final class Condition implements ExecutionCondition {
        private static final Logger LOG = Logger.getLogger(NeedsChromium.class);
        private static final String REASON = "There is no chromium, or no chromedriver, on the path. Debian has both: "
                + "apt-get install chromium chromium-driver";

        @Override
        public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
            if (Chromium.isThere() || NeedsClickHouse.Condition.isCi()) {
                return ConditionEvaluationResult.enabled("Chromium is here, or this is CI.");
            }
            LOG.warn("##################################################################");
            LOG.warnf("# %s", REASON);
            LOG.warn("# THE TESTS OF THE CONSOLE ARE SKIPPED. In CI they would fail.");
            LOG.warn("##################################################################");
            return ConditionEvaluationResult.disabled(REASON);
        }
    }
}
