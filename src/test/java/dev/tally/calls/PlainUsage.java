package dev.tally.calls;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;

/** Usage reckoned in memory, the slow and obvious way: what the service's answers are compared with. */
final class PlainUsage {
    record Call(String eventId, String msisdn, String type, Instant start, int seconds) {}

    private final Map<String, Call> calls = new LinkedHashMap<>();

    /** Whether the event is new. */
    boolean add(Call call) {
        return calls.putIfAbsent(call.eventId(), call) == null;
    }

    boolean has(Call call) {
        return call.equals(calls.get(call.eventId()));
    }

    void put(Call call) {
        calls.put(call.eventId(), call);
    }

    void removeIf(Predicate<Call> condition) {
        calls.values().removeIf(condition);
    }

    Collection<Call> calls() {
        return calls.values();
    }

    private static LocalDate date(Call call, UsagePeriod period) {
        return LocalDate.ofInstant(call.start(), period.zone());
    }

    private List<Call> of(String msisdn, UsagePeriod period) {
        return calls.values().stream().filter(call -> call.msisdn().equals(msisdn)).filter(call -> isIn(call, period))
                .toList();
    }

    private static boolean isIn(Call call, UsagePeriod period) {
        LocalDate date = date(call, period);
        LocalDate start = period.start();
        LocalDate end = period.end();
        return (start == null || !date.isBefore(start)) && (end == null || !date.isAfter(end));
    }

    /** The rows of the days with calls, each with its date first. */
    List<List<@Nullable Object>> days(String msisdn, UsagePeriod period) {
        Map<LocalDate, List<Call>> days = of(msisdn, period).stream()
                .collect(Collectors.groupingBy(call -> date(call, period), TreeMap::new, Collectors.toList()));
        List<List<@Nullable Object>> rows = new ArrayList<>();
        days.forEach((date, ofDay) -> {
            List<@Nullable Object> row = new ArrayList<>();
            row.add(date);
            row.addAll(measures(ofDay));
            rows.add(row);
        });
        return rows;
    }

    List<@Nullable Object> summary(String msisdn, UsagePeriod period) {
        List<Call> ofPeriod = of(msisdn, period);
        List<@Nullable Object> row = new ArrayList<>(measures(ofPeriod));
        row.add(ofPeriod.stream().map(call -> date(call, period)).distinct().count());
        row.add(ofPeriod.stream().map(Call::start).min(Comparator.naturalOrder()).orElse(null));
        row.add(ofPeriod.stream().map(Call::start).max(Comparator.naturalOrder()).orElse(null));
        return row;
    }

    List<List<@Nullable Object>> top(TopBy by, UsagePeriod period, int limit) {
        Map<String, List<Call>> subscribers = calls.values().stream().filter(call -> isIn(call, period))
                .collect(Collectors.groupingBy(Call::msisdn));
        Comparator<TopSubscriber> order = Comparator.comparing(
                subscriber -> by == TopBy.CALLS ? subscriber.totalCalls() : subscriber.totalDurationSeconds());
        return subscribers.entrySet().stream()
                .map(entry -> new TopSubscriber(entry.getKey(), entry.getValue().size(), seconds(entry.getValue())))
                .sorted(order.reversed().thenComparing(TopSubscriber::msisdn))
                .limit(limit)
                .<List<@Nullable Object>>map(
                        subscriber -> new ArrayList<>(List.of(subscriber.msisdn(), subscriber.totalCalls(),
                                subscriber.totalDurationSeconds())))
                .toList();
    }

    private static List<@Nullable Object> measures(List<Call> calls) {
        List<Call> voice = calls.stream().filter(call -> call.type().equals("voice")).toList();
        List<Call> video = calls.stream().filter(call -> call.type().equals("video")).toList();
        List<@Nullable Object> row = new ArrayList<>(List.of((long) calls.size(), (long) voice.size(),
                (long) video.size(), seconds(calls), seconds(voice), seconds(video)));
        if (calls.isEmpty()) {
            row.add(null);
            row.add(null);
            row.add(null);
            return row;
        }
        row.add(BigDecimal.valueOf(seconds(calls)).divide(BigDecimal.valueOf(calls.size()), 2, RoundingMode.HALF_UP));
        row.add(calls.stream().mapToLong(Call::seconds).min().getAsLong());
        row.add(calls.stream().mapToLong(Call::seconds).max().getAsLong());
        return row;
    }

    private static long seconds(List<Call> calls) {
        return calls.stream().mapToLong(Call::seconds).sum();
    }
}
