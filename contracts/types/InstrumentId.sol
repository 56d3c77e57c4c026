// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @dev Kinds of instruments; the number is part of the instrument id.
uint256 constant KIND_PERPETUAL = 1;
uint256 constant KIND_FUTURE = 2;

/// @notice Instrument ids describe themselves, so that no storage is read to know what a leg is.
/// @dev uint64: bits 60-63 kind, 48-59 underlying, 24-47 expiry
/// [hours since 1970], 0-23 strike code (0 for linear instruments).
library InstrumentId {
    /// @notice The instrument's parts do not fit its id.
    error InstrumentOutOfRange(uint256 value, uint256 limit);

    /// @notice Id of a perpetual on `underlying`.
    function perpetual(uint256 underlying) internal pure returns (uint64) {
        _requireAtMost(underlying, 0xfff);
        // safe because kind < 2^4 and underlying < 2^12 leave 64 bits
        return uint64(KIND_PERPETUAL << 60 | underlying << 48);
    }

    /// @notice Id of a dated future on `underlying`.
    /// @param expiry Unix time, a whole hour [s].
    function future(uint256 underlying, uint256 expiry) internal pure returns (uint64) {
        _requireAtMost(underlying, 0xfff);
        _requireAtMost(expiry % 1 hours, 0);
        _requireAtMost(expiry / 1 hours, 0xffffff);
        // safe because kind < 2^4, underlying < 2^12 and hours < 2^24 leave 64 bits
        return uint64(KIND_FUTURE << 60 | underlying << 48 | (expiry / 1 hours) << 24);
    }

    /// @notice Kind of the instrument (KIND_*); 0 for no instrument.
    function kindOf(uint64 id) internal pure returns (uint256) {
        return id >> 60;
    }

    /// @notice Underlying of the instrument: the feed of its index price.
    function underlyingOf(uint64 id) internal pure returns (uint256) {
        return (id >> 48) & 0xfff;
    }

    /// @notice Expiry of the instrument [s]; 0 for a perpetual.
    function expiryOf(uint64 id) internal pure returns (uint256) {
        return uint256((id >> 24) & 0xffffff) * 1 hours;
    }

    function _requireAtMost(uint256 value, uint256 limit) private pure {
        if (value > limit) revert InstrumentOutOfRange(value, limit);
    }
}
