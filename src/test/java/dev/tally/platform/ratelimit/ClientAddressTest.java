package dev.tally.platform.ratelimit;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import io.vertx.core.net.SocketAddress;

class ClientAddressTest {
    @ParameterizedTest
    @CsvSource({
            "203.0.113.7,                203.0.113.7",
            "::ffff:203.0.113.7,         203.0.113.7",
            "2001:db8:1:2::1,            20010db800010002",
            "2001:db8:1:2:ffff::9,       20010db800010002",
            "2001:db8:1:3::1,            20010db800010003",
            "[2001:db8:1:2::1],          20010db800010002",
            "::1,                        0000000000000000"})
    void isTheAddressOrTheNetworkOfOneClient(String address, String expected) {
        assertThat(ClientAddress.of(SocketAddress.inetSocketAddress(1234, address))).isEqualTo(expected);
    }

    @Test
    void isTheNameWhereAProxyGivesNoAddress() {
        assertThat(ClientAddress.of(SocketAddress.inetSocketAddress(1234, "_hidden"))).isEqualTo("_hidden");
        assertThat(ClientAddress.of(SocketAddress.inetSocketAddress(1234, "x".repeat(500)))).hasSize(100);
    }

    @Test
    void isTheSameForAllOfWhomNothingIsKnown() {
        assertThat(ClientAddress.of(null)).isEqualTo("unknown");
        assertThat(ClientAddress.of(SocketAddress.domainSocketAddress("/tmp/socket"))).isEqualTo("unknown");
    }
}
