package dev.tally.platform.ratelimit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;

import dev.tally.platform.ratelimit.Policy.Taken;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;

class PolicyTest {
    private static final long SECOND = 1_000_000;
    private static final long START = 1_740_830_400 * SECOND;

    @Property
    void decidesAsABucketThatFillsWithTime(@ForAll @IntRange(min = 1, max = 1_000) int requests,
            @ForAll @IntRange(min = 1, max = 100) int windowSeconds,
            @ForAll @Size(min = 1, max = 400) List<@LongRange(min = 0, max = 300_000) Long> pauses) {
        Policy policy = new Policy("p", requests, windowSeconds);
        ObviousBucket obvious = new ObviousBucket(policy, START);
        long now = START;
        long fullAt = START;
        for (long pause : pauses) {
            now += pause;

            boolean looked = policy.look(fullAt, now).allowed();
            Taken taken = policy.take(fullAt, now);
            Decision decision = policy.decision(taken, now);

            assertThat(taken.allowed()).isEqualTo(obvious.take(now)).isEqualTo(looked);
            assertThat(decision.remaining()).isEqualTo(obvious.remaining());
            assertThat(decision.resetSeconds()).isEqualTo(obvious.secondsUntilFull());
            fullAt = taken.fullAtMicros();
        }
    }

    @Property
    void neverAllowsMoreThanTheBurstAndTheRate(@ForAll @IntRange(min = 1, max = 50) int requests,
            @ForAll @IntRange(min = 1, max = 7) int windowSeconds,
            @ForAll @Size(min = 1, max = 300) List<@LongRange(min = 0, max = 200_000) Long> pauses) {
        Policy policy = new Policy("p", requests, windowSeconds);
        List<Long> allowed = new ArrayList<>();
        long now = START;
        long fullAt = START;
        for (long pause : pauses) {
            now += pause;
            Taken taken = policy.take(fullAt, now);
            fullAt = taken.fullAtMicros();
            if (taken.allowed()) {
                allowed.add(now);
            }
        }

        for (int from = 0; from < allowed.size(); from++) {
            for (int to = from; to < allowed.size(); to++) {
                long micros = allowed.get(to) - allowed.get(from);
                // In whole numbers: allowed - requests <= requests * micros / window.
                assertThat((to - from + 1L - requests) * windowSeconds * SECOND).isLessThanOrEqualTo(requests * micros);
            }
        }
    }

    @Property
    void allowsARequestAfterTheTimeItSaid(@ForAll @IntRange(min = 1, max = 1_000) int requests,
            @ForAll @IntRange(min = 1, max = 86_400) int windowSeconds,
            @ForAll @LongRange(min = 0, max = 999_999) long micros) {
        Policy policy = new Policy("p", requests, windowSeconds);
        long now = START + micros;
        long empty = now + policy.bucketMicros();

        Decision refused = policy.decision(policy.take(empty, now), now);

        assertThat(refused.allowed()).isFalse();
        assertThat(refused.remaining()).isZero();
        long later = now + refused.retryAfterSeconds() * SECOND;
        assertThat(policy.take(empty, later).allowed()).isTrue();
        assertThat(policy.take(empty, later - SECOND).allowed()).isFalse();
    }

    @Example
    void letsOneWaitForNoMoreThanAWindowAfterTheClockWasSetBack() {
        Policy policy = new Policy("p", 5, 60);

        Decision refused = policy.decision(policy.take(START + 3_600 * SECOND, START), START);

        assertThat(refused.retryAfterSeconds()).isEqualTo(12);
        assertThat(refused.resetSeconds()).isEqualTo(60);
    }

    @Example
    void refusesWhatIsNoRate() {
        assertThatThrownBy(() -> new Policy("p", -1, 60)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Policy("p", 1, 0)).isInstanceOf(IllegalArgumentException.class);
    }
}
