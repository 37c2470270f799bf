"""Answers drawn for people, with Rich: nowhere else in the program is Rich known."""
