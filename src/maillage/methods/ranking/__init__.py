"""Ballots that approve, score or rank options."""
