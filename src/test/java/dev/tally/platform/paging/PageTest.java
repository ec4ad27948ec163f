package dev.tally.platform.paging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import dev.tally.platform.problem.ProblemCode;
import dev.tally.platform.problem.ProblemException;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.StringLength;

class PageTest {
    private static final Page.Bounds BOUNDS = new Page.Bounds(50, 200, 10);
    private static final Page PAGE = new Page(50, Optional.empty());

    @Test
    void isTheFirstOneOfTheUsualSizeWhenNothingIsSaid() {
        Page page = Page.parse(null, null, BOUNDS);

        assertThat(page).isEqualTo(new Page(50, Optional.empty()));
    }

    @ParameterizedTest
    @CsvSource({"1, a", "200, 0123456789", "0050, a b"})
    void readsWhatIsAskedFor(String limit, String after) {
        Page page = Page.parse(limit, after, BOUNDS);

        assertThat(page).isEqualTo(new Page(Integer.parseInt(limit), Optional.of(after)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "201", "-1", "+1", "1.0", "", " 1", "ten", "99999999999999999999", "١"})
    void refusesALimitThatIsOutOfRangeRatherThanToClampIt(String limit) {
        assertThatThrownBy(() -> Page.parse(limit, null, BOUNDS)).isInstanceOfSatisfying(ProblemException.class,
                problem -> assertThat(problem.code()).isEqualTo(ProblemCode.PARAMETER_INVALID))
                .hasMessage("limit is a whole number from 1 to 200.");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "01234567890", "a\u0000", "a\r\nb", "\u0085"})
    void refusesAnAfterThatNoLinkHas(String after) {
        assertThatThrownBy(() -> Page.parse(null, after, BOUNDS)).isInstanceOfSatisfying(ProblemException.class,
                problem -> assertThat(problem.code()).isEqualTo(ProblemCode.PARAMETER_INVALID));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', nullValues = "-", value = {
            "/reports      | -                        | k1   | /reports?after=k1",
            "/reports      | ''                       | k1   | /reports?after=k1",
            "/reports      | limit=5&status=failed    | k1   | /reports?limit=5&status=failed&after=k1",
            "/reports      | after=k0&limit=5         | k1   | /reports?limit=5&after=k1",
            "/reports      | %61fter=k0&after&a=1     | k1   | /reports?a=1&after=k1",
            "/reports      | a=1&a=2&&flag            | k1   | /reports?a=1&a=2&flag&after=k1",
            "/reports      | name=J%C3%BCrgen%20M     | a&b= | /reports?name=J%C3%BCrgen%20M&after=a%26b%3D",
            "/reports      | name=Jürgen <x>\"        | ü    | /reports?name=J%C3%BCrgen%20%3Cx%3E%22&after=%C3%BC",
            "/reports      | a=100%&b=%zz             | 1 2  | /reports?a=100%25&b=%25zz&after=1+2",
            "/a/b%2Fc>     | -                        | k1   | /a/b%2Fc%3E?after=k1",
            "//evil.test/x | -                        | k1   | /evil.test/x?after=k1"})
    void linksToTheSameRequestAfterTheLastRow(String path, String query, String last, String reference) {
        String link = PAGE.nextLink(path, query, last);

        assertThat(link).isEqualTo("<" + reference + ">; rel=\"next\"");
    }

    @Property
    void linksInAWayThatGivesTheLastRowBackWhateverTheRequestWas(@ForAll @StringLength(max = 40) String path,
            @ForAll @StringLength(max = 40) String query, @ForAll @StringLength(min = 1, max = 40) String last) {
        String link = PAGE.nextLink("/" + path, query, last);

        assertThat(link).startsWith("</").endsWith(">; rel=\"next\"").isPrintable();
        URI reference = URI.create(link.substring(1, link.indexOf('>')));
        assertThat(reference.getRawAuthority()).isNull();
        assertThat(Arrays.stream(reference.getRawQuery().split("&")).filter(it -> it.startsWith("after="))
                .map(it -> URLDecoder.decode(it.substring("after=".length()), StandardCharsets.UTF_8)))
                .containsExactly(new String(last.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8));
    }
}
