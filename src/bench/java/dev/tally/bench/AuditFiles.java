package dev.tally.bench;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SplittableRandom;

/** Files of audited transactions, the same at each run. */
final class AuditFiles {
    static final String COLUMN = "servicio";
    static final int COLUMNS = 10;

    private static final String HEADER = "transaction_id,fecha,servicio,usuario,monto,moneda,estado,duracion_ms,canal,"
            + "referencia\n";
    private static final String[] SERVICES = {"payment_service", "user_authentication", "notificaciones",
            "facturación", "inventario", "envíos", "catálogo", "búsqueda", "auditoría", "soporte", "perfil", "saldo"};
    private static final String[] STATES = {"aprobado", "pendiente", "rechazado", "en_revision"};
    private static final String[] CURRENCIES = {"EUR", "USD", "COP", "MXN"};
    private static final String[] CHANNELS = {"web", "app", "sucursal", "teléfono"};
    private static final int BATCH_CHARACTERS = 1 << 16;

    private AuditFiles() {}

    /**
     * Writes a file, if it is not there.
     *
     * @param quotedOfFive how many of five fields stand in quotation marks, now and then with a comma, doubled marks and a
     *        line break in them
     */
    static Path write(Path directory, String name, long bytes, int quotedOfFive) throws IOException {
        Path file = directory.resolve(name + "-" + bytes + ".csv");
        if (Files.exists(file)) {
            return file;
        }
        Path unfinished = directory.resolve(name + ".unfinished");
        SplittableRandom random = new SplittableRandom(7);
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(unfinished), 1 << 20)) {
            StringBuilder text = new StringBuilder(HEADER);
            long written = 0;
            for (int row = 0; written < bytes; row++) {
                appendRow(text, row, random, quotedOfFive);
                if (text.length() > BATCH_CHARACTERS) {
                    byte[] batch = text.toString().getBytes(StandardCharsets.UTF_8);
                    out.write(batch);
                    written += batch.length;
                    text.setLength(0);
                }
            }
        }
        return Files.move(unfinished, file);
    }

    private static void appendRow(StringBuilder text, int row, SplittableRandom random, int quotedOfFive) {
        // The first services are more frequent than the last.
        int service = Math.min(random.nextInt(SERVICES.length), random.nextInt(SERVICES.length));
        String[] fields = {Integer.toString(1_000_000 + row), date(random), SERVICES[service],
                "u" + random.nextInt(100_000), random.nextInt(100_000) + "." + random.nextInt(10, 100),
                CURRENCIES[random.nextInt(CURRENCIES.length)], STATES[random.nextInt(STATES.length)],
                Integer.toString(random.nextInt(5_000)), CHANNELS[random.nextInt(CHANNELS.length)],
                "ref-" + Integer.toHexString(random.nextInt())};
        for (int i = 0; i < fields.length; i++) {
            text.append(i == 0 ? "" : ",");
            if (random.nextInt(5) < quotedOfFive) {
                boolean awkward = i == fields.length - 1 && random.nextInt(4) == 0;
                text.append('"').append(fields[i]).append(awkward ? ", \"\"nota\"\"\nsegunda" : "").append('"');
            } else {
                text.append(fields[i]);
            }
        }
        text.append('\n');
    }

    private static String date(SplittableRandom random) {
        return "2025-0" + random.nextInt(1, 10) + "-" + random.nextInt(10, 29) + "T" + random.nextInt(10, 24) + ":"
                + random.nextInt(10, 60) + ":" + random.nextInt(10, 60) + "Z";
    }
}
