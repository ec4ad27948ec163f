package dev.tally.reports;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import dev.tally.reports.GcoreException.Kind;
import dev.tally.testsupport.SetClock;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;

@Timeout(60)
class GcoreTokenTest {
    private static final GcoreConfigForTests CONFIG = GcoreConfigForTests.of("http://127.0.0.1:1");
    private static final Duration LIFE = Duration.ofSeconds(CONFIG.tokenCacheSeconds());
    private static final Duration REFRESH_AFTER = LIFE.multipliedBy(CONFIG.tokenRefreshPercent()).dividedBy(100);

    private final SetClock clock = new SetClock(Instant.parse("2026-08-01T00:00:00Z"));
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final TokenSource source = new TokenSource();
    private final GcoreToken token = new GcoreToken(CONFIG, clock, source, registry);

    /** Gives numbered tokens, and keeps account of who asked. */
    private static final class TokenSource implements GcoreToken.LogIn {
        private final List<String> asked = new CopyOnWriteArrayList<>();
        private final Queue<GcoreException> faults = new ConcurrentLinkedQueue<>();
        private final Set<String> used = ConcurrentHashMap.newKeySet();
        private final Semaphore open = new Semaphore(1_000_000);

        @Override
        public TokenPair logIn() {
            return next("login");
        }

        @Override
        public TokenPair refresh(String refreshToken) {
            assertThat(used.add(refreshToken)).as("%s was not used before", refreshToken).isTrue();
            return next("refresh");
        }

        private TokenPair next(String operation) {
            asked.add(operation);
            open.acquireUninterruptibly();
            open.release();
            GcoreException fault = faults.poll();
            if (fault != null) {
                throw fault;
            }
            return new TokenPair("access-" + asked.size(), "refresh-" + asked.size());
        }

        /** Lets nobody have an answer until {@link #answer}. */
        void hold() {
            open.acquireUninterruptibly(1_000_000);
        }

        void answer() {
            open.release(1_000_000);
        }
    }

    private static GcoreException refused() {
        return GcoreException.of(Kind.LOGIN_REFUSED, "Refused.", null);
    }

    private static GcoreException unavailable(Optional<Duration> retryAfter) {
        return GcoreException.unavailable("Busy.", retryAfter, null);
    }

    private GcoreException fault() {
        GcoreException fault = catchThrowableOfType(GcoreException.class, token::header);
        assertThat(fault).as("a failure").isNotNull();
        return fault;
    }

    private double count(String result) {
        return registry.get("tally.gcore.token").tag("result", result).counter().count();
    }

    @Test
    void logsInOnceAndKeepsTheToken() {
        assertThat(token.header()).isEqualTo("Bearer access-1");
        clock.advance(REFRESH_AFTER.minusSeconds(1));
        assertThat(token.header()).isEqualTo("Bearer access-1");

        assertThat(source.asked).containsExactly("login");
        assertThat(count("miss")).isEqualTo(1);
        assertThat(count("hit")).isEqualTo(1);
    }

    @Test
    void logsInOnceForTwoHundredWhoWait() throws Exception {
        source.hold();
        CountDownLatch begun = new CountDownLatch(200);
        Thread opener = Thread.ofVirtual().start(() -> {
            try {
                begun.await();
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
            }
            source.answer();
        });

        GcoreGatewayTest.atOnce(200, () -> {
            begun.countDown();
            assertThat(token.header()).isEqualTo("Bearer access-1");
        });

        opener.join();
        assertThat(source.asked).containsExactly("login");
    }

    @Test
    void refreshesAheadWhileTheOldTokenServes() {
        token.header();
        clock.advance(REFRESH_AFTER);
        source.hold();

        String whileItIsRefreshed = token.header();
        await().until(() -> source.asked.size() == 2);
        String still = token.header();
        source.answer();

        assertThat(whileItIsRefreshed).isEqualTo("Bearer access-1");
        assertThat(still).isEqualTo("Bearer access-1");
        await().until(() -> token.header().equals("Bearer access-2"));
        assertThat(source.asked).containsExactly("login", "refresh");
    }

    @Test
    void usesEachRefreshTokenOnce() {
        token.header();
        for (int renewals = 2; renewals <= 5; renewals++) {
            clock.advance(LIFE);
            assertThat(token.header()).isEqualTo("Bearer access-" + renewals);
        }

        assertThat(source.asked).containsExactly("login", "refresh", "refresh", "refresh", "refresh");
        assertThat(source.used).containsExactlyInAnyOrder("refresh-1", "refresh-2", "refresh-3", "refresh-4");
    }

    @Test
    void logsInAnewWhenTheRefreshIsRefused() {
        token.header();
        clock.advance(LIFE);
        source.faults.add(refused());

        assertThat(token.header()).isEqualTo("Bearer access-3");
        assertThat(source.asked).containsExactly("login", "refresh", "login");
    }

    @Test
    void renewsOnceForFiftyWhoseTokenWasRefused() throws Exception {
        String dead = token.header();

        GcoreGatewayTest.atOnce(50, () -> assertThat(token.after(dead)).isEqualTo("Bearer access-2"));

        assertThat(source.asked).containsExactly("login", "refresh");
    }

    @Test
    void keepsAFreshTokenWhenAnOldOneWasRefused() {
        String old = token.header();
        clock.advance(LIFE);
        String fresh = token.header();

        assertThat(token.after(old)).isEqualTo(fresh);
        assertThat(source.asked).containsExactly("login", "refresh");
    }

    @Test
    void doesNotHammerWithBadCredentials() {
        source.faults.add(refused());
        GcoreException first = fault();
        clock.advance(Duration.ofSeconds(59));
        GcoreException second = fault();
        clock.advance(Duration.ofSeconds(1));

        assertThat(first.kind()).isEqualTo(Kind.LOGIN_REFUSED);
        assertThat(second.kind()).isEqualTo(Kind.LOGIN_REFUSED);
        assertThat(second.retryAfter()).contains(Duration.ofSeconds(1));
        assertThat(source.asked).containsExactly("login");
        assertThat(token.header()).isEqualTo("Bearer access-2");
    }

    @Test
    void doesNotLogInBeforeGcoreWantsIt() {
        source.faults.add(unavailable(Optional.of(Duration.ofSeconds(40))));
        fault();
        clock.advance(Duration.ofSeconds(39));
        GcoreException early = fault();
        clock.advance(Duration.ofSeconds(1));

        assertThat(early.kind()).isEqualTo(Kind.UNAVAILABLE);
        assertThat(source.asked).containsExactly("login");
        assertThat(token.header()).isEqualTo("Bearer access-2");
    }

    @Test
    void triesAgainAtOnceAfterAnOutageThatNamedNoTime() {
        source.faults.add(unavailable(Optional.empty()));

        assertThat(fault().kind()).isEqualTo(Kind.UNAVAILABLE);
        assertThat(token.header()).isEqualTo("Bearer access-2");
    }

    @Test
    void servesTheOldTokenWhileItCannotBeRefreshedAndPausesBetweenTries() {
        token.header();
        clock.advance(REFRESH_AFTER);
        source.faults.add(unavailable(Optional.empty()));
        token.header();
        await().until(() -> source.faults.isEmpty());

        await().during(Duration.ofMillis(200)).until(() -> token.header().equals("Bearer access-1"));
        assertThat(source.asked).containsExactly("login", "refresh");
    }

    @Test
    void hidesTokens() {
        assertThat(new TokenPair("secret-a", "secret-b").toString()).doesNotContain("secret");
        assertThat(new GcoreApi.Credentials("user", "secret").toString()).doesNotContain("secret");
        assertThat(new GcoreApi.Refresh("secret").toString()).doesNotContain("secret");
    }
}
