-- What an office needs to know of a business. All may be missing: earlier
-- registrations did not ask, and old replicas go on writing rows without.
-- +goose Up
ALTER TABLE businesses
    ADD COLUMN sector      text     CHECK (sector ~ '^[a-z_]{1,40}$'),
    ADD COLUMN product     text     CHECK (char_length(product) BETWEEN 1 AND 200),
    ADD COLUMN address     text     CHECK (char_length(address) BETWEEN 1 AND 300),
    ADD COLUMN since_year  smallint CHECK (since_year BETWEEN 1900 AND 2200),
    ADD COLUMN since_month smallint CHECK (since_month BETWEEN 1 AND 12),
    ADD COLUMN workers     integer  CHECK (workers BETWEEN 0 AND 100000),
    ADD COLUMN channels    text[]   CHECK (cardinality(channels) <= 20),
    ADD COLUMN nib_state   text     CHECK (nib_state IN ('yes', 'process', 'not_yet')),
    ADD COLUMN nib         text     CHECK (nib ~ '^[0-9]{13}$'),
    ADD COLUMN community   text     CHECK (char_length(community) BETWEEN 1 AND 200),
    ADD CHECK (since_month IS NULL OR since_year IS NOT NULL),
    ADD CHECK (nib IS NULL OR nib_state = 'yes');
