"""What a signer reads of a call's arguments."""

from eth_utils.crypto import keccak

from crossmargin.deployment.track import shown


def test_structs_are_written_by_field_and_bytes_in_hex() -> None:
    """However deep: no escapes, no quotes; of long bytes the number and the hash."""
    source = {"reader": "0x12", "maxAge": 10_800, "voteOnly": False, "data": bytes(31) + b"\x07"}
    text = shown({"primary": source, "others": [source["data"]], "blob": b"\x01" * 4_000})
    digest = keccak(b"\x01" * 4_000).hex()
    data = "0x" + "00" * 31 + "07"
    assert text == (
        f"{{primary={{reader=0x12, maxAge=10800, voteOnly=False, data={data}}}, others=[{data}], "
        f"blob=4,000 bytes, keccak-256 0x{digest}}}"
    )
