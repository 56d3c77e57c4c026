// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IClearinghouse} from "./interfaces/IClearinghouse.sol";
import {ILiquidationAuction} from "./interfaces/ILiquidationAuction.sol";
import {AccountView, IMarginLens, LegView, MarketView, SpotView} from "./interfaces/IMarginLens.sol";
import {AssetConfig, IMarginVault} from "./interfaces/IMarginVault.sol";
import {IOptionOracle} from "./interfaces/IOptionOracle.sol";
import {IOracleAdapter, Price} from "./interfaces/IOracleAdapter.sol";
import {IRiskEngine, Margin} from "./interfaces/IRiskEngine.sol";
import {FundingMath} from "./ledger/FundingMath.sol";
import {MarginMath} from "./risk/MarginMath.sol";
import {Auction} from "./types/AuctionWord.sol";
import {InstrumentId} from "./types/InstrumentId.sol";
import {LEG_BYTES, LEG_WORDS, LegWords} from "./types/LegWords.sol";
import {MarketWord} from "./types/MarketWord.sol";
import {PositionWord} from "./types/PositionWord.sol";
import {PriceStatus} from "./types/PriceStatus.sol";
import {SpotWord} from "./types/SpotWord.sol";
import {UnpaidWord} from "./types/UnpaidWord.sol";

/// @title Margin lens: batched views for bots and pages, with the engine that the vault uses now.
contract MarginLens is IMarginLens {
    /// @notice The vault of the venue.
    IMarginVault public immutable vault;
    /// @notice The clearinghouse of the venue.
    IClearinghouse public immutable clearinghouse;
    /// @notice The oracle that prices collateral and indices.
    IOracleAdapter public immutable oracle;
    /// @notice The auction of the venue.
    ILiquidationAuction public immutable auction;

    constructor(
        IMarginVault vault_,
        IClearinghouse clearinghouse_,
        IOracleAdapter oracle_,
        ILiquidationAuction auction_
    ) {
        vault = vault_;
        clearinghouse = clearinghouse_;
        oracle = oracle_;
        auction = auction_;
    }

    /* ACCOUNTS */

    /// @inheritdoc IMarginLens
    function accountView(uint256 account) external view returns (AccountView memory) {
        return _accountView(account);
    }

    /// @inheritdoc IMarginLens
    function accountViews(uint256[] calldata accounts) external view returns (AccountView[] memory views) {
        views = new AccountView[](accounts.length);
        for (uint256 i; i < accounts.length; ++i) {
            views[i] = _accountView(accounts[i]);
        }
    }

    function _accountView(uint256 account) private view returns (AccountView memory v) {
        v.account = account;
        (v.initial, v.maintenance) = _engine().margin(account);
        v.healthFactor = MarginMath.healthFactor(v.maintenance.numerator, v.maintenance.denominator);

        SpotWord[] memory words;
        (v.cash, words) = vault.accountState(account);
        v.spot = _spotViews(words);
        v.legs = _legViews(clearinghouse.legs(account));
        v.inAuction = vault.isInAuction(account);
        v.stateNonce = auction.stateNonce(account);
    }

    function _spotViews(SpotWord[] memory words) private view returns (SpotView[] memory spot) {
        spot = new SpotView[](words.length);
        for (uint256 i; i < words.length; ++i) {
            SpotWord word = words[i];
            uint256 amount = word.amount();
            uint256 scaled = amount * 10 ** (18 - word.decimals());
            uint256 mid = oracle.price(word.feed()).mid;
            spot[i] = SpotView(word.assetIndex(), amount, MarginMath.mulDown(scaled, mid));
        }
    }

    function _legViews(uint256[] memory words) private view returns (LegView[] memory legs) {
        (uint256 cursor,) = LegWords.rangeOf(words);
        legs = new LegView[](words.length / LEG_WORDS);
        for (uint256 i; i < legs.length; ++i) {
            (uint64 id, PositionWord position, MarketWord market, UnpaidWord unpaid) = LegWords.at(cursor);
            cursor += LEG_BYTES;
            (int256 size, int256 basis) = (position.size(), position.basis());
            (uint256 mark,) = size == 0 ? (0, PriceStatus.Unset) : _markOf(id);
            int256 funding = market.fundingAt(mark, block.timestamp);
            int256 value = MarginMath.legValue(size, basis, funding, mark) + unpaid.net();
            legs[i] = LegView(id, size, basis, value, unpaid.claims(), unpaid.debts());
        }
    }

    /// @dev Mid index, the mark of an option, or the final price. Options have no funding, so their mark never meets a
    /// rate.
    function _markOf(uint64 id) private view returns (uint256 mark, PriceStatus status) {
        uint256 average;
        uint256 finalPrice;
        if (InstrumentId.isExpired(id, block.timestamp)) (, average, finalPrice,) = clearinghouse.settlementOf(id);
        if (average != 0) {
            (mark, status) = (finalPrice, PriceStatus.Valid);
        } else if (InstrumentId.isOption(id)) {
            (mark, status,) = IOptionOracle(clearinghouse.options()).mark(id);
        } else {
            Price memory index = oracle.price(InstrumentId.underlyingOf(id));
            (mark, status) = (index.mid, index.status);
        }
    }

    /// @inheritdoc IMarginLens
    function screen(uint256[] calldata accounts)
        external
        view
        returns (
            bool[] memory ok,
            uint256[] memory healthFactors,
            int256[] memory maintenanceExcess,
            uint256[] memory nonces
        )
    {
        IRiskEngine engine = _engine();
        ok = new bool[](accounts.length);
        healthFactors = new uint256[](accounts.length);
        maintenanceExcess = new int256[](accounts.length);
        nonces = new uint256[](accounts.length);
        for (uint256 i; i < accounts.length; ++i) {
            nonces[i] = auction.stateNonce(accounts[i]);
            try engine.margin(accounts[i]) returns (Margin memory, Margin memory m) {
                ok[i] = true;
                healthFactors[i] = MarginMath.healthFactor(m.numerator, m.denominator);
                maintenanceExcess[i] = m.excess;
            } catch {
                // a failure is told apart from an account at the edge
                healthFactors[i] = type(uint256).max;
            }
        }
    }

    /// @inheritdoc IMarginLens
    function auctions(uint256[] calldata accounts)
        external
        view
        returns (
            Auction[] memory live,
            bool[] memory insolvent,
            int256[] memory prices,
            uint256[] memory maxFractions,
            int256[] memory values
        )
    {
        live = new Auction[](accounts.length);
        insolvent = new bool[](accounts.length);
        prices = new int256[](accounts.length);
        maxFractions = new uint256[](accounts.length);
        values = new int256[](accounts.length);
        for (uint256 i; i < accounts.length; ++i) {
            live[i] = auction.auctionOf(accounts[i]);
            if (live[i].id == 0) continue;
            (insolvent[i], prices[i], maxFractions[i],, values[i]) = auction.quote(accounts[i]);
        }
    }

    /* THE VENUE */

    /// @inheritdoc IMarginLens
    function markets() external view returns (MarketView[] memory views) {
        views = new MarketView[](clearinghouse.instrumentCount());
        for (uint256 i; i < views.length; ++i) {
            views[i] = _marketView(clearinghouse.instrumentAt(i));
        }
    }

    function _marketView(uint64 id) private view returns (MarketView memory v) {
        MarketWord word = clearinghouse.marketWord(id);
        v.instrument = id;
        v.index = oracle.price(InstrumentId.underlyingOf(id));
        v.fundingIndex = word.fundingAt(v.index.mid, block.timestamp);
        v.premium = clearinghouse.premium(id);
        v.fundingRate = FundingMath.rateOf(v.premium);
        v.openInterest = word.openInterest();
        v.flags = word.flags();
        (v.pool, v.shortfall) = (clearinghouse.poolOf(id), clearinghouse.losses().shortfallOf(id));
        (v.mark, v.markStatus) = _markOf(id);
        v.config = clearinghouse.configOf(id);
    }

    /// @inheritdoc IMarginLens
    function assets() external view returns (AssetConfig[] memory configs, Price[] memory prices) {
        configs = new AssetConfig[](vault.assetCount());
        prices = new Price[](configs.length);
        for (uint256 i; i < configs.length; ++i) {
            configs[i] = vault.assetAt(i);
            prices[i] = oracle.price(configs[i].feedId);
        }
    }

    function _engine() private view returns (IRiskEngine) {
        return IRiskEngine(vault.riskEngine());
    }
}
