package dev.tally.local;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;

/**
 * Which JVM a data directory belongs to, so that a second one started in the same place does not take the server of the
 * first for one that was left behind, and stop it.
 */
final class DirectoryOwner {
    private DirectoryOwner() {}

    /**
     * Writes this JVM down beside the directory.
     *
     * @throws IOException when the one that stands there still runs; the message says so in words for its user
     */
    static void claim(Path dataDirectory) throws IOException {
        Path file = dataDirectory.resolveSibling(dataDirectory.getFileName() + ".owner");
        String self = describe(ProcessHandle.current());
        String owner = Files.exists(file) ? Files.readString(file).strip() : "";
        if (!owner.equals(self) && isRunning(owner)) {
            throw new IOException("Process " + owner.substring(0, owner.indexOf(' ')) + " uses " + dataDirectory
                    + " already. End it first, or start this one in another directory.");
        }
        Files.writeString(file, self + "\n");
    }

    private static boolean isRunning(String owner) {
        int space = owner.indexOf(' ');
        return space > 0 && ProcessHandle.of(Long.parseLong(owner.substring(0, space)))
                .map(process -> process.isAlive() && describe(process).equals(owner)).orElse(false);
    }

    /** The start time too, because process ids are used again. */
    private static String describe(ProcessHandle process) {
        return process.pid() + " " + process.info().startInstant().map(Instant::toString).orElse("unknown");
    }
}
