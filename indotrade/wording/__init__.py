"""Everything that is said to a person, in English in the code and in other languages by one catalogue each."""
