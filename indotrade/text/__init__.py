"""What is true of any text: how it is folded for comparing, made safe to show, and read as a date."""
