// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {MockAggregator} from "../../helpers/contracts/MockAggregator.sol";
import {OracleAdapter} from "contracts/OracleAdapter.sol";
import {FeedConfig, Price, SourceConfig} from "contracts/interfaces/IOracleAdapter.sol";
import {ChainlinkSource} from "contracts/oracles/ChainlinkSource.sol";
import {PriceStatus} from "contracts/types/PriceStatus.sol";
import {Test} from "forge-std/Test.sol";

/// @notice Sources of a price that die, stick, lie, run ahead and come back, while the price moves; after every refresh
/// it looks whether what the oracle did may be.
contract Sources is Test {
    /// @dev What a source does.
    enum Kind {
        Live, // says the price, now
        Dead, // says nothing new
        Stuck, // says what it said last, now
        Lying, // says a multiple of the price, now
        Silent // fails
    }

    /// @dev What is known of a feed between two refreshes.
    struct Watch {
        uint256 opposed; // when its sources last spoke and disagreed, 0 since they agreed [s]
        uint256 frozen; // since when a live source contradicts a price that does not move; 0: none does [s]
        uint256 halted; // since when it is halted; 0: it is not [s]
    }

    uint256 private constant PAIR = 1;
    uint256 private constant TRIO = 2;
    uint256 public constant HALT = 600;
    uint256 private constant MAX_AGE = 3600;
    uint256 private constant PPM = 1e6;
    /// @dev Beyond this sources disagree, whatever the deviation is taken of: a quarter more than the limit [ppm].
    uint256 private constant DISAGREED = 25_000;
    uint256 private constant BREAKER = 150_000;

    OracleAdapter private oracle;
    MockAggregator[3] private aggregators;
    Kind[3] private kinds;
    uint256[3] private lies; // [ppm of the price]
    uint256[3] private said; // [1e-8 USD]
    Watch[3] private watches; // by feed
    uint256 private price = 2000e8; // [1e-8 USD]

    mapping(string => uint256) public done;
    string[] public broken;

    constructor(OracleAdapter oracle_, MockAggregator[3] memory aggregators_) {
        (oracle, aggregators) = (oracle_, aggregators_);
        said = [price, price, price];
    }

    /* WHAT HAPPENS */

    /// @dev Time passes and the price moves a little.
    function step(uint256 time, uint256 move) external {
        _pass(bound(time, 12, 300));
        price = price * bound(move, 990_000, 1_010_000) / PPM;
        _speak();
        _refresh();
    }

    /// @dev The price jumps.
    function jump(uint256 move) external {
        price = bound(price * bound(move, 700_000, 1_300_000) / PPM, 150e8, 9000e8);
        ++done["jumps"];
        _pass(12);
        _speak();
        _refresh();
    }

    /// @dev A source begins to fail in some way.
    function fail(uint256 which, uint256 kind, uint256 lie) external {
        which = bound(which, 0, 2);
        kinds[which] = Kind(bound(kind, 1, 4));
        lies[which] = bound(lie, 500_000, 1_500_000);
        aggregators[which].setMode(
            kinds[which] == Kind.Silent ? MockAggregator.Mode.Revert : MockAggregator.Mode.Answer
        );
        ++done["faults"];
    }

    /// @dev A source comes back.
    function mend(uint256 which) external {
        which = bound(which, 0, 2);
        kinds[which] = Kind.Live;
        aggregators[which].setMode(MockAggregator.Mode.Answer);
    }

    /// @dev For a block the sources that live are some seconds ahead of it, or fail.
    function early(uint256 seconds_, bool silent) external {
        _pass(12);
        for (uint256 i; i < 3; ++i) {
            if (kinds[i] == Kind.Silent) continue;
            if (silent) aggregators[i].setMode(MockAggregator.Mode.Revert);
            uint256 time = vm.getBlockTimestamp() + bound(seconds_, 1, 30);
            aggregators[i].setRound(int256(said[i]), time, time);
        }
        _refresh();
        for (uint256 i; i < 3; ++i) {
            if (kinds[i] != Kind.Silent) aggregators[i].setMode(MockAggregator.Mode.Answer);
        }
        _speak();
        ++done["readings missing"];
    }

    /// @dev Long enough for everything that waits.
    function settle(uint256 time) external {
        uint256 end = vm.getBlockTimestamp() + bound(time, HALT, 20 * HALT);
        while (vm.getBlockTimestamp() < end) {
            _pass(300);
            _speak();
            _refresh();
        }
    }

    /// @dev Looks at the feeds before somebody acts on them.
    function look() external {
        _refresh();
    }

    function _pass(uint256 time) private {
        vm.warp(vm.getBlockTimestamp() + time);
    }

    function _speak() private {
        for (uint256 i; i < 3; ++i) {
            if (kinds[i] == Kind.Live) said[i] = price;
            if (kinds[i] == Kind.Lying) said[i] = price * lies[i] / PPM;
            if (kinds[i] != Kind.Dead && kinds[i] != Kind.Silent) aggregators[i].setAnswer(int256(said[i]));
        }
    }

    /* WHAT MAY BE */

    function _refresh() private {
        uint256[] memory ids = new uint256[](2);
        (ids[0], ids[1]) = (PAIR, TRIO);
        Price memory pair = oracle.price(PAIR);
        Price memory trio = oracle.price(TRIO);
        oracle.refresh(ids);
        ++done["refreshes"];
        _look(PAIR, 2, pair, oracle.price(PAIR));
        _look(TRIO, 3, trio, oracle.price(TRIO));
    }

    /// @dev What a source says that counts, or 0 [wad USD].
    function _reading(uint256 which) private view returns (uint256) {
        if (aggregators[which].mode() != MockAggregator.Mode.Answer) return 0;
        (, int256 answer,, uint256 time,) = aggregators[which].latestRoundData();
        uint256 now_ = vm.getBlockTimestamp();
        return time > now_ || now_ - time > MAX_AGE ? 0 : uint256(answer) * 1e10;
    }

    function _look(uint256 feed, uint256 count, Price memory before, Price memory later) private {
        Watch storage watch = watches[feed];
        uint256 live;
        uint256 confirming; // that say what the price is now
        bool towards;
        bool contradicted = true;
        for (uint256 i; i < count; ++i) {
            uint256 says = _reading(i);
            if (says == 0) continue;
            ++live;
            if (_apart(says, later.mid) <= DISAGREED) (contradicted, confirming) = (false, confirming + 1);
            if (_distance(says, later.mid) < _distance(says, before.mid)) towards = true;
        }
        bool moved = later.mid != before.mid;

        if (live == 0 && before.status == PriceStatus.Valid) {
            bool young = vm.getBlockTimestamp() <= before.time + MAX_AGE;
            _must(!young || later.status == PriceStatus.Valid, "a missing reading made a young price worse");
        }
        _must(!moved || towards, "a price moved towards no source that lives");
        bool leapt = _apart(later.mid, before.mid) > BREAKER + 1;
        _must(!leapt || confirming > 1, "a leap that no second source confirms");

        _lookAtHalts(watch, later);
        _lookWhetherFrozen(watch, live != 0 && contradicted && !moved);
        if (feed == PAIR) _lookAtDispute(watch, later);
    }

    /// @dev A halt ends; a dispute that begins in it may make it twice as long, and nothing more.
    function _lookAtHalts(Watch storage watch, Price memory later) private {
        if (later.status != PriceStatus.Halted) {
            watch.halted = 0;
            return;
        }
        if (watch.halted == 0) watch.halted = vm.getBlockTimestamp();
        ++done["halts seen"];
        _must(vm.getBlockTimestamp() <= watch.halted + 2 * HALT, "halted for longer than two bounds");
    }

    /// @dev Sources that live contradict the price, and it stands: not for longer than a halt, its rest and a dispute.
    function _lookWhetherFrozen(Watch storage watch, bool stands) private {
        if (!stands) {
            watch.frozen = 0;
            return;
        }
        if (watch.frozen == 0) watch.frozen = vm.getBlockTimestamp();
        ++done["contradicted"];
        _must(vm.getBlockTimestamp() <= watch.frozen + 13 * HALT, "frozen while a source lives");
    }

    /// @dev Of two sources that spoke and disagreed, the silence of one makes nothing Valid for as long as a dispute.
    function _lookAtDispute(Watch storage watch, Price memory later) private {
        (uint256 one, uint256 other) = (_reading(0), _reading(1));
        if (one != 0 && other != 0) {
            uint256 apart = _apart(one, other);
            if (apart > DISAGREED) {
                watch.opposed = vm.getBlockTimestamp();
                ++done["disputes seen"];
            } else {
                watch.opposed = 0;
            }
        }
        bool disputed = watch.opposed != 0 && vm.getBlockTimestamp() < watch.opposed + 6 * HALT;
        _must(!disputed || later.status != PriceStatus.Valid, "Valid in a dispute");
    }

    function _must(bool holds, string memory what) private {
        if (!holds) broken.push(what);
    }

    /// @dev Since when sources that live contradict a feed's price, which stands; 0: none does [s].
    function frozenSince(uint256 feed) external view returns (uint256) {
        return watches[feed].frozen;
    }

    function brokenCount() external view returns (uint256) {
        return broken.length;
    }

    function _distance(uint256 a, uint256 b) private pure returns (uint256) {
        return a > b ? a - b : b - a;
    }

    /// @dev How far apart, of the second [ppm].
    function _apart(uint256 a, uint256 b) private pure returns (uint256) {
        return _distance(a, b) * PPM / b;
    }
}

/// @notice Two feeds over the same sources: one with two of them, one with three.
abstract contract PriceFaultsVenue is Test {
    Sources internal sources;

    function _setUpSources() internal {
        vm.warp(1_800_000_000);
        address authority = deployCode("build/forge/AccessManager.sol/AccessManager.json", abi.encode(address(this)));
        sources = _sourcesOf(
            OracleAdapter(
                deployCode("build/forge/OracleAdapter.sol/OracleAdapter.json", abi.encode(authority, address(0)))
            )
        );
        targetContract(address(sources));
    }

    /// @dev Gives an oracle both feeds.
    function _sourcesOf(OracleAdapter oracle) internal returns (Sources) {
        ChainlinkSource reader = ChainlinkSource(deployCode("build/forge/ChainlinkSource.sol/ChainlinkSource.json"));
        MockAggregator[3] memory aggregators;
        SourceConfig[3] memory configs;
        for (uint256 i; i < 3; ++i) {
            aggregators[i] = MockAggregator(
                deployCode("build/forge/MockAggregator.sol/MockAggregator.json", abi.encode(8, "ETH / USD", 2000e8))
            );
            configs[i] = SourceConfig(reader, 3600, 100_000, false, reader.encode(address(aggregators[i]), 8));
        }
        SourceConfig memory none;
        oracle.setFeed(1, _config(configs[0], configs[1], none));
        oracle.setFeed(2, _config(configs[0], configs[1], configs[2]));
        return new Sources(oracle, aggregators);
    }

    function _config(SourceConfig memory one, SourceConfig memory two, SourceConfig memory three)
        private
        pure
        returns (FeedConfig memory)
    {
        return FeedConfig({
            primary: one,
            secondary: two,
            third: three,
            minPrice: 10e18,
            maxPrice: 100_000e18,
            smoothingWindow: 1800,
            haltBound: 600,
            confidenceLimit: 20_000,
            deviationLimit: 20_000,
            breakerLimit: 150_000,
            widening: 50_000,
            readThrough: false
        });
    }
}
