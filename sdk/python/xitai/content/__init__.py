"""Reviewed content, and the customer's word."""
