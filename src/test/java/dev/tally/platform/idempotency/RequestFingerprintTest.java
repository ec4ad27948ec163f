package dev.tally.platform.idempotency;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RequestFingerprintTest {
    private static final byte[] BODY = "{}".getBytes(UTF_8);

    @ParameterizedTest
    @CsvSource({"a=1&b=2, b=2&a=1", "a=1&a=2&b=3, a=1&b=3&a=2", "a=%7E, a=~", "a=x+y, a=x%20y", "a, a=", "&a=1&, a=1",
            "'', "})
    void isTheSameForQueriesThatSayTheSame(String query, String other) {
        assertThat(ofQuery(query)).isEqualTo(ofQuery(other)).hasSize(32);
    }

    @ParameterizedTest
    @CsvSource({"a=1&a=2, a=2&a=1", "a=1, a=2", "a=1, A=1", "a=1, a=1&b=", "a=1&b=2, a=1%26b=2", "a=%zz, a=zz"})
    void isAnotherForQueriesThatDoNot(String query, String other) {
        assertThat(ofQuery(query)).isNotEqualTo(ofQuery(other));
    }

    @Test
    void dependsOnEveryPartOfTheRequest() {
        byte[] request = RequestFingerprint.of("POST", "/reports/cdn", "a=1", "text/csv", BODY);

        assertThat(RequestFingerprint.of("POST", "/reports/cdn", "a=1", "text/csv", BODY)).isEqualTo(request);
        assertThat(RequestFingerprint.of("PUT", "/reports/cdn", "a=1", "text/csv", BODY)).isNotEqualTo(request);
        assertThat(RequestFingerprint.of("POST", "/reports/waap", "a=1", "text/csv", BODY)).isNotEqualTo(request);
        assertThat(RequestFingerprint.of("POST", "/reports/cdn", null, "text/csv", BODY)).isNotEqualTo(request);
        assertThat(RequestFingerprint.of("POST", "/reports/cdn", "a=1", null, BODY)).isNotEqualTo(request);
        assertThat(RequestFingerprint.of("POST", "/reports/cdn", "a=1", "text/csv", new byte[0]))
                .isNotEqualTo(request);
    }

    @Test
    void doesNotRunOnePartIntoTheNext() {
        assertThat(RequestFingerprint.of("POST", "/a", null, "b", BODY))
                .isNotEqualTo(RequestFingerprint.of("POST", "/ab", null, "", BODY))
                .isNotEqualTo(RequestFingerprint.of("POST", "/a", null, "", "b{}".getBytes(UTF_8)));
    }

    private static byte[] ofQuery(String query) {
        return RequestFingerprint.of("POST", "/query", query, "application/json", BODY);
    }
}
