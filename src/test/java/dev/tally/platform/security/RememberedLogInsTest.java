package dev.tally.platform.security;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;

import dev.tally.testsupport.SetClock;
import io.quarkus.security.credential.PasswordCredential;
import io.quarkus.security.identity.SecurityIdentity;
import io.quarkus.security.runtime.QuarkusPrincipal;
import io.quarkus.security.runtime.QuarkusSecurityIdentity;

class RememberedLogInsTest {
    private static final String HEADER = "Basic b3BzOmNvcnJlY3QgaG9yc2U=";

    private final SetClock clock = new SetClock(Instant.parse("2024-01-01T00:00:00Z"));

    private record Config(int rememberedEntries, int rememberedSeconds) implements LogInConfig {
        @Override
        public List<String> keyPaths() {
            return List.of();
        }
    }

    @Test
    void knowsWhoAHeaderWasGoodForWithoutThePassword() {
        RememberedLogIns logIns = logIns(10, 301);

        logIns.remember(HEADER, identity("ops"));

        assertThat(logIns.find(HEADER)).hasValueSatisfying(found -> {
            assertThat(found.getPrincipal().getName()).isEqualTo("ops");
            assertThat(found.getRoles()).containsExactly(Role.ADMIN);
            assertThat(found.getCredentials()).isEmpty();
        });
    }

    @Test
    void knowsNoOtherHeader() {
        RememberedLogIns logIns = logIns(10, 301);

        logIns.remember(HEADER, identity("ops"));

        assertThat(logIns.find("Basic b3BzOmNvcnJlY3QgaG9yc2V=")).isEmpty();
        assertThat(logIns.find(HEADER + " ")).isEmpty();
        assertThat(logIns.find("")).isEmpty();
    }

    @Test
    void forgetsWhenTheTimeIsOver() {
        RememberedLogIns logIns = logIns(10, 301);
        logIns.remember(HEADER, identity("ops"));

        clock.advance(Duration.ofSeconds(301).minusMillis(1));
        assertThat(logIns.find(HEADER)).isPresent();

        clock.advance(Duration.ofMillis(1));
        assertThat(logIns.find(HEADER)).isEmpty();
    }

    @Test
    void isNotProlongedByUse() {
        RememberedLogIns logIns = logIns(10, 301);
        logIns.remember(HEADER, identity("ops"));

        clock.advance(Duration.ofSeconds(199));
        assertThat(logIns.find(HEADER)).isPresent();
        clock.advance(Duration.ofSeconds(199));

        assertThat(logIns.find(HEADER)).isEmpty();
    }

    @Test
    void neverHoldsMoreThanItMay() {
        RememberedLogIns logIns = logIns(10, 301);

        IntStream.range(0, 1_000).forEach(i -> logIns.remember("Basic " + i, identity("ops")));

        assertThat(IntStream.range(0, 1_000).filter(i -> logIns.find("Basic " + i).isPresent()).count())
                .isBetween(1L, 10L);
        assertThat(logIns.find("Basic 999")).isPresent();
    }

    @Test
    void isTurnedOffByNoTimeAndByNoEntries() {
        RememberedLogIns noTime = logIns(10, 0);
        RememberedLogIns noEntries = logIns(0, 300);

        noTime.remember(HEADER, identity("ops"));
        noEntries.remember(HEADER, identity("ops"));

        assertThat(noTime.find(HEADER)).isEmpty();
        assertThat(noEntries.find(HEADER)).isEmpty();
    }

    @Test
    void knowsNothingOfThoseBeforeARestart() {
        logIns(10, 301).remember(HEADER, identity("ops"));

        assertThat(logIns(10, 301).find(HEADER)).isEmpty();
    }

    private RememberedLogIns logIns(int entries, int seconds) {
        return new RememberedLogIns(new Config(entries, seconds), clock);
    }

    private static SecurityIdentity identity(String name) {
        return QuarkusSecurityIdentity.builder().setPrincipal(new QuarkusPrincipal(name)).addRole(Role.ADMIN)
                .addCredential(new PasswordCredential("correct horse".toCharArray())).build();
    }
}
