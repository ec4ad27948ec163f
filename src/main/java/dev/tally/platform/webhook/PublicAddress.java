package dev.tally.platform.webhook;

import java.math.BigInteger;
import java.net.InetAddress;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Tells the addresses of the internet from those of a network of its own (the IANA's registries of special-purpose
 * addresses, RFC 6890).
 */
final class PublicAddress {
    private static final int IPV4_BYTES = 4;
    private static final int IPV6_BYTES = 16;

    private static final List<Block> RESERVED = Stream.of(
            "0.0.0.0/8", // this network, and no address at all
            "10.0.0.0/8", // private
            "100.64.0.0/10", // shared by the customers of a provider
            "127.0.0.0/8", // loopback
            "169.254.0.0/16", // link-local; clouds answer there for their metadata
            "172.16.0.0/12", // private
            "192.0.0.0/24", // of the IETF's protocols
            "192.0.2.0/24", // documentation
            "192.88.99.0/24", // relays of 6to4, no longer used
            "192.168.0.0/16", // private
            "198.18.0.0/15", // benchmarks
            "198.51.100.0/24", // documentation
            "203.0.113.0/24", // documentation
            "224.0.0.0/4", // multicast
            "240.0.0.0/4", // reserved, and broadcast
            "2001:2::/48", // benchmarks
            "2001:10::/28", // ORCHID
            "2001:20::/28", // ORCHIDv2
            "2001:db8::/32", // documentation
            "3fff::/20") // documentation
            .map(Block::parse).toList();

    /** All that is given out; outside are loopback, unique-local, link-local, multicast, and IPv4 in its old form. */
    private static final Block GLOBAL_UNICAST = Block.parse("2000::/3");

    /** IPv6 that leads to IPv4. */
    private static final List<Embedding> EMBEDDINGS = List.of(
            new Embedding(Block.parse("0:0:0:0:0:ffff::/96"), 12, false), // IPv4-mapped
            new Embedding(Block.parse("64:ff9b::/96"), 12, false), // NAT64
            new Embedding(Block.parse("2002::/16"), 2, false), // 6to4
            new Embedding(Block.parse("2001:0::/32"), 4, false), // Teredo: its server
            new Embedding(Block.parse("2001:0::/32"), 12, true)); // and its client

    private PublicAddress() {}

    /** Whether it is one of the internet's. */
    static boolean isPublic(InetAddress address) {
        return isPublic(address.getAddress());
    }

    private static boolean isPublic(byte[] address) {
        if (RESERVED.stream().anyMatch(block -> block.contains(address))) {
            return false;
        }
        if (address.length == IPV4_BYTES) {
            return true;
        }
        List<Embedding> embeddings = EMBEDDINGS.stream().filter(each -> each.block().contains(address)).toList();
        return embeddings.isEmpty()
                ? GLOBAL_UNICAST.contains(address)
                : embeddings.stream().allMatch(each -> isPublic(each.ipv4(address)));
    }

    /**
     * Where an address of IPv4 stands in one of IPv6.
     *
     * @param at its first byte
     * @param inverted whether its bits are
     */
    private record Embedding(Block block, int at, boolean inverted) {
        byte[] ipv4(byte[] ipv6) {
            byte[] ipv4 = Arrays.copyOfRange(ipv6, at, at + IPV4_BYTES);
            for (int i = 0; inverted && i < ipv4.length; i++) {
                ipv4[i] = (byte) ~ipv4[i];
            }
            return ipv4;
        }
    }

    /**
     * Addresses that begin with the same bits.
     *
     * @param sizeBytes of each address
     * @param prefix the bits
     * @param freeBits how many come after them
     */
    private record Block(int sizeBytes, BigInteger prefix, int freeBits) {
        boolean contains(byte[] address) {
            return address.length == sizeBytes && new BigInteger(1, address).shiftRight(freeBits).equals(prefix);
        }

        /** Not by {@link InetAddress}: the binary makes this table while it is built, when there is no network. */
        static Block parse(String text) {
            String[] parts = text.split("/", 2);
            boolean ipv6 = parts[0].contains(":");
            int sizeBytes = ipv6 ? IPV6_BYTES : IPV4_BYTES;
            int groupBits = ipv6 ? Short.SIZE : Byte.SIZE;
            int[] groups = Arrays.stream(parts[0].replace("::", "").split(ipv6 ? ":" : "\\."))
                    .mapToInt(group -> Integer.parseInt(group, ipv6 ? 16 : 10)).toArray();
            BigInteger first = IntStream.range(0, sizeBytes * Byte.SIZE / groupBits)
                    .mapToObj(i -> BigInteger.valueOf(i < groups.length ? groups[i] : 0))
                    .reduce(BigInteger.ZERO, (before, group) -> before.shiftLeft(groupBits).or(group));
            int freeBits = sizeBytes * Byte.SIZE - Integer.parseInt(parts[1]);
            return new Block(sizeBytes, first.shiftRight(freeBits), freeBits);
        }
    }
}
