package dev.tally.platform.ratelimit;

import java.util.Arrays;
import java.util.HexFormat;

import org.jspecify.annotations.Nullable;

import io.netty.util.NetUtil;
import io.vertx.core.net.SocketAddress;

/** By which a client is known before it says who it is. */
final class ClientAddress {
    private static final int IPV6_BYTES = 16;
    /** What one client is given: whoever has one address of a /64 has all of them (RFC 6177, RFC 7421). */
    private static final int NETWORK_BYTES = 8;
    private static final byte[] MAPPED = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, -1, -1};
    private static final int MAX_NAME_CHARACTERS = 100;

    private ClientAddress() {}

    /** @param address behind a trusted proxy, what the proxy says: it may have brackets, or be a name */
    static String of(@Nullable SocketAddress address) {
        String ip = address == null ? null : address.hostAddress();
        String host = ip == null && address != null ? address.host() : ip;
        if (host == null) {
            // Not by network; all of these are one.
            return "unknown";
        }
        byte[] bytes = NetUtil.createByteArrayFromIpAddressString(host);
        return bytes == null ? host.substring(0, Math.min(host.length(), MAX_NAME_CHARACTERS)) : of(bytes);
    }

    private static String of(byte[] bytes) {
        if (bytes.length == IPV6_BYTES && !Arrays.equals(bytes, 0, MAPPED.length, MAPPED, 0, MAPPED.length)) {
            return HexFormat.of().formatHex(bytes, 0, NETWORK_BYTES);
        }
        return NetUtil.bytesToIpAddress(
                bytes.length == IPV6_BYTES ? Arrays.copyOfRange(bytes, MAPPED.length, IPV6_BYTES) : bytes);
    }
}
