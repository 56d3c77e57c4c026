// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {FixedPointMathLib} from "solady/utils/FixedPointMathLib.sol";

import {IClearinghouse} from "../interfaces/IClearinghouse.sol";
import {Auction, AuctionParams, ILiquidationAuction} from "../interfaces/ILiquidationAuction.sol";
import {IMarginVault} from "../interfaces/IMarginVault.sol";
import {IRiskEngine, Margin} from "../interfaces/IRiskEngine.sol";
import {WAD} from "../types/Constants.sol";
import {AuctionMath, Rest} from "./AuctionMath.sol";

using SaleLib for Sale global;

/// @notice A live auction as an action finds it: the account, what it is worth, and where the clock stands.
struct Sale {
    IMarginVault vault;
    IClearinghouse clearinghouse;
    IRiskEngine engine;
    uint256 account;
    uint256 bidder; // 0: nobody bids
    Auction auction;
    int256 excess; // maintenance, before the action [wad USD]
    uint256 requirement; // R of the maintenance margin, before the action [wad USD]
    int256 value; // equity less reserved cash [wad USD]
    uint256 elapsed; // auction time of the phase [s]
    bool running; // whether the clock runs
}

/// @notice Terms of a sale: clock, phase, price, largest fraction.
library SaleLib {
    using SafeCast for uint256;

    /// @dev Least fraction of a bid that does not restore the account: dust must not change what others bid for [wad].
    uint256 private constant MIN_BID = 0.01e18;

    /// @dev The sale of a live auction now. Brings the auction's phase, halt and start to now too, where it lies in
    /// memory.
    function make(
        IMarginVault vault,
        IClearinghouse clearinghouse,
        uint256 account,
        uint256 bidder,
        Auction memory auction
    ) internal view returns (Sale memory self) {
        (self.vault, self.clearinghouse) = (vault, clearinghouse);
        self.engine = IRiskEngine(vault.riskEngine());
        (self.account, self.bidder, self.auction) = (account, bidder, auction);
        Margin memory m = marginNow(self);
        (self.excess, self.requirement) = (m.excess, m.requirement);
        self.value = m.equity - int256(uint256(auction.reserved));
        if (m.pricesHalted) auction.halted = true;
        else _setClock(self);
    }

    /// @dev Where the clock of the phase stands. A change of phase and the end of a halt both begin the price curve
    /// anew.
    function _setClock(Sale memory self) private view {
        Auction memory a = self.auction;
        bool insolvent = self.value <= 0;
        if (a.halted || insolvent != a.insolvent) {
            (a.halted, a.insolvent) = (false, insolvent);
            // safe because the time fits 32 bits until 2106
            a.startedAt = uint32(block.timestamp);
        }
        uint256 from = FixedPointMathLib.max(a.startedAt, self.engine.oracle().auctionClockFloor());
        if (from > block.timestamp) return;
        self.elapsed = block.timestamp - from;
        self.running = true;
    }

    /// @dev Maintenance margin of the account as it is now, in the middle of the action.
    function marginNow(Sale memory self) internal view returns (Margin memory) {
        return self.engine.maintenanceMargin(self.account);
    }

    /// @dev Price of the whole now (negative: payout) and the largest fraction a bid may take.
    function terms(Sale memory self, AuctionParams memory p) internal pure returns (int256 price, uint256 largest) {
        if (self.value <= 0) {
            // safe because the value is not positive
            uint256 payout = AuctionMath.payoutDown(p, uint256(-self.value), self.requirement, self.elapsed);
            return (-payout.toInt256(), WAD);
        }
        uint256 discount = AuctionMath.discount(p, self.elapsed);
        Rest memory part = rest(self);
        price = AuctionMath.paymentUp(WAD, part.value, discount).toInt256();
        if (self.excess < 0) largest = AuctionMath.largestFractionUp(p, part, discount);
    }

    /// @dev The part of a solvent account that is for sale.
    function rest(Sale memory self) internal pure returns (Rest memory) {
        uint256 reserved = self.auction.reserved;
        // safe because the value is positive in the solvent phase, and reserved cash is a uint96
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
        uint256 least = FixedPointMathLib.max(minFraction, FixedPointMathLib.min(largest, MIN_BID));
        if (taken < least) revert ILiquidationAuction.FillTooSmall(taken, least);
    }
}
