"""Answers drawn for people, line by line: how wide a letter is and how a style is written is known here alone."""
