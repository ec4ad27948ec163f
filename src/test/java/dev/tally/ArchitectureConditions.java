package dev.tally;

import java.time.Clock;
import java.util.Arrays;
import java.util.Calendar;
import java.util.Date;
import java.util.GregorianCalendar;
import java.util.List;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import org.jspecify.annotations.NullMarked;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.AccessTarget;
import com.tngtech.archunit.core.domain.AccessTarget.CodeUnitAccessTarget;
import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.domain.JavaField;
import com.tngtech.archunit.core.domain.JavaMember;
import com.tngtech.archunit.core.domain.JavaType;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;

/** What the rules look at. */
final class ArchitectureConditions {
    /** Jobs whose every number is billed. */
    private static final Pattern EXACT_PACKAGES = Pattern.compile("dev\\.tally\\.(calls|credits|records)(\\..*)?");
    private static final Pattern MONEY = Pattern
            .compile("(?i).*(amount|balance|charge|cost|credit|fee|money|monto|price|refund).*");
    private static final Set<String> FLOATING_POINT = Set.of("float", "double", "java.lang.Float", "java.lang.Double");

    private ArchitectureConditions() {}

    /** Classes with one of these endings, and what is nested in them. */
    static DescribedPredicate<JavaClass> named(String... endings) {
        return DescribedPredicate.describe("named *" + String.join(" or *", endings),
                type -> Arrays.stream(endings).anyMatch(outermost(type).getSimpleName()::endsWith));
    }

    static ArchCondition<JavaClass> beUsedOnlyByTheirGateway() {
        return condition("be used only by their gateway", (type, report) -> {
            JavaClass api = outermost(type);
            String gateway = api.getName().replaceAll("Api$", "Gateway");
            for (Dependency use : type.getDirectDependenciesToSelf()) {
                JavaClass user = outermost(use.getOriginClass());
                if (!user.equals(api) && !user.getName().equals(gateway)) {
                    report.accept(type, use.getDescription());
                }
            }
        });
    }

    static ArchCondition<JavaClass> haveNoFloatingPointMoney() {
        return condition("have no floating-point money", (type, report) -> {
            boolean exact = EXACT_PACKAGES.matcher(type.getPackageName()).matches();
            for (JavaMember member : type.getMembers()) {
                if ((exact || MONEY.matcher(member.getName()).matches()) && typesOf(member)
                        .flatMap(part -> part.getAllInvolvedRawTypes().stream())
                        .anyMatch(part -> FLOATING_POINT.contains(part.getName()))) {
                    report.accept(type, member.getFullName() + " is floating point");
                }
            }
        });
    }

    static ArchCondition<JavaClass> liveInANullMarkedPackage() {
        return condition("live in a null-marked package", (type, report) -> {
            if (!type.getPackage().isAnnotatedWith(NullMarked.class)) {
                report.accept(type, type.getName() + " is in a package that is not @NullMarked");
            }
        });
    }

    static boolean readsTheTime(JavaAccess<?> access) {
        if (!(access.getTarget() instanceof CodeUnitAccessTarget target)) {
            return false;
        }
        JavaClass owner = target.getOwner();
        String name = target.getName();
        if (owner.getPackageName().startsWith("java.time")) {
            boolean given = target.getRawParameterTypes().stream().anyMatch(type -> type.isEquivalentTo(Clock.class));
            return !given && (name.equals("now") || name.startsWith("system") || name.startsWith("tick"));
        }
        if (Stream.of(Date.class, Calendar.class, GregorianCalendar.class).anyMatch(owner::isEquivalentTo)) {
            return target.getRawParameterTypes().isEmpty() && List.of("<init>", "getInstance").contains(name);
        }
        return owner.isEquivalentTo(System.class) && name.equals("currentTimeMillis");
    }

    static boolean prints(JavaAccess<?> access) {
        AccessTarget target = access.getTarget();
        if (target.getOwner().isEquivalentTo(System.class)) {
            boolean refusalToStart = outermost(access.getOriginOwner()).isEquivalentTo(Tally.class);
            return target.getName().equals("out") || (target.getName().equals("err") && !refusalToStart);
        }
        return target.getName().equals("printStackTrace");
    }

    private static Stream<JavaType> typesOf(JavaMember member) {
        return switch (member) {
            case JavaField field -> Stream.of(field.getType());
            case JavaCodeUnit unit -> Stream.concat(Stream.of(unit.getReturnType()), unit.getParameterTypes().stream());
            default -> Stream.of();
        };
    }

    private static JavaClass outermost(JavaClass type) {
        return type.getEnclosingClass().map(ArchitectureConditions::outermost).orElse(type);
    }

    private static ArchCondition<JavaClass> condition(String description,
            BiConsumer<JavaClass, BiConsumer<JavaClass, String>> check) {
        return new ArchCondition<>(description) {
            @Override
            public void check(JavaClass type, ConditionEvents events) {
                check.accept(type, (culprit, message) -> events.add(SimpleConditionEvent.violated(culprit, message)));
            }
        };
    }
}
