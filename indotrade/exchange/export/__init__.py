"""Whole datasets as other programs take them: a file for each carrier, and what they are all written from."""
