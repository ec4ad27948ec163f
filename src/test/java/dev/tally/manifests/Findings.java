package dev.tally.manifests;

import java.util.ArrayList;
import java.util.List;

/** Collects what is wrong. */
final class Findings {
    private final List<String> found = new ArrayList<>();

    /** Notes the sentence unless the condition holds. */
    void expect(boolean holds, String where, String sentence) {
        if (!holds) {
            found.add(where + ": " + sentence);
        }
    }

    List<String> found() {
        return found;
    }
}
