// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {FixedPointMathLib} from "solady/utils/FixedPointMathLib.sol";

import {Bucket} from "./crosschain/Bucket.sol";
import {Endpoint} from "./crosschain/Endpoint.sol";
import {Claim} from "./crosschain/LockClaim.sol";
import {ReceiptFactory} from "./crosschain/ReceiptFactory.sol";
import {RemoteReceipt} from "./crosschain/RemoteReceipt.sol";
import {ClaimView, ICollateralHub, RouteConfig, RouteView} from "./interfaces/ICollateralHub.sol";
import {IMarginVault} from "./interfaces/IMarginVault.sol";
import {IRiskEngine, Margin} from "./interfaces/IRiskEngine.sol";
import {WAD} from "./types/Constants.sol";
import {PERMISSION_DEPOSIT} from "./types/Permissions.sol";
import {PriceStatus} from "./types/PriceStatus.sol";
import {AccountReport, LockReport, MessageKind, RedemptionReport, SpokeBeat} from "./types/RemoteMessages.sol";

/// @title Collateral hub: makes what is locked on other chains count as collateral of the venue.
contract CollateralHub is ICollateralHub, Endpoint {
    using Bucket for Bucket.State;
    using SafeCast for uint256;

    /// @dev A route; sums are over its accounts.
    struct Route {
        RouteConfig config;
        RemoteReceipt receipt;
        Bucket.State bucket;
        uint128 locked; // on any word that counts [token units]
        uint128 waiting; // finally locked and not credited, of those who let the hub deposit [token units]
        uint128 credited; // [token units]
        uint128 redeemed; // paid for burnt receipts, here or still to be paid there [token units]
        uint128 unbacked; // credited beyond what is locked finally or, where that is newer, on fast word [token units]
        uint128 fastCredited; // credited beyond what is locked finally [token units]
        uint128 missing; // what governance knows to be missing at the spoke, in all [token units]
        uint128 absorbed; // of what was unbacked or missing, borne by redemptions [token units]
        uint128 spokeDone; // paid by the last beat [token units]
        uint64 beatAt; // newest time of the spoke's chain [s]
        uint64 heard; // newest time of this chain that the spoke has heard of [s]
        uint64 pausedUntil; // [s]
    }

    uint256 private constant MAX_PAUSE = 7 days;
    /// @dev In a queue an account is served once in this time [s].
    uint256 private constant QUEUE_INTERVAL = 10 minutes;
    /// @dev Bounds of a route's times [s].
    uint256 private constant LEAST_SILENCE = 10 minutes;
    uint256 private constant MOST_SILENCE = 7 days;
    uint256 private constant MOST_DEATH = 30 days;

    /// @notice The vault whose assets receipts are.
    IMarginVault public immutable vault;
    ReceiptFactory private immutable _factory;
    /// @inheritdoc ICollateralHub
    uint256 public routeCount;

    mapping(uint32 domain => address) private _spokes;
    mapping(uint256 route => Route) private _routes;
    mapping(uint32 domain => mapping(address token => uint256)) private _numbers;
    mapping(address receipt => uint256 route) private _ofReceipt;
    mapping(uint256 route => mapping(uint256 account => Claim)) private _claims;
    mapping(uint256 route => mapping(address recipient => uint256)) private _redeemed; // [token units]

    constructor(address authority, IMarginVault vault_) AccessManaged(authority) {
        vault = vault_;
        _factory = new ReceiptFactory();
    }

    /* REPORTS */

    /// @dev Takes a report of a spoke in, and credits what it allows.
    function _handle(uint32 domain, bytes calldata body, uint256 count, bool fast) internal override {
        uint256 kind = abi.decode(body, (uint256));
        if (kind == uint256(MessageKind.Lock)) {
            (, LockReport memory report) = abi.decode(body, (uint256, LockReport));
            _takeLock(_requireRoute(domain, report.token), report, count, fast);
        } else if (kind == uint256(MessageKind.SpokeBeat)) {
            (, SpokeBeat memory beat) = abi.decode(body, (uint256, SpokeBeat));
            _takeBeat(_requireRoute(domain, beat.token), beat, count);
        } else {
            revert UnknownKind(kind);
        }
    }

    function _takeLock(uint256 number, LockReport memory report, uint256 count, bool fast) private {
        Route storage route = _routes[number];
        bool isFinal = count >= route.config.required;
        if (!isFinal && !fast) revert NotConfirmed(count, route.config.required);

        Claim memory claim = _claims[number][report.account];
        Claim memory before = _claims[number][report.account];
        if (isFinal) {
            claim.takeFinal(report);
            _hear(route, report.time, report.heard);
        } else {
            claim.takeFast(report, route.config.fastCap);
        }
        _store(number, report.account, before, claim);
        emit LockReported({
            route: number,
            account: report.account,
            sequence: report.sequence,
            locked: report.locked,
            exited: report.exited,
            isFinal: isFinal
        });
        // what cannot be credited waits, and the report is kept
        // solhint-disable-next-line no-empty-blocks
        try this.credit(number, report.account) {}
        catch (bytes memory reason) {
            emit CreditDeferred(number, report.account, reason);
        }
    }

    function _takeBeat(uint256 number, SpokeBeat memory beat, uint256 count) private {
        Route storage route = _routes[number];
        RouteConfig memory config = route.config;
        if (count < config.required) revert NotConfirmed(count, config.required);
        if (beat.decimals != config.decimals) revert DecimalsDiffer(number, beat.decimals, config.decimals);

        _hear(route, beat.time, beat.heard);
        if (beat.paid > route.spokeDone) route.spokeDone = beat.paid;
        // paid without the hub: nobody runs, until governance has looked
        if (beat.paid > route.redeemed + route.missing) {
            _setPaused(number, route, FixedPointMathLib.max(route.pausedUntil, block.timestamp + MAX_PAUSE));
        }
        emit BeatReported(number, beat.heard, beat.time);
    }

    /// @dev Times never go back, and are never those of tomorrow. What is dead stays so: meanwhile the spoke may have
    /// given back what it holds.
    function _hear(Route storage route, uint64 time, uint64 heard) private {
        if (_isDead(route)) return;
        uint256 now_ = block.timestamp;
        // safe because each is at most a time, which fits 64 bits
        route.beatAt = uint64(FixedPointMathLib.max(route.beatAt, FixedPointMathLib.min(time, now_)));
        route.heard = uint64(FixedPointMathLib.max(route.heard, FixedPointMathLib.min(heard, now_)));
    }

    /* SUMS */

    /// @dev Stores a claim, and carries the sums of its route on.
    function _store(uint256 number, uint256 account, Claim memory before, Claim memory claim) private {
        Route storage route = _routes[number];
        claim.admitted = vault.isAuthorised(account, address(this), PERMISSION_DEPOSIT);
        route.locked = _carried(route.locked, before.countable(), claim.countable());
        route.waiting = _carried(route.waiting, before.waiting(), claim.waiting());
        route.unbacked = _carried(route.unbacked, before.beyond(true), claim.beyond(true));
        route.fastCredited = _carried(route.fastCredited, before.beyond(false), claim.beyond(false));
        _claims[number][account] = claim;
    }

    /// @dev A sum in which one part has changed [token units].
    function _carried(uint128 sum, uint256 before, uint256 after_) private pure returns (uint128) {
        if (before == after_) return sum;
        return (sum + after_ - before).toUint128();
    }

    /* CREDIT */

    /// @inheritdoc ICollateralHub
    function credit(uint256 number, uint256 account) external returns (uint256 amount) {
        Route storage route = _requireListed(number);
        _requireOpen(number, route);
        uint256 shortage = _shortageOf(route);
        if (shortage != 0) revert RouteShort(number, shortage);
        Claim memory claim = _claims[number][account];
        // whether the owner lets the hub deposit may have changed
        _store(number, account, _claims[number][account], claim);
        bool queued;
        (amount, queued) = _claimable(route, claim);
        if (queued && block.timestamp < claim.nextCreditAt) revert CreditTooSoon(account, claim.nextCreditAt);
        if (amount == 0) revert NothingToCredit(number, account);

        Claim memory before = _claims[number][account];
        claim.credited += amount.toUint128();
        if (queued) claim.nextCreditAt = (block.timestamp + QUEUE_INTERVAL).toUint48();
        _store(number, account, before, claim);
        route.credited += amount.toUint128();
        route.bucket.spend(route.config.capacity, route.config.window, amount);
        emit Credited(number, account, amount);

        route.receipt.mint(amount);
        vault.deposit(account, address(route.receipt), amount);
    }

    /// @dev What may be credited of a claim now, and whether it stands in a queue: there what is not final has no place
    /// [token units, down].
    function _claimable(Route storage route, Claim memory claim) private view returns (uint256 amount, bool queued) {
        RouteConfig memory config = route.config;
        uint256 settled = claim.settled();
        uint256 known = FixedPointMathLib.max(claim.locked, claim.credited);
        uint256 fast = FixedPointMathLib.min(
            FixedPointMathLib.zeroFloorSub(claim.countable(), known),
            FixedPointMathLib.zeroFloorSub(config.fastCap, route.fastCredited)
        );
        uint256 room = FixedPointMathLib.zeroFloorSub(config.cap, route.receipt.totalSupply());
        room = FixedPointMathLib.min(room, route.bucket.available(config.capacity, config.window));

        queued = route.waiting + fast > room;
        if (!queued) return (settled + fast, false);
        uint256 waiting = FixedPointMathLib.max(route.waiting, settled);
        if (waiting != 0) amount = FixedPointMathLib.min(settled, room * settled / waiting);
    }

    /// @dev Neither paused nor dead.
    function _requireOpen(uint256 number, Route storage route) private view {
        if (block.timestamp < route.pausedUntil) revert RoutePaused(number, route.pausedUntil);
        if (_isDead(route)) revert RouteDead(number, _heardAt(route));
    }

    function _isDead(Route storage route) private view returns (bool) {
        return block.timestamp - _heardAt(route) > route.config.deadAfter;
    }

    /* REDEMPTION */

    /// @inheritdoc ICollateralHub
    function redeem(address recipient, uint256 amount) external {
        uint256 number = _ofReceipt[msg.sender];
        if (number == 0) revert NotReceipt(msg.sender);
        Route storage route = _routes[number];
        _requireOpen(number, route);

        // what nobody has locked is borne by all receipts alike, those that leave among them
        uint256 supply = route.receipt.totalSupply() + amount;
        uint256 borne = FixedPointMathLib.mulDivUp(amount, FixedPointMathLib.min(_shortageOf(route), supply), supply);
        uint256 paid = amount - borne;
        route.absorbed += borne.toUint128();
        route.redeemed += paid.toUint128();
        uint256 total = _redeemed[number][recipient] + paid;
        _redeemed[number][recipient] = total;
        emit Redeemed({route: number, recipient: recipient, burnt: amount, amount: paid, total: total});
    }

    /// @dev Receipts that nothing locked stands behind [token units].
    function _shortageOf(Route storage route) private view returns (uint256) {
        return FixedPointMathLib.zeroFloorSub(uint256(route.unbacked) + route.missing, route.absorbed);
    }

    /* MESSAGES TO SPOKES */

    /// @inheritdoc ICollateralHub
    function sendRedemption(uint256 number, address recipient) external payable {
        RouteConfig memory config = _requireListed(number).config;
        uint128 redeemed = _redeemed[number][recipient].toUint128();
        RedemptionReport memory report = RedemptionReport(config.token, recipient, redeemed, _now());
        _send(config.domain, abi.encode(MessageKind.Redemption, report));
    }

    /// @inheritdoc ICollateralHub
    function sendAccount(uint256 number, uint256 account) external payable {
        Route storage route = _requireListed(number);
        (Margin memory initial, Margin memory maintenance) = IRiskEngine(vault.riskEngine()).margin(account);
        Claim memory claim = _claims[number][account];
        uint256 index = vault.assetIndexOf(address(route.receipt));
        AccountReport memory report = AccountReport({
            token: route.config.token,
            account: account,
            held: vault.balanceOf(account, index).toUint128(),
            waiting: claim.left().toUint128(),
            health: _healthOf(maintenance),
            freeMargin: initial.excess,
            owes: !initial.free,
            time: _now()
        });
        _send(route.config.domain, abi.encode(MessageKind.Account, report));
    }

    /// @dev Health factor of a set [wad].
    function _healthOf(Margin memory maintenance) private pure returns (uint256) {
        if (maintenance.free || maintenance.denominator == 0) return type(uint256).max;
        return FixedPointMathLib.fullMulDiv(maintenance.numerator, WAD, maintenance.denominator);
    }

    /// @inheritdoc ICollateralHub
    function sendBeat(uint32 domain) external payable {
        _send(domain, abi.encode(MessageKind.HubBeat, _now()));
    }

    function _now() private view returns (uint64) {
        // safe because times fit 64 bits
        return uint64(block.timestamp);
    }

    /* GOVERNANCE AND GUARDIAN */

    /// @inheritdoc ICollateralHub
    function setSpoke(uint32 domain, address spoke) external restricted {
        if (_spokes[domain] != address(0)) revert SpokeFixed(domain, _spokes[domain]);
        _spokes[domain] = spoke;
        emit SpokeSet(domain, spoke);
    }

    /// @inheritdoc ICollateralHub
    function setRoute(RouteConfig calldata config, string calldata name, string calldata symbol)
        external
        restricted
        returns (uint256 number)
    {
        _checkRoute(config);
        number = _numbers[config.domain][config.token];
        if (number == 0) {
            number = ++routeCount;
            _numbers[config.domain][config.token] = number;
            Route storage added = _routes[number];
            added.receipt = _factory.make(address(vault), number, config.decimals, name, symbol);
            _ofReceipt[address(added.receipt)] = number;
            (added.beatAt, added.heard) = (_now(), _now());
        }
        Route storage route = _routes[number];
        if (config.decimals != route.receipt.decimals()) revert RouteFixed(number);
        route.config = config;
        emit RouteSet(number, address(route.receipt), config);
    }

    function _checkRoute(RouteConfig calldata config) private pure {
        _requireBetween(config.required, 1, type(uint8).max);
        _requireBetween(config.window, 1, type(uint32).max);
        _requireBetween(config.silentAfter, LEAST_SILENCE, MOST_SILENCE);
        _requireBetween(config.deadAfter, uint256(config.silentAfter) + 1, MOST_DEATH);
        _requireBetween(config.fastCap, 0, config.capacity);
    }

    function _requireBetween(uint256 value, uint256 least, uint256 most) private pure {
        if (value < least) revert RouteParameterOutOfRange(value, least);
        if (value > most) revert RouteParameterOutOfRange(value, most);
    }

    /// @inheritdoc ICollateralHub
    function pauseRoute(uint256 number, uint256 duration) external restricted {
        Route storage route = _requireListed(number);
        if (duration > MAX_PAUSE) revert RouteParameterOutOfRange(duration, MAX_PAUSE);
        uint256 until = FixedPointMathLib.max(route.pausedUntil, block.timestamp + duration);
        _setPaused(number, route, until);
    }

    /// @inheritdoc ICollateralHub
    function unpauseRoute(uint256 number) external restricted {
        _setPaused(number, _requireListed(number), 0);
    }

    function _setPaused(uint256 number, Route storage route, uint256 until) private {
        route.pausedUntil = until.toUint64();
        emit RoutePausedUntil(number, until);
    }

    /// @inheritdoc ICollateralHub
    function acknowledge(uint256 number, uint128 missing) external restricted {
        _requireListed(number).missing = missing;
        emit MissingAcknowledged(number, missing);
    }

    /// @inheritdoc ICollateralHub
    function revive(uint256 number) external restricted {
        Route storage route = _requireListed(number);
        (route.beatAt, route.heard) = (_now(), _now());
        emit RouteRevived(number);
    }

    /// @inheritdoc ICollateralHub
    function forget(uint256 number, uint256 account, uint64 sequence) external restricted {
        _requireListed(number);
        Claim memory claim = _claims[number][account];
        Claim memory before = _claims[number][account];
        claim.forget(sequence);
        _store(number, account, before, claim);
        _voidDeliveries();
        emit ReportsForgotten(number, account);
    }

    /* READING */

    function _peerOf(uint32 domain) internal view override returns (address) {
        return _spokes[domain];
    }

    function _requireRoute(uint32 domain, address token) private view returns (uint256 number) {
        number = _numbers[domain][token];
        if (number == 0) revert UnknownRoute(0);
    }

    function _requireListed(uint256 number) private view returns (Route storage route) {
        route = _routes[number];
        if (address(route.receipt) == address(0)) revert UnknownRoute(number);
    }

    /// @inheritdoc ICollateralHub
    function standingOf(uint256 number) external view returns (PriceStatus status, uint256 factor) {
        return _standingOf(_requireListed(number));
    }

    /// @dev From silence on the price falls evenly, to nothing when the route is dead.
    function _standingOf(Route storage route) private view returns (PriceStatus status, uint256 factor) {
        RouteConfig memory config = route.config;
        (status, factor) = (PriceStatus.Valid, WAD);
        if (block.timestamp < route.pausedUntil) status = PriceStatus.Uncertain;

        uint256 silence = block.timestamp - _heardAt(route);
        if (silence > config.silentAfter) {
            status = PriceStatus.Uncertain;
            uint256 left = FixedPointMathLib.zeroFloorSub(config.deadAfter, silence);
            factor = WAD * left / (config.deadAfter - config.silentAfter);
        }
        uint256 shortage = _shortageOf(route);
        if (shortage != 0) {
            status = PriceStatus.Uncertain;
            uint256 supply = route.receipt.totalSupply();
            factor = supply == 0 ? 0 : factor * FixedPointMathLib.zeroFloorSub(supply, shortage) / supply;
        }
    }

    function _heardAt(Route storage route) private view returns (uint256) {
        return FixedPointMathLib.min(route.beatAt, route.heard);
    }

    /// @inheritdoc ICollateralHub
    function routeOf(uint256 number) external view returns (RouteView memory v) {
        Route storage route = _requireListed(number);
        v.config = route.config;
        v.receipt = address(route.receipt);
        v.supply = route.receipt.totalSupply();
        v.locked = route.locked;
        v.credited = route.credited;
        v.redeemed = route.redeemed;
        v.inFlight = FixedPointMathLib.zeroFloorSub(route.redeemed, route.spokeDone);
        v.waiting = route.waiting;
        v.fastCredited = route.fastCredited;
        v.shortage = _shortageOf(route);
        v.available = route.bucket.available(v.config.capacity, v.config.window);
        v.heardAt = _heardAt(route);
        v.pausedUntil = route.pausedUntil;
        (v.status, v.factor) = _standingOf(route);
    }

    /// @inheritdoc ICollateralHub
    function claimOf(uint256 number, uint256 account) external view returns (ClaimView memory v) {
        Route storage route = _requireListed(number);
        Claim memory claim = _claims[number][account];
        (v.locked, v.exited, v.credited) = (claim.locked, claim.exited, claim.credited);
        (v.sequence, v.nextCreditAt) = (claim.sequence, claim.nextCreditAt);
        if (claim.fastSequence > claim.sequence) (v.fastLocked, v.sequence) = (claim.fastLocked, claim.fastSequence);
        v.waiting = claim.left();
        (v.claimable,) = _claimable(route, claim);
    }

    /// @inheritdoc ICollateralHub
    function redeemedOf(uint256 number, address recipient) external view returns (uint256) {
        return _redeemed[number][recipient];
    }

    /// @inheritdoc ICollateralHub
    function routeNumber(uint32 domain, address token) external view returns (uint256) {
        return _numbers[domain][token];
    }

    /// @inheritdoc ICollateralHub
    function spokeOf(uint32 domain) external view returns (address) {
        return _spokes[domain];
    }
}
