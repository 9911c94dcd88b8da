"""pref_voting, which imports numba, seaborn and nashpy without declaring them: empty stand-ins do."""

import sys
import warnings
from importlib import import_module
from importlib.util import find_spec
from types import ModuleType


def _compiles_nothing(*args, **options):
    return args[0] if args and callable(args[0]) else lambda function: function


for _name in ("numba", "seaborn", "nashpy"):
    if not find_spec(_name):
        sys.modules[_name] = ModuleType(_name)
        vars(sys.modules[_name]).update(jit=_compiles_nothing, njit=_compiles_nothing, float32=float)

with warnings.catch_warnings():
    # Its docstrings have escapes that Python does not know, its functions warn of numpy.
    warnings.simplefilter("ignore")
    grades = import_module("pref_voting.grade_methods")
    grade_profiles = import_module("pref_voting.grade_profiles")
    iterative = import_module("pref_voting.iterative_methods")
    margins = import_module("pref_voting.margin_based_methods")
    profiles = import_module("pref_voting.profiles")
    tied_profiles = import_module("pref_voting.profiles_with_ties")
    scoring = import_module("pref_voting.scoring_methods")
