package dev.tally;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;

import dev.tally.testsupport.SourceCompiler;

/** The application keeps the rules, and each rule is seen to fail on classes that were planted to break it. */
class ArchitectureTest {
    private static final JavaClasses APPLICATION = new ClassFileImporter().importPath(Path.of("target", "classes"));
    private static JavaClasses planted;

    @BeforeAll
    static void compileWhatIsPlanted(@TempDir Path output) {
        planted = new ClassFileImporter()
                .importPath(SourceCompiler.compile(Path.of("src", "test", "planted"), output));
    }

    @ParameterizedTest
    @EnumSource
    void holds(ArchitectureRules rule) {
        rule.rule().check(APPLICATION);
    }

    @ParameterizedTest
    @EnumSource
    void isSeenToFail(ArchitectureRules rule) {
        assertThat(violations(rule)).isNotEmpty();
    }

    @ParameterizedTest
    @CsvSource({
            "JOBS_DO_NOT_KNOW_EACH_OTHER,       dev.tally.calls.CallsThatKnowReports",
            "PLATFORM_KNOWS_NO_JOB,             dev.tally.platform.planted.PlatformThatKnowsCalls",
            "NOTHING_KNOWS_THE_LOCAL_SERVERS,   dev.tally.calls.CallsThatKnowTheLocalServers",
            "HTTP_STAYS_AT_THE_EDGE,            dev.tally.calls.HttpService",
            "STREAMS_ARE_TABLES,                dev.tally.calls.StreamingResource",
            "TRANSACTIONS_BELONG_TO_SERVICES,   dev.tally.calls.TransactionResource",
            "S3_BELONGS_TO_STORES,              dev.tally.calls.S3Queries",
            "JDBC_BELONGS_TO_QUERIES,           dev.tally.calls.JdbcService",
            "THE_CLIENT_OF_THE_EVENT_LOOP_BELONGS_TO_QUERIES,dev.tally.calls.ClientService",
            "APIS_ARE_USED_BY_THEIR_GATEWAYS,   dev.tally.reports.UngatedService",
            "APIS_ARE_USED_BY_THEIR_GATEWAYS,   dev.tally.reports.StrangeGateway",
            "INJECTION_IS_BY_CONSTRUCTOR,       dev.tally.calls.FieldInjection.injected",
            "INJECTION_IS_BY_CONSTRUCTOR,       dev.tally.calls.FieldInjection.configured",
            "TIME_COMES_FROM_A_CLOCK,           dev.tally.calls.OwnTime.now",
            "TIME_COMES_FROM_A_CLOCK,           dev.tally.calls.OwnTime.reference",
            "TIME_COMES_FROM_A_CLOCK,           dev.tally.calls.OwnTime.clock",
            "TIME_COMES_FROM_A_CLOCK,           dev.tally.calls.OwnTime.millis",
            "TIME_COMES_FROM_A_CLOCK,           dev.tally.calls.OwnTime.date",
            "TIME_COMES_FROM_A_CLOCK,           dev.tally.calls.OwnTime.calendar",
            "MONEY_IS_NEVER_FLOATING_POINT,     dev.tally.calls.FloatingCall",
            "MONEY_IS_NEVER_FLOATING_POINT,     dev.tally.reports.FloatingPrice.unitPrice",
            "MONEY_IS_NEVER_FLOATING_POINT,     dev.tally.reports.FloatingPrice.costs",
            "NOTHING_PRINTS,                    dev.tally.calls.Printing.out",
            "NOTHING_PRINTS,                    dev.tally.calls.Printing.err",
            "NOTHING_PRINTS,                    dev.tally.calls.Printing.trace",
            "REQUESTS_AND_RESPONSES_ARE_RECORDS,dev.tally.calls.ClassRequest",
            "REQUESTS_AND_RESPONSES_ARE_RECORDS,dev.tally.calls.ClassResponse",
            "NAMES_SAY_WHAT_A_THING_IS,         dev.tally.calls.AbstractNamed",
            "NAMES_SAY_WHAT_A_THING_IS,         dev.tally.calls.CallUtil",
            "PACKAGES_ARE_NULL_MARKED,          dev.tally.reports.UngatedService"})
    void findsWhatWasPlanted(ArchitectureRules rule, String culprit) {
        assertThat(violations(rule)).anySatisfy(violation -> assertThat(violation).contains(culprit));
    }

    @ParameterizedTest
    @CsvSource({
            "HTTP_STAYS_AT_THE_EDGE,            TransactionResource",
            "HTTP_STAYS_AT_THE_EDGE,            PricesApi",
            "TRANSACTIONS_BELONG_TO_SERVICES,   HttpService",
            "S3_BELONGS_TO_STORES,              FineStore",
            "JDBC_BELONGS_TO_QUERIES,           S3Queries",
            "THE_CLIENT_OF_THE_EVENT_LOOP_BELONGS_TO_QUERIES,FineQueries",
            "APIS_ARE_USED_BY_THEIR_GATEWAYS,   PricesGateway",
            "TIME_COMES_FROM_A_CLOCK,           OwnTime.given",
            "TIME_COMES_FROM_A_CLOCK,           OwnTime.measured",
            "MONEY_IS_NEVER_FLOATING_POINT,     FloatingPrice.progress",
            "NAMES_SAY_WHAT_A_THING_IS,         Baseline"})
    void letsPassWhatIsRight(ArchitectureRules rule, String innocent) {
        assertThat(violations(rule)).isNotEmpty()
                .noneSatisfy(violation -> assertThat(violation).contains(innocent));
    }

    private static List<String> violations(ArchitectureRules rule) {
        return rule.rule().evaluate(planted).getFailureReport().getDetails();
    }
}
