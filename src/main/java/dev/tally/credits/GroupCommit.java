package dev.tally.credits;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.stream.Collectors;

import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

import dev.tally.platform.problem.DatabaseException;
import dev.tally.platform.problem.ProblemCode;
import dev.tally.platform.problem.ProblemException;

/**
 * Has many questions answered by one transaction: whatever has queued up while the last one ran. What belongs together
 * goes through the same lane, in the order in which it came; there are threads only while there is work.
 */
final class GroupCommit<Q, A> {
    private static final Logger LOG = Logger.getLogger(GroupCommit.class);
    private static final String DEADLOCK = "40P01";
    private static final String NOT_SERIALIZABLE = "40001";

    private final String name;
    private final Bounds bounds;
    private final Batch<Q, A> work;
    private final Unclaimed<Q, A> unclaimed;
    private final Consumer<Q> left;
    private final Lanes<Asked<Q, A>> lanes;

    GroupCommit(String name, Bounds bounds, Batch<Q, A> work, Unclaimed<Q, A> unclaimed) {
        this(name, bounds, work, unclaimed, question -> {});
    }

    /** @param left is told of each question once nothing of this has it any more, whatever became of it */
    GroupCommit(String name, Bounds bounds, Batch<Q, A> work, Unclaimed<Q, A> unclaimed, Consumer<Q> left) {
        this.name = name;
        this.bounds = bounds;
        this.work = work;
        this.unclaimed = unclaimed;
        this.left = left;
        this.lanes = new Lanes<>(bounds.lanes());
    }

    /**
     * How much at once.
     *
     * @param maxWaitMillis how long {@link #ask} waits
     * @param maxConflicts how often a batch is tried again that the database ended because of another
     */
    record Bounds(Lanes.Bounds lanes, int maxWaitMillis, int maxConflicts) {
        static Bounds of(CreditsConfig.Charging config) {
            return new Bounds(new Lanes.Bounds(config.maxStatements(), config.maxBatch(), config.maxQueued(),
                    config.minBeside(), config.maxPatienceMillis()), config.maxWaitMillis(), config.maxConflicts());
        }
    }

    /** Answers questions, as a whole or not at all. */
    @FunctionalInterface
    interface Batch<Q, A> {
        /** Gives the answers in the order of the questions. */
        List<A> answer(List<Q> questions);
    }

    /** Takes an answer for which nobody waits any more. */
    @FunctionalInterface
    interface Unclaimed<Q, A> {
        void accept(Q question, A answer);
    }

    /**
     * Asks and waits.
     *
     * @param lane any number; the same for what is to stay in order
     * @throws ProblemException {@code OVERLOADED} when too many wait, or this one has waited too long. Then it is not
     *         answered, or its answer goes to whoever takes the unclaimed ones
     */
    A ask(long lane, Q question) throws InterruptedException {
        CompletableFuture<A> answer = submit(lane, question);
        try {
            return answer.get(bounds.maxWaitMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            if (answer.cancel(false)) {
                throw overloaded(e);
            }
            return result(answer);
        } catch (InterruptedException e) {
            if (!answer.cancel(false) && answer.state() == CompletableFuture.State.SUCCESS) {
                handOver(question, answer.resultNow());
            }
            throw e;
        } catch (ExecutionException e) {
            throw faultOf(Objects.requireNonNullElse(e.getCause(), e));
        }
    }

    /** Asks. Whoever cancels it does not want the answer. */
    CompletableFuture<A> submit(long lane, Q question) {
        Asked<Q, A> asked = new Asked<>(lane, question, new CompletableFuture<>());
        switch (lanes.add(lane, asked)) {
            case REFUSED -> {
                left.accept(question);
                throw overloaded(null);
            }
            case NEEDS_WORKER -> start();
            case WAITS -> {
            }
        }
        return asked.answer();
    }

    private static <A> A result(CompletableFuture<A> answer) {
        if (answer.state() == CompletableFuture.State.FAILED) {
            throw faultOf(answer.exceptionNow());
        }
        return answer.resultNow();
    }

    /** As it was thrown, which was unchecked. */
    private static RuntimeException faultOf(Throwable cause) {
        return switch (cause) {
            case RuntimeException fault -> fault;
            case Error error -> throw error;
            default -> new IllegalStateException(cause);
        };
    }

    private static ProblemException overloaded(@Nullable Throwable cause) {
        return new ProblemException(ProblemCode.OVERLOADED, "Too much is being charged now. Try again later.", cause);
    }

    private record Asked<Q, A>(long lane, Q question, CompletableFuture<A> answer) {}

    private void answer(List<Asked<Q, A>> batch) {
        if (batch.isEmpty()) {
            return;
        }
        List<A> answers;
        try {
            answers = workedOn(batch.stream().map(Asked::question).toList());
        } catch (RuntimeException | Error fault) {
            failed(batch, fault);
            return;
        }
        for (int at = 0; at < batch.size(); at++) {
            if (!batch.get(at).answer().complete(answers.get(at))) {
                handOver(batch.get(at).question(), answers.get(at));
            }
        }
    }

    /** One of them may be to blame, and then the others are not to suffer. */
    private void failed(List<Asked<Q, A>> batch, Throwable fault) {
        Map<Long, List<Asked<Q, A>>> byLane = batch.stream()
                .collect(Collectors.groupingBy(Asked::lane, LinkedHashMap::new, Collectors.toList()));
        if (fault instanceof DatabaseException found && found.isLocked()) {
            if (byLane.size() > 1) {
                // Together, because each of those that are held is waited for again.
                byLane.values().forEach(this::answer);
                return;
            }
            ProblemException locked = new ProblemException(ProblemCode.OVERLOADED,
                    "The account is being changed by somebody else. Try again later.", found);
            batch.forEach(asked -> asked.answer().completeExceptionally(locked));
        } else if (batch.size() > 1 && isOfTheQuestions(fault)) {
            batch.forEach(asked -> answer(List.of(asked)));
        } else {
            batch.forEach(asked -> asked.answer().completeExceptionally(fault));
        }
    }

    private void handOver(Q question, A answer) {
        try {
            unclaimed.accept(question, answer);
        } catch (RuntimeException e) {
            // What is done is done, and the next batch waits.
            LOG.warnf(e, "An answer of %s was left alone", name);
        }
    }

    private List<A> workedOn(List<Q> questions) {
        for (int conflicts = 0; conflicts < bounds.maxConflicts(); conflicts++) {
            try {
                return work.answer(questions);
            } catch (DatabaseException fault) {
                if (!fault.hasState(DEADLOCK) && !fault.hasState(NOT_SERIALIZABLE)) {
                    throw fault;
                }
                // The database has undone it all, so that it can be done again.
            }
        }
        return work.answer(questions);
    }

    /** Whether surely nothing was done, because of what was asked; not so after a fault of a connection or of a commit. */
    private static boolean isOfTheQuestions(Throwable fault) {
        return fault instanceof ProblemException || (fault instanceof DatabaseException found && !found.isPassing());
    }

    private void start() {
        try {
            Thread.ofVirtual().name(name).start(this::work);
        } catch (RuntimeException | Error fault) {
            lanes.lost();
            throw fault;
        }
    }

    @SuppressWarnings("ThreadPriorityCheck") // Only the size of a batch depends on it.
    private void work() {
        Lanes.Batch<Asked<Q, A>> batch = Lanes.Batch.none();
        do {
            // Those who are about to ask, such as those just answered, come with this batch: a batch costs more than
            // what is in it.
            Thread.yield();
            Lanes.Next<Asked<Q, A>> next = lanes.take(batch);
            batch = next.batch();
            List<Asked<Q, A>> wanted = batch.items().stream().filter(asked -> !asked.answer().isDone()).toList();
            try {
                if (next.needsWorker()) {
                    start();
                }
                answer(wanted);
            } catch (RuntimeException | Error fault) {
                // Whatever it is, the lanes go on: others wait, and would wait for ever.
                LOG.errorf(fault, "A batch of %s was left alone", name);
                wanted.forEach(asked -> asked.answer().completeExceptionally(fault));
            }
            batch.items().forEach(asked -> left.accept(asked.question()));
        } while (!batch.items().isEmpty());
    }
}
