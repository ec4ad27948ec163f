package dev.tally.records;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

import org.jspecify.annotations.Nullable;

import dev.tally.platform.paging.Page;
import dev.tally.platform.problem.ProblemCode;
import dev.tally.platform.problem.ProblemException;

/**
 * What a consumer asks for.
 *
 * @param search which records
 * @param slice which of them
 * @param asked the parameters as they came, for the usage
 */
record RecordQuestion(RecordSearch search, RecordSlice slice, Map<String, Object> asked) {
    /** More digits are out of every range, and might not fit. */
    private static final int MAX_DIGITS = 9;

    RecordQuestion {
        asked = Map.copyOf(asked);
    }

    /** The parameters of the request; what is out of range is refused, never clamped. */
    static RecordQuestion parse(@Nullable String limit, @Nullable String offset, @Nullable String after,
            @Nullable String nameLike, @Nullable String emailLike, RecordsConfig config) {
        Page page = Page.parse(limit, after,
                new Page.Bounds(Math.min(config.defaultLimit(), config.maxLimit()), config.maxLimit(),
                        config.maxKeyCharacters() * 2));
        if (offset != null && after != null) {
            throw new ProblemException(ProblemCode.PARAMETER_INVALID,
                    "offset and after exclude each other. Page with after alone.");
        }
        RecordSearch search = new RecordSearch(term("name_like", nameLike, config), term("email_like", emailLike,
                config));
        RecordSlice slice = new RecordSlice(page.limit(), offset == null ? 0 : offset(offset, config.maxOffset()),
                page.after());
        Map<String, Object> asked = new LinkedHashMap<>();
        asked.put("limit", slice.limit());
        asked.put("offset", slice.offset());
        slice.after().ifPresent(key -> asked.put("after", key));
        search.name().ifPresent(text -> asked.put("name_like", text));
        search.email().ifPresent(text -> asked.put("email_like", text));
        return new RecordQuestion(search, slice, asked);
    }

    private static int offset(String offset, int max) {
        boolean digits = !offset.isEmpty() && offset.length() <= MAX_DIGITS
                && offset.chars().allMatch(character -> character >= '0' && character <= '9');
        if (!digits || Integer.parseInt(offset) > max) {
            throw new ProblemException(ProblemCode.PARAMETER_INVALID, "offset is a whole number from 0 to " + max
                    + ". For later records page with after, by the link to the next page.");
        }
        return Integer.parseInt(offset);
    }

    /** An empty one is in every text. */
    private static Optional<String> term(String parameter, @Nullable String text, RecordsConfig config) {
        if (text == null || text.isEmpty()) {
            return Optional.empty();
        }
        if (text.codePointCount(0, text.length()) > config.maxTextCharacters()) {
            throw new ProblemException(ProblemCode.PARAMETER_INVALID,
                    parameter + " has " + config.maxTextCharacters() + " characters at most.");
        }
        return Optional.of(text);
    }

    /** Without what may be about a person. */
    @Override
    public String toString() {
        return "RecordQuestion[" + slice.limit() + ", " + slice.offset() + "]";
    }
}
