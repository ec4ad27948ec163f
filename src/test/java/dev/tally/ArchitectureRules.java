package dev.tally;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static dev.tally.ArchitectureConditions.beUsedOnlyByTheirGateway;
import static dev.tally.ArchitectureConditions.haveNoFloatingPointMoney;
import static dev.tally.ArchitectureConditions.liveInANullMarkedPackage;
import static dev.tally.ArchitectureConditions.named;

import jakarta.inject.Inject;
import jakarta.ws.rs.core.StreamingOutput;

import org.eclipse.microprofile.config.inject.ConfigProperty;

import com.tngtech.archunit.lang.ArchRule;

/** Where things may live and what they may touch. Each rule has a planted violation in {@code src/test/planted}. */
enum ArchitectureRules {
    JOBS_DO_NOT_KNOW_EACH_OTHER(slices().assignedFrom(new Jobs()).should().notDependOnEachOther(),
            "what two jobs share belongs into platform"),

    PLATFORM_KNOWS_NO_JOB(noClasses().that().resideInAPackage("dev.tally.platform..")
            .should().dependOnClassesThat().resideInAnyPackage(Jobs.packages()),
            "the jobs stand on it"),

    NOTHING_KNOWS_THE_LOCAL_SERVERS(noClasses().that().resideOutsideOfPackage("dev.tally.local..")
            .should().dependOnClassesThat().resideInAPackage("dev.tally.local.."),
            "they are not in the packaged application"),

    HTTP_STAYS_AT_THE_EDGE(noClasses().that(not(named("Resource", "Api")))
            .and().resideOutsideOfPackage("dev.tally.platform..")
            .should().dependOnClassesThat().resideInAPackage("jakarta.ws.rs.."),
            "a use case does not know how it was asked"),

    STREAMS_ARE_TABLES(noClasses().should().dependOnClassesThat().areAssignableTo(StreamingOutput.class),
            "the framework may end one that broke as if it were complete"),

    TRANSACTIONS_BELONG_TO_SERVICES(noClasses().that(not(named("Service")))
            .should().dependOnClassesThat().resideInAPackage("jakarta.transaction.."),
            "a use case is what holds as a whole or not at all"),

    S3_BELONGS_TO_STORES(noClasses().that(not(named("Store")))
            .should().dependOnClassesThat().resideInAPackage("software.amazon.awssdk.."),
            "one place knows how objects are kept"),

    JDBC_BELONGS_TO_QUERIES(noClasses().that(not(named("Queries")))
            .and().resideOutsideOfPackages("dev.tally.platform.problem..", "dev.tally.platform.postgres..",
                    "dev.tally.local..")
            .should().dependOnClassesThat()
            .resideInAnyPackage("java.sql..", "javax.sql..", "io.agroal..", "org.postgresql.."),
            "SQL stands in one kind of class; platform.problem says what its faults mean, platform.postgres how the"
                    + " database is reached"),

    THE_CLIENT_OF_THE_EVENT_LOOP_BELONGS_TO_QUERIES(noClasses().that(not(named("Queries")))
            .and().resideOutsideOfPackages("dev.tally.platform.problem..", "dev.tally.platform.postgres..")
            .should().dependOnClassesThat().resideInAnyPackage("io.vertx.sqlclient..", "io.vertx.pgclient.."),
            "SQL stands in one kind of class, whichever driver carries it"),

    APIS_ARE_USED_BY_THEIR_GATEWAYS(classes().that(named("Api")).should(beUsedOnlyByTheirGateway()),
            "time-outs, retries and translation are in the gateway"),

    INJECTION_IS_BY_CONSTRUCTOR(fields().should().notBeAnnotatedWith(Inject.class)
            .andShould().notBeAnnotatedWith(ConfigProperty.class),
            "a class says in its constructor what it needs"),

    TIME_COMES_FROM_A_CLOCK(noClasses().that().resideOutsideOfPackage("dev.tally.platform.time..")
            .should().accessTargetWhere(describe("the time is read without a given clock",
                    ArchitectureConditions::readsTheTime)),
            "tests set the clock; System.nanoTime, which measures, is free"),

    MONEY_IS_NEVER_FLOATING_POINT(classes().should(haveNoFloatingPointMoney()),
            "users bill by these numbers"),

    NOTHING_PRINTS(noClasses().should().accessTargetWhere(describe("standard output is used",
            ArchitectureConditions::prints)),
            "there is a log; only the refusal to start, in Tally, goes to standard error"),

    REQUESTS_AND_RESPONSES_ARE_RECORDS(classes().that().haveSimpleNameEndingWith("Request")
            .or().haveSimpleNameEndingWith("Response")
            .should().beRecords(),
            "they are data"),

    NAMES_SAY_WHAT_A_THING_IS(noClasses()
            .should().haveNameMatching(".*[.$]((Base|Abstract)[A-Z]\\w*|\\w*(Utils?|Helper|Manager|Impl))"),
            "these words say nothing"),

    PACKAGES_ARE_NULL_MARKED(classes().should(liveInANullMarkedPackage()),
            "NullAway checks only what is marked");

    @SuppressWarnings("ImmutableEnumChecker") // A rule does not change, but its type does not say so.
    private final ArchRule rule;

    ArchitectureRules(ArchRule rule, String reason) {
        // Some kinds of classes do not exist yet; the planted violations show that no rule is empty by mistake.
        this.rule = rule.because(reason).allowEmptyShould(true);
    }

    ArchRule rule() {
        return rule;
    }
}
