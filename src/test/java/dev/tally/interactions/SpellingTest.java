package dev.tally.interactions;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Locale;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class SpellingTest {
    private static final List<String> SEPARATORS = List.of("", " ", "-", "_", ".", "\u00A0", " - ");

    @ParameterizedTest
    @ValueSource(strings = {"email", "E-Mail", "EMAIL", " e mail ", "E_MAIL", "e\u2011mail", "\uFF25mail",
            "e\u200Bmail"})
    void foldsAChannelToOne(String text) {
        assertThat(Spelling.channelKey(text)).isEqualTo("email");
    }

    /** Hangul's letters make one together, once nothing stands between them. */
    @ParameterizedTest
    @ValueSource(strings = {"\u1100\u1161\u200B\u11A8", "\u1100-\u1161 \u11A8", "e\u200B\u0301"})
    void foldsOnceAndForAllWhatComesTogether(String text) {
        foldingTwiceChangesNothing(text);
    }

    @Property
    void foldingTwiceChangesNothing(@ForAll String text) {
        assertThat(Spelling.tidy(Spelling.tidy(text))).isEqualTo(Spelling.tidy(text));
        assertThat(Spelling.channelKey(Spelling.channelKey(text))).isEqualTo(Spelling.channelKey(text));
        assertThat(Spelling.productKey(Spelling.productKey(text))).isEqualTo(Spelling.productKey(text));
        assertThat(Spelling.channelKey(Spelling.tidy(text))).isEqualTo(Spelling.channelKey(text));
        assertThat(Spelling.productKey(Spelling.tidy(text))).isEqualTo(Spelling.productKey(text));
    }

    @Provide
    Arbitrary<List<String>> words() {
        return Arbitraries.strings().withCharRange('a', 'z').ofMinLength(1).ofMaxLength(8).list().ofMinSize(1)
                .ofMaxSize(3);
    }

    @Property
    void foldsCaseAndBlanks(@ForAll("words") List<String> words) {
        String plain = String.join(" ", words);
        String shouted = "  " + String.join("\u00A0 ", words).toUpperCase(Locale.ROOT) + "\t";

        assertThat(Spelling.productKey(shouted)).isEqualTo(Spelling.productKey(plain)).isEqualTo(plain);
        for (String separator : SEPARATORS) {
            assertThat(Spelling.channelKey(String.join(separator, words))).isEqualTo(String.join("", words));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"a b", "a-b", "ab", "a.b"})
    void keepsProductsApartThatDifferInMoreThanCase(String text) {
        assertThat(Spelling.productKey(text)).isEqualTo(text);
    }

    @Property
    void tidiesToSingleBlanksInside(@ForAll String text) {
        String tidy = Spelling.tidy(text);

        assertThat(tidy).doesNotContain("  ").isEqualTo(tidy.strip());
        assertThat(tidy.chars().filter(Character::isISOControl).count()).isZero();
    }
}
