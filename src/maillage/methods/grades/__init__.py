"""Grades given to options: majority judgment and merit profiles."""
