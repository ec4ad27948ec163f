package dev.tally.platform.security;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;

class AdminKeyTest {
    private static final String KEY = "0123456789abcdef";

    private record Config(Optional<String> apiKey) implements AdminConfig {}

    @Test
    void isThatKeyAndNoOther() {
        AdminKey key = new AdminKey(new Config(Optional.of(KEY)));

        assertThat(key.is(KEY)).isTrue();
        assertThat(key.is("")).isFalse();
        assertThat(key.is(KEY + "0")).isFalse();
        assertThat(key.is(KEY.substring(1))).isFalse();
    }

    @Test
    void isNoneWhenNoneIsSet() {
        AdminKey none = new AdminKey(new Config(Optional.empty()));

        assertThat(none.is("")).isFalse();
        assertThat(none.is(KEY)).isFalse();
        assertThat(AdminKey.faults(new SmallRyeConfigBuilder().build())).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"short", "0123456789abcde", "0123456789 abcdef", "0123456789abcdeé"})
    void isRefusedWhenItIsEasilyGuessedOrCannotBeSent(String key) {
        assertThat(AdminKey.faults(config(key))).singleElement().asString().contains("ADMIN_API_KEY")
                .doesNotContain(key);
    }

    @Test
    void isFitFromSixteenCharactersOn() {
        assertThat(AdminKey.faults(config(KEY))).isEmpty();
    }

    private static SmallRyeConfig config(String key) {
        return new SmallRyeConfigBuilder().withDefaultValue("tally.admin.api-key", key).build();
    }
}
