// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {Address} from "@openzeppelin/contracts/utils/Address.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {FixedPointMathLib} from "solady/utils/FixedPointMathLib.sol";

import {Bucket} from "./crosschain/Bucket.sol";
import {Consent} from "./crosschain/Consent.sol";
import {Endpoint} from "./crosschain/Endpoint.sol";
import {Claim, Parts} from "./crosschain/LockClaim.sol";
import {Pause} from "./crosschain/Pause.sol";
import {Queue} from "./crosschain/Queue.sol";
import {ReceiptFactory} from "./crosschain/ReceiptFactory.sol";
import {RedemptionSlot} from "./crosschain/RedemptionSlot.sol";
import {RemoteReceipt} from "./crosschain/RemoteReceipt.sol";
import {Route} from "./crosschain/Route.sol";
import {RouteBounds} from "./crosschain/RouteBounds.sol";
import {ClaimView, ICollateralHub, RouteConfig, RouteView} from "./interfaces/ICollateralHub.sol";
import {IMarginVault} from "./interfaces/IMarginVault.sol";
import {IRiskEngine, Margin} from "./interfaces/IRiskEngine.sol";
import {WAD} from "./types/Constants.sol";
import {PERMISSION_DEPOSIT} from "./types/Permissions.sol";
import {PriceStatus} from "./types/PriceStatus.sol";
import {AccountReport, LockReport, MessageKind, RedemptionReport, SpokeBeat} from "./types/RemoteMessages.sol";

/// @title Collateral hub: makes what is locked on other chains count as collateral of the venue.
contract CollateralHub is Consent, Endpoint, ReentrancyGuardTransient {
    using Bucket for Bucket.State;
    using Pause for uint64;
    using Queue for Queue.State;
    using SafeCast for int256;
    using SafeCast for uint256;

    /// @notice The vault whose assets receipts are.
    IMarginVault public immutable vault;
    ReceiptFactory private immutable _factory;
    /// @inheritdoc ICollateralHub
    uint256 public routeCount;

    mapping(uint32 domain => address) private _spokes;
    mapping(uint256 route => Route) private _routes;
    mapping(uint32 domain => mapping(address token => uint256)) private _numbers;
    mapping(uint256 route => mapping(uint256 account => Claim)) private _claims;

    constructor(address authority, IMarginVault vault_) AccessManaged(authority) {
        vault = vault_;
        _factory = new ReceiptFactory();
    }

    /* REPORTS */

    /// @dev Takes a report of a spoke in, and credits what it allows.
    function _handle(uint32 domain, bytes calldata body, uint256 count, bool fast) internal override returns (bool) {
        uint256 kind = abi.decode(body, (uint256));
        if (kind == uint256(MessageKind.Lock)) {
            (, LockReport memory report) = abi.decode(body, (uint256, LockReport));
            return _takeLock(_requireRoute(domain, report.token), report, count, fast);
        }
        if (kind != uint256(MessageKind.SpokeBeat)) revert UnknownKind(kind);
        (, SpokeBeat memory beat) = abi.decode(body, (uint256, SpokeBeat));
        _takeBeat(_requireRoute(domain, beat.token), beat, count);
        return true;
    }

    function _takeLock(uint256 number, LockReport memory report, uint256 count, bool fast)
        private
        returns (bool isFinal)
    {
        Route storage route = _routes[number];
        uint256 required = route.config.required;
        isFinal = count >= required;
        if (!isFinal && !fast) revert NotConfirmed(count, required);

        Claim memory claim = _claims[number][report.account];
        Parts memory before = claim.parts();
        _admit(route, number, report.account, claim);
        if (isFinal) {
            claim.takeFinal(report);
            _hear(route, report.time, report.heard);
        } else {
            claim.takeFast(report, route.config.fastCap);
        }
        _store(route, number, report.account, before, claim);
        emit LockReported({
            route: number, account: report.account, sequence: report.sequence, locked: report.locked, isFinal: isFinal
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
        uint256 required = route.config.required;
        if (count < required) revert NotConfirmed(count, required);
        route.decimalsThere = beat.decimals;
        _hear(route, beat.time, beat.heard);
        if (beat.paid > route.spokeDone) route.spokeDone = beat.paid;
        // what has left without the hub, and nobody has told: nobody runs, until governance has looked
        uint256 known = uint256(route.redeemed) + route.explained + route.exited;
        if (uint256(beat.paid) + beat.exited > known) {
            _setPaused(number, route, route.pausedUntil.extended(Pause.LONGEST));
        }
        emit BeatReported(number, beat.heard, beat.time);
    }

    /// @dev Times never go back, and are never those of tomorrow. What is dead stays so: meanwhile the spoke may have
    /// given back what it holds. Of a token with other decimals nothing is heard.
    function _hear(Route storage route, uint64 time, uint64 heard) private {
        if (_isDead(route) || route.decimalsThere != route.config.decimals) return;
        uint256 now_ = block.timestamp;
        // safe because each is at most a time, which fits 64 bits
        route.beatAt = uint64(FixedPointMathLib.max(route.beatAt, FixedPointMathLib.min(time, now_)));
        route.heard = uint64(FixedPointMathLib.max(route.heard, FixedPointMathLib.min(heard, now_)));
    }

    /* SUMS */

    /// @dev Stores a claim, and carries the sums of its route on.
    function _store(Route storage route, uint256 number, uint256 account, Parts memory before, Claim memory claim)
        private
    {
        Parts memory now_ = claim.parts();
        if (now_.waiting != before.waiting) {
            route.waiting = (route.waiting + now_.waiting - before.waiting).toUint128();
        }
        if (now_.unbacked != before.unbacked) {
            _addDeficit(route, now_.unbacked.toInt256() - before.unbacked.toInt256());
        }
        if (now_.fast != before.fast) {
            route.fastCredited = (route.fastCredited + now_.fast - before.fast).toUint128();
        }
        _claims[number][account] = claim;
    }

    /// @dev Changes what is missing [token units].
    function _addDeficit(Route storage route, int256 change) private {
        route.deficit = (route.deficit + change).toInt128();
    }

    /// @dev Looks whether an account can be served, which may have changed. Who comes back to others who wait stands in
    /// the queue for an interval before his turn: else who is in it at his turns alone has a part as if he never were.
    /// Who was served is counted until his next turn, whatever he takes back: else the others' parts are of less.
    function _admit(Route storage route, uint256 number, uint256 account, Claim memory claim) private view {
        bool admitted = accepts(number, account) && vault.isAuthorised(account, address(this), PERMISSION_DEPOSIT);
        bool back = admitted && !claim.admitted && claim.settled() != 0;
        if (back && route.waiting != 0) claim.nextCreditAt = Queue.next();
        claim.admitted = admitted || claim.admitted && block.timestamp < claim.nextCreditAt;
    }

    /* CREDIT */

    /// @inheritdoc ICollateralHub
    function credit(uint256 number, uint256 account) external nonReentrant returns (uint256 amount) {
        Route storage route = _requireListed(number);
        _requireOpen(number, route);
        uint256 shortage = _shortageOf(route);
        if (shortage != 0) revert RouteShort(number, shortage);
        Claim memory claim = _claims[number][account];
        Parts memory before = claim.parts();
        _admit(route, number, account, claim);
        (bool queued, uint256 open) = (false, _openOf(route));
        (amount, queued) = _claimable(route, claim, before.waiting, open);
        bool early = queued && block.timestamp < claim.nextCreditAt;
        // who comes back into the queue stands in it from now on
        bool enters = early && claim.waiting() > before.waiting;
        bytes memory reason;
        if (!enters && (claim.admitted || before.waiting == 0)) {
            if (!accepts(number, account)) revert RouteNotAccepted(number, account);
            if (early) revert CreditTooSoon(account, claim.nextCreditAt);
            if (amount == 0) revert NothingToCredit(number, account);
            // solhint-disable-next-line no-empty-blocks
            try vault.deposit(account, address(route.receipt), amount) {}
            catch (bytes memory refused) {
                // a full account leaves the queue; what else the vault refuses may be somebody else's doing
                bool full = bytes4(refused) == IMarginVault.TooManyAssets.selector;
                if (!full || before.waiting == 0) Address.verifyCallResult(false, refused);
                (claim.admitted, reason) = (false, refused);
            }
        }
        if (enters || !claim.admitted) {
            // who cannot be served holds up nobody
            _store(route, number, account, before, claim);
            emit CreditDeferred(number, account, reason);
            return 0;
        }

        claim.credited += amount.toUint128();
        if (queued) claim.nextCreditAt = route.queue.serve(amount, open);
        _store(route, number, account, before, claim);
        route.credited += amount.toUint128();
        route.bucket.spend(route.config.capacity, route.config.window, amount);
        emit Credited(number, account, amount);
    }

    /// @dev What may be credited of a claim now, of which the queue counts `counted`, and whether it stands in a queue:
    /// there what is not final has no place [token units, down].
    function _claimable(Route storage route, Claim memory claim, uint256 counted, uint256 room)
        private
        view
        returns (uint256 amount, bool queued)
    {
        uint256 settled = claim.settled();
        uint256 known = FixedPointMathLib.max(claim.locked, claim.credited);
        uint256 fast = FixedPointMathLib.min(
            FixedPointMathLib.zeroFloorSub(claim.countable(), known),
            FixedPointMathLib.zeroFloorSub(route.config.fastCap, route.fastCredited)
        );
        uint256 waiting = route.waiting - counted + settled;
        queued = waiting + fast > room;
        if (!queued) return (settled + fast, false);
        if (waiting == 0) return (0, true);
        uint256 refill = route.config.capacity * Queue.INTERVAL / route.config.window;
        amount = route.queue.partOf(settled, waiting, room, FixedPointMathLib.min(refill, _roomOf(route)));
    }

    /// @dev What cap and bucket let through [token units].
    function _openOf(Route storage route) private view returns (uint256) {
        uint256 available = route.bucket.available(route.config.capacity, route.config.window);
        return FixedPointMathLib.min(_roomOf(route), available);
    }

    /// @dev What the cap leaves open [token units].
    function _roomOf(Route storage route) private view returns (uint256) {
        return FixedPointMathLib.zeroFloorSub(route.config.cap, route.receipt.totalSupply());
    }

    /// @dev Neither paused nor dead, and the last beat told the decimals that receipts have.
    function _requireOpen(uint256 number, Route storage route) private view {
        (uint8 there, uint8 here) = (route.decimalsThere, route.config.decimals);
        if (there != here) revert DecimalsDiffer(number, there, here);
        if (route.pausedUntil.isOn()) revert RoutePaused(number, route.pausedUntil);
        if (_isDead(route)) revert RouteDead(number, _heardAt(route));
    }

    function _isDead(Route storage route) private view returns (bool) {
        return block.timestamp - _heardAt(route) > route.config.deadAfter;
    }

    /* REDEMPTION */

    /// @inheritdoc ICollateralHub
    function redeem(uint256 number, address recipient, uint256 amount) external nonReentrant {
        Route storage route = _routes[number];
        RemoteReceipt receipt = route.receipt;
        if (msg.sender != address(receipt)) revert NotReceipt(msg.sender);
        _requireOpen(number, route);

        uint256 paid = amount;
        uint256 shortage = _shortageOf(route);
        if (shortage != 0) {
            // what nobody has locked is borne by all receipts alike, those that leave among them
            uint256 supply = receipt.totalSupply() + amount;
            uint256 borne = FixedPointMathLib.mulDivUp(amount, FixedPointMathLib.min(shortage, supply), supply);
            _addDeficit(route, -borne.toInt256());
            paid -= borne;
        }
        route.redeemed += paid.toUint128();
        uint256 total = RedemptionSlot.add(route.config, _spokes[route.config.domain], recipient, paid);
        emit Redeemed({route: number, recipient: recipient, burnt: amount, amount: paid, total: total});
    }

    /// @dev Receipts that nothing locked stands behind [token units].
    function _shortageOf(Route storage route) private view returns (uint256) {
        int256 deficit = route.deficit;
        // safe because it is positive
        return deficit > 0 ? uint256(deficit) : 0;
    }

    /* MESSAGES TO SPOKES */

    /// @inheritdoc ICollateralHub
    function sendRedemption(uint256 number, address recipient) external payable {
        Route storage route = _routes[number];
        (uint32 domain, address token) = (route.config.domain, route.config.token);
        if (domain == 0) revert UnknownRoute(number);
        uint128 redeemed = RedemptionSlot.read(route.config, _spokes[domain], recipient).toUint128();
        RedemptionReport memory report = RedemptionReport(token, recipient, redeemed, _now());
        _send(domain, abi.encode(MessageKind.Redemption, report));
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
        RouteBounds.check(config);
        number = _numbers[config.domain][config.token];
        if (number == 0) {
            number = ++routeCount;
            _numbers[config.domain][config.token] = number;
            Route storage added = _routes[number];
            added.receipt = _factory.make(address(vault), number, config.decimals, name, symbol);
            (added.beatAt, added.heard, added.decimalsThere) = (_now(), _now(), type(uint8).max);
        }
        Route storage route = _routes[number];
        if (config.decimals != route.receipt.decimals()) revert RouteFixed(number);
        route.config = config;
        emit RouteSet(number, address(route.receipt), config);
    }

    /// @inheritdoc ICollateralHub
    function pauseRoute(uint256 number, uint256 duration) external restricted {
        Route storage route = _requireListed(number);
        _setPaused(number, route, route.pausedUntil.extended(duration));
    }

    /// @inheritdoc ICollateralHub
    function unpauseRoute(uint256 number) external restricted {
        _setPaused(number, _requireListed(number), 0);
    }

    function _setPaused(uint256 number, Route storage route, uint64 until) private {
        route.pausedUntil = until;
        emit RoutePausedUntil(number, until);
    }

    /// @inheritdoc ICollateralHub
    function acknowledge(uint256 number, uint128 missing) external restricted {
        Route storage route = _requireListed(number);
        RouteBounds.checkMissing(missing);
        _addDeficit(route, uint256(missing).toInt256() - uint256(route.missing).toInt256());
        if (missing > route.missing) route.explained += missing - route.missing;
        route.missing = missing;
        emit MissingAcknowledged(number, missing);
    }

    /// @inheritdoc ICollateralHub
    function settleExit(uint256 number, uint256 account, uint128 amount) external restricted {
        Route storage route = _requireListed(number);
        Claim memory claim = _claims[number][account];
        Parts memory before = claim.parts();
        RouteBounds.checkSettled(amount, claim.settled());
        claim.credited += amount;
        _store(route, number, account, before, claim);
        route.credited += amount;
        route.exited += amount;
        emit ExitSettled(number, account, amount);
    }

    /// @inheritdoc ICollateralHub
    function revive(uint256 number) external restricted {
        Route storage route = _requireListed(number);
        (route.beatAt, route.heard) = (_now(), _now());
        emit RouteRevived(number);
    }

    /// @inheritdoc ICollateralHub
    function forget(uint256 number, uint256 account, uint64 sequence) external restricted {
        Route storage route = _requireListed(number);
        Claim memory claim = _claims[number][account];
        Parts memory before = claim.parts();
        claim.forget(sequence);
        _store(route, number, account, before, claim);
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
        (status, factor) = (PriceStatus.Valid, WAD);
        if (route.pausedUntil.isOn()) status = PriceStatus.Uncertain;

        uint256 silence = block.timestamp - _heardAt(route);
        (uint256 silentAfter, uint256 deadAfter) = (route.config.silentAfter, route.config.deadAfter);
        if (silence > silentAfter) {
            status = PriceStatus.Uncertain;
            factor = WAD * FixedPointMathLib.zeroFloorSub(deadAfter, silence) / (deadAfter - silentAfter);
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
        v.credited = route.credited;
        v.redeemed = route.redeemed;
        v.inFlight = FixedPointMathLib.zeroFloorSub(route.redeemed, route.spokeDone);
        v.waiting = route.waiting;
        v.fastCredited = route.fastCredited;
        v.missing = route.missing;
        v.shortage = _shortageOf(route);
        v.room = _roomOf(route);
        v.available = route.bucket.available(v.config.capacity, v.config.window);
        v.heardAt = _heardAt(route);
        v.pausedUntil = route.pausedUntil;
        (v.status, v.factor) = _standingOf(route);
    }

    /// @inheritdoc ICollateralHub
    function claimOf(uint256 number, uint256 account) external view returns (ClaimView memory v) {
        Route storage route = _requireListed(number);
        Claim memory claim = _claims[number][account];
        (v.locked, v.credited) = (claim.locked, claim.credited);
        (v.sequence, v.nextCreditAt) = (claim.sequence, claim.nextCreditAt);
        if (claim.fastSequence > claim.sequence) (v.fastLocked, v.sequence) = (claim.fastLocked, claim.fastSequence);
        v.waiting = claim.left();
        (v.claimable, v.queued) = _claimable(route, claim, claim.waiting(), _openOf(route));
    }

    /// @inheritdoc ICollateralHub
    function redeemedOf(uint256 number, address recipient) external view returns (uint256) {
        RouteConfig storage config = _routes[number].config;
        return RedemptionSlot.read(config, _spokes[config.domain], recipient);
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
