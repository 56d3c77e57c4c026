// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {InstrumentConfig} from "../types/InstrumentConfig.sol";
import {PriceStatus} from "../types/PriceStatus.sol";
import {Auction} from "./ILiquidationAuction.sol";
import {AssetConfig} from "./IMarginVault.sol";
import {Price} from "./IOracleAdapter.sol";
import {Margin} from "./IRiskEngine.sol";

/// @notice A position as a page shows it.
struct LegView {
    uint64 instrument;
    int256 size; // [wad base]
    int256 basis; // [wad USD]
    int256 value; // profit at mid, or at the mark of an option, claims and debts included [wad USD]
    uint256 claims; // owed for closed contracts, not yet paid [wad USD]
    uint256 debts; // owed by closed contracts [wad USD]
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
    int256 fundingRate; // now [ppm of index per day]
    int256 premium; // what funding still pays of the index [wad]
    uint256 openInterest; // [wad base]
    uint256 flags;
    uint256 pool; // collected from losers and not yet paid to winners [wad USD]
    uint256 shortfall; // values and claims that nothing collected backs [wad USD]
    uint256 mark; // the index, or the mark of an option [wad USD]
    PriceStatus markStatus;
    InstrumentConfig config;
}

/// @title Margin lens: every batched view that bots and pages need. Owns nothing.
/// @notice Values are wad USD at mid prices. Margin comes from the engine that the vault uses at the time of the call;
/// while an operation is open it is not served.
interface IMarginLens {
    /// @notice Everything about one account, known or not.
    /// @dev Reverts while an operation is open.
    /// @param account Any account.
    /// @return Margin, cash, collateral and legs.
    function accountView(uint256 account) external view returns (AccountView memory);

    /// @notice Everything about many accounts; one that cannot be evaluated fails the call.
    /// @dev Reverts while an operation is open.
    /// @param accounts Any accounts.
    /// @return One view an account, in their order.
    function accountViews(uint256[] calldata accounts) external view returns (AccountView[] memory);

    /// @notice Health factors and state nonces in one call, each account on its own.
    /// @param accounts Any accounts.
    /// @return ok False for an account whose evaluation failed; its health is then type(uint256).max, never 0.
    /// @return healthFactors Of the maintenance set; type(uint256).max where nothing is required [wad].
    /// @return maintenanceExcess Numerator less denominator of the health factor [wad USD].
    /// @return nonces `ILiquidationAuction.stateNonce`, for the guard of a bid.
    function screen(uint256[] calldata accounts)
        external
        view
        returns (
            bool[] memory ok,
            uint256[] memory healthFactors,
            int256[] memory maintenanceExcess,
            uint256[] memory nonces
        );

    /// @notice Every listed instrument, settled ones too.
    /// @return One view an instrument, in the order of listing.
    function markets() external view returns (MarketView[] memory);

    /// @notice Every collateral asset with its price.
    /// @return configs The assets, by their numbers.
    /// @return prices Theirs, in the same order.
    function assets() external view returns (AssetConfig[] memory configs, Price[] memory prices);

    /// @notice Live auctions; zeros for accounts that are not in one.
    /// @dev Reverts while an operation is open if one of the accounts is in auction.
    /// @param accounts Any accounts.
    /// @return live State of the auction; id 0 = none.
    /// @return insolvent The phase a bid would find.
    /// @return prices Price of the whole now; negative: payout [wad USD].
    /// @return maxFractions Largest fraction a bid gets [wad].
    /// @return values Mark value less reserved cash [wad USD].
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
