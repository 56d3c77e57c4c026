// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {FixedPointMathLib} from "solady/utils/FixedPointMathLib.sol";

import {IClearinghouse} from "../interfaces/IClearinghouse.sol";
import {AuctionParams, ILiquidationAuction} from "../interfaces/ILiquidationAuction.sol";
import {IMarginVault} from "../interfaces/IMarginVault.sol";
import {IRiskEngine, Margin} from "../interfaces/IRiskEngine.sol";
import {Auction} from "../types/AuctionWord.sol";
import {WAD} from "../types/Constants.sol";
import {Doubt} from "../types/Doubt.sol";
import {AuctionClock} from "./AuctionClock.sol";
import {AuctionMath, Rest} from "./AuctionMath.sol";

using SaleLib for Sale global;

/// @notice A live auction as an action finds it: the account, what it is worth, and where the clock stands.
struct Sale {
    IMarginVault vault;
    IClearinghouse clearinghouse;
    IRiskEngine engine;
    uint256 account;
    uint256 bidder; // 0: nobody bids
    uint256 taken; // fraction that a bid takes; 0 in a bundle [wad]
    Auction auction;
    int256 excess; // maintenance, before the action [wad USD]
    uint256 requirement; // R of the maintenance margin, before the action [wad USD]
    int256 value; // equity less reserved cash [wad USD]
    uint256 elapsed; // auction time of the phase [s]
    bool running; // whether the clock runs
    uint256 gap; // losses in sight beyond the insurance, before a bid [wad USD]
    uint256 lent; // by others than the insurance fund then, and a wei [wad USD]
    uint256 lentBefore; // by account and bidder then, where there is a gap [wad USD]
    uint256 fee; // of the bidder for what is lent no more [wad USD]
}

/// @notice Terms of a sale: clock, phase, price, largest fraction.
library SaleLib {
    /// @dev The sale of a live auction now. Brings the auction's clocks, phase and reserved cash to now too, where it
    /// lies in memory.
    function make(
        IMarginVault vault,
        IClearinghouse clearinghouse,
        IRiskEngine engine,
        uint256 account,
        Auction memory auction
    ) internal view returns (Sale memory self) {
        (self.vault, self.clearinghouse, self.engine) = (vault, clearinghouse, engine);
        (self.account, self.auction) = (account, auction);
        Margin memory m = marginNow(self);
        (self.excess, self.requirement) = (m.excess, m.requirement);
        if (auction.reserved != 0) auction.reserved = reservedNow(self);
        // safe because reserved cash is at most an account's cash
        unchecked {
            self.value = m.equity - int256(auction.reserved);
        }
        _setClock(self, m.doubt);
    }

    /// @dev Where the clocks stand. Halted prices stop the clock and say nothing of the phase; nor does it run while
    /// the account is healthy, for nobody may bid then. While much is in doubt that of an insolvent account soon stands
    /// but for a crawl: who bids against what everybody knows is not paid for having waited.
    function _setClock(Sale memory self, Doubt doubt) private view {
        Auction memory a = self.auction;
        uint256 floor = self.engine.oracle().sequencerFloor();
        bool insolvent = self.value <= 0;
        bool halted = doubt.isHalted();
        bool stopped = halted || self.excess >= 0;
        AuctionClock.count(a, floor, doubt);
        // what a crawl leaves uncounted is of no other phase; safe because the time fits 32 bits until 2106
        if (!insolvent) a.seenAt = uint32(block.timestamp);
        if (!halted) a.insolvent = insolvent;
        a.stopped = stopped || AuctionClock.stands(doubt, insolvent);
        self.running = !stopped && floor <= block.timestamp;
        self.elapsed = insolvent ? a.insolventTime : a.solventTime;
    }

    /// @dev Cash of the account as it is now, in the middle of the action.
    function cashNow(Sale memory self) internal view returns (int256) {
        return self.vault.cashOf(self.account);
    }

    /// @dev Reserved cash that is there now: settling may have used some, moving a slice may have rounded some away.
    function reservedNow(Sale memory self) internal view returns (uint256) {
        return AuctionMath.reservedOf(self.auction.reserved, cashNow(self));
    }

    /// @dev Maintenance margin of the account as it is now, in the middle of the action.
    function marginNow(Sale memory self) internal view returns (Margin memory) {
        return marginOf(self.engine, self.account);
    }

    /// @dev Maintenance margin of an account.
    function marginOf(IRiskEngine engine, uint256 account) internal view returns (Margin memory) {
        return engine.maintenanceMargin(account);
    }

    /// @dev Price of the whole now (negative: payout) and the largest fraction a bid may take.
    function terms(Sale memory self, AuctionParams memory p) internal pure returns (int256 price, uint256 largest) {
        if (self.value <= 0) {
            // safe because the value is not positive, and amounts are below 2^127
            uint256 payout = AuctionMath.payoutDown(p, uint256(-self.value), self.requirement, self.elapsed);
            return (-int256(payout), WAD);
        }
        Rest memory part = rest(self);
        // safe because the reward is at most the value, and amounts are below 2^127
        uint256 wholeUp = part.value - AuctionMath.rewardDown(p, part, self.elapsed);
        price = int256(wholeUp);
        largest = AuctionMath.largestFractionUp(p, part, wholeUp);
    }

    /// @dev The part of a solvent account that is for sale.
    function rest(Sale memory self) internal pure returns (Rest memory) {
        uint256 reserved = self.auction.reserved;
        // safe because the value is positive in the solvent phase, and reserved cash is at most an account's cash
        return Rest(uint256(self.value), self.excess - int256(reserved), self.requirement, reserved);
    }

    /// @dev The fraction that a bid takes: what is asked for, cut to the largest; a small account is sold whole.
    function fractionTaken(
        Sale memory self,
        uint256 smallAccount,
        uint256 fraction,
        uint256 minFraction,
        uint256 largest
    ) internal pure returns (uint256 taken) {
        // safe because the value is positive in the solvent phase
        bool whole = !self.auction.insolvent && uint256(self.value) <= smallAccount;
        if (whole && fraction < WAD) revert ILiquidationAuction.FillTooSmall(fraction, WAD);
        taken = FixedPointMathLib.min(fraction, largest);
        uint256 least = FixedPointMathLib.max(minFraction, FixedPointMathLib.min(largest, AuctionMath.LEAST_PART));
        if (taken < least) revert ILiquidationAuction.FillTooSmall(taken, least);
    }
}
