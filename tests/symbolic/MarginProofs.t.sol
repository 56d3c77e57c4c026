// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {MarginMath} from "contracts/risk/MarginMath.sol";
import {ClaimWord, ClaimWordLib} from "contracts/types/ClaimWord.sol";
import {WAD} from "contracts/types/Constants.sol";
import {InstrumentId, KIND_CALL, KIND_PUT} from "contracts/types/InstrumentId.sol";
import {LossRecord, LossRecordLib} from "contracts/types/LossRecord.sol";
import {MarketWord, MarketWordLib} from "contracts/types/MarketWord.sol";
import {OptionParams, OptionParamsWord, OptionParamsWordLib} from "contracts/types/OptionParamsWord.sol";
import {PositionWord, PositionWordLib} from "contracts/types/PositionWord.sol";
import {PriceEdges, PriceEdgesLib} from "contracts/types/PriceEdges.sol";
import {PriceMid, PriceMidLib} from "contracts/types/PriceMid.sol";
import {Slice, SliceWord, SliceWordLib} from "contracts/types/SliceWord.sol";
import {SpotWord, SpotWordLib} from "contracts/types/SpotWord.sol";
import {UnpaidWord, UnpaidWordLib} from "contracts/types/UnpaidWord.sol";

/// @notice Lemmas that hold for every input, proved by Halmos (`make prove`): an assertion that any input breaks fails
/// with that input. What does not close in a minute, products of unknowns, is left to fuzzing: see docs/testing.md.
contract MarginProofs {
    using InstrumentId for uint64;

    /* WORDS: what is packed is read again */

    /// @dev Entries of up to 27 bits are kept as they are; how larger ones are rounded is fuzzed beside the model.
    function check_position(int96 size, int96 basis, uint24 entry, uint24 epoch, uint8 claims) public pure {
        PositionWord word = PositionWordLib.encode(size, basis, entry, epoch, claims % 4);
        assert(word.size() == size && word.basis() == basis && word.lossEpoch() == epoch);
        assert(word.entry() == entry && word.claims() == claims % 4);
    }

    function check_claim(int128 amount, uint96 units) public pure {
        ClaimWord word = ClaimWordLib.encode(amount, units);
        assert(word.amount() == amount && word.units() == units);
        assert(word.isNone() == (amount == 0 && units == 0));
    }

    function check_unpaid(int120 longs, int120 shorts) public pure {
        UnpaidWord word = UnpaidWordLib.encode(longs, shorts);
        assert(word.ofLongs() == longs && word.ofShorts() == shorts);
        assert(int256(word.claims()) - int256(word.debts()) == word.net());
    }

    function check_record(uint120 perUnit, uint24 price, int96 carry, bool longsPay) public pure {
        LossRecord word = LossRecordLib.encode(perUnit, price, carry, longsPay);
        assert(word.perUnit() == perUnit && word.price() == price);
        assert(word.carry() == carry && word.longsPay() == longsPay);
    }

    function check_market(int88 index, uint96 interest, uint32 updatedAt, int24 rate, uint8 utilisation, uint8 flags)
        public
        pure
    {
        MarketWord word = MarketWordLib.encode(index, interest, updatedAt, rate, utilisation, flags);
        assert(word.fundingIndex() == index && word.openInterest() == interest);
        assert(word.updatedAt() == updatedAt && word.fundingRate() == rate);
        assert(word.utilisation() == utilisation && word.flags() == flags);
    }

    function check_prices(uint128 low, uint128 high, uint128 mid, uint8 status) public pure {
        PriceEdges edges = PriceEdgesLib.encode(low, high);
        assert(edges.low() == low && edges.high() == high);
        PriceMid word = PriceMidLib.encode(mid, status);
        assert(word.mid() == mid && word.statusCode() == status);
    }

    function check_spot(uint128 amount, uint8 decimals, uint8 feed, uint8 underlying, uint8 asset) public pure {
        SpotWord word = SpotWordLib.encode(amount, decimals, feed, underlying, asset);
        assert(word.amount() == amount && word.decimals() == decimals);
        assert(word.feed() == feed && word.underlying() == underlying);
        assert(word.assetIndex() == asset);
    }

    function check_slice(int32 a, uint32 b, int24 rho, int32 m, uint32 sigma, int24 carry, uint32 time) public pure {
        SliceWord word = SliceWordLib.encode(Slice(a, b, rho, m, sigma, carry), time);
        Slice memory s;
        word.decode(s);
        assert(s.a == a && s.b == b && s.rho == rho && s.m == m && s.sigma == sigma && s.carry == carry);
        assert(word.postedAt() == time);
    }

    function check_optionParams(uint24[8] calldata f, uint32 until, uint256 before) public pure {
        OptionParams memory p = OptionParams(f[0], f[1], f[2], f[3], f[4], f[5], f[6], f[7]);
        OptionParamsWord word = OptionParamsWordLib.encode(p, OptionParamsWord.wrap(before));
        assert(word.uncertainUntil() == before >> 192);
        word = word.withUncertainUntil(until);
        assert(word.uncertainUntil() == until);
        assert(word.isConfigured() == (f[2] != 0));
        OptionParams memory q = word.decode();
        assert(q.volShockMaintenance == f[0] && q.volShockInitial == f[1] && q.defaultVolatility == f[2]);
        assert(q.maxAge == f[3] && q.expiryAge == f[4]);
        assert(q.minInterval == f[5] && q.maxStep == f[6] && q.maxCarry == f[7]);
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
}
