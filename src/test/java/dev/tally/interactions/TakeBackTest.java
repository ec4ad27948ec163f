package dev.tally.interactions;

import static dev.tally.testsupport.UsersForTests.as;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import io.quarkus.test.junit.QuarkusTest;

/** An import that was taken back has never been: what is left is what the others say. */
@QuarkusTest
class TakeBackTest {
    private static final int HISTORIES = 12;
    private static final int STEPS = 8;
    private static final List<String> CHANNELS = List.of("Email", "e-mail", "Fax", "FAX", "Pigeon");
    private static final List<String> PRODUCTS = List.of("Sand", "SAND", "Glass");

    @BeforeEach
    void clear() {
        InteractionsDatabase.clear();
    }

    /** What a workbook says; kept as it is sent, so that the plain reckoning is of the same rows. */
    private record Content(List<Object[]> customers, List<Object[]> interactions, List<Object[]> products) {
        static Content random(Random random) {
            Content content = new Content(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
            for (int id = 1; id <= 6; id++) {
                if (random.nextBoolean()) {
                    content.customers.add(new Object[]{id, random.nextBoolean() ? "Jedi" : null,
                            List.of("Red", "Blue").get(random.nextInt(2))});
                }
            }
            for (int i = random.nextInt(8); i > 0; i--) {
                content.interactions.add(new Object[]{"0" + (1 + random.nextInt(3)) + "/01/2020",
                        CHANNELS.get(random.nextInt(CHANNELS.size())), 1 + random.nextInt(8)});
            }
            for (int i = random.nextInt(4); i > 0; i--) {
                content.products.add(new Object[]{"0" + (1 + random.nextInt(3)) + "-2020",
                        PRODUCTS.get(random.nextInt(PRODUCTS.size()))});
            }
            return content;
        }

        Workbooks workbook() {
            Workbooks workbook = Workbooks.standard();
            customers.forEach(row -> workbook.customer(row[0], row[1], row[2]));
            interactions.forEach(row -> workbook.interaction(row[0], row[1], row[2]));
            products.forEach(row -> workbook.product(row[0], row[1]));
            return workbook;
        }
    }

    /** The plain reckoning: what {@link InteractionsDatabase#visible} has to show when these stand, in their order. */
    private static List<String> reckon(Iterable<Content> live) {
        TreeMap<Integer, String> customers = new TreeMap<>();
        TreeMap<String, String> channels = new TreeMap<>();
        TreeMap<String, String> products = new TreeMap<>();
        TreeSet<String> discussions = new TreeSet<>();
        Map<String, Integer> interactions = new TreeMap<>();
        for (Content content : live) {
            Map<String, Integer> own = new HashMap<>();
            content.interactions.forEach(row -> {
                customers.putIfAbsent((int) row[2], "null null");
                String key = Spelling.channelKey((String) row[1]);
                channels.putIfAbsent(key, (String) row[1]);
                own.merge("%d 2020-01-%s 00:00:00 %s".formatted((int) row[2], ((String) row[0]).substring(0, 2), key),
                        1,
                        Integer::sum);
            });
            content.customers.forEach(row -> customers.put((int) row[0], row[1] + " " + row[2]));
            own.forEach((interaction, count) -> interactions.merge(interaction, count, Math::max));
            content.products.forEach(row -> {
                String key = Spelling.productKey((String) row[1]);
                products.putIfAbsent(key, (String) row[1]);
                discussions.add(key + " 2020-" + ((String) row[0]).substring(0, 2) + "-01");
            });
        }
        List<String> visible = new ArrayList<>();
        customers.forEach((id, rest) -> visible.add("customer " + id + " " + rest));
        channels.forEach((key, name) -> visible.add("channel " + key + " " + name));
        products.forEach((key, name) -> visible.add("product " + key + " " + name));
        discussions.forEach(discussion -> visible.add("discussion " + discussion));
        interactions.forEach((interaction, count) -> {
            for (int occurrence = 1; occurrence <= count; occurrence++) {
                visible.add("interaction " + interaction + " " + occurrence);
            }
        });
        return visible;
    }

    @Test
    void leavesWhatTheOthersSay() {
        for (int seed = 0; seed < HISTORIES; seed++) {
            InteractionsDatabase.clear();
            Random random = new Random(seed);
            TreeMap<Integer, Content> live = new TreeMap<>();
            Map<Integer, String> ids = new HashMap<>();
            for (int step = 0; step < STEPS; step++) {
                if (live.isEmpty() || random.nextInt(5) > 1) {
                    Content content = !live.isEmpty() && random.nextInt(4) == 0
                            ? live.firstEntry().getValue()
                            : Content.random(random);
                    ids.put(step, ImportsTest.post(content.workbook(), "").then().statusCode(201).extract().path("id"));
                    live.put(step, content);
                } else {
                    int taken = List.copyOf(live.keySet()).get(random.nextInt(live.size()));
                    live.remove(taken);
                    as("operator").delete("/api/v1/imports/" + ids.get(taken)).then().statusCode(200)
                            .body("state", equalTo("reverted"));
                }

                assertThat(InteractionsDatabase.visible()).as("seed %d, step %d", seed, step)
                        .containsExactlyInAnyOrderElementsOf(reckon(live.values()));
            }
            live.keySet().forEach(step -> as("operator").delete("/api/v1/imports/" + ids.get(step)));
            assertThat(InteractionsDatabase.visible()).isEmpty();
        }
    }

    @Test
    void changesNothingTheSecondTime() {
        String id = ImportsTest.post(Workbooks.contract(), "").path("id");
        as("operator").delete("/api/v1/imports/" + id).then().statusCode(200);
        String again = ImportsTest.post(Workbooks.contract(), "").then().statusCode(201).extract().path("id");
        List<String> visible = InteractionsDatabase.visible();

        as("operator").delete("/api/v1/imports/" + id).then().statusCode(200).body("state", equalTo("reverted"));

        assertThat(InteractionsDatabase.visible()).isEqualTo(visible).hasSize(6 + 3 + 2 + 3 + 4);
        as("viewer").get("/api/v1/imports/" + again).then().body("state", equalTo("completed"));
    }
}
