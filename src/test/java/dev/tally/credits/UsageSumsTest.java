package dev.tally.credits;

import static dev.tally.testsupport.UsersForTests.as;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import dev.tally.credits.CreditsDatabase.TestUser;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;

/** Usage by day is what an obvious computation makes of the same questions, also where days have 23 or 25 hours. */
@QuarkusTest
class UsageSumsTest {
    private static final Pattern NEXT = Pattern.compile("<([^>]*)>; rel=\"next\"");
    private static final List<String> ENDPOINTS = List.of("/query", "/record", "/Query", "/a,b c");
    private static final List<String> STATES = List.of("answered", "answered", "open", "refunded");

    private record Asked(long userId, Instant at, String endpoint, long records, long credits, String state) {}

    private static Asked random(Random random, List<TestUser> users, Instant first, long seconds) {
        String state = STATES.get(random.nextInt(STATES.size()));
        return new Asked(users.get(random.nextInt(users.size())).id(),
                // Often at the very begin of an hour, or a microsecond before it.
                random.nextBoolean()
                        ? first.plusSeconds(random.nextLong(seconds / 3600) * 3600)
                                .minusNanos(random.nextInt(2) * 1_000L)
                        : first.plusSeconds(random.nextLong(seconds)),
                ENDPOINTS.get(random.nextInt(ENDPOINTS.size())), random.nextInt(1_000),
                state.equals("refunded") ? 0 : 1 + random.nextInt(10), state);
    }

    private static void insert(Asked asked) {
        CreditsDatabase.run("INSERT INTO usage_logs (user_id, endpoint, query_params, records_returned, credits_used,"
                + " created_at, state, due_at) VALUES (?, ?, '{}', ?, ?, ?, ?, CASE ? WHEN 'open' THEN now()"
                + " + INTERVAL '1 day' END)",
                asked.userId(), asked.endpoint(), asked.records(), asked.credits(),
                asked.at().atOffset(ZoneOffset.UTC), asked.state(), asked.state());
    }

    private static List<String> obvious(List<Asked> all, List<TestUser> users, ZoneId zone, LocalDate first,
            LocalDate last) {
        record Key(LocalDate date, long userId, String endpoint) {}
        Map<Key, long[]> sums = new LinkedHashMap<>();
        all.stream().filter(asked -> !asked.state().equals("refunded")).forEach(asked -> {
            LocalDate date = asked.at().atZone(zone).toLocalDate();
            if (!date.isBefore(first) && !date.isAfter(last)) {
                long[] sum = sums.computeIfAbsent(new Key(date, asked.userId(), asked.endpoint()), _ -> new long[3]);
                sum[0]++;
                sum[1] += asked.records();
                sum[2] += asked.credits();
            }
        });
        return sums.entrySet().stream()
                .sorted(Map.Entry.comparingByKey(Comparator.comparing(Key::date).reversed().thenComparing(Key::userId)
                        .thenComparing(Key::endpoint)))
                .map(entry -> entry.getKey().date() + "," + entry.getKey().userId() + ","
                        + users.stream().filter(user -> user.id() == entry.getKey().userId()).findFirst()
                                .orElseThrow().email()
                        + ","
                        + (entry.getKey().endpoint().contains(",") ? "\"/a,b c\"" : entry.getKey().endpoint()) + ","
                        + entry.getValue()[0] + "," + entry.getValue()[1] + "," + entry.getValue()[2])
                .toList();
    }

    /** All rows of all pages. */
    private static List<String> follow(String first) {
        List<String> rows = new ArrayList<>();
        String path = first;
        while (path != null) {
            Response page = as("admin").urlEncodingEnabled(false).get(path);
            assertThat(page.statusCode()).as(page.asString()).isEqualTo(200);
            page.asString().lines().skip(1).forEach(rows::add);
            Matcher next = NEXT.matcher(page.header("Link") == null ? "" : page.header("Link"));
            path = next.matches() ? next.group(1) : null;
        }
        return rows;
    }

    /** Each case has a year of its own, because the others' questions stay in the database. */
    @ParameterizedTest
    @CsvSource({"UTC, 1991-03-30, 7", "Europe/Paris, 2022-03-26, 3", "Europe/Paris, 2021-10-30, 1000",
            "America/New_York, 2020-03-07, 5", "Australia/Lord_Howe, 2019-04-06, 11", "Asia/Kolkata, 2018-12-30, 4",
            "Pacific/Apia, 2011-12-28, 2", "America/Sao_Paulo, 2017-10-14, 6", "Africa/Casablanca, 2016-06-04, 9"})
    void areThoseOfTheObviousComputation(ZoneId zone, LocalDate day, int limit) {
        Random random = new Random(day.toEpochDay());
        List<TestUser> users = List.of(CreditsDatabase.user(0), CreditsDatabase.user(0));
        Instant first = day.minusDays(1).atStartOfDay(ZoneOffset.UTC).toInstant();
        List<Asked> all = new ArrayList<>();
        for (int i = 0; i < 150; i++) {
            all.add(random(random, users, first, 5L * 86_400));
        }
        all.forEach(UsageSumsTest::insert);

        List<String> seen = follow("/admin/usage?format=csv&start_date=" + day + "&end_date=" + day.plusDays(2)
                + "&zone=" + zone + "&limit=" + limit);

        List<String> expected = obvious(all, users, zone, day, day.plusDays(2));
        assertThat(expected).hasSizeGreaterThan(10);
        assertThat(seen).isEqualTo(expected);
    }
}
