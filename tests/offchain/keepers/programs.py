"""Programs beside the keeper, whole ones and such as hang, die, flood or lie."""

import sys

HEAD = "import json, sys, time, os\n"
EACH = HEAD + "for line in sys.stdin:\n    one = json.loads(line)\n"
SAY = "    print(json.dumps({}), flush=True)\n"
HANGS = HEAD + "time.sleep(600)\n"
DIES = "raise SystemExit(3)\n"
DIES_LATER = HEAD + "sys.stdin.readline()\nraise SystemExit(3)\n"
GARBAGE = (
    EACH
    + "    print('no\\njson [1] {', flush=True)\n    sys.stdout.buffer.write(b'\\xff\\xfe\\n')\n"
    + SAY.format('{"id": one["id"], "bid": "perhaps", "limit": "NaN"}')
)
DEAF = HEAD + "os.close(0)\ntime.sleep(600)\n"
FLOODS = HEAD + "while True: print('{}')\n"
ENDLESS_LINE = HEAD + "while True: sys.stdout.write('x' * 65536)\n"
BARREN = (HANGS, DIES, DIES_LATER, GARBAGE, DEAF, FLOODS, ENDLESS_LINE)
NAMES = ("hangs", "dies", "dies later", "garbage", "deaf", "floods", "endless line")


def program(code: str) -> list[str]:
    """Give the command of a program in Python, quick to start."""
    return [sys.executable, "-S", "-E", "-c", code]
