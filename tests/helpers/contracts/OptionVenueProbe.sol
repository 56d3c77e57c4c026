// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IOptionOracle} from "contracts/interfaces/IOptionOracle.sol";
import {Price} from "contracts/interfaces/IOracleAdapter.sol";
import {IVolatilitySurface} from "contracts/interfaces/IVolatilitySurface.sol";
import {OptionParams} from "contracts/types/OptionParamsWord.sol";
import {PriceStatus} from "contracts/types/PriceStatus.sol";
import {Slice} from "contracts/types/SliceWord.sol";

/// @notice A slice to post.
struct Posting {
    uint256 expiry; // [s]
    Slice slice;
}

/// @notice An underlying to set up.
struct Underlying {
    uint256 id;
    uint256 index; // [wad USD]
    PriceStatus status;
    uint24 maintenanceShock; // [ppm]
    uint24 initialShock; // [ppm]
    uint32 maxTenor; // [s]
    OptionParams params;
    uint32 distrust; // duration [s]
    Posting[] postings;
}

/// @notice Vault, risk parameters, expiries, price oracle and authority of an option oracle and its surface.
contract OptionVenueProbe {
    bool public isGateOpen;
    uint256 private _average;

    mapping(address caller => bool) private _strangers;
    mapping(uint256 id => Price) private _prices;
    mapping(uint256 id => Shocks) private _shocks;

    struct Shocks {
        uint24 maintenance; // [ppm]
        uint24 initial; // [ppm]
        uint32 maxTenor; // [s]
    }

    /* SETTING UP */

    function setGateOpen(bool open) external {
        isGateOpen = open;
    }

    function setAverage(uint256 average) external {
        _average = average;
    }

    function refuse(address caller) external {
        _strangers[caller] = true;
    }

    function setPrice(uint256 id, uint256 index, PriceStatus status) public {
        _prices[id] = Price(index, index, index, block.timestamp, status);
    }

    function setShocks(uint256 id, uint24 maintenance, uint24 initial, uint32 maxTenor) public {
        _shocks[id] = Shocks(maintenance, initial, maxTenor);
    }

    /// @notice Sets up underlyings and posts their slices, those that are refused are passed over; then distrusts them.
    function arrange(IVolatilitySurface surface, Underlying[] calldata underlyings) external {
        for (uint256 i = 0; i < underlyings.length; ++i) {
            Underlying calldata u = underlyings[i];
            setPrice(u.id, u.index, u.status);
            setShocks(u.id, u.maintenanceShock, u.initialShock, u.maxTenor);
            surface.setOptionParams(u.id, u.params);
            for (uint256 j = 0; j < u.postings.length; ++j) {
                try surface.post(u.id, u.postings[j].expiry, u.postings[j].slice) {} catch {}
            }
            surface.forceUncertain(u.id, u.distrust);
        }
    }

    /// @notice Marks of many series.
    function marks(IOptionOracle oracle, uint64[] calldata ids)
        external
        view
        returns (uint256[] memory prices, uint256[] memory statuses)
    {
        prices = new uint256[](ids.length);
        statuses = new uint256[](ids.length);
        for (uint256 i = 0; i < ids.length; ++i) {
            PriceStatus status;
            (prices[i], status,) = oracle.mark(ids[i]);
            statuses[i] = uint256(status);
        }
    }

    /* WHAT THE ORACLE ASKS */

    function canCall(address caller, address, bytes4) external view returns (bool, uint32) {
        return (!_strangers[caller], 0);
    }

    function averageOf(uint64) external view returns (uint256) {
        return _average;
    }

    function maxTenorOf(uint256 id) external view returns (uint256) {
        return _shocks[id].maxTenor;
    }

    function derivativeShocksOf(uint256 id) external view returns (uint256 maintenance, uint256 initial) {
        return (_shocks[id].maintenance, _shocks[id].initial);
    }

    function price(uint256 id) external view returns (Price memory) {
        return _prices[id];
    }
}
