import json

from crossmargin.client.orders import Order, hash_order
from crossmargin.model.units import WAD

ORDER = Order(
    account=(2**159 + 7) << 96 | 3,
    signer="0x15d34AAf54267DB7D7c367839AAf71A00a2C6A65",
    instrument=2**60 + 5,
    size=-3 * WAD,
    limit_price=2_000 * WAD,
    max_fee=10_000,
    expiry=1_800_000_000,
    nonce=2**64 + 1,
    epoch=4,
    reduce_only=True,
)


def test_an_order_is_the_same_after_json():
    """Signed numbers and those that are too large for a float too."""
    text = json.dumps(ORDER.to_json())
    assert Order.from_json(json.loads(text)) == ORDER


def test_json_has_the_fields_of_the_signed_message():
    """Numbers as text: other languages read them without loss."""
    message = ORDER.to_json()
    assert message["size"] == "-3000000000000000000"
    assert message["limitPrice"] == "2000000000000000000000"
    assert message["reduceOnly"] is True


def test_what_a_wallet_wrote_is_read():
    """With numbers as numbers."""
    message = ORDER.to_json() | {"size": -3 * WAD, "epoch": 4}
    read = Order.from_json(message)
    exchange = "0x0000000000000000000000000000000000000001"
    assert hash_order(read, 31337, exchange) == hash_order(ORDER, 31337, exchange)
