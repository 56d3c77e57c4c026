// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {FixedPointMathLib} from "solady/utils/FixedPointMathLib.sol";

import {AuctionBounds} from "./auction/AuctionBounds.sol";
import {AuctionClock} from "./auction/AuctionClock.sol";
import {AuctionMath, Rest} from "./auction/AuctionMath.sol";
import {BundleMoves} from "./auction/BundleMoves.sol";
import {Debts, DebtsLib} from "./auction/Debts.sol";
import {ExposureCounter} from "./auction/ExposureCounter.sol";
import {Leaving} from "./auction/Leaving.sol";
import {Losses} from "./auction/Losses.sol";
import {Sale, SaleLib} from "./auction/Sale.sol";
import {IClearinghouse} from "./interfaces/IClearinghouse.sol";
import {IExpiries} from "./interfaces/IExpiries.sol";
import {AuctionParams, Bundle, ILiquidationAuction} from "./interfaces/ILiquidationAuction.sol";
import {IMarginVault, TouchMode} from "./interfaces/IMarginVault.sol";
import {IOracleAdapter} from "./interfaces/IOracleAdapter.sol";
import {IRiskEngine, Margin} from "./interfaces/IRiskEngine.sol";
import {RecentArrays} from "./pricing/RecentArrays.sol";
import {Auction, AuctionWord, NO_AUCTION} from "./types/AuctionWord.sol";
import {WAD} from "./types/Constants.sol";
import {InstrumentId} from "./types/InstrumentId.sol";
import {PERMISSION_BID} from "./types/Permissions.sol";
import {Gated} from "./vault/Gated.sol";

/// @title Liquidation auction: sells accounts below maintenance margin in slices.
/// @dev Owns auctions and exposure counters only: positions change in the clearinghouse, cash and collateral in the
/// vault.
contract LiquidationAuction is ILiquidationAuction, Gated, AccessManaged {
    using ExposureCounter for ExposureCounter.State;

    /// @dev Most a scaled balance of cash can be off after a few moves; keeps "every bid improves" strict [wad USD].
    uint256 private constant CASH_ROUNDING = 1e3;

    IClearinghouse private immutable _clearinghouse;
    IExpiries private immutable _expiries;

    AuctionParams private _params;
    mapping(uint256 account => AuctionWord) private _auctions;
    ExposureCounter.State private _exposure;

    constructor(IMarginVault vault_, IClearinghouse clearinghouse_, address authority, AuctionParams memory params_)
        Gated(vault_)
        AccessManaged(authority)
    {
        _clearinghouse = clearinghouse_;
        _expiries = clearinghouse_.expiries();
        _exposure.initialise();
        _setParams(params_);
    }

    /* BEFORE ANYTHING */

    /// @dev Accounts are valued at the prices of now: averages that can be fixed are, and prices and risk arrays that
    /// are not recent are refreshed. Inside an operation averages and arrays are not, and what would have to be
    /// reverts.
    modifier upToDate(uint256 account) {
        _bringUpToDate(account);
        _;
    }

    function _bringUpToDate(uint256 account) private {
        uint64[] memory ids = _clearinghouse.legIds(account);
        for (uint256 i; i < ids.length; ++i) {
            if (InstrumentId.isExpired(ids[i], block.timestamp)) _fixAverage(ids[i]);
        }
        _engine().refreshPrices(account);
        RecentArrays.refresh(_clearinghouse, ids);
    }

    /// @dev Whoever buys an account must not choose whether its expired legs are worth the index or the average: the
    /// index counts only where the average cannot be fixed now, because its window is not over or was observed too few
    /// times.
    function _fixAverage(uint64 id) private {
        if (!_expiries.isFinishable(id, IOracleAdapter(_clearinghouse.oracle()))) return;
        if (vault.isGateOpen()) revert SettlementDue(id);
        _clearinghouse.finishSettlement(id);
    }

    /* START */

    /// @inheritdoc ILiquidationAuction
    function start(uint256 account, uint256 starter) external upToDate(account) gated returns (uint32 id) {
        if (!_auctions[account].isNone()) revert AlreadyInAuction(account);
        if (starter == account) revert SelfBid(account);
        (Margin memory m, uint256[] memory underlyings, uint256[] memory units, uint256[] memory caps) =
            _engine().maintenanceWithExposures(account);
        if (m.free || m.excess >= 0) revert Healthy(account, m.excess);

        _touch(account, TouchMode.Liquidated);
        AuctionParams memory p = _params;
        Auction memory a;
        a.pages = _exposure.addUnits(account, underlyings, units, caps);
        (id, a.exposure) = _exposure.addRequirement(m.requirement, p.globalExposureCap);
        (a.id, a.insolvent) = (id, m.equity <= 0);
        a.stopped = AuctionClock.stands(m.doubt, a.insolvent);
        // safe because the time fits 32 bits until 2106
        a.seenAt = uint32(block.timestamp);
        _write(account, a.encode(), true, _lossOf(account, m.equity));
        uint256 pay = a.stopped ? 0 : _payStarter(account, starter, p, m);
        emit AuctionStarted({
            account: account,
            id: id,
            insolvent: a.insolvent,
            value: m.equity,
            excess: m.excess,
            starter: starter,
            starterPay: pay
        });
    }

    /// @dev Pays the starter out of the account, at most what its value allows; returns the pay [wad USD].
    function _payStarter(uint256 account, uint256 starter, AuctionParams memory p, Margin memory m)
        private
        returns (uint256 pay)
    {
        // safe because the excess is negative
        pay = AuctionMath.starterPayDown(p, uint256(-m.excess), m.equity);
        if (pay == 0) return 0;
        _touch(starter, TouchMode.Safe);
        _moveCash(account, starter, pay);
    }

    /* BID */

    /// @inheritdoc ILiquidationAuction
    function bid(
        uint256 account,
        uint256 bidder,
        uint256 fraction,
        uint256 minFraction,
        int256 limit,
        uint256 expectedNonce,
        uint256 deadline
    ) external upToDate(account) gated returns (uint256 taken, int256 payment) {
        if (fraction == 0 || fraction > WAD) revert FractionOutOfRange(fraction, WAD);
        Sale memory sale = _saleTo(account, bidder, expectedNonce, deadline);
        AuctionParams memory p = _params;
        (int256 price, uint256 largest) = sale.terms(p);
        taken = sale.fractionTaken(p.smallAccount, fraction, minFraction, largest);
        sale.taken = taken;
        payment = sale.auction.insolvent ? _sellInsolvent(sale, price) : _sellSolvent(sale, price);
        // safe because amounts are below 2^127; what it is charged is a part of the price
        unchecked {
            price += int256(FixedPointMathLib.fullMulDivUp(sale.fee, WAD, taken));
        }
        if (price > limit) revert PriceLimit(price, limit);
    }

    /// @dev Checks what every bid must meet, brings the auction to now and touches both accounts.
    function _saleTo(uint256 account, uint256 bidder, uint256 expectedNonce, uint256 deadline)
        private
        returns (Sale memory sale)
    {
        if (block.timestamp > deadline) revert DeadlinePassed(block.timestamp, deadline);
        if (expectedNonce != type(uint256).max) _requireNonce(account, expectedNonce);
        if (bidder == account) revert SelfBid(account);
        if (!vault.isAuthorised(bidder, msg.sender, PERMISSION_BID)) {
            revert NotAuthorised(msg.sender, bidder, PERMISSION_BID);
        }
        if (vault.isInAuction(bidder)) revert AlreadyInAuction(bidder);

        sale = _look(account);
        sale.bidder = bidder;
        if (sale.excess >= 0) revert Healthy(account, sale.excess);
        if (!sale.running) revert ClockHalted();
        _touch(account, TouchMode.Liquidated);
        _touch(bidder, TouchMode.Bid);
        Leaving.begin(sale);
    }

    /// @dev The bidder pays for the slice, rounded up; the cash is reserved, not for sale.
    function _sellSolvent(Sale memory sale, int256 price) private returns (int256 payment) {
        // safe because the price of a solvent account is not negative
        uint256 paid = AuctionMath.paymentUp(sale.taken, uint256(price));
        _moveSlice(sale);
        _moveCash(sale.bidder, sale.account, paid);
        sale.auction.reserved += paid;
        Leaving.charge(sale, 0);

        // safe because amounts are below 2^127
        payment = int256(paid);
        Margin memory m;
        if (sale.taken != WAD) m = sale.marginNow();
        _finish(sale, payment, m);
    }

    /// @dev The account's reserved cash pays first, but never so much that the bid would not improve it.
    function _sellInsolvent(Sale memory sale, int256 price) private returns (int256 payment) {
        // safe because the price of an insolvent account is not positive, and amounts are below 2^127
        uint256 payout = FixedPointMathLib.mulWad(sale.taken, uint256(-price));
        payment = -int256(payout);
        Debts memory debts = _debtsOf(sale.account);
        _moveSlice(sale);

        Margin memory m;
        uint256 own = FixedPointMathLib.min(payout, sale.reservedNow());
        if (sale.taken != WAD) {
            m = sale.marginNow();
            own = FixedPointMathLib.min(own, _roomDown(sale.excess, m.excess));
            // safe because own is at most an account's cash
            unchecked {
                m.excess -= int256(own);
            }
        }
        _moveCash(sale.account, sale.bidder, own);
        // safe because own is at most what is reserved, and at most the payout
        unchecked {
            sale.auction.reserved -= own;
            payout -= own;
        }
        Losses.pay(sale, debts, payout);
        _finish(sale, payment, m);
    }

    /// @dev What the account may pay after a slice and still be better off.
    function _roomDown(int256 excessBefore, int256 excessAfter) private pure returns (uint256) {
        // safe because amounts are below 2^175
        unchecked {
            return uint256(FixedPointMathLib.max(excessAfter - excessBefore - int256(CASH_ROUNDING), 0));
        }
    }

    /// @dev Moves legs, collateral, and cash but for what is reserved.
    function _moveSlice(Sale memory sale) private {
        uint256 taken = sale.taken;
        _clearinghouse.moveSlice(sale.account, sale.bidder, taken);
        int256 cash = sale.cashNow();
        uint256 reserved = AuctionMath.reservedOf(sale.auction.reserved, cash);
        sale.auction.reserved = reserved;
        // safe because reserved cash is at most the account's cash
        vault.moveSlice(sale.account, sale.bidder, taken, AuctionMath.cashSliceDown(taken, cash - int256(reserved)));
    }

    /// @dev Checks what a slice must have done.
    function _finish(Sale memory sale, int256 payment, Margin memory m) private {
        bool closed = sale.taken == WAD;
        if (!closed && m.excess <= sale.excess) revert NotImproved(sale.excess, m.excess);
        if (closed) Losses.bearDust(sale);
        emit Bid({
            account: sale.account,
            id: sale.auction.id,
            bidder: sale.bidder,
            fraction: sale.taken,
            payment: payment,
            value: sale.value,
            excess: m.excess
        });
        _endOrKeep(sale, m);
    }

    /// @dev Ends the auction of a closed or restored account, else keeps what is left of it.
    function _endOrKeep(Sale memory sale, Margin memory m) private {
        Auction memory a = sale.auction;
        bool closed = sale.taken == WAD;
        if (closed || AuctionMath.isRestored(_params.targetBuffer, m.requirement, m.excess)) {
            return _end(sale.account, a, closed);
        }
        _exposure.keepUnits(sale.account, a.pages, WAD - sale.taken);
        a.exposure = _exposure.lowerRequirement(a.exposure, m.requirement);
        // Healthy, though not restored: nobody may bid, and should it fall again, the clock goes on.
        if (m.excess >= 0) {
            a.stopped = true;
            emit ClockChanged(sale.account, a.id, true);
        }
        _keep(sale.account, a, _lossOf(sale.account, m.equity));
    }

    /// @dev Writes an auction that goes on.
    function _keep(uint256 account, Auction memory a, uint40 loss) private {
        // where no loss is in sight, none of this account is noted either
        if (loss == 0 && vault.lossInSight() == 0) _auctions[account] = a.encode();
        else _write(account, a.encode(), true, loss);
    }

    /// @dev Writes an auction, or that there is none, and tells the vault of the loss that it may make [USD].
    function _write(uint256 account, AuctionWord word, bool inAuction, uint40 loss) private {
        _auctions[account] = word;
        vault.setInAuction(account, inAuction, loss);
    }

    /// @dev What insurance and lenders may have to bear of an account of this value [USD].
    function _lossOf(uint256 account, int256 value) private view returns (uint40) {
        if (value >= 0) return 0;
        Debts memory debts = _debtsOf(account);
        return DebtsLib.inSight(debts.loan, debts.due, value);
    }

    /* BUNDLE */

    /// @inheritdoc ILiquidationAuction
    function bidBundle(Bundle calldata bundle) external upToDate(bundle.account) gated returns (uint256 giveUp) {
        BundleMoves.requireLengths(bundle);
        Sale memory sale = _saleTo(bundle.account, bundle.bidder, bundle.expectedNonce, bundle.deadline);
        if (sale.auction.insolvent) revert WrongPhase(bundle.account, true);
        BundleMoves.moveLegs(sale, bundle.ids, bundle.sizes);
        uint256 cash = BundleMoves.sellCollateral(sale, bundle.assetIndices, bundle.amounts);
        // not reserved: it replaces value that was for sale
        _moveCash(sale.bidder, sale.account, cash);
        giveUp = _payBundle(sale, bundle.minGiveUp);
    }

    /// @dev Pays the give-up and checks what is left: restored, or better by enough, and not more sold than restores
    /// the account.
    function _payBundle(Sale memory sale, uint256 minGiveUp) private returns (uint256 giveUp) {
        Margin memory m = sale.marginNow();
        AuctionParams memory p = _params;
        Rest memory part = sale.rest();
        uint256 reward = AuctionMath.rewardDown(p, part, sale.elapsed);
        giveUp = AuctionMath.bundleGiveUpDown(p, part, m.excess - sale.excess, reward);
        _moveCash(sale.account, sale.bidder, giveUp);
        Leaving.charge(sale, 0);
        uint256 earned = FixedPointMathLib.zeroFloorSub(giveUp, sale.fee);
        if (earned < minGiveUp) revert GiveUpTooSmall(earned, minGiveUp);

        // safe because amounts are below 2^127
        unchecked {
            m.excess -= int256(giveUp);
        }
        _requireFits(sale, m, AuctionMath.bundleLeastUp(p, part), p.targetBuffer);
        emit BundleBid({
            account: sale.account,
            id: sale.auction.id,
            bidder: sale.bidder,
            giveUp: giveUp,
            excessBefore: sale.excess,
            excessAfter: m.excess
        });
        _endOrKeep(sale, m);
    }

    /// @dev A bundle lifts the excess by `least` or restores the account, and not to more than its target. Nothing is
    /// left in doubt: what hedges it is not for who knows better than a price.
    function _requireFits(Sale memory sale, Margin memory m, uint256 least, uint256 targetBuffer) private pure {
        // safe because amounts are below 2^207, and a target is at most the requirement
        unchecked {
            int256 risen = m.excess - sale.excess;
            bool small = risen < int256(least) && !AuctionMath.isRestored(targetBuffer, m.requirement, m.excess);
            if (small || !m.pricesValid) revert BundleTooSmall(risen, least);
            int256 most = int256(AuctionMath.targetDown(targetBuffer, m.requirement) + AuctionMath.RESTORED_TOLERANCE);
            if (m.excess > most) revert BundleTooLarge(m.excess, most);
        }
    }

    /* END AND POKE */

    /// @inheritdoc ILiquidationAuction
    function end(uint256 account) external upToDate(account) gated {
        Auction memory a = _live(account);
        Margin memory m = SaleLib.marginOf(_engine(), account);
        if (!m.free && !_mayEnd(m)) revert NotRestored(account, m.excess);
        _touch(account, TouchMode.Liquidated);
        _end(account, a, false);
    }

    /// @dev Restored to the target, or healthy at Valid prices: nobody may bid then, and it must not stay locked.
    function _mayEnd(Margin memory m) private view returns (bool) {
        if (m.excess >= 0 && m.pricesValid) return true;
        return AuctionMath.isRestored(_params.targetBuffer, m.requirement, m.excess);
    }

    /// @inheritdoc ILiquidationAuction
    function poke(uint256 account) external upToDate(account) gated {
        Sale memory sale = _look(account);
        _touch(account, TouchMode.Liquidated);
        _keep(account, sale.auction, _lossOf(account, sale.value));
    }

    /// @dev Forgets the auction and what it counts; `closed` if all was sold.
    function _end(uint256 account, Auction memory a, bool closed) private {
        _exposure.keepUnits(account, a.pages, 0);
        _exposure.lowerRequirement(a.exposure, 0);
        _write(account, NO_AUCTION, false, 0);
        emit AuctionEnded(account, a.id, closed);
    }

    /* WHAT ACTIONS SHARE */

    /// @dev Brings an auction to now, where it lies in memory; tells of changes of clock and phase.
    function _look(uint256 account) private returns (Sale memory sale) {
        Auction memory a = _live(account);
        (bool insolvent, bool stopped) = (a.insolvent, a.stopped);
        sale = SaleLib.make(vault, _clearinghouse, _engine(), account, a);
        if (a.stopped != stopped) emit ClockChanged(account, a.id, a.stopped);
        if (a.insolvent != insolvent) emit PhaseChanged(account, a.id, a.insolvent);
    }

    /// @dev The auction of an account that is in one.
    function _live(uint256 account) private view returns (Auction memory a) {
        a = _auctions[account].decode();
        if (a.id == 0) revert NotInAuction(account);
    }

    /// @dev Nothing a bidder counts on has changed.
    function _requireNonce(uint256 account, uint256 expected) private view {
        uint256 actual = stateNonce(account);
        if (actual != expected) revert NonceMismatch(account, actual, expected);
    }

    function _debtsOf(uint256 account) private view returns (Debts memory) {
        return DebtsLib.read(_clearinghouse, _engine(), account, vault.cashOf(account));
    }

    function _engine() private view returns (IRiskEngine) {
        return IRiskEngine(vault.riskEngine());
    }

    /// @dev Tells the gate that the operation touches an account.
    function _touch(uint256 account, TouchMode mode) private {
        vault.touch(account, mode);
    }

    /// @dev Moves cash [wad USD]; nothing at 0.
    function _moveCash(uint256 from, uint256 to, uint256 amount) private {
        if (amount != 0) vault.moveCash(from, to, amount);
    }

    /* GOVERNANCE */

    /// @inheritdoc ILiquidationAuction
    function setParams(AuctionParams calldata params_) external restricted {
        _setParams(params_);
    }

    function _setParams(AuctionParams memory p) private {
        AuctionBounds.requireWithin(p);
        _params = p;
        emit AuctionParamsSet(p);
    }

    /* VIEWS */

    /// @inheritdoc ILiquidationAuction
    function quote(uint256 account)
        external
        view
        returns (bool insolvent, int256 price, uint256 maxFraction, uint256 nonce, int256 value)
    {
        if (vault.isGateOpen()) revert OperationOpen();
        Sale memory sale = SaleLib.make(vault, _clearinghouse, _engine(), account, _live(account));
        (price, maxFraction) = sale.terms(_params);
        if (!sale.running) maxFraction = 0;
        (insolvent, nonce, value) = (sale.value <= 0, stateNonce(account), sale.value);
    }

    /// @inheritdoc ILiquidationAuction
    function stateNonce(uint256 account) public view returns (uint256) {
        return vault.nonceOf(account) + _clearinghouse.nonceOf(account);
    }

    /// @inheritdoc ILiquidationAuction
    function auctionOf(uint256 account) external view returns (Auction memory) {
        return _auctions[account].decode();
    }

    /// @inheritdoc ILiquidationAuction
    function params() external view returns (AuctionParams memory) {
        return _params;
    }

    /// @inheritdoc ILiquidationAuction
    function exposureOf(uint256 underlying) external view returns (uint256 units) {
        return _exposure.unitsOf(underlying);
    }

    /// @inheritdoc ILiquidationAuction
    function globalExposure() external view returns (uint256) {
        return _exposure.totals.requirement;
    }
}
