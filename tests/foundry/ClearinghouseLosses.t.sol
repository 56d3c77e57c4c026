// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IExpiries} from "contracts/interfaces/IExpiries.sol";
import {IMarginVault} from "contracts/interfaces/IMarginVault.sol";
import {KIND_FUTURE, KIND_PERPETUAL} from "contracts/types/InstrumentId.sol";

import {VenueHarness} from "./VenueHarness.sol";

/// @dev Who bears a market's loss, and what a loss may turn into.
contract ClearinghouseLossesTest is VenueHarness {
    uint256 private constant FEED = 1;
    uint256 private constant OTHER_FEED = 2;
    uint256 private constant ONE = 1e18;

    uint64 private perpetual;
    uint64 private otherPerpetual;
    uint64 private future;
    uint256 private trader;
    uint256 private maker;
    uint256 private other;
    uint256 private liquidator;

    function setUp() public override {
        super.setUp();
        addUnderlyings(OTHER_FEED, 2000e18);
        perpetual = clearinghouse.list(KIND_PERPETUAL, FEED, 0, 0, defaultConfig());
        otherPerpetual = clearinghouse.list(KIND_PERPETUAL, OTHER_FEED, 0, 0, defaultConfig());
        future = clearinghouse.list(KIND_FUTURE, FEED, START - START % 1 hours + 2 hours, 0, defaultConfig());
        trader = fund("trader", 100_000);
        maker = fund("maker", 100_000);
        other = fund("other", 1_000_000);
        liquidator = fund("liquidator", 1_000_000);
    }

    /// @dev An hour later the smoothed price has followed, and the new one is Valid.
    function _movePrice(uint256 feed, uint256 price) private {
        setPrice(feed, price);
        vm.warp(block.timestamp + 1 hours);
        setPrice(feed, price);
    }

    function _deficit() private view returns (uint256 deficit) {
        (,,, deficit,,) = vault.cashTotals();
    }

    function _valueOf(uint256 account) private view returns (int256 value) {
        (int256 size, int256 basis) = clearinghouse.position(account, perpetual);
        (int256 long,) = losses.claimOf(perpetual, account, true);
        (int256 short,) = losses.claimOf(perpetual, account, false);
        value = size * int256(oracle.price(FEED).mid) / 1e18 - basis + long + short;
    }

    /// @dev A winner that closes bears its part like one that stays, and the bidder is credited in full. In a calm a
    /// newcomer's contracts count too, but have won nothing: their part is collected from nobody.
    function test_closedContractsShare() public {
        trade(perpetual, trader, maker, 4 * ONE, 2000e18);
        trade(perpetual, trader, other, ONE, 2000e18);
        _movePrice(FEED, 1900e18);
        // The maker buys its short back from a newcomer: a claim of 400 USD that is of four contracts.
        trade(perpetual, maker, liquidator, 4 * ONE, 1900e18);
        assertEq(_valueOf(maker), 400e18);

        this.shareLoss(trader, perpetual, 300e18);
        settle(maker, perpetual);
        settle(other, perpetual);
        settle(liquidator, perpetual);

        (, int256 basis) = clearinghouse.position(trader, perpetual);
        assertEq(basis, 9700e18, "credit");
        assertApproxEqAbs(_valueOf(maker), 400e18 - int256(uint256(300e18) * 4 / 9), 1e3, "four ninths");
        assertApproxEqAbs(_valueOf(other), 100e18 - int256(uint256(300e18) / 9), 1e3, "one ninth");
        assertEq(_valueOf(liquidator), 0, "none for the newcomer");
        assertApproxEqAbs(losses.shortfallOf(perpetual), uint256(300e18) * 4 / 9, 1e3, "what nobody bears");
        assertEq(_deficit(), 0);
    }

    /// @dev A loss of one unit, however large, leaves room for the next: no index fills up.
    function test_attack_69_hugeLossPerContractLeavesRoom() public {
        trade(perpetual, trader, maker, 1, 2000e18);
        this.shareLoss(trader, perpetual, 50e18);
        this.shareLoss(trader, perpetual, type(uint64).max);
        uint256 shortfall = losses.shortfallOf(perpetual);
        assertEq(shortfall, 50e18 + uint256(type(uint64).max), "what cannot be shared is shortfall");

        trade(perpetual, trader, maker, 10 * ONE, 2000e18);
        _movePrice(FEED, 1900e18);
        this.shareLoss(trader, perpetual, 300e18);
        int256 before = _valueOf(maker);
        settle(maker, perpetual);
        assertApproxEqAbs(before - _valueOf(maker), 300e18, 1e12, "the next loss is shared again");
        assertEq(losses.epochOf(perpetual), 3);
    }

    /// @dev Who opens after the price moved bears nothing, and what is not collected never becomes cash of the pool.
    function test_whatWinnersCannotPayIsNoCash() public {
        trade(perpetual, trader, maker, ONE, 2000e18);
        _movePrice(FEED, 1700e18);
        trade(perpetual, liquidator, other, 99 * ONE, 1700e18);

        this.shareLoss(trader, perpetual, 300e18);
        settle(other, perpetual);
        settle(maker, perpetual);

        assertEq(clearinghouse.poolOf(perpetual), 0, "pool");
        assertEq(losses.shortfallOf(perpetual), 297e18, "fresh contracts were counted in a calm, and bear nothing");
        assertEq(_deficit(), 0, "deficit");
        (, int256 basis) = clearinghouse.position(trader, perpetual);
        assertEq(basis, 1700e18, "credit");
    }

    /// @dev Beyond what the winners have, the credit is a claim on the market.
    function test_theCreditIsWhole() public {
        trade(perpetual, trader, maker, ONE, 2000e18);
        _movePrice(FEED, 1900e18);

        this.shareLoss(trader, perpetual, 500e18);

        (, int256 basis) = clearinghouse.position(trader, perpetual);
        assertEq(basis, 1500e18, "credit");
        settle(maker, perpetual);
        // entries are kept with 27 bits
        assertApproxEqAbs(losses.shortfallOf(perpetual), 400e18, 2e13, "a contract bears what it won");
        assertEq(_deficit(), 0);
    }

    /// @dev A hedged leg requires little, but its unpaid profit covers no debt of another market.
    function test_attack_84_unpaidProfitCoversNoDebt() public {
        uint256 hedged = fund("hedged", 25_000);
        trade(perpetual, hedged, maker, 100 * ONE, 2000e18);
        _movePrice(FEED, 2300e18);
        trade(future, other, hedged, 100 * ONE, 2300e18);
        trade(otherPerpetual, hedged, liquidator, 60 * ONE, 2090e18);
        assertGt(initialExcess(hedged), 0, "well margined");
        // edges close to the price: what initial margin counts of the profit is more than what is owed
        vm.warp(vm.getBlockTimestamp() + 15 minutes);
        setPrice(FEED, 2300e18);
        setPrice(OTHER_FEED, 2000e18);

        // 27,000 are lost, of which it has 25,000
        vm.expectPartialRevert(IMarginVault.BelowInitialMargin.selector);
        this.tradeFor(otherPerpetual, liquidator, hedged, 60 * ONE, 1640e18, false, false);
    }

    /// @dev Many losses can be taken off a leg in pieces.
    function test_collectSharesInPieces() public {
        trade(perpetual, trader, maker, 10 * ONE, 2000e18);
        _movePrice(FEED, 1900e18);
        for (uint256 i; i < 5; ++i) {
            this.shareLoss(trader, perpetual, 10e18);
        }
        int256 before = _valueOf(maker);
        assertEq(clearinghouse.collectShares(maker, perpetual, 2), 3);
        assertEq(before - _valueOf(maker), 20e18);
        assertEq(clearinghouse.collectShares(maker, perpetual, 9), 0);
        assertEq(before - _valueOf(maker), 50e18);
        assertEq(clearinghouse.collectShares(maker, perpetual, 9), 0);
        assertEq(losses.shortfallOf(perpetual), 0);
    }

    /// @dev Healthy through unrealised profit alone: no cash for the loss of another leg.
    function test_settleBetweenLendsNothingAgainstUnpaidProfit() public {
        uint256 poor = fund("poor", 1200);
        trade(perpetual, poor, maker, 5 * ONE, 2000e18);
        trade(otherPerpetual, other, poor, 5 * ONE, 2000e18);
        setPrice(FEED, 3000e18);
        setPrice(OTHER_FEED, 2950e18);
        _movePrice(FEED, 3000e18);
        setPrice(OTHER_FEED, 2950e18);
        assertGe(engine.maintenanceMargin(poor).excess, 0, "maintenance margin");
        assertLt(initialExcess(poor), 0, "initial margin");

        settle(poor, otherPerpetual);
        clearinghouse.settleBetween(otherPerpetual, other, poor);

        assertEq(vault.cashOf(poor), 0);
    }

    /// @dev INV-41: one fill moves the premium by half its fees over all there is, whenever it comes.
    function test_oneFillMovesThePremiumByHalfItsFees() public {
        vm.warp(block.timestamp + 1 hours);
        setPrice(FEED, 2000e18);

        trade(perpetual, trader, maker, 10 * ONE, 2100e18);

        // 21,000 at 500 ppm, halved, over 20,000
        assertEq(clearinghouse.premium(perpetual), 0.0002625e18);
        vm.warp(block.timestamp + 8 hours);
        assertEq(clearinghouse.premium(perpetual), 0.0002625e18 * int256(367_879_441_171_442_321) / 1e18);
    }

    /// @dev What was observed of one oracle is none of another's.
    function test_finishRefusesAnotherOracle() public {
        vm.warp(START - START % 1 hours + 2 hours - 20 minutes);
        for (uint256 i; i < 20; ++i) {
            setPrice(FEED, 2000e18);
            clearinghouse.observeSettlement(future);
            vm.warp(vm.getBlockTimestamp() + 1 minutes);
        }
        address first = address(oracle);
        clearinghouse.setOracles(
            deployCode(
                "build/forge/OracleAdapter.sol/OracleAdapter.json", abi.encode(address(authority), oracle.pyth())
            ),
            address(0)
        );

        vm.expectRevert(abi.encodeWithSelector(IExpiries.TooFewObservations.selector, future, 0, 20));
        clearinghouse.finishSettlement(future);

        clearinghouse.setOracles(first, address(0));
        clearinghouse.finishSettlement(future);
        (,, uint256 price,) = clearinghouse.settlementOf(future);
        assertEq(price, 2000e18);
    }
}
