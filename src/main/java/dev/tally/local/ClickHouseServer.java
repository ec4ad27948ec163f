package dev.tally.local;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The main class of the process in which ClickHouse runs. It is in libchdb.so, which takes over signals and ends its
 * process as it likes, so it must never be loaded by an application. {@link LocalClickHouse} starts it.
 *
 * <p>Writes its HTTP port to standard output as soon as it listens, and ends when standard input does: whoever started it
 * has closed it, or is gone. Uses nothing but the JDK, because the class path holds nothing else.
 */
final class ClickHouseServer {
    private static final Linker LINKER = Linker.nativeLinker();

    private ClickHouseServer() {}

    /** @param arguments the library, the data directory, the configuration file, and the protocols to listen for */
    public static void main(String... arguments) throws Throwable {
        List<String> commandLine = new ArrayList<>(List.of("clickhouse", "--path=" + arguments[1],
                "--config-file=" + arguments[2], "--listen_host=127.0.0.1", "--http_port=0"));
        for (String protocol : arguments[3].split(" ", -1)) {
            commandLine.add("--query=SYSTEM START LISTEN " + protocol);
        }
        commandLine.addAll(List.of(
                // Files that a statement names this way are opened on behalf of the command line, not of the user default,
                // who therefore needs no right to any file.
                "--query=SELECT getServerPort('http_port') INTO OUTFILE '/dev/stdout' APPEND FORMAT TSV",
                "--query=INSERT INTO FUNCTION null('line String') FROM INFILE '/dev/stdin' FORMAT LineAsString"));
        run(Path.of(arguments[0]), commandLine);
    }

    /** Calls ClickHouse's command line, {@code chdb_query_cmdline(int argc, char **argv)} of chdb.h. */
    @SuppressWarnings("restricted") // Calls into native code are what this process is for.
    private static void run(Path library, List<String> commandLine) throws Throwable {
        try (Arena arena = Arena.ofConfined()) {
            SymbolLookup engine = SymbolLookup.libraryLookup(library, Arena.global());
            MethodHandle query = LINKER.downcallHandle(engine.findOrThrow("chdb_query_cmdline"),
                    FunctionDescriptor.of(ValueLayout.ADDRESS, ValueLayout.JAVA_INT, ValueLayout.ADDRESS));
            MethodHandle errorOf = LINKER.downcallHandle(engine.findOrThrow("chdb_result_error"),
                    FunctionDescriptor.of(ValueLayout.ADDRESS, ValueLayout.ADDRESS));

            MemorySegment result = (MemorySegment) query.invokeExact(commandLine.size(), argv(commandLine, arena));
            MemorySegment error = (MemorySegment) errorOf.invokeExact(result);
            if (error.address() != 0) {
                throw new IllegalStateException(error.reinterpret(Long.MAX_VALUE).getString(0));
            }
        }
    }

    /** As C has it: pointers to the texts, and a null behind them. */
    private static MemorySegment argv(List<String> texts, Arena arena) {
        MemorySegment argv = arena.allocate(ValueLayout.ADDRESS, texts.size() + 1L);
        for (int i = 0; i < texts.size(); i++) {
            argv.setAtIndex(ValueLayout.ADDRESS, i, arena.allocateFrom(texts.get(i)));
        }
        return argv;
    }
}
