"""How an answer leaves the program: one registry of formats, and a file for each format."""
