package dev.tally.platform.paging;

import java.util.Optional;

import org.jspecify.annotations.Nullable;

import dev.tally.platform.problem.ProblemCode;
import dev.tally.platform.problem.ProblemException;

/**
 * Which part of a list is asked for: the rows that come after a given one. So the last page costs what the first does.
 *
 * @param limit how many rows at most
 * @param after the row after which they come, in the words of the list; empty for the first page
 */
public record Page(int limit, Optional<String> after) {
    /** More digits are out of every range, and might not fit. */
    private static final int MAX_DIGITS = 9;

    /**
     * What a list takes.
     *
     * @param defaultLimit how many rows whoever does not say gets
     * @param maxLimit how many rows one page may have
     * @param maxAfterCharacters how long {@code after} may be
     */
    public record Bounds(int defaultLimit, int maxLimit, int maxAfterCharacters) {}

    /**
     * Reads the parameters {@code limit} and {@code after}. What is out of range is refused, never clamped.
     *
     * @throws ProblemException {@code PARAMETER_INVALID}
     */
    public static Page parse(@Nullable String limit, @Nullable String after, Bounds bounds) {
        return new Page(limit == null ? bounds.defaultLimit() : parseLimit(limit, bounds.maxLimit()),
                after == null ? Optional.empty() : Optional.of(checkAfter(after, bounds.maxAfterCharacters())));
    }

    private static int parseLimit(String limit, int max) {
        boolean digits = !limit.isEmpty() && limit.length() <= MAX_DIGITS
                && limit.chars().allMatch(character -> character >= '0' && character <= '9');
        int rows = digits ? Integer.parseInt(limit) : 0;
        if (rows < 1 || rows > max) {
            throw new ProblemException(ProblemCode.PARAMETER_INVALID, "limit is a whole number from 1 to " + max + ".");
        }
        return rows;
    }

    private static String checkAfter(String after, int maxCharacters) {
        if (after.isEmpty() || after.length() > maxCharacters || after.chars().anyMatch(Character::isISOControl)) {
            throw new ProblemException(ProblemCode.PARAMETER_INVALID,
                    "after is taken from the link to the next page; it has 1 to " + maxCharacters + " characters.");
        }
        return after;
    }

    /**
     * The value of the header {@code Link} (RFC 8288) that leads to the page after this one: to the same request, with
     * {@code after} set.
     *
     * @param path of this request, as it came
     * @param query of this request, as it came, without the question mark
     * @param last the last row of this page, in the words of the list
     */
    public String nextLink(String path, @Nullable String query, String last) {
        return "<" + NextPage.reference(path, query == null ? "" : query, last) + ">; rel=\"next\"";
    }
}
