package dev.tally.reports;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import jakarta.enterprise.context.ApplicationScoped;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import dev.tally.platform.http.Answer;
import dev.tally.platform.http.EnvelopeWanted;
import dev.tally.platform.problem.ProblemCode;
import dev.tally.platform.problem.ProblemException;
import dev.tally.platform.table.Field;
import dev.tally.platform.table.Table;
import io.vertx.ext.web.RoutingContext;

/** How a job is answered: by its rows, by itself, or by why there are no rows. */
@ApplicationScoped
class ReportAnswers {
    static final String PATH = "/reports/gcore/";
    private static final String COUNT = "count";
    private static final int OK = 200;
    private static final int ACCEPTED = 202;
    /** Whatever format the rows were asked for in, a job is JSON. */
    private static final Map<String, String> DOCUMENT = Map.of("Content-Type", "application/json", "Cache-Control",
            "no-store");

    private final ReportTables tables;
    private final ReportsConfig config;
    private final ObjectMapper json;

    ReportAnswers(ReportTables tables, ReportsConfig config, ObjectMapper json) {
        this.tables = tables;
        this.config = config;
        this.json = json;
    }

    /**
     * After a client has waited for the report it ordered.
     *
     * @throws ProblemException when the report failed
     */
    Answer ofOrder(ReportJob job, Optional<String> preferenceApplied, RoutingContext routing) {
        if (job.status().ended() && !job.status().hasRows()) {
            throw failure(job);
        }
        Answer answer = job.status().hasRows()
                ? new Answer(OK, Map.of("Content-Location", PATH + job.id()), table(job, routing))
                : open(ACCEPTED, job).with("Location", PATH + job.id());
        return preferenceApplied.map(applied -> answer.with("Preference-Applied", applied)).orElse(answer);
    }

    private static ProblemException failure(ReportJob job) {
        ReportPart.Failure failure = job.failure().orElseThrow();
        Map<String, Object> more = Map.of("uuid", job.id().toString(), "report_status", job.status().text(),
                "error_code", failure.code().name());
        ProblemCode code = switch (failure.code()) {
            case FEATURES_MISSING -> ProblemCode.REPORT_FEATURES_MISSING;
            case TIMED_OUT -> ProblemCode.REPORT_TIMED_OUT;
            default -> ProblemCode.REPORT_FAILED;
        };
        return new ProblemException(code, failure.sentence(), more, null);
    }

    /** A job that has no rows, as it stands. */
    Answer job(ReportJob job) {
        return job.status().ended() ? new Answer(OK, DOCUMENT, JobResponse.of(job)) : open(OK, job);
    }

    private Answer open(int status, ReportJob job) {
        return new Answer(status, DOCUMENT, JobResponse.of(job)).with("Retry-After",
                Integer.toString(config.pollIntervalSeconds()));
    }

    /** @throws ProblemException when there are none */
    Answer rows(ReportJob job, RoutingContext routing) {
        if (!job.status().hasRows()) {
            throw new ProblemException(ProblemCode.REPORT_NOT_READY,
                    "The report is " + job.status().text() + (job.status().ended()
                            ? ": it has no rows. GET it as JSON to see why."
                            : ". Ask again later."));
        }
        return new Answer(OK, Map.of(), table(job, routing));
    }

    private Table table(ReportJob job, RoutingContext routing) {
        List<Field> fields = new ArrayList<>();
        JsonNode members = json.valueToTree(JobResponse.of(job));
        for (Map.Entry<String, JsonNode> member : members.properties()) {
            // The table counts its rows itself.
            if (!member.getKey().equals(COUNT)) {
                fields.add(Field.json(member.getKey(), member.getValue().toString()));
            }
        }
        return tables.table(job, EnvelopeWanted.in(routing) ? Table.Layout.ENVELOPE : Table.Layout.LIST, fields);
    }
}
