// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC20Metadata} from "@openzeppelin/contracts/token/ERC20/extensions/IERC20Metadata.sol";

import {AssetConfig, IMarginVault} from "../interfaces/IMarginVault.sol";
import {BitSet} from "../types/BitSet.sol";
import {MAX_FEED_ID} from "../types/Constants.sol";
import {SpotWord, SpotWordLib} from "../types/SpotWord.sol";
import {Holdings} from "./Holdings.sol";

/// @title The assets that accounts may hold as collateral, each at its place for good.
library AssetList {
    struct State {
        AssetConfig[] list;
        mapping(address token => uint256 indexPlusOne) places; // 0: not listed
    }

    /// @dev Most assets: the width of an account's mask.
    uint256 internal constant MAX_LISTED = 64;
    /// @dev Decimals of an asset are within these.
    uint256 internal constant MAX_DECIMALS = 18;
    uint256 private constant MIN_DECIMALS = 6;
    /// @dev The time until which governance closes deposits.
    uint48 private constant CLOSED = type(uint48).max;

    /* LISTING */

    /// @dev Adds an asset that was checked.
    function add(State storage self, AssetConfig memory asset) internal returns (uint256 index) {
        address token = asset.token;
        if (self.places[token] != 0) revert IMarginVault.AssetAlreadyListed(token);
        index = self.list.length;
        if (index == MAX_LISTED) revert IMarginVault.TooManyAssets(index + 1, MAX_LISTED);

        self.list.push(asset);
        self.places[token] = index + 1;
        emit IMarginVault.AssetListed({
            index: index, token: token, feedId: asset.feedId, underlying: asset.underlying, cap: asset.cap
        });
    }

    /// @dev Refuses an asset whose decimals are not what its token says, or without a feed or underlying.
    function check(address token, uint8 decimals, uint8 feedId, uint8 underlying) internal view {
        uint8 actual = IERC20Metadata(token).decimals();
        if (actual != decimals) revert IMarginVault.DecimalsMismatch(token, actual, decimals);
        requireDecimals(actual);
        if (feedId == 0) revert IMarginVault.ParameterOutOfRange(feedId, MAX_FEED_ID);
        if (underlying == 0) revert IMarginVault.ParameterOutOfRange(underlying, MAX_FEED_ID);
    }

    /// @dev Sets what may change of an asset.
    function configure(State storage self, address token, uint128 cap, bool depositsEnabled) internal {
        AssetConfig storage asset = self.list[indexOf(self, token)];
        asset.cap = cap;
        // what the guardian has closed for a time ends by itself
        if (!depositsEnabled) asset.closedUntil = CLOSED;
        else if (asset.closedUntil == CLOSED) asset.closedUntil = 0;
    }

    /// @dev The vault's arithmetic holds for tokens of 6 to 18 decimals.
    function requireDecimals(uint8 decimals) internal pure {
        if (decimals < MIN_DECIMALS) revert IMarginVault.ParameterOutOfRange(decimals, MIN_DECIMALS);
        if (decimals > MAX_DECIMALS) revert IMarginVault.ParameterOutOfRange(decimals, MAX_DECIMALS);
    }

    /* TOTALS */

    /// @dev Counts a deposit [token units].
    function addToTotal(State storage self, uint256 index, address token, uint256 amount) internal {
        AssetConfig storage asset = self.list[index];
        uint256 total = asset.total + amount;
        if (total > asset.cap) revert IMarginVault.CapExceeded(token, total, asset.cap);
        // safe because the total is at most the cap, a uint128
        asset.total = uint128(total);
    }

    /// @dev Counts a withdrawal of what an account held [token units].
    function subFromTotal(State storage self, uint256 index, uint256 amount) internal {
        // safe because no account holds more than the total, a uint128
        self.list[index].total -= uint128(amount);
    }

    /* READING */

    /// @dev Place of a listed asset.
    function indexOf(State storage self, address token) internal view returns (uint256) {
        uint256 indexPlusOne = self.places[token];
        if (indexPlusOne == 0) revert IMarginVault.UnknownAsset(token);
        return indexPlusOne - 1;
    }

    /// @dev Place of a listed asset that may be deposited.
    function indexForDeposit(State storage self, address token) internal view returns (uint256 index) {
        index = indexOf(self, token);
        if (block.timestamp < self.list[index].closedUntil) revert IMarginVault.DepositsDisabled(token);
    }

    /// @dev The collateral of an account, with what the risk engine must know of each asset.
    function spotOf(State storage self, Holdings.Holding storage holding)
        internal
        view
        returns (SpotWord[] memory spot)
    {
        BitSet assets = Holdings.assets(holding);
        spot = new SpotWord[](assets.count());
        for (uint256 i; !assets.isEmpty(); ++i) {
            uint256 index = assets.least();
            assets = assets.withoutLeast();
            AssetConfig storage asset = self.list[index];
            spot[i] = SpotWordLib.encode({
                amount_: holding.balances[index],
                decimals_: asset.decimals,
                feed_: asset.feedId,
                underlying_: asset.underlying,
                assetIndex_: index
            });
        }
    }
}
