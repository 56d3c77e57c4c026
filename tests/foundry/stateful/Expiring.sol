// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {SaidRounds} from "../base/SaidRounds.sol";
import {VenueTest} from "../base/VenueTest.sol";
import {Refusals} from "./Refusals.sol";
import {IExpiries} from "contracts/interfaces/IExpiries.sol";
import {FeedConfig} from "contracts/interfaces/IOracleAdapter.sol";
import {KIND_FUTURE} from "contracts/types/InstrumentId.sol";
import {PriceStatus} from "contracts/types/PriceStatus.sol";
import {RoundsAggregator} from "tests/helpers/contracts/RoundsAggregator.sol";

/// @notice Expiries of an index whose sources keep their rounds, and fail. Whoever observes and finishes, and whenever:
/// the average is that of the very rounds, read one after the other and voted on by rules of its own.
contract Expiring is VenueTest, Refusals {
    /// @dev What a source does.
    enum Kind {
        Live, // says the price, now
        Late, // says now what the price was some minutes ago
        Repeating, // says what it said last, in new rounds
        Old, // says the price with the time of its last round
        Ahead, // says the price with a time that is still to come
        Lying, // says a multiple of the price
        Zero, // says nothing above 0
        Negative,
        Dead, // has no new round
        Silent // fails
    }

    uint256 private constant FEED = 1;
    uint256 private constant SOURCES = 3;
    uint256 private constant PPM = 1e6;
    uint256 private constant LIMIT = 20_000; // sources further apart disagree [ppm]
    uint256 private constant LEAST = 20;
    uint256 private constant MAX_AGE = 1 hours;
    /// @dev Beyond that no round counts, so that one phase more is looked for in vain [s].
    uint256 private constant REACH = MAX_AGE + 35 minutes;

    RoundsAggregator[SOURCES] private aggregators;
    uint80[][SOURCES] private ids; // of all rounds, in order
    Kind[SOURCES] private kinds;
    uint256[SOURCES] private lies; // [ppm of the price]
    int256[SOURCES] private said; // [1e-8 USD]
    uint256[SOURCES] private latest; // time of the last round [s]
    uint256[2][SOURCES] private begun; // when the last two phases did [s]
    uint256[SOURCES] private gone; // rounds since the last that is missing
    uint80[SOURCES] private first; // of the phase, what is below it is pruned
    uint256 private price = 2000e8; // [1e-8 USD]
    uint256[8] private before; // what it was [1e-8 USD]
    uint256 private ticks;

    uint64 private future;
    uint256 private expiry; // [s]
    bool[30] private doubted; // ends of minutes that somebody found in doubt
    uint256 private proven; // the average that somebody had proven after expiry [wad USD]

    mapping(string => uint256) public done;
    string[] public broken;

    constructor() {
        deployVenue(1);
        FeedConfig memory config = feedConfig(address(feeds[0]));
        for (uint256 i; i < SOURCES; ++i) {
            aggregators[i] = RoundsAggregator(
                deployCode("build/forge/RoundsAggregator.sol/RoundsAggregator.json", abi.encode(int256(price)))
            );
            ids[i].push(1 << 64 | 1);
            (said[i], latest[i]) = (int256(price), vm.getBlockTimestamp());
        }
        config.primary = feedConfig(address(aggregators[0])).primary;
        config.secondary = feedConfig(address(aggregators[1])).primary;
        config.third = feedConfig(address(aggregators[2])).primary;
        oracle.setFeed(FEED, config);
        aggregators[1].setZeros(true);
        _list();
    }

    /// @dev A future of the whole hour after the next. It is listed at a Valid price: sources come back for that.
    function _list() private {
        for (uint256 i; i < 48 && oracle.price(FEED).status != PriceStatus.Valid; ++i) {
            for (uint256 j; j < SOURCES; ++j) {
                kinds[j] = Kind.Live;
                aggregators[j].setSilent(false);
            }
            vm.warp(vm.getBlockTimestamp() + 5 minutes);
            _speak(type(uint256).max);
            oracle.refresh(feedIds);
        }
        expiry = (vm.getBlockTimestamp() / 1 hours + 2) * 1 hours;
        future = clearinghouse.list(KIND_FUTURE, FEED, expiry, 0, marketConfig());
        delete doubted;
        proven = 0;
    }

    /* WHAT HAPPENS */

    /// @dev Some minutes in which sources speak and somebody looks at the index.
    function pass(uint256 seed) external {
        _pass(bound(seed, 1, 20), seed);
    }

    /// @dev A source begins to fail in some way, or comes back.
    function fail(uint256 which, uint256 kind, uint256 lie) external {
        which = bound(which, 0, SOURCES - 1);
        kinds[which] = Kind(bound(kind, 0, uint256(Kind.Silent)));
        lies[which] = bound(lie, 700_000, 1_400_000);
        aggregators[which].setSilent(kinds[which] == Kind.Silent);
        ++done["faults"];
    }

    function mend(uint256 which) external {
        which = bound(which, 0, SOURCES - 1);
        kinds[which] = Kind.Live;
        aggregators[which].setSilent(false);
    }

    /// @dev A round is missing, or some numbers are left out; never more than three in a row.
    function lose(uint256 which, uint80 ago, bool between) public {
        which = bound(which, 0, SOURCES - 1);
        if (gone[which] < 12) return;
        gone[which] = 0;
        if (between) {
            aggregators[which].leaveOut(uint80(bound(ago, 1, 3)));
            _say(which, said[which], latest[which]);
        } else {
            aggregators[which].lose(uint80(bound(ago, 1, 8)));
        }
        ++done["rounds missing"];
    }

    /// @dev Only the last rounds of the current phase are left.
    function prune(uint256 which, uint80 kept) public {
        which = bound(which, 0, SOURCES - 1);
        uint80 phase = aggregators[which].phase();
        uint80 last = aggregators[which].lastOf(phase);
        if (last < 40) return;
        kept = uint80(bound(kept, 8, 40));
        aggregators[which].prune(phase, kept);
        first[which] = last - kept;
        ++done["pruned"];
    }

    /// @dev A proxy's aggregator is exchanged, and the new one may say something at once. More than a quarter is left
    /// of the one before.
    function exchange_(uint256 which, bool speaks) public {
        which = bound(which, 0, SOURCES - 1);
        uint256 time = vm.getBlockTimestamp();
        uint80 last = aggregators[which].lastOf(aggregators[which].phase());
        if (time < begun[which][0] + REACH || first[which] * 3 > last * 2) return;
        begun[which] = [begun[which][1], time];
        aggregators[which].beginPhase();
        (gone[which], first[which]) = (0, 0);
        if (speaks) _say(which, int256(price), _most(time, latest[which]));
        ++done["phases"];
    }

    /// @dev Time passes until the expiry, and somebody finishes soon or long after it.
    function expire(uint256 wait, uint256 seed) external {
        while (vm.getBlockTimestamp() + 35 minutes < expiry) {
            vm.warp(vm.getBlockTimestamp() + 5 minutes);
            _speak(seed);
        }
        while (vm.getBlockTimestamp() <= expiry) {
            _pass(1, seed);
            seed = uint256(keccak256(abi.encode(seed)));
            if (seed % 16 == 0) lose(seed >> 8, uint80(seed >> 16), seed >> 4 & 1 == 0);
            if (seed % 32 == 1) prune(seed >> 8, uint80(seed >> 16));
            if (seed % 64 == 2) exchange_(seed >> 8, seed >> 16 & 1 == 0);
        }
        if (seed % 4 == 0) _pass(1, seed);
        vm.warp(vm.getBlockTimestamp() + wait % 6 hours);
        _speak(seed);
        _finish(seed);
        _list();
    }

    function _pass(uint256 minutes_, uint256 seed) private {
        for (uint256 end = vm.getBlockTimestamp() + minutes_ * 1 minutes; vm.getBlockTimestamp() < end;) {
            seed = uint256(keccak256(abi.encode(seed)));
            vm.warp(vm.getBlockTimestamp() + 6 + seed % 40);
            price = price * (999_000 + (seed >> 16) % 2001) / PPM;
            before[ticks++ % 8] = price;
            _speak(seed >> 32);
            if (seed >> 64 & 3 != 0) _observe();
        }
    }

    function _speak(uint256 seed) private {
        for (uint256 i; i < SOURCES; ++i) {
            Kind kind = kinds[i];
            if (kind == Kind.Dead || kind == Kind.Silent || seed >> i & 1 == 0) continue;
            uint256 time = vm.getBlockTimestamp();
            // each has its own opinion
            int256 answer = int256(price + price * i / 2000);
            if (kind == Kind.Late && before[ticks % 8] != 0) answer = int256(before[ticks % 8]);
            if (kind == Kind.Repeating) answer = said[i];
            if (kind == Kind.Lying) answer = int256(price * lies[i] / PPM);
            if (kind == Kind.Zero) answer = 0;
            if (kind == Kind.Negative) answer = -answer;
            if (kind == Kind.Ahead) time += 45;
            // an aggregator's times never go back
            if (kind == Kind.Old || time < latest[i]) time = latest[i];
            _say(i, answer, time);
        }
    }

    function _say(uint256 i, int256 answer, uint256 time) private {
        aggregators[i].setRound(answer, time);
        uint80 phase = aggregators[i].phase();
        ids[i].push(phase << 64 | aggregators[i].lastOf(phase));
        (said[i], latest[i]) = (answer, time);
        ++gone[i];
    }

    /// @dev Before the expiry that is taken only while the index is in doubt; after it all is observed.
    function _observe() private {
        uint256 time = vm.getBlockTimestamp();
        (uint256 average, uint256 count) = time > expiry ? _expected() : (0, 0);
        try clearinghouse.observeSettlement(future) {
            (uint256 observations,,) = clearinghouse.expiries().windowOf(future, oracle);
            _must(observations == count, "other observations than the rounds have");
            if (time > expiry) {
                proven = average;
                return;
            }
            _must(oracle.price(FEED).status != PriceStatus.Valid, "a doubt of a price that is Valid");
            uint256 minute = (time - (expiry - 30 minutes)) / 1 minutes;
            doubted[minute] = true;
            if (minute > 0) doubted[minute - 1] = true;
            ++done["doubts"];
        } catch (bytes memory why) {
            if (!mayMeet("observe", why)) broken.push(saying("observe", why));
        }
    }

    /* WHAT MUST BE */

    /// @dev What is made of the rounds is what reading them all makes of them; where nothing is, there are too few, or
    /// the index is in doubt.
    function _finish(uint256 seed) private {
        _lookAtSources();
        (uint256 average, uint256 count) = _expected();
        oracle.refresh(feedIds);
        bool sound = oracle.price(FEED).status == PriceStatus.Valid;
        vm.prank(address(uint160(seed)));
        try clearinghouse.finishSettlement(future) {
            _must(proven != 0 || sound && count >= LEAST, "an average of too little");
            _must(
                clearinghouse.expiries().averageOf(future) == (proven == 0 ? average : proven),
                "an average of other rounds"
            );
            ++done["expiries"];
            if (count < 30) ++done["expiries without all minutes"];
        } catch (bytes memory reason) {
            bytes4 why = bytes4(reason);
            bool doubtful = why == IExpiries.PriceNotValid.selector && !sound;
            bool few = why == IExpiries.TooFewObservations.selector && count < LEAST;
            _must(proven == 0 && (doubtful || few), "an average refused");
            ++done["refused"];
        }
    }

    /// @dev The ends of the window's minutes [s].
    function _times() private view returns (uint256[] memory times) {
        times = new uint256[](30);
        for (uint256 i; i < 30; ++i) {
            times[i] = expiry - (29 - i) * 1 minutes;
        }
    }

    /// @dev What a source proves is what reading all its rounds finds.
    function _lookAtSources() private {
        uint256[] memory times = _times();
        for (uint256 i; i < SOURCES; ++i) {
            bytes32 data = source.encode(address(aggregators[i]), 8);
            try source.readPast(data, times, MAX_AGE) returns (uint256[] memory prices) {
                bytes32 all = keccak256(abi.encode(SaidRounds.pricesAt(aggregators[i], ids[i], times, MAX_AGE)));
                _must(keccak256(abi.encode(prices)) == all, "a source proves something else than it said");
                ++done["sources read"];
            } catch (bytes memory why) {
                if (kinds[i] != Kind.Silent) broken.push(saying("reading a source", why));
            }
        }
    }

    /// @dev The average of what the rounds say [wad USD], and of how many minutes.
    function _expected() private returns (uint256 average, uint256 count) {
        uint256[] memory times = _times();
        uint256[][SOURCES] memory prices;
        for (uint256 i; i < SOURCES; ++i) {
            prices[i] = new uint256[](30);
            // what fails now proves nothing
            try aggregators[i].latestRoundData() {
                prices[i] = SaidRounds.pricesAt(aggregators[i], ids[i], times, MAX_AGE);
            } catch {
                _must(kinds[i] == Kind.Silent, "a source fails that is not silent");
            }
        }
        for (uint256 i; i < 30; ++i) {
            (uint256 voted, bool confirmed) = _vote(prices[0][i], prices[1][i], prices[2][i]);
            if (voted == 0 || doubted[i] && !confirmed) continue;
            average += voted;
            ++count;
        }
        if (count != 0) average /= count;
    }

    /// @dev The first alone, or one that another agrees with: the first with the next, else the middle of three, else
    /// the other two where the first says nothing.
    function _vote(uint256 one, uint256 two, uint256 three) private pure returns (uint256 price_, bool confirmed) {
        if (one == 0) {
            if (two == 0 || three == 0) return (two + three, false);
            return _agree(two, three) ? (two, true) : (uint256(0), false);
        }
        if (two == 0 && three == 0) return (one, false);
        if (_agree(one, two == 0 ? three : two)) return (one, true);
        if (two == 0 || three == 0) return (0, false);
        uint256 middle = one + two + three - _least(one, _least(two, three)) - _most(one, _most(two, three));
        uint256 with = (_agree(middle, one) ? 1 : 0) + (_agree(middle, two) ? 1 : 0) + (_agree(middle, three) ? 1 : 0);
        return with > 1 ? (middle, true) : (uint256(0), false);
    }

    function _agree(uint256 a, uint256 b) private pure returns (bool) {
        return (_most(a, b) - _least(a, b)) * PPM <= LIMIT * _least(a, b);
    }

    function _least(uint256 a, uint256 b) private pure returns (uint256) {
        return a < b ? a : b;
    }

    function _most(uint256 a, uint256 b) private pure returns (uint256) {
        return a > b ? a : b;
    }

    function _must(bool holds, string memory what) private {
        if (!holds) broken.push(what);
    }

    function brokenCount() external view returns (uint256) {
        return broken.length;
    }
}
