package dev.tally.analytics;

import java.util.List;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Any;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Inject;

import dev.tally.platform.problem.ProblemCode;
import dev.tally.platform.problem.ProblemException;

/** The engines that there are. */
@ApplicationScoped
class Engines {
    private final List<Engine> engines;

    @Inject
    Engines(@Any Instance<Engine> engines) {
        this(engines.stream().toList());
    }

    Engines(List<Engine> engines) {
        this.engines = List.copyOf(engines);
    }

    /** @throws ProblemException when the dataset's is not there */
    Engine of(Dataset dataset) {
        return engines.stream().filter(engine -> engine.kind() == dataset.engine()).findFirst()
                .orElseThrow(() -> new ProblemException(ProblemCode.ENGINE_UNAVAILABLE, "The dataset "
                        + dataset.name() + " is read by " + dataset.engine().text() + ", which is not there."));
    }
}
