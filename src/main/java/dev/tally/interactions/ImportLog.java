package dev.tally.interactions;

import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;

import dev.tally.platform.problem.ProblemCode;
import dev.tally.platform.problem.ProblemException;

/** What an import has to say of the workbook: rejected rows, and what people may want to know of the others. */
final class ImportLog {
    private static final int MAX_VALUE_CHARACTERS = 100;

    private final int maxWarnings;
    private final int maxRejects;
    private final List<Warning> warnings = new ArrayList<>();
    private final List<Reject> rejects = new ArrayList<>();
    private long warningCount;

    /**
     * @param maxWarnings how many are kept; more are counted
     * @param maxRejects how many there may be
     */
    ImportLog(int maxWarnings, int maxRejects) {
        this.maxWarnings = maxWarnings;
        this.maxRejects = maxRejects;
    }

    /** A value of a workbook, short enough to be shown. */
    static String cut(String value) {
        return value.codePointCount(0, value.length()) <= MAX_VALUE_CHARACTERS
                ? value
                : value.substring(0, value.offsetByCodePoints(0, MAX_VALUE_CHARACTERS - 1)) + "…";
    }

    void warn(@Nullable String sheet, @Nullable Long row, @Nullable String column, String message) {
        warningCount++;
        if (warnings.size() < maxWarnings) {
            warnings.add(new Warning(sheet, row, column, message));
        }
    }

    /** Counts warnings that are not worth to be made, because there are too many. */
    void count(long more) {
        warningCount += more;
    }

    /** @throws ProblemException when there are more than an import keeps */
    void reject(SheetPlan plan, long row, int column, String value, String reason) {
        reject(new Reject(plan.sheet().name(), row, plan.kind().columns().get(column), cut(value), reason));
    }

    void reject(Reject reject) {
        if (rejects.size() == maxRejects) {
            throw new ProblemException(ProblemCode.UPLOAD_REJECTED, "More than " + maxRejects
                    + " rows of the workbook are wrong, so the rest was not looked at. Nothing was stored.");
        }
        rejects.add(reject);
    }

    List<Warning> warnings() {
        return warnings;
    }

    /** All, also those that are not kept. */
    long warningCount() {
        return warningCount;
    }

    List<Reject> rejects() {
        return rejects;
    }
}
