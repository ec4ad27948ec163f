package dev.tally.interactions;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

import dev.tally.platform.postgres.CopyWriter;

/** Writes clean rows for the COPY into the stage of their kind, and digests what they say. */
final class CopyStage implements RowStage {
    private static final int BUFFER_BYTES = 8 * 1024;
    private static final int MAX_ROW_BYTES = 2 * 1024;

    private final CopyWriter copy;
    private final Digest digest;
    private final Names channels;
    private final Names products;

    /** Of all rows of a workbook, in their order, without their places: what two files with the same content share. */
    static final class Digest {
        private final MessageDigest sha256;
        private final ByteBuffer buffer = ByteBuffer.allocate(BUFFER_BYTES);

        Digest() {
            try {
                sha256 = MessageDigest.getInstance("SHA-256");
            } catch (NoSuchAlgorithmException e) {
                throw new IllegalStateException("Every Java has SHA-256", e);
            }
        }

        private ByteBuffer row(SheetKind kind) {
            if (buffer.remaining() < MAX_ROW_BYTES) {
                drain();
            }
            return buffer.put((byte) kind.title().charAt(0));
        }

        private void text(String value) {
            byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
            buffer.putInt(bytes.length).put(bytes);
        }

        private void drain() {
            sha256.update(buffer.flip());
            buffer.clear();
        }

        /** In hexadecimal; once, after all rows. */
        String hex() {
            drain();
            return HexFormat.of().formatHex(sha256.digest());
        }
    }

    CopyStage(OutputStream out, Digest digest, Names channels, Names products) {
        this.copy = new CopyWriter(out);
        this.digest = digest;
        this.channels = channels;
        this.products = products;
    }

    @Override
    public void customer(long row, long customerId, String occupation, String type) throws IOException {
        copy.row(4);
        copy.bigint(row);
        copy.bigint(customerId);
        text(occupation);
        text(type);
        digest.row(SheetKind.CUSTOMERS).putLong(customerId);
        digest.text(occupation);
        digest.text(type);
    }

    private void text(String value) throws IOException {
        if (value.isEmpty()) {
            copy.absent();
        } else {
            copy.text(value);
        }
    }

    @Override
    public void interactions(long row, List<Long> customerIds, long epochMicros, int channel) throws IOException {
        for (long customerId : customerIds) {
            copy.row(4);
            copy.bigint(row);
            copy.bigint(customerId);
            copy.timestamp(epochMicros);
            copy.integer(channel);
            digest.row(SheetKind.INTERACTIONS).putLong(customerId).putLong(epochMicros);
            digest.text(channels.names().get(channel).key());
        }
    }

    @Override
    public void discussion(long row, long monthEpochDay, int product) throws IOException {
        copy.row(3);
        copy.bigint(row);
        copy.date(monthEpochDay);
        copy.integer(product);
        digest.row(SheetKind.PRODUCTS).putLong(monthEpochDay);
        digest.text(products.names().get(product).key());
    }

    /** After the last row. */
    void finish() throws IOException {
        copy.finish();
    }
}
