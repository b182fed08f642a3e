-- What an incident asks: whom it met, and what was done about it.

-- For payments_from, in the order in which they were made. Written once for each payment: neither column ever changes.
CREATE INDEX payment_by_program ON payment (program, id);
-- For sessions_from, in the order in which they were opened. Neither column ever changes.
CREATE INDEX session_by_program ON session (program, id);
-- For audit_watch: the few records about stops, incidents, alerts, releases and rollouts among all those about customers.
CREATE INDEX audit_watch ON audit (seq) WHERE (action >= 'alert.' AND action < 'alert/')
    OR (action >= 'incident.' AND action < 'incident/') OR (action >= 'program.' AND action < 'program/')
    OR (action >= 'release.' AND action < 'release/') OR (action >= 'rollout.' AND action < 'rollout/')
    OR (action >= 'stop.' AND action < 'stop/');
