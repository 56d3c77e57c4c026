// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {OptionParams, Slice} from "contracts/interfaces/IOptionOracle.sol";
import {MarginMath} from "contracts/libraries/MarginMath.sol";
import {WAD} from "contracts/types/Constants.sol";
import {InstrumentId, KIND_CALL, KIND_PUT} from "contracts/types/InstrumentId.sol";
import {OptionParamsWord} from "contracts/types/OptionParamsWord.sol";
import {Packed} from "contracts/types/Packed.sol";
import {SliceWord} from "contracts/types/SliceWord.sol";
import {SpotWord} from "contracts/types/SpotWord.sol";

/// @notice Lemmas that hold for every input, proved by Halmos (`make prove`): an assertion that any input breaks fails
/// with that input. What does not close in a minute, products of unknowns, is left to fuzzing: see docs/testing.md.
contract MarginProofs {
    using InstrumentId for uint64;

    /* WORDS: what is packed is read again */

    function check_position(int112 size, int128 basis, uint16 epoch) public pure {
        uint256 word = Packed.position(size, basis, epoch);
        assert(Packed.sizeOf(word) == size && Packed.basisOf(word) == basis && Packed.lossEpochOf(word) == epoch);
    }

    function check_market(int88 index, uint96 interest, uint32 updatedAt, int24 rate, uint8 utilisation, uint8 flags)
        public
        pure
    {
        uint256 word = Packed.market(index, interest, updatedAt, rate, utilisation, flags);
        assert(Packed.fundingIndexOf(word) == index && Packed.openInterestOf(word) == interest);
        assert(Packed.updatedAtOf(word) == updatedAt && Packed.fundingRateOf(word) == rate);
        assert(Packed.utilisationOf(word) == utilisation && Packed.flagsOf(word) == flags);
    }

    function check_prices(uint128 low, uint128 high, uint128 mid, uint8 status) public pure {
        uint256 edges = Packed.edges(low, high);
        assert(Packed.lowOf(edges) == low && Packed.highOf(edges) == high);
        uint256 word = Packed.mid(mid, status);
        assert(Packed.midOf(word) == mid && Packed.statusOf(word) == status);
    }

    function check_spot(uint128 amount, uint8 decimals, uint8 feed, uint8 underlying, uint8 asset) public pure {
        uint256 word = SpotWord.encode(amount, decimals, feed, underlying, asset);
        assert(SpotWord.amountOf(word) == amount && SpotWord.decimalsOf(word) == decimals);
        assert(SpotWord.feedOf(word) == feed && SpotWord.underlyingOf(word) == underlying);
        assert(SpotWord.assetIndexOf(word) == asset);
    }

    function check_slice(int32 a, uint32 b, int24 rho, int32 m, uint32 sigma, int24 carry, uint32 time) public pure {
        uint256 word = SliceWord.encode(Slice(a, b, rho, m, sigma, carry), time);
        Slice memory s;
        SliceWord.decode(word, s);
        assert(s.a == a && s.b == b && s.rho == rho && s.m == m && s.sigma == sigma && s.carry == carry);
        assert(SliceWord.timeOf(word) == time);
    }

    function check_optionParams(uint24[9] calldata f, uint32 until, uint256 before) public pure {
        OptionParams memory p = OptionParams(f[0], f[1], f[2], f[3], f[4], f[5], f[6], f[7], f[8]);
        uint256 word = OptionParamsWord.encode(p, before);
        assert(OptionParamsWord.uncertainUntilOf(word) == before >> 216);
        word = OptionParamsWord.withUncertainUntil(word, until);
        assert(OptionParamsWord.uncertainUntilOf(word) == until);
        assert(OptionParamsWord.isConfigured(word) == (f[3] != 0));
        OptionParams memory q = OptionParamsWord.decode(word);
        assert(q.volShockMaintenance == f[0] && q.volShockInitial == f[1] && q.tailMultiple == f[2]);
        assert(q.defaultVolatility == f[3] && q.maxAge == f[4] && q.expiryAge == f[5]);
        assert(q.minInterval == f[6] && q.maxStep == f[7] && q.maxCarry == f[8]);
    }

    /* INSTRUMENTS */

    /// @dev A call less a put of the same strike pays the average less the strike, and neither costs its holder.
    function check_payoffParity(uint64 terms, uint96 average) public pure {
        terms &= 2 ** 60 - 1;
        uint64 call = uint64(KIND_CALL << 60 | terms);
        uint64 put = uint64(KIND_PUT << 60 | terms);
        uint256 strike = call.strikeOf();
        uint256 gain = call.payoffOf(average);
        assert(gain == 0 || put.payoffOf(average) == 0);
        assert(int256(gain) - int256(put.payoffOf(average)) == int256(uint256(average)) - int256(strike));
        assert(gain <= average && put.payoffOf(average) <= strike);
    }

    /* POSITIONS */

    /// @dev A fill is worth nothing or less to either side at its own price, whatever size times price is: its basis is
    /// minus the rounded negative of the rounded value, and what rounding takes stays in the market.
    function check_fillGivesNothing(int256 product) public pure {
        if (product >= 2 ** 240 || product <= -2 ** 240) return;
        int256 basis = -MarginMath.signedDivDown(-product, int256(WAD));
        assert(MarginMath.signedDivDown(product, int256(WAD)) - basis <= 0);
    }

    /// @dev A share of a market's loss takes no more than the profit, whatever that is.
    function check_shareTakesAtMostProfit(int128 basis, uint120 share, uint96 price) public pure {
        int256 whole = MarginMath.legValue(0, basis, 0, 0, price);
        int256 left = MarginMath.legValue(0, basis, 0, share, price);
        assert(left <= whole && (whole <= 0 ? left == whole : left >= 0));
    }
}
