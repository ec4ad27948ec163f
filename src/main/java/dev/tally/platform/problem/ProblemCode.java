package dev.tally.platform.problem;

/**
 * Every kind of fault that a client can see. The names are stable: clients switch on them, and docs/problems.md has a
 * section for each.
 */
public enum ProblemCode {
    // @formatter:off
    REQUEST_INVALID(400, "Invalid request", Retry.NEVER,
            "Something in the request breaks a rule; violations, where given, names each field and what is wrong with it."),
    PARAMETER_INVALID(400, "Invalid parameter", Retry.NEVER,
            "A parameter of the path or of the query does not have the form that the API description gives for it."),
    BODY_INVALID(400, "The body cannot be read", Retry.NEVER,
            "The body is missing, is not well-formed, or holds a value of the wrong type."),
    MSISDN_INVALID(400, "Invalid msisdn", Retry.NEVER,
            "A phone number is 5 to 15 digits, with an optional leading +."),
    DATE_INVALID(400, "Invalid date", Retry.NEVER,
            "A date is YYYY-MM-DD and exists in the calendar."),
    RANGE_INVALID(400, "Invalid date range", Retry.NEVER,
            "The first date is after the last one, or the range is longer than the service answers at once."),
    ZONE_INVALID(400, "Invalid zone", Retry.NEVER,
            "A zone is an IANA name such as UTC or Europe/Luxembourg."),
    CUSTOMER_ID_INVALID(400, "Invalid customer_id", Retry.NEVER,
            "The id of a customer is a positive whole number."),
    IDEMPOTENCY_KEY_INVALID(400, "Invalid Idempotency-Key", Retry.NEVER,
            "An Idempotency-Key has 1 to 255 visible ASCII characters."),
    CALLBACK_URL_INVALID(400, "Invalid callback_url", Retry.NEVER,
            "The service calls https addresses of the hosts that its operator allows, and of these only public ones."),
    LOG_CATEGORY_REFUSED(400, "Level not changeable", Retry.NEVER,
            "The level of this category of the log cannot be changed while the service runs; detail says of which it can."),
    UPLOAD_INVALID(400, "The upload cannot be read", Retry.NEVER,
            "The upload as a whole is not of the format that its Content-Type says; detail says whether any of it was stored."),
    UNAUTHENTICATED(401, "Not logged in", Retry.NEVER,
            "The request has no credentials, or wrong ones. Send the user and the password by HTTP Basic."),
    API_KEY_INVALID(401, "Invalid API key", Retry.NEVER,
            "The request needs a key in the header x-api-key, and none came, or one that is unknown, expired or revoked."),
    CREDITS_INSUFFICIENT(402, "Insufficient Credits", Retry.NEVER,
            "The balance is smaller than the price; required and available say both. Nothing was run, nothing was charged."),
    FORBIDDEN(403, "Not allowed", Retry.NEVER,
            "The caller is known, but does not have the role that this request needs."),
    NOT_FOUND(404, "Not found", Retry.NEVER,
            "There is nothing at this path; /docs lists what there is."),
    CUSTOMER_NOT_FOUND(404, "Customer not found", Retry.NEVER,
            "No import that stands has brought a customer with this id."),
    IMPORT_NOT_FOUND(404, "Import not found", Retry.NEVER,
            "There is no import with this id; GET /api/v1/imports lists them."),
    REPORT_NOT_FOUND(404, "Report not found", Retry.NEVER,
            "There is no report with this uuid; GET /reports lists the caller's."),
    METRIC_NOT_FOUND(404, "Metric not found", Retry.NEVER,
            "The catalogue has no metric with this name; GET /analytics lists them."),
    DATASET_NOT_FOUND(404, "Dataset not found", Retry.NEVER,
            "The object or the bucket of the dataset does not exist. detail names the dataset; its operator puts it there."),
    RECORD_NOT_FOUND(404, "Record not found", Retry.NEVER,
            "There is no record with this canonical_key. The look-up was made, so it is charged."),
    USER_NOT_FOUND(404, "User not found", Retry.NEVER,
            "There is no user with this e-mail or id; GET /admin/users lists them."),
    API_KEY_NOT_FOUND(404, "API key not found", Retry.NEVER,
            "The caller has no such key that is still good; GET /keys lists them."),
    METHOD_NOT_ALLOWED(405, "Method not allowed", Retry.NEVER,
            "The path exists, but not with this method; the header Allow lists the methods."),
    NOT_ACCEPTABLE(406, "Format not available", Retry.NEVER,
            "The answer does not exist in the format that Accept or the parameter format asks for."),
    IMPORT_RUNNING(409, "An import is running", Retry.SOON,
            "Imports are made and taken back one at a time, and one is under way."),
    IMPORT_NOT_COMPLETED(409, "Nothing to take back", Retry.NEVER,
            "Only an import that is completed, and was no dry run, has brought something that can be taken back."),
    REPORT_NOT_READY(409, "The report has no rows", Retry.SOON,
            "The report is not completed, or it ended without rows; GET it as JSON to see how it stands."),
    REPORT_ENDED(409, "Nothing to cancel", Retry.NEVER,
            "Only a report that is not completed, and has not failed, can be cancelled."),
    EMAIL_TAKEN(409, "E-mail already used", Retry.NEVER,
            "There is a user with this e-mail; capital and small letters are the same."),
    TOO_MANY_KEYS(409, "Too many API keys", Retry.NEVER,
            "The user has as many keys as one may have. Revoke one that is no longer used."),
    CREDITS_TOO_MANY(409, "Too many credits", Retry.NEVER,
            "The balance would be larger than 9007199254740991, which is the largest one."),
    IDEMPOTENCY_KEY_IN_USE(409, "The request is running", Retry.SOON,
            "An earlier request with the same Idempotency-Key has not been answered yet."),
    REPORT_EXPIRED(410, "The report is kept no longer", Retry.NEVER,
            "A report is kept for a time, which expires_at says. Ask for it again."),
    BODY_TOO_LARGE(413, "The body is too large", Retry.NEVER,
            "The body has more bytes than this request may have. Send it in parts."),
    WORKBOOK_TOO_LARGE(413, "The workbook is too large", Retry.NEVER,
            "The workbook breaks a bound of the service once it is unpacked: bytes, files, rows, texts or time."),
    URI_TOO_LONG(414, "The address is too long", Retry.NEVER,
            "The address has more characters than the service reads. Where there is a POST for the same, use it."),
    MEDIA_TYPE_UNSUPPORTED(415, "Media type not supported", Retry.NEVER,
            "The Content-Type of the body is not one that this request reads."),
    UPLOAD_REJECTED(422, "The upload was not loaded", Retry.NEVER,
            "Rows of the upload are wrong and the request asked for all or nothing; nothing of it was stored."),
    WORKBOOK_INCOMPLETE(422, "The workbook lacks something", Retry.NEVER,
            "The workbook lacks a sheet, or a sheet lacks a column; nothing of it was stored."),
    REPORT_FEATURES_MISSING(422, "No features at Gcore", Retry.NEVER,
            "Gcore has no features of the product, so there is nothing that a report could be of."),
    IDEMPOTENCY_KEY_REUSED(422, "The Idempotency-Key was used before", Retry.NEVER,
            "The same Idempotency-Key came with another request. Each request needs a key of its own."),
    ANSWER_TOO_LARGE(422, "The answer is too large", Retry.NEVER,
            "The answer has more bytes than the service makes at once. Ask for fewer records; what was charged is given back."),
    COLUMN_MISSING(422, "Column missing", Retry.NEVER,
            "A column that the metric needs is not in the header of the dataset, or there more than once."),
    CSV_UNREADABLE(422, "The dataset is not CSV", Retry.NEVER,
            "The dataset cannot be read as CSV: a row breaks the bounds of the service, or a compressed object is broken."),
    TOO_MANY_GROUPS(422, "Too many groups", Retry.NEVER,
            "The dataset has more different values than the service keeps apart. Its operator can raise the bound."),
    RATE_LIMITED(429, "Too many requests", Retry.SOON,
            "The caller asks more often than it may; RateLimit says how much is left, RateLimit-Policy what is allowed."),
    HEADERS_TOO_LARGE(431, "The headers are too large", Retry.NEVER,
            "The request's headers have more bytes than the service reads."),
    INTERNAL_ERROR(500, "Internal error", Retry.MAYBE,
            "A fault of the service. It is in the service's log under the request id in instance; please pass that on."),
    REPORT_FAILED(502, "The report failed", Retry.MAYBE,
            "Gcore failed, refused or cancelled the report, or its result cannot be read; error_code and detail say which."),
    STORE_REFUSED(502, "The store refused", Retry.SOON,
            "The service may not read the dataset in its store. Its operator gives it the permission."),
    OVERLOADED(503, "Too many requests at once", Retry.SOON,
            "The service has no room for the request now."),
    TOO_MANY_LOADS(503, "Too many uploads at once", Retry.SOON,
            "As many uploads as the service takes at a time are being loaded now."),
    TOO_MANY_REPORTS(503, "Too many reports at once", Retry.SOON,
            "As many reports as the service follows at a time are open."),
    REPORTS_NOT_CONFIGURED(503, "No account at Gcore", Retry.MAYBE,
            "The service has no account at Gcore, so it cannot ask for reports. Its operator configures one."),
    IMPORT_INTERRUPTED(503, "The import was interrupted", Retry.MAYBE,
            "The service ended during the import; nothing of it was stored. Send the workbook again."),
    DATABASE_UNAVAILABLE(503, "The database does not answer", Retry.SOON,
            "The service cannot reach its database, or all connections to it are in use."),
    DATABASE_NOT_MIGRATED(503, "The database is not migrated", Retry.MAYBE,
            "The database lacks tables of this version of the service. Its operator runs: tally migrate."),
    QUERY_TOO_SLOW(503, "The query took too long", Retry.MAYBE,
            "The database was stopped at the service's time limit. Ask for a shorter range, or later."),
    ANALYTICS_NOT_CONFIGURED(503, "No store of datasets", Retry.MAYBE,
            "The service has no bucket to read datasets from. Its operator configures one."),
    ANALYTICS_NOT_READY(503, "The figures are being read", Retry.SOON,
            "Reading the dataset takes longer than a request waits. It goes on; detail says how far it is."),
    TOO_MANY_READINGS(503, "Too many datasets at once", Retry.SOON,
            "As many datasets as the service reads at a time are being read now."),
    STORE_UNAVAILABLE(503, "The store does not answer", Retry.SOON,
            "The store of the datasets cannot be reached, hangs, or breaks off."),
    DATASET_CHANGING(503, "The dataset is changing", Retry.SOON,
            "The dataset was written anew each time while it was read; figures of two versions are never mixed."),
    ENGINE_UNAVAILABLE(503, "ClickHouse does not answer", Retry.SOON,
            "The ClickHouse that reads the dataset cannot be reached, or took too long."),
    RECORDS_NOT_CONFIGURED(503, "No records", Retry.MAYBE,
            "The service has no ClickHouse to find records in. Its operator configures one. Nothing was charged."),
    RECORDS_NOT_MIGRATED(503, "No table of records", Retry.MAYBE,
            "ClickHouse lacks the table of this version of the service. Its operator runs: tally migrate."),
    RECORDS_UNAVAILABLE(503, "The records do not answer", Retry.SOON,
            "ClickHouse cannot be reached, took too long, or broke off. What was charged is given back."),
    CHARGE_EXPIRED(503, "The answer came too late", Retry.SOON,
            "The answer took longer than a charge holds, so the charge was given back and the answer was not sent."),
    REPORT_TIMED_OUT(504, "The report took too long", Retry.MAYBE,
            "Gcore did not complete the report in the time that the service allows; detail has what it last said.");
    // @formatter:on

    private final int status;
    private final String title;
    private final Retry retry;
    private final String meaning;

    ProblemCode(int status, String title, Retry retry, String meaning) {
        this.status = status;
        this.title = title;
        this.retry = retry;
        this.meaning = meaning;
    }

    /** The HTTP status. */
    public int status() {
        return status;
    }

    /** A short sentence that is the same for every problem with this code. */
    public String title() {
        return title;
    }

    /** What it means, and what the caller can do about it. */
    public String meaning() {
        return meaning;
    }

    /** Whether the same request can succeed later without a change. */
    public Retry retry() {
        return retry;
    }

    /** Whether the fault is the service's, not the caller's. */
    public boolean ours() {
        return status >= 500;
    }

    /** Whether sending the same request again can help. */
    public enum Retry {
        /** Not without a change. */
        NEVER("A retry does not help."),
        /** It can, but nobody knows when. */
        MAYBE("A retry may help."),
        /** The answer says when, in {@code Retry-After}. */
        SOON("A retry helps: the header Retry-After says when.");

        private final String sentence;

        Retry(String sentence) {
            this.sentence = sentence;
        }

        /** The same in words. */
        public String sentence() {
            return sentence;
        }
    }
}
