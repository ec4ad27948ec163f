package dev.tally.interactions;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;

import jakarta.persistence.CollectionTable;
import jakarta.persistence.Column;
import jakarta.persistence.ElementCollection;
import jakarta.persistence.Entity;
import jakarta.persistence.GeneratedValue;
import jakarta.persistence.GenerationType;
import jakarta.persistence.Id;
import jakarta.persistence.JoinColumn;
import jakarta.persistence.OrderColumn;
import jakarta.persistence.Table;

import org.hibernate.annotations.Fetch;
import org.hibernate.annotations.FetchMode;
import org.jspecify.annotations.Nullable;

import io.quarkus.hibernate.orm.panache.PanacheEntityBase;

/** The import of a workbook. Its number says which of two came later. */
@Entity
@Table(schema = "interactions", name = "import")
class Import extends PanacheEntityBase {
    /** How it stands; the database has the names in lower case. */
    enum State {
        RUNNING, COMPLETED, FAILED, REVERTED;

        String text() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    @Id
    @GeneratedValue(strategy = GenerationType.IDENTITY)
    @Column(name = "import_no")
    @Nullable
    Integer number;
    UUID id;
    private String state;
    @Column(name = "dry_run")
    boolean dryRun;
    @Column(name = "file_name")
    String fileName;
    String sha256;
    /** Of its clean rows: the same for a workbook that was only saved anew. */
    @Column(name = "content_sha256")
    @Nullable
    String contentSha256;
    /** An earlier import with the same rows. */
    @Column(name = "same_as")
    @Nullable
    UUID sameAs;
    @Column(name = "size_bytes")
    long sizeBytes;
    BigDecimal progress = BigDecimal.ZERO;
    @Column(name = "created_by")
    String createdBy;
    @Column(name = "created_at")
    Instant createdAt;
    @Column(name = "finished_at")
    @Nullable
    Instant finishedAt;
    @Column(name = "reverted_at")
    @Nullable
    Instant revertedAt;
    @Column(name = "failure_code")
    @Nullable
    String failureCode;
    /** In words for the client. */
    @Nullable
    String failure;
    @Column(name = "warning_count")
    long warningCount;
    @Column(name = "reject_count")
    long rejectCount;

    @ElementCollection
    @CollectionTable(schema = "interactions", name = "import_sheet", joinColumns = @JoinColumn(name = "import_no"))
    @OrderColumn(name = "place")
    @Fetch(FetchMode.SUBSELECT)
    List<SheetCounts> sheets = new ArrayList<>();

    @ElementCollection
    @CollectionTable(schema = "interactions", name = "import_warning", joinColumns = @JoinColumn(name = "import_no"))
    @OrderColumn(name = "place")
    @Fetch(FetchMode.SUBSELECT)
    List<Warning> warnings = new ArrayList<>();

    /** For Hibernate, which fills it. */
    @SuppressWarnings("NullAway.Init")
    Import() {}

    Import(UUID id, Upload upload, boolean dryRun, Instant createdAt) {
        this.id = id;
        this.state = State.RUNNING.text();
        this.dryRun = dryRun;
        this.fileName = upload.fileName();
        this.sha256 = upload.sha256();
        this.sizeBytes = upload.sizeBytes();
        this.createdBy = upload.user();
        this.createdAt = createdAt;
    }

    static Optional<Import> findByPublicId(UUID id) {
        return find("id", id).firstResultOptional();
    }

    static List<Import> findRunning() {
        return list("state", State.RUNNING.text());
    }

    /** An import that stands and brought the same rows, if any. */
    static Optional<Import> findLiveWithContent(String contentSha256) {
        return find("contentSha256 = ?1 and state = ?2 and dryRun = false order by number", contentSha256,
                State.COMPLETED.text()).firstResultOptional();
    }

    int number() {
        if (number == null) {
            throw new IllegalStateException("The import is not stored yet");
        }
        return number;
    }

    State state() {
        return State.valueOf(state.toUpperCase(Locale.ROOT));
    }

    void complete(Instant now) {
        state = State.COMPLETED.text();
        progress = BigDecimal.ONE;
        finishedAt = now;
    }

    void fail(String code, String sentence, Instant now) {
        state = State.FAILED.text();
        failureCode = code;
        failure = sentence;
        finishedAt = now;
    }

    void revert(Instant now) {
        state = State.REVERTED.text();
        revertedAt = now;
    }
}
