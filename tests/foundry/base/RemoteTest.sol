// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {Vm} from "forge-std/Vm.sol";

import {VenueTest} from "./VenueTest.sol";
import {CollateralHub} from "contracts/CollateralHub.sol";
import {CollateralSpoke} from "contracts/CollateralSpoke.sol";
import {AttestationTransport, Envelope} from "contracts/crosschain/AttestationTransport.sol";
import {Standing} from "contracts/crosschain/Endpoint.sol";
import {RouteConfig, RouteView} from "contracts/interfaces/ICollateralHub.sol";
import {SpokeToken} from "contracts/interfaces/ICollateralSpoke.sol";
import {FeedConfig} from "contracts/interfaces/IOracleAdapter.sol";
import {RemoteSource} from "contracts/oracles/RemoteSource.sol";
import {TestToken} from "contracts/periphery/TestToken.sol";
import {PERMISSION_DEPOSIT} from "contracts/types/Permissions.sol";
import {LockReport, MessageKind, RedemptionReport} from "contracts/types/RemoteMessages.sol";

/// @notice A venue with a hub, and a spoke of another domain in the same chain: between them only what is carried.
/// @dev Pairs of transports: 0 and 1 count fully, 2 for the fast part. Each has three signers, two of whom sign.
abstract contract RemoteTest is VenueTest {
    uint32 internal constant HUB = 31_337;
    uint32 internal constant SPOKE = 31_338;
    uint8 internal constant FEED = 50;
    uint256 internal constant PAIRS = 3;
    uint256 internal constant FAST = 2;
    uint128 internal constant CAPACITY = 100e18;
    uint128 internal constant FAST_CAP = 5e18;
    uint32 internal constant WINDOW = 1 days;
    uint32 internal constant SILENT = 1 hours;
    uint32 internal constant DEAD = 7 days;
    uint256 internal constant EXIT = 45 days;

    CollateralHub internal hub;
    CollateralSpoke internal spoke;
    RemoteSource internal remoteSource;
    TestToken internal token; // on the spoke's chain
    address internal receipt;
    uint256 internal route;
    AttestationTransport[PAIRS] internal atHub;
    AttestationTransport[PAIRS] internal atSpoke;

    /// @dev What was sent, in order; `_pairs` says by which pair.
    Envelope[] internal sent;
    uint256[] private _pairs;
    uint256[][PAIRS] private _keys; // of each pair's signers

    /* SETTING UP */

    function deployRemote(uint8 required) internal {
        deployVenue(1);
        vm.recordLogs();
        hub = CollateralHub(deployCode("build/forge/CollateralHub.sol/CollateralHub.json", abi.encode(manager, vault)));
        spoke = CollateralSpoke(
            deployCode("build/forge/CollateralSpoke.sol/CollateralSpoke.json", abi.encode(manager, HUB, hub, EXIT))
        );
        for (uint256 i; i < PAIRS; ++i) {
            (atHub[i], atSpoke[i]) = (_transport(HUB), _transport(SPOKE));
            atHub[i].setCounterpart(SPOKE, address(atSpoke[i]));
            atSpoke[i].setCounterpart(HUB, address(atHub[i]));
            address[] memory signers = _makeSigners(i);
            atHub[i].setSigners(signers, 2);
            atSpoke[i].setSigners(signers, 2);
            Standing standing = i == FAST ? Standing.Fast : Standing.Full;
            hub.setTransport(atHub[i], standing);
            spoke.setTransport(atSpoke[i], standing);
        }
        hub.setSpoke(SPOKE, address(spoke));
        token = TestToken(
            deployCode("build/forge/TestToken.sol/TestToken.json", abi.encode("Ether there", "WETH", 18, 1e40))
        );
        setLimits(required);
        spoke.setBeatsRequired(required);
        _listReceipts();
        beats();
        delete sent;
        delete _pairs;
    }

    function _transport(uint32 domain) private returns (AttestationTransport) {
        bytes memory arguments = abi.encode(manager, domain);
        return
            AttestationTransport(
                deployCode("build/forge/AttestationTransport.sol/AttestationTransport.json", arguments)
            );
    }

    /// @dev Limits of the only route, on both sides.
    function setLimits(uint8 required) internal {
        RouteConfig memory config = RouteConfig({
            domain: SPOKE,
            token: address(token),
            decimals: 18,
            required: required,
            window: WINDOW,
            silentAfter: SILENT,
            deadAfter: DEAD,
            capacity: CAPACITY,
            cap: 500e18,
            fastCap: FAST_CAP
        });
        route = hub.setRoute(config, "Ether of another chain", "WETH@31338");
        spoke.setToken(address(token), SpokeToken(true, required, WINDOW, CAPACITY, 1e12));
    }

    function _listReceipts() private {
        receipt = hub.routeOf(route).receipt;
        remoteSource =
            RemoteSource(deployCode("build/forge/RemoteSource.sol/RemoteSource.json", abi.encode(oracle, hub)));
        FeedConfig memory feed = feedConfig(address(0));
        feed.primary.reader = remoteSource;
        feed.primary.data = remoteSource.encode(route, 1);
        feed.primary.gasLimit = 500_000;
        feed.minPrice = 1e6;
        feed.readThrough = true;
        oracle.setFeed(FEED, feed);
        vault.listAsset(receipt, 18, FEED, 1, type(uint96).max);
    }

    /// @dev Opens a route of another token, with the limits of the first; its receipts are listed like these.
    function openRoute(address other, uint8 feedId, uint8 underlying) internal returns (uint256 second) {
        RouteConfig memory config = routeNow().config;
        config.token = other;
        second = hub.setRoute(config, "Another ether there", "OTHER@31338");
        spoke.setToken(other, SpokeToken(true, config.required, WINDOW, CAPACITY, 1e12));
        FeedConfig memory feed = oracle.feedConfig(FEED);
        feed.primary.data = remoteSource.encode(second, 1);
        oracle.setFeed(feedId, feed);
        vault.listAsset(hub.routeOf(second).receipt, 18, feedId, underlying, type(uint96).max);
        spoke.beat(other);
        carry();
    }

    /// @dev The compiler takes `block.timestamp` for one number in a function.
    function skip(uint256 time) internal override {
        vm.warp(vm.getBlockTimestamp() + time);
    }

    /* SIGNERS */

    /// @dev Makes the keys of a pair's three signers, in the order of their addresses.
    function _makeSigners(uint256 pair) private returns (address[] memory signers) {
        signers = new address[](3);
        for (uint256 i; i < 3; ++i) {
            (address signer, uint256 key) = makeAddrAndKey(string.concat("signer", vm.toString(3 * pair + i)));
            _keys[pair].push(key);
            uint256 place = i;
            for (; place != 0 && signers[place - 1] > signer; --place) {
                (signers[place], _keys[pair][place]) = (signers[place - 1], _keys[pair][place - 1]);
            }
            (signers[place], _keys[pair][place]) = (signer, key);
        }
    }

    /// @dev Signatures of the first `count` of a pair's signers.
    function signatures(uint256 pair, bytes32 digest, uint256 count) internal view returns (bytes[] memory signed) {
        signed = new bytes[](count);
        for (uint256 i; i < count; ++i) {
            (uint8 v, bytes32 r, bytes32 s) = vm.sign(_keys[pair][i], digest);
            signed[i] = abi.encodePacked(r, s, v);
        }
    }

    /* CARRYING */

    /// @dev Takes down what was sent since the last call.
    function collect() internal {
        Vm.Log[] memory logs = vm.getRecordedLogs();
        for (uint256 i; i < logs.length; ++i) {
            if (logs[i].topics[0] != AttestationTransport.MessageSent.selector) continue;
            (address receiver, bytes memory body) = abi.decode(logs[i].data, (address, bytes));
            (uint256 pair, bool fromHub) = _pairOf(logs[i].emitter);
            // safe because topics are what the event's narrower arguments were
            sent.push(
                Envelope({
                    origin: fromHub ? HUB : SPOKE,
                    nonce: uint64(uint256(logs[i].topics[1])),
                    destination: uint32(uint256(logs[i].topics[2])),
                    sender: address(uint160(uint256(logs[i].topics[3]))),
                    receiver: receiver,
                    body: body
                })
            );
            _pairs.push(pair);
        }
    }

    function _pairOf(address transport) private view returns (uint256 pair, bool fromHub) {
        for (; pair < PAIRS; ++pair) {
            if (address(atHub[pair]) == transport) return (pair, true);
            if (address(atSpoke[pair]) == transport) return (pair, false);
        }
        revert("no transport of this test");
    }

    /// @dev Delivers one message by its pair.
    function deliver(uint256 place) internal {
        deliverAs(_pairs[place], sent[place]);
    }

    /// @dev Delivers a message, sent or not, with the signatures of a pair.
    function deliverAs(uint256 pair, Envelope memory envelope) internal virtual {
        AttestationTransport transport = envelope.destination == HUB ? atHub[pair] : atSpoke[pair];
        transport.deliver(envelope, signatures(pair, transport.digestOf(envelope), 2));
    }

    /// @dev Delivers all that was sent and not carried yet, by the pairs from `first` to before `end`.
    function carry(uint256 first, uint256 end) internal {
        uint256 from = sent.length;
        collect();
        for (uint256 i = from; i < sent.length; ++i) {
            if (_pairs[i] >= first && _pairs[i] < end) deliver(i);
        }
    }

    /// @dev The same by those that count fully.
    function carry() internal {
        carry(0, FAST);
    }

    /// @dev A lock that nobody made, on the word of some pairs.
    function forge(uint256 first, uint256 end, uint256 account, uint128 locked, uint64 sequence) internal {
        bytes memory body = abi.encode(MessageKind.Lock, lockReport(account, locked, sequence));
        for (uint256 pair = first; pair < end; ++pair) {
            deliverAs(pair, Envelope(SPOKE, 1_000_000, HUB, address(spoke), address(hub), body));
        }
    }

    /* USERS */

    /// @dev Lets the hub deposit for a party, of the first route.
    function welcome(Party memory p) internal {
        vm.startPrank(p.owner);
        vault.setOperator(address(hub), PERMISSION_DEPOSIT, type(uint48).max);
        hub.accept(route, p.account, true);
        vm.stopPrank();
    }

    function lock(Party memory p, uint256 amount) internal {
        token.mint(p.owner, amount);
        vm.startPrank(p.owner);
        token.approve(address(spoke), amount);
        spoke.lock(address(token), amount, p.account);
        vm.stopPrank();
    }

    /// @dev Locks tokens of another route, which the party holds.
    function lockOther(address other, Party memory p, uint256 account, uint256 amount) internal {
        vm.startPrank(p.owner);
        IERC20(other).approve(address(spoke), amount);
        spoke.lock(other, amount, account);
        vm.stopPrank();
    }

    /// @dev Locks as much as the bucket lets through, a window after the other.
    function lockOverDays(Party memory p, uint256 amount) internal {
        for (uint256 left = amount; left != 0;) {
            uint256 part = left < CAPACITY ? left : CAPACITY;
            lock(p, part);
            carry();
            left -= part;
            skip(WINDOW);
            refreshAll();
            beats();
        }
        assertEq(heldBy(p), amount);
    }

    function redeem(Party memory p, uint256 amount) internal {
        vm.prank(p.owner);
        vault.withdraw(p.account, receipt, amount, p.owner);
    }

    /// @dev What the spoke would say of an account now.
    function lockReport(uint256 account, uint128 locked, uint64 sequence) internal view returns (LockReport memory) {
        uint64 now_ = uint64(vm.getBlockTimestamp());
        return LockReport(address(token), account, sequence, locked, now_, now_);
    }

    function reportOf(uint256 account, uint128 locked, uint64 sequence) internal view returns (Envelope memory) {
        bytes memory body = abi.encode(MessageKind.Lock, lockReport(account, locked, sequence));
        return Envelope(SPOKE, 77, HUB, address(spoke), address(hub), body);
    }

    function paymentOf(address recipient, uint128 amount) internal view returns (Envelope memory) {
        RedemptionReport memory r = RedemptionReport(address(token), recipient, amount, uint64(vm.getBlockTimestamp()));
        return Envelope(HUB, 77, SPOKE, address(hub), address(spoke), abi.encode(MessageKind.Redemption, r));
    }

    /// @dev On the word of both full transports.
    function byBoth(Envelope memory e) internal {
        deliverAs(0, e);
        deliverAs(1, e);
    }

    /// @dev Heartbeats both ways, by all pairs that count fully.
    function beats() internal {
        hub.sendBeat(SPOKE);
        carry();
        spoke.beat(address(token));
        carry();
    }

    /// @dev Number of a party's state at the spoke.
    function sequenceOf(Party memory p) internal view returns (uint64 sequence) {
        (,, sequence) = spoke.lockOf(address(token), p.account);
    }

    /// @dev Receipts of a party in the vault.
    function heldBy(Party memory p) internal view returns (uint256) {
        return vault.balanceOf(p.account, vault.assetIndexOf(receipt));
    }

    function routeNow() internal view returns (RouteView memory) {
        return hub.routeOf(route);
    }
}
