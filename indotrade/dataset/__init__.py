"""The data: where they lie, the records that they hold, and everything that can be wrong with them."""
