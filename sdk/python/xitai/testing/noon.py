"""Where the clock of every bank begins."""

#: Noon in Suzhou on Monday, 2 March 2026.
NOON = 1_772_424_000_000
