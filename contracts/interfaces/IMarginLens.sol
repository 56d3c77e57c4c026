// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {InstrumentConfig} from "./IClearinghouse.sol";
import {Auction} from "./ILiquidationAuction.sol";
import {AssetConfig} from "./IMarginVault.sol";
import {Price} from "./IOracleAdapter.sol";
import {Margin} from "./IRiskEngine.sol";

/// @notice A position as a page shows it.
struct LegView {
    uint64 instrument;
    int256 size; // [wad base]
    int256 basis; // [wad USD]
    int256 value; // unrealised profit at mid [wad USD]
    uint256 pendingLoss; // share of a market loss not yet collected [wad USD]
}

/// @notice Collateral as a page shows it.
struct SpotView {
    uint256 assetIndex;
    uint256 amount; // [token units]
    uint256 value; // at mid [wad USD]
}

/// @notice Everything about an account.
struct AccountView {
    uint256 account;
    uint256 healthFactor; // [wad]
    Margin initial;
    Margin maintenance;
    int256 cash; // [wad USD]
    SpotView[] spot;
    LegView[] legs;
    bool inAuction;
    uint256 stateNonce;
}

/// @notice Everything about an instrument.
struct MarketView {
    uint64 instrument;
    Price index;
    int256 fundingIndex; // now [wad USD per base]
    int256 fundingRate; // [ppm of index per day]
    int256 premium; // smoothed [wad]
    uint256 openInterest; // [wad base]
    uint256 flags;
    int256 longBasis; // [wad USD]
    uint256 pool; // [wad USD]
    InstrumentConfig config;
}

/// @title Margin lens: every batched view that bots and pages need. Owns nothing.
interface IMarginLens {
    function accountView(uint256 account) external view returns (AccountView memory);
    function accountViews(uint256[] calldata accounts) external view returns (AccountView[] memory);
    /// @notice Health factors and state nonces in one call; an account whose evaluation fails is reported with ok = false, never as 0.
    function screen(uint256[] calldata accounts)
        external
        view
        returns (
            bool[] memory ok,
            uint256[] memory healthFactors,
            int256[] memory maintenanceExcess,
            uint256[] memory nonces
        );
    function markets() external view returns (MarketView[] memory);
    function assets() external view returns (AssetConfig[] memory configs, Price[] memory prices);
    function auctions(uint256[] calldata accounts)
        external
        view
        returns (
            Auction[] memory live,
            bool[] memory insolvent,
            int256[] memory prices,
            uint256[] memory maxFractions,
            int256[] memory values
        );
}
