package dev.tally.bench;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * A client of any server: one connection, which is kept, and one request at a time. It does as little as a client can,
 * because it shares the processors with the servers.
 */
final class KeptConnection implements AutoCloseable {
    private static final int BUFFER_BYTES = 4 << 20;
    private static final String OK = "HTTP/1.1 200 ";
    private static final String END_OF_LINE = "\r\n";
    private static final String END_OF_HEAD = "\r\n\r\n";
    private static final String LENGTH = "\r\ncontent-length:";
    private static final String CHUNKED = "\r\ntransfer-encoding: chunked\r\n";
    private static final String CLOSE = "\r\nconnection: close\r\n";

    private final int port;
    private final byte[] buffer = new byte[BUFFER_BYTES];
    private int length;
    private Socket socket;

    KeptConnection(int port) throws IOException {
        this.port = port;
        this.socket = connect(port);
    }

    private static Socket connect(int port) throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setTcpNoDelay(true);
        return socket;
    }

    /** Gives the nanoseconds until the answer, which has to be a good one, was there as a whole. */
    long ask(byte[] request) throws IOException {
        length = 0;
        long start = System.nanoTime();
        socket.getOutputStream().write(request);
        int body = find(END_OF_HEAD, 0) + END_OF_HEAD.length();
        String head = new String(buffer, 0, body, StandardCharsets.ISO_8859_1).toLowerCase(Locale.ROOT);
        if (!head.startsWith(OK.toLowerCase(Locale.ROOT))) {
            throw new IOException("Not the answer that was expected: " + answer());
        }
        if (head.contains(CHUNKED)) {
            readChunks(body);
        } else {
            readUntil(body + contentLength(head));
        }
        long nanos = System.nanoTime() - start;
        if (head.contains(CLOSE)) {
            // ClickHouse does so after some thousands.
            socket.close();
            socket = connect(port);
        }
        return nanos;
    }

    /** All of the last answer, head and marks of chunks included, a byte a character. */
    String answer() {
        return new String(buffer, 0, length, StandardCharsets.ISO_8859_1);
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }

    private void readChunks(int first) throws IOException {
        int at = first;
        int size;
        do {
            int end = find(END_OF_LINE, at);
            size = Integer.parseInt(new String(buffer, at, end - at, StandardCharsets.US_ASCII), 16);
            at = end + END_OF_LINE.length() + size + END_OF_LINE.length();
            readUntil(at);
        } while (size > 0);
    }

    private static int contentLength(String head) throws IOException {
        int at = head.indexOf(LENGTH);
        if (at < 0) {
            throw new IOException("An answer without a length: " + head);
        }
        int from = at + LENGTH.length();
        return Integer.parseInt(head.substring(from, head.indexOf('\r', from)).strip());
    }

    private int find(String mark, int from) throws IOException {
        int at = from;
        while (true) {
            for (; at + mark.length() <= length; at++) {
                if (isAt(at, mark)) {
                    return at;
                }
            }
            readMore();
        }
    }

    private boolean isAt(int at, String mark) {
        for (int i = 0; i < mark.length(); i++) {
            if (buffer[at + i] != mark.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    private void readUntil(int end) throws IOException {
        while (length < end) {
            readMore();
        }
    }

    private void readMore() throws IOException {
        int count = socket.getInputStream().read(buffer, length, buffer.length - length);
        if (count <= 0) {
            throw new IOException("An answer broke off, or is longer than the client can take");
        }
        length += count;
    }
}
