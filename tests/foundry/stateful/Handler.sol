// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {VenueTest} from "../base/VenueTest.sol";
import {Refusals} from "./Refusals.sol";
import {Clearinghouse} from "contracts/Clearinghouse.sol";
import {MarginVault} from "contracts/MarginVault.sol";
import {OracleAdapter} from "contracts/OracleAdapter.sol";
import {ILiquidationAuction} from "contracts/interfaces/ILiquidationAuction.sol";
import {Margin} from "contracts/interfaces/IRiskEngine.sol";
import {TestToken} from "contracts/periphery/TestToken.sol";
import {Vm} from "forge-std/Vm.sol";

/// @notice Random users of a venue: they deposit, withdraw, trade, settle, liquidate, while prices and time move.
/// @dev Rules act and record; what must hold after every single
/// action is checked here, what must hold at all times in the suite. No refusal is swallowed: each is one that the rule
/// may meet (`Refusals`), or the run fails.
contract Handler is VenueTest, Refusals {
    uint256 internal constant MARKETS = 3;
    uint256 internal constant SERIES = 4;
    uint256 internal constant OPTION_TENOR = 40 days;
    uint256 internal constant PARTIES = 5;
    /// @dev What the lender lends, and the fund begins with [token units].
    uint256 public constant LENT = 1_000_000e6;
    uint256 public constant INSURED = 2000e6;
    /// @dev Cash and values are rounded a few times per action.
    int256 internal constant ROUNDING = 1e4;

    Party[] public parties;
    /// @dev Has money for everything, and does nothing but show that somebody could bid.
    Party private _keeper;
    /// @dev Lends, and does nothing else.
    Party private _lender;
    /// @dev What lenders and fund have borne so far, by what the auction said of each loss [wad].
    uint256 public borneByLenders;
    uint256 public borneByFund;
    /// @dev What users put in less what they took out [token units].
    int256 public netUsdc;
    int256 public netWeth;
    mapping(bytes32 rule => uint256) public done;
    string[] private _broken;

    constructor() {
        deployVenue(MARKETS);
        listOptions(SERIES, (block.timestamp + OPTION_TENOR) / 1 hours * 1 hours);
        for (uint256 i = 0; i < PARTIES; ++i) {
            parties.push(party(string.concat("party", vm.toString(i))));
            _deposit(parties[i], 12_000e6, 20e18);
        }
        _keeper = party("keeper");
        _deposit(_keeper, 10_000_000e6, 1);
        _lender = party("lender");
        _deposit(_lender, LENT, 1);
        usdc.mint(address(this), INSURED);
        usdc.approve(address(fund), type(uint256).max);
        fund.deposit(INSURED, address(this));
        netUsdc += int256(INSURED);
    }

    function _deposit(Party memory p, uint256 cash, uint256 ether_) private {
        fundParty(p, usdc, cash);
        fundParty(p, weth, ether_);
        netUsdc += int256(cash);
        netWeth += int256(ether_);
    }

    modifier counted(bytes32 rule) {
        _;
        ++done[rule];
        if (vault.lossInSight() != 0) ++done["loss in sight"];
        if (vault.isGateOpen()) _broken.push("INV-28 gate left open");
    }

    /// @dev For rules that change neither prices nor time: nobody's health is lost by them, whoever acts, but for who
    /// bears a share of a market's loss. Prices are of the last minute, and arrays of their slices.
    modifier steady(bytes32 rule) {
        _catchUp();
        bool[] memory healthy = _healthy();
        uint256 shared = done["shared losses"];
        _;
        bool[] memory afterwards = _healthy();
        for (uint256 i = 0; i < PARTIES; ++i) {
            bool bears = done["shared losses"] != shared && clearinghouse.legIds(parties[i].account).length != 0;
            _note(afterwards[i] || !healthy[i] || bears, "INV-09 an action made a healthy account unhealthy");
        }
        ++done[rule];
        if (vault.isGateOpen()) _broken.push("INV-28 gate left open");
    }

    function _catchUp() private {
        oracle.refreshOld(feedIds);
        uint256[] memory ids = new uint256[](SERIES);
        for (uint256 i = 0; i < SERIES; ++i) {
            ids[i] = series[i];
        }
        options.refreshOutdated(ids);
    }

    function _healthy() private view returns (bool[] memory healthy) {
        healthy = new bool[](PARTIES);
        for (uint256 i = 0; i < PARTIES; ++i) {
            (, Margin memory m) = engine.margin(parties[i].account);
            healthy[i] = m.excess >= -ROUNDING;
        }
    }

    /* RULES */

    function deposit(uint256 who, uint256 amount, bool inEther) external steady("deposit") {
        Party memory p = _party(who);
        amount = bound(amount, 1, inEther ? 1e18 : 2000e6);
        (Margin memory initial, Margin memory maintenance) = engine.margin(p.account);
        fundParty(p, inEther ? weth : usdc, amount);
        if (inEther) netWeth += int256(amount);
        else netUsdc += int256(amount);
        (Margin memory initialAfter, Margin memory maintenanceAfter) = engine.margin(p.account);
        _note(maintenanceAfter.excess >= maintenance.excess - 2, "INV-08 deposit lowered the maintenance excess");
        _note(initialAfter.excess >= initial.excess - 2, "INV-08 deposit lowered the initial excess");
    }

    function withdraw(uint256 who, uint256 amount, bool inEther) external steady("withdraw") {
        Party memory p = _party(who);
        amount = inEther ? bound(amount, 1, 5e18) : _withdrawable(p, bound(amount, 1, 40_000e6));
        vm.prank(p.owner);
        try vault.withdraw(p.account, address(inEther ? weth : usdc), amount, p.owner) returns (uint256 sent) {
            if (inEther) netWeth -= int256(sent);
            else netUsdc -= int256(sent);
            _note(sent == amount || vault.lossInSight() != 0, "INV-20 a fee without a loss in sight");
            _requireInitial(p, "INV-10 withdrawal past the gate");
            ++done["withdrawn"];
        } catch (bytes memory why) {
            _refused("withdraw", why);
        }
    }

    /// @dev As much of an amount as leaves the account at initial margin: a loan where that is more than its cash.
    function _withdrawable(Party memory p, uint256 amount) private returns (uint256) {
        (Margin memory initial,) = engine.margin(p.account);
        uint256 room = initial.paidExcess > 2e12 ? uint256(initial.paidExcess) / 1e12 - 1 : 1;
        return amount < room ? amount : room;
    }

    function transfer(uint256 from, uint256 to, uint256 amount) external steady("transfer") {
        Party memory p = _party(from);
        amount = bound(amount, 1, 10_000e6);
        vm.prank(p.owner);
        try vault.transfer(p.account, _party(to).account, address(usdc), amount) {
            _requireInitial(p, "INV-10 transfer past the gate");
        } catch (bytes memory why) {
            _refused("transfer", why);
        }
    }

    function trade(uint256 who, uint256 with, uint256 market, int256 size, uint256 offset) external steady("trade") {
        (Party memory taker, Party memory maker) = (_party(who), _party(with));
        uint64 id = instrument(bound(market, 0, marketCount() - 1));
        size = bound(size, -60e18, 60e18);
        if (size == 0) size = 1;
        (uint256 mark, uint256 index) = markOf(id);
        // up to 3 % of the index from the mark
        uint256 price = mark + index * 3 / 100;
        price -= price < index * 6 / 100 ? price * bound(offset, 0, 100) / 100 : index * bound(offset, 0, 600) / 10_000;
        try this.fill(maker, taker, id, size, price) {
            ++done["filled"];
            if (id >> 60 > 2) ++done["option trades"];
            _requireInitial(taker, "INV-10 taker past the gate");
            _requireInitial(maker, "INV-10 maker past the gate");
        } catch (bytes memory why) {
            _refused("trade", why);
        }
    }

    /// @dev A fill of two orders, as a call that may be refused.
    function fill(Party memory maker, Party memory taker, uint64 id, int256 size, uint256 price) external {
        trade(maker, taker, id, size, price);
    }

    function settle(uint256 who) external steady("settle") {
        Party memory p = _party(who);
        uint64[] memory ids = clearinghouse.legIds(p.account);
        (Margin memory i, Margin memory m) = engine.margin(p.account);
        try clearinghouse.settle(p.account, ids) {
            (, Margin memory afterwards) = engine.margin(p.account);
            _note(afterwards.excess >= m.excess - ROUNDING, "INV-08 settling lowered the excess");
        } catch (bytes memory why) {
            int256 missing = int256(m.requirement) - i.paidExcess - int256(i.requirement);
            _note(missing > -ROUNDING || !i.pricesValid, "what an account can pay is settled");
            _refused("settle", why);
        }
    }

    /// @dev Up to 15 % either way, stored at once; one time in four the collateral loses 20 to 45 %.
    function movePrice(uint256 market, uint256 factor) external counted("movePrice") {
        bool crash = factor % 4 == 0;
        market = crash ? 0 : bound(market, 0, MARKETS - 1);
        factor = crash ? bound(factor, 5500, 8000) : bound(factor, 8500, 11_500);
        uint256 price = oracle.price(market + 1).mid / 1e10 * factor / 10_000;
        setPrice(market + 1, bound(price, 200e8, 20_000e8));
        skip(12);
        refreshAll();
        _renewOptions();
    }

    /// @dev A fresh surface and fresh arrays: who trades options sees to that.
    function _renewOptions() private {
        postSlice();
        options.refresh(series);
    }

    /// @dev Options whose time has come are settled at what they pay; one time in eight the time comes.
    function expire(uint256 which) external counted("expire") {
        uint64 id = series[which % SERIES];
        if (which % 8 == 0 && vm.getBlockTimestamp() + 25 minutes < optionExpiry) {
            vm.warp(optionExpiry - 25 minutes);
            refreshAll();
        }
        for (uint256 i; i < 30 && vm.getBlockTimestamp() + 30 minutes >= optionExpiry; ++i) {
            try clearinghouse.observeSettlement(id) {}
            catch (bytes memory why) {
                _refused("observe", why);
            }
            vm.warp(vm.getBlockTimestamp() + 1 minutes);
            refreshAll();
        }
        try clearinghouse.finishSettlement(id) {
            ++done["expired"];
        } catch (bytes memory why) {
            _refused("finish", why);
        }
    }

    function wait(uint256 time) external counted("wait") {
        skip(bound(time, 1, 2 days));
        refreshAll();
        vault.collectSurplus();
        // now and then nobody refreshes, and arrays age
        if (time % 4 != 0) _renewOptions();
    }

    /// @dev Tries the given party and, where it is healthy, one that is not.
    function start(uint256 who, uint256 starter) external steady("start") {
        Party memory p = _party(who);
        for (uint256 i = 0; i < PARTIES && engine.health(p.account) >= 1e18; ++i) {
            p = _party(who + i);
        }
        (, Margin memory m) = engine.margin(p.account);
        try auction.start(p.account, _party(starter).account) {
            _note(m.excess < 0, "INV-15 a healthy account was put into auction");
            ++done["started"];
        } catch (bytes memory why) {
            _refused("start", why);
        }
    }

    function bid(uint256 who, uint256 bidder, uint256 fraction) external steady("bid") {
        Party memory p = _party(who);
        for (uint256 i = 0; i < PARTIES && !vault.isInAuction(p.account); ++i) {
            p = _party(who + i);
        }
        Party memory b = _party(bidder);
        bool insolvent = auction.auctionOf(p.account).insolvent;
        (, Margin memory m) = engine.margin(p.account);
        int256 cash = vault.cashOf(p.account);
        vm.recordLogs();
        vm.prank(b.owner);
        try auction.bid(
            p.account,
            b.account,
            bound(fraction, 0.01e18, 1e18),
            0,
            type(int256).max,
            type(uint256).max,
            block.timestamp
        ) returns (
            uint256 taken, int256
        ) {
            ++done[insolvent ? bytes32("insolvent bids") : bytes32("solvent bids")];
            (, Margin memory afterwards) = engine.margin(p.account);
            bool closed = taken == 1e18 && clearinghouse.legIds(p.account).length == 0 && vault.cashOf(p.account) >= 0;
            _note(closed || afterwards.excess > m.excess, "INV-16 a bid neither raised health nor closed the account");
            _requireInitial(b, "INV-10 bidder past the gate");
            _countLosses(cash < 0 ? uint256(-cash) : 0, taken);
        } catch (bytes memory why) {
            _refused("bid", why);
        }
    }

    /// @dev Of a loss fund and lenders bear at most the part of the account's loan that was sold: no market's loss.
    function _countLosses(uint256 loan, uint256 taken) private {
        uint256 most = loan * taken / 1e18 + uint256(ROUNDING);
        Vm.Log[] memory logs = vm.getRecordedLogs();
        for (uint256 i = 0; i < logs.length; ++i) {
            if (logs[i].topics[0] != ILiquidationAuction.LossAllocated.selector) continue;
            (uint256 ofFund, uint256 ofMarkets, uint256 ofLenders, uint256 deficit) =
                abi.decode(logs[i].data, (uint256, uint256, uint256, uint256));
            borneByFund += ofFund;
            borneByLenders += ofLenders;
            if (ofMarkets != 0) ++done["shared losses"];
            if (ofFund + ofLenders != 0) ++done["losses of loans"];
            if (deficit > uint256(ROUNDING)) ++done["deficits"];
            bool ofReward = ofMarkets == 0 && deficit + ofFund != 0;
            _note(ofLenders <= most, "INV-19 lenders bore more than a loan");
            _note(ofFund <= most || ofReward, "INV-19 the fund bore a market's loss");
        }
    }

    /// @dev INV-36: whatever was done before, somebody with money can buy an account below maintenance, whole.
    /// Arrays that have aged count against an account, and start and bid bring them up to date first: so does this.
    function couldBeSold(uint256 who) external counted("could be sold") {
        options.refreshStale(series);
        Party memory p = _party(who);
        for (uint256 i = 0; i < PARTIES && engine.health(p.account) >= 1e18; ++i) {
            p = _party(who + i);
        }
        if (engine.health(p.account) >= 1e18) return;
        uint256 state = vm.snapshotState();
        bool sold = true;
        if (!vault.isInAuction(p.account)) {
            try auction.start(p.account, _keeper.account) {}
            catch (bytes memory why) {
                sold = false;
                _refused("start of a sick account", why);
            }
        }
        vm.prank(_keeper.owner);
        try auction.bid(p.account, _keeper.account, 1e18, 0, type(int256).max, type(uint256).max, block.timestamp) {}
        catch (bytes memory why) {
            // at Halted prices clocks stand still, and nobody bids
            sold = bytes4(why) == ILiquidationAuction.ClockHalted.selector;
        }
        vm.revertToState(state);
        _note(sold, "INV-36 nobody can buy an account below maintenance");
        ++done["sold whole"];
    }

    /// @dev A winner is paid by a loser, whoever they are.
    function settleBetween(uint256 winner, uint256 loser, uint256 market) external counted("settle between") {
        (uint256 won, uint256 lost) = (_party(winner).account, _party(loser).account);
        int256 before = vault.cashOf(lost);
        uint64 id = instrument(bound(market, 0, marketCount() - 1));
        uint256 pool = clearinghouse.poolOf(id);
        try clearinghouse.settleBetween(id, won, lost) {
            int256 lent = vault.cashOf(lost) - (before > 0 ? int256(0) : before);
            // a loan goes to the winner, whole
            if (lent < -ROUNDING) {
                ++done["lent to pay"];
                _note(clearinghouse.poolOf(id) <= pool + uint256(ROUNDING), "INV-42 a loan lies in a pool");
            }
        } catch (bytes memory why) {
            _refused("settleBetween", why);
        }
    }

    function end(uint256 who) external steady("end") {
        Party memory p = _party(who);
        (, Margin memory m) = engine.margin(p.account);
        try auction.end(p.account) {
            _note(m.excess >= 0, "an unhealthy auction was ended");
        } catch (bytes memory why) {
            _refused("end", why);
        }
    }

    /// @dev Looks at an auction, so that its clock and the loss in sight are of now.
    function poke(uint256 who) external steady("poke") {
        Party memory p = _party(who);
        try auction.poke(p.account) {}
        catch (bytes memory why) {
            _refused("poke", why);
        }
    }

    function collect() external steady("collect") {
        vault.collectSurplus();
    }

    /* WHAT THE SUITE READS */

    function contracts() external view returns (MarginVault, Clearinghouse, OracleAdapter, TestToken, TestToken) {
        return (vault, clearinghouse, oracle, usdc, weth);
    }

    function marketCount() public pure returns (uint256) {
        return MARKETS + SERIES;
    }

    /// @dev The perpetuals, then the options.
    function instrument(uint256 market) public view returns (uint64) {
        return market < MARKETS ? perpetuals[market] : series[market - MARKETS];
    }

    /// @dev What a contract is worth now, final once it is settled, and the index.
    function markOf(uint64 id) public view returns (uint256 mark, uint256 index) {
        index = oracle.price((id >> 48) & 0xfff).mid;
        mark = index;
        if (id >> 60 > 2) {
            (mark,,) = options.mark(id);
            (,, uint256 finalPrice,) = clearinghouse.settlementOf(id);
            if (clearinghouse.marketWord(id).isSettled()) mark = finalPrice;
        }
    }

    function accounts() public view returns (uint256[] memory ids) {
        ids = new uint256[](PARTIES + 3);
        for (uint256 i = 0; i < PARTIES; ++i) {
            ids[i] = parties[i].account;
        }
        ids[PARTIES] = fund.fundAccount();
        ids[PARTIES + 1] = _keeper.account;
        ids[PARTIES + 2] = _lender.account;
    }

    /// @dev Cash of who only lends [wad].
    function cashOfLender() external view returns (int256) {
        return vault.cashOf(_lender.account);
    }

    /// @dev Cash of the fund [wad].
    function cashOfFund() external view returns (uint256) {
        return fund.available();
    }

    function broken() external view returns (string[] memory) {
        return _broken;
    }

    function _party(uint256 who) private view returns (Party memory) {
        return parties[who % PARTIES];
    }

    /// @dev An account that has just taken risk meets initial margin (or needs none).
    function _requireInitial(Party memory p, string memory what) private {
        (Margin memory initial,) = engine.margin(p.account);
        bool paid = vault.cashOf(p.account) < 0;
        _note(initial.free || (paid ? initial.paidExcess : initial.excess) >= 0, what);
    }

    function _note(bool holds, string memory what) private {
        if (!holds) _broken.push(what);
    }

    /// @dev A rule was refused: by what it may meet, or the run fails.
    function _refused(bytes32 rule, bytes memory why) private {
        ++done["refused"];
        if (!mayMeet(rule, why)) _broken.push(saying(rule, why));
    }
}
