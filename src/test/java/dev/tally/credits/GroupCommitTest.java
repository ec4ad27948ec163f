package dev.tally.credits;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import dev.tally.platform.problem.DatabaseException;
import dev.tally.platform.problem.ProblemCode;
import dev.tally.platform.problem.ProblemException;

@Timeout(30)
class GroupCommitTest {
    private static final int LANE = 1;
    private static final int POISON = -1;

    private final List<List<Integer>> batches = new CopyOnWriteArrayList<>();
    private final BlockingQueue<Integer> unclaimed = new LinkedBlockingQueue<>();
    private final Semaphore turns = new Semaphore(0);

    /** Answers a question with itself, a batch at each turn. */
    private GroupCommit<Integer, Integer> commit(int maxBatch, int maxQueued, int maxWaitMillis) {
        return new GroupCommit<>("test",
                new GroupCommit.Bounds(new Lanes.Bounds(2, maxBatch, maxQueued, 2, 1), maxWaitMillis, 3),
                questions -> {
                    batches.add(questions);
                    turns.acquireUninterruptibly();
                    return questions;
                }, (question, answer) -> unclaimed.add(answer));
    }

    /** Asks one, and waits until it is under way: what is asked then is the next batch. */
    private CompletableFuture<Integer> first(GroupCommit<Integer, Integer> commit) {
        CompletableFuture<Integer> first = commit.submit(LANE, 0);
        await().until(() -> batches.size() == 1);
        return first;
    }

    @Test
    void answersTogetherAndInOrderWhatCameMeanwhile() throws Exception {
        GroupCommit<Integer, Integer> commit = commit(4, 100, 1_000);
        CompletableFuture<Integer> first = first(commit);
        List<CompletableFuture<Integer>> rest = IntStream.rangeClosed(1, 10).mapToObj(it -> commit.submit(LANE, it))
                .toList();

        turns.release(4);

        assertThat(first.get()).isZero();
        for (int at = 0; at < rest.size(); at++) {
            assertThat(rest.get(at).get()).isEqualTo(at + 1);
        }
        assertThat(batches).containsExactly(List.of(0), List.of(1, 2, 3, 4), List.of(5, 6, 7, 8), List.of(9, 10));
    }

    @Test
    void letsNoLaneWaitForAnother() throws Exception {
        GroupCommit<Integer, Integer> commit = commit(4, 100, 1_000);
        CompletableFuture<Integer> stuck = first(commit);

        CompletableFuture<Integer> other = commit.submit(LANE + 1, 7);

        await().until(() -> batches.size() == 2);
        turns.release(2);
        assertThat(other.get()).isEqualTo(7);
        assertThat(stuck.get()).isZero();
    }

    @Test
    void refusesWhatItHasNoRoomFor() {
        GroupCommit<Integer, Integer> commit = commit(4, 2, 1_000);
        CompletableFuture<Integer> first = first(commit);
        List<CompletableFuture<Integer>> queued = List.of(commit.submit(LANE, 1), commit.submit(LANE, 2));

        assertThatThrownBy(() -> commit.submit(LANE, 3)).isInstanceOfSatisfying(ProblemException.class,
                fault -> assertThat(fault.code()).isEqualTo(ProblemCode.OVERLOADED));

        turns.release(2);
        assertThat(first).succeedsWithin(java.time.Duration.ofSeconds(5));
        assertThat(queued).allSatisfy(it -> assertThat(it).succeedsWithin(java.time.Duration.ofSeconds(5)));
    }

    @Test
    void doesNotBeginWhatWaitedTooLong() throws Exception {
        GroupCommit<Integer, Integer> commit = commit(4, 100, 50);
        CompletableFuture<Integer> first = first(commit);

        assertThatThrownBy(() -> commit.ask(LANE, 1)).isInstanceOfSatisfying(ProblemException.class,
                fault -> assertThat(fault.code()).isEqualTo(ProblemCode.OVERLOADED));

        CompletableFuture<Integer> last = commit.submit(LANE, 2);
        turns.release(2);
        assertThat(first.get() + last.get()).isEqualTo(2);
        assertThat(batches).containsExactly(List.of(0), List.of(2));
        assertThat(unclaimed).isEmpty();
    }

    @Test
    void handsOverAnAnswerForWhichNobodyWaits() throws Exception {
        GroupCommit<Integer, Integer> commit = commit(4, 100, 30_000);
        CountDownLatch gone = new CountDownLatch(1);
        Thread caller = Thread.ofVirtual().start(() -> {
            try {
                int unused = commit.ask(LANE, 5);
            } catch (InterruptedException e) {
                gone.countDown();
            }
        });
        await().until(() -> batches.size() == 1);

        caller.interrupt();
        gone.await();
        turns.release();

        assertThat(unclaimed.take()).isEqualTo(5);
    }

    @Test
    void failsAllOfABatchOfWhichNobodyKnowsWhatBecame() {
        GroupCommit<Integer, Integer> commit = failing(new DatabaseException(new SQLException("gone", "08006")));

        List<CompletableFuture<Integer>> all = IntStream.range(0, 3).mapToObj(it -> commit.submit(LANE, it)).toList();

        assertThat(all).allSatisfy(it -> assertThatExceptionOfType(ExecutionException.class).isThrownBy(it::get)
                .withCauseInstanceOf(DatabaseException.class));
    }

    @Test
    void failsOnlyTheQuestionThatIsToBlame() throws Exception {
        GroupCommit<Integer, Integer> commit = failing(new DatabaseException(new SQLException("bad", "23514")));
        List<CompletableFuture<Integer>> good = new ArrayList<>();
        good.add(commit.submit(LANE, 1));
        CompletableFuture<Integer> bad = commit.submit(LANE, POISON);
        good.add(commit.submit(LANE, 2));

        for (CompletableFuture<Integer> each : good) {
            assertThat(each.get()).isPositive();
        }
        assertThatExceptionOfType(ExecutionException.class).isThrownBy(bad::get);
    }

    /** Fails every batch, or, if it is the question's fault, those with the poison. */
    private static GroupCommit<Integer, Integer> failing(DatabaseException fault) {
        return new GroupCommit<>("test", new GroupCommit.Bounds(new Lanes.Bounds(1, 10, 10, 1, 0), 1_000, 3),
                questions -> {
                    if (fault.isPassing() || questions.contains(POISON)) {
                        throw fault;
                    }
                    return questions;
                }, (question, answer) -> {});
    }

    @Test
    void triesAgainWhatTheDatabaseEndedBecauseOfAnother() throws Exception {
        List<Integer> tries = new CopyOnWriteArrayList<>();
        GroupCommit<Integer, Integer> commit = new GroupCommit<>("test",
                new GroupCommit.Bounds(new Lanes.Bounds(1, 10, 10, 1, 0), 1_000, 3),
                questions -> {
                    tries.addAll(questions);
                    if (tries.size() <= 3) {
                        throw new DatabaseException(new SQLException("deadlock", "40P01"));
                    }
                    return questions;
                }, (question, answer) -> {});

        assertThat(commit.ask(LANE, 1)).isEqualTo(1);
        assertThat(tries).hasSize(4);
    }
}
