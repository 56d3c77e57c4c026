// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @dev Kinds of instruments; the number is part of the instrument id.
uint256 constant KIND_PERPETUAL = 1;
uint256 constant KIND_FUTURE = 2;
uint256 constant KIND_CALL = 3;
uint256 constant KIND_PUT = 4;

/// @notice Instrument ids describe themselves, so that no storage is read to know what a leg is.
/// @dev uint64: bits 60-63 kind, 48-59 underlying, 24-47 expiry
/// [hours since 1970], 0-23 strike code (0 for linear instruments).
/// Strike code: mantissa in bits 0-19, exponent in bits 20-23; strike = mantissa * 10^(8 + exponent) [wad USD].
library InstrumentId {
    uint256 private constant MANTISSA_BITS = 20;
    uint256 private constant MAX_EXPONENT = 15;
    /// @dev The smallest strike is 1e-10 USD.
    uint256 private constant STRIKE_UNIT = 1e8;

    /// @notice A part of the instrument does not fit its id.
    /// @param value What was given, in the part's unit; of the expiry in hours, or the seconds beyond a whole hour.
    /// @param limit The bound it passes, in the same unit.
    error InstrumentOutOfRange(uint256 value, uint256 limit);

    /// @notice The strike is 0, too large, or has more digits than a strike code holds.
    /// @param strike What was given [wad USD].
    error StrikeNotEncodable(uint256 strike);

    /// @notice Id of an instrument.
    /// @param kind KIND_*.
    /// @param expiry Unix time, a whole hour; 0 for a perpetual, above 0 for others [s].
    /// @param strike 0 for perpetuals and futures; of an option with digits that a code holds [wad USD].
    function encode(uint256 kind, uint256 underlying, uint256 expiry, uint256 strike) internal pure returns (uint64) {
        _requireBetween(kind, KIND_PERPETUAL, KIND_PUT);
        _requireBetween(underlying, 1, 0xfff);
        _requireBetween(expiry % 1 hours, 0, 0);
        uint256 hour = expiry / 1 hours;
        if (kind == KIND_PERPETUAL) _requireBetween(hour, 0, 0);
        else _requireBetween(hour, 1, 0xffffff);
        uint256 code;
        if (kind >= KIND_CALL) code = strikeCode(strike);
        else _requireBetween(strike, 0, 0);
        // safe because kind < 2^4, underlying < 2^12, hours < 2^24 and a strike code < 2^24 leave 64 bits
        return uint64(kind << 60 | underlying << 48 | hour << 24 | code);
    }

    /// @notice The only code of a strike: the least exponent but for trailing zeros of the mantissa.
    function strikeCode(uint256 strike) internal pure returns (uint256) {
        if (strike == 0 || strike > type(uint96).max || strike % STRIKE_UNIT != 0) revert StrikeNotEncodable(strike);
        uint256 mantissa = strike / STRIKE_UNIT;
        uint256 exponent;
        while (exponent < MAX_EXPONENT && mantissa % 10 == 0) (mantissa, exponent) = (mantissa / 10, exponent + 1);
        if (mantissa >> MANTISSA_BITS != 0) revert StrikeNotEncodable(strike);
        return exponent << MANTISSA_BITS | mantissa;
    }

    /// @notice Kind of the instrument (KIND_*); 0 for no instrument.
    function kindOf(uint64 id) internal pure returns (uint256) {
        return id >> 60;
    }

    /// @notice Whether the instrument is a call.
    function isCall(uint64 id) internal pure returns (bool) {
        return id >> 60 == KIND_CALL;
    }

    /// @notice Whether the instrument is a call or a put.
    function isOption(uint64 id) internal pure returns (bool) {
        return id >> 60 >= KIND_CALL;
    }

    /// @notice The options among instruments, in their memory.
    function optionsOf(uint64[] memory ids) internal pure returns (uint64[] memory) {
        // Equivalent to `if (isOption(ids[i])) ids[count++] = ids[i];` for every `i`, then `ids.length = count`.
        assembly ("memory-safe") {
            let first := add(ids, 0x20)
            let next := first
            // safe because the list only becomes shorter
            for { let end := add(first, shl(5, mload(ids))) } lt(first, end) { first := add(first, 0x20) } {
                let id := mload(first)
                mstore(next, id)
                // kept unless the next one is put over it
                next := add(next, mul(0x20, gt(shr(60, id), KIND_FUTURE)))
            }
            mstore(ids, shr(5, sub(sub(next, ids), 0x20)))
        }
        return ids;
    }

    /// @notice Underlying of the instrument: the feed of its index price.
    function underlyingOf(uint64 id) internal pure returns (uint256) {
        return (id >> 48) & 0xfff;
    }

    /// @notice Underlying of a listed instrument, which is at most 255.
    function listedUnderlyingOf(uint64 id) internal pure returns (uint256) {
        return (id >> 48) & 0xff;
    }

    /// @notice Hours since 1970 at the expiry of the instrument; 0 for a perpetual.
    function hourOf(uint64 id) internal pure returns (uint256) {
        return (id >> 24) & 0xffffff;
    }

    /// @notice Expiry of the instrument [s]; 0 for a perpetual.
    function expiryOf(uint64 id) internal pure returns (uint256) {
        // safe because the hour fits 24 bits
        unchecked {
            return hourOf(id) * 1 hours;
        }
    }

    /// @notice What all instruments of the same underlying and expiry share.
    function expiryKeyOf(uint64 id) internal pure returns (uint256) {
        return (id >> 24) & (2 ** 36 - 1);
    }

    /// @notice Whether the instrument expires, and has at a time [s].
    function isExpired(uint64 id, uint256 time) internal pure returns (bool) {
        // safe because the hour of a perpetual, 0, becomes one that never comes
        unchecked {
            return hourOf(id) - 1 < time / 1 hours;
        }
    }

    /// @notice Strike of an option [wad USD].
    function strikeOf(uint64 id) internal pure returns (uint256) {
        return uint256(id & 0xfffff) * 10 ** (8 + uint256((id >> MANTISSA_BITS) & 0xf));
    }

    /// @notice What an option pays at a price of its underlying [wad USD].
    function payoffOf(uint64 id, uint256 price) internal pure returns (uint256) {
        uint256 strike = strikeOf(id);
        (uint256 gain, uint256 from) = kindOf(id) == KIND_PUT ? (strike, price) : (price, strike);
        return gain > from ? gain - from : 0;
    }

    function _requireBetween(uint256 value, uint256 least, uint256 most) private pure {
        if (value < least) revert InstrumentOutOfRange(value, least);
        if (value > most) revert InstrumentOutOfRange(value, most);
    }
}
