package dev.tally.credits;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.Set;

import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class ApiKeyTest {
    private static final String DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    private final SecureRandom random = new SecureRandom();

    @Property(tries = 200)
    void isOfOneLengthAndWellFormed() {
        String key = ApiKey.generate(random).text();

        assertThat(key).matches("tly_[0-9A-Za-z]{49}");
        assertThat(ApiKey.isWellFormed(key)).isTrue();
        assertThat(ApiKey.mayExist(key)).isTrue();
    }

    @Example
    void holdsAllRandomBits() {
        byte[] all = new byte[32];
        Arrays.fill(all, (byte) 0xFF);
        SecureRandom largest = new SecureRandom() {
            private static final long serialVersionUID = 1;

            @Override
            public void nextBytes(byte[] bytes) {
                System.arraycopy(all, 0, bytes, 0, bytes.length);
            }
        };

        String secret = ApiKey.generate(largest).text().substring(4, 47);

        BigInteger number = BigInteger.ZERO;
        for (int i = 0; i < secret.length(); i++) {
            number = number.multiply(BigInteger.valueOf(62)).add(BigInteger.valueOf(DIGITS.indexOf(secret.charAt(i))));
        }
        assertThat(number).isEqualTo(BigInteger.TWO.pow(256).subtract(BigInteger.ONE));
    }

    @Property
    void knowsAKeyInWhichOneCharacterIsWrong(@ForAll @IntRange(max = 52) int at,
            @ForAll @IntRange(max = 61) int digit) {
        String key = ApiKey.generate(random).text();
        char wrong = DIGITS.charAt(digit);

        String other = key.substring(0, at) + wrong + key.substring(at + 1);

        assertThat(ApiKey.isWellFormed(other)).isEqualTo(other.equals(key));
    }

    @Property
    void refusesAnyTextWithThePrefixThatIsNoKey(@ForAll String rest) {
        assertThat(ApiKey.mayExist("tly_" + rest)).isFalse();
    }

    @Property
    void looksUpKeysOfOthersThatAHeaderCanHold(@ForAll String text) {
        boolean visible = text.matches("[!-~]{1,200}");

        assertThat(ApiKey.mayExist(text)).isEqualTo(visible && !text.startsWith("tly_"));
    }

    @Example
    void saysNothingOfItselfButItsStart() throws NoSuchAlgorithmException {
        ApiKey key = ApiKey.generate(random);

        assertThat(key.start()).isEqualTo(key.text().substring(0, 8));
        assertThat(key).hasToString("ApiKey[" + key.start() + "…]");
        assertThat(key.sha256Hex()).isEqualTo(HexFormat.of().formatHex(
                MessageDigest.getInstance("SHA-256").digest(key.text().getBytes(StandardCharsets.US_ASCII))));
    }

    @Example
    void isNewEachTime() {
        Set<String> keys = new HashSet<>();
        for (int i = 0; i < 1_000; i++) {
            keys.add(ApiKey.generate(random).text());
        }

        assertThat(keys).hasSize(1_000);
    }
}
