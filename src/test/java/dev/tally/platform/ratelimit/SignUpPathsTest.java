package dev.tally.platform.ratelimit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SignUpPathsTest {
    @ParameterizedTest
    @CsvSource({
            "/auth/signup,            true", "/auth/signup/,           true", "/auth/signup;a=b,        true",
            "/auth;a=b/signup,        true", "/auth;/signup;,          true", "//auth/signup,           true",
            "/auth//signup,           true", "/;x/auth/signup,         true", "/auth/,                  true",
            "/auth,                   false", "/authors,                false", "/query/auth/signup,      false",
            "/,                       false", "/query;/auth/signup,     false"})
    void areFoundHoweverTheyAreWritten(String path, boolean contained) {
        assertThat(new SignUpPaths(List.of("/auth/")).contain(path)).isEqualTo(contained);
    }
}
