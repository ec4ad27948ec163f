package dev.tally.reports;

import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;

import jakarta.enterprise.context.ApplicationScoped;

import dev.tally.platform.table.Table;
import dev.tally.platform.table.TableDigest;

/** Ends a job once all its parts have ended: reads the rows once through, so that their number and hash are known. */
@ApplicationScoped
class JobEnd {
    private final JobQueries jobs;
    private final JobChangeService changes;
    private final ReportTables tables;
    private final TableDigest digest;
    private final JobWaiters waiters;
    private final ReportMetrics metrics;

    JobEnd(JobQueries jobs, JobChangeService changes, ReportTables tables, TableDigest digest, JobWaiters waiters,
            ReportMetrics metrics) {
        this.jobs = jobs;
        this.changes = changes;
        this.tables = tables;
        this.digest = digest;
        this.waiters = waiters;
        this.metrics = metrics;
    }

    /** Does nothing when it has ended already. */
    void end(UUID id) {
        ReportJob job = jobs.find(id).orElseThrow();
        if (job.status().ended()) {
            return;
        }
        JobStatus status = JobStatus.ofJob(job.parts().stream().map(ReportPart::status).toList());
        if (!status.ended()) {
            throw new IllegalStateException("Report " + id + " has open parts");
        }
        Optional<ReportJob.Result> result = Optional.empty();
        if (status.hasRows()) {
            TableDigest.Digest found = digest.of(tables.table(job, Table.Layout.LIST, List.of()));
            result = Optional.of(new ReportJob.Result(found.rows(), found.sizeBytes(), found.sha256()));
        }
        changes.endJob(job, status, result, failure(job, status)).ifPresent(ended -> metrics.ended(ended.status()));
        waiters.ended(id);
    }

    /** Ends a job of which this service cannot read the rows again. */
    void fail(UUID id) {
        ReportJob job = jobs.find(id).orElseThrow();
        ReportPart.Failure failure = new ReportPart.Failure(ReportPart.FailureCode.INTERNAL,
                "This service failed to put the report together; its log says why.");
        changes.endJob(job, JobStatus.FAILED, Optional.empty(), Optional.of(failure))
                .ifPresent(ended -> metrics.ended(ended.status()));
        waiters.ended(id);
    }

    /** Which parts failed, and why. */
    private static Optional<ReportPart.Failure> failure(ReportJob job, JobStatus status) {
        List<ReportPart> failed = job.parts().stream().filter(part -> part.failure().isPresent()).toList();
        if (failed.isEmpty()) {
            return Optional.empty();
        }
        ReportPart.FailureCode code = failed.stream().map(part -> part.failure().orElseThrow().code()).distinct()
                .count() == 1 ? failed.getFirst().failure().orElseThrow().code() : ReportPart.FailureCode.GCORE_FAILED;
        String sentence = job.parts().size() == 1
                ? failed.getFirst().failure().orElseThrow().sentence()
                : (status == JobStatus.PARTIAL ? "The report lacks " : "There is no report: ") + failed.stream()
                        .map(part -> part.product().gcoreName() + " (" + part.failure().orElseThrow().sentence() + ")")
                        .collect(Collectors.joining(", ")) + ".";
        return Optional.of(new ReportPart.Failure(code, sentence));
    }
}
