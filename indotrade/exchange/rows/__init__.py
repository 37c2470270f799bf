"""Rows that somebody else wrote, made into claims: what columns mean, and how each kind of cell is read."""
