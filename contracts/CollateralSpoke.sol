// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {IERC20Metadata} from "@openzeppelin/contracts/token/ERC20/extensions/IERC20Metadata.sol";
import {IERC20Permit} from "@openzeppelin/contracts/token/ERC20/extensions/IERC20Permit.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {FixedPointMathLib} from "solady/utils/FixedPointMathLib.sol";

import {Bucket} from "./crosschain/Bucket.sol";
import {Endpoint} from "./crosschain/Endpoint.sol";
import {Pause} from "./crosschain/Pause.sol";
import {ICollateralSpoke, RemoteAccount, SpokeToken, SpokeTotals} from "./interfaces/ICollateralSpoke.sol";
import {IRedemptionProver, RedemptionProof} from "./interfaces/IRedemptionProver.sol";
import {AccountId} from "./types/AccountId.sol";
import {AccountReport, LockReport, MessageKind, RedemptionReport, SpokeBeat} from "./types/RemoteMessages.sol";

/// @title Collateral spoke: holds on this chain what counts at the venue's hub on another.
contract CollateralSpoke is ICollateralSpoke, Endpoint, ReentrancyGuardTransient {
    using Bucket for Bucket.State;
    using Pause for uint64;
    using SafeCast for uint256;
    using SafeERC20 for IERC20;

    /// @dev What was locked for an account.
    struct Lock {
        uint128 locked; // ever [token units]
        uint64 sequence; // counts what was locked
        uint128 exited; // given back without the hub [token units]
    }

    /// @dev What the hub asks to be paid to somebody.
    struct Redemption {
        uint128 redeemed; // in all [token units]
        uint128 paid; // of it [token units]
    }

    /// @dev A token, and sums over its accounts and recipients.
    struct Token {
        SpokeToken config;
        Bucket.State bucket;
        uint120 locked; // [token units]
        uint120 exited; // [token units]
        bool settling; // something was given back without the hub: nothing is paid until governance has looked
        uint128 paid; // [token units]
        uint128 owed; // asked by the hub and not paid [token units]
    }

    /// @dev Above the longest time after which a hub gives up a route, with room for clocks [s].
    uint256 private constant LEAST_EXIT = 45 days;
    /// @dev Of the silence of the hub after which proofs count: no shorter, since in good times nobody is to gain by a
    /// block that never was; and so long before exits begin that all can be proved that the hub has redeemed [s].
    uint256 private constant LEAST_SILENCE = 3 days;
    uint256 private constant MOST_SILENCE = 30 days;

    /// @notice Domain of the hub's chain.
    uint32 public immutable hubDomain;
    /// @notice The hub there.
    address public immutable hub;
    /// @notice Silence of the hub after which exits begin [s].
    uint256 public immutable exitAfter;

    /// @inheritdoc ICollateralSpoke
    uint64 public heard;
    /// @notice Nothing is locked, paid or given back before this time [s].
    uint64 public pausedUntil;
    /// @notice How many transports must have delivered a beat of the hub before it counts.
    uint8 public beatsRequired = 1;
    /// @inheritdoc ICollateralSpoke
    IRedemptionProver public prover;
    /// @inheritdoc ICollateralSpoke
    uint64 public proveAfter;

    mapping(address token => Token) private _tokens;
    mapping(address token => mapping(uint256 account => Lock)) private _locks;
    mapping(address token => mapping(address recipient => Redemption)) private _redemptions;
    mapping(address token => mapping(uint256 account => RemoteAccount)) private _accounts;

    /// @param authority Access manager of this chain.
    /// @param hubDomain_ Domain of the hub's chain.
    /// @param hub_ The hub there.
    /// @param exitAfter_ Silence of the hub after which exits begin, at least 45 days [s].
    constructor(address authority, uint32 hubDomain_, address hub_, uint256 exitAfter_) AccessManaged(authority) {
        if (exitAfter_ < LEAST_EXIT) revert SpokeParameterOutOfRange(exitAfter_, LEAST_EXIT);
        (hubDomain, hub, exitAfter) = (hubDomain_, hub_, exitAfter_);
        heard = _now();
    }

    /* LOCKING */

    /// @inheritdoc ICollateralSpoke
    function lock(address token, uint256 amount, uint256 account) external payable nonReentrant returns (uint256) {
        return _lock(token, amount, account);
    }

    /// @inheritdoc ICollateralSpoke
    function lockWithPermit(
        address token,
        uint256 amount,
        uint256 account,
        uint256 deadline,
        uint8 v,
        bytes32 r,
        bytes32 s
    ) external payable nonReentrant returns (uint256) {
        // A permit that someone else has already used is no reason to fail: the allowance decides.
        // solhint-disable-next-line no-empty-blocks
        try IERC20Permit(token).permit(msg.sender, address(this), amount, deadline, v, r, s) {} catch {}
        return _lock(token, amount, account);
    }

    function _lock(address token, uint256 amount, uint256 account) private returns (uint256 arrived) {
        Token storage held = _tokens[token];
        _requireNotPaused();
        if (!held.config.open) revert TokenClosed(token);
        if (AccountId.ownerOf(account) == address(0)) revert NoOwner(account);

        arrived = _pull(IERC20(token), amount);
        if (arrived < held.config.least) revert AmountTooSmall(arrived, held.config.least);
        Lock storage own = _locks[token][account];
        own.locked += arrived.toUint128();
        ++own.sequence;
        held.locked += arrived.toUint120();
        emit Locked({
            token: token,
            account: account,
            from: msg.sender,
            amount: arrived,
            locked: own.locked,
            sequence: own.sequence
        });
        _report(token, account);
    }

    /// @dev What arrived, by balance difference.
    function _pull(IERC20 token, uint256 amount) private returns (uint256) {
        uint256 balance = token.balanceOf(address(this));
        token.safeTransferFrom(msg.sender, address(this), amount);
        return token.balanceOf(address(this)) - balance;
    }

    /* REPORTS */

    /// @inheritdoc ICollateralSpoke
    function report(address token, uint256 account) external payable {
        _report(token, account);
    }

    function _report(address token, uint256 account) private {
        Lock memory own = _locks[token][account];
        LockReport memory lockReport = LockReport(token, account, own.sequence, own.locked, heard, _now());
        _send(hubDomain, abi.encode(MessageKind.Lock, lockReport));
    }

    /// @inheritdoc ICollateralSpoke
    function beat(address token) external payable {
        Token storage held = _tokens[token];
        SpokeBeat memory spokeBeat = SpokeBeat({
            token: token,
            decimals: IERC20Metadata(token).decimals(),
            exited: held.exited,
            paid: held.paid,
            heard: heard,
            time: _now()
        });
        _send(hubDomain, abi.encode(MessageKind.SpokeBeat, spokeBeat));
    }

    /* MESSAGES OF THE HUB */

    function _handle(uint32, bytes calldata body, uint256 count, bool) internal override returns (bool) {
        uint256 kind = abi.decode(body, (uint256));
        if (kind == uint256(MessageKind.Redemption)) {
            (, RedemptionReport memory redemption) = abi.decode(body, (uint256, RedemptionReport));
            _requireConfirmed(count, _tokens[redemption.token].config.required);
            _hear(count, redemption.time);
            _takeRedemption(redemption);
        } else if (kind == uint256(MessageKind.Account)) {
            (, AccountReport memory account) = abi.decode(body, (uint256, AccountReport));
            _requireConfirmed(count, _tokens[account.token].config.required);
            _hear(count, account.time);
            _takeAccount(account);
        } else if (kind == uint256(MessageKind.HubBeat)) {
            (, uint64 time) = abi.decode(body, (uint256, uint64));
            _requireConfirmed(count, beatsRequired);
            _hear(count, time);
        } else {
            revert UnknownKind(kind);
        }
        return count >= beatsRequired;
    }

    function _requireConfirmed(uint256 count, uint256 required) private pure {
        // of a token that is not listed nothing counts
        if (required == 0 || count < required) revert NotConfirmed(count, required);
    }

    /// @dev That the hub lives as many must say as for a beat, whatever the message is about. Times never go back, and
    /// are never those of tomorrow.
    function _hear(uint256 count, uint64 time) private {
        if (count < beatsRequired) return;
        if (time > _now()) time = _now();
        if (time > heard) heard = time;
    }

    function _takeRedemption(RedemptionReport memory redemption) private {
        Token storage held = _tokens[redemption.token];
        Redemption storage own = _redemptions[redemption.token][redemption.recipient];
        // what exceeds all that was ever locked counts once it is locked: else a forged sum bars all others
        uint128 redeemed = redemption.redeemed < held.locked ? redemption.redeemed : held.locked;
        if (redeemed > own.redeemed) {
            held.owed += redeemed - own.redeemed;
            own.redeemed = redeemed;
            emit RedemptionHeard(redemption.token, redemption.recipient, redeemed);
        }
        if (own.redeemed == own.paid) return;
        // what cannot be paid waits, and the message is kept
        // solhint-disable-next-line no-empty-blocks
        try this.pay(redemption.token, redemption.recipient) {}
        catch (bytes memory reason) {
            emit PaymentDeferred(redemption.token, redemption.recipient, reason);
        }
    }

    /// @inheritdoc ICollateralSpoke
    function proveRedemption(address token, address recipient, RedemptionProof calldata proof) external {
        IRedemptionProver by = prover;
        if (address(by) == address(0)) revert NoProver();
        uint256 from = heard + proveAfter;
        if (block.timestamp <= from) revert HubAlive(heard, from);
        if (_tokens[token].config.required == 0) revert TokenClosed(token);

        uint128 redeemed = by.redeemedOf(token, recipient, proof).toUint128();
        emit RedemptionProved(token, recipient, redeemed);
        _takeRedemption(RedemptionReport(token, recipient, redeemed, _now()));
    }

    function _takeAccount(AccountReport memory account) private {
        RemoteAccount storage known = _accounts[account.token][account.account];
        if (account.time < known.time) return;
        RemoteAccount memory state = RemoteAccount({
            held: account.held,
            waiting: account.waiting,
            time: account.time,
            owes: account.owes,
            health: account.health,
            freeMargin: account.freeMargin
        });
        _accounts[account.token][account.account] = state;
        emit AccountHeard(account.token, account.account, state);
    }

    /* PAYING */

    /// @inheritdoc ICollateralSpoke
    function pay(address token, address recipient) external nonReentrant returns (uint256 amount) {
        _requireNotPaused();
        Token storage held = _tokens[token];
        if (held.settling) revert PaymentsStopped(token);
        Redemption storage own = _redemptions[token][recipient];
        uint256 owed = own.redeemed - own.paid;
        uint256 available = _availableOf(held);
        amount = FixedPointMathLib.min(FixedPointMathLib.min(owed, available), held.locked - held.exited - held.paid);
        if (amount == 0) revert NothingToPay(token, recipient, owed, available);

        own.paid += amount.toUint128();
        held.paid += amount.toUint128();
        held.owed -= amount.toUint128();
        held.bucket.spend(held.config.capacity, held.config.window, amount);
        emit Paid(token, recipient, amount);
        IERC20(token).safeTransfer(recipient, amount);
    }

    /// @dev What the bucket pays out now [token units].
    function _availableOf(Token storage held) private view returns (uint256) {
        uint256 window = held.config.window;
        return window == 0 ? 0 : held.bucket.available(held.config.capacity, window);
    }

    /* EXITS */

    /// @inheritdoc ICollateralSpoke
    function exitFor(address token, uint256 account, address recipient, uint256 amount)
        external
        nonReentrant
        restricted
    {
        _requireNotPaused();
        uint256 from = heard + exitAfter;
        if (block.timestamp <= from) revert HubAlive(heard, from);
        Token storage held = _tokens[token];
        uint256 free = _freeOf(held);
        if (amount == 0 || amount > free) revert SpokeParameterOutOfRange(amount, free);

        Lock storage own = _locks[token][account];
        own.exited += amount.toUint128();
        held.exited += amount.toUint120();
        held.settling = true;
        held.bucket.spend(held.config.capacity, held.config.window, amount);
        emit Exited(token, account, recipient, amount);
        IERC20(token).safeTransfer(recipient, amount);
    }

    /// @inheritdoc ICollateralSpoke
    function resume(address token) external restricted {
        _tokens[token].settling = false;
        emit PaymentsResumed(token);
    }

    /// @dev What is neither paid nor owed to those whom the hub names, as far as the bucket lets through [token units].
    function _freeOf(Token storage held) private view returns (uint256) {
        uint256 free = FixedPointMathLib.zeroFloorSub(held.locked, uint256(held.exited) + held.paid + held.owed);
        return FixedPointMathLib.min(free, _availableOf(held));
    }

    /* GOVERNANCE AND GUARDIAN */

    /// @inheritdoc ICollateralSpoke
    function setToken(address token, SpokeToken calldata config) external restricted {
        if (config.required == 0) revert SpokeParameterOutOfRange(config.required, 1);
        if (config.window == 0) revert SpokeParameterOutOfRange(config.window, 1);
        _tokens[token].config = config;
        emit SpokeTokenSet(token, config);
    }

    /// @inheritdoc ICollateralSpoke
    function cancelRedemption(address token, address recipient) external restricted {
        Redemption storage own = _redemptions[token][recipient];
        _tokens[token].owed -= own.redeemed - own.paid;
        own.redeemed = own.paid;
        _voidDeliveries();
        emit RedemptionCancelled(token, recipient, own.paid);
    }

    /// @inheritdoc ICollateralSpoke
    function settleRedemption(address token, uint256 account, address recipient, uint128 amount) external restricted {
        Token storage held = _tokens[token];
        Lock storage given = _locks[token][account];
        Redemption storage own = _redemptions[token][recipient];
        uint256 most = FixedPointMathLib.min(given.exited, own.redeemed - own.paid);
        if (amount == 0 || amount > most) revert SpokeParameterOutOfRange(amount, most);

        given.exited -= amount;
        held.exited -= uint256(amount).toUint120();
        own.paid += amount;
        held.paid += amount;
        held.owed -= amount;
        emit RedemptionSettled(token, account, recipient, amount);
    }

    /// @inheritdoc ICollateralSpoke
    function setBeatsRequired(uint8 required) external restricted {
        if (required == 0) revert SpokeParameterOutOfRange(required, 1);
        beatsRequired = required;
        emit BeatsRequiredSet(required);
    }

    /// @inheritdoc ICollateralSpoke
    function setProver(IRedemptionProver prover_, uint64 proveAfter_) external restricted {
        if (proveAfter_ < LEAST_SILENCE) revert SpokeParameterOutOfRange(proveAfter_, LEAST_SILENCE);
        if (proveAfter_ > MOST_SILENCE) revert SpokeParameterOutOfRange(proveAfter_, MOST_SILENCE);
        (prover, proveAfter) = (prover_, proveAfter_);
        emit ProverSet(address(prover_), proveAfter_);
    }

    /// @inheritdoc ICollateralSpoke
    function pause(uint256 duration) external restricted {
        _setPaused(pausedUntil.extended(duration));
    }

    /// @inheritdoc ICollateralSpoke
    function unpause() external restricted {
        _setPaused(0);
    }

    function _setPaused(uint64 until) private {
        pausedUntil = until;
        emit SpokePausedUntil(until);
    }

    function _requireNotPaused() private view {
        if (pausedUntil.isOn()) revert SpokePaused(pausedUntil);
    }

    /* VIEWS */

    function _peerOf(uint32 domain) internal view override returns (address) {
        return domain == hubDomain ? hub : address(0);
    }

    function _now() private view returns (uint64) {
        // safe because times fit 64 bits
        return uint64(block.timestamp);
    }

    /// @inheritdoc ICollateralSpoke
    function lockOf(address token, uint256 account)
        external
        view
        returns (uint256 locked, uint256 exited, uint64 sequence)
    {
        Lock memory own = _locks[token][account];
        return (own.locked, own.exited, own.sequence);
    }

    /// @inheritdoc ICollateralSpoke
    function redemptionOf(address token, address recipient) external view returns (uint256 redeemed, uint256 paid) {
        Redemption memory own = _redemptions[token][recipient];
        return (own.redeemed, own.paid);
    }

    /// @inheritdoc ICollateralSpoke
    function accountOf(address token, uint256 account) external view returns (RemoteAccount memory) {
        return _accounts[token][account];
    }

    /// @inheritdoc ICollateralSpoke
    function totalsOf(address token) external view returns (SpokeTotals memory) {
        Token storage held = _tokens[token];
        return SpokeTotals({
            locked: held.locked, paid: held.paid, exited: held.exited, owed: held.owed, available: _availableOf(held)
        });
    }

    /// @inheritdoc ICollateralSpoke
    function tokenConfig(address token) external view returns (SpokeToken memory) {
        return _tokens[token].config;
    }
}
