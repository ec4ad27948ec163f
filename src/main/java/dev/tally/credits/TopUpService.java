package dev.tally.credits;

import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.util.Map;
import java.util.OptionalLong;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;

import org.jspecify.annotations.Nullable;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;

import dev.tally.platform.idempotency.IdempotencyService;
import dev.tally.platform.idempotency.StoredAnswer;
import dev.tally.platform.problem.DatabaseException;
import dev.tally.platform.problem.ProblemCode;
import dev.tally.platform.problem.ProblemException;

/** Adds to accounts. */
@ApplicationScoped
class TopUpService {
    private static final int OK = 200;
    private static final String CHECK_VIOLATION = "23514";

    private final AccountQueries accounts;
    private final IdempotencyService idempotency;
    private final ObjectMapper json;
    private final Clock clock;

    TopUpService(AccountQueries accounts, IdempotencyService idempotency, ObjectMapper json, Clock clock) {
        this.accounts = accounts;
        this.idempotency = idempotency;
        this.json = json;
        this.clock = clock;
    }

    /**
     * Adds to the account of a user, and keeps the answer with it: both or neither.
     *
     * @param by who does it, as it stands in the ledger
     * @param ticket of the {@code Idempotency-Key}; null without one
     * @return the answer
     * @throws ProblemException {@code USER_NOT_FOUND}, {@code CREDITS_TOO_MANY}
     */
    @Transactional
    StoredAnswer topUp(TopUp order, String by, IdempotencyService.@Nullable Ticket ticket) {
        Account account = accounts.findByEmail(order.email()).orElseThrow(AccountService::unknown);
        TopUpResponse done = new TopUpResponse(account.userId(), account.email(), add(account, order.amount(), by));
        StoredAnswer answer = new StoredAnswer(OK, Map.of("Content-Type", "application/json;charset=UTF-8"),
                bytes(done));
        if (ticket != null) {
            idempotency.finish(ticket, answer);
        }
        return answer;
    }

    private long add(Account account, long amount, String by) {
        String reference = "topup by " + by;
        Instant now = clock.instant();
        try {
            OptionalLong balance = accounts.topUp(account.userId(), amount, reference, now);
            if (balance.isPresent()) {
                return balance.getAsLong();
            }
            accounts.open(account.userId(), now);
            return accounts.topUp(account.userId(), amount, reference, now).orElseThrow();
        } catch (DatabaseException e) {
            if (e.hasState(CHECK_VIOLATION)) {
                throw new ProblemException(ProblemCode.CREDITS_TOO_MANY,
                        "The balance would be larger than the largest one. Nothing was added.", e);
            }
            throw e;
        }
    }

    private byte[] bytes(TopUpResponse response) {
        try {
            return json.writeValueAsString(response).getBytes(StandardCharsets.UTF_8);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("A top-up that cannot be written", e);
        }
    }
}
