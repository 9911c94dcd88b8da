"""Tables published without telling about anyone: small counts withheld, and nothing that gives them back.

``tables`` says what a table of counts is, ``primary`` which cells are withheld for themselves, ``protect`` which others
must go with them, ``audit`` what an attacker can still derive, ``explain`` why, in words; ``reading`` and ``counting``
read files. What begins with ``_`` is the folder's own. Page: ``docs/methods/disclosure-control.md``.
"""
