package dev.tally.testsupport;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;

import dev.tally.local.ClickHouseLibrary;

/** A test that is skipped where ClickHouse cannot be had; but not in CI, where it then fails. */
@Target({ElementType.TYPE, ElementType.METHOD})
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(NeedsClickHouse.Condition.class)
public @interface NeedsClickHouse {
    /** Finds, or fetches, the library. */
    final class Condition implements ExecutionCondition {
        static boolean isCi() {
            return System.getenv("CI") != null;
        }

        @Override
        public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
            if (isCi()) {
                return ConditionEvaluationResult.enabled("This is CI.");
            }
            ClickHouseLibrary.Search search = ClickHouseLibrary.ofUser().find();
            return search.library().isPresent()
                    ? ConditionEvaluationResult.enabled("ClickHouse is here.")
                    : ConditionEvaluationResult.disabled(search.reason());
        }
    }
}
