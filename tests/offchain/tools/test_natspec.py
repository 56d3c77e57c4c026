"""tools/natspec.py names exactly what a source leaves undocumented."""

import pytest

from tools.natspec import findings

HEAD = "// SPDX-License-Identifier: MIT\npragma solidity 0.8.37;\n"
TITLE = "/// @title A thing.\n/// @notice It does things.\n"

COMPLETE = f"""{HEAD}{TITLE}interface IThing {{
    /// @notice Too much.
    /// @param amount What was asked for [wad].
    /// @param limit Most there is [wad].
    error TooMuch(uint256 amount, uint256 limit);

    /// Text without a tag is a notice.
    /// @param amount What moved
    /// and how [wad].
    event Moved(uint256 amount);

    /// @notice Moves.
    /// @dev Why.
    /// @param amount What to move [wad].
    /// @return What was moved [wad].
    function move(uint256 amount, address) external returns (uint256);

    /// @notice Tells.
    /// @return first One [wad].
    /// @return second Two [wad].
    function tell() external view returns (uint256 first, uint256 second);
}}

contract Thing is IThing {{
    /// @notice A number.
    uint256 public constant NUMBER = 1;
    uint256 private _hidden;

    constructor(uint256 hidden) {{
        _hidden = hidden;
    }}

    /// @inheritdoc IThing
    function move(uint256 amount, address) external returns (uint256) {{
        return _hidden += amount;
    }}

    /// @inheritdoc IThing
    function tell() external view returns (uint256 first, uint256 second) {{
        return (_own(), NUMBER);
    }}

    function _own() private view returns (uint256) {{
        return _hidden;
    }}
}}
"""

TWICE = "    /// @notice Twice.\n    /// @param a What.\n"
FIVE = (
    "    /// @notice Five.\n"
    + "".join(f"    /// @param {name} A number.\n" for name in "abcde")
    + "    event Five(int a, int b, int c, int d, int e);\n"
)

LACKING = {
    "interface I {\n}": ["3: I: no @title", "3: I: no @notice"],
    f"{TITLE}interface I {{\n    error E(uint256 amount);\n}}": ["6: E: no @notice", "6: E: no @param amount"],
    f"{TITLE}interface I {{\n    /// @notice\n    /// @param amount\n    event E(uint256 amount);\n}}": [
        "8: E: no @notice",
        "8: E: no @param amount",
    ],
    f"{TITLE}interface I {{\n    /// @dev Why.\n    function f() external;\n}}": ["7: f: no @notice"],
    f"{TITLE}interface I {{\n    /// @notice Tells.\n    function f() external returns (uint256, bool);\n}}": [
        "7: f: no @return value",
        "7: f: no @return value",
    ],
    f"{TITLE}interface I {{\n    /// @notice Is.\n    /// @return a\n    function f() external returns (int a);\n}}": [
        "8: f: no @return a"
    ],
    "contract C {\n    uint256 public number;\n}": ["4: number: no @notice"],
    "contract C {\n    function f(uint256) external {}\n}": ["4: f: no @notice"],
    "library L {\n    error F();\n    function f() internal {}\n}": ["4: F: no @notice"],
    "error G(bool);": ["3: G: no @notice"],
    f"interface A {{\n{TWICE}    error Twice(bool a);\n}}\nlibrary B {{\n{TWICE}    error Twice(uint8 a);\n}}": [
        "3: A: no @title",
        "3: A: no @notice",
        "11: Twice: has other arguments elsewhere",
    ],
    f"contract C {{\n{FIVE}    function _f() private {{\n        emit Five(1, 2, 3, 4, 5);\n    }}\n}}": [
        "12: emitted with 5 arguments without names"
    ],
    f"contract D {{\n{FIVE}    function _f() private {{ emit Five({{a: 1, b: 2, c: 3, d: 4, e: 5}}); }}\n}}": [],
}


@pytest.fixture(scope="module")
def found():
    """Look at all sources at once, for the compiler takes long to start."""
    sources = {f"{number}.sol": HEAD + text for number, text in enumerate(LACKING)}
    return findings({"complete.sol": COMPLETE, **sources})


def test_complete_source_has_no_finding(found):
    """Tags, untagged text and `@inheritdoc` count, and what nobody sees needs none."""
    assert [each for each in found if each.startswith("complete.sol")] == []


@pytest.mark.parametrize(("number", "expected"), enumerate(LACKING.values()))
def test_each_gap_is_one_finding(found, number, expected):
    """Each finding names the line, the declaration and the tag."""
    start = f"{number}.sol:"
    assert [each.removeprefix(start) for each in found if each.startswith(start)] == expected
