package dev.tally.platform.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PublicAddressTest {
    @ParameterizedTest
    @ValueSource(strings = {"1.1.1.1", "8.8.8.8", "9.255.255.255", "11.0.0.0", "100.63.255.255", "100.128.0.0",
            "126.255.255.255", "128.0.0.0", "169.253.255.255", "169.255.0.0", "172.15.255.255", "172.32.0.0",
            "191.255.255.255", "192.0.1.0", "192.0.3.0", "192.88.98.255", "192.167.255.255", "192.169.0.0",
            "198.17.255.255", "198.20.0.0", "198.51.99.255", "198.51.101.0", "203.0.112.255", "203.0.114.0",
            "223.255.255.255", "2000::", "2001:4860:4860::8888", "2606:4700::1111", "2a00:1450::1",
            "2001:db7:ffff::1", "2001:db9::", "3ffe:ffff::", "3fff:1000::",
            "64:ff9b::808:808", "2002:808:808::1", "2001:0:808:808:0:0:f7f7:f7f7"})
    void knowsWhatIsOfTheInternet(String address) {
        assertThat(PublicAddress.isPublic(InetAddress.ofLiteral(address))).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"0.0.0.0", "0.255.255.255", "10.0.0.0", "10.255.255.255", "100.64.0.0", "100.127.255.255",
            "127.0.0.1", "127.255.255.255", "169.254.0.0", "169.254.169.254", "172.16.0.0", "172.31.255.255",
            "192.0.0.0", "192.0.0.255", "192.0.2.1", "192.88.99.1", "192.168.0.0", "192.168.255.255", "198.18.0.0",
            "198.19.255.255", "198.51.100.7", "203.0.113.7", "224.0.0.1", "239.255.255.255", "240.0.0.0",
            "255.255.255.255",
            "::", "::1", "::808:808", "::7f00:1", "100::1", "fc00::", "fdff:ffff::1", "fe80::1", "febf::1", "fec0::1",
            "ff02::1", "ff0e::1", "1fff:ffff::", "4000::", "5f00::1", "2001:2::1", "2001:10::1", "2001:2f::1",
            "2001:db8::1", "3fff::1", "3fff:fff::1",
            "64:ff9b::7f00:1", "64:ff9b::a00:1", "64:ff9b::a9fe:a9fe", "64:ff9b:1::808:808", "2002:7f00:1::1",
            "2002:c0a8:101::1", "2002:a9fe:a9fe::", "2001:0:a00:1::f7f7:f7f7",
            // The client's bits are inverted: these are 10.0.0.1 and 127.0.0.1.
            "2001:0:808:808:0:0:f5ff:fffe", "2001:0:808:808:0:0:80ff:fffe"})
    void knowsWhatIsNot(String address) {
        assertThat(PublicAddress.isPublic(InetAddress.ofLiteral(address))).isFalse();
    }

    @Test
    void seesIpv4BehindItsMappedForm() throws UnknownHostException {
        assertThat(PublicAddress.isPublic(mapped(8, 8, 8, 8))).isTrue();
        assertThat(PublicAddress.isPublic(mapped(10, 0, 0, 1))).isFalse();
        assertThat(PublicAddress.isPublic(mapped(169, 254, 169, 254))).isFalse();
        assertThat(PublicAddress.isPublic(InetAddress.getByName("::ffff:127.0.0.1"))).isFalse();
    }

    /** Not by {@link InetAddress}, which would make it IPv4. */
    private static InetAddress mapped(int... ipv4) throws UnknownHostException {
        byte[] address = new byte[16];
        address[10] = (byte) 0xFF;
        address[11] = (byte) 0xFF;
        for (int i = 0; i < ipv4.length; i++) {
            address[12 + i] = (byte) ipv4[i];
        }
        return Inet6Address.getByAddress(null, address, -1);
    }
}
