"""Maillage: the place where a territory runs its Alliance pour la solidarité."""

__version__ = "0.1.0"
