package dev.tally.interactions;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;

/** The names of channels, or of products, that a workbook uses, each folded to one. */
final class Names {
    /** How many ways of writing are told; all are folded. */
    private static final int MAX_VARIANTS = 1_000;
    private static final int MAX_REMEMBERED = 10_000;
    /** Folding can make a text longer: some characters stand for many. */
    private static final int MAX_KEY_CHARACTERS = 200;
    /** A channel is a column beside that of the customers. */
    private static final Set<String> RESERVED = Set.of("customerid", "customer_id");

    private final UnaryOperator<String> toKey;
    private final int maxNames;
    private final Map<String, String> known;
    private final Map<String, Integer> indexByText = new HashMap<>();
    private final Map<String, Integer> indexByKey = new HashMap<>();
    private final List<Name> names = new ArrayList<>();
    private final Map<String, Variant> variants = new LinkedHashMap<>();
    private int added;

    /**
     * @param text how it is shown: as it is known already, or as the workbook has it first
     * @param spelling how the workbook has it first
     */
    record Name(String key, String text, String spelling) {}

    /** Another way in which a name is written. */
    private static final class Variant {
        private final long firstRow;
        private final int index;
        private long rows;

        Variant(long firstRow, int index) {
            this.firstRow = firstRow;
            this.index = index;
        }
    }

    /**
     * @param toKey by which a name is known
     * @param known the names that there are, by key
     */
    Names(UnaryOperator<String> toKey, Map<String, String> known, int maxNames) {
        this.toKey = toKey;
        this.known = known;
        this.maxNames = maxNames;
    }

    /** The place of a name in {@link #names()}. */
    int index(String text, long row) throws CellFaultException {
        Integer remembered = indexByText.get(text);
        int index = remembered == null ? find(text) : remembered;
        if (remembered == null && indexByText.size() < MAX_REMEMBERED) {
            indexByText.put(text, index);
        }
        if (!text.equals(names.get(index).text())) {
            Variant variant = variants.get(text);
            if (variant == null && variants.size() < MAX_VARIANTS) {
                variant = new Variant(row, index);
                variants.put(text, variant);
            }
            if (variant != null) {
                variant.rows++;
            }
        }
        return index;
    }

    private int find(String text) throws CellFaultException {
        String key = toKey.apply(text);
        if (key.isEmpty()) {
            throw new CellFaultException("has neither a letter nor a digit");
        }
        if (key.length() > MAX_KEY_CHARACTERS) {
            throw new CellFaultException("is longer than a name may be");
        }
        if (RESERVED.contains(key)) {
            throw new CellFaultException("is the name of a column of the answers");
        }
        Integer index = indexByKey.get(key);
        if (index != null) {
            return index;
        }
        // The configured ones that the workbook does not use count as well: each is a column of answers.
        if (!known.containsKey(key) && known.size() + added++ >= maxNames) {
            throw new CellFaultException("would be one name more than the " + maxNames + " that there may be");
        }
        String spelling = Spelling.tidy(text);
        indexByKey.put(key, names.size());
        names.add(new Name(key, known.getOrDefault(key, spelling), spelling));
        return names.size() - 1;
    }

    List<Name> names() {
        return names;
    }

    /** Says which ways of writing were folded to which name. */
    void report(ImportLog log, String sheet, String column) {
        variants.forEach((text, variant) -> log.warn(sheet, variant.firstRow, column, "\"" + ImportLog.cut(text)
                + "\" was read as \"" + ImportLog.cut(names.get(variant.index).text()) + "\""
                + (variant.rows == 1 ? "." : ", in " + variant.rows + " rows.")));
    }
}
