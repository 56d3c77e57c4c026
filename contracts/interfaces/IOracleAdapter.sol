// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {PriceStatus} from "../types/PriceStatus.sol";
import {IPriceSource} from "./IPriceSource.sol";

/// @notice A price with its edges.
struct Price {
    uint256 mid; // best estimate, kept inside the feed's band [wad USD]
    uint256 low; // what owned assets are worth for initial margin: min(price - confidence, smoothed price) [wad USD]
    uint256 high; // what owed assets cost for initial margin [wad USD]
    uint256 time; // when the source observed it [s]
    PriceStatus status;
}

/// @notice One source of a feed.
struct SourceConfig {
    // slot 0: 20 + 4 + 4 + 1 bytes
    IPriceSource reader; // reads the source; zero: none
    uint32 maxAge; // readings older than this do not count [s]
    uint32 gasLimit; // most gas one reading may use
    bool voteOnly; // may confirm or oppose others, never be the price
    // slot 1
    bytes32 data; // the reader's parameters
}

/// @notice Sources and limits of a feed.
struct FeedConfig {
    SourceConfig primary; // its maxAge is the feed's heartbeat, a multiple of 4 s
    SourceConfig secondary; // optional
    SourceConfig third; // optional vote
    // slot 6: 12 + 12 + 4 + 4 bytes
    uint96 minPrice; // band: prices below are raised to it and Uncertain [wad USD]
    uint96 maxPrice; // band: prices above are lowered to it and Uncertain [wad USD]
    uint32 smoothingWindow; // T: the smoothed price moves by dt / (T + dt); 0 = not smoothed [s]
    uint32 haltBound; // how long the breaker may halt the feed [s]
    // slot 7: 3 + 3 + 3 + 3 + 1 bytes
    uint24 confidenceLimit; // a wider interval makes the price Uncertain [ppm]
    uint24 deviationLimit; // sources further apart than this disagree [ppm]
    uint24 breakerLimit; // a larger move against the last stored price needs a second source [ppm]
    uint24 widening; // edges of a price that is not Valid are moved out by this, and again each heartbeat [ppm]
    bool readThrough; // read the sources at every question instead of the stored price
}

/// @title Oracle adapter: one price per asset, its edges, and how far it may be trusted.
/// @notice Feeds are numbered 1 to 255. A stored (pull) feed answers from one storage slot that `refresh` writes. A
/// read-through feed answers what a refresh in the same second would store, so that refreshing in the middle of a
/// transaction changes nothing.
///
/// How a price comes about. A source counts while its reader answers within its gas with a price above zero. The
/// price's time must not be in the future, nor older than the source's maxAge.
/// - Primary alone: its price.
/// - Primary and one other within deviationLimit: the primary's price, confirmed.
/// - They disagree and the third decides: the median, confirmed (a vote-only source picks, but is never the price
/// itself).
/// - They disagree and nothing decides: Uncertain, at whichever is nearer to the last price, with edges around both.
/// If that lasts six haltBounds, the price steps to the one that has moved further since, by at most breakerLimit every
/// six, and stays with it until they agree. Who is silent has not agreed, for as long again after both last spoke.
/// - Primary silent, the two others agree: the secondary's price, Uncertain, or Valid where it confirms a sound one.
/// - Primary silent, and nobody else or one alone: the last price while it is Valid and young. Later the other's price,
/// Uncertain; without one the last price, Stale.
///
/// The breaker. A move of the primary beyond breakerLimit against the stored or the smoothed price that is not
/// confirmed leaves the price where it was. It halts the feed for haltBound from the time of the observation. After
/// that the feed is Uncertain and steps towards the source by at most breakerLimit each haltBound. A confirmed move is
/// taken at once, however large. The next halt can begin only 4 haltBounds after the last ended, so a flapping source
/// cannot freeze auctions; a dispute that begins in a halt may double it. A feed with one source follows the same
/// rules, never confirmed.
///
/// Outside the band a price is clamped and Uncertain.
///
/// Times never go back: but for what a halt held back, an observation that is not newer never replaces a price. A feed
/// takes one new price per transaction, so that nobody can act between two favourable updates of their choice.
/// @dev Assumptions:
/// - At least one source of each feed is honest, or its breaker, band and second source catch it. A price within all
/// of its bounds is believed.
/// - Readers keep the rules of `IPriceSource`. One that reverts, returns anything but four words or spends its gas
/// gives no reading.
/// - Stored prices, smoothed prices and integrals are as fresh as somebody refreshes them. Nobody needs a permission
/// for it.
/// - Pyth's contract is fixed at deployment, takes a fee and verifies signatures; zero on chains without it.
/// - A sequencer feed answers like Chainlink's: 0 for up, 1 for down, and since when. One that does not answer counts
/// as none.
/// - Blocks carry a time that never goes back and is right to within seconds.
interface IOracleAdapter {
    /* ERRORS */

    /// @notice The feed is not listed.
    /// @param feedId Feed that was named.
    error UnknownFeed(uint256 feedId);

    /// @notice The number is not one that a feed may have.
    /// @param feedId Number that was given.
    /// @param limit Highest; the lowest is 1.
    error FeedIdOutOfRange(uint256 feedId, uint256 limit);

    /// @notice A parameter of a feed is above its limit.
    /// @param feedId Feed that was to be set.
    /// @param value What was given, in the parameter's unit.
    /// @param limit Highest value, in the same unit.
    error ParameterTooHigh(uint256 feedId, uint256 value, uint256 limit);

    /// @notice A parameter of a feed is below its limit.
    /// @param feedId Feed that was to be set.
    /// @param value What was given, in the parameter's unit.
    /// @param limit Lowest value, in the same unit.
    error ParameterTooLow(uint256 feedId, uint256 value, uint256 limit);

    /// @notice The heartbeat is not a multiple of its unit.
    /// @param heartbeat What was given [s].
    /// @param unit What it must be a multiple of [s].
    error HeartbeatNotMultiple(uint256 heartbeat, uint256 unit);

    /// @notice The primary has no reader, or the third source is set without the secondary.
    /// @param feedId Feed that was to be set.
    error SourceMissing(uint256 feedId);

    /// @notice A source that only votes cannot be the primary, nor be configured as able to price.
    /// @param reader Reader of the source.
    error VoteOnlySource(address reader);

    /// @notice A source gives no reading that counts and is Valid, so it cannot be listed.
    /// @param feedId Feed that was to be set.
    /// @param reader Reader of the source.
    error SourceUnusable(uint256 feedId, address reader);

    /// @notice A source does not agree with the primary, so the feed cannot be listed.
    /// @param feedId Feed that was to be set.
    /// @param reader Reader of the source.
    /// @param price What the source says [wad USD].
    /// @param primary What the primary says [wad USD].
    error SourcesDisagree(uint256 feedId, address reader, uint256 price, uint256 primary);

    /// @notice The price at listing lies outside the feed's band.
    /// @param feedId Feed that was to be set.
    /// @param price What the primary says [wad USD].
    /// @param minPrice Lower end of the band [wad USD].
    /// @param maxPrice Upper end of the band [wad USD].
    error PriceOutOfBand(uint256 feedId, uint256 price, uint256 minPrice, uint256 maxPrice);

    /// @notice The price at listing is too uncertain.
    /// @param feedId Feed that was to be set.
    /// @param confidence Half width of the interval, as a part of the price [ppm].
    /// @param limit Widest [ppm].
    error ConfidenceTooWide(uint256 feedId, uint256 confidence, uint256 limit);

    /// @notice Too little gas is left to give a source its whole limit; a failed reading must not be the caller's
    /// doing.
    /// @param available Gas that is left.
    /// @param needed Least that must be left.
    error SourceGasTooLow(uint256 available, uint256 needed);

    /// @notice The oracle was deployed without a Pyth contract.
    error NoPyth();

    /// @notice The value sent does not pay Pyth's fee.
    /// @param value What was sent [wei].
    /// @param fee What Pyth asks [wei].
    error FeeTooLow(uint256 value, uint256 fee);

    /// @notice The caller did not accept the rest of the fee.
    /// @param to Who called.
    /// @param amount The rest [wei].
    error RefundFailed(address to, uint256 amount);

    /// @notice A guardian's measure, or the sequencer's grace, would last longer than it may.
    /// @param duration What was given [s].
    /// @param limit Longest [s].
    error DurationTooLong(uint256 duration, uint256 limit);

    /// @notice The guardian may not halt this feed again yet.
    /// @param time Now [s].
    /// @param earliest From when it may [s].
    error HaltTooSoon(uint256 time, uint256 earliest);

    /// @notice The sequencer feed does not answer like one.
    /// @param feed Contract that was named.
    error SequencerFeedUnusable(address feed);

    /* EVENTS */

    /// @notice A feed was listed or changed.
    /// @param feedId The feed.
    /// @param config Its sources and limits.
    event FeedSet(uint256 indexed feedId, FeedConfig config);

    /// @notice A feed's stored state was brought to now.
    /// @param feedId The feed.
    /// @param price Stored price [wad USD].
    /// @param smoothed Smoothed price [wad USD].
    /// @param confidence Half width of the interval around the price [ppm].
    /// @param time When the source observed the price [s].
    /// @param status How far the price may be trusted.
    event PriceStored(
        uint256 indexed feedId, uint256 price, uint256 smoothed, uint256 confidence, uint256 time, PriceStatus status
    );

    /// @notice The guardian lowered a feed's status.
    /// @param feedId The feed.
    /// @param status What it is no better than.
    /// @param until End of the measure [s].
    event StatusForced(uint256 indexed feedId, PriceStatus status, uint256 until);

    /// @notice The sequencer uptime feed was set.
    /// @param feed The feed; zero: none.
    /// @param grace How long auction clocks wait after the sequencer's return [s].
    event SequencerFeedSet(address indexed feed, uint256 grace);

    /* PRICES */

    /// @notice Price of a feed now.
    /// @dev Never reverts for a listed feed, except for want of gas. low <= mid <= high, and low > 0. While not Valid
    /// the edges are moved out by the feed's widening, times its age in heartbeats where that is more than one, and by
    /// at most one half.
    /// @param feedId The feed.
    /// @return Price with its edges; status Unset and zeros for an unlisted feed.
    function price(uint256 feedId) external view returns (Price memory);

    /// @notice Prices of many feeds as packed words, the form the risk engine reads.
    /// @dev Edges and errors as in `price`.
    /// @param feedIds The feeds.
    /// @return words Two a feed: for feed i, word 2i is a PriceMid, word 2i+1 a PriceEdges.
    function packedPrices(uint256[] calldata feedIds) external view returns (uint256[] memory words);

    /// @notice Price without edges, for sources built on other feeds.
    /// @param feedId The feed.
    /// @return mid Best estimate [wad USD].
    /// @return confidence Half width of the interval, rounded up [wad USD].
    /// @return time When the source observed it [s].
    /// @return status How far it may be trusted; Unset for an unlisted feed.
    function latest(uint256 feedId)
        external
        view
        returns (uint256 mid, uint256 confidence, uint256 time, PriceStatus status);

    /// @notice Smoothed price as last stored.
    /// @param feedId The feed.
    /// @return 0 for an unlisted feed [wad USD].
    function smoothed(uint256 feedId) external view returns (uint256);

    /// @notice Time integral of the mid price up to now, extrapolated with the last stored price; for time-weighted
    /// averages.
    /// @dev Never decreases. As exact as the feed is refreshed often.
    /// @param feedId The feed.
    /// @return integral Sum of price times seconds; 0 for an unlisted feed [wad USD s].
    function cumulative(uint256 feedId) external view returns (uint256 integral);

    /// @notice Time from which auction clocks may count, and risk may be taken and value leave: who could not act in an
    /// outage has a while to do so first.
    /// @dev A sequencer feed that does not answer counts as none: it must not stop liquidations.
    /// @return The sequencer's last return plus its grace period; 0 on chains without a sequencer feed,
    /// `type(uint256).max` while it is down [s].
    function sequencerFloor() external view returns (uint256);

    /* UPDATES */

    /// @notice Reads the sources of the given feeds and stores price, smoothed price and integral. Anyone.
    /// @dev Reverts only for an unlisted feed or for want of gas. A source that fails leaves its feed's price, which is
    /// Stale once it is old. A feed that took a new price in this transaction, or that somebody has acted at, is left
    /// as it is.
    /// @param feedIds Feeds to refresh.
    function refresh(uint256[] calldata feedIds) external;

    /// @notice Refreshes those of the given feeds whose sources nobody has asked for a minute, and closes all until the
    /// transaction ends: who acts at a price gets no other one beside it. Anyone; the risk engine does, before it says
    /// what may leave an account.
    /// @dev Passes over what is not listed. What is read through is asked and stored at any age, and answers what is
    /// stored; `latest` goes on asking the sources. Reverts only for want of gas.
    /// @param feedIds Feeds to look at.
    function refreshOld(uint256[] calldata feedIds) external;

    /// @notice Hands signed updates to Pyth, paying its fee from the value sent, then refreshes; returns the rest to
    /// the caller. Anyone.
    /// @param updateData Updates as Pyth's service hands them out.
    /// @param feedIds Feeds to refresh afterwards; need not be the ones in the updates.
    function updateAndRefresh(bytes[] calldata updateData, uint256[] calldata feedIds) external payable;

    /* GOVERNANCE: behind the access manager, with its delay */

    /// @notice Lists a feed, or replaces its sources and limits. Governance only.
    /// @dev A new feed, or one whose sources change, must prove itself. Every source answers and agrees with the
    /// primary within deviationLimit, and the price lies in the band. Price, smoothed price and integral of a listed
    /// feed are kept.
    /// @param feedId Number of the feed, 1 to 255.
    /// @param config Its sources and limits.
    function setFeed(uint256 feedId, FeedConfig calldata config) external;

    /// @notice Sets the sequencer uptime feed and the grace after its return. Governance only.
    /// @param feed Feed like Chainlink's: answer 0 = up, startedAt = last change; zero: none.
    /// @param grace How long auction clocks wait after the sequencer's return, at most a day [s].
    function setSequencerFeed(address feed, uint256 grace) external;

    /* GUARDIAN: immediate, may only tighten */

    /// @notice Keeps a feed from being Valid. Guardian only.
    /// @dev Never shortens an earlier call.
    /// @param feedId The feed.
    /// @param duration How long from now, at most 7 days [s].
    function forceUncertain(uint256 feedId, uint256 duration) external;

    /// @notice Halts a feed. Guardian only.
    /// @dev Not again before 23 hours after the halt's end: liquidation cannot be held off.
    /// @param feedId The feed.
    /// @param duration How long from now, at most 1 hour [s].
    function forceHalt(uint256 feedId, uint256 duration) external;

    /* VIEWS */

    /// @notice Sources and limits of a feed.
    /// @param feedId The feed.
    /// @return Zeros if unlisted.
    function feedConfig(uint256 feedId) external view returns (FeedConfig memory);

    /// @notice Ends of what keeps a feed from being Valid; in the past: not in force.
    /// @param feedId The feed.
    /// @return halt End of the breaker's last halt, or of the last step after it [s].
    /// @return forcedUncertain End of the guardian's measure [s].
    /// @return forcedHalt End of the guardian's halt [s].
    function bounds(uint256 feedId) external view returns (uint256 halt, uint256 forcedUncertain, uint256 forcedHalt);

    /// @notice The sequencer uptime feed.
    /// @return feed Zero: none.
    /// @return grace How long auction clocks wait after the sequencer's return [s].
    function sequencerFeed() external view returns (address feed, uint256 grace);
}
