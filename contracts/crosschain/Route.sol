// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {RouteConfig} from "../interfaces/ICollateralHub.sol";
import {Bucket} from "./Bucket.sol";
import {Queue} from "./Queue.sol";
import {RemoteReceipt} from "./RemoteReceipt.sol";

/// @notice What the hub knows of a route; sums are over its accounts.
struct Route {
    RouteConfig config;
    RemoteReceipt receipt;
    uint64 pausedUntil; // [s]
    Bucket.State bucket;
    uint128 waiting; // finally locked and not credited, of those who can be served [token units]
    uint128 credited; // or given back there, and never to be credited [token units]
    // credited beyond what is locked finally or, where that is newer, on fast word, and what is missing; less what
    // redemptions have borne of it; negative: they have borne more than is missing now [token units]
    int128 deficit;
    uint128 redeemed; // paid for burnt receipts, here or still to be paid there [token units]
    uint128 fastCredited; // credited beyond what is locked finally [token units]
    uint64 beatAt; // newest time of the spoke's chain [s]
    uint64 heard; // newest time of this chain that the spoke has heard of [s]
    uint128 missing; // what governance knows to be missing at the spoke, in all [token units]
    uint128 explained; // the sum of all that it ever said is missing more than before [token units]
    uint128 spokeDone; // paid by the last beat [token units]
    uint128 exited; // given back there of what was never credited here [token units]
    uint8 decimalsThere; // of the token, by the newest beat; before the first: no token's
    uint64 toldAt; // time of that beat on the spoke's chain, as far as clocks may differ [s]
    Queue.State queue;
}
