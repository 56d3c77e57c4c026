"""A pricing model for the keeper: waits for a twentieth of the requirement above costs; see docs/keeper-guide.md."""

import json
import sys
from decimal import Decimal

EDGE = {"perpetual": Decimal("0.002"), "future": Decimal("0.003"), "call": Decimal("0.01"), "put": Decimal("0.01")}

for line in sys.stdin:
    one = json.loads(line)
    costs = Decimal(one["requirement"]) / 20
    for leg in one["legs"]:
        kind = leg["name"].split()[0]
        costs += abs(Decimal(leg["size"])) * Decimal(leg["index"] or 0) * EDGE[kind]
    for spot in one["spot"]:
        costs += Decimal(spot["value"]) * Decimal("0.003")
    worth = Decimal(one["value"]) - costs
    bid = Decimal(one["price"]) <= worth
    print(json.dumps({"id": one["id"], "bid": bid, "limit": f"{worth:f}"}), flush=True)
