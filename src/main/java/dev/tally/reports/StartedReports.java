package dev.tally.reports;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

import jakarta.enterprise.context.ApplicationScoped;

import org.jboss.logging.Logger;

import dev.tally.platform.problem.DatabaseException;

/**
 * Finds the report that Gcore makes for a part when its answer was lost, or the process that would have heard it has died:
 * Gcore lists what it makes, with what it was asked for. Reports of equal parameters are alike, whoever they were made for.
 */
@ApplicationScoped
class StartedReports {
    private static final Logger LOG = Logger.getLogger(StartedReports.class);
    /** How far Gcore's clock may be behind ours. */
    private static final Duration MAX_CLOCK_SKEW = Duration.ofMinutes(1);

    private final GcoreGateway gcore;
    private final PartQueries parts;
    private final ReportsConfig config;
    private final Clock clock;

    StartedReports(GcoreGateway gcore, PartQueries parts, ReportsConfig config, Clock clock) {
        this.gcore = gcore;
        this.parts = parts;
        this.config = config;
        this.clock = clock;
    }

    /** One that Gcore was asked for since the part's start began, and that no part has. */
    Optional<GcoreReport> find(ClaimedPart part) {
        ReportParameters asked = part.parameters(part.features());
        Instant since = part.startingSince().orElseThrow().minus(MAX_CLOCK_SKEW);
        List<GcoreReport> equal = gcore.startedSince(since).stream()
                .filter(report -> report.parameters().filter(asked::equals).isPresent()).toList();
        if (equal.isEmpty()) {
            return Optional.empty();
        }
        Set<UUID> known = parts.known(equal.stream().map(GcoreReport::uuid).toList());
        return equal.stream().filter(report -> !known.contains(report.uuid())).findFirst();
    }

    /**
     * Removes the report of a part that was cancelled here: Gcore need not make it any longer.
     *
     * @return when to try again
     */
    Optional<JobChangeService.PolledPart> remove(ClaimedPart part) {
        boolean wasStarted = part.status() == JobStatus.CANCELLED && part.startingSince().isPresent();
        try {
            if (wasStarted && !isRemoved(part, part.startingSince().orElseThrow())) {
                return PartWork.later(part, clock.instant().plus(Pauses.byChance()));
            }
        } catch (GcoreException e) {
            if (part.tries() + 1 < config.work().maxTries()) {
                return PartWork.again(part, clock.instant().plus(e.retryAfter().orElseGet(Pauses::byChance)));
            }
            LOG.warnf("The cancelled report %s could not be removed at Gcore: %s", part.jobId(), e.getMessage());
        }
        boolean unused = parts.settled(part);
        return Optional.empty();
    }

    private boolean isRemoved(ClaimedPart part, Instant since) {
        if (part.gcoreUuid().isPresent()) {
            gcore.delete(part.gcoreUuid().get());
            return true;
        }
        if (parts.isEqualStarting(part)) {
            // What is found now may be the other's.
            return false;
        }
        Optional<GcoreReport> found = find(part);
        if (found.isEmpty()) {
            return !clock.instant().isBefore(since.plusSeconds(config.work().settleSeconds()));
        }
        try {
            if (parts.adopt(part, found.get().uuid())) {
                gcore.delete(found.get().uuid());
            }
            return true;
        } catch (DatabaseException e) {
            if (!JobChangeService.isTaken(e)) {
                throw e;
            }
            return false;
        }
    }
}
