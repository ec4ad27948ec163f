CREATE SCHEMA cdr_data;
