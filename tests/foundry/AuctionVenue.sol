// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC4626} from "@openzeppelin/contracts/interfaces/IERC4626.sol";
import {Test} from "forge-std/Test.sol";

import {IClearinghouse} from "contracts/interfaces/IClearinghouse.sol";
import {IInsuranceFund} from "contracts/interfaces/IInsuranceFund.sol";
import {AuctionParams, ILiquidationAuction} from "contracts/interfaces/ILiquidationAuction.sol";
import {IMarginVault} from "contracts/interfaces/IMarginVault.sol";
import {IMarketLosses} from "contracts/interfaces/IMarketLosses.sol";
import {Price} from "contracts/interfaces/IOracleAdapter.sol";
import {IRiskEngine, Margin} from "contracts/interfaces/IRiskEngine.sol";
import {IRiskParameters, UnderlyingParams} from "contracts/interfaces/IRiskParameters.sol";
import {AccountId} from "contracts/types/AccountId.sol";
import {GlobalParams} from "contracts/types/GlobalsWord.sol";
import {GroupParams} from "contracts/types/GroupWord.sol";
import {InstrumentConfig} from "contracts/types/InstrumentConfig.sol";
import {KIND_PERPETUAL} from "contracts/types/InstrumentId.sol";
import {MarginSet} from "contracts/types/MarginSetWord.sol";
import {MODULE_AUCTION, MODULE_CLEARINGHOUSE, MODULE_FEES, MODULE_GATE} from "contracts/types/Permissions.sol";
import {PriceEdges, PriceEdgesLib} from "contracts/types/PriceEdges.sol";
import {PriceMid, PriceMidLib} from "contracts/types/PriceMid.sol";
import {PriceStatus} from "contracts/types/PriceStatus.sol";

/// @notice An oracle that says what a test sets; edges equal mid.
contract SetOracle {
    uint256 public sequencerFloor;
    mapping(uint256 feedId => PriceMid) private _mids;

    function set(uint256 feedId, uint256 mid, PriceStatus status) external {
        _mids[feedId] = PriceMidLib.encode(mid, uint256(status));
    }

    function setClockFloor(uint256 floor) external {
        sequencerFloor = floor;
    }

    function price(uint256 feedId) external view returns (Price memory) {
        PriceMid word = _mids[feedId];
        uint256 mid = word.mid();
        return Price(mid, mid, mid, block.timestamp, PriceStatus(word.statusCode()));
    }

    function latest(uint256 feedId) external view returns (uint256, uint256, uint256, PriceStatus) {
        PriceMid word = _mids[feedId];
        return (word.mid(), 0, block.timestamp, PriceStatus(word.statusCode()));
    }

    function refreshOld(uint256[] calldata) external pure {}

    function packedPrices(uint256[] calldata feedIds) external view returns (uint256[] memory words) {
        words = new uint256[](2 * feedIds.length);
        for (uint256 i = 0; i < feedIds.length; ++i) {
            PriceMid word = _mids[feedIds[i]];
            words[2 * i] = PriceMid.unwrap(word);
            words[2 * i + 1] = PriceEdges.unwrap(PriceEdgesLib.encode(word.mid(), word.mid()));
        }
    }
}

/// @notice Trades between any accounts, in the exchange's place.
contract TradeDesk {
    function trade(
        IMarginVault vault,
        IClearinghouse market,
        uint64 id,
        uint256[2] calldata sides,
        uint256[2] calldata terms
    ) external {
        vault.openGate();
        market.trade(id, sides[0], sides[1], terms[0], terms[1], 0, false, false);
        vault.closeGate();
    }

    function reduce(
        IMarginVault vault,
        IClearinghouse market,
        uint64 id,
        uint256[2] calldata sides,
        uint256[2] calldata terms
    ) external {
        vault.openGate();
        market.trade(id, sides[0], sides[1], terms[0], terms[1], 0, true, true);
        vault.closeGate();
    }
}

interface IFaucet {
    function mint(address to, uint256 amount) external;
    function approve(address spender, uint256 amount) external returns (bool);
}

/// @notice A venue of the real contracts on a settable oracle; the test itself trades, without orders and fees.
abstract contract AuctionVenue is Test {
    uint256 internal constant PRICE = 100e18;
    uint256 internal constant ETHER_FEED = 200;

    address internal manager;
    SetOracle internal oracle;
    TradeDesk internal desk;
    IFaucet internal quote;
    IFaucet internal ether_;
    IMarginVault internal vault;
    IMarketLosses internal losses;
    IClearinghouse internal clearinghouse;
    IRiskParameters internal parameters;
    IRiskEngine internal engine;
    IInsuranceFund internal fund;
    ILiquidationAuction internal auction;
    uint64[] internal ids;

    address internal trader = makeAddr("trader");
    address internal maker = makeAddr("maker");
    address internal liquidator = makeAddr("liquidator");
    address internal rival = makeAddr("rival");
    address internal lender = makeAddr("lender");
    address internal starter = makeAddr("starter");

    function setUp() public virtual {
        vm.warp(1_800_000_000);
        manager = deployCode("build/forge/AccessManager.sol/AccessManager.json", abi.encode(address(this)));
        oracle = new SetOracle();
        quote = IFaucet(
            deployCode("build/forge/TestToken.sol/TestToken.json", abi.encode("Dollar", "USD", 6, type(uint256).max))
        );
        ether_ = IFaucet(
            deployCode("build/forge/TestToken.sol/TestToken.json", abi.encode("Ether", "ETH", 18, type(uint256).max))
        );
        vault = IMarginVault(deployCode("build/forge/MarginVault.sol/MarginVault.json", abi.encode(manager, quote)));
        address volatility = deployCode("build/forge/FixedVolatility.sol/FixedVolatility.json");
        parameters = IRiskParameters(
            deployCode("build/forge/RiskParameters.sol/RiskParameters.json", abi.encode(manager, volatility))
        );
        address expiries = deployCode("build/forge/Expiries.sol/Expiries.json", abi.encode(vault));
        losses = IMarketLosses(deployCode("build/forge/MarketLosses.sol/MarketLosses.json", abi.encode(vault)));
        address rules = deployCode("build/forge/ListingRules.sol/ListingRules.json", abi.encode(parameters));
        clearinghouse = IClearinghouse(
            deployCode(
                "build/forge/Clearinghouse.sol/Clearinghouse.json",
                abi.encode(vault, expiries, losses, rules, oracle, address(0), manager)
            )
        );
        engine = IRiskEngine(
            deployCode(
                "build/forge/RiskEngine.sol/RiskEngine.json",
                abi.encode(vault, clearinghouse, oracle, address(0), parameters)
            )
        );
        fund =
            IInsuranceFund(deployCode("build/forge/InsuranceFund.sol/InsuranceFund.json", abi.encode(vault, manager)));
        auction = ILiquidationAuction(
            deployCode(
                "build/forge/LiquidationAuction.sol/LiquidationAuction.json",
                abi.encode(vault, clearinghouse, manager, defaultParams())
            )
        );
        vault.setModule(address(clearinghouse), MODULE_GATE | MODULE_CLEARINGHOUSE);
        vault.setModule(address(auction), MODULE_GATE | MODULE_FEES | MODULE_AUCTION);
        desk = new TradeDesk();
        vault.setModule(address(desk), MODULE_GATE | MODULE_FEES);
        vault.setRiskEngine(address(engine));
        vault.setInsuranceFund(address(fund));
        clearinghouse.setModules(address(desk), address(auction));
        listMarkets(marketCount());
        deposit(lender, 1_000_000);
        deposit(maker, 10_000_000);
        deposit(liquidator, 10_000_000);
        deposit(rival, 10_000_000);
    }

    function marketCount() internal pure virtual returns (uint256) {
        return 3;
    }

    function defaultParams() internal pure returns (AuctionParams memory) {
        return AuctionParams({
            startReward: 0.05e18,
            kneeReward: 0.25e18,
            targetBuffer: 0.5e18,
            fastDuration: 120,
            slowDuration: 7200,
            smallAccount: 500e18,
            insolventFlat: 50e18,
            insolventDuration: 7200,
            bundleShare: 0.95e18,
            starterShare: 0.02e18,
            starterFlat: 10e18,
            starterCap: 500e18,
            globalExposureCap: 50_000_000e18
        });
    }

    function listMarkets(uint256 n) internal {
        uint256[] memory underlyings = new uint256[](n + 1);
        UnderlyingParams[] memory p = new UnderlyingParams[](n + 1);
        for (uint256 i = 0; i <= n; ++i) {
            underlyings[i] = i == n ? ETHER_FEED : i + 1;
            p[i] = UnderlyingParams({
                maintenance: MarginSet(70_000, 80_000, 50_000, 30_000, 50_000),
                initial: MarginSet(80_000, 120_000, 90_000, 40_000, 50_000),
                impactCoefficient: 0,
                group: 1,
                crowdingSlope: 0,
                maxTenor: 0,
                exposureUnit: 1e18,
                exposureCap: 50_000
            });
            oracle.set(underlyings[i], PRICE, PriceStatus.Valid);
        }
        uint256[] memory groups = new uint256[](1);
        groups[0] = 1;
        GroupParams[] memory g = new GroupParams[](1);
        g[0] = GroupParams(500_000, 400_000);
        parameters.setParameters(
            underlyings,
            p,
            groups,
            g,
            GlobalParams(900_000, 10_000, 1_250_000, 1_750_000, 100_000, 50_000, 100_000, 900, 10_000)
        );
        for (uint256 i = 0; i < n; ++i) {
            ids.push(clearinghouse.list(KIND_PERPETUAL, i + 1, 0, 0, InstrumentConfig(1_000_000e18, 100_000e18, 0)));
        }
        vault.listAsset(address(ether_), 18, uint8(ETHER_FEED), uint8(ETHER_FEED), type(uint128).max);
    }

    /* ACTIONS */

    function account(address who) internal pure returns (uint256) {
        return AccountId.encode(who, 0);
    }

    function deposit(address who, uint256 dollars) internal {
        quote.mint(who, dollars * 1e6);
        vm.startPrank(who);
        quote.approve(address(vault), dollars * 1e6);
        vault.deposit(account(who), address(quote), dollars * 1e6);
        vm.stopPrank();
    }

    function depositEther(address who, uint256 amount) internal {
        ether_.mint(who, amount);
        vm.startPrank(who);
        ether_.approve(address(vault), amount);
        vault.deposit(account(who), address(ether_), amount);
        vm.stopPrank();
    }

    function fill(uint64 id, address buyer, address seller, uint256 size, uint256 price) internal {
        desk.trade(vault, clearinghouse, id, [account(buyer), account(seller)], [size, price]);
    }

    function fundWith(uint256 dollars) internal {
        quote.mint(address(this), dollars * 1e6);
        quote.approve(address(fund), dollars * 1e6);
        IERC4626(address(fund)).deposit(dollars * 1e6, address(this));
    }

    function setPrice(uint256 feedId, uint256 mid) internal {
        oracle.set(feedId, mid, PriceStatus.Valid);
    }

    function bid(address who, uint256 fraction) internal returns (uint256 taken, int256 payment) {
        vm.prank(who);
        return
            auction.bid(
                account(trader), account(who), fraction, 0, type(int256).max, type(uint256).max, block.timestamp
            );
    }

    /* VIEWS */

    function maintenance(address who) internal view returns (Margin memory m) {
        (, m) = engine.margin(account(who));
    }

    function equity(address who) internal view returns (int256) {
        return maintenance(who).equity;
    }
}
