"""Reads of how spaces work, each in a bounded number of queries and on a given day."""
