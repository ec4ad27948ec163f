package dev.tally.credits;

import java.util.List;

import org.jspecify.annotations.Nullable;

import com.fasterxml.jackson.annotation.JsonInclude;

import io.quarkus.runtime.annotations.RegisterForReflection;

/**
 * As whom a request was made.
 *
 * @param kind {@code operator} or {@code consumer}
 * @param name an operator's user name, a consumer's e-mail
 * @param roles an operator's, with those that they include
 * @param scopes what a consumer's key reaches beside records and its own account
 */
@RegisterForReflection
@JsonInclude(JsonInclude.Include.NON_NULL)
record WhoAmIResponse(String kind, String name, @Nullable List<String> roles, @Nullable List<String> scopes) {
    static WhoAmIResponse operator(String name, List<String> roles) {
        return new WhoAmIResponse("operator", name, List.copyOf(roles), null);
    }

    static WhoAmIResponse consumer(String email, List<String> scopes) {
        return new WhoAmIResponse("consumer", email, null, List.copyOf(scopes));
    }
}
