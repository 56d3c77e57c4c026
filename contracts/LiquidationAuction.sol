// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {FixedPointMathLib} from "solady/utils/FixedPointMathLib.sol";

import {AuctionMath, Rest} from "./auction/AuctionMath.sol";
import {IClearinghouse} from "./interfaces/IClearinghouse.sol";
import {Auction, AuctionParams, Bundle, ILiquidationAuction} from "./interfaces/ILiquidationAuction.sol";
import {AssetConfig, IMarginVault, TouchMode} from "./interfaces/IMarginVault.sol";
import {IRiskEngine, Margin} from "./interfaces/IRiskEngine.sol";
import {RecentArrays} from "./pricing/RecentArrays.sol";
import {AccountId} from "./types/AccountId.sol";
import {BitSet} from "./types/BitSet.sol";
import {WAD} from "./types/Constants.sol";
import {InstrumentId} from "./types/InstrumentId.sol";
import {PERMISSION_BID} from "./types/Permissions.sol";
import {PriceMid} from "./types/PriceMid.sol";
import {FULL_LANES, LANES, MAX_LANE, UnitLanes} from "./types/UnitLanes.sol";
import {Gated} from "./vault/Gated.sol";

/// @title Liquidation auction
/// @dev Owns auctions and exposure counters only: positions change in the clearinghouse, cash and collateral in the
/// vault.
contract LiquidationAuction is ILiquidationAuction, Gated, AccessManaged {
    using SafeCast for int256;
    using SafeCast for uint256;

    struct Totals {
        uint64 exposure; // maintenance requirement in auction [1e-9 USD]
        uint32 nextId;
    }

    /// @dev What an action on a live auction works with.
    struct Sale {
        uint256 account;
        uint256 bidder;
        Auction auction;
        AuctionParams params;
        IRiskEngine engine;
        Margin margin; // maintenance, before the action
        int256 value; // equity less reserved cash [wad USD]
        uint256 elapsed; // auction time of the phase [s]
    }

    /// @dev What the sold account owed and to whom: weights of the loss nobody else bears.
    struct Debts {
        uint64[] ids; // its markets
        uint256[] losses; // legs that have not won, else 0 [wad USD]
        bool[] longsPay; // who won what the losing leg lost
        uint256 loan; // [wad USD]
        uint256 total; // sum of the losses and the loan [wad USD]
    }

    uint256 private constant MAX_DURATION = 7 days;
    uint256 private constant MAX_STARTER_SHARE = 0.1e18;
    /// @dev Most a scaled balance of cash can be off after a few moves; keeps "every bid improves" strict [wad USD].
    uint256 private constant CASH_ROUNDING = 1e3;
    /// @dev Least fraction of a bid that does not restore the account: dust must not change what others bid for [wad].
    uint256 private constant MIN_BID = 0.01e18;
    uint256 private constant EXPOSURE_SCALE = 1e9;

    IClearinghouse private immutable _clearinghouse;

    AuctionParams private _params;
    Totals private _totals;
    mapping(uint256 account => Auction) private _auctions;
    /// @dev 16 underlyings a word, 16 bits each: MAX_LANE less the units in auction,
    /// so that a page is never written from 0. Of every lane exactly what the
    /// accounts' pages count is missing: no lane borrows from the next or overflows.
    mapping(uint256 page => UnitLanes) private _room;
    mapping(uint256 account => mapping(uint256 page => UnitLanes)) private _counted;

    constructor(IMarginVault vault_, IClearinghouse clearinghouse_, address authority, AuctionParams memory params_)
        Gated(vault_)
        AccessManaged(authority)
    {
        _clearinghouse = clearinghouse_;
        _totals.nextId = 1;
        for (uint256 page = 0; page < LANES; ++page) {
            _room[page] = FULL_LANES;
        }
        _setParams(params_);
    }

    /* BEFORE ANYTHING */

    /// @dev Accounts are valued at the prices of now: averages that can be fixed are, and risk arrays that are not
    /// recent are refreshed. Inside an operation nothing is, and what would have to be reverts.
    modifier upToDate(uint256 account) {
        _bringUpToDate(account);
        _;
    }

    function _bringUpToDate(uint256 account) private {
        uint64[] memory ids = _clearinghouse.legIds(account);
        for (uint256 i; i < ids.length; ++i) {
            if (InstrumentId.isExpired(ids[i], block.timestamp)) _fixAverage(ids[i]);
        }
        RecentArrays.refresh(_clearinghouse, ids);
    }

    /// @dev Whoever buys an account must not choose whether its expired legs are worth the index or the average.
    function _fixAverage(uint64 id) private {
        (, uint256 average,,) = _clearinghouse.settlementOf(id);
        if (average != 0) return;
        if (vault.isGateOpen()) revert OperationOpen();
        try _clearinghouse.finishSettlement(id) {
            return;
        } catch {
            // the window is not over, was missed, or has no Valid price: until then the index counts
            return;
        }
    }

    /* START */

    /// @inheritdoc ILiquidationAuction
    function start(uint256 account, uint256 starter) external upToDate(account) gated returns (uint32 id) {
        if (_auctions[account].id != 0) revert AlreadyInAuction(account);
        if (starter == account) revert SelfBid(account);
        (Margin memory m, uint256[] memory underlyings, uint256[] memory units, uint256[] memory caps) =
            _engine().maintenanceWithExposures(account);
        if (m.free || m.excess >= 0) revert Healthy(account, m.excess);

        vault.touch(account, TouchMode.Liquidated);
        AuctionParams memory p = _params;
        Auction memory a;
        a.pages = _countUnits(account, underlyings, units, caps);
        (id, a.exposure) = _countRequirement(m.requirement, p.globalExposureCap);
        a.id = id;
        a.insolvent = m.equity <= 0;
        a.halted = m.pricesHalted;
        // safe because the time fits 32 bits until 2106
        a.startedAt = uint32(block.timestamp);
        _auctions[account] = a;
        vault.setInAuction(account, true);
        uint256 pay = a.halted ? 0 : _payStarter(account, starter, p, m);
        emit AuctionStarted(account, id, a.insolvent, m.equity, m.excess, starter, pay);
    }

    function _payStarter(uint256 account, uint256 starter, AuctionParams memory p, Margin memory m)
        private
        returns (uint256 pay)
    {
        // safe because the excess is negative
        pay = AuctionMath.starterPayDown(p, uint256(-m.excess), m.equity);
        if (pay == 0) return 0;
        vault.touch(starter, TouchMode.Safe);
        vault.moveCash(account, starter, pay);
    }

    /// @dev Counts the requirement towards the global cap and numbers the auction.
    function _countRequirement(uint256 requirement, uint256 cap) private returns (uint32 id, uint64 exposure) {
        Totals memory totals = _totals;
        exposure = _exposureUp(requirement);
        uint256 total = uint256(totals.exposure) + exposure;
        cap /= EXPOSURE_SCALE;
        if (totals.exposure >= cap) revert ExposureCapReached(0, totals.exposure, cap);
        id = totals.nextId;
        _totals = Totals(total.toUint64(), id + 1);
    }

    /// @dev Counts the units of every underlying towards its cap; returns the pages used.
    function _countUnits(uint256 account, uint256[] memory underlyings, uint256[] memory units, uint256[] memory caps)
        private
        returns (uint16 pages)
    {
        UnitLanes[LANES] memory added;
        BitSet used;
        for (uint256 i = 0; i < underlyings.length; ++i) {
            (uint256 page, uint256 lane) = _laneOf(underlyings[i]);
            uint256 running = MAX_LANE - _room[page].at(lane);
            // While there is room an account of any size is sold: the last one in may pass the cap, none is too large.
            if (running >= FixedPointMathLib.min(caps[i], MAX_LANE)) {
                revert ExposureCapReached(underlyings[i], running, caps[i]);
            }
            // A lane holds at most its width.
            added[page] = added[page].with(lane, FixedPointMathLib.min(units[i], MAX_LANE - running));
            used = used.with(page);
        }
        // safe because a page is below 16: ids of underlyings are at most 255
        pages = uint16(BitSet.unwrap(used));
        for (uint256 page = 0; page < LANES; ++page) {
            if (!used.has(page)) continue;
            _room[page] = _room[page].minus(added[page]);
            _counted[account][page] = added[page];
        }
    }

    /// @dev Page and lane of an underlying; underlyings count from 1.
    function _laneOf(uint256 underlying) private pure returns (uint256 page, uint256 lane) {
        return ((underlying - 1) / LANES, (underlying - 1) % LANES);
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
        Sale memory sale = _openSale(account, bidder, expectedNonce, deadline);
        (int256 price, uint256 largest) = _terms(sale);
        taken = _clamp(sale, fraction, minFraction, largest);
        if (price > limit) revert PriceLimit(price, limit);
        payment = sale.auction.insolvent ? _sellInsolvent(sale, taken, price) : _sellSolvent(sale, taken);
    }

    /// @dev Checks what every bid must meet, brings the auction to now and touches both accounts.
    function _openSale(uint256 account, uint256 bidder, uint256 expectedNonce, uint256 deadline)
        private
        returns (Sale memory sale)
    {
        sale.auction = _live(account);
        if (block.timestamp > deadline) revert DeadlinePassed(block.timestamp, deadline);
        if (expectedNonce != type(uint256).max) _requireNonce(account, expectedNonce);
        if (bidder == account) revert SelfBid(account);
        if (!vault.isAuthorised(bidder, msg.sender, PERMISSION_BID)) revert NotAuthorised(msg.sender, bidder);
        if (vault.isInAuction(bidder)) revert AlreadyInAuction(bidder);

        (sale.account, sale.bidder) = (account, bidder);
        sale.params = _params;
        sale.engine = _engine();
        sale.margin = sale.engine.maintenanceMargin(account);
        if (!_bringToNow(sale)) revert ClockHalted();
        if (sale.margin.excess >= 0) revert Healthy(account, sale.margin.excess);
        vault.touch(account, TouchMode.Liquidated);
        vault.touch(bidder, TouchMode.Bid);
    }

    /// @dev Applies clamp and minimum to the fraction asked for.
    function _clamp(Sale memory sale, uint256 fraction, uint256 minFraction, uint256 largest)
        private
        pure
        returns (uint256 taken)
    {
        // safe because the value is positive in the solvent phase
        bool whole = !sale.auction.insolvent && uint256(sale.value) <= sale.params.smallAccount;
        if (whole && fraction < WAD) revert FillTooSmall(fraction, WAD);
        taken = FixedPointMathLib.min(fraction, largest);
        uint256 least = FixedPointMathLib.max(minFraction, FixedPointMathLib.min(largest, MIN_BID));
        if (taken < least) revert FillTooSmall(taken, least);
    }

    function _sellSolvent(Sale memory sale, uint256 taken) private returns (int256 payment) {
        // safe because the value is positive in the solvent phase
        uint256 paid =
            AuctionMath.paymentUp(taken, uint256(sale.value), AuctionMath.discount(sale.params, sale.elapsed));
        _moveSlice(sale, taken);
        if (paid != 0) vault.moveCash(sale.bidder, sale.account, paid);
        sale.auction.reserved = (sale.auction.reserved + paid).toUint96();

        payment = paid.toInt256();
        Margin memory m;
        if (taken != WAD) m = sale.engine.maintenanceMargin(sale.account);
        _finish(sale, taken, payment, m);
    }

    /// @dev The account's reserved cash pays first, but never so much that the bid would not improve it.
    function _sellInsolvent(Sale memory sale, uint256 taken, int256 price) private returns (int256 payment) {
        // safe because the price of an insolvent account is not positive
        uint256 payout = FixedPointMathLib.mulWad(taken, uint256(-price));
        payment = -payout.toInt256();
        Debts memory debts = _debts(sale, payout);
        _moveSlice(sale, taken);

        Margin memory m;
        uint256 own = FixedPointMathLib.min(payout, _reservedCash(sale));
        if (taken != WAD) {
            m = sale.engine.maintenanceMargin(sale.account);
            own = FixedPointMathLib.min(own, _roomDown(sale.margin.excess, m.excess));
            // safe because own is at most a uint96
            m.excess -= int256(own);
        }
        if (own != 0) vault.moveCash(sale.account, sale.bidder, own);
        // safe because own is at most what is reserved
        sale.auction.reserved -= uint96(own);
        _allocateLoss(sale, debts, payout - own);
        _finish(sale, taken, payment, m);
    }

    /// @dev Reserved cash that is there: settling a losing leg may have used some, against what the leg owed.
    function _reservedCash(Sale memory sale) private view returns (uint256) {
        if (sale.auction.reserved == 0) return 0;
        int256 cash = vault.cashOf(sale.account);
        // safe because positive cash is converted
        return cash > 0 ? FixedPointMathLib.min(sale.auction.reserved, uint256(cash)) : 0;
    }

    /// @dev What the account may pay after a slice and still be better off.
    function _roomDown(int256 excessBefore, int256 excessAfter) private pure returns (uint256) {
        int256 room = excessAfter - excessBefore - int256(CASH_ROUNDING);
        // safe because a positive number is converted
        return room > 0 ? uint256(room) : 0;
    }

    /// @dev Moves legs, collateral and cash; positions first, since that may settle value into the cash that is then
    /// shared out.
    function _moveSlice(Sale memory sale, uint256 taken) private {
        _clearinghouse.moveSlice(sale.account, sale.bidder, taken);
        int256 cash = vault.cashOf(sale.account) - int256(uint256(sale.auction.reserved));
        vault.moveSlice(sale.account, sale.bidder, taken, AuctionMath.cashSliceDown(taken, cash));
    }

    /// @dev Checks what a slice must have done.
    function _finish(Sale memory sale, uint256 taken, int256 payment, Margin memory m) private {
        bool closed = taken == WAD;
        if (!closed && m.excess <= sale.margin.excess) revert NotImproved(sale.margin.excess, m.excess);
        if (closed) _recordDust(sale.account);
        emit Bid(sale.account, sale.auction.id, sale.bidder, taken, payment, sale.value, m.excess);

        _endOrKeep(sale, m, closed, WAD - taken);
    }

    /// @dev No loss stays unrecorded: a closed account owes nothing.
    function _recordDust(uint256 account) private {
        int256 cash = vault.cashOf(account);
        // safe because negative cash is converted
        if (cash < 0) vault.recordDeficit(account, uint256(-cash));
    }

    /// @dev Ends the auction of a closed or restored account, else keeps what is left of it, with the part `left` of
    /// its units.
    function _endOrKeep(Sale memory sale, Margin memory m, bool closed, uint256 left) private {
        Auction memory a = sale.auction;
        if (closed || AuctionMath.isRestored(sale.params.targetBuffer, m.requirement, m.excess)) {
            return _end(sale.account, a, closed);
        }
        _reduceUnits(sale.account, a.pages, left);
        uint64 exposure = _exposureUp(m.requirement);
        if (exposure < a.exposure) {
            _totals.exposure -= a.exposure - exposure;
            a.exposure = exposure;
        }
        // Healthy, though not restored: should it fall again, the price
        // curve begins anew. Safe because the time fits 32 bits until 2106.
        if (m.excess >= 0) a.startedAt = uint32(block.timestamp);
        _auctions[sale.account] = a;
    }

    /* LOSSES */

    /// @dev Pays `loss` to the bidder: the fund, then markets and lenders in proportion to what the account owed. What
    /// lenders cannot bear of their part goes to the deficit ledger.
    function _allocateLoss(Sale memory sale, Debts memory debts, uint256 loss) private {
        if (loss == 0) return;
        (uint256 bidder, uint256 rest) = (sale.bidder, loss);
        uint256 fund = _drawFund(bidder, loss);
        rest -= fund;
        uint256 markets = _shareLoss(bidder, debts, rest);
        rest -= markets;
        uint256 lenders = rest == 0 || debts.loan == 0 ? 0 : vault.socialiseLoan(bidder, rest);
        rest -= lenders;
        if (rest != 0) vault.recordDeficit(bidder, rest);
        emit LossAllocated(sale.account, sale.auction.id, fund, markets, lenders, rest);
    }

    /// @dev Moves what the insurance fund has, at most `amount`, to the bidder.
    function _drawFund(uint256 bidder, uint256 amount) private returns (uint256 paid) {
        (uint256 fundAccount, uint256 available) = _fund();
        paid = FixedPointMathLib.min(amount, available);
        if (paid == 0) return 0;
        vault.touch(fundAccount, TouchMode.Liquidated);
        vault.moveCash(fundAccount, bidder, paid);
    }

    /// @dev Credits the markets' parts inside the markets, whoever bears them there: a market's loss is never cash.
    /// Parts are rounded up, so that nothing is left for the lenders of an account without a loan.
    function _shareLoss(uint256 bidder, Debts memory debts, uint256 rest) private returns (uint256 markets) {
        for (uint256 i = 0; i < debts.ids.length; ++i) {
            uint256 part = FixedPointMathLib.fullMulDivUp(rest, debts.losses[i], debts.total);
            part = FixedPointMathLib.min(part, rest - markets);
            if (part == 0) continue;
            _clearinghouse.shareLoss(bidder, debts.ids[i], debts.longsPay[i], part);
            markets += part;
        }
    }

    /// @dev What the account owes before it is sold; left out when the fund can pay everything.
    function _debts(Sale memory sale, uint256 payout) private view returns (Debts memory debts) {
        (, uint256 available) = _fund();
        if (payout <= available) return debts;
        // Reserved cash included: what was settled out of it was never lent.
        int256 cash = vault.cashOf(sale.account);
        // safe because negative cash is converted
        debts.loan = cash < 0 ? uint256(-cash) : 0;
        debts.total = debts.loan;
        _addLosingLegs(debts, sale);
    }

    function _addLosingLegs(Debts memory debts, Sale memory sale) private view {
        debts.ids = _clearinghouse.legIds(sale.account);
        uint256 n = debts.ids.length;
        (debts.losses, debts.longsPay) = (new uint256[](n), new bool[](n));
        int256[] memory values = sale.engine.legValues(sale.account);
        for (uint256 i = 0; i < n; ++i) {
            int256 value = values[i];
            if (value > 0) continue;
            // A leg worth nothing weighs a wei, so that an account worth nothing has somebody to bear its payout.
            // safe because a value that is not positive is converted
            debts.losses[i] = FixedPointMathLib.max(uint256(-value), 1);
            debts.total += debts.losses[i];
            // Asked for before the leg moves: in the bidder's hands it may have met a leg of the other side.
            debts.longsPay[i] = _clearinghouse.longsPayFor(sale.account, debts.ids[i]);
        }
    }

    /// @dev The insurance fund's account and its cash; nothing without a fund.
    function _fund() private view returns (uint256 fundAccount, uint256 available) {
        address fund = vault.insuranceFund();
        if (fund == address(0)) return (0, 0);
        fundAccount = AccountId.encode(fund, 0);
        int256 cash = vault.cashOf(fundAccount);
        // safe because positive cash is converted
        if (cash > 0) available = uint256(cash);
    }

    /* BUNDLE */

    /// @inheritdoc ILiquidationAuction
    function bidBundle(Bundle calldata bundle) external upToDate(bundle.account) gated returns (uint256 giveUp) {
        if (bundle.sizes.length != bundle.ids.length) {
            revert LengthMismatch(bundle.sizes.length, bundle.ids.length);
        }
        if (bundle.amounts.length != bundle.assetIndices.length) {
            revert LengthMismatch(bundle.amounts.length, bundle.assetIndices.length);
        }
        Sale memory sale = _openSale(bundle.account, bundle.bidder, bundle.expectedNonce, bundle.deadline);
        if (sale.auction.insolvent) revert WrongPhase(bundle.account, true);
        _moveLegs(sale, bundle.ids, bundle.sizes);
        _moveCollateral(sale, bundle.assetIndices, bundle.amounts);
        giveUp = _payBundle(sale, bundle.minGiveUp);
    }

    function _moveLegs(Sale memory sale, uint64[] calldata ids, int256[] calldata sizes) private {
        uint256 last;
        for (uint256 i = 0; i < ids.length; ++i) {
            uint64 id = ids[i];
            if (id <= last) revert DuplicateId(id);
            last = id;
            (int256 held,) = _clearinghouse.position(sale.account, id);
            int256 size = sizes[i];
            bool reduces = held > 0 ? size > 0 && size <= held : size < 0 && size >= held;
            if (!reduces) revert BundleNotReducing(held, size);
            _clearinghouse.moveAtMark(sale.account, sale.bidder, id, size);
        }
    }

    /// @dev The bidder pays the mid price in cash, rounded up. That cash is not reserved: it replaces value that was
    /// for sale.
    function _moveCollateral(Sale memory sale, uint256[] calldata indices, uint256[] calldata amounts) private {
        if (indices.length == 0) return;
        uint256[] memory feeds = new uint256[](indices.length);
        uint256[] memory decimals = new uint256[](indices.length);
        for (uint256 i = 0; i < indices.length; ++i) {
            if (i != 0 && indices[i] <= indices[i - 1]) revert DuplicateId(indices[i]);
            AssetConfig memory asset = vault.assetAt(indices[i]);
            (feeds[i], decimals[i]) = (asset.feedId, asset.decimals);
            vault.moveCollateral(sale.account, sale.bidder, indices[i], amounts[i]);
        }
        uint256[] memory prices = sale.engine.oracle().packedPrices(feeds);
        uint256 cash;
        for (uint256 i = 0; i < indices.length; ++i) {
            uint256 mid = PriceMid.wrap(prices[2 * i]).mid();
            if (mid == 0) revert PriceMissing(feeds[i]);
            cash += AuctionMath.collateralPriceUp(amounts[i], decimals[i], mid);
        }
        if (cash != 0) vault.moveCash(sale.bidder, sale.account, cash);
    }

    /// @dev Pays the give-up and checks what is left: better than before, and not more sold than restores the account.
    function _payBundle(Sale memory sale, uint256 minGiveUp) private returns (uint256 giveUp) {
        Margin memory m = sale.engine.maintenanceMargin(sale.account);
        int256 benefit = m.excess - sale.margin.excess;
        uint256 price = AuctionMath.discount(sale.params, sale.elapsed);
        giveUp = AuctionMath.bundleGiveUpDown(sale.params, _rest(sale), benefit, price);
        if (giveUp < minGiveUp) revert PriceLimit(-giveUp.toInt256(), -minGiveUp.toInt256());
        if (giveUp != 0) vault.moveCash(sale.account, sale.bidder, giveUp);

        m.excess -= giveUp.toInt256();
        if (m.excess <= sale.margin.excess) revert NotImproved(sale.margin.excess, m.excess);
        uint256 target = AuctionMath.targetDown(sale.params.targetBuffer, m.requirement);
        int256 most = (target + AuctionMath.RESTORED_TOLERANCE).toInt256();
        if (m.excess > most) revert BundleTooLarge(m.excess, most);
        emit BundleBid(sale.account, sale.auction.id, sale.bidder, giveUp, sale.margin.excess, m.excess);

        _endOrKeep(sale, m, false, WAD);
    }

    /* END AND POKE */

    /// @inheritdoc ILiquidationAuction
    function end(uint256 account) external upToDate(account) gated {
        Auction memory a = _live(account);
        Margin memory m = _engine().maintenanceMargin(account);
        if (!m.free && !_mayEnd(a, m)) revert NotRestored(account, m.excess);
        vault.touch(account, TouchMode.Liquidated);
        _end(account, a, false);
    }

    /// @dev Restored to the target, or healthy at Valid prices:
    /// nobody may bid for it then, and it must not stay locked.
    function _mayEnd(Auction memory a, Margin memory m) private view returns (bool) {
        if (m.excess >= 0 && m.pricesValid && !a.insolvent) return true;
        return AuctionMath.isRestored(_params.targetBuffer, m.requirement, m.excess);
    }

    /// @inheritdoc ILiquidationAuction
    function poke(uint256 account) external upToDate(account) gated {
        Sale memory sale;
        sale.account = account;
        sale.auction = _live(account);
        sale.engine = _engine();
        sale.margin = sale.engine.maintenanceMargin(account);
        _bringToNow(sale);
        _auctions[account] = sale.auction;
    }

    function _end(uint256 account, Auction memory a, bool closed) private {
        delete _auctions[account];
        _reduceUnits(account, a.pages, 0);
        _totals.exposure -= a.exposure;
        vault.setInAuction(account, false);
        emit AuctionEnded(account, a.id, closed);
    }

    /// @dev Keeps the fraction `left` of the units an account counts, rounded up: exactly what was counted is given
    /// back, whatever happened to legs.
    function _reduceUnits(uint256 account, uint256 pages, uint256 left) private {
        for (uint256 page = 0; page < LANES; ++page) {
            if (!BitSet.wrap(pages).has(page)) continue;
            UnitLanes counted = _counted[account][page];
            UnitLanes kept;
            if (left != 0) kept = counted.scaledUp(left);
            if (kept.equals(counted)) continue;
            _room[page] = _room[page].plus(counted.minus(kept));
            _counted[account][page] = kept;
        }
    }

    /* CLOCK AND TERMS */

    /// @dev Brings value, phase and clock of a sale to now, in memory, and tells of changes.
    /// @return running Whether the clock runs.
    function _bringToNow(Sale memory sale) private returns (bool running) {
        (bool halted, bool insolvent) = (sale.auction.halted, sale.auction.insolvent);
        running = _advance(sale);
        if (sale.auction.halted != halted) emit ClockChanged(sale.account, sale.auction.id, !halted);
        if (sale.auction.insolvent != insolvent) emit PhaseChanged(sale.account, sale.auction.id, !insolvent);
    }

    /// @dev A change of phase and the end of a halt both begin the price curve anew. A halt stops everything else.
    function _advance(Sale memory sale) private view returns (bool running) {
        Auction memory a = sale.auction;
        sale.value = sale.margin.equity - int256(uint256(a.reserved));
        if (sale.margin.pricesHalted) {
            a.halted = true;
            return false;
        }
        bool insolvent = sale.value <= 0;
        if (a.halted || insolvent != a.insolvent) {
            (a.halted, a.insolvent) = (false, insolvent);
            // safe because the time fits 32 bits until 2106
            a.startedAt = uint32(block.timestamp);
        }
        uint256 from = FixedPointMathLib.max(a.startedAt, sale.engine.oracle().auctionClockFloor());
        if (from > block.timestamp) return false;
        sale.elapsed = block.timestamp - from;
        return true;
    }

    /// @dev Price of the whole now (negative: payout) and the largest fraction a bid may take.
    function _terms(Sale memory sale) private pure returns (int256 price, uint256 largest) {
        AuctionParams memory p = sale.params;
        if (sale.value <= 0) {
            // safe because the value is not positive
            uint256 payout = AuctionMath.payoutDown(p, uint256(-sale.value), sale.margin.requirement, sale.elapsed);
            return (-payout.toInt256(), WAD);
        }
        uint256 discount = AuctionMath.discount(p, sale.elapsed);
        Rest memory rest = _rest(sale);
        price = AuctionMath.paymentUp(WAD, rest.value, discount).toInt256();
        if (sale.margin.excess < 0) largest = AuctionMath.largestFractionUp(p, rest, discount);
    }

    /// @dev The part of a solvent account that is for sale.
    function _rest(Sale memory sale) private pure returns (Rest memory) {
        uint256 reserved = sale.auction.reserved;
        // safe because the value is positive in the solvent phase, and reserved cash is a uint96
        return Rest(uint256(sale.value), sale.margin.excess - int256(reserved), sale.margin.requirement, reserved);
    }

    function _live(uint256 account) private view returns (Auction memory a) {
        a = _auctions[account];
        if (a.id == 0) revert NotInAuction(account);
    }

    function _requireNonce(uint256 account, uint256 expected) private view {
        uint256 actual = stateNonce(account);
        if (actual != expected) revert NonceMismatch(account, actual, expected);
    }

    function _engine() private view returns (IRiskEngine) {
        return IRiskEngine(vault.riskEngine());
    }

    function _exposureUp(uint256 requirement) private pure returns (uint64) {
        return FixedPointMathLib.divUp(requirement, EXPOSURE_SCALE).toUint64();
    }

    /* GOVERNANCE */

    /// @inheritdoc ILiquidationAuction
    function setParams(AuctionParams calldata params_) external restricted {
        _setParams(params_);
    }

    function _setParams(AuctionParams memory p) private {
        _requireAtMost(p.startPrice, WAD);
        _requireAtMost(p.floorPrice, p.startPrice);
        _requireBetween(p.fastDuration, 1, MAX_DURATION);
        _requireBetween(p.slowDuration, 1, MAX_DURATION);
        _requireBetween(p.insolventDuration, 1, MAX_DURATION);
        _requireBetween(p.targetBuffer, 1, WAD);
        _requireAtMost(p.bundleShare, WAD - 1);
        _requireAtMost(p.starterShare, MAX_STARTER_SHARE);
        _requireAtMost(p.starterFlat, p.starterCap);
        if (p.globalExposureCap == 0) revert ParameterOutOfRange(0, 1);
        _params = p;
        emit AuctionParamsSet(p);
    }

    function _requireBetween(uint256 value, uint256 least, uint256 most) private pure {
        if (value < least) revert ParameterOutOfRange(value, least);
        _requireAtMost(value, most);
    }

    function _requireAtMost(uint256 value, uint256 most) private pure {
        if (value > most) revert ParameterOutOfRange(value, most);
    }

    /* VIEWS */

    /// @inheritdoc ILiquidationAuction
    function quote(uint256 account)
        external
        view
        returns (bool insolvent, int256 price, uint256 maxFraction, uint256 nonce, int256 value)
    {
        if (vault.isGateOpen()) revert OperationOpen();
        Sale memory sale;
        sale.auction = _live(account);
        sale.params = _params;
        sale.engine = _engine();
        sale.margin = sale.engine.maintenanceMargin(account);
        bool running = _advance(sale);
        (price, maxFraction) = _terms(sale);
        if (!running) maxFraction = 0;
        (insolvent, nonce, value) = (sale.value <= 0, stateNonce(account), sale.value);
    }

    /// @inheritdoc ILiquidationAuction
    function stateNonce(uint256 account) public view returns (uint256) {
        return vault.nonceOf(account) + _clearinghouse.nonceOf(account);
    }

    /// @inheritdoc ILiquidationAuction
    function auctionOf(uint256 account) external view returns (Auction memory) {
        return _auctions[account];
    }

    /// @inheritdoc ILiquidationAuction
    function params() external view returns (AuctionParams memory) {
        return _params;
    }

    /// @inheritdoc ILiquidationAuction
    function exposureOf(uint256 underlying) external view returns (uint256 units) {
        (uint256 page, uint256 lane) = _laneOf(underlying);
        return MAX_LANE - _room[page].at(lane);
    }

    /// @inheritdoc ILiquidationAuction
    function globalExposure() external view returns (uint256) {
        return _totals.exposure;
    }
}
