package dev.tally.credits;

import java.util.List;
import java.util.Optional;

import jakarta.enterprise.context.ApplicationScoped;

import org.jspecify.annotations.Nullable;

import dev.tally.platform.paging.Page;
import dev.tally.platform.problem.ProblemCode;
import dev.tally.platform.problem.ProblemException;

/** Shows users and their ledgers, and what their keys may read. */
@ApplicationScoped
class AccountService {
    /** Ids of the lists are whole numbers of at most this many digits, all of which fit. */
    private static final int MAX_ID_DIGITS = 18;

    private final AccountQueries accounts;
    private final LedgerQueries ledger;

    AccountService(AccountQueries accounts, LedgerQueries ledger) {
        this.accounts = accounts;
        this.ledger = ledger;
    }

    /** @throws ProblemException {@code USER_NOT_FOUND} */
    Account find(long userId) {
        return accounts.find(userId).orElseThrow(AccountService::unknown);
    }

    /** @throws ProblemException {@code USER_NOT_FOUND} */
    Account findByEmail(String email) {
        return accounts.findByEmail(email).orElseThrow(AccountService::unknown);
    }

    Rows<Account> list(Page page, @Nullable String emailPart, @Nullable Long creditsBelow) {
        return Rows.of(accounts.list(idAfter(page).orElse(0L), emailPart, creditsBelow, page.limit() + 1),
                page.limit());
    }

    /** Takes effect on every replica within a second. */
    Account setScopes(long userId, List<String> scopes) {
        if (!accounts.setScopes(userId, scopes.stream().distinct().sorted().toList())) {
            throw unknown();
        }
        return find(userId);
    }

    /** The latest entries of all accounts. */
    Rows<LedgerEntry> ledger(Page page) {
        return Rows.of(ledger.list(idAfter(page).orElse(Long.MAX_VALUE), page.limit() + 1), page.limit());
    }

    /** The latest entries of an account. */
    Rows<LedgerEntry> ledgerOf(long userId, Page page) {
        long before = idAfter(page).map(id -> ledger.numberOf(id, userId).orElseThrow(AccountService::unknownRow))
                .orElse(Long.MAX_VALUE);
        return Rows.of(ledger.listOfUser(userId, before, page.limit() + 1), page.limit());
    }

    /** The id after which a page begins, of a list whose rows are known by their ids. */
    static Optional<Long> idAfter(Page page) {
        return page.after().map(after -> {
            if (after.length() > MAX_ID_DIGITS || !after.chars().allMatch(digit -> digit >= '0' && digit <= '9')) {
                throw unknownRow();
            }
            return Long.parseLong(after);
        });
    }

    static ProblemException unknownRow() {
        return new ProblemException(ProblemCode.PARAMETER_INVALID, "Invalid after. Use the link of the page before.");
    }

    static ProblemException unknown() {
        return new ProblemException(ProblemCode.USER_NOT_FOUND,
                "There is no such user. GET /admin/users lists them.");
    }
}
