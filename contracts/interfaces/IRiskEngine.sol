// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Doubt} from "../types/Doubt.sol";
import {SpotWord} from "../types/SpotWord.sol";
import {IClearinghouse} from "./IClearinghouse.sol";
import {IOptionOracle} from "./IOptionOracle.sol";
import {IOracleAdapter} from "./IOracleAdapter.sol";
import {IRiskParameters} from "./IRiskParameters.sol";

/// @notice Margin of an account in one set [wad USD].
struct Margin {
    int256 excess; // numerator - denominator
    int256 paidExcess; // the same without unpaid profit; of the maintenance set the excess
    uint256 numerator; // of the health factor, never below 0
    uint256 denominator; // of the health factor
    uint256 requirement; // R
    uint256 unhedgedHaircut; // U
    int256 equity; // mark value: spot and open contracts at mid, cash, claims less debts
    bool pricesValid; // of all but dust: prices, fresh arrays, and no leg within half an hour of its expiry
    Doubt doubt; // what prices in doubt are to a bidder for it
    bool free; // neither debt nor open contracts: nothing can be required
}

/// @notice A relative move of a feed.
struct Shock {
    uint256 feedId;
    int256 move; // [wad: -0.2e18 = falls by 20 %]
}

/// @notice An account that need not exist, under prices that need not be.
/// @dev Words are taken as they are: those of assets and instruments that are not listed, or named twice, make
/// nonsense of the answer, and of nothing else.
struct Hypothesis {
    int256 cash; // [wad USD]
    SpotWord[] spot; // balances, each asset once
    uint256[] legs; // four words each, as IClearinghouse.legs has them
    Shock[] shocks; // of prices; each feed at most once
    bool announced; // maintenance counts the multipliers that initial margin does now: the most of the next six hours
}

/// @notice Where the scenario requirement of one underlying comes from [wad USD].
struct ScenarioView {
    uint256 underlying;
    // of spot, linear legs and options by scenario, as docs/margin-model.md numbers them; 0 where not read; down
    int256[25] profits;
    uint256 binding; // the scenario that decides; 25 where a least charge or the most that can be lost does, or none
    uint256 floor; // least charge on short options and on deltas
    uint256 scenario; // what is required for scenarios, before offsets
    int256 offset; // what other underlyings of the group may be set against: > 0 wins when the price rises
    uint256 addOns; // unhedged spot, basis, impact of deltas and of options, crowding, expired futures
}

/// @title Risk engine: an account in, its margin out.
/// @notice View only. Values are wad USD; assets are rounded down, requirements up. Margin never reverts for listed
/// assets and instruments, but where the gas is too little to ask all that may be asked. Formulas:
/// docs/margin-model.md.
/// @dev Assumptions:
/// - Prices come from the oracles, legs from the clearinghouse, parameters from their table: contracts of the venue.
/// - Cash and collateral are what the vault hands over, or says when asked.
/// - Who asks in the middle of an operation is the vault or a module of it; everybody else is refused then.
/// - The volatility source is not trusted: it is asked with bounded gas, and what it says is clamped.
interface IRiskEngine {
    /* ERRORS */

    /// @notice Valuations are not served in the middle of an operation.
    error OperationOpen();

    /// @notice Only the vault, or only a module of it, may ask.
    /// @param caller Who asked.
    error NotModule(address caller);

    /// @notice A shocked price would be negative or absurd.
    /// @param move What was asked for [wad].
    /// @param limit The bound it passes [wad].
    error ShockOutOfRange(int256 move, int256 limit);

    /// @notice A feed is shocked twice.
    /// @param id The feed.
    error DuplicateId(uint256 id);

    /// @notice A hypothesis has not four words for each leg.
    /// @param actual Words that it has.
    /// @param expected Words of as many whole legs.
    error LengthMismatch(uint256 actual, uint256 expected);

    /* FOR THE VAULT, which hands over what it has of the account */

    /// @notice The initial set for the gate, without equity. The vault only.
    /// @dev First refreshes feeds whose sources nobody has asked for a minute, and risk arrays that are not of their
    /// slices. For an account without debt and open contracts no price is read, and nothing but `pricesValid` and
    /// `free` set.
    /// @param account Whose legs are asked for.
    /// @param cash Of the account [wad USD].
    /// @param spot Balances of the account, each asset once.
    /// @return initial The initial set. `pricesValid` also says that the sequencer has been up for its grace.
    function initialMargin(uint256 account, int256 cash, SpotWord[] calldata spot)
        external
        returns (Margin memory initial);

    /// @notice Both sets at once, after feeds and arrays were refreshed as for `initialMargin`. The vault only.
    /// @param account Whose legs are asked for.
    /// @param cash Of the account [wad USD].
    /// @param spot Balances of the account, each asset once.
    /// @return initial The initial set.
    /// @return maintenance The maintenance set.
    function bothMargins(uint256 account, int256 cash, SpotWord[] calldata spot)
        external
        returns (Margin memory initial, Margin memory maintenance);

    /// @notice Refuses what may not be listed as collateral, with the vault's errors.
    /// @dev The token says the same decimals, 6 to 18; feed and underlying are above 0; the underlying has parameters.
    /// @param token ERC-20.
    /// @param decimals Of the token.
    /// @param feedId Its own price.
    /// @param underlying Whose risk it counts to.
    function checkAsset(address token, uint8 decimals, uint8 feedId, uint8 underlying) external view;

    /* FOR THE VENUE'S MODULES, which ask in the middle of an operation */

    /// @notice Refreshes prices that an account is valued at where they are older than a minute. Modules only.
    /// @param account Any account.
    function refreshPrices(uint256 account) external;

    /// @notice The maintenance set. Modules of the vault only.
    /// @param account Any account.
    /// @return The maintenance set.
    function maintenanceMargin(uint256 account) external view returns (Margin memory);

    /// @notice Maintenance margin and what the account counts towards the exposure caps of auctions, in one pass.
    /// Modules of the vault only.
    /// @param account Any account.
    /// @return As `maintenanceMargin`.
    /// @return underlyings Every underlying of which open legs count a unit at least, once each.
    /// @return units Sum over its legs of floor(|size| / exposureUnit), per underlying: dust counts nothing. Options
    /// count with their delta.
    /// @return caps Its exposureCap [units].
    function maintenanceWithExposures(uint256 account)
        external
        view
        returns (Margin memory, uint256[] memory underlyings, uint256[] memory units, uint256[] memory caps);

    /// @notice What the open contracts of each leg of an account are worth at mid, in the order of the clearinghouse.
    /// Modules of the vault only.
    /// @param account Any account.
    /// @return One value a leg [wad USD].
    function legValues(uint256 account) external view returns (int256[] memory);

    /* FOR EVERYONE: revert while an operation is open */

    /// @notice Health factor of an account. Anyone; reverts while an operation is open.
    /// @param account Any account.
    /// @return Of the maintenance set; type(uint256).max without anything required [wad].
    function health(uint256 account) external view returns (uint256);

    /// @notice Both sets at once. Anyone; reverts while an operation is open.
    /// @param account Any account.
    /// @return initial The initial set.
    /// @return maintenance The maintenance set.
    function margin(uint256 account) external view returns (Margin memory initial, Margin memory maintenance);

    /// @notice Both sets of an account that need not exist, under shocked prices. Anyone; reverts while an operation
    /// is open.
    /// @dev Shocked prices replace the oracle's everywhere, in pending funding too. Risk arrays are computed for the
    /// time and the prices of the hypothesis, as if they had just been refreshed.
    /// @param hypothesis The account and the shocks; feeds that it does not use are ignored.
    /// @return initial The initial set.
    /// @return maintenance The maintenance set.
    function marginIf(Hypothesis calldata hypothesis)
        external
        view
        returns (Margin memory initial, Margin memory maintenance);

    /// @notice The scenarios behind one set of the same, underlying by underlying. Anyone; reverts while an operation
    /// is open.
    /// @param hypothesis As for `marginIf`.
    /// @param initial Of the initial set; else of the maintenance set.
    /// @return One view an underlying.
    function scenariosIf(Hypothesis calldata hypothesis, bool initial) external view returns (ScenarioView[] memory);

    /* VIEWS: where its numbers come from */

    /// @notice The clearinghouse whose legs margins are computed of.
    /// @return Contract of the venue.
    function clearinghouse() external view returns (IClearinghouse);

    /// @notice The oracle whose prices margins are computed from.
    /// @return Contract of the venue.
    function oracle() external view returns (IOracleAdapter);

    /// @notice The oracle whose risk arrays margins of options are computed from.
    /// @return Contract of the venue.
    function options() external view returns (IOptionOracle);

    /// @notice The table of parameters that margins are computed with.
    /// @return Contract of the venue.
    function parameters() external view returns (IRiskParameters);
}
