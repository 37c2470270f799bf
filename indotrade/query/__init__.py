"""The question and its answer: filters, the names in them, the claims that are found, the columns of a claim."""
