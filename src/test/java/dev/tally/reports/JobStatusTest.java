package dev.tally.reports;

import static dev.tally.reports.JobStatus.CANCELLED;
import static dev.tally.reports.JobStatus.COMPLETED;
import static dev.tally.reports.JobStatus.FAILED;
import static dev.tally.reports.JobStatus.IN_PROGRESS;
import static dev.tally.reports.JobStatus.PARTIAL;
import static dev.tally.reports.JobStatus.PENDING;
import static dev.tally.reports.JobStatus.REQUESTED;
import static dev.tally.reports.JobStatus.TIMED_OUT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class JobStatusTest {
    private static final Set<JobStatus> OPEN = EnumSet.of(REQUESTED, PENDING, IN_PROGRESS);
    private static final Set<JobStatus> OF_PARTS = EnumSet.complementOf(EnumSet.of(PARTIAL));

    @ParameterizedTest
    @CsvSource({
            "REQUESTED,   Pending,    PENDING",
            "REQUESTED,   InProgress, IN_PROGRESS",
            "REQUESTED,   Completed,  COMPLETED",
            "PENDING,     Pending,    PENDING",
            "PENDING,     InProgress, IN_PROGRESS",
            "PENDING,     Completed,  COMPLETED",
            "PENDING,     Cancelled,  CANCELLED",
            "IN_PROGRESS, Pending,    IN_PROGRESS",
            "IN_PROGRESS, InProgress, IN_PROGRESS",
            "IN_PROGRESS, Completed,  COMPLETED",
            "IN_PROGRESS, Failed,     FAILED",
            "IN_PROGRESS, Cancelled,  CANCELLED",
            "PENDING,     Paused,     IN_PROGRESS",
            "PENDING,     completed,  IN_PROGRESS",
            "IN_PROGRESS, '',         IN_PROGRESS"})
    void becomesWhatGcoreSays(JobStatus part, String gcoreStatus, JobStatus expected) {
        assertThat(part.onGcore(gcoreStatus)).isEqualTo(expected);
    }

    @ParameterizedTest
    @EnumSource(names = {"COMPLETED", "PARTIAL", "FAILED", "CANCELLED", "TIMED_OUT"})
    void changesNoMoreOnceItHasEnded(JobStatus ended) {
        assertThat(ended.ended()).isTrue();
        assertThatIllegalStateException().isThrownBy(() -> ended.onGcore("InProgress"));
    }

    @Test
    void knowsWhichWordsOfGcoresItKnows() {
        assertThat(List.of("Pending", "InProgress", "Completed", "Failed", "Cancelled"))
                .allMatch(JobStatus::isKnownAtGcore);
        assertThat(List.of("Paused", "", "pending")).noneMatch(JobStatus::isKnownAtGcore);
    }

    @Test
    void isPartialWhenSomeProductsFailedAndSaysSoRatherThanHideIt() {
        assertThat(JobStatus.ofJob(List.of(COMPLETED, FAILED, COMPLETED))).isEqualTo(PARTIAL);
        assertThat(JobStatus.ofJob(List.of(TIMED_OUT, COMPLETED, CANCELLED))).isEqualTo(PARTIAL);
        assertThat(JobStatus.ofJob(List.of(COMPLETED, COMPLETED, COMPLETED))).isEqualTo(COMPLETED);
    }

    @Test
    void isAsItsPartsWhenAllEndedAlikeAndFailedOtherwise() {
        assertThat(JobStatus.ofJob(List.of(CANCELLED, CANCELLED))).isEqualTo(CANCELLED);
        assertThat(JobStatus.ofJob(List.of(TIMED_OUT))).isEqualTo(TIMED_OUT);
        assertThat(JobStatus.ofJob(List.of(TIMED_OUT, CANCELLED))).isEqualTo(FAILED);
    }

    @Property
    void hasEndedWhenAllPartsHaveAndHasRowsWhenAnyHas(@ForAll("parts") List<JobStatus> parts) {
        JobStatus job = JobStatus.ofJob(parts);

        assertThat(job.ended()).isEqualTo(parts.stream().noneMatch(OPEN::contains));
        assertThat(job.hasRows()).isEqualTo(job.ended() && parts.contains(COMPLETED));
        assertThat(job == COMPLETED).isEqualTo(parts.stream().allMatch(COMPLETED::equals));
    }

    @Property
    void doesNotDependOnTheOrderOfItsParts(@ForAll("parts") List<JobStatus> parts) {
        assertThat(JobStatus.ofJob(parts.reversed())).isEqualTo(JobStatus.ofJob(parts));
    }

    @Provide
    Arbitrary<List<JobStatus>> parts() {
        return Arbitraries.of(OF_PARTS).list().ofMinSize(1).ofMaxSize(3);
    }

    @Test
    void takesNoPartThatIsPartialAndNoJobWithoutParts() {
        assertThatIllegalArgumentException().isThrownBy(() -> JobStatus.ofJob(List.of(COMPLETED, PARTIAL)));
        assertThatIllegalArgumentException().isThrownBy(() -> JobStatus.ofJob(List.of()));
    }

    @ParameterizedTest
    @EnumSource
    void isFoundByItsText(JobStatus status) {
        assertThat(JobStatus.of(status.text())).isEqualTo(status);
        assertThat(JobStatus.find(status.name())).isEmpty();
    }
}
