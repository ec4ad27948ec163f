package dev.tally.analytics;

import java.text.Normalizer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

import dev.tally.platform.problem.ProblemCode;
import dev.tally.platform.problem.ProblemException;

/**
 * The first record of an object, and what was seen on the way to it.
 *
 * @param names as they are written
 * @param delimiter the dataset's, or the one that was found
 * @param gzip whether the object is compressed
 * @param lines how many line feeds are before the first row; blank lines may stand before the header
 */
record CsvHeader(String key, List<String> names, char delimiter, boolean gzip, long lines) {
    private static final Pattern MARKS = Pattern.compile("\\p{M}+");
    private static final int MAX_SHOWN_NAMES = 50;

    CsvHeader {
        names = List.copyOf(names);
    }

    /**
     * Where a column stands, from 0. Names match without regard to case, blanks at the ends, or accents.
     *
     * @throws ProblemException when it is not there, or there twice
     */
    int place(Dataset dataset, String column) {
        for (String wanted : dataset.namesOf(column)) {
            List<Integer> places = new ArrayList<>();
            for (int place = 0; place < names.size(); place++) {
                if (folded(names.get(place)).equals(folded(wanted))) {
                    places.add(place);
                }
            }
            if (places.size() > 1) {
                throw new ProblemException(ProblemCode.COLUMN_MISSING,
                        "The dataset " + dataset.name() + " has several columns named " + wanted + ", in " + key + ".");
            }
            if (!places.isEmpty()) {
                return places.getFirst();
            }
        }
        throw new ProblemException(ProblemCode.COLUMN_MISSING, "The dataset " + dataset.name() + " has no column "
                + String.join(" or ", dataset.namesOf(column)) + " in " + key + ". It has: " + shown() + ".");
    }

    private String shown() {
        String shown = String.join(", ", names.subList(0, Math.min(names.size(), MAX_SHOWN_NAMES)));
        return names.size() > MAX_SHOWN_NAMES ? shown + ", …" : names.isEmpty() ? "nothing, it is empty" : shown;
    }

    /** Without case, blanks at the ends, and accents. */
    static String folded(String name) {
        return MARKS.matcher(Normalizer.normalize(name.strip(), Normalizer.Form.NFKD)).replaceAll("")
                .toLowerCase(Locale.ROOT).strip();
    }
}
