// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {SpotWord} from "../types/SpotWord.sol";

/// @notice What an operation did to an account, and so what the
/// gate asks of it at the close. Modes only ever get stricter.
/// @dev Safe: margin excess cannot fall (deposit, repayment, settlement): nothing is asked.
///      Reduce: initial margin is met, or neither the initial nor the maintenance excess has fallen since the account
///      was touched first, nor
///      its equity where it ends below 0.
///      Full: initial margin is met at Valid prices and risk-increasing actions are not paused; an account without
///      debt and legs always passes.
///      Liquidated: the auction itself proves that the account improved; nothing is asked here. Refused for an
///      account that the operation
///      has already touched more strictly.
///      Bid: initial margin is met at the last prices, whatever their status, pause or not: liquidation must go on.
enum TouchMode {
    None,
    Safe,
    Liquidated,
    Reduce,
    Bid,
    Full
}

/// @notice A collateral asset.
struct AssetConfig {
    address token; // ERC-20
    uint8 decimals; // asserted at listing
    uint8 feedId; // its own price
    uint8 underlying; // whose risk it counts to (a staked ether counts to ether)
    bool depositsEnabled;
    uint128 cap; // most the vault accepts [token units]
    uint128 total; // credited to accounts now [token units]
}

/// @notice Interest on cash.
struct RateModel {
    uint64 baseRate; // at utilisation 0 [wad per year]
    uint64 slope1; // added up to the kink [wad per year]
    uint64 slope2; // added beyond it [wad per year]
    uint64 kink; // utilisation at the kink [wad]
    uint64 reserveFactor; // part of the interest kept for the insurance fund [wad]
}

/// @title Margin vault: token custody, accounts, cash with interest, and the one gate every operation ends in.
/// @notice Accounts are `uint160(owner) << 96 | subId`. Cash is the quote token, signed: negative
/// cash is a loan. Amounts of tokens are in token units, cash in wad. Tokens: ERC-20 with 6 to 18
/// decimals; transfers are measured by balance difference, so a fee on transfer is borne by the
/// depositor; rebasing tokens must not be listed. Rounding is always against the account.
interface IMarginVault {
    /* ERRORS */

    error NotAuthorised(address caller, uint256 account, uint8 permission);
    error NotModule(address caller);
    error GateClosed();
    /// @notice A module changed an account that the open operation has not touched, or outside any operation.
    error NotTouched(uint256 account);
    error TokenTransferInProgress();
    error UnknownAsset(address token);
    error AssetAlreadyListed(address token);
    error TooManyAssets(uint256 count, uint256 limit);
    error ZeroAmount();
    error DepositsDisabled(address token);
    error CapExceeded(address token, uint256 total, uint256 cap);
    error InsufficientBalance(uint256 account, address token, uint256 amount, uint256 available);
    error InsufficientLiquidity(uint256 amount, uint256 available);
    error OutflowLimitExceeded(address token, uint256 amount, uint256 available);
    error BelowInitialMargin(uint256 account, int256 excess);
    error MarginExcessFell(
        uint256 account, int256 beforeInitial, int256 afterInitial, int256 beforeMaintenance, int256 afterMaintenance
    );
    /// @notice A reduction left the account worth less than nothing, and less than before.
    error EquityFell(uint256 account, int256 equityBefore, int256 equityAfter);
    /// @notice The same operation made the account riskier before it was to be liquidated.
    error LiquidatedInOperation(uint256 account);
    /// @notice Not every price and risk array of the account may back new risk: refresh them. Nor may what expires
    /// within half an hour, or has, until its average is known.
    error PricesNotValid(uint256 account);
    error RiskIncreasePaused(uint256 until);
    error AmountOutOfRange(int256 amount, int256 limit);
    error ParameterOutOfRange(uint256 value, uint256 limit);
    error DecimalsMismatch(address token, uint8 actual, uint8 expected);
    error InAuction(uint256 account);

    /* EVENTS (every change of an account can be rebuilt from them) */

    event Deposited(uint256 indexed account, address indexed token, address indexed from, uint256 amount);
    event Withdrawn(uint256 indexed account, address indexed token, address indexed to, uint256 amount);
    event CollateralMoved(uint256 indexed from, uint256 indexed to, address indexed token, uint256 amount);
    /// @param cash Balance after the change, interest included [wad].
    event CashChanged(uint256 indexed account, int256 delta, int256 cash);
    event OperatorSet(address indexed owner, address indexed operator, uint8 permissions, uint48 expiry);
    event InterestAccrued(uint256 supplyIndex, uint256 borrowIndex, uint256 interest);
    event AssetListed(uint256 indexed index, address indexed token, uint8 feedId, uint8 underlying, uint128 cap);
    event AssetConfigured(address indexed token, uint128 cap, bool depositsEnabled);
    event OutflowLimitSet(address indexed token, uint96 capacity, uint32 window);
    event RateModelSet(RateModel model);
    event ModuleSet(address indexed module, uint8 roles);
    event RiskEngineSet(address indexed engine);
    event InsuranceFundSet(address indexed fund);
    event PausedUntil(uint256 time);
    event LossSocialised(uint256 amount, uint256 supplyIndex);
    /// @param account Credited with the amount; 0: no cash was made, but claims of a market lost their backing.
    /// @param deficit The ledger's deficit after it; for account 0 the shortfalls of all markets.
    event DeficitRecorded(uint256 indexed account, uint256 amount, uint256 deficit);
    /// @param deficit The ledger's deficit after it; where the amount went into the pools the shortfalls of all
    /// markets.
    event DeficitRepaid(uint256 amount, uint256 deficit);
    event SurplusCollected(uint256 toDeficit, uint256 toFund);

    /* USERS */

    /// @notice Deposits `amount` of `token` from the caller into
    /// `account`. Needs DEPOSIT permission, except for the quote token.
    /// @return credited What arrived [token units].
    function deposit(uint256 account, address token, uint256 amount) external returns (uint256 credited);

    /// @notice `deposit` with an EIP-2612 permit of the caller;
    /// a permit already used by someone else does not block it.
    function depositWithPermit(
        uint256 account,
        address token,
        uint256 amount,
        uint256 deadline,
        uint8 v,
        bytes32 r,
        bytes32 s
    ) external returns (uint256 credited);

    /// @notice Withdraws to `to`. The quote token may be borrowed: cash may become
    /// negative. `type(uint256).max` takes all of the asset (positive cash).
    /// @return amount Sent [token units].
    function withdraw(uint256 account, address token, uint256 amount, address to) external returns (uint256);

    /// @notice Moves collateral or cash between accounts inside the vault.
    /// Cash may go to anyone; collateral needs DEPOSIT permission on `to`.
    function transfer(uint256 from, uint256 to, address token, uint256 amount) external;

    /// @notice Lets `operator` act for all accounts of the caller.
    /// @param permissions Bit mask of PERMISSION_*; 0 revokes.
    function setOperator(address operator, uint8 permissions, uint48 expiry) external;

    /// @notice Opens the gate, calls `unlockCallback(data)` on the caller, and checks every touched account at the end.
    function unlock(bytes calldata data) external returns (bytes memory result);

    /// @notice Brings the interest indices to now.
    function accrueInterest() external;

    /// @notice Moves the vault's surplus (fees, reserve interest, rounding) to the deficit first, then to the insurance
    /// fund's account, but for what the shortfalls of markets need: that stays in the vault for them.
    function collectSurplus() external returns (uint256 toDeficit, uint256 toFund);

    /* MODULES: the clearinghouse, exchange, auction and fund of the venue */

    function openGate() external;
    function closeGate() external;
    /// @notice Records that the operation touches `account`. With Reduce the margin before is kept on the first touch.
    function touch(uint256 account, TouchMode mode) external;
    /// @notice Takes a fee from an account's cash; it becomes surplus. Exchange only.
    function chargeFee(uint256 account, uint256 amount) external;
    /// @notice Moves profit (positive) from or loss (negative) into the settlement pools. Clearinghouse only.
    function settleCash(uint256 account, int256 amount) external;
    /// @notice Moves cash between accounts. Auction only.
    function moveCash(uint256 from, uint256 to, uint256 amount) external;
    /// @notice Moves collateral between accounts [token units]. Auction only.
    function moveCollateral(uint256 from, uint256 to, uint256 assetIndex, uint256 amount) external;
    /// @notice Moves the fraction [wad, down] of every collateral asset, and
    /// exactly `cash` (signed), from one account to another. Auction only.
    function moveSlice(uint256 from, uint256 to, uint256 fraction, int256 cash) external;
    /// @notice Credits `account` with up to `amount` at the cost of all who
    /// lent, through the supply index; returns what they bore. Auction only.
    function socialiseLoan(uint256 account, uint256 amount) external returns (uint256 borne);
    /// @notice Credits `account` with `amount` and records it on the deficit ledger. Auction only.
    function recordDeficit(uint256 account, uint256 amount) external;
    /// @notice Counts claims of a market that lost their backing. A record only: no cash is made. Clearinghouse only.
    function recordShortfall(uint256 amount) external;
    /// @notice Moves surplus beyond the deficit into the settlement pools, at most `most` and at most the recorded
    /// shortfalls. Clearinghouse only.
    function repayShortfall(uint256 most) external returns (uint256 paid);
    /// @notice Marks an account as in auction: its owner may only deposit, repay and settle. Auction only.
    function setInAuction(uint256 account, bool inAuction) external;

    /* GOVERNANCE */

    function listAsset(address token, uint8 decimals, uint8 feedId, uint8 underlying, uint128 cap)
        external
        returns (uint256 index);
    function configureAsset(address token, uint128 cap, bool depositsEnabled) external;
    /// @notice Guardian: closes deposits of an asset at once.
    function disableDeposits(address token) external;
    function setOutflowLimit(address token, uint96 capacity, uint32 window) external;
    function setRateModel(RateModel calldata model) external;
    /// @notice Bits of MODULE_*; 0 removes.
    function setModule(address module, uint8 roles) external;
    function setRiskEngine(address engine) external;
    function setInsuranceFund(address fund) external;
    /// @notice Guardian: stops risk-increasing actions for at most MAX_PAUSE.
    function pauseRiskIncrease(uint256 duration) external;
    function unpauseRiskIncrease() external;

    /* VIEWS */

    /// @notice Whether an operation is open; valuation views that others rely on revert meanwhile.
    function isGateOpen() external view returns (bool);
    /// @notice Cash of an account now, pending interest included [wad].
    function cashOf(uint256 account) external view returns (int256);
    /// @notice Collateral of an account [token units].
    function balanceOf(uint256 account, uint256 assetIndex) external view returns (uint256);
    /// @notice Whether a loss may become a loan of the account: above initial margin at Valid prices, and not in auction.
    function mayBorrow(uint256 account) external view returns (bool);
    /// @notice What the risk engine needs in one call.
    /// @return cash Signed cash now [wad].
    /// @return spot One word per asset held: balance uint128 | decimals uint8
    /// | feedId uint8 | underlying uint8 | assetIndex uint8 (from bit 128 up).
    function accountState(uint256 account) external view returns (int256 cash, SpotWord[] memory spot);
    /// @notice Grows with every change that takes something from
    /// the account or moves it to another; part of a bid's guard.
    /// @dev Deposits and settlements leave it alone, so that nobody blocks a bid with dust.
    function nonceOf(uint256 account) external view returns (uint256);
    /// @notice What a module may do: bits of MODULE_*; 0 for strangers.
    function moduleRoles(address module) external view returns (uint8);
    function isInAuction(uint256 account) external view returns (bool);
    /// @notice Whether `actor` is the owner or an operator with all of `permissions`, not expired.
    function isAuthorised(uint256 account, address actor, uint8 permissions) external view returns (bool);
    function assetCount() external view returns (uint256);
    function assetAt(uint256 index) external view returns (AssetConfig memory);
    function assetIndexOf(address token) external view returns (uint256);
    function quoteToken() external view returns (address);
    function riskEngine() external view returns (address);
    /// @notice Cash totals now [wad]: all positive cash, all loans,
    /// all settlement pools, the deficit, tokens held for cash.
    function cashTotals()
        external
        view
        returns (uint256 supply, uint256 borrowed, uint256 pools, uint256 deficit, uint256 tokens);
    /// @notice Claims of all markets that nothing backs [wad].
    function shortfalls() external view returns (uint256);
    function operatorOf(address owner, address operator) external view returns (uint8 permissions, uint48 expiry);
    function insuranceFund() external view returns (address);
    /// @notice Until when risk-increasing actions are stopped [s].
    function pausedUntil() external view returns (uint256);
    function rateModel() external view returns (RateModel memory);
    /// @notice Interest indices now [ray].
    function indices() external view returns (uint256 supplyIndex, uint256 borrowIndex);
    /// @notice Most tokens the vault takes for positive cash [token units].
    function quoteCap() external view returns (uint256);
    function outflowLimit(address token) external view returns (uint96 capacity, uint32 window);
    /// @notice What may leave now [token units]; type(uint256).max without a limit.
    function outflowAvailable(address token) external view returns (uint256);
}

/// @notice Implemented by callers of `IMarginVault.unlock`.
interface IUnlockCallback {
    function unlockCallback(bytes calldata data) external returns (bytes memory);
}
