"""Whole datasets in and out: tables, the carriers that hold them, and the way in from anybody's spreadsheet."""
