// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IClearinghouse} from "../interfaces/IClearinghouse.sol";
import {PPM_TO_WAD, WAD} from "../types/Constants.sol";
import {GlobalsWord} from "../types/GlobalsWord.sol";
import {InstrumentId} from "../types/InstrumentId.sol";
import {MarketWord} from "../types/MarketWord.sol";
import {PositionWord} from "../types/PositionWord.sol";
import {Account, Bucket} from "./AccountMemory.sol";
import {Legs} from "./Legs.sol";
import {MarginMath} from "./MarginMath.sol";
import {RiskTable} from "./RiskTable.sol";
import {WordLists} from "./WordLists.sol";

/// @title What initial margin takes from unrealised profit, so that losses not yet collected back no withdrawal.
library ProfitDiscount {
    using WordLists for uint256[];

    /// @notice What a market with a profitable open leg is asked for, one entry a leg.
    struct Flows {
        int256[] longBases; // sums of the bases of all longs [wad USD]
        uint256[] pools; // losses collected and not yet paid out [wad USD]
        int256[] promises; // what backs the markets' values beside the pools [wad USD]
    }

    /// @dev What weights take from the profitable legs, up [wad USD]. The markets' flows are read only here.
    function total(Account memory a, IClearinghouse clearinghouse) internal view returns (uint256 discount) {
        Flows memory flows = _flows(a, clearinghouse);
        uint256 fullWeight = RiskTable.globalsOf(a.table).profitWeight() * PPM_TO_WAD;
        (uint256 cursor,) = Legs.rangeOf(a.legs);
        uint256 count;
        uint256 option;
        // safe because there are as many flows as profitable open legs, and weights are at most WAD
        unchecked {
            for (uint256 i; i < a.values.length; ++i) {
                int256 value = int256(a.values.at(i));
                uint256 mark;
                if (Legs.isOpenOption(cursor)) mark = a.marks.at(option++);
                if (value > 0) {
                    PositionWord position = Legs.positionAt(cursor);
                    uint256 weight = fullWeight;
                    if (position.size() != 0) weight = _weight(a, cursor, value, mark, flows, count++);
                    discount += MarginMath.mulUp(WAD - weight, uint256(value));
                }
                cursor += Legs.LEG_BYTES;
            }
        }
    }

    /// @dev Flows of the markets in which the account has a profitable open leg, in the order of the legs.
    function _flows(Account memory a, IClearinghouse clearinghouse) private view returns (Flows memory flows) {
        uint64[] memory ids = new uint64[](a.values.length);
        (uint256 cursor,) = Legs.rangeOf(a.legs);
        uint256 count;
        // safe because counts are those of legs
        unchecked {
            for (uint256 i; i < ids.length; ++i) {
                uint64 id = Legs.idAt(cursor);
                PositionWord position = Legs.positionAt(cursor);
                if (int256(a.values.at(i)) > 0 && position.size() != 0) ids[count++] = id;
                cursor += Legs.LEG_BYTES;
            }
        }
        // Equivalent to `ids.length = count`, were that allowed.
        assembly ("memory-safe") {
            mstore(ids, count)
        }
        if (count != 0) (flows.longBases, flows.pools, flows.promises) = clearinghouse.flowsMany(ids);
    }

    /// @dev Weight of a profitable open leg in initial margin, down [wad]: less where its market's profits outrun what
    /// losers have paid.
    /// @param mark Of the leg if it is an option; ignored for others [wad USD].
    /// @param place Of its market among the flows.
    function _weight(Account memory a, uint256 cursor, int256 value, uint256 mark, Flows memory flows, uint256 place)
        private
        view
        returns (uint256)
    {
        (uint64 id, PositionWord position, MarketWord market,) = Legs.at(cursor);
        GlobalsWord globals = RiskTable.globalsOf(a.table);
        Bucket memory bucket = a.first;
        uint256 offset = Legs.bucketOffset(a, InstrumentId.listedUnderlyingOf(id));
        // Equivalent to `bucket = buckets[i]`, where `i` is the place of the underlying.
        assembly ("memory-safe") {
            bucket := add(bucket, offset)
        }
        uint256 mid = bucket.price.mid();
        uint256 openInterest = market.openInterest();
        uint256 pool = flows.pools[place];
        // safe because flows are below 2^131, and so are the casts; a profitable leg's value is positive
        unchecked {
            int256 move = -market.fundingAt(mid, block.timestamp);
            if (InstrumentId.isOption(id)) mid = mark;
            move += int256(mid);
            int256 gain = position.size() > 0
                ? MarginMath.signedMulDown(int256(openInterest), move) - flows.longBases[place]
                : MarginMath.signedMulDown(-int256(openInterest), move) + int256(pool) + flows.promises[place]
                    + flows.longBases[place];
            if (value > gain) gain = value;
            uint256 covered = globals.profitCover() * PPM_TO_WAD;
            uint256 cover = pool + MarginMath.mulDown(covered, MarginMath.mulUp(openInterest, mid));
            return MarginMath.profitWeight(globals.profitWeight() * PPM_TO_WAD, cover, uint256(gain));
        }
    }
}
