package dev.tally.console;

import java.util.UUID;

import dev.tally.testsupport.ConsumersForTests;
import dev.tally.testsupport.ConsumersForTests.Signed;

/** A user with a month behind it, as charges would have left it in the database. */
final class Spender {
    private static final String MONTH = """
                                        DO $$
                                        DECLARE
                                            spender bigint;
                                            asked bigint;
                                            paid bigint;
                                            at timestamptz;
                                            each record;
                                        BEGIN
                                            INSERT INTO users (name, email) VALUES ('Ada Spender', '%1$s') RETURNING id INTO spender;
                                            INSERT INTO api_keys (user_id, api_key, start, name)
                                            VALUES (spender, encode(sha256('%2$s'::bytea), 'hex'), 'tly_Ab12', 'Nightly export');
                                            INSERT INTO credits (user_id, credits_balance) VALUES (spender, 0);
                                            PERFORM ledger.add(spender, 'grant', 100, 'sign-up', now() - interval '28 days');
                                            PERFORM ledger.add(spender, 'topup', 1500, 'topup by admin', now() - interval '27 days');
                                            PERFORM set_config('tally.ledger', 'open', true);
                                            FOR day IN REVERSE 26..0 LOOP
                                                FOR each IN SELECT * FROM (VALUES ('/query', 24 + (day * 7) %% 31), ('/record', 3 + day %% 5))
                                                    AS price (endpoint, credits) LOOP
                                                    at := now() - make_interval(days => day);
                                                    INSERT INTO usage_logs (user_id, endpoint, query_params, records_returned, credits_used, created_at)
                                                    VALUES (spender, each.endpoint, '{}', each.credits * 100, each.credits, at) RETURNING id INTO asked;
                                                    SELECT credits_balance - each.credits INTO paid FROM credits WHERE user_id = spender;
                                                    INSERT INTO ledger_entries (user_id, number, created_at, kind, amount, balance_after, reference, usage_id)
                                                    SELECT spender, entries + 1, at, 'charge', -each.credits, paid, each.endpoint, asked
                                                      FROM credits WHERE user_id = spender;
                                                    UPDATE credits SET credits_balance = paid, entries = entries + 1 WHERE user_id = spender;
                                                END LOOP;
                                            END LOOP;
                                        END $$""";

    private Spender() {}

    /** Two entries of the ledger in the beginning, and two for each of 27 days, today included. */
    static Signed signedUp() {
        String key = "key-" + UUID.randomUUID();
        String email = "ada." + UUID.randomUUID() + "@example.com";
        ConsumersForTests.execute(MONTH.formatted(email, key));
        int id = ConsumersForTests.with(key).get("/me").path("user_id");
        return new Signed(id, email, key);
    }
}
