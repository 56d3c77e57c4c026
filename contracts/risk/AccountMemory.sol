// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ArrayMeta} from "../types/ArrayMeta.sol";
import {ArrayNodes} from "../types/ArrayNodes.sol";
import {BitSet} from "../types/BitSet.sol";
import {MarginSetsWord} from "../types/MarginSetsWord.sol";
import {MultipliersWord} from "../types/MultipliersWord.sol";
import {PriceEdges} from "../types/PriceEdges.sol";
import {PriceMid} from "../types/PriceMid.sol";
import {TraitsWord} from "../types/TraitsWord.sol";

/// @dev Size of a bucket in memory.
uint256 constant BUCKET_BYTES = 576;

/// @dev In the doubts about a leg: something that it is valued by is in doubt.
uint256 constant DOUBTED = 0;
/// @dev The same: it will pay an average that is being made.
uint256 constant AVERAGED = 1;

/// @notice One underlying of an account. The first part is filled when the account is read, the second anew for each
/// set.
struct Bucket {
    PriceMid price; // index
    PriceEdges edges; // index
    MultipliersWord multipliers; // as the volatility source gave them
    MarginSetsWord sets; // parameters
    TraitsWord traits; // parameters
    uint256 spotMid; // spot at mid, down [wad USD]
    uint256 spotLow; // spot at the low edge, down [wad USD]
    uint256 tenor; // longest time to expiry of its legs [s]
    uint256 multiplier; // on shocks and impact, in the set in work [wad]
    uint256 collateralShock; // with the multiplier, up [wad]
    uint256 derivativeShock; // with the multiplier, up [wad]
    uint256 long; // long linear legs, up [wad USD]
    uint256 short; // short linear legs, up [wad USD]
    uint256 alone; // charges that nothing offsets: on legs in crowded markets, and expired futures, up [wad USD]
    uint256 gross; // expired futures, and options by the size of their delta, up [wad USD]
    uint256 expiries; // place of the first book of its options, as ExpiryBooks has them; 0 without options
    bool hasLong; // an option was bought
    uint256 scenarios; // place of what its scenarios make, once that is known
}

/// @notice An open option leg beside its array.
struct OptionLeg {
    uint256 units; // |size| [wad base]
    bool long;
    bool isPut;
    uint256 strike; // [wad USD]
    uint256 notional; // at mid, up [wad USD]
    uint256 mark; // [wad USD]
    uint256 age; // of its array [s]
    uint256 ref; // index at its refresh [wad USD]
    uint256 shift; // a lane counts ref / 2^shift
    ArrayMeta meta;
    ArrayNodes nodes;
}

/// @notice An account in memory.
struct Account {
    int256 cash; // [wad USD]
    uint256 spotValue; // all spot at mid, down [wad USD]
    uint256[] legs; // as from the clearinghouse, four words each
    uint256[] values; // of the legs' open contracts in the set in work [wad USD, signed]
    uint256[] options; // risk arrays of the open option legs, in the order of the legs, two words each
    uint256[] underlyings; // their ids, in the order of the buckets
    bytes slots; // byte i: place of feed i among the prices, from 1
    Bucket first; // the buckets lie one behind the other
    bytes table; // risk parameters up to the highest underlying held
    bool initial; // the margin set in work
    bool announced; // multipliers of the maintenance set are what they may come to be
    BitSet doubts; // about the leg in work
    uint256 doubtfulSpot; // spot at prices that are not Valid [wad USD]
    uint256 doubtfulLegs; // what legs in doubt may be wrong by; all while the sequencer is not trusted [wad USD]
    uint256 lostInDoubt; // what of it can be lost, leg by leg [wad USD]
    uint256 haltedSpot; // spot at Halted prices [wad USD]
    uint256 haltedLegs; // notional of legs at Halted prices [wad USD]
    bool free; // neither debt nor open contracts
}
