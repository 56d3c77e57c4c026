import pytest
from click.testing import CliRunner

from crossmargin.simulation.__main__ import main

PNG = b"\x89PNG"


def run(*arguments):
    """Run the command."""
    return CliRunner().invoke(main, ["liquidations", *map(str, arguments)])


@pytest.fixture(scope="module")
def quick(tmp_path_factory):
    """Give a quick run, and its folder."""
    out = tmp_path_factory.mktemp("out") / "deep"
    return run("--quick", "--out", out), out


def test_quick_leaves_table_and_picture(quick):
    """Both are there, and the terminal showed the table."""
    result, out = quick
    assert result.exit_code == 0, result.output
    assert "Goals of the venue's rule" in result.output
    written = (out / "liquidations.md").read_text()
    assert "## Perpetuals: rules" in written
    assert "| venue |" in written
    assert (out / "liquidations.png").read_bytes().startswith(PNG)


def test_other_terms_are_played_beside_the_venues(tmp_path):
    """With goals and a picture, as rules of others are."""
    path = tmp_path / "SOL.csv"
    path.write_text("time,price\n0,200\n1800,120\n3600,140\n")
    result = run("--tried", "--paths", path, "--accounts", 2, "--out", tmp_path / "out")
    assert result.exit_code == 0, result.output
    assert all(name in result.output for name in ("start 3 %", "target 100 %", "with gross", "at cost"))
    assert "as Aave" not in result.output
    assert (tmp_path / "out" / "liquidations.png").read_bytes().startswith(PNG)


def test_quick_says_the_same_for_the_same_seed(quick, tmp_path):
    """Tables are equal to the letter."""
    run("--quick", "--out", tmp_path)
    assert (tmp_path / "liquidations.md").read_text() == (quick[1] / "liquidations.md").read_text()


def test_help_names_every_option():
    """A stranger reads what there is."""
    result = run("--help")
    assert result.exit_code == 0
    names = ("--data", "--paths", "--out", "--patience", "--seed", "--two-classes", "--tried", "--quick")
    assert all(name in result.output for name in names)


def test_a_file_of_ones_own_is_played(tmp_path):
    """A crash of an altcoin, from a file."""
    path = tmp_path / "SOL.csv"
    path.write_text("time,price\n0,200\n1800,120\n3600,140\n")
    result = run("--paths", path, "--accounts", 3, "--out", tmp_path / "out")
    assert result.exit_code == 0, result.output
    assert "SOL" in result.output


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("ETH.csv", "time,price\n0,2000\n", "1 rows of prices, at least 2 are needed"),
        ("ETH.csv", "time,price\n0,2000\n600,2000\n", "no account fell below maintenance"),
    ],
)
def test_what_cannot_be_played_is_said(tmp_path, name, text, said):
    """One line and status 1."""
    path = tmp_path / name
    path.write_text(text)
    result = run("--paths", path, "--accounts", 1, "--out", tmp_path / "out")
    assert result.exit_code == 1
    assert said in result.output


def test_a_folder_without_data_is_refused(tmp_path):
    """The folder is named."""
    result = run("--data", tmp_path, "--out", tmp_path / "out")
    assert result.exit_code == 1
    assert str(tmp_path) in result.output.replace("\n", "")


def test_an_out_that_is_a_file_is_refused(tmp_path):
    """Before anything is replayed."""
    path = tmp_path / "file"
    path.write_text("")
    assert run("--quick", "--out", path).exit_code == 2
