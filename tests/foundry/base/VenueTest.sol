// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {AccessManager} from "@openzeppelin/contracts/access/manager/AccessManager.sol";
import {Test} from "forge-std/Test.sol";

import {Clearinghouse} from "contracts/Clearinghouse.sol";
import {Exchange} from "contracts/Exchange.sol";
import {FixedVolatility} from "contracts/FixedVolatility.sol";
import {InsuranceFund} from "contracts/InsuranceFund.sol";
import {LiquidationAuction} from "contracts/LiquidationAuction.sol";
import {MarginLens} from "contracts/MarginLens.sol";
import {MarginVault} from "contracts/MarginVault.sol";
import {OracleAdapter} from "contracts/OracleAdapter.sol";
import {RiskEngine} from "contracts/RiskEngine.sol";
import {InstrumentConfig} from "contracts/interfaces/IClearinghouse.sol";
import {MarketRules, Order} from "contracts/interfaces/IExchange.sol";
import {AuctionParams} from "contracts/interfaces/ILiquidationAuction.sol";
import {IMarginVault, RateModel} from "contracts/interfaces/IMarginVault.sol";
import {GlobalParams, GroupParams, MarginSet, UnderlyingParams} from "contracts/interfaces/IRiskEngine.sol";
import {TestToken} from "contracts/periphery/TestToken.sol";
import {AccountId} from "contracts/types/AccountId.sol";
import {
    MODULE_AUCTION,
    MODULE_CLEARINGHOUSE,
    MODULE_EXCHANGE,
    MODULE_GATE
} from "contracts/types/Permissions.sol";
import {MockAggregator} from "tests/helpers/contracts/MockAggregator.sol";

/// @notice A whole venue for Foundry suites: the test contract governs it, traders are keys it can sign for.
abstract contract VenueTest is Test {
    struct Party {
        address owner;
        uint256 key;
        uint256 account; // its sub-account 0
    }

    uint256 internal constant MARKETS = 32;
    uint256 internal constant ETH = 1; // feed and underlying of the ether collateral; also market 0

    AccessManager internal manager;
    TestToken internal usdc;
    TestToken internal weth;
    OracleAdapter internal oracle;
    MarginVault internal vault;
    Clearinghouse internal clearinghouse;
    RiskEngine internal engine;
    Exchange internal exchange;
    InsuranceFund internal fund;
    LiquidationAuction internal auction;
    MarginLens internal lens;
    MockAggregator[] internal feeds; // feeds[i] prices underlying i + 1
    uint64[] internal perpetuals; // perpetuals[i] is on underlying i + 1
    uint256 private _nonce;

    Party internal trader;
    Party internal maker;
    Party internal keeper;
    Party internal lender;
}
