// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {StatefulVenue} from "./StatefulVenue.sol";
import {AssetConfig} from "contracts/interfaces/IMarginVault.sol";
import {MarketWord} from "contracts/types/MarketWord.sol";
import {SpotWord} from "contracts/types/SpotWord.sol";

/// @notice What holds in a venue at all times, whatever its users do. Ids as in docs/invariants.md.
/// @dev Up to a minute and five blocks pass before each action, beside what the users wait.
/// forge-config: default.invariant.max-time-delay = 60
/// forge-config: default.invariant.max-block-delay = 5
contract InvariantsTest is StatefulVenue {
    function setUp() public {
        _setUpHandler();
    }

    /// @notice INV-01: tokens in the vault cover every credit, to the wei; nothing that was not credited counts.
    function invariant_INV_01_tokens_are_accounted_for() public view {
        (,,,, uint256 tokens,) = vault.cashTotals();
        assertEq(int256(usdc.balanceOf(address(vault))), handler.netUsdc(), "cash tokens against net inflow");
        assertEq(tokens, usdc.balanceOf(address(vault)) * 1e12, "tracked cash tokens");
        assertEq(int256(weth.balanceOf(address(vault))), handler.netWeth(), "collateral against net inflow");

        AssetConfig memory asset = vault.assetAt(0);
        uint256 credited;
        uint256[] memory ids = handler.accounts();
        for (uint256 i = 0; i < ids.length; ++i) {
            credited += vault.balanceOf(ids[i], 0);
        }
        assertEq(asset.total, weth.balanceOf(address(vault)), "total of the asset");
        assertEq(credited, asset.total, "sum of the accounts");
    }

    /// @notice INV-01: the cash identity: what is owed never exceeds what is there.
    function invariant_INV_01_cash_is_covered() public view {
        (uint256 supply, uint256 borrowed, uint256 pools, uint256 deficit, uint256 tokens,) = vault.cashTotals();
        assertGe(tokens + borrowed + deficit + TOLERANCE, supply + pools, "cash identity");
    }

    /// @notice INV-02: at these prices all equities together are what came in, less what nobody has claimed yet.
    function invariant_INV_02_nothing_is_made_of_nothing() public view {
        (,,, uint256 deficit, uint256 tokens,) = vault.cashTotals();
        int256 claims;
        uint256[] memory ids = handler.accounts();
        for (uint256 i = 0; i < ids.length; ++i) {
            claims += vault.cashOf(ids[i]);
        }
        for (uint256 m = 0; m < handler.marketCount(); ++m) {
            claims += _valuesOf(m, ids) - int256(losses.shortfallOf(handler.instrument(m)));
        }
        assertLe(claims, int256(tokens + deficit + TOLERANCE), "claims against what is there");
    }

    /// @notice INV-02, per market: values and claims never exceed the pool and what is known to be backed by nothing.
    function invariant_INV_02_markets_balance() public view {
        uint256[] memory ids = handler.accounts();
        uint256 pools;
        for (uint256 m = 0; m < handler.marketCount(); ++m) {
            uint256 pool = clearinghouse.poolOf(handler.instrument(m));
            int256 backing = int256(pool + losses.shortfallOf(handler.instrument(m)));
            assertLe(_valuesOf(m, ids), backing + int256(TOLERANCE), "values against the pool");
            assertGe(_valuesOf(m, ids), backing - int256(1e9), "no value is lost but rounding");
            pools += pool;
        }
        (,, uint256 vaultPools,,,) = vault.cashTotals();
        assertEq(pools, vaultPools, "sum of the pools");
    }

    /// @notice INV-03: longs equal shorts, and are the open interest.
    function invariant_INV_03_longs_equal_shorts() public view {
        uint256[] memory ids = handler.accounts();
        for (uint256 m = 0; m < handler.marketCount(); ++m) {
            uint64 id = handler.instrument(m);
            int256 net;
            uint256 longs;
            for (uint256 i = 0; i < ids.length; ++i) {
                (int256 size,) = clearinghouse.position(ids[i], id);
                net += size;
                if (size > 0) longs += uint256(size);
            }
            MarketWord word = clearinghouse.marketWord(id);
            assertEq(word.openInterest(), longs, "open interest");
            // of a settled market each leg leaves on its own
            if (!word.isSettled()) assertEq(net, 0, "longs = shorts");
        }
    }

    /// @notice INV-14: whoever has nothing left but a debt is in auction.
    function invariant_INV_14_bare_debt_is_in_auction() public view {
        uint256[] memory ids = handler.accounts();
        for (uint256 i = 0; i < ids.length; ++i) {
            (int256 cash, SpotWord[] memory spot) = vault.accountState(ids[i]);
            bool bare = cash < 0 && spot.length == 0 && clearinghouse.legIds(ids[i]).length == 0;
            assertTrue(!bare || vault.isInAuction(ids[i]), "bare debt");
        }
    }

    /// @notice INV-44: whoever only lends has what it lent, but for its part of the loans that nobody could pay; the
    /// fund has what it began with, but for what it paid of them.
    function invariant_INV_44_lenders_and_fund_bear_loans_alone() public view {
        int256 lent = int256(handler.LENT() * 1e12);
        assertGe(
            handler.cashOfLender() + int256(handler.borneByLenders() + TOLERANCE), lent, "lenders bore what is no loan"
        );
        uint256 insured = handler.INSURED() * 1e12;
        assertGe(handler.cashOfFund() + handler.borneByFund() + TOLERANCE, insured, "the fund paid what is no loan");
    }

    /// @notice INV-20: without an auction no loss is in sight.
    function invariant_INV_20_a_loss_in_sight_is_of_an_auction() public view {
        uint256[] memory ids = handler.accounts();
        for (uint256 i = 0; i < ids.length; ++i) {
            if (vault.isInAuction(ids[i])) return;
        }
        assertEq(vault.lossInSight(), 0);
    }

    /// @notice INV-08, INV-09, INV-10, INV-15, INV-16, INV-28, INV-36, INV-42: what the handler checked after every
    /// single action.
    function invariant_INV_08_09_10_15_16_28_36_42_every_action_keeps_its_promise() public view {
        string[] memory broken = handler.broken();
        assertEq(broken.length, 0, broken.length == 0 ? "" : broken[0]);
    }

    /// @dev How much of the venue the run reached: a line a run, which `tools/reached.py` adds up.
    function afterInvariant() public {
        string[14] memory states = [
            "filled",
            "option trades",
            "expired",
            "withdrawn",
            "refused",
            "started",
            "solvent bids",
            "insolvent bids",
            "shared losses",
            "losses of loans",
            "deficits",
            "sold whole",
            "lent to pay",
            "loss in sight"
        ];
        string memory line = "";
        for (uint256 i = 0; i < states.length; ++i) {
            uint256 count = handler.done(bytes32(bytes(states[i])));
            line = string.concat(line, i == 0 ? "" : ",", states[i], "=", vm.toString(count));
        }
        vm.writeLine("build/reached.txt", line);
    }

    /// @dev Value of all legs of a market at its price now, before pending shares of losses, each rounded down.
    function _valuesOf(uint256 market, uint256[] memory ids) private view returns (int256 sum) {
        uint64 id = handler.instrument(market);
        (uint256 price,) = handler.markOf(id);
        int256 funding = clearinghouse.marketWord(id).fundingAt(price, block.timestamp);
        for (uint256 i = 0; i < ids.length; ++i) {
            (int256 size, int256 basis) = clearinghouse.position(ids[i], id);
            int256 product = size * (int256(price) - funding);
            int256 value = product / 1e18;
            if (product < 0 && product % 1e18 != 0) --value;
            (int256 long,) = losses.claimOf(id, ids[i], true);
            (int256 short,) = losses.claimOf(id, ids[i], false);
            sum += value - basis + long + short;
        }
    }
}
