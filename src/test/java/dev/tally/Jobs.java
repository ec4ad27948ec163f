package dev.tally;

import java.util.List;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;

/** Cuts the application into its jobs, one package each; what is in none of them is ignored. */
final class Jobs implements SliceAssignment {
    private static final String ROOT = "dev.tally.";
    private static final List<String> NAMES = List.of("calls", "reports", "analytics", "credits", "records",
            "interactions");

    static String[] packages() {
        return NAMES.stream().map(job -> ROOT + job + "..").toArray(String[]::new);
    }

    @Override
    public SliceIdentifier getIdentifierOf(JavaClass type) {
        String name = type.getPackageName() + ".";
        return NAMES.stream()
                .filter(job -> name.startsWith(ROOT + job + "."))
                .findFirst()
                .map(SliceIdentifier::of)
                .orElseGet(SliceIdentifier::ignore);
    }

    @Override
    public String getDescription() {
        return "the jobs";
    }
}
