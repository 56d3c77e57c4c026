// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {FixedPointMathLib} from "solady/utils/FixedPointMathLib.sol";
import {LibCall} from "solady/utils/LibCall.sol";

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
import {RouteLife} from "./crosschain/RouteLife.sol";
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
    using RouteLife for Route;
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
            route.hear(report.time, report.heard);
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
        route.learn(beat.decimals, beat.time);
        route.hear(beat.time, beat.heard);
        if (beat.paid > route.spokeDone) route.spokeDone = beat.paid;
        // what has left without the hub, and nobody has told: nobody runs, until governance has looked
        uint256 known = uint256(route.redeemed) + route.explained + route.exited;
        if (uint256(beat.paid) + beat.exited > known) {
            _setPaused(number, route, route.pausedUntil.extended(Pause.LONGEST));
        }
        emit BeatReported(number, beat.heard, beat.time);
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
            // safe because both fit 128 bits
            _addDeficit(route, int256(now_.unbacked) - int256(before.unbacked));
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
        route.requireOpen(number);
        uint256 shortage = route.shortage();
        if (shortage != 0) revert RouteShort(number, shortage);
        Claim memory claim = _claims[number][account];
        Parts memory before = claim.parts();
        _admit(route, number, account, claim);
        bool queued;
        uint256 open;
        (amount, queued, open) = route.claimable(claim, before.waiting);
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
                if (!full || before.waiting == 0) LibCall.bubbleUpRevert(refused);
                (claim.admitted, reason) = (false, refused);
            }
        }
        if (enters || !claim.admitted) {
            // who cannot be served holds up nobody
            _store(route, number, account, before, claim);
            emit CreditDeferred(number, account, reason);
            return 0;
        }

        if (queued) claim.nextCreditAt = route.queue.serve(amount, open);
        _spend(route, number, account, before, claim, amount);
        emit Credited(number, account, amount);
    }

    /// @dev Counts what passes the bucket [token units].
    function _spend(
        Route storage route,
        uint256 number,
        uint256 account,
        Parts memory before,
        Claim memory claim,
        uint256 amount
    ) private {
        route.bucket.spend(route.config.capacity, route.config.window, amount);
        _addCredited(route, number, account, before, claim, amount.toUint128());
    }

    /// @dev Counts what is put into the vault, or is given back there and never will be [token units].
    function _addCredited(
        Route storage route,
        uint256 number,
        uint256 account,
        Parts memory before,
        Claim memory claim,
        uint128 amount
    ) private {
        claim.credited += amount;
        _store(route, number, account, before, claim);
        route.credited += amount;
    }

    /// @inheritdoc ICollateralHub
    function reclaim(uint256 number, uint256 account, address recipient, uint256 most)
        external
        nonReentrant
        returns (uint256 amount)
    {
        Route storage route = _requireListed(number);
        _requireOwner(account);
        if (recipient == address(0)) revert NoRecipient();
        route.requireOpen(number);
        // what receipts do not bear, claims would
        uint256 shortage = route.shortage();
        if (shortage > route.receipt.totalSupply()) revert RouteShort(number, shortage);
        Claim memory claim = _claims[number][account];
        Parts memory before = claim.parts();
        amount = FixedPointMathLib.min(most, route.reclaimable(claim, before.waiting));
        if (amount == 0) revert NothingToReclaim(number, account);
        _spend(route, number, account, before, claim, amount);
        emit Reclaimed(number, account, amount);
        _addRedeemed(route, number, recipient, 0, amount);
    }

    /* REDEMPTION */

    /// @inheritdoc ICollateralHub
    function redeem(uint256 number, address recipient, uint256 amount) external nonReentrant {
        Route storage route = _routes[number];
        RemoteReceipt receipt = route.receipt;
        if (msg.sender != address(receipt)) revert NotReceipt(msg.sender);
        route.requireOpen(number);

        uint256 paid = amount;
        uint256 shortage = route.shortage();
        if (shortage != 0) {
            // what nobody has locked is borne by all receipts alike, those that leave among them
            uint256 supply = receipt.totalSupply() + amount;
            uint256 borne = FixedPointMathLib.mulDivUp(amount, FixedPointMathLib.min(shortage, supply), supply);
            _addDeficit(route, -borne.toInt256());
            paid -= borne;
        }
        _addRedeemed(route, number, recipient, amount, paid);
    }

    /// @dev Notes what is to be paid to somebody on the other chain, for what was burnt [token units].
    function _addRedeemed(Route storage route, uint256 number, address recipient, uint256 burnt, uint256 amount)
        private
    {
        route.redeemed += amount.toUint128();
        uint256 total = RedemptionSlot.add(route.config, _spokes[route.config.domain], recipient, amount);
        emit Redeemed({route: number, recipient: recipient, burnt: burnt, amount: amount, total: total});
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

    /// @dev Health factor of a set; above a numerator of 1e41 USD it may be less [wad, down].
    function _healthOf(Margin memory maintenance) private pure returns (uint256) {
        if (maintenance.free || maintenance.denominator == 0) return type(uint256).max;
        return FixedPointMathLib.saturatingMul(maintenance.numerator, WAD) / maintenance.denominator;
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
        // safe because both fit 128 bits
        _addDeficit(route, int256(uint256(missing)) - int256(uint256(route.missing)));
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
        _addCredited(route, number, account, before, claim, amount);
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

    function _requireKnown(uint256 number) internal view override {
        _requireListed(number);
    }

    function _requireListed(uint256 number) private view returns (Route storage route) {
        route = _routes[number];
        if (address(route.receipt) == address(0)) revert UnknownRoute(number);
    }

    /// @inheritdoc ICollateralHub
    function standingOf(uint256 number) external view returns (PriceStatus status, uint256 factor) {
        return _requireListed(number).standing();
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
        v.shortage = route.shortage();
        v.room = route.room();
        v.available = route.available();
        v.heardAt = route.heardAt();
        v.pausedUntil = route.pausedUntil;
        v.decimalsThere = route.decimalsThere;
        (v.status, v.factor) = route.standing();
    }

    /// @inheritdoc ICollateralHub
    function claimOf(uint256 number, uint256 account) external view returns (ClaimView memory v) {
        Route storage route = _requireListed(number);
        Claim memory claim = _claims[number][account];
        (v.locked, v.credited) = (claim.locked, claim.credited);
        (v.sequence, v.nextCreditAt) = (claim.sequence, claim.nextCreditAt);
        if (claim.fastSequence > claim.sequence) (v.fastLocked, v.sequence) = (claim.fastLocked, claim.fastSequence);
        v.waiting = claim.left();
        uint256 counted = claim.waiting();
        (v.claimable, v.queued,) = route.claimable(claim, counted);
        v.reclaimable = route.reclaimable(claim, counted);
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
