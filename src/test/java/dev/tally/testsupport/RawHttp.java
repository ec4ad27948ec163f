package dev.tally.testsupport;

import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

import io.restassured.RestAssured;

/** A client without manners, for what a well-behaved one cannot send or would hide. */
public final class RawHttp {
    private static final int TIMEOUT_MILLIS = 20_000;
    /** {@code viewer}, with the password of the tests. */
    public static final String VIEWER = "Authorization: " + UsersForTests.basic("viewer") + "\r\n";

    /** {@code operator}, with the password of the tests. */
    public static final String OPERATOR = "Authorization: " + UsersForTests.basic("operator") + "\r\n";

    private RawHttp() {}

    /** Sends these bytes and gives what comes until the server closes the connection. */
    public static String exchange(String request) throws IOException {
        try (Socket socket = send(request)) {
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
        }
    }

    /** Sends these bytes over a connection of their own. */
    public static Socket send(String request) throws IOException {
        Socket socket = new Socket("localhost", RestAssured.port);
        socket.setSoTimeout(TIMEOUT_MILLIS);
        socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
        return socket;
    }
}
