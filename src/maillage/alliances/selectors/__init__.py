"""Reads that combine tables, each in a bounded number of queries."""
