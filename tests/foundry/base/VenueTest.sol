// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {AccessManager} from "@openzeppelin/contracts/access/manager/AccessManager.sol";
import {Test} from "forge-std/Test.sol";

import {Clearinghouse} from "contracts/Clearinghouse.sol";
import {Exchange} from "contracts/Exchange.sol";
import {InsuranceFund} from "contracts/InsuranceFund.sol";
import {LiquidationAuction} from "contracts/LiquidationAuction.sol";
import {MarginVault} from "contracts/MarginVault.sol";
import {OracleAdapter} from "contracts/OracleAdapter.sol";
import {RiskEngine} from "contracts/RiskEngine.sol";
import {RiskParameters} from "contracts/RiskParameters.sol";
import {MarketRules, Order} from "contracts/interfaces/IExchange.sol";
import {AuctionParams} from "contracts/interfaces/ILiquidationAuction.sol";
import {RateModel} from "contracts/interfaces/IMarginVault.sol";
import {IMarketLosses} from "contracts/interfaces/IMarketLosses.sol";
import {IOptionOracle} from "contracts/interfaces/IOptionOracle.sol";
import {FeedConfig} from "contracts/interfaces/IOracleAdapter.sol";
import {UnderlyingParams} from "contracts/interfaces/IRiskParameters.sol";
import {IVolatilitySurface} from "contracts/interfaces/IVolatilitySurface.sol";
import {ChainlinkSource} from "contracts/oracles/ChainlinkSource.sol";
import {TestToken} from "contracts/periphery/TestToken.sol";
import {AccountId} from "contracts/types/AccountId.sol";
import {GlobalParams} from "contracts/types/GlobalsWord.sol";
import {GroupParams} from "contracts/types/GroupWord.sol";
import {InstrumentConfig} from "contracts/types/InstrumentConfig.sol";
import {KIND_CALL, KIND_PERPETUAL, KIND_PUT} from "contracts/types/InstrumentId.sol";
import {MarginSet} from "contracts/types/MarginSetWord.sol";
import {OptionParams} from "contracts/types/OptionParamsWord.sol";
import {MODULE_AUCTION, MODULE_CLEARINGHOUSE, MODULE_FEES, MODULE_GATE} from "contracts/types/Permissions.sol";
import {Slice} from "contracts/types/SliceWord.sol";
import {MockAggregator} from "tests/helpers/contracts/MockAggregator.sol";

/// @notice A whole venue for Foundry suites: the test contract governs it, parties are keys it can sign for.
/// @dev Underlying i is priced by feed i; underlying 1 is also the
/// ether collateral. All parameters are the defaults of the majors.
abstract contract VenueTest is Test {
    struct Party {
        address owner;
        uint256 key;
        uint256 account; // its sub-account 0
    }

    uint256 internal constant START_PRICE = 2000e8;
    uint256 internal constant FEED_DECIMALS = 8;

    AccessManager internal manager;
    TestToken internal usdc;
    TestToken internal weth;
    ChainlinkSource internal source;
    OracleAdapter internal oracle;
    RiskParameters internal parameters;
    IVolatilitySurface internal surface;
    IOptionOracle internal options;
    MarginVault internal vault;
    IMarketLosses internal losses;
    Clearinghouse internal clearinghouse;
    RiskEngine internal engine;
    Exchange internal exchange;
    InsuranceFund internal fund;
    LiquidationAuction internal auction;
    MockAggregator[] internal feeds;
    uint64[] internal perpetuals;
    uint64[] internal series; // options on underlying 1
    uint256 internal optionExpiry;
    uint256[] internal feedIds;
    TestToken[] internal assets; // beside ether
    uint256 private _orders;

    /// @dev Deploys and wires everything, with `markets` perpetuals.
    function deployVenue(uint256 markets) internal {
        vm.warp(1_750_000_000);
        manager = AccessManager(_deploy("AccessManager", abi.encode(address(this))));
        usdc = _deployToken("USD Coin", "USDC", 6);
        weth = _deployToken("Wrapped Ether", "WETH", 18);
        source = ChainlinkSource(_deploy("ChainlinkSource", ""));
        oracle = OracleAdapter(_deploy("OracleAdapter", abi.encode(manager, address(0))));
        vault = MarginVault(_deploy("MarginVault", abi.encode(manager, usdc)));
        parameters = RiskParameters(_deploy("RiskParameters", abi.encode(manager, _deploy("FixedVolatility", ""))));
        address expiries = _deploy("Expiries", abi.encode(vault));
        surface = IVolatilitySurface(_deploy("VolatilitySurface", abi.encode(manager, parameters)));
        options = IOptionOracle(_deploy("OptionOracle", abi.encode(vault, oracle, surface, parameters, expiries)));
        losses = IMarketLosses(_deploy("MarketLosses", abi.encode(vault)));
        address rules = _deploy("ListingRules", abi.encode(parameters));
        clearinghouse = Clearinghouse(
            _deploy("Clearinghouse", abi.encode(vault, expiries, losses, rules, oracle, options, manager))
        );
        engine = RiskEngine(_deploy("RiskEngine", abi.encode(vault, clearinghouse, oracle, options, parameters)));
        exchange = Exchange(_deploy("Exchange", abi.encode(vault, clearinghouse, manager)));
        fund = InsuranceFund(_deploy("InsuranceFund", abi.encode(vault, manager)));
        auction = LiquidationAuction(
            _deploy("LiquidationAuction", abi.encode(vault, clearinghouse, manager, auctionParams()))
        );
        _wire();
        _listMarkets(markets);
        vault.listAsset(address(weth), 18, 1, 1, type(uint96).max);
    }

    /// @dev From the built artifact, so that a change of a contract does not recompile every suite.
    function _deploy(string memory name, bytes memory arguments) private returns (address) {
        return deployCode(string.concat("build/forge/", name, ".sol/", name, ".json"), arguments);
    }

    function _deployToken(string memory name, string memory symbol, uint8 decimals) private returns (TestToken) {
        return TestToken(_deploy("TestToken", abi.encode(name, symbol, decimals, type(uint128).max)));
    }

    function _wire() private {
        vault.setRiskEngine(address(engine));
        vault.setInsuranceFund(address(fund));
        vault.setModule(address(clearinghouse), MODULE_GATE | MODULE_CLEARINGHOUSE);
        vault.setModule(address(exchange), MODULE_GATE | MODULE_FEES);
        vault.setModule(address(auction), MODULE_GATE | MODULE_FEES | MODULE_AUCTION);
        clearinghouse.setModules(address(exchange), address(auction));
        vault.setRateModel(RateModel(0, 40_000, 600_000, 800_000, 100_000));
    }

    function _listMarkets(uint256 markets) private {
        uint256[] memory ids = new uint256[](markets);
        UnderlyingParams[] memory params = new UnderlyingParams[](markets);
        for (uint256 i = 0; i < markets; ++i) {
            ids[i] = i + 1;
            feedIds.push(i + 1);
            params[i] = majors();
            feeds.push(
                MockAggregator(_deploy("MockAggregator", abi.encode(uint8(8), "TEST / USD", int256(START_PRICE))))
            );
            oracle.setFeed(i + 1, feedConfig(address(feeds[i])));
        }
        uint256[] memory groups = new uint256[](1);
        groups[0] = 1;
        GroupParams[] memory groupParams = new GroupParams[](1);
        groupParams[0] = GroupParams(500_000, 400_000);
        parameters.setParameters(
            ids,
            params,
            groups,
            groupParams,
            GlobalParams(900_000, 100_000, 1_250_000, 2_000_000, 100_000, 50_000, 100_000, 900, 10_000)
        );
        oracle.refresh(feedIds);
        for (uint256 i = 0; i < markets; ++i) {
            perpetuals.push(clearinghouse.list(KIND_PERPETUAL, i + 1, 0, 0, marketConfig()));
            exchange.setRules(i + 1, MarketRules(100, 350, 50_000));
        }
    }

    /// @dev Lists puts and calls on underlying 1 in turn, with strikes around 2,000, on a flat surface of 60 %.
    function listOptions(uint256 count, uint256 expiry) internal {
        surface.setOptionParams(1, optionParams());
        optionExpiry = expiry;
        postSlice();
        for (uint256 i = 0; i < count; ++i) {
            uint256 strike = 1600e18 + 20e18 * (i / 2);
            series.push(clearinghouse.list(i % 2 == 0 ? KIND_PUT : KIND_CALL, 1, expiry, strike, marketConfig()));
        }
        options.refresh(series);
    }

    /// @dev Posts the surface of the listed options anew, as if nothing had changed.
    function postSlice() internal {
        if (block.timestamp < optionExpiry) surface.post(1, optionExpiry, Slice(356_000, 10_000, 0, 0, 400_000, 0));
    }

    /// @dev The default parameters of options on a major.
    function optionParams() internal pure returns (OptionParams memory) {
        return OptionParams({
            volShockMaintenance: 250_000,
            volShockInitial: 400_000,
            defaultVolatility: 1_200_000,
            maxAge: 900,
            expiryAge: 1 days,
            minInterval: 0,
            maxStep: 500_000,
            maxCarry: 500_000
        });
    }

    function marketConfig() internal pure returns (InstrumentConfig memory) {
        return InstrumentConfig(1_000_000e18, 100_000e18, 50_000);
    }

    function feedConfig(address feed) internal view returns (FeedConfig memory config) {
        config.primary.reader = source;
        config.primary.maxAge = 1 hours;
        config.primary.gasLimit = 200_000;
        config.primary.data = source.encode(feed, uint8(FEED_DECIMALS));
        config.minPrice = 1e12;
        config.maxPrice = 1e24;
        config.haltBound = 5 minutes;
        config.confidenceLimit = 20_000;
        config.deviationLimit = 20_000;
        config.breakerLimit = 500_000;
        config.widening = 10_000;
    }

    /// @dev Lists `count` more collateral assets, priced like underlying 1, into `assets`.
    function listAssets(uint256 count) internal {
        for (uint256 i = 0; i < count; ++i) {
            assets.push(_deployToken("Asset", "ASSET", 18));
            vault.listAsset(address(assets[i]), 18, 1, 1, type(uint96).max);
        }
    }

    /// @dev The default parameters of a major.
    function majors() internal pure returns (UnderlyingParams memory params) {
        params.maintenance = MarginSet(70_000, 80_000, 50_000, 30_000, 50_000);
        params.initial = MarginSet(80_000, 120_000, 90_000, 40_000, 50_000);
        params.impactCoefficient = 3e11;
        params.group = 1;
        params.crowdingSlope = 500_000;
        params.maxTenor = 180 days;
        params.exposureUnit = 100e18;
        params.exposureCap = 5000;
    }

    /// @dev The default auction.
    function auctionParams() internal pure returns (AuctionParams memory) {
        return AuctionParams({
            startReward: 0.05e18,
            kneeReward: 0.25e18,
            targetBuffer: 0.5e18,
            fastDuration: 2 minutes,
            slowDuration: 2 hours,
            smallAccount: 500e18,
            insolventFlat: 50e18,
            insolventDuration: 2 hours,
            bundleShare: 0.95e18,
            starterShare: 0.01e18,
            starterFlat: 5e18,
            starterCap: 500e18,
            globalExposureCap: 100_000_000e18
        });
    }

    /* ACTORS */

    /// @dev A party with a key to sign with.
    function party(string memory name) internal returns (Party memory p) {
        (p.owner, p.key) = makeAddrAndKey(name);
        p.account = AccountId.encode(p.owner, 0);
    }

    /// @dev Mints and deposits [token units]; the allowance stays.
    function fundParty(Party memory p, TestToken token, uint256 amount) internal {
        token.mint(p.owner, amount);
        vm.startPrank(p.owner);
        token.approve(address(vault), type(uint256).max);
        vault.deposit(p.account, address(token), amount);
        vm.stopPrank();
    }

    function setPrice(uint256 feedId, uint256 price) internal {
        feeds[feedId - 1].setAnswer(int256(price));
    }

    /// @dev Brings every feed to now at its last answer, then stores it.
    function refreshAll() internal {
        for (uint256 i = 0; i < feeds.length; ++i) {
            (, int256 answer,,,) = feeds[i].latestRoundData();
            feeds[i].setAnswer(answer);
        }
        oracle.refresh(feedIds);
    }

    /// @dev Observes the index for an expiry, as it is, once a minute from a time to before another.
    function observeFrom(uint64 id, uint256 from, uint256 until) internal {
        for (uint256 time = from; time < until; time += 1 minutes) {
            vm.warp(time);
            refreshAll();
            clearinghouse.observeSettlement(id);
        }
    }

    /// @dev Observes the index, as it is, in the whole window before an expiry, and lets it end.
    function observeWindow(uint64 id) internal {
        observeFrom(id, optionExpiry - 30 minutes, optionExpiry);
        vm.warp(optionExpiry);
        refreshAll();
    }

    /* TRADES */

    function order(Party memory p, uint64 id, int256 size, uint256 price) internal returns (Order memory) {
        return Order(p.account, p.owner, id, size, price, 10_000, block.timestamp + 1 hours, ++_orders, 0, false);
    }

    function sign(Party memory p, Order memory o) internal view returns (bytes memory) {
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(p.key, exchange.hashOrder(o));
        return abi.encodePacked(r, s, v);
    }

    /// @dev `taker` buys (size > 0) or sells from `maker`.
    function trade(Party memory maker, Party memory taker, uint64 id, int256 size, uint256 price) internal {
        Order memory m = order(maker, id, -size, price);
        Order memory t = order(taker, id, size, price);
        bytes memory ms = sign(maker, m);
        bytes memory ts = sign(taker, t);
        exchange.fill(m, ms, t, ts, uint256(size > 0 ? size : -size));
    }
}
