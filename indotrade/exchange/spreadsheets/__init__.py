"""Spreadsheets as people made them in other programs: sheets of rows, each cell as text, or named with its place."""
