"""The command line, with Typer: a family of commands a file; a command asks, answers and puts out."""
