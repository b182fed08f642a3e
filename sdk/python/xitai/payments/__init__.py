"""Money: asked for by the program, agreed to on the host's sheet, booked by the host."""
