"""The lint of imports finds what runs up or in a circle, and nothing else."""

import pytest

from tools.layers import findings


@pytest.fixture
def tree(tmp_path):
    """Write a tree of files; return what is found in it."""

    def write(files):
        for name, text in files.items():
            path = tmp_path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        return findings(tmp_path)

    return write


def test_imports_downward_are_fine(tree):
    """In Python and Solidity, from the own room, from below, from other projects, along an arrow."""
    files = {
        "crossmargin/__init__.py": "",
        "crossmargin/errors.py": "import json\n",
        "crossmargin/model/units.py": "from crossmargin.errors import ModelError\n",
        "crossmargin/client/__init__.py": "",
        "crossmargin/client/views.py": "from crossmargin.model.units import Wad\n",
        "crossmargin/client/venue.py": "from web3 import Web3\nfrom crossmargin.client import views\n",
        "keepers/bot.py": "from crossmargin.model import units\n",
        "scripts/deploy.py": "import crossmargin.client.venue\n",
        "contracts/Vault.sol": 'import {Gated} from "./Gated.sol";\nimport {A} from "contracts/auction/A.sol";\n',
        "contracts/Gated.sol": 'import {Id} from "./types/Id.sol";\n',
        "contracts/auction/A.sol": 'import {\n    R\n} from "../risk/R.sol";\nimport {S} from "solady/S.sol";\n',
        "contracts/risk/R.sol": '// import {A} from "../auction/A.sol";\n',
        "contracts/types/Id.sol": "type Id is uint256;\n",
    }
    assert tree(files) == []


@pytest.mark.parametrize(
    ("source", "line", "who", "target"),
    [
        ("crossmargin/model/a.py", "import crossmargin.chain.logs", "crossmargin.model", "crossmargin.chain.logs"),
        (
            "crossmargin/client/a.py",
            "from crossmargin.deployment import x",
            "crossmargin.client",
            "crossmargin.deployment",
        ),
        (
            "crossmargin/deployment/a.py",
            "from crossmargin.client import x",
            "crossmargin.deployment",
            "crossmargin.client",
        ),
        ("crossmargin/chain/a.py", "from keepers.log import x", "crossmargin.chain", "keepers.log"),
        ("crossmargin/simulation/a.py", "from tests.helpers import x", "crossmargin.simulation", "tests.helpers"),
        ("crossmargin/__init__.py", "from crossmargin.errors import x", "crossmargin", "crossmargin.errors"),
        ("keepers/a.py", "from crossmargin.client.venue import x", "keepers", "crossmargin.client.venue"),
        ("contracts/types/A.sol", 'import "../interfaces/I.sol";', "contracts/types", "interfaces/I.sol"),
        ("contracts/interfaces/I.sol", 'import {A} from "../risk/A.sol";', "contracts/interfaces", "risk/A.sol"),
        ("contracts/risk/A.sol", 'import {V} from "../Vault.sol";', "contracts/risk", "Vault.sol"),
        ("contracts/risk/A.sol", 'import {V} from "../vault/V.sol";', "contracts/risk", "vault/V.sol"),
        ("contracts/Vault.sol", 'import {T} from "../tests/T.sol";', "contracts/", "../tests/T.sol"),
    ],
)
def test_an_import_upward_or_sideways_is_found(tree, source, line, who, target):
    """With its file and its line."""
    assert tree({source: f"\n{line}\n"}) == [f"{source}:2: {who} may not import {target}"]


def test_imports_for_type_checkers_and_inside_functions_count(tree):
    """Both tie modules together."""
    text = "if TYPE_CHECKING:\n    from crossmargin.chain import x\ndef f():\n    from crossmargin.client import y\n"
    assert tree({"crossmargin/model/a.py": text}) == [
        "crossmargin/model/a.py:2: crossmargin.model may not import crossmargin.chain",
        "crossmargin/model/a.py:4: crossmargin.model may not import crossmargin.client",
    ]


def test_a_circle_of_modules_is_found(tree):
    """Through a package's own module too."""
    files = {
        "keepers/store/__init__.py": "from keepers.store.rows import Row\n",
        "keepers/store/rows.py": "from keepers import log\n",
        "keepers/log.py": "from keepers.store import Row\n",
    }
    assert tree(files) == ["circle of modules: keepers.log -> keepers.store -> keepers.store.rows -> keepers.log"]


def test_every_circle_is_found(tree):
    """Two that share nothing."""
    names = {"a": "b", "b": "a", "c": "d", "d": "c"}
    files = {f"keepers/{name}.py": f"import keepers.{other}\n" for name, other in names.items()}
    assert sorted(tree(files)) == [
        "circle of modules: keepers.a -> keepers.b -> keepers.a",
        "circle of modules: keepers.c -> keepers.d -> keepers.c",
    ]


def test_circles_of_files_and_folders_are_found(tree):
    """Two folders of libraries; two contracts; neither is allowed by the arrows."""
    files = {
        "contracts/A.sol": 'import {B} from "./B.sol";\n',
        "contracts/B.sol": 'import {A} from "./A.sol";\n',
        "contracts/auction/Q.sol": 'import {P} from "../risk/P.sol";\n',
        "contracts/auction/R.sol": "",
        "contracts/risk/P.sol": 'import {R} from "../auction/R.sol";\n',
    }
    assert tree(files) == [
        "contracts/risk/P.sol:1: contracts/risk may not import auction/R.sol",
        "circle of files: A.sol -> B.sol -> A.sol",
        "circle of folders: auction -> risk -> auction",
    ]


def test_what_no_layer_holds_is_found(tree):
    """A new room or folder is placed by whoever makes it."""
    files = {"crossmargin/news/a.py": "", "contracts/attic/A.sol": ""}
    assert tree(files) == ["crossmargin.news: in no layer", "contracts/attic: in no layer"]
