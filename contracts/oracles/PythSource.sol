// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IPyth} from "@pythnetwork/pyth-sdk-solidity/IPyth.sol";
import {PythStructs} from "@pythnetwork/pyth-sdk-solidity/PythStructs.sol";

import {IPriceSource} from "../interfaces/IPriceSource.sol";
import {PriceStatus} from "../types/PriceStatus.sol";

/// @title Prices in US dollars that Pyth's contract has verified and stored.
/// @notice The feed's parameter is Pyth's price id.
contract PythSource is IPriceSource {
    /// @notice The exponent is not one that a price has.
    /// @param exponent What Pyth said.
    /// @param limit The bound it passes.
    error ExponentOutOfRange(int256 exponent, int256 limit);

    /// @dev Exponents are -30 to 12; Pyth uses -12 to 0.
    int256 private constant MIN_EXPONENT = -30;
    int256 private constant MAX_EXPONENT = 12;

    /// @notice Pyth's contract.
    IPyth public immutable pyth;

    constructor(IPyth pyth_) {
        pyth = pyth_;
    }

    /// @inheritdoc IPriceSource
    function read(bytes32 data)
        public
        view
        returns (uint256 price, uint256 confidence, uint256 time, PriceStatus status)
    {
        PythStructs.Price memory p = pyth.getPriceUnsafe(data);
        if (p.price <= 0) revert NoPrice(p.price);
        if (p.expo < MIN_EXPONENT) revert ExponentOutOfRange(p.expo, MIN_EXPONENT);
        if (p.expo > MAX_EXPONENT) revert ExponentOutOfRange(p.expo, MAX_EXPONENT);

        // safe because the price is positive and 18 + expo is -12 to 30; 64 bits times 10^30 fit
        uint256 mantissa = uint256(uint64(p.price));
        int256 exponent = 18 + int256(p.expo);
        if (exponent < 0) {
            uint256 divisor = 10 ** uint256(-exponent);
            return (mantissa / divisor, (p.conf + divisor - 1) / divisor, p.publishTime, PriceStatus.Valid);
        }
        uint256 factor = 10 ** uint256(exponent);
        return (mantissa * factor, p.conf * factor, p.publishTime, PriceStatus.Valid);
    }

    /// @inheritdoc IPriceSource
    function voteOnly() external pure returns (bool) {
        return false;
    }

    /// @inheritdoc IPriceSource
    /// @dev Every reading carries its exponent, so that there are no decimals to declare; a reading must exist.
    function check(bytes32 data) external view {
        read(data);
    }
}
