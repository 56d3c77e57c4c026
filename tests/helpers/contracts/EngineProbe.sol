// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {AssetConfig} from "contracts/interfaces/IMarginVault.sol";
import {Price} from "contracts/interfaces/IOracleAdapter.sol";
import {IRiskEngine, Margin} from "contracts/interfaces/IRiskEngine.sol";
import {UnderlyingParams} from "contracts/interfaces/IRiskParameters.sol";
import {Change, IRiskSimulator, ScenarioView, Shock} from "contracts/interfaces/IRiskSimulator.sol";
import {GlobalParams} from "contracts/types/GlobalsWord.sol";
import {GroupParams} from "contracts/types/GroupWord.sol";
import {PriceEdges} from "contracts/types/PriceEdges.sol";
import {PriceMid} from "contracts/types/PriceMid.sol";
import {PriceStatus} from "contracts/types/PriceStatus.sol";
import {SpotWord} from "contracts/types/SpotWord.sol";

/// @notice Words of one feed: what the oracle and the volatility source say of it.
struct FeedWords {
    uint256 id;
    uint256 mid;
    uint256 edges;
    uint256 multipliers;
}

/// @notice One instrument's market.
struct MarketWords {
    uint64 id;
    uint256 word;
}

/// @notice The risk array of one option series.
struct ArrayWords {
    uint64 id;
    uint256 meta;
    uint256 nodes;
}

/// @notice Everything the engine asks about one account.
struct ProbeState {
    int256 cash;
    uint256[] spot;
    uint256[] legs;
    FeedWords[] feeds;
    MarketWords[] markets;
    AssetConfig[] assets;
    ArrayWords[] arrays;
}

/// @notice Parameters of a venue.
struct ProbeParams {
    uint256[] underlyings;
    UnderlyingParams[] params;
    uint256[] groups;
    GroupParams[] offsets;
    GlobalParams globals;
}

/// @notice One case: an account in a venue, and what to try with it.
struct ProbeCase {
    ProbeState state;
    Change change;
    Shock[] shocks;
}

/// @notice What engine and simulator answer.
struct ProbeResult {
    Margin initial;
    Margin maintenance;
    uint256 health;
    Margin gate;
    Margin simulatedInitial;
    Margin simulatedMaintenance;
    Margin announced;
    uint256[] underlyings;
    uint256[] units;
    uint256[] caps;
    ScenarioView[] initialScenarios;
    ScenarioView[] maintenanceScenarios;
}

/// @title Stands for vault, clearinghouse, oracles, volatility source and authority of an engine and its simulator.
/// @notice Answers what it was told.
/// @dev State lies in transient storage, so that one eth_call can try many venues and accounts.
contract EngineProbe {
    /// @notice Whether the vault says that an operation is open.
    bool public isGateOpen;
    /// @notice How the volatility source behaves.
    Volatility public volatility;
    /// @notice What the vault says is its engine.
    address public riskEngine;

    /// @dev Beside the probe itself its deployer may do everything.
    address private immutable _admin = msg.sender;

    enum Volatility {
        Answers,
        Reverts,
        AnswersShort,
        BurnsGas,
        AnswersOtherLength
    }

    error SourceBroken();

    /* TESTS */

    function setGateOpen(bool open) external {
        isGateOpen = open;
    }

    function setRiskEngine(address engine) external {
        riskEngine = engine;
    }

    function setVolatility(Volatility behaviour) external {
        volatility = behaviour;
    }

    /// @notice Sets the state for the rest of the transaction.
    function setState(ProbeState memory state) public {
        _storeList("spot", state.spot);
        _storeList("legs", state.legs);
        _store("cash", uint256(state.cash));
        for (uint256 i; i < state.feeds.length; ++i) {
            _store(_key("mid", state.feeds[i].id), state.feeds[i].mid);
            _store(_key("edges", state.feeds[i].id), state.feeds[i].edges);
            _store(_key("multipliers", state.feeds[i].id), state.feeds[i].multipliers);
        }
        for (uint256 i; i < state.markets.length; ++i) {
            _store(_key("market", state.markets[i].id), state.markets[i].word);
        }
        for (uint256 i; i < state.arrays.length; ++i) {
            _store(_key("meta", state.arrays[i].id), state.arrays[i].meta);
            _store(_key("nodes", state.arrays[i].id), state.arrays[i].nodes);
        }
        _store("assets", state.assets.length);
        for (uint256 i; i < state.assets.length; ++i) {
            AssetConfig memory asset = state.assets[i];
            uint256 word = uint256(asset.decimals) | uint256(asset.feedId) << 8 | uint256(asset.underlying) << 16;
            _store(_key("asset", i), word);
        }
    }

    /// @notice Calls `engine` in the given state; for eth_call, and to try its views one by one.
    function ask(ProbeState calldata state, address engine, bytes calldata data)
        external
        returns (bytes memory answer)
    {
        setState(state);
        bool success;
        (success, answer) = engine.staticcall(data);
        if (!success) {
            assembly {
                revert(add(answer, 0x20), mload(answer))
            }
        }
    }

    /// @notice Configures the engine's parameters and runs every case on it and the simulator. For eth_call.
    /// @return time Time of the block [s].
    /// @return results One per case.
    function run(IRiskEngine engine, IRiskSimulator simulator, ProbeParams calldata p, ProbeCase[] calldata cases)
        external
        returns (uint256 time, ProbeResult[] memory results)
    {
        engine.parameters().setParameters(p.underlyings, p.params, p.groups, p.offsets, p.globals);
        time = block.timestamp;
        results = new ProbeResult[](cases.length);
        for (uint256 i; i < cases.length; ++i) {
            ProbeCase memory each = cases[i];
            setState(each.state);
            _run(engine, simulator, each, results[i]);
        }
    }

    function _run(IRiskEngine engine, IRiskSimulator simulator, ProbeCase memory each, ProbeResult memory result)
        private
    {
        (int256 cash, SpotWord[] memory spot) = (int256(_load("cash")), _spot());
        (result.initial, result.maintenance) = engine.bothMargins(1, cash, spot);
        result.health = engine.health(1);
        result.gate = engine.initialMargin(1, cash, spot);
        (result.simulatedInitial, result.simulatedMaintenance) = simulator.simulate(1, each.change, each.shocks, false);
        (, result.announced) = simulator.simulate(1, each.change, each.shocks, true);
        (, result.underlyings, result.units, result.caps) = engine.maintenanceWithExposures(1);
        result.initialScenarios = simulator.scenarios(1, each.change, each.shocks, false, true);
        result.maintenanceScenarios = simulator.scenarios(1, each.change, each.shocks, false, false);
    }

    /* VAULT */

    function accountState(uint256) external view returns (int256 cash, SpotWord[] memory spot) {
        return (int256(_load("cash")), _spot());
    }

    function _spot() private view returns (SpotWord[] memory spot) {
        uint256[] memory list = _loadList("spot");
        assembly {
            spot := list
        }
    }

    function moduleRoles(address module) external view returns (uint8) {
        return module == address(this) ? 1 : 0;
    }

    function assetCount() external view returns (uint256) {
        return _load("assets");
    }

    function assetAt(uint256 index) external view returns (AssetConfig memory asset) {
        uint256 word = _load(_key("asset", index));
        asset.decimals = uint8(word);
        asset.feedId = uint8(word >> 8);
        asset.underlying = uint8(word >> 16);
    }

    /* CLEARINGHOUSE */

    function legs(uint256) external view returns (uint256[] memory) {
        return _loadList("legs");
    }

    function marketWord(uint64 id) external view returns (uint256) {
        return _load(_key("market", id));
    }

    /* ORACLE */

    function packedPrices(uint256[] calldata feedIds) external view returns (uint256[] memory answer) {
        answer = new uint256[](2 * feedIds.length);
        for (uint256 i; i < feedIds.length; ++i) {
            answer[2 * i] = _load(_key("mid", feedIds[i]));
            answer[2 * i + 1] = _load(_key("edges", feedIds[i]));
        }
    }

    /// @notice Prices here are what they were set to.
    function refreshOld(uint256[] calldata) external pure {}

    function price(uint256 feedId) external view returns (Price memory p) {
        PriceMid mid = PriceMid.wrap(_load(_key("mid", feedId)));
        PriceEdges edges = PriceEdges.wrap(_load(_key("edges", feedId)));
        (p.mid, p.low, p.high) = (mid.mid(), edges.low(), edges.high());
        p.status = PriceStatus(mid.statusCode());
    }

    /* OPTION ORACLE */

    /// @notice There is no sequencer.
    function sequencerFloor() external pure returns (uint256) {
        return 0;
    }

    /// @notice No array is of another slice.
    function refreshOutdated(uint256[] calldata ids) external view returns (uint256[] memory) {
        return words(ids);
    }

    function words(uint256[] calldata ids) public view returns (uint256[] memory arrays) {
        arrays = new uint256[](2 * ids.length);
        for (uint256 i; i < ids.length; ++i) {
            arrays[2 * i] = _load(_key("meta", ids[i]));
            arrays[2 * i + 1] = _load(_key("nodes", ids[i]));
        }
    }

    /// @dev The same arrays at every index: what they hold is not what is tried here.
    function wordsAt(uint256[] calldata pairs) external view returns (uint256[] memory arrays) {
        arrays = new uint256[](pairs.length);
        for (uint256 i; i < pairs.length; i += 2) {
            arrays[i] = _load(_key("meta", pairs[i]));
            arrays[i + 1] = _load(_key("nodes", pairs[i]));
        }
    }

    /* VOLATILITY SOURCE */

    function multipliers(uint256[] calldata ids) external view returns (uint256[] memory answer) {
        Volatility behaviour = volatility;
        if (behaviour == Volatility.Reverts) revert SourceBroken();
        if (behaviour == Volatility.BurnsGas) while (true) {}
        if (behaviour == Volatility.AnswersShort) {
            assembly {
                mstore(0, 0x20)
                return(0, 0x20)
            }
        }
        answer = new uint256[](behaviour == Volatility.AnswersOtherLength ? ids.length + 1 : ids.length);
        for (uint256 i; i < ids.length; ++i) {
            answer[i] = _load(_key("multipliers", ids[i]));
        }
    }

    /* AUTHORITY */

    function canCall(address caller, address, bytes4) external view returns (bool immediate, uint32 delay) {
        return (caller == address(this) || caller == _admin, 0);
    }

    /* TRANSIENT STORAGE */

    function _key(bytes32 name, uint256 id) private pure returns (bytes32 slot) {
        return keccak256(abi.encode(name, id));
    }

    function _store(bytes32 slot, uint256 word) private {
        assembly {
            tstore(slot, word)
        }
    }

    function _load(bytes32 slot) private view returns (uint256 word) {
        assembly {
            word := tload(slot)
        }
    }

    function _storeList(bytes32 name, uint256[] memory list) private {
        _store(name, list.length);
        for (uint256 i; i < list.length; ++i) {
            _store(_key(name, i), list[i]);
        }
    }

    function _loadList(bytes32 name) private view returns (uint256[] memory list) {
        list = new uint256[](_load(name));
        for (uint256 i; i < list.length; ++i) {
            list[i] = _load(_key(name, i));
        }
    }
}
