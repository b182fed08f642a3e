"""Who the customer is, as little as the program needs."""
