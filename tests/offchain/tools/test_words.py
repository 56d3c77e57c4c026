"""The lint of words finds what opens one by hand and assembly that says nothing of itself, and nothing else."""

import pytest

from tools.words import ROOT, TYPES, faults, findings

OPENS = "opens a word"
SILENT = "does not say what it equals"


def contract(*lines, documentation="/// @title A library."):
    """Write a library of the lines, the first of which is line 3."""
    return "\n".join([documentation, "library A {", *lines, "}", ""])


def function(*lines, documentation=""):
    """Write a library of one function, whose body begins at line 5."""
    return contract(documentation, "function f(uint256 x) internal {", *lines, "}")


def assembly(*lines, comment="// Equivalent to what it does."):
    """Write a library of one function with a block of assembly, whose body begins at line 7."""
    return function(comment, 'assembly ("memory-safe") {', *lines, "}")


@pytest.mark.parametrize(
    "line",
    [
        "y = x << 8;",
        "y = x >> 8;",
        "x <<= 8;",
        "x >>= 8;",
        "y = x & 0xff;",
        "y = x | 1;",
        "x |= 1;",
        "x &= 1;",
        "y = x ^ 1;",
        "y = ~x;",
    ],
)
def test_solidity_opens_words_by_shifts_and_bit_operators(line):
    """One finding for the line, however many operators it has."""
    assert faults(function(line)) == [(5, OPENS)]
    assert faults(function(f"{line} {line}")) == [(5, OPENS)]


@pytest.mark.parametrize(
    "line",
    [
        "y := shr(8, x)",
        "y := shl(8, x)",
        "y := shl(55, x)",
        "y := shl(n, x)",
        "y := shr(6, x)",
        "y := sar(5, x)",
        "y := and(x, 0xff)",
        "y := or(x, 1)",
        "y := xor(x, 1)",
        "y := not(x)",
        "y := byte(0, x)",
        "y := signextend(1, x)",
    ],
)
def test_assembly_opens_words_by_built_in_functions(line):
    """Those that shift, and those that take bits together or apart."""
    assert faults(assembly(line)) == [(7, OPENS)]


@pytest.mark.parametrize(
    "line",
    [
        "y = x > 1 && x < 5 || x >= 8;",
        "for (uint256 i; i <= x; ++i) y += i;",
        "// y = x << 8;",
        "/* y = x | 1; */",
        'revert("x & y");',
        "mapping(uint256 => bool) storage seen = _seen;",
    ],
)
def test_comparisons_comments_and_strings_open_nothing(line):
    """Nor do the two signs of a logical operator."""
    assert faults(function(line)) == []


@pytest.mark.parametrize("line", ["y := shl(5, x)", "y := shl(6, x)", "y := shr(5, x)", "y := floor(x)"])
def test_places_in_memory_are_no_words(line):
    """Shifts by 5 and 6 turn counts into bytes; names that end alike are others."""
    assert faults(assembly(line)) == []


def test_types_open_their_words():
    """In their folder, but assembly says what it equals there too."""
    assert faults(function("y = x >> 8;"), typed=True) == []
    assert faults(assembly("y := shr(8, x)"), typed=True) == []
    assert faults(assembly("y := shr(8, x)", comment=""), typed=True) == [(6, SILENT)]


@pytest.mark.parametrize("comment", ["// fixed point", "/// @dev A number of fixed\n/// point."])
def test_fixed_point_excuses_shifts_alone(comment):
    """In Solidity and in assembly, wherever the comment breaks; a mask needs another excuse."""
    line = 5 + comment.count("\n")
    assert faults(function("y = x >> 8;", documentation=comment)) == []
    assert faults(function("y = x >> 8 & 1;", documentation=comment)) == [(line, OPENS)]
    assert faults(assembly("y := sar(8, x)", comment=f"{comment}\n// Equivalent to `y = x >> 8`.")) == []


def test_the_documentation_of_a_contract_excuses_its_shifts():
    """Of this contract, constants included, and of no other."""
    lines = ("uint256 constant C = 20 << 96;", "function f() internal {", "y = x >> 8;", "y = x & 1;", "}")
    excused = contract(*lines, documentation="/// @dev `f` is pure. Shifts scale\n/// fixed-point numbers.")
    assert faults(excused) == [(7, OPENS)]
    assert faults(excused + contract(*lines)) == [(7, OPENS), (12, OPENS), (14, OPENS), (15, OPENS)]


def test_flags_excuse_logic_in_assembly():
    """But neither shifts nor bit operators of Solidity."""
    meant = "// Equivalent to `y = a && b`; both are flags"
    assert faults(assembly("y := and(a, or(b, not(xor(c, d))))", comment=meant)) == []
    assert faults(assembly("y := and(a, shr(8, b))", comment=meant)) == [(7, OPENS)]
    assert faults(function("// flags", "y = a & b;")) == [(6, OPENS)]


def test_a_hot_loop_excuses_everything_with_a_reason():
    """Without one it excuses nothing."""
    lines = ("y = x >> 8 & 1;", "// Equivalent to nothing.", "assembly {", "y := byte(0, x)", "}")
    assert faults(function("// hot loop: a call costs more than all of it", *lines)) == []
    assert faults(function("// hot loop:", *lines)) == [(6, OPENS), (9, OPENS)]


def test_an_excuse_holds_for_its_function_alone():
    """And for a constant where it stands behind it."""
    lines = (
        "uint256 constant A = 1 << 8; // fixed point",
        "uint256 constant B = 1 << 8;",
        "/// @dev fixed point",
        "function f() internal { y = x >> 8; }",
        "function g() internal { y = x >> 8; }",
    )
    assert faults(contract(*lines)) == [(4, OPENS), (7, OPENS)]


def test_assembly_says_before_it_what_it_equals():
    """In the function or its documentation; not in the block, and not in another function."""
    block = ("assembly {", "y := x // Equivalent to `y = x`.", "}")
    assert faults(function(*block)) == [(5, SILENT)]
    assert faults(function(*block, "// Equivalent to `y = x`.")) == [(5, SILENT)]
    assert faults(function("// Equivalent to `y = x`.", *block, *block)) == []
    assert faults(function(*block, documentation="/// @dev Equivalent\n/// to `y = x`.")) == []
    other = ("function g() internal {", *block, "}")
    assert faults(contract("/// @dev Equivalent to `y = x`.", "function f() internal {", "}", *other)) == [(7, SILENT)]


def test_findings_name_file_line_and_code(tmp_path):
    """Those of the folder of types are about assembly only."""
    files = {"contracts/A.sol": "y = x >> 8;", f"{TYPES}/B.sol": "y = x >> 8;", "contracts/risk/C.sol": "y = x | 1;"}
    for name, line in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(function(line))
    assert findings(tmp_path) == [
        "contracts/A.sol:5: opens a word: y = x >> 8;",
        "contracts/risk/C.sol:5: opens a word: y = x | 1;",
    ]


def test_every_contract_is_read():
    """The lint reads what is there: it would pass an empty folder."""
    assert any((ROOT / "contracts").rglob("*.sol"))
