// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {SignatureChecker} from "@openzeppelin/contracts/utils/cryptography/SignatureChecker.sol";
import {SignedMath} from "@openzeppelin/contracts/utils/math/SignedMath.sol";
import {FixedPointMathLib} from "solady/utils/FixedPointMathLib.sol";

import {IClearinghouse} from "./interfaces/IClearinghouse.sol";
import {IExchange, MarketRules, Order} from "./interfaces/IExchange.sol";
import {IMarginVault} from "./interfaces/IMarginVault.sol";
import {IOptionOracle} from "./interfaces/IOptionOracle.sol";
import {IOracleAdapter, Price} from "./interfaces/IOracleAdapter.sol";
import {RecentArrays} from "./pricing/RecentArrays.sol";
import {MarginMath} from "./risk/MarginMath.sol";
import {AccountId} from "./types/AccountId.sol";
import {MAX_FEED_ID, PPM, SETTLEMENT_WINDOW, WAD} from "./types/Constants.sol";
import {InstrumentId} from "./types/InstrumentId.sol";
import {LEG_BYTES, LegWords} from "./types/LegWords.sol";
import {MarketWord} from "./types/MarketWord.sol";
import {PERMISSION_TRADE} from "./types/Permissions.sol";
import {PositionWord} from "./types/PositionWord.sol";
import {PriceStatus} from "./types/PriceStatus.sol";
import {SpotWord} from "./types/SpotWord.sol";
import {UnpaidWord} from "./types/UnpaidWord.sol";
import {Gated} from "./vault/Gated.sol";

/// @title Exchange: owns fills and cancellations of signed orders.
/// @dev Asks the clearinghouse to trade, the vault who may and for fees, the option oracle for recent arrays.
contract Exchange is IExchange, Gated, AccessManaged, EIP712 {
    /// @notice Highest configurable fee [ppm].
    uint256 public constant MAX_FEE = 10_000;
    /// @notice Widest configurable price band [ppm].
    uint256 public constant MAX_PRICE_BAND = 200_000;

    bytes32 private constant ORDER_TYPEHASH = keccak256(
        "Order(uint256 account,address signer,uint64 instrument,int256 size,uint256 limitPrice,"
        "uint256 maxFee,uint256 expiry,uint256 nonce,uint64 epoch,bool reduceOnly)"
    );
    uint256 private constant CANCELLED = type(uint256).max;
    /// @dev What is worth at most this part of what is closed hedges nothing.
    uint256 private constant DUST_PART = 1000;

    /// @notice The clearinghouse that books the fills.
    IClearinghouse public immutable clearinghouse;

    mapping(bytes32 orderHash => uint256) private _filled; // [wad base]; CANCELLED when cancelled
    mapping(uint256 account => uint256) private _minimumNonce;
    mapping(uint256 underlying => MarketRules) private _rules;

    constructor(IMarginVault vault_, IClearinghouse clearinghouse_, address authority_)
        Gated(vault_)
        AccessManaged(authority_)
        EIP712("CrossMargin Exchange", "1")
    {
        clearinghouse = clearinghouse_;
    }

    /* TRADERS */

    /// @dev A fill is booked at a recent price. An option is traded beside a recent risk array, and a reduction is
    /// judged by recent ones of all options of its account: the checks at the end must not take a bad price for a good
    /// one, nor what is owed for something that may be given away. Inside an operation no array is refreshed, and one
    /// that is not recent reverts.
    modifier besideRecentArrays(Order calldata maker, Order calldata taker) {
        uint256[] memory feeds = new uint256[](1);
        feeds[0] = InstrumentId.underlyingOf(maker.instrument);
        IOracleAdapter(clearinghouse.oracle()).refreshOld(feeds);
        if (InstrumentId.isOption(maker.instrument)) {
            uint64[] memory traded = new uint64[](1);
            traded[0] = maker.instrument;
            RecentArrays.refresh(clearinghouse, traded);
        }
        if (maker.reduceOnly) RecentArrays.refresh(clearinghouse, clearinghouse.legIds(maker.account));
        if (taker.reduceOnly) RecentArrays.refresh(clearinghouse, clearinghouse.legIds(taker.account));
        _;
    }

    /// @inheritdoc IExchange
    function fill(
        Order calldata maker,
        bytes calldata makerSignature,
        Order calldata taker,
        bytes calldata takerSignature,
        uint256 size
    ) external besideRecentArrays(maker, taker) gated {
        _requireCross(maker, taker, size);
        bytes32 makerHash = _hash(maker);
        bytes32 takerHash = _hash(taker);
        _requireSigned(maker, makerHash, makerSignature);
        _filled[makerHash] = _requireLive(maker, makerHash, size);
        uint256 takerFilled = _requireLive(taker, takerHash, size);
        // A taker that sends its own order needs no signature, and none can be used again.
        if (msg.sender != taker.signer) {
            _requireSigned(taker, takerHash, takerSignature);
            _filled[takerHash] = takerFilled;
        }

        MarketRules memory rules = _rules[InstrumentId.underlyingOf(maker.instrument)];
        uint256 notional = _trade(maker, taker, size, rules);
        uint256 makerFee = _chargeFee(maker, notional, rules.makerFee);
        uint256 takerFee = _chargeFee(taker, notional, rules.takerFee);

        // safe because the order's size, at least as large, is an int256
        int256 takerSize = taker.size > 0 ? int256(size) : -int256(size);
        emit Filled({
            makerHash: makerHash,
            takerHash: takerHash,
            instrument: maker.instrument,
            maker: maker.account,
            taker: taker.account,
            takerSize: takerSize,
            price: maker.limitPrice,
            makerFee: makerFee,
            takerFee: takerFee
        });
    }

    /// @dev The orders are of one instrument and of opposite sides, and the taker accepts the maker's price.
    function _requireCross(Order calldata maker, Order calldata taker, uint256 size) private pure {
        if (size == 0 || maker.size == 0 || taker.size == 0) revert ZeroSize();
        if (maker.instrument != taker.instrument) revert OrdersDoNotMatch(maker.instrument, taker.instrument);
        if (maker.size > 0 == taker.size > 0) revert SameSide();
        bool crossed = taker.size > 0 ? maker.limitPrice <= taker.limitPrice : maker.limitPrice >= taker.limitPrice;
        if (!crossed) revert PriceNotCrossed(maker.limitPrice, taker.limitPrice);
    }

    /// @dev A key first, which an account with delegated code keeps; then whoever has code is asked.
    /// Recovering nobody is an error, never the zero signer.
    function _requireSigned(Order calldata order, bytes32 orderHash, bytes calldata signature) private view {
        address signer = order.signer;
        (address recovered, ECDSA.RecoverError failure,) = ECDSA.tryRecover(orderHash, signature);
        if (failure == ECDSA.RecoverError.NoError && recovered == signer) return;
        if (SignatureChecker.isValidERC1271SignatureNow(signer, orderHash, signature)) return;
        revert BadSignature(orderHash, signer);
    }

    /// @dev Checks that `size` of the order is live and that its signer
    /// may trade for the account now; returns what is filled then.
    function _requireLive(Order calldata order, bytes32 orderHash, uint256 size) private view returns (uint256) {
        if (block.timestamp > order.expiry) revert OrderExpired(orderHash, block.timestamp, order.expiry);
        uint256 minimum = _minimumNonce[order.account];
        if (order.nonce < minimum) revert NonceTooLow(order.account, order.nonce, minimum);
        _requireAuthority(order, orderHash);
        uint256 filled = _filled[orderHash];
        if (filled == CANCELLED) revert OrderVoid(orderHash);
        uint256 remaining = SignedMath.abs(order.size) - filled;
        if (size > remaining) revert OverFill(orderHash, size, remaining);
        return filled + size;
    }

    /// @dev The signer is the owner, or an operator that may trade and has not been named anew since it signed.
    function _requireAuthority(Order calldata order, bytes32 orderHash) private view {
        if (!vault.isAuthorised(order.account, order.signer, PERMISSION_TRADE)) {
            revert NotAuthorised(order.signer, order.account, PERMISSION_TRADE);
        }
        address owner = AccountId.ownerOf(order.account);
        uint64 epoch;
        if (order.signer != owner) epoch = vault.operatorOf(owner, order.signer).epoch();
        if (order.epoch != epoch) revert EpochOver(orderHash, order.epoch, epoch);
    }

    /// @dev Fills at the maker's price, which must lie inside the band around the mark, a part of the index wide either
    /// way; at a Stale or Uncertain one only reductions.
    function _trade(Order calldata maker, Order calldata taker, uint256 size, MarketRules memory rules)
        private
        returns (uint256 notional)
    {
        uint256 price = maker.limitPrice;
        (Order calldata buyer, Order calldata seller) = taker.size > 0 ? (taker, maker) : (maker, taker);
        uint256 mark;
        uint256 index;
        PriceStatus status;
        (notional, mark, index, status) = clearinghouse.trade(
            maker.instrument,
            buyer.account,
            seller.account,
            size,
            price,
            uint256(rules.makerFee) + rules.takerFee,
            buyer.reduceOnly,
            seller.reduceOnly
        );
        if (status == PriceStatus.Halted) revert PriceNotValid(InstrumentId.underlyingOf(maker.instrument));
        if (status != PriceStatus.Valid) {
            uint256 dust = FixedPointMathLib.fullMulDiv(size, index, WAD * DUST_PART);
            _requireNoHedge(buyer.account, maker.instrument, false, dust);
            _requireNoHedge(seller.account, maker.instrument, true, dust);
        }
        // Both edges are rounded into the band.
        uint256 width = FixedPointMathLib.fullMulDiv(index, rules.priceBand, PPM);
        uint256 low = FixedPointMathLib.zeroFloorSub(mark, width);
        uint256 high = mark + width;
        if (price < low || price > high) revert PriceOutsideBand(price, low, high);
    }

    /// @dev At a price in doubt nobody closes what may pay for something else that he has at a price in doubt: he may
    /// know better than the price, and leave the loss of the rest to those whom he owes it. That is all that is of
    /// another underlying, of the same what gains where this loses, and what will pay an average that is being made.
    /// Nor what may pay debts that his cash and collateral do not cover: the profit that seems to may be against
    /// somebody who cannot pay.
    /// @param long Whether a long is closed.
    /// @param dust What is worth no more in all hedges nothing [wad USD].
    function _requireNoHedge(uint256 account, uint64 id, bool long, uint256 dust) private view {
        uint256 underlying = InstrumentId.underlyingOf(id);
        bool rises = _gainsFromRise(id, long);
        uint256 doubtful;
        uint256 owed;
        (uint256 cursor, uint256 end) = LegWords.rangeOf(clearinghouse.legs(account));
        for (; cursor != end; cursor += LEG_BYTES) {
            (uint256 debts, uint256 inDoubt) = _debtsOf(cursor);
            owed += debts;
            uint64 other = LegWords.idAt(cursor);
            if (inDoubt == 0 || other == id) continue;
            bool isLong = LegWords.positionAt(cursor).size() > 0;
            // options also win and lose by volatility, longs the one way and shorts the other
            bool alike = isLong == long || !InstrumentId.isOption(id) || !InstrumentId.isOption(other);
            bool same = InstrumentId.underlyingOf(other) == underlying && !_isAveraged(other);
            if (!same || !alike || _gainsFromRise(other, isLong) != rises) doubtful += inDoubt;
        }
        (int256 cash, SpotWord[] memory spot) = vault.accountState(account);
        uint256 has = FixedPointMathLib.abs(cash);
        if (cash < 0) (owed, has) = (owed + has, 0);
        for (uint256 i; i < spot.length; ++i) {
            Price memory price = IOracleAdapter(clearinghouse.oracle()).price(spot[i].feed());
            (uint256 amount, uint256 unit) = (spot[i].amount(), 10 ** spot[i].decimals());
            has += FixedPointMathLib.fullMulDiv(amount, price.low, unit);
            if (price.status == PriceStatus.Valid || (rises && spot[i].underlying() == underlying)) continue;
            doubtful += FixedPointMathLib.fullMulDiv(amount, price.mid, unit);
        }
        if (doubtful > dust) revert PriceNotValid(underlying);
        if (owed > has) revert DebtsNotCovered(account, owed, has);
    }

    /// @dev Whether the average that an instrument will pay is being made, or is to be fixed: no mark shows it.
    function _isAveraged(uint64 id) private view returns (bool) {
        return InstrumentId.isExpired(id, block.timestamp + SETTLEMENT_WINDOW);
    }

    /// @dev Whether a leg gains from a rise of its index: a long, but for puts, which gain from a fall.
    function _gainsFromRise(uint64 id, bool long) private pure returns (bool) {
        bool isPut = InstrumentId.isOption(id) && !InstrumentId.isCall(id);
        return long != isPut;
    }

    /// @dev What the leg at `cursor` owes its market, and what its open contracts are of where their mark may not be
    /// trusted, down [wad USD].
    function _debtsOf(uint256 cursor) private view returns (uint256 debts, uint256 inDoubt) {
        (uint64 id, PositionWord position, MarketWord market, UnpaidWord unpaid) = LegWords.at(cursor);
        debts = unpaid.debts();
        int256 size = position.size();
        if (size == 0) return (debts, 0);
        Price memory index = IOracleAdapter(clearinghouse.oracle()).price(InstrumentId.underlyingOf(id));
        (uint256 mark, PriceStatus status) = (index.mid, index.status);
        if (InstrumentId.isOption(id)) (mark, status,) = IOptionOracle(clearinghouse.options()).mark(id);
        int256 value = MarginMath.legValue(size, position.basis(), market.fundingAt(mark, block.timestamp), mark);
        if (value < 0) debts += FixedPointMathLib.abs(value);
        if (status != PriceStatus.Valid || _isAveraged(id)) {
            inDoubt = FixedPointMathLib.fullMulDiv(FixedPointMathLib.abs(size), index.mid, WAD);
        }
    }

    /// @dev Charges `fee` [ppm] of the notional, up; returns the charge [wad USD].
    function _chargeFee(Order calldata order, uint256 notional, uint256 fee) private returns (uint256 charge) {
        if (fee > order.maxFee) revert FeeAboveCap(fee, order.maxFee);
        charge = FixedPointMathLib.fullMulDivUp(notional, fee, PPM);
        if (charge != 0) vault.chargeFee(order.account, charge);
    }

    /// @inheritdoc IExchange
    function cancel(Order calldata order) external {
        if (msg.sender != order.signer) _requireTrader(order.account);
        bytes32 orderHash = _hash(order);
        _filled[orderHash] = CANCELLED;
        emit Cancelled(orderHash, order.account);
    }

    /// @inheritdoc IExchange
    function cancelAll(uint256 account, uint256 minimumNonce) external {
        _requireTrader(account);
        uint256 minimum = _minimumNonce[account];
        if (minimumNonce <= minimum) revert NonceTooLow(account, minimumNonce, minimum);
        _minimumNonce[account] = minimumNonce;
        emit CancelledAll(account, minimumNonce);
    }

    function _requireTrader(uint256 account) private view {
        if (!vault.isAuthorised(account, msg.sender, PERMISSION_TRADE)) {
            revert NotAuthorised(msg.sender, account, PERMISSION_TRADE);
        }
    }

    /* GOVERNANCE */

    /// @inheritdoc IExchange
    function setRules(uint256 underlying, MarketRules calldata rules) external restricted {
        if (underlying == 0 || underlying > MAX_FEED_ID) revert ParameterOutOfRange(underlying, MAX_FEED_ID);
        if (rules.makerFee > MAX_FEE) revert ParameterOutOfRange(rules.makerFee, MAX_FEE);
        if (rules.takerFee > MAX_FEE) revert ParameterOutOfRange(rules.takerFee, MAX_FEE);
        if (rules.priceBand > MAX_PRICE_BAND) revert ParameterOutOfRange(rules.priceBand, MAX_PRICE_BAND);
        _rules[underlying] = rules;
        emit RulesSet(underlying, rules);
    }

    /* VIEWS */

    /// @inheritdoc IExchange
    function hashOrder(Order calldata order) external view returns (bytes32) {
        return _hash(order);
    }

    function _hash(Order calldata order) private view returns (bytes32) {
        // Every member is a static word, so the struct's encoding is that of its members in order.
        return _hashTypedDataV4(keccak256(abi.encode(ORDER_TYPEHASH, order)));
    }

    /// @inheritdoc IExchange
    function filledOf(bytes32 orderHash) external view returns (uint256) {
        return _filled[orderHash];
    }

    /// @inheritdoc IExchange
    function minimumNonceOf(uint256 account) external view returns (uint256) {
        return _minimumNonce[account];
    }

    /// @inheritdoc IExchange
    function rulesOf(uint256 underlying) external view returns (MarketRules memory) {
        return _rules[underlying];
    }
}
