"""Who works with whom: the reading of a network.

``reading`` puts everything together and ``words`` says it; each measure stands alone in its own file, and ``layout``
draws. Names are imported from their files (``from maillage.methods.network.reading import reading``): scipy, rustworkx
and graspologic-native are loaded only by what needs them.
"""
