"""Finding the organisations that a list writes in several ways. Pure: text in, proposals with their reasons out."""

from maillage.methods.matching.names import Name, fold, read_name
from maillage.methods.matching.pairs import THRESHOLD, Pair, Reason, compare, find_pairs, unite

__all__ = ["THRESHOLD", "Name", "Pair", "Reason", "compare", "find_pairs", "fold", "read_name", "unite"]
