package dev.tally.platform.security;

/** The roles that come with an API key, for {@code @RolesAllowed}. */
public final class Scope {
    /** Every key: asks for records, and sees its own account. */
    public static final String CONSUMER = "consumer";
    /** Sees and changes accounts: keys of users that are admins, and the key of {@code ADMIN_API_KEY}. */
    public static final String ACCOUNTS = "accounts";
    /** Reads calls. */
    public static final String CALLS = "calls";
    /** Reads figures over CSV. */
    public static final String ANALYTICS = "analytics";
    /** Reads interactions. */
    public static final String INTERACTIONS = "interactions";
    /** Asks for reports and sees its own. */
    public static final String REPORTS = "reports";

    private Scope() {}
}
