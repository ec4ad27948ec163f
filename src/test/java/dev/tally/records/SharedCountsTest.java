package dev.tally.records;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import dev.tally.platform.problem.ProblemCode;
import dev.tally.platform.problem.ProblemException;
import dev.tally.records.RecordQueries.Total;
import dev.tally.records.SharedCounts.Asked;

@Timeout(60)
class SharedCountsTest {
    private static final Duration LONG = Duration.ofSeconds(50);
    private static final Asked ASKED = new Asked(new RecordSearch(Optional.of("a"), Optional.empty()), 7);
    private static final Asked LATER = new Asked(ASKED.search(), 8);
    private static final Total TOTAL = new Total(5, 7);

    /** The counts that were begun; each ends when this test says so. */
    private final BlockingQueue<Begun> begun = new LinkedBlockingQueue<>();
    private final SharedCounts counts = counts(LONG);

    private record Begun(Asked asked, Thread thread, CompletableFuture<Total> end) {}

    /** Who asks, on a thread of its own. */
    private record Asking(Thread thread, CompletableFuture<Total> answer, CompletableFuture<Throwable> fault) {}

    private SharedCounts counts(Duration maxWait) {
        return new SharedCounts(asked -> {
            Begun own = new Begun(asked, Thread.currentThread(), new CompletableFuture<>());
            begun.add(own);
            try {
                return own.end().get();
            } catch (InterruptedException e) {
                throw RecordFaults.unavailable("was given up", e);
            } catch (ExecutionException e) {
                throw RecordFaults.unavailable("failed", e);
            }
        }, maxWait);
    }

    private Asking ask(SharedCounts shared, Asked asked) {
        CompletableFuture<Total> answer = new CompletableFuture<>();
        CompletableFuture<Throwable> fault = new CompletableFuture<>();
        Thread thread = Thread.ofPlatform().start(() -> {
            try {
                answer.complete(shared.count(asked));
            } catch (ProblemException e) {
                fault.complete(e);
            }
        });
        return new Asking(thread, answer, fault);
    }

    /** Some who wait for the same count, the first of whom has begun it. */
    private List<Asking> askTogether(int many) throws InterruptedException {
        List<Asking> together = new ArrayList<>(List.of(ask(counts, ASKED)));
        Begun first = next();
        begun.add(first);
        for (int i = 1; i < many; i++) {
            together.add(ask(counts, ASKED));
        }
        awaitWaiting(together);
        return together;
    }

    private static void awaitWaiting(List<Asking> asking) {
        await().atMost(LONG).until(
                () -> asking.stream().allMatch(each -> each.thread().getState() == Thread.State.TIMED_WAITING));
    }

    private Begun next() throws InterruptedException {
        Begun next = begun.poll(LONG.toSeconds(), TimeUnit.SECONDS);
        assertThat(next).isNotNull();
        return Objects.requireNonNull(next);
    }

    private static ProblemException faultOf(Asking asking) {
        return (ProblemException) asking.fault().join();
    }

    @Test
    void countsOnceForAllWhoAskMeanwhile() throws InterruptedException {
        List<Asking> asking = askTogether(20);

        next().end().complete(TOTAL);

        assertThat(asking).allSatisfy(each -> assertThat(each.answer().join()).isEqualTo(TOTAL));
        assertThat(begun).isEmpty();
    }

    @Test
    void countsAnewForWhoHasSeenAnotherState() throws InterruptedException {
        Asking early = ask(counts, ASKED);
        Begun first = next();

        Asking late = ask(counts, LATER);
        Begun second = next();
        first.end().complete(TOTAL);
        second.end().complete(new Total(6, 8));

        assertThat(second.asked()).isEqualTo(LATER);
        assertThat(early.answer().join()).isEqualTo(TOTAL);
        assertThat(late.answer().join().count()).isEqualTo(6);
    }

    @Test
    void countsAnewForWhoAsksAfterwards() throws InterruptedException {
        Asking one = ask(counts, ASKED);
        next().end().complete(TOTAL);
        assertThat(one.answer().join()).isEqualTo(TOTAL);

        Asking other = ask(counts, ASKED);
        next().end().complete(new Total(6, 7));

        assertThat(other.answer().join().count()).isEqualTo(6);
    }

    @Test
    void goesOnForTheOthersWhenWhoBeganItGoesAway() throws InterruptedException {
        List<Asking> asking = askTogether(3);

        asking.getFirst().thread().interrupt();
        assertThat(faultOf(asking.getFirst()).code()).isEqualTo(ProblemCode.RECORDS_UNAVAILABLE);
        next().end().complete(TOTAL);

        assertThat(asking.subList(1, 3)).allSatisfy(each -> assertThat(each.answer().join()).isEqualTo(TOTAL));
        assertThat(begun).isEmpty();
    }

    @Test
    void isEndedWhenNobodyWaitsForItAnyMore() throws InterruptedException {
        List<Asking> asking = askTogether(2);
        Thread counting = next().thread();

        asking.forEach(each -> each.thread().interrupt());

        assertThat(counting.join(LONG)).isTrue();
        asking.forEach(each -> assertThat(each.fault().join()).isInstanceOf(ProblemException.class));
        Asking next = ask(counts, ASKED);
        next().end().complete(TOTAL);
        assertThat(next.answer().join()).isEqualTo(TOTAL);
    }

    @Test
    void letsNobodyWaitLongerThanTheBoundThoughOthersStillDo() throws InterruptedException {
        SharedCounts impatient = counts(Duration.ofMillis(300));

        Asking first = ask(impatient, ASKED);
        Begun own = next();

        assertThat(faultOf(first).code()).isEqualTo(ProblemCode.RECORDS_UNAVAILABLE);
        assertThat(faultOf(first)).hasMessageContaining("took too long");
        assertThat(own.thread().join(LONG)).isTrue();
    }

    @Test
    void countsOnceMoreForThoseWhoWaitedForACountThatFailed() throws InterruptedException {
        List<Asking> asking = askTogether(5);

        next().end().completeExceptionally(new IllegalStateException("of the first"));
        endAllFurther(count -> count.complete(TOTAL));

        assertThat(faultOf(asking.getFirst()).code()).isEqualTo(ProblemCode.RECORDS_UNAVAILABLE);
        assertThat(asking.subList(1, 5)).allSatisfy(each -> assertThat(each.answer().join()).isEqualTo(TOTAL));
    }

    @Test
    void givesUpWhenThatFailsTooAndGivesEachAFaultOfItsOwn() throws InterruptedException {
        List<Asking> asking = askTogether(5);

        next().end().completeExceptionally(new IllegalStateException("of the first"));
        endAllFurther(count -> count.completeExceptionally(new IllegalStateException("of another")));

        assertThat(asking.stream().map(each -> each.fault().join()).distinct()).hasSize(5);
    }

    private void endAllFurther(Consumer<CompletableFuture<Total>> how) {
        Thread unused = Thread.ofVirtual().start(() -> {
            try {
                while (true) {
                    how.accept(next().end());
                }
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
    }
}
