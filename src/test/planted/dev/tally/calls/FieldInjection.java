package dev.tally.calls;

import jakarta.inject.Inject;

import org.eclipse.microprofile.config.inject.ConfigProperty;

class FieldInjection {
    @Inject
    Object injected;

    @ConfigProperty(name = "planted")
    String configured;
}
