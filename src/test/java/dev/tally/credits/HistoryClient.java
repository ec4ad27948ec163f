package dev.tally.credits;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;

import dev.tally.testsupport.UsersForTests;

/** One client of a history: it does one operation after the other and remembers what it was told. */
final class HistoryClient implements Runnable {
    private static final Duration TIMEOUT = Duration.ofSeconds(40);
    private static final Duration PAUSE = Duration.ofMillis(25);
    private static final Duration PATIENCE = Duration.ofMinutes(10);
    private static final int[] LIMITS = {1, 100, 250};
    private static final int PER_PRICE = 100;
    private static final String ADMIN = UsersForTests.basic("admin");

    private final int number;
    private final int operations;
    private final Random random;
    private final HistoryReplicas replicas;
    private final HistoryBooks books;
    private final HttpClient http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(5)).build();
    /** What an operation may have cost: what was acknowledged, or 0; what is not known is negative. */
    private final int[] prices;
    private int answered;
    private int refused;
    private int failed;
    private int lost;
    private int topUps;
    private int changesByHand;

    /** What became of operations. */
    record Counts(int answered, int refused, int failed, int lost, int topUps, int changesByHand) {
        static Counts sum(List<HistoryClient> clients) {
            return clients.stream()
                    .map(it -> new Counts(it.answered, it.refused, it.failed, it.lost, it.topUps, it.changesByHand))
                    .reduce(new Counts(0, 0, 0, 0, 0, 0), (one, other) -> new Counts(one.answered + other.answered,
                            one.refused + other.refused, one.failed + other.failed, one.lost + other.lost,
                            one.topUps + other.topUps, one.changesByHand + other.changesByHand));
        }
    }

    HistoryClient(int number, long seed, int operations, HistoryReplicas replicas, HistoryBooks books) {
        this.number = number;
        this.operations = operations;
        this.random = new Random(seed * 1_000_003 + number);
        this.replicas = replicas;
        this.books = books;
        this.prices = new int[operations];
    }

    int operations() {
        return operations;
    }

    @Override
    public void run() {
        try (http) {
            for (int operation = 0; operation < operations; operation++) {
                // Each of a generator of its own, so that an operation does not depend on what became of the one before.
                perform(operation, new Random(random.nextLong()));
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private void perform(int operation, Random chance) throws SQLException, InterruptedException {
        // A third of all on one account.
        int account = chance.nextInt(3) == 0 ? 0 : chance.nextInt(HistoryBooks.ACCOUNTS);
        int kind = chance.nextInt(100);
        if (kind < 8) {
            topUp(operation, account, 1 + chance.nextInt(8), chance);
        } else if (kind < 13) {
            changesByHand += books.changeByHand(account, chance.nextInt(25) - 5 | 1) ? 1 : 0;
        } else if (kind < 28) {
            once(operation, 1, request(chance, "/record/" + tag(operation), account));
        } else {
            int limit = LIMITS[chance.nextInt(LIMITS.length)];
            int price = Math.max(1, (limit + PER_PRICE - 1) / PER_PRICE);
            String path = "/query?limit=" + limit + "&name_like=" + tag(operation);
            if (chance.nextInt(3) == 0) {
                withKey(operation, price, path, account, chance);
            } else {
                once(operation, price, request(chance, path, account));
            }
        }
    }

    private String tag(int operation) {
        return "h" + number + "x" + operation + "x";
    }

    private HttpRequest.Builder request(Random chance, String path, int account) {
        return HttpRequest.newBuilder(URI.create(replicas.address(chance.nextInt(2)) + path)).timeout(TIMEOUT)
                .header("x-api-key", HistoryBooks.key(account));
    }

    /** A question that is asked once. */
    private void once(int operation, int price, HttpRequest.Builder request) throws InterruptedException {
        try {
            note(operation, price, http.send(request.build(), HttpResponse.BodyHandlers.ofByteArray()));
        } catch (ConnectException _) {
            failed++;
        } catch (IOException _) {
            prices[operation] = -price;
            lost++;
        }
    }

    private boolean note(int operation, int price, HttpResponse<byte[]> response) {
        switch (response.statusCode()) {
            case 200, 404 -> {
                prices[operation] = price;
                answered++;
                return true;
            }
            case 402 -> {
                refused++;
                return true;
            }
            case 500, 502, 503, 504, 409 -> failed++;
            default -> throw new IllegalStateException("Status " + response.statusCode() + " of " + tag(operation)
                    + ": " + new String(response.body(), StandardCharsets.UTF_8));
        }
        return false;
    }

    /** A question that is asked until it is answered, and then once more: all answers are the same, and cost once. */
    private void withKey(int operation, int price, String path, int account, Random chance) {
        untilDone(operation, () -> {
            HttpResponse<byte[]> response = http.send(
                    request(chance, path, account).header("Idempotency-Key", tag(operation)).build(),
                    HttpResponse.BodyHandlers.ofByteArray());
            boolean done = note(operation, price, response);
            if (response.statusCode() == 200) {
                askAgain(operation, path, account, chance, response.body());
            }
            return done;
        });
    }

    /** Tries again while a replica is being replaced, ClickHouse fails, or an earlier attempt still counts as running. */
    private void untilDone(int operation, Callable<Boolean> attempt) {
        await(tag(operation) + " is done").pollInSameThread().pollDelay(Duration.ZERO).pollInterval(PAUSE)
                .atMost(PATIENCE)
                .until(() -> {
                    try {
                        return attempt.call();
                    } catch (ConnectException _) {
                        failed++;
                    } catch (IOException _) {
                        lost++;
                    }
                    return false;
                });
    }

    private void askAgain(int operation, String path, int account, Random chance, byte[] first)
            throws InterruptedException {
        try {
            HttpResponse<byte[]> again = http.send(
                    request(chance, path, account).header("Idempotency-Key", tag(operation)).build(),
                    HttpResponse.BodyHandlers.ofByteArray());
            if (again.statusCode() == 200 && !Arrays.equals(first, again.body())) {
                throw new IllegalStateException(tag(operation) + " was answered in two ways");
            }
            if (again.statusCode() != 200 && again.statusCode() < 500) {
                throw new IllegalStateException(tag(operation) + " was answered, and then with " + again.statusCode());
            }
        } catch (IOException _) {
            lost++;
        }
    }

    /** Sent until it is acknowledged, always with the same key: it counts once. */
    private void topUp(int operation, int account, int amount, Random chance) {
        untilDone(operation, () -> {
            HttpRequest request = HttpRequest
                    .newBuilder(URI.create(replicas.address(chance.nextInt(2)) + "/admin/topup?user_email="
                            + HistoryBooks.email(account) + "&amount=" + amount))
                    .timeout(TIMEOUT).header("Authorization", ADMIN).header("Idempotency-Key", tag(operation))
                    .POST(HttpRequest.BodyPublishers.noBody()).build();
            boolean done = http.send(request, HttpResponse.BodyHandlers.ofByteArray()).statusCode() == 200;
            topUps += done ? 1 : 0;
            failed += done ? 0 : 1;
            return done;
        });
    }

    /** Whether each operation was charged what this client was told. */
    void compare(int[] charged, List<String> faults) {
        for (int operation = 0; operation < operations; operation++) {
            int price = prices[operation];
            boolean right = price < 0
                    ? charged[operation] == 0 || charged[operation] == -price
                    : charged[operation] == price;
            if (!right) {
                faults.add(tag(operation) + " was charged " + charged[operation] + " for " + price);
            }
        }
    }
}
