-- How far conversations get: counters a day, of nobody in particular.
-- +goose Up
CREATE TABLE funnel (
    day     date   NOT NULL, -- in the office's zone
    flow    text   NOT NULL,
    step    text   NOT NULL, -- '' for the flow itself
    event   text   NOT NULL,
    count   bigint NOT NULL CHECK (count >= 0),
    seconds bigint NOT NULL CHECK (seconds >= 0), -- in all
    PRIMARY KEY (day, flow, step, event)
);
