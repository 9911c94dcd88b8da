from fractions import Fraction

from maillage.methods.errors import Unreadable
from maillage.methods.sentences import Number, Sentence, sentence, sentences, written


def test_numbers_are_written_as_the_language_does():
    assert written(1234567, "fr") == "1\N{NO-BREAK SPACE}234\N{NO-BREAK SPACE}567"
    assert written(Fraction(1, 3), "fr") == "0,33"
    assert written(12345.5, "en") == "12,345.5"
    assert written(Number(Fraction(1, 8), digits=1, percent=True), "fr") == "12,5\N{NO-BREAK SPACE}%"
    assert written(Number(Fraction(45000), exact=True), "fr") == "45\N{NO-BREAK SPACE}000,00"


def test_a_sentence_takes_its_values_and_agrees_with_its_number():
    line = sentence("%(name)s costs %(cost)s.", name="Jardin", cost=45000)
    assert line.said("en") == "Jardin costs 45,000."
    several = sentences("%(count)s voter", "%(count)s voters", 2)
    assert several.said("en") == "2 voters"
    assert Sentence("%(line)s", {"line": line}).said("en") == "Jardin costs 45,000."


def test_an_unreadable_file_tells_its_line_in_french():
    error = Unreadable(sentence("The file is empty."), line=3)
    assert str(error) == "Line 3: The file is empty."
    assert error.said("fr").startswith("Ligne 3")
