// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IClearinghouse} from "./interfaces/IClearinghouse.sol";
import {IMarginVault} from "./interfaces/IMarginVault.sol";
import {IOptionOracle} from "./interfaces/IOptionOracle.sol";
import {IOracleAdapter} from "./interfaces/IOracleAdapter.sol";
import {Hypothesis, IRiskEngine, Margin, ScenarioView} from "./interfaces/IRiskEngine.sol";
import {IRiskParameters} from "./interfaces/IRiskParameters.sol";
import {IVolatilityMultiplier} from "./interfaces/IVolatilityMultiplier.sol";
import {Account} from "./risk/AccountMemory.sol";
import {Exposures} from "./risk/Exposures.sol";
import {Legs} from "./risk/Legs.sol";
import {MarginMath} from "./risk/MarginMath.sol";
import {Portfolio} from "./risk/Portfolio.sol";
import {RiskTable} from "./risk/RiskTable.sol";
import {ScenarioViews} from "./risk/ScenarioViews.sol";
import {Shocks} from "./risk/Shocks.sol";
import {WordLists} from "./risk/WordLists.sol";
import {MAX_FEED_ID} from "./types/Constants.sol";
import {InstrumentId} from "./types/InstrumentId.sol";
import {LEG_BYTES, LEG_WORDS, LegWords} from "./types/LegWords.sol";
import {PositionWord} from "./types/PositionWord.sol";
import {PriceMid} from "./types/PriceMid.sol";
import {SpotWord} from "./types/SpotWord.sol";
import {UnpaidWord} from "./types/UnpaidWord.sol";
import {AssetList} from "./vault/AssetList.sol";

/// @title Risk engine: collects an account in memory and passes it to pure libraries.
/// @dev Owns nothing. Reads legs from the clearinghouse, prices from the oracles, parameters from their table; balances
/// only for who does not hand them over.
contract RiskEngine is IRiskEngine {
    using WordLists for uint256[];

    /// @dev Most gas spent on the volatility source: what is not ours must not be able to use it all up.
    uint256 private constant SOURCE_GAS = 50_000;
    uint256 private constant SOURCE_GAS_PER_UNDERLYING = 10_000;

    /// @notice The vault whose balances margins are computed of, and who its modules are.
    IMarginVault public immutable vault;
    /// @inheritdoc IRiskEngine
    IClearinghouse public immutable clearinghouse;
    /// @inheritdoc IRiskEngine
    IOracleAdapter public immutable oracle;
    /// @inheritdoc IRiskEngine
    IOptionOracle public immutable options;
    /// @inheritdoc IRiskEngine
    IRiskParameters public immutable parameters;

    constructor(
        IMarginVault vault_,
        IClearinghouse clearinghouse_,
        IOracleAdapter oracle_,
        IOptionOracle options_,
        IRiskParameters parameters_
    ) {
        vault = vault_;
        clearinghouse = clearinghouse_;
        oracle = oracle_;
        options = options_;
        parameters = parameters_;
    }

    modifier onlyVault() {
        _requireVault();
        _;
    }

    modifier onlyModule() {
        _requireModule();
        _;
    }

    modifier gateClosed() {
        _requireGateClosed();
        _;
    }

    function _requireVault() private view {
        if (msg.sender != address(vault)) revert NotModule(msg.sender);
    }

    function _requireModule() private view {
        if (vault.moduleRoles(msg.sender) == 0) revert NotModule(msg.sender);
    }

    function _requireGateClosed() private view {
        if (vault.isGateOpen()) revert OperationOpen();
    }

    /* FOR THE VAULT */

    /// @inheritdoc IRiskEngine
    function initialMargin(uint256 account, int256 cash, SpotWord[] calldata spot)
        external
        onlyVault
        returns (Margin memory initial)
    {
        uint256[] memory legs = _legsOf(account);
        if (_isFree(cash, legs)) {
            (initial.pricesValid, initial.free) = (true, true);
            return initial;
        }
        Account memory a;
        a.initial = true;
        _buildRecent(a, cash, WordLists.copied(spot), legs);
        return _initial(a);
    }

    /// @inheritdoc IRiskEngine
    function bothMargins(uint256 account, int256 cash, SpotWord[] calldata spot)
        external
        onlyVault
        returns (Margin memory initial, Margin memory maintenance)
    {
        Account memory a;
        _buildRecent(a, cash, WordLists.copied(spot), _legsOf(account));
        return _both(a);
    }

    /// @inheritdoc IRiskEngine
    function checkAsset(address token, uint8 decimals, uint8 feedId, uint8 underlying) external view {
        AssetList.check(token, decimals, feedId, underlying);
        // reverts where the underlying has no parameters
        parameters.maxTenorOf(underlying);
    }

    /* FOR THE VENUE'S MODULES */

    /// @inheritdoc IRiskEngine
    function refreshPrices(uint256 account) external onlyModule {
        (int256 cash, SpotWord[] memory spot) = vault.accountState(account);
        Account memory a;
        _gatherRecent(a, cash, WordLists.listOf(spot), _legsOf(account));
    }

    /// @inheritdoc IRiskEngine
    function maintenanceMargin(uint256 account) external view onlyModule returns (Margin memory) {
        return _maintenance(_accountOf(account));
    }

    /// @inheritdoc IRiskEngine
    function maintenanceWithExposures(uint256 account)
        external
        view
        onlyModule
        returns (
            Margin memory maintenance,
            uint256[] memory underlyings,
            uint256[] memory units,
            uint256[] memory caps
        )
    {
        Account memory a = _accountOf(account);
        maintenance = _maintenance(a);
        (underlyings, units, caps) = Exposures.count(a);
    }

    /// @inheritdoc IRiskEngine
    function legValues(uint256 account) external view onlyModule returns (int256[] memory values) {
        Account memory a = _accountOf(account);
        _maintenance(a);
        uint256[] memory words = a.values;
        // Equivalent to `values[i] = int256(words[i])` for every `i`, in the same memory.
        assembly ("memory-safe") {
            values := words
        }
    }

    /* FOR EVERYONE */

    /// @inheritdoc IRiskEngine
    function health(uint256 account) external view gateClosed returns (uint256) {
        Margin memory m = _maintenance(_accountOf(account));
        return MarginMath.healthFactor(m.numerator, m.denominator);
    }

    /// @inheritdoc IRiskEngine
    function margin(uint256 account)
        external
        view
        gateClosed
        returns (Margin memory initial, Margin memory maintenance)
    {
        return _both(_accountOf(account));
    }

    /// @inheritdoc IRiskEngine
    function marginIf(Hypothesis calldata hypothesis)
        external
        view
        gateClosed
        returns (Margin memory initial, Margin memory maintenance)
    {
        Account memory a;
        _suppose(a, hypothesis);
        return _both(a);
    }

    /// @inheritdoc IRiskEngine
    function scenariosIf(Hypothesis calldata hypothesis, bool initial)
        external
        view
        gateClosed
        returns (ScenarioView[] memory)
    {
        Account memory a;
        a.initial = initial;
        _suppose(a, hypothesis);
        Portfolio.addLegs(a, block.timestamp);
        return ScenarioViews.list(a);
    }

    /* MARGIN SETS */

    function _both(Account memory a) private view returns (Margin memory initial, Margin memory maintenance) {
        maintenance = _maintenance(a);
        Portfolio.begin(a, true);
        initial = _initial(a);
        initial.equity = maintenance.equity;
    }

    /// @dev Everything at mid; profit counts in full.
    function _maintenance(Account memory a) private view returns (Margin memory m) {
        (int256 net,,) = Portfolio.addLegs(a, block.timestamp);
        m = Portfolio.margin(a, net, 0);
        // safe because values are below 2^175
        unchecked {
            m.equity = int256(a.spotValue) + a.cash + net;
        }
    }

    /// @dev Everything at the worse edge; losses in full, unpaid profit of open contracts up to a part of what they are
    /// worth, claims not at all.
    function _initial(Account memory a) private view returns (Margin memory) {
        (, uint256 losses, uint256 counted) = Portfolio.addLegs(a, block.timestamp);
        if (block.timestamp < oracle.sequencerFloor()) a.doubtfulLegs = Portfolio.ALL;
        // safe because values are below 2^175
        unchecked {
            return Portfolio.margin(a, -int256(losses), counted);
        }
    }

    /* READING AN ACCOUNT */

    /// @dev An account with the maintenance set begun.
    function _accountOf(uint256 account) private view returns (Account memory a) {
        (int256 cash, SpotWord[] memory spot) = vault.accountState(account);
        _build(a, cash, WordLists.listOf(spot), _legsOf(account));
    }

    function _legsOf(uint256 account) private view returns (uint256[] memory) {
        return WordLists.query(address(clearinghouse), IClearinghouse.legs.selector, account);
    }

    /// @dev Fills an account with its prices, stored risk arrays and parameters, and begins the set that it names.
    function _build(Account memory a, int256 cash, uint256[] memory spot, uint256[] memory legs) private view {
        (uint256[] memory feeds, uint256 underlyings) = _gather(a, cash, spot, legs);
        uint256[] memory ids = _optionIds(legs, 1);
        if (ids.length != 0) a.options = WordLists.query(address(options), IOptionOracle.words.selector, ids);
        _complete(a, spot, _prices(a, feeds, underlyings));
    }

    /// @dev As `_build`, at prices of the last minute, and with no risk array older than its slice.
    function _buildRecent(Account memory a, int256 cash, uint256[] memory spot, uint256[] memory legs) private {
        (uint256[] memory feeds, uint256 underlyings) = _gatherRecent(a, cash, spot, legs);
        uint256[] memory ids = _optionIds(legs, 1);
        if (ids.length != 0) a.options = WordLists.ask(address(options), IOptionOracle.refreshOutdated.selector, ids);
        _complete(a, spot, _prices(a, feeds, underlyings));
    }

    /// @dev As `_gather`, and no price is older than a minute.
    function _gatherRecent(Account memory a, int256 cash, uint256[] memory spot, uint256[] memory legs)
        private
        returns (uint256[] memory feeds, uint256 underlyings)
    {
        (feeds, underlyings) = _gather(a, cash, spot, legs);
        if (feeds.length != 0) oracle.refreshOld(feeds);
    }

    /// @dev As `_build`, at shocked prices and with risk arrays made for them.
    function _suppose(Account memory a, Hypothesis calldata h) private view {
        Shocks.check(h.shocks);
        uint256 whole = h.legs.length - h.legs.length % LEG_WORDS;
        if (h.legs.length != whole) revert LengthMismatch(h.legs.length, whole);
        (uint256[] memory spot, uint256[] memory legs) = (WordLists.copied(h.spot), WordLists.copied(h.legs));
        (uint256[] memory feeds, uint256 underlyings) = _gather(a, h.cash, spot, legs);
        uint256[] memory prices = _prices(a, feeds, underlyings);
        Shocks.apply_(prices, a.slots, h.shocks);
        uint256[] memory pairs = _pairs(_optionIds(legs, 2), a.slots, prices);
        if (pairs.length != 0) {
            a.options = WordLists.query(address(options), IOptionOracle.wordsAt.selector, pairs);
        }
        a.announced = h.announced;
        _complete(a, spot, prices);
    }

    /// @dev Neither debt nor open contracts.
    function _isFree(int256 cash, uint256[] memory legs) private pure returns (bool) {
        if (cash < 0) return false;
        (uint256 cursor, uint256 end) = LegWords.rangeOf(legs);
        // safe because cursors stay in the range of the legs
        unchecked {
            for (; cursor != end; cursor += LEG_BYTES) {
                (, PositionWord position,, UnpaidWord unpaid) = LegWords.at(cursor);
                if (position.isOpen() || unpaid.debts() != 0) return false;
            }
        }
        return true;
    }

    /// @dev An account with the feeds that it needs.
    function _gather(Account memory a, int256 cash, uint256[] memory spot, uint256[] memory legs)
        private
        pure
        returns (uint256[] memory feeds, uint256 underlyings)
    {
        a.cash = cash;
        a.free = _isFree(cash, legs);
        a.legs = legs;
        a.values = WordLists.list(legs.length / LEG_WORDS);
        a.values.truncate(legs.length / LEG_WORDS);
        a.slots = new bytes(MAX_FEED_ID + 1);
        return _feeds(spot, legs, a.slots);
    }

    /// @dev Prices of the account's feeds, two words each.
    function _prices(Account memory a, uint256[] memory feeds, uint256 underlyings)
        private
        view
        returns (uint256[] memory prices)
    {
        if (feeds.length != 0) {
            prices = WordLists.query(address(oracle), IOracleAdapter.packedPrices.selector, feeds);
        }
        // the list ends with the underlyings from here on
        feeds.truncate(underlyings);
        a.underlyings = feeds;
    }

    /// @dev Gives a gathered account its parameters and begins one margin set.
    function _complete(Account memory a, uint256[] memory spot, uint256[] memory prices) private view {
        _addBuckets(a, prices);
        Portfolio.addSpot(a, spot, prices);
    }

    /// @dev Lists every feed needed once, underlyings first; `slots` gets each one's place, from 1.
    function _feeds(uint256[] memory spot, uint256[] memory legs, bytes memory slots)
        private
        pure
        returns (uint256[] memory feeds, uint256 underlyings)
    {
        // safe because lengths are those of lists in memory
        unchecked {
            feeds = WordLists.list(2 * spot.length + legs.length / LEG_WORDS);
            for (uint256 i; i < spot.length; ++i) {
                SpotWord word = SpotWord.wrap(spot.at(i));
                if (word.amount() != 0) feeds.pushOnce(slots, word.underlying());
            }
            (uint256 cursor, uint256 end) = LegWords.rangeOf(legs);
            for (; cursor != end; cursor += LEG_BYTES) {
                uint256 id = Legs.openUnderlying(cursor);
                if (id != 0) feeds.pushOnce(slots, id);
            }
            underlyings = feeds.length;
            for (uint256 i; i < spot.length; ++i) {
                SpotWord word = SpotWord.wrap(spot.at(i));
                if (word.amount() != 0) feeds.pushOnce(slots, word.feed());
            }
        }
    }

    function _addBuckets(Account memory a, uint256[] memory prices) private view {
        uint256[] memory ids = a.underlyings;
        uint256 lastId;
        for (uint256 i; i < ids.length; ++i) {
            uint256 id = ids.at(i);
            if (id > lastId) lastId = id;
        }
        bytes memory table = RiskTable.load(parameters.table(), lastId);
        a.table = table;
        if (ids.length == 0) return;

        uint256 gas;
        // safe because lists are short
        unchecked {
            gas = SOURCE_GAS + SOURCE_GAS_PER_UNDERLYING * ids.length;
        }
        uint256[] memory multipliers =
            WordLists.tryQuery(RiskTable.source(table), IVolatilityMultiplier.multipliers.selector, ids, gas);
        Portfolio.fillBuckets(a, prices, multipliers);
    }

    /* OPTIONS */

    /// @dev Ids of the open option legs, in their order, with room for `width` words each.
    function _optionIds(uint256[] memory legs, uint256 width) private pure returns (uint256[] memory ids) {
        (uint256 cursor, uint256 end) = LegWords.rangeOf(legs);
        // safe because cursors stay in the range of the legs
        unchecked {
            for (; cursor != end; cursor += LEG_BYTES) {
                if (!Legs.isOpenOption(cursor)) continue;
                if (ids.length == 0) ids = WordLists.list(width * legs.length / LEG_WORDS);
                uint64 id = LegWords.idAt(cursor);
                ids.put(ids.length, id);
                ids.truncate(ids.length + 1);
            }
        }
    }

    /// @dev Spreads ids into pairs of id and index, from the last to the first, where they lie.
    function _pairs(uint256[] memory ids, bytes memory slots, uint256[] memory prices)
        private
        pure
        returns (uint256[] memory)
    {
        uint256 count = ids.length;
        // safe because there is room for two words per id, ids are 64 bits wide, and places count from 1
        unchecked {
            ids.truncate(2 * count);
            for (uint256 i = count; i != 0; --i) {
                uint256 id = ids.at(i - 1);
                uint256 slot = Legs.slotOf(slots, InstrumentId.listedUnderlyingOf(uint64(id)));
                ids.put(2 * i - 2, id);
                ids.put(2 * i - 1, Portfolio.bounded(PriceMid.wrap(prices.at(2 * slot - 2)).mid()));
            }
        }
        return ids;
    }
}
