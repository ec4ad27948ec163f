package dev.tally.platform.logging;

import java.util.List;
import java.util.regex.Pattern;

import dev.tally.platform.problem.ProblemCode;
import dev.tally.platform.problem.ProblemException;

/** Which categories may get another level. */
final class LogCategories {
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_$-]{1,60}(\\.[A-Za-z0-9_$-]{1,60}){0,11}");
    private static final int MAX_CHARACTERS = 200;
    /**
     * At DEBUG these write what nobody may read in a log: digests of passwords, headers with keys, tokens and signatures,
     * what is sent to the database. Whatever the configuration allows, neither they nor what is above or below them is set.
     */
    private static final List<String> SECRET = List.of("io.quarkus.elytron", "org.wildfly.security",
            "io.quarkus.security", "sun.net.www.protocol.http", "jdk.httpclient", "jdk.internal.httpclient",
            "software.amazon.awssdk", "org.jboss.resteasy.reactive.client.logging",
            "org.jboss.resteasy.reactive.common.core", "io.netty.handler.logging", "org.postgresql",
            "org.hibernate.orm.jdbc", "org.hibernate.type", "io.smallrye.config", "io.quarkus.config");

    private final List<String> allowed;

    LogCategories(List<String> allowed) {
        this.allowed = List.copyOf(allowed);
    }

    /** @throws ProblemException {@code LOG_CATEGORY_REFUSED} unless its level may be changed */
    void check(String category) {
        if (category.length() > MAX_CHARACTERS || !NAME.matcher(category).matches()) {
            throw refused("A category is a name with dots, such as dev.tally.reports.");
        }
        if (SECRET.stream().anyMatch(secret -> isWithin(category, secret) || isWithin(secret, category))) {
            throw refused("This category, or one below it, writes secrets at other levels. Its level stays as it is.");
        }
        if (allowed.stream().noneMatch(prefix -> isWithin(category, prefix))) {
            throw refused("Only the level of these and of what is below them can be changed: "
                    + String.join(", ", allowed) + ".");
        }
    }

    private static boolean isWithin(String category, String prefix) {
        return category.equals(prefix) || category.startsWith(prefix + ".");
    }

    private static ProblemException refused(String detail) {
        return new ProblemException(ProblemCode.LOG_CATEGORY_REFUSED, detail);
    }
}
