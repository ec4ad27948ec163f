package dev.tally.platform.table;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Names of columns that come from outside. */
public final class ColumnNames {
    private ColumnNames() {}

    /** The same names, of which each that was there before gets a number: {@code a}, {@code a (2)}, {@code a (3)}. */
    public static List<String> distinct(List<String> names) {
        Set<String> given = new HashSet<>(names);
        Set<String> used = new HashSet<>();
        List<String> distinct = new ArrayList<>(names.size());
        for (String name : names) {
            String free = name;
            for (int number = 2; used.contains(free); number++) {
                String numbered = name + " (" + number + ")";
                // What is another's own name is left to that one.
                free = given.contains(numbered) ? name : numbered;
            }
            used.add(free);
            distinct.add(free);
        }
        return distinct;
    }
}
