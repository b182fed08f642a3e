-- For payments_since: what a day is reconciled with. Without it, the day's reconciliation reads every payment there ever was.
CREATE INDEX payment_by_update ON payment (updated_ms, id);
