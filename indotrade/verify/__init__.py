"""Attests that the words on which claims rest stand in a text: its paragraphs, its windows, what they match."""
