// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {LibString} from "solady/utils/LibString.sol";

import {IClearinghouse} from "contracts/interfaces/IClearinghouse.sol";
import {IExpiries} from "contracts/interfaces/IExpiries.sol";
import {ILiquidationAuction} from "contracts/interfaces/ILiquidationAuction.sol";
import {IMarginVault} from "contracts/interfaces/IMarginVault.sol";

/// @notice Why a rule of the random users may be refused. Anything else is a fault of the venue.
abstract contract Refusals {
    mapping(bytes32 rule => mapping(bytes4 reason => bool)) private _known;

    constructor() {
        _gate("withdraw");
        _gate("transfer");
        _gate("trade");
        _gate("settleBetween");
        _knows("settleBetween", IMarginVault.EquityTooLow.selector);
        _knows("settle", IMarginVault.EquityTooLow.selector);
        _knows("settleBetween", IMarginVault.PricesNotValid.selector);
        _knows("settle", IMarginVault.PricesNotValid.selector);
        _gate("bid");
        _knows("withdraw", IMarginVault.InAuction.selector);
        _knows("withdraw", IMarginVault.InsufficientBalance.selector);
        _knows("withdraw", IMarginVault.InsufficientLiquidity.selector);
        _knows("transfer", IMarginVault.InAuction.selector);
        _knows("trade", IClearinghouse.InAuction.selector);
        _knows("trade", IClearinghouse.SelfTrade.selector);
        _knows("trade", IClearinghouse.TradingEnded.selector);
        _knows("trade", IClearinghouse.PriceNotCalm.selector);
        _knows("trade", IClearinghouse.PriceNotValid.selector);
        _knows("start", ILiquidationAuction.AlreadyInAuction.selector);
        _knows("start", ILiquidationAuction.ExposureCapReached.selector);
        _knows("start", ILiquidationAuction.Healthy.selector);
        _knows("start", ILiquidationAuction.SelfBid.selector);
        _knows("bid", IMarginVault.BidOnCredit.selector);
        _knows("bid", ILiquidationAuction.AlreadyInAuction.selector);
        _knows("bid", ILiquidationAuction.NotInAuction.selector);
        _knows("bid", ILiquidationAuction.ClockHalted.selector);
        _knows("bid", ILiquidationAuction.Healthy.selector);
        _knows("bid", ILiquidationAuction.SelfBid.selector);
        _knows("bid", ILiquidationAuction.FillTooSmall.selector);
        _knows("end", ILiquidationAuction.NotInAuction.selector);
        _knows("end", ILiquidationAuction.NotRestored.selector);
        _knows("poke", ILiquidationAuction.NotInAuction.selector);
        _knows("finish", IExpiries.PriceNotValid.selector);
        _knows("observe", IExpiries.TooFewObservations.selector);
        _knows("observe", IExpiries.PriceTooOld.selector);
        _knows("observe", IClearinghouse.AlreadySettled.selector);
        _knows("observe", IExpiries.AverageKnown.selector);
        _knows("observe", IExpiries.ObservedAlready.selector);
        _knows("observe", IExpiries.ObservedEnough.selector);
        _knows("observe", IExpiries.PriceNotValid.selector);
        _knows("observe", IExpiries.SettlementTooEarly.selector);
        _knows("finish", IClearinghouse.AlreadySettled.selector);
        _knows("finish", IExpiries.SettlementTooEarly.selector);
        _knows("finish", IExpiries.TooFewObservations.selector);
    }

    /// @dev What the gate answers to whoever would be left below initial margin, or in doubt.
    function _gate(bytes32 rule) private {
        _knows(rule, IMarginVault.BelowInitialMargin.selector);
        _knows(rule, IMarginVault.PricesNotValid.selector);
    }

    function _knows(bytes32 rule, bytes4 reason) private {
        _known[rule][reason] = true;
    }

    /// @dev Whether a rule may be refused for a reason.
    function mayMeet(bytes32 rule, bytes memory why) internal view returns (bool) {
        return why.length >= 4 && _known[rule][bytes4(why)];
    }

    /// @dev What the run says where it may not.
    function saying(bytes32 rule, bytes memory why) internal pure returns (string memory) {
        return string.concat(LibString.fromSmallString(rule), " was refused: ", LibString.toHexString(why));
    }
}
