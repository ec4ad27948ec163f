package dev.tally.platform.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UsersFileTest {
    private static final String DIGEST = "393354dbbbe570c6a0b15e9720cb29162f92f530d5bf1c91d38003e9fefbf0f0";

    private final Path directory;

    UsersFileTest(@TempDir Path directory) {
        this.directory = directory;
    }

    @Test
    void readsUsersAndTheirRoles() throws Exception {
        Path file = write("""
                          # operators

                          ops = %1$s, admin
                            night.shift@example\t=\t%1$s ,viewer ,  operator\s\s
                          """.formatted(DIGEST));

        assertThat(UsersFile.read(file.toString())).containsOnly(
                entry(UsersFile.USERS + ".\"ops\"", DIGEST),
                entry(UsersFile.ROLES + ".\"ops\"", "admin"),
                entry(UsersFile.USERS + ".\"night.shift@example\"", DIGEST),
                entry(UsersFile.ROLES + ".\"night.shift@example\"", "viewer,operator"));
    }

    @Test
    void readsLinesThatEndAsOnWindows() throws Exception {
        Path file = write("ops = " + DIGEST + ", admin\r\n");

        assertThat(UsersFile.read(file.toString())).containsEntry(UsersFile.ROLES + ".\"ops\"", "admin");
    }

    @Test
    void hasNoUsersWhenItHasOnlyComments() throws Exception {
        Path file = write("# nobody yet\n\n");

        assertThat(UsersFile.read(file.toString())).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"ops", "ops =", "ops = " + DIGEST, "ops = " + DIGEST + ",", "= " + DIGEST + ", admin",
            "ops " + DIGEST + ", admin", "two words = " + DIGEST + ", admin", "o\"ps = " + DIGEST + ", admin",
            "ops = half " + DIGEST + ", admin", "ops : " + DIGEST + " : admin"})
    void namesTheLineThatIsNone(String line) throws IOException {
        Path file = write("# operators\n" + line + "\n");

        assertThatThrownBy(() -> UsersFile.read(file.toString())).isInstanceOf(UsersFile.InvalidException.class)
                .hasMessageStartingWith("Line 2 of the file that TALLY_USERS_FILE names")
                .hasMessageContaining("name = digest, role").hasMessageContaining("docs/operations.md")
                .hasMessageNotContaining(DIGEST);
    }

    @Test
    void refusesAUserTwice() throws IOException {
        Path file = write("ops = %1$s, admin\nops = %1$s, viewer\n".formatted(DIGEST));

        assertThatThrownBy(() -> UsersFile.read(file.toString())).isInstanceOf(UsersFile.InvalidException.class)
                .hasMessageStartingWith("Line 2 ").hasMessageContaining("Give each user one line")
                .hasMessageNotContaining(DIGEST);
    }

    @Test
    void namesAFileThatIsNotThere() {
        String path = directory.resolve("nowhere").toString();

        assertCannotBeRead(path);
    }

    @Test
    void namesAFileThatIsADirectory() {
        assertCannotBeRead(directory.toString());
    }

    @Test
    void namesAPathThatIsNone() {
        assertCannotBeRead("a\0b");
    }

    @Test
    void namesAFileThatIsNoText() throws IOException {
        Path file = directory.resolve("users");
        Files.write(file, ("ops = " + DIGEST + ", \u00e9").getBytes(StandardCharsets.ISO_8859_1));

        assertCannotBeRead(file.toString());
    }

    private static void assertCannotBeRead(String path) {
        assertThatThrownBy(() -> UsersFile.read(path)).isInstanceOf(UsersFile.InvalidException.class)
                .hasMessageStartingWith("The file that TALLY_USERS_FILE names cannot be read: " + path)
                .hasMessageContaining("correct the variable").hasMessageNotContaining(DIGEST);
    }

    private Path write(String text) throws IOException {
        return Files.writeString(directory.resolve("users"), text);
    }
}
