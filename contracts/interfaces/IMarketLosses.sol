// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {PositionWord} from "../types/PositionWord.sol";

/// @notice Contracts of a market's two sides [wad base].
struct Sides {
    uint256 longs;
    uint256 shorts;
}

/// @title Market losses: what closed contracts are owed and owe, and losses that the contracts of one side bear.
/// @notice Closing a part of a leg makes its profit at once: a claim on the market that keeps the number of its
/// contracts, or a debt to it. Claims are paid as losses of the market are collected; a claim that is paid in part
/// gives up contracts in proportion. A loss that nobody can pay is divided by the contracts of the other side, open or
/// closed and unpaid, and each bears the same: open ones at most what they won between their entry and the mid price
/// of that time, paid or not, or what they were owed then, won since their entry or not; a claim at most itself. What
/// is not collected is the market's shortfall.
/// @dev Money is wad USD, contracts are wad base. Assumptions:
/// - Whoever has MODULE_CLEARINGHOUSE in the vault holds the open contracts and the pools, and calls with what they are
/// now. Nothing else may write.
/// - No money is held here.
interface IMarketLosses {
    /* ERRORS */

    /// @notice The caller is not the clearinghouse.
    /// @param caller Who called.
    error NotModule(address caller);

    /// @notice A claim or debt would not fit its slot.
    /// @param amount What it would be [wad USD].
    /// @param limit Largest, either way [wad USD].
    error ClaimOutOfRange(int256 amount, int256 limit);

    /* EVENTS */

    /// @notice What closed contracts of an account are owed or owe changed.
    /// @param account Account that closed them.
    /// @param id Instrument of the market.
    /// @param longClaim Owed for closed longs after the change; negative: owed by them [wad USD].
    /// @param shortClaim The same for closed shorts [wad USD].
    event ClaimsChanged(uint256 indexed account, uint64 indexed id, int256 longClaim, int256 shortClaim);

    /// @notice A loss was shared among the contracts of one side. All of it is shortfall until they bear it.
    /// @param id Instrument of the market.
    /// @param longsPay Whether longs are the side that pays; else shorts.
    /// @param amount Loss that was shared [wad USD].
    /// @param perUnit Of it, each contract, down; 0 where it is not shared [ray USD per base].
    /// @param price Mid price: no contract bears more than it won up to it [wad USD].
    event LossShared(uint64 indexed id, bool longsPay, uint256 amount, uint256 perUnit, uint256 price);

    /// @notice A leg bore its shares of losses of its market.
    /// @param account Account that holds the leg.
    /// @param id Its instrument.
    /// @param amount Taken from its profit and claims [wad USD].
    /// @param shortfall Values and claims that nothing collected backs, after it [wad USD].
    event LossCollected(uint256 indexed account, uint64 indexed id, uint256 amount, uint256 shortfall);

    /* CLEARINGHOUSE */

    /// @notice Takes losses off a leg that it has not borne yet, the oldest first.
    /// @param id Instrument of the market.
    /// @param account Account that holds the leg.
    /// @param open The leg as stored.
    /// @param most Losses to look at.
    /// @return The leg after them, to be stored: its basis is higher by what open contracts bore, and their entry moved
    /// by it.
    function bear(uint64 id, uint256 account, PositionWord open, uint256 most) external returns (PositionWord);

    /// @notice Adds to what closed contracts of a side are owed; what meets the other sign is paid with it.
    /// @param id Instrument of the market.
    /// @param account Account that closed them.
    /// @param isLong Side of the contracts.
    /// @param amount Negative: they owe it [wad USD].
    /// @param part Contracts that a positive amount is of: it counts for as many of them in the sharing of losses as
    /// have won a fiftieth of the index each, of options a 2,500th [wad base].
    /// @param index Of the underlying now [wad USD].
    /// @return left Which closed contracts are still owed something, or owe it: 1 longs, 2 shorts, 3 both.
    function credit(uint64 id, uint256 account, bool isLong, int256 amount, uint256 part, uint256 index)
        external
        returns (uint256 left);

    /// @notice Pays debts out of cash and then with claims, and claims out of the pool.
    /// @param id Instrument of the market.
    /// @param account Account whose closed contracts are paid.
    /// @param cash Most it can pay [wad USD].
    /// @param pool Most it can be paid [wad USD].
    /// @return out Paid by the account [wad USD].
    /// @return in_ Paid to the account [wad USD].
    /// @return left Which closed contracts are still owed something, or owe it: 1 longs, 2 shorts, 3 both.
    function pay(uint64 id, uint256 account, uint256 cash, uint256 pool)
        external
        returns (uint256 out, uint256 in_, uint256 left);

    /// @notice Moves a fraction of claims and debts, toward zero; all of them at WAD.
    /// @param id Instrument of the market.
    /// @param from Account that gives.
    /// @param to Account that takes.
    /// @param fraction Of each number [wad].
    /// @return leftFrom Which closed contracts of the giver are still owed something, or owe it: as `left` of `credit`.
    /// @return leftTo The same of the taker.
    function move(uint64 id, uint256 from, uint256 to, uint256 fraction)
        external
        returns (uint256 leftFrom, uint256 leftTo);

    /// @notice Shares a loss among the contracts of one side, and credits it to an account: to its debts first.
    /// @param id Instrument of the market.
    /// @param account Account to credit.
    /// @param longsPay The side that pays.
    /// @param amount Loss to share [wad USD].
    /// @param price Mid price now [wad USD].
    /// @param carry Mid price less funding index [wad USD].
    /// @param open Open contracts of that side [wad base].
    /// @param kept Whether the contracts that were kept bear it instead of those of now.
    /// @return rest What was left after the account's debts [wad USD].
    /// @return left Which closed contracts are still owed something, or owe it: 1 longs, 2 shorts, 3 both.
    function share(
        uint64 id,
        uint256 account,
        bool longsPay,
        uint256 amount,
        uint256 price,
        int256 carry,
        uint256 open,
        bool kept
    ) external returns (uint256 rest, uint256 left);

    /// @notice Keeps the contracts of both sides, those of claims included: a loss falls on them, and on none that come
    /// later, until prices are calm again.
    /// @param id Instrument of the market.
    /// @param open Open contracts of each side.
    function keepUnits(uint64 id, Sides calldata open) external;

    /* VIEWS */

    /// @notice A leg after all that it would bear now, and what its closed contracts are owed and owe then.
    /// @param id Instrument of the market.
    /// @param account Account that holds the leg.
    /// @param open The leg as stored.
    /// @return later The leg after it.
    /// @return longClaim Owed for closed longs; negative: owed by them [wad USD].
    /// @return shortClaim The same for closed shorts [wad USD].
    function pending(uint64 id, uint256 account, PositionWord open)
        external
        view
        returns (PositionWord later, int256 longClaim, int256 shortClaim);

    /// @notice Claims and debts as stored, pending shares of losses not taken off.
    /// @param id Instrument of the market.
    /// @param account Account that closed contracts.
    /// @param isLong Side of the contracts.
    /// @return amount Owed to the account; negative: by it [wad USD].
    /// @return units Contracts of the claim [wad base].
    function claimOf(uint64 id, uint256 account, bool isLong) external view returns (int256 amount, uint256 units);

    /// @notice All that closed contracts of an account are owed, pending shares of losses not taken off.
    /// @param id Instrument of the market.
    /// @param account Account that closed them.
    /// @return Sum of its claims [wad USD].
    function owedTo(uint64 id, uint256 account) external view returns (uint256);

    /// @notice Losses that were shared so far.
    /// @param id Instrument of the market.
    /// @return Number of records.
    function epochOf(uint64 id) external view returns (uint256);

    /// @notice A loss that was shared.
    /// @param id Instrument of the market.
    /// @param epoch Its number, from 0.
    /// @return longsPay The side that bears it.
    /// @return perUnit What each contract bears [ray USD per base].
    /// @return price Mid price when it was shared, with 27 bits, in favour of who bears it [wad USD].
    /// @return carry Mid price less the funding index [wad USD].
    function recordOf(uint64 id, uint256 epoch)
        external
        view
        returns (bool longsPay, uint256 perUnit, uint256 price, int256 carry);

    /// @notice Values and claims that nothing collected backs.
    /// @param id Instrument of the market.
    /// @return Sum over the market [wad USD].
    function shortfallOf(uint64 id) external view returns (uint256);

    /// @notice Contracts that claims are of.
    /// @param id Instrument of the market.
    /// @return By side [wad base].
    function unitsOf(uint64 id) external view returns (Sides memory);

    /// @notice Contracts that were kept before prices were no longer calm.
    /// @param id Instrument of the market.
    /// @return By side [wad base].
    function keptUnitsOf(uint64 id) external view returns (Sides memory);
}
