-- For COUNTERS_OVER: counts of a day that is over are found by their names, whatever program they are of.
CREATE INDEX counter_by_name ON counter (name);
