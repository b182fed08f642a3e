"""Data, numbers, time, partners and what the customer is asked for."""
