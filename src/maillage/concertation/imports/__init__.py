"""Bringing in a list of members: spaces, actors and seats, from the spreadsheet a territory already has.

``columns`` and ``lines`` read the file, ``plan`` says what would change, ``write`` changes it in one
transaction, ``undo`` takes it back; ``services`` is what views, jobs and the command line call.
"""
