-- Loads of records are numbered, so that of two with the same record the later one holds.
CREATE SCHEMA records;
-- The rest of the 64 bits of a version is the line within the load.
CREATE SEQUENCE records.load_number AS bigint MAXVALUE 1073741823;
