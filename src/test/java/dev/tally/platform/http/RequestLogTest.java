package dev.tally.platform.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Collectors;

import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Chars;
import net.jqwik.api.constraints.Size;

class RequestLogTest {
    @Example
    void hidesPhoneNumbersAndKeepsTheLineWhole() {
        assertThat(RequestLog.loggable("/api/usage/7643008066273/summary")).isEqualTo("/api/usage/*/summary");
        assertThat(RequestLog.loggable("/api/usage/+12345")).isEqualTo("/api/usage/+*");
        assertThat(RequestLog.loggable("/a b\n/1234/ü")).isEqualTo("/a?b?/1234/?");
    }

    @Property
    void doesWhatThePatternsWouldDo(@ForAll @Size(max = 60) List<@Chars({'0', '9', '5', '/',
            'a', ' ', '\n', 'ü'}) Character> letters) {
        String path = letters.stream().map(String::valueOf).collect(Collectors.joining());

        assertThat(RequestLog.loggable(path))
                .isEqualTo(path.replaceAll("[0-9]{5,}", "*").replaceAll("[^!-~]", "?"));
    }

    @Example
    void endsAPathThatIsLong() {
        assertThat(RequestLog.loggable("/" + "a".repeat(1_000))).hasSize(200);
    }
}
