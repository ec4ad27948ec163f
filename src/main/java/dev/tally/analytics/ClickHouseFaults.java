package dev.tally.analytics;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.jboss.logging.Logger;

import dev.tally.platform.clickhouse.ClickHouseException;
import dev.tally.platform.problem.ProblemCode;
import dev.tally.platform.problem.ProblemException;

/** What the faults of ClickHouse mean for those who asked for figures. */
final class ClickHouseFaults {
    private static final Logger LOG = Logger.getLogger(ClickHouseFaults.class);
    private static final int TOO_MANY_ROWS = 158;
    private static final int MEMORY_LIMIT_EXCEEDED = 241;
    private static final int UNPACKING_FAILED = 354;
    private static final int S3_ERROR = 499;
    private static final Pattern STATUS = Pattern.compile("HTTP response code: (\\d{3})");
    private static final Pattern MISSING = Pattern.compile("NoSuchKey|NO_SUCH_KEY|code: 404|does not exist");
    private static final Pattern REFUSED = Pattern
            .compile("AccessDenied|Access Denied|ACCESS_DENIED|SignatureDoesNotMatch|InvalidAccessKeyId|code: 40[13]");

    private ClickHouseFaults() {}

    /** A fault in the words of this job; it may be an {@link ObjectChangedException} or a {@link NotPushedDownException}. */
    static RuntimeException translated(ClickHouseException fault, Dataset dataset) {
        return switch (fault.kind()) {
            case NOT_CONFIGURED -> new ProblemException(ProblemCode.ENGINE_UNAVAILABLE, "The dataset " + dataset.name()
                    + " is read by ClickHouse, which is not configured: set CLICKHOUSE_HOST, CLICKHOUSE_USER and"
                    + " CLICKHOUSE_PASSWORD.", fault);
            case REFUSED -> refused(fault, dataset);
            case TIMED_OUT -> unavailable("took too long", fault, dataset);
            case TOO_LARGE -> unavailable("gave a larger answer than may be", fault, dataset);
            case INTERRUPTED -> unavailable("was given up", fault, dataset);
            case UNREACHABLE -> unavailable("cannot be reached", fault, dataset);
        };
    }

    private static RuntimeException refused(ClickHouseException fault, Dataset dataset) {
        return switch (fault.code().orElse(0)) {
            // Groups of lines that are no rows may be among them, so it is not yet certain that there are too many.
            case TOO_MANY_ROWS -> new NotPushedDownException("finds too many groups");
            case MEMORY_LIMIT_EXCEEDED -> unavailable("lacks memory", fault, dataset);
            // Whoever reads it instead says what is wrong with it.
            case UNPACKING_FAILED -> new NotPushedDownException("cannot unpack an object");
            case S3_ERROR -> ofStore(fault, dataset);
            default -> unavailable("did not do what it was asked", fault, dataset);
        };
    }

    private static RuntimeException ofStore(ClickHouseException fault, Dataset dataset) {
        String said = fault.said();
        if (MISSING.matcher(said).find()) {
            LOG.infof(fault, "An object of the dataset %s was gone when ClickHouse came to read it", dataset.name());
            return new ObjectChangedException(dataset.key());
        }
        if (REFUSED.matcher(said).find()) {
            return new ProblemException(ProblemCode.STORE_REFUSED, "ClickHouse may not read the dataset "
                    + dataset.name() + " in its store.", fault);
        }
        Matcher status = STATUS.matcher(said);
        return new ProblemException(ProblemCode.STORE_UNAVAILABLE, "The store of the dataset " + dataset.name()
                + (status.find()
                        ? " answered ClickHouse with the status " + status.group(1) + "."
                        : " does not answer ClickHouse."),
                fault);
    }

    private static ProblemException unavailable(String what, ClickHouseException fault, Dataset dataset) {
        return new ProblemException(ProblemCode.ENGINE_UNAVAILABLE,
                "ClickHouse, which reads the dataset " + dataset.name() + ", " + what + ".", fault);
    }
}
