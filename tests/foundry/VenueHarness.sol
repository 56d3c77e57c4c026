// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {AccessManager} from "@openzeppelin/contracts/access/manager/AccessManager.sol";
import {Test} from "forge-std/Test.sol";

import {Clearinghouse} from "contracts/Clearinghouse.sol";
import {Exchange} from "contracts/Exchange.sol";
import {MarginVault} from "contracts/MarginVault.sol";
import {OracleAdapter} from "contracts/OracleAdapter.sol";
import {RiskEngine} from "contracts/RiskEngine.sol";
import {RiskParameters} from "contracts/RiskParameters.sol";
import {TouchMode} from "contracts/interfaces/IMarginVault.sol";
import {IMarketLosses} from "contracts/interfaces/IMarketLosses.sol";
import {FeedConfig} from "contracts/interfaces/IOracleAdapter.sol";
import {IPriceSource} from "contracts/interfaces/IPriceSource.sol";
import {UnderlyingParams} from "contracts/interfaces/IRiskParameters.sol";
import {TestToken} from "contracts/periphery/TestToken.sol";
import {AccountId} from "contracts/types/AccountId.sol";
import {GlobalParams} from "contracts/types/GlobalsWord.sol";
import {GroupParams} from "contracts/types/GroupWord.sol";
import {InstrumentConfig} from "contracts/types/InstrumentConfig.sol";
import {MarginSet} from "contracts/types/MarginSetWord.sol";
import {MODULE_AUCTION, MODULE_CLEARINGHOUSE, MODULE_FEES, MODULE_GATE} from "contracts/types/Permissions.sol";
import {PriceStatus} from "contracts/types/PriceStatus.sol";
import {SpotWord} from "contracts/types/SpotWord.sol";

/// @dev A source whose prices a test sets.
contract SetSource is IPriceSource {
    mapping(bytes32 data => uint256 price) private _prices;
    mapping(bytes32 data => uint256 time) private _times;

    function set(bytes32 data, uint256 price) external {
        _prices[data] = price;
        _times[data] = block.timestamp;
    }

    function read(bytes32 data) external view returns (uint256, uint256, uint256, PriceStatus) {
        return (_prices[data], 0, _times[data], PriceStatus.Valid);
    }

    function check(bytes32) external pure {}

    function voteOnly() external pure returns (bool) {
        return false;
    }
}

/// @dev The venue without auction and fund. The test owns it and
/// is itself exchange and auction, unless it says otherwise.
abstract contract VenueHarness is Test {
    uint256 internal constant START = 1_800_000_000;
    /// @dev What the exchange says both sides of a fill pay [ppm].
    uint256 internal constant FEE = 500;

    TestToken internal quote;
    AccessManager internal authority;
    MarginVault internal vault;
    OracleAdapter internal oracle;
    SetSource internal source;
    IMarketLosses internal losses;
    Clearinghouse internal clearinghouse;
    RiskParameters internal parameters;
    RiskEngine internal engine;
    Exchange internal exchange;

    function setUp() public virtual {
        vm.warp(START);
        quote = TestToken(_deploy("TestToken", abi.encode("Quote", "USD", 6, type(uint256).max)));
        authority = AccessManager(_deploy("AccessManager", abi.encode(address(this))));
        vault = MarginVault(_deploy("MarginVault", abi.encode(authority, quote)));
        oracle = OracleAdapter(_deploy("OracleAdapter", abi.encode(authority, address(0))));
        source = new SetSource();
        address volatility = _deploy("FixedVolatility", "");
        parameters = RiskParameters(_deploy("RiskParameters", abi.encode(authority, volatility)));
        address expiries = _deploy("Expiries", abi.encode(vault));
        losses = IMarketLosses(_deploy("MarketLosses", abi.encode(vault)));
        address rules = _deploy("ListingRules", abi.encode(parameters));
        clearinghouse = Clearinghouse(
            _deploy("Clearinghouse", abi.encode(vault, expiries, losses, rules, oracle, address(0), authority))
        );
        engine = RiskEngine(_deploy("RiskEngine", abi.encode(vault, clearinghouse, oracle, address(0), parameters)));
        exchange = Exchange(_deploy("Exchange", abi.encode(vault, clearinghouse, authority)));
        vault.setRiskEngine(address(engine));
        vault.setModule(address(clearinghouse), MODULE_GATE | MODULE_CLEARINGHOUSE);
        vault.setModule(address(exchange), MODULE_GATE | MODULE_FEES);
        vault.setModule(address(this), MODULE_GATE | MODULE_FEES | MODULE_AUCTION);
        clearinghouse.setModules(address(this), address(this));
        quote.mint(address(this), 1e30);
        quote.approve(address(vault), type(uint256).max);
    }

    /// @dev By artifact: a test that contained every contract would take as long again to compile.
    function _deploy(string memory name, bytes memory arguments) private returns (address) {
        return deployCode(string.concat("build/forge/", name, ".sol/", name, ".json"), arguments);
    }

    /// @dev Excess over initial margin, as the vault asks for it.
    function initialExcess(uint256 account) internal returns (int256 excess) {
        (int256 cash, SpotWord[] memory spot) = vault.accountState(account);
        vm.prank(address(vault));
        excess = engine.initialMargin(account, cash, spot).excess;
    }

    /* UNDERLYINGS AND MARKETS */

    /// @dev Gives underlyings 1 to `count` a price and the risk parameters of a major.
    function addUnderlyings(uint256 count, uint256 price) internal {
        uint256[] memory ids = new uint256[](count);
        UnderlyingParams[] memory params = new UnderlyingParams[](count);
        for (uint256 i; i < count; ++i) {
            ids[i] = i + 1;
            _addFeed(i + 1, price);
            params[i] = UnderlyingParams({
                maintenance: MarginSet(70_000, 80_000, 50_000, 30_000, 50_000),
                initial: MarginSet(80_000, 120_000, 90_000, 40_000, 50_000),
                impactCoefficient: 0,
                group: 1,
                crowdingSlope: 0,
                maxTenor: 180 days,
                exposureUnit: 1e15,
                exposureCap: type(uint32).max
            });
        }
        (uint256[] memory groups, GroupParams[] memory offsets) = (new uint256[](1), new GroupParams[](1));
        groups[0] = 1;
        offsets[0] = GroupParams(500_000, 400_000);
        parameters.setParameters(
            ids,
            params,
            groups,
            offsets,
            GlobalParams(900_000, 100_000, 1_250_000, 1_500_000, 100_000, 50_000, 100_000, 900, 10_000)
        );
    }

    function _addFeed(uint256 id, uint256 price) private {
        source.set(bytes32(id), price);
        FeedConfig memory feed;
        feed.primary.reader = source;
        feed.primary.maxAge = 3600;
        feed.primary.gasLimit = 100_000;
        feed.primary.data = bytes32(id);
        feed.minPrice = 1e6;
        feed.maxPrice = 1e26;
        feed.haltBound = 600;
        feed.confidenceLimit = 10_000;
        feed.deviationLimit = 10_000;
        feed.breakerLimit = 500_000;
        oracle.setFeed(id, feed);
    }

    function setPrice(uint256 id, uint256 price) internal {
        source.set(bytes32(id), price);
        uint256[] memory ids = new uint256[](1);
        ids[0] = id;
        oracle.refresh(ids);
    }

    function defaultConfig() internal pure returns (InstrumentConfig memory) {
        return InstrumentConfig({openInterestCap: 1e24, fundingDepth: 10_000e18, maxFundingRate: 100_000});
    }

    /* ACCOUNTS */

    /// @dev A new account with cash [whole USD].
    function fund(string memory role, uint256 cash) internal returns (uint256 account) {
        account = AccountId.encode(makeAddr(role), 0);
        if (cash != 0) vault.deposit(account, address(quote), cash * 1e6);
    }

    /* WHAT MODULES DO */

    function trade(uint64 id, uint256 buyer, uint256 seller, uint256 size, uint256 price) internal {
        this.tradeFor(id, buyer, seller, size, price, false, false);
    }

    function tradeFor(
        uint64 id,
        uint256 buyer,
        uint256 seller,
        uint256 size,
        uint256 price,
        bool buyerReduces,
        bool sellerReduces
    ) external {
        vault.openGate();
        clearinghouse.trade(id, buyer, seller, size, price, FEE, buyerReduces, sellerReduces);
        vault.closeGate();
    }

    function moveSlice(uint256 from, uint256 to, uint256 fraction) external {
        vault.openGate();
        vault.touch(from, TouchMode.Liquidated);
        vault.touch(to, TouchMode.Liquidated);
        clearinghouse.moveSlice(from, to, fraction);
        vault.closeGate();
    }

    function moveAtMark(uint256 from, uint256 to, uint64 id, int256 size) external {
        vault.openGate();
        vault.touch(from, TouchMode.Liquidated);
        vault.touch(to, TouchMode.Liquidated);
        clearinghouse.moveAtMark(from, to, id, size);
        vault.closeGate();
    }

    /// @dev The other side than the account's pays; shorts where it has none.
    function shareLoss(uint256 account, uint64 id, uint256 amount) external {
        (int256 size,) = clearinghouse.position(account, id);
        vault.openGate();
        vault.touch(account, TouchMode.Liquidated);
        clearinghouse.shareLoss(account, id, size < 0, amount);
        vault.closeGate();
    }

    function settle(uint256 account, uint64 id) internal {
        uint64[] memory ids = new uint64[](1);
        ids[0] = id;
        clearinghouse.settle(account, ids);
    }
}
