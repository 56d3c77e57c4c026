"""The lint of prose finds what is too long, and takes neither code nor tables nor abbreviations for sentences."""

from itertools import repeat

import pytest

from tools.prose import (
    LINE_CHARACTERS,
    MEDIAN_WORDS,
    PLAIN,
    SENTENCE_WORDS,
    Paragraph,
    findings,
    long_lines,
    long_sentences,
    paragraphs,
    sentences,
    words,
)

PAGE = PLAIN[0]


def split(text):
    """Give the sentences of a text."""
    return [each.text for paragraph in paragraphs(text) for each in sentences(paragraph)]


def said(count):
    """Build a sentence of so many words."""
    return "Word " + " ".join(repeat("word", count - 1)) + "."


def broken(count):
    """Build a sentence of so many words, on several lines."""
    return said(count).replace("word word ", "word\nword ")


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("One. Two! Three? Four", 4),
        ("The mark (see above). `F` is the forward.", 2),
        ("It grows by 7.5 a unit, e.g. `a. B`, i.e. Little.", 1),
        ("That of J. Gatheral et al. Holds still.", 1),
        ("It is that of the index [s]. *Basis* is the cost.", 2),
        ("See [ADR 1. Two](adr/1.md). Then go on.", 3),
        ("A block that ends with etc.", 1),
        ("It is so: a. b", 1),
        ('He said "yes." Then he left.', 2),
    ],
)
def test_sentences_end_where_a_reader_ends_them(text, count):
    """Full stops within numbers, abbreviations and code end nothing."""
    assert len(split(text)) == count


def test_items_are_paragraphs():
    """An item ends the one before it, and its later lines belong to it."""
    text = "Either:\n\n- one thing\n  in two lines\n- another\n\n1. first\n2) second\n"
    assert split(text) == ["Either:", "one thing in two lines", "another", "first", "second"]


@pytest.mark.parametrize(
    "text",
    [
        "| a | b |\n|---|---|\n| long. Text | more |",
        "# A heading. Of two",
        "<!-- a part: written by a tool -->",
        "```sh\nmake it. Now\n```",
        "\n    F = S. T",
        "~~~\nA word.\n\nAnother.\n~~~",
    ],
)
def test_what_is_no_prose_has_no_sentences(text):
    """Tables, headings, comments, fenced and indented code."""
    assert split(text) == []


def test_indented_lines_of_a_paragraph_are_prose():
    """Only a blank line before it makes indented text code; in an item the indent counts from its text."""
    assert split("Prose\n    goes on.") == ["Prose goes on."]
    assert split("- item\n\n  goes on.\n\n      code = 1\n\n  And on.") == ["item", "goes on.", "And on."]


def test_words_have_a_letter_or_a_digit():
    """Code and links count by what is read; signs by themselves do not."""
    (sentence,) = sentences(Paragraph(1, "Take **two** of `a + b + c` - see [the page](docs/page.md#part)."))
    assert words(sentence.text) == 7


def test_long_sentences_are_found_on_their_line():
    """A sentence of the limit passes, the next longer one is named by the line where it begins."""
    text = f"{said(SENTENCE_WORDS)}\n\nShort.\n{broken(SENTENCE_WORDS + 1)}\n\nShort."
    (found,) = long_sentences(text)
    assert (found.line, found.message[:8]) == (4, f"{SENTENCE_WORDS + 1} words")


def test_half_of_the_sentences_are_short():
    """The middle one counts."""
    long, short = said(MEDIAN_WORDS + 1), said(MEDIAN_WORDS)
    assert list(long_sentences(f"{long} {short} {short}")) == []
    (found,) = long_sentences(f"{long} {long} {short}")
    assert found.line == 1


@pytest.mark.parametrize(
    "line",
    [
        "| " + "cell | " * 40,
        "    " + "x = y; " * 40,
        "- [a link that is long](" + "folder/" * 30 + "page.md).",
        "![picture](" + "x" * 200 + ")",
        "`" + "a + " * 40 + "b`",
        "https://example.org/" + "x" * 120,
    ],
)
def test_lines_that_cannot_be_broken_are_free(line):
    """Tables, code, and lines of one piece."""
    assert list(long_lines(f"Text.\n\n{line}\n")) == []


def test_long_lines_are_found():
    """A line of the limit passes, one more character does not; in a list too."""
    fits = "ab " * (LINE_CHARACTERS // 3) + "ab"
    assert len(fits) == LINE_CHARACTERS
    assert [each.line for each in long_lines(f"{fits}\n{fits}c\n- {fits}\n")] == [2, 3]


def test_sentences_count_on_plain_pages_only():
    """Elsewhere only lines do."""
    text = broken(SENTENCE_WORDS + 1) + "\n\nShort."
    assert findings("README.md", text) == []
    assert len(findings(PAGE, text)) == 1
