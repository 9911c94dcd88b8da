"""Doors for people without an account: one address, one person, one purpose."""
