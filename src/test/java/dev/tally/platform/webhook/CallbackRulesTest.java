package dev.tally.platform.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.net.URI;
import java.util.List;
import java.util.Optional;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import dev.tally.platform.problem.ProblemCode;
import dev.tally.platform.problem.ProblemException;

class CallbackRulesTest {
    private final CallbackRules rules = new CallbackRules(WebhookConfigForTests.allowing("hooks.example.com",
            " Other.Example.ORG. ", "*.sub.example.com", "bücher.example", "192.31.196.1", "::1", "[::1]"));

    @ParameterizedTest
    @CsvSource({
            "https://hooks.example.com/a?b=c,          https://hooks.example.com/a?b=c",
            "HTTPS://Hooks.EXAMPLE.com/A,              https://hooks.example.com/A",
            "https://hooks.example.com,                https://hooks.example.com/",
            "https://hooks.example.com?a,              https://hooks.example.com/?a",
            "https://hooks.example.com./a,             https://hooks.example.com/a",
            "https://hooks.example.com:443/a,          https://hooks.example.com/a",
            "https://hooks.example.com:/a,             https://hooks.example.com/a",
            "https://hooks.example.com:8443/a,         https://hooks.example.com:8443/a",
            "https://hooks.example.com:9010/a,         https://hooks.example.com:9010/a",
            "https://hooks.example.com/%2e%2E/ü,       https://hooks.example.com/%2e%2E/%C3%BC",
            "https://other.example.org/,               https://other.example.org/",
            "https://a.sub.example.com/,               https://a.sub.example.com/",
            "https://a.b.sub.example.com/,             https://a.b.sub.example.com/",
            "https://xn--bcher-kva.example/,           https://xn--bcher-kva.example/",
            "https://192.31.196.1/,                    https://192.31.196.1/"})
    void allowsWhatIsOnTheList(String callbackUrl, String normal) {
        URI url = rules.check(callbackUrl);

        assertThat(url).hasToString(normal);
        assertThat(rules.stillAllows(url)).isTrue();
        assertThat(rules.check(normal)).isEqualTo(url);
    }

    @ParameterizedTest
    @ValueSource(strings = {"https://example.com/", "https://hooks.example.com.evil.test/",
            "https://evilhooks.example.com/",
            "https://sub.example.com/", "https://xsub.example.com/", "https://x.hooks.example.com/",
            "https://hooks.example.com../", "https://127.0.0.1/", "https://192.31.196.10/",
            "https://*.sub.example.com/"})
    void refusesOtherHosts(String callbackUrl) {
        assertRefuses(callbackUrl);
    }

    @ParameterizedTest
    @ValueSource(strings = {"http://hooks.example.com/", "ftp://hooks.example.com/", "file:///etc/passwd",
            "gopher://hooks.example.com/", "//hooks.example.com/", "hooks.example.com", "", " ", "https:", "https://",
            "https:hooks.example.com", "https:///hooks.example.com", "https://:443/",
            "https://user@hooks.example.com/", "https://user:pw@hooks.example.com/", "https://@hooks.example.com/",
            "https://hooks.example.com@evil.test/", "https://evil.test@hooks.example.com/",
            "https://hooks.example.com%40evil.test/", "https://evil.test\\@hooks.example.com/",
            "https://hooks.example.com\\.evil.test/", "https://hooks.example.com /",
            "https://hooks.example.com/\r\nX: y",
            "https://hooks.example.com/#fragment", "https://hooks.example.com/#",
            "https://hooks.example.com:22/", "https://hooks.example.com:9011/", "https://hooks.example.com:0/",
            "https://hooks.example.com:99999999999/", "https://hooks.example.com:-1/",
            "https://[::1]/", "https://[::ffff:127.0.0.1]/", "https://[fe80::1%25eth0]/",
            "https://2130706433/", "https://0x7f000001/", "https://127.1/", "https://bücher.example/",
            "https://ｈooks.example.com/"})
    void refusesWhatIsNoPlainAddressOfAHost(String callbackUrl) {
        assertRefuses(callbackUrl);
    }

    @Test
    void refusesWhatIsTooLong() {
        String longest = "https://hooks.example.com/" + "a".repeat(174);

        assertThat(rules.check(longest)).hasToString(longest);
        assertRefuses(longest + "a");
    }

    @Test
    void allowsHttpOnlyWhereThatIsConfigured() {
        CallbackRules lax = new CallbackRules(WebhookConfigForTests.forLocalReceivers());

        assertThat(lax.check("http://localhost:1234/a")).hasToString("http://localhost:1234/a");
        assertThat(lax.check("http://localhost:80/a")).hasToString("http://localhost/a");
        assertThat(lax.check("http://localhost:443/a")).hasToString("http://localhost:443/a");
    }

    @Test
    void saysThatWebhooksAreNotConfigured() {
        Optional<String> secret = Optional.of(WebhookConfigForTests.SECRET);
        Optional<List<String>> hosts = Optional.of(List.of("hooks.example.com"));

        for (WebhookConfig config : List.of(new WebhookConfigForTests(Optional.empty(), hosts, false),
                new WebhookConfigForTests(secret, Optional.empty(), false),
                new WebhookConfigForTests(secret, Optional.of(List.of(" ", "")), false))) {
            CallbackRules none = new CallbackRules(config);
            assertThat(none.configured()).isFalse();
            assertThatExceptionOfType(ProblemException.class)
                    .isThrownBy(() -> none.check("https://hooks.example.com/"))
                    .withMessage("This service sends no webhooks: they are not configured.");
        }
    }

    private void assertRefuses(String callbackUrl) {
        assertThatExceptionOfType(ProblemException.class).isThrownBy(() -> rules.check(callbackUrl))
                .satisfies(problem -> assertThat(problem.code()).isEqualTo(ProblemCode.CALLBACK_URL_INVALID));
    }
}
