package dev.tally.platform.security;

/** The operators' roles, for {@code @RolesAllowed}; each includes the ones before it. */
public final class Role {
    /** Reads calls, analytics, interactions, reports. */
    public static final String VIEWER = "viewer";
    /** Also loads, imports, starts and cancels reports. */
    public static final String OPERATOR = "operator";
    /** Also tops up credits and sees users and ledgers. */
    public static final String ADMIN = "admin";

    private Role() {}
}
