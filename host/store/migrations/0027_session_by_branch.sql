-- For sessions_of_branch: how much a branch was used in a day. Written once for each session: neither column changes.
CREATE INDEX session_by_branch ON session (branch, id);
