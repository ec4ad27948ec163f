package dev.tally.testsupport;

import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

import org.jspecify.annotations.Nullable;

/** An answer on its way to the client, to which something happens. */
final class FaultyOutput extends OutputStream {
    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

    private final Socket client;
    private final OutputStream out;
    private final @Nullable Fault fault;
    private long written;
    private long place;

    FaultyOutput(Socket client, @Nullable Fault fault) throws IOException {
        this.client = client;
        this.out = client.getOutputStream();
        this.fault = fault;
        this.place = fault == null || fault.ofBody() ? Long.MAX_VALUE : fault.at();
    }

    void bodyBegins() {
        if (fault != null && fault.ofBody()) {
            place = written + fault.at();
        }
    }

    @Override
    public void write(int one) throws IOException {
        write(new byte[]{(byte) one}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int from, int length) throws IOException {
        int before = (int) Math.min(length, Math.max(0, place - written));
        if (fault == null || before == length) {
            out.write(bytes, from, length);
            written += length;
            return;
        }
        out.write(bytes, from, before);
        written += before;
        happen(bytes, from + before, length - before);
    }

    private void happen(byte[] bytes, int from, int length) throws IOException {
        switch (Objects.requireNonNull(fault).kind()) {
            case CUT -> throw new IOException("To be cut here");
            case RESET -> {
                // Close is an RST then.
                client.setSoLinger(true, 0);
                throw new IOException("To be reset here");
            }
            case HOLD -> {
                hold();
                place = Long.MAX_VALUE;
                write(bytes, from, length);
            }
            case CORRUPT -> {
                place = Long.MAX_VALUE;
                bytes[from] = (byte) ~bytes[from];
                write(bytes, from, length);
            }
            case SLOW -> {
                for (int at = from; at < from + length; at++) {
                    LockSupport.parkNanos(PAUSE_NANOS);
                    out.write(bytes[at]);
                    written++;
                }
            }
            default -> {
                place = Long.MAX_VALUE;
                write(bytes, from, length);
            }
        }
    }

    private void hold() throws IOException {
        try {
            Objects.requireNonNull(Objects.requireNonNull(fault).gate()).await();
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }
}
