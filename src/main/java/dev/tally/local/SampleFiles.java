package dev.tally.local;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.function.IntFunction;
import java.util.zip.GZIPOutputStream;

/**
 * The sample data of the analytics, all made up, the same at each call: in Spanish, and with what CSV in the wild has, so
 * that a reader that is too simple gets wrong figures. Nothing in it is about a person.
 */
public final class SampleFiles {
    /** Comma, quoted descriptions with commas, line breaks and quotation marks, two ragged rows. */
    public static final String CLAIMS = "cassandra/reclamos/reclamos.csv";
    /** Semicolon, a byte order mark, CRLF, amounts that are none. */
    public static final String PAYMENTS = "cassandra/pagos/pagos.csv";
    /** A prefix with parts, some of them gzip, and a file that is no part. */
    public static final String AUDITS = "cassandra/transaction_audit/transaction_audit.csv";

    private static final long SEED = 1492;
    private static final LocalDate FIRST_DAY = LocalDate.of(2025, 1, 1);
    private static final int DAYS = 180;

    private static final List<String> DESCRIPTIONS = List.of(
            "Cobro duplicado en la factura de enero",
            "\"Avería en la línea, sin señal desde el día 3\"",
            "\"El cliente dice: \"\"no reconozco este cargo\"\", y pide su devolución\"",
            "\"Daños por lluvia:\n- techo\n- señalización\nSe adjuntan fotografías\"",
            "Reposición de contraseña",
            "\"Año equivocado en el contrato (2O24, con la letra O)\"",
            "Instalación incompleta en Logroño",
            "");
    private static final List<String> PLACES = List.of("A Coruña", "Cádiz", "Logroño", "Málaga", "Ñuñoa", "Bogotá");
    private static final List<String> NOTES = List.of("Pago único", "\"Cuota 3; sin interés\"",
            "\"Devolución \"\"parcial\"\"\"", "", "Abono en compañía", "Revisión, año 2025");
    private static final List<String> NO_AMOUNTS = List.of("", "n/d", "pendiente", "1.250,75", "");
    private static final int PAIRS_OF_PAYMENTS = 120;
    private static final int MEAN_HUNDREDTHS = 125_075;
    /** How far an amount is from the mean at most. */
    private static final int SPREAD_HUNDREDTHS = 124_000;

    private static final int AUDIT_PARTS = 4;
    private static final List<String> DETAILS = List.of("autenticación", "\"sesión, renovación\"", "operación señalada",
            "\"petición \"\"lenta\"\"\"", "ejecución");

    private SampleFiles() {}

    /** All of them, by their keys. */
    public static Map<String, byte[]> all() {
        Map<String, byte[]> files = new LinkedHashMap<>();
        files.put(CLAIMS, utf8(claims()));
        files.put(PAYMENTS, utf8(payments()));
        files.putAll(audits());
        return files;
    }

    private static String claims() {
        Random random = new Random(SEED);
        List<String> states = repeated(List.of("aprobado", "pendiente", "rechazado", "en_revision"), 150, 75, 25, 50);
        Collections.shuffle(states, random);
        List<String> rows = rows(states.size(), claim -> String.format(Locale.ROOT, "R-%05d,%s,%s,%s,%s", claim + 1,
                day(random), any(PLACES, random), states.get(claim), any(DESCRIPTIONS, random)));
        rows.add(90, "R-09001,2025-02-30,Cádiz,aprobado");
        rows.add(210, "R-09002,2025-03-01,Málaga,pendiente,Reclamación repetida, sin comillas");
        return "id_reclamo,fecha,ciudad,Estado,descripción\n" + String.join("\n", rows) + "\n";
    }

    /** Amounts come in pairs around the mean, which is therefore exact. */
    private static String payments() {
        Random random = new Random(SEED);
        List<String> amounts = new ArrayList<>(NO_AMOUNTS);
        for (int i = 0; i < PAIRS_OF_PAYMENTS; i++) {
            int off = random.nextInt(SPREAD_HUNDREDTHS);
            amounts.add(amount(MEAN_HUNDREDTHS + off));
            amounts.add(amount(MEAN_HUNDREDTHS - off));
        }
        Collections.shuffle(amounts, random);
        List<String> rows = rows(amounts.size(), payment -> String.format(Locale.ROOT, "P-%05d;%s;%s;EUR;%s",
                payment + 1, day(random), amounts.get(payment), any(NOTES, random)));
        return "\uFEFFid_pago;fecha; MONTO ;moneda;observación\r\n" + String.join("\r\n", rows) + "\r\n";
    }

    private static String amount(int hundredths) {
        return String.format(Locale.ROOT, "%d.%02d", hundredths / 100, hundredths % 100);
    }

    /** What a cluster that writes several files at once leaves. Two services are used as often as each other. */
    private static Map<String, byte[]> audits() {
        Random random = new Random(SEED);
        List<String> services = repeated(List.of("payment_service", "user_authentication", "claims_api",
                "notification_hub", "report_generator", "document_store", "fraud_check", "señalización",
                "audit_export"),
                342, 298, 187, 143, 143, 96, 61, 34, 12);
        Collections.shuffle(services, random);
        List<String> rows = rows(services.size(), event -> String.format(Locale.ROOT, "%s,T-%06d,%s,%d,%s", day(random),
                event + 1, services.get(event), random.nextInt(2000), any(DETAILS, random)));
        Map<String, byte[]> parts = new LinkedHashMap<>();
        for (int part = 0; part < AUDIT_PARTS; part++) {
            String content = "fecha,id,service_name,duracion_ms,detalle\n" + String.join("\n",
                    rows.subList(rows.size() * part / AUDIT_PARTS, rows.size() * (part + 1) / AUDIT_PARTS)) + "\n";
            boolean compressed = part % 2 == 1;
            parts.put(String.format(Locale.ROOT, "%s/part-%04d.csv%s", AUDITS, part, compressed ? ".gz" : ""),
                    compressed ? gzip(content) : utf8(content));
        }
        parts.put(AUDITS + "/_SUCCESS", new byte[0]);
        return parts;
    }

    private static List<String> repeated(List<String> values, int... times) {
        List<String> all = new ArrayList<>();
        for (int i = 0; i < times.length; i++) {
            all.addAll(Collections.nCopies(times[i], values.get(i)));
        }
        return all;
    }

    private static List<String> rows(int count, IntFunction<String> row) {
        List<String> rows = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            rows.add(row.apply(i));
        }
        return rows;
    }

    private static LocalDate day(Random random) {
        return FIRST_DAY.plusDays(random.nextInt(DAYS));
    }

    private static String any(List<String> values, Random random) {
        return values.get(random.nextInt(values.size()));
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] gzip(String text) {
        ByteArrayOutputStream compressed = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(compressed)) {
            out.write(utf8(text));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return compressed.toByteArray();
    }
}
