// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {OperatorWord} from "../types/OperatorWord.sol";
import {SpotWord} from "../types/SpotWord.sol";

/// @notice What an operation did to an account, and so what the
/// gate asks of it at the close. Modes only ever get stricter.
/// @dev Safe: margin excess cannot fall (deposit, repayment, settlement): nothing is asked.
///      Reduce: as Trade; or the account was worth something when it was touched first and owes no more than it has at
///      the end, neither its maintenance excess nor its initial one without unpaid profit has fallen since, and where
///      it was below maintenance margin the reduction has cost it no more than an auction takes at its start.
///      Paying: cash of the account has gone to one of the markets that it owes, or may owe, and it must be worth
///      something without unpaid profit, at Valid prices, or it would not be enough for all. Where it was reduced too,
///      that is asked as well; where it bids too, it is as Trade.
///      Trade: initial margin is met at Valid prices and risk-increasing actions are not paused; without unpaid profit
///      where the account has a loan.
///      Full: the same, always without unpaid profit: what nobody has paid leaves the venue neither as cash nor as
///      collateral. An account without debt and open contracts always passes.
///      Liquidated: the auction itself proves that the account improved; nothing is asked here. Refused for an
///      account that the operation
///      has already touched more strictly.
///      Bid: initial margin is met at the last prices, whatever their status, pause or not: liquidation must go on.
///      Where prices are not Valid, or in a pause, the bidder takes no loan: without what slices brought it has no
///      debt, or no more than before. And what it reduces in the same operation it reduces as with Reduce.
enum TouchMode {
    None,
    Safe,
    Liquidated,
    Reduce,
    Paying,
    Bid,
    Trade,
    Full
}

/// @notice A collateral asset.
struct AssetConfig {
    address token; // ERC-20
    uint8 decimals; // asserted at listing
    uint8 feedId; // its own price
    uint8 underlying; // whose risk it counts to (a staked ether counts to ether)
    uint48 closedUntil; // no deposits until then; type(uint48).max: closed by governance [s]
    uint128 cap; // most the vault accepts [token units]
    uint128 total; // credited to accounts now [token units]
}

/// @notice Interest on cash.
struct RateModel {
    uint32 baseRate; // at utilisation 0 [ppm per year]
    uint32 slope1; // added up to the kink [ppm per year]
    uint32 slope2; // added beyond it [ppm per year]
    uint32 kink; // utilisation at the kink [ppm]
    uint32 reserveFactor; // part of the interest kept for the insurance fund [ppm]
}

/// @title Margin vault: token custody, accounts, cash with interest, and the one gate every operation ends in.
/// @notice Accounts are `uint160(owner) << 96 | subId` and need no registration. Cash is the quote token, signed:
/// negative cash is a loan. Amounts of tokens are in token units, cash in wad. Rounding is always against the account.
/// @dev Assumptions:
/// - Tokens are ERC-20 with 6 to 18 decimals that never change; a missing return value is accepted.
/// - The vault credits what arrives, by balance difference: a fee on transfer is borne by the depositor.
/// - A withdrawal sends what was asked for: a fee on transfer is borne by the receiver.
/// - Tokens do not rebase, and nobody can take balances from the vault. Tokens that do or let that happen are not
/// listed.
/// - A token may call back: whoever opens the gate during a transfer is refused (`TokenTransferInProgress`).
/// - A token that blocks or pauses stops only its own deposits and withdrawals: liquidation moves nothing but ledger
/// entries.
/// - The quote token is worth one dollar.
/// - Modules, the risk engine and the authority are contracts of the venue.
/// - Blocks carry a time that never goes back and fits 32 bits.
interface IMarginVault {
    /* ERRORS */

    /// @notice There is no contract at the address.
    /// @param target Address that was named.
    error NotAContract(address target);

    /// @notice Without an auction no account can be liquidated.
    /// @param module The last module with MODULE_AUCTION, which was to lose it.
    error LastAuction(address module);

    /// @notice The caller is neither the account's owner nor an operator with the permission, not expired.
    /// @param caller Who called.
    /// @param account Account that was to be changed.
    /// @param permission Permission that is missing: PERMISSION_*.
    error NotAuthorised(address caller, uint256 account, uint8 permission);

    /// @notice The caller has not the module role that the function asks for.
    /// @param caller Who called.
    error NotModule(address caller);

    /// @notice A module acted outside any operation.
    error GateClosed();

    /// @notice A module changed an account that the open operation has not touched, or outside any operation.
    /// @param account Account that was to be changed.
    error NotTouched(uint256 account);

    /// @notice The gate was to be opened while the vault moves tokens: a token has called back.
    error TokenTransferInProgress();

    /// @notice The token is not a listed collateral asset.
    /// @param token Token that was named.
    error UnknownAsset(address token);

    /// @notice The token is listed already, or is the quote token.
    /// @param token Token that was to be listed.
    error AssetAlreadyListed(address token);

    /// @notice An account would hold more collateral assets than it may, or the venue would list more.
    /// @param count Assets there would be.
    /// @param limit Most there may be.
    error TooManyAssets(uint256 count, uint256 limit);

    /// @notice Nothing was to be moved, or nothing arrived.
    error ZeroAmount();

    /// @notice Deposits of the asset are closed.
    /// @param token Token that was to be deposited.
    error DepositsDisabled(address token);

    /// @notice The vault would hold more of a token than it accepts.
    /// @param token Token that was deposited.
    /// @param total What there would be [token units].
    /// @param cap Most there may be [token units].
    error CapExceeded(address token, uint256 total, uint256 cap);

    /// @notice The account has less of a collateral asset than was to be taken.
    /// @param account Account that was to be charged.
    /// @param token Token of the asset.
    /// @param amount What was to be taken [token units].
    /// @param available What the account has [token units].
    error InsufficientBalance(uint256 account, address token, uint256 amount, uint256 available);

    /// @notice More quote tokens were to be sent than the vault holds.
    /// @param amount What was to be sent [token units].
    /// @param available What the vault holds for cash [token units].
    error InsufficientLiquidity(uint256 amount, uint256 available);

    /// @notice More of a token was to leave than its outflow limit lets out now.
    /// @param token Token that was to be sent.
    /// @param amount What was to be sent [token units].
    /// @param available What may leave now [token units].
    error OutflowLimitExceeded(address token, uint256 amount, uint256 available);

    /// @notice The account would end the operation below its initial margin.
    /// @param account Account that failed.
    /// @param excess Excess over initial margin at the close, below 0 [wad USD].
    error BelowInitialMargin(uint256 account, int256 excess);

    /// @notice A reduction left the account with less initial or maintenance excess than before, and not at initial
    /// margin at Valid prices.
    /// @param account Account that failed.
    /// @param beforeInitial Excess over initial margin without unpaid profit when first touched [wad USD].
    /// @param afterInitial The same at the close [wad USD].
    /// @param beforeMaintenance Excess over maintenance margin when first touched [wad USD].
    /// @param afterMaintenance Excess over maintenance margin at the close [wad USD].
    error MarginExcessFell(
        uint256 account, int256 beforeInitial, int256 afterInitial, int256 beforeMaintenance, int256 afterMaintenance
    );

    /// @notice An account that is worth nothing was to be reduced, or was worth less after it, or one that does not
    /// meet
    /// maintenance margin without unpaid profit was to pay some of its markets: what it hands out would not be its own.
    /// @param account Account that failed.
    /// @param equity Equity when first touched, or after the operation; of one that paid without unpaid profit [wad
    /// USD].
    /// @param least What it has to be [wad USD].
    error EquityTooLow(uint256 account, int256 equity, int256 least);

    /// @notice A reduction cost an account below maintenance margin without unpaid profit, or at prices that are not
    /// Valid, more than an auction takes at its start.
    /// @param account Account that failed.
    /// @param cost What its equity fell by [wad USD].
    /// @param limit A twentieth of what its requirement fell by [wad USD].
    error ReductionTooDear(uint256 account, int256 cost, uint256 limit);

    /// @notice A bidder took a loan at prices that are not Valid, or in a pause.
    /// @param account Bidder's account.
    /// @param cash Its cash at the close [wad USD].
    /// @param least Least it must be: what it owed before, and the cash or debt that slices brought [wad USD].
    error BidOnCredit(uint256 account, int256 cash, int256 least);

    /// @notice The same operation made the account riskier before it was to be liquidated.
    /// @param account Account that was to be liquidated.
    error LiquidatedInOperation(uint256 account);

    /// @notice The operation adds risk to an account whose prices or risk arrays are not all Valid.
    /// @dev Refreshing them may help. Nothing helps a leg within half an hour of its expiry, or one that has expired,
    /// until its average is known.
    /// @param account Account that failed.
    error PricesNotValid(uint256 account);

    /// @notice The guardian has stopped actions that add risk.
    /// @param until When the pause ends [s].
    error RiskIncreasePaused(uint256 until);

    /// @notice An account's cash would not fit its slot.
    /// @param amount Cash there would be [wad].
    /// @param limit The bound it passes, at an interest index of 1 [wad].
    error AmountOutOfRange(int256 amount, int256 limit);

    /// @notice A parameter is above its highest or below its lowest value.
    /// @param value What was given, in the parameter's unit.
    /// @param limit The bound it passes, in the same unit.
    error ParameterOutOfRange(uint256 value, uint256 limit);

    /// @notice A token has other decimals than were declared at listing.
    /// @param token Token that was to be listed.
    /// @param actual Decimals that the token names.
    /// @param expected Decimals that were declared.
    error DecimalsMismatch(address token, uint8 actual, uint8 expected);

    /// @notice The account is in auction: its owner takes nothing out.
    /// @param account Account that was to be charged.
    error InAuction(uint256 account);

    /* EVENTS (every change of an account can be rebuilt from them) */

    /// @notice Tokens arrived and were credited to an account; for the quote token as cash.
    /// @param account Account that was credited.
    /// @param token Token that arrived.
    /// @param from Who paid.
    /// @param amount What arrived [token units].
    event Deposited(uint256 indexed account, address indexed token, address indexed from, uint256 amount);

    /// @notice An account was charged for tokens that left the vault.
    /// @param account Account that was charged.
    /// @param token Token that left.
    /// @param to Who received it.
    /// @param amount What was sent [token units].
    event Withdrawn(uint256 indexed account, address indexed token, address indexed to, uint256 amount);

    /// @notice Collateral moved from one account to another inside the vault.
    /// @param from Account that was charged.
    /// @param to Account that was credited.
    /// @param token Token of the asset.
    /// @param amount What moved [token units].
    event CollateralMoved(uint256 indexed from, uint256 indexed to, address indexed token, uint256 amount);

    /// @notice An account's cash changed by other means than interest.
    /// @param account Account whose cash changed.
    /// @param delta What was added to it [wad].
    /// @param cash Balance after the change, interest included [wad].
    event CashChanged(uint256 indexed account, int256 delta, int256 cash);

    /// @notice An owner changed what an operator may do.
    /// @param owner Owner of the accounts.
    /// @param operator Who may act for the owner.
    /// @param permissions What the operator may do: bits of PERMISSION_*.
    /// @param expiry Last second of the permissions [s].
    /// @param epoch How often the owner has named it; orders that it signed in an earlier one are void.
    event OperatorSet(address indexed owner, address indexed operator, uint8 permissions, uint48 expiry, uint64 epoch);

    /// @notice Loans grew by their interest; emitted once for all accounts, and not when nothing is lent.
    /// @param supplyIndex Index of positive cash after it [ray].
    /// @param borrowIndex Index of loans after it [ray].
    event InterestAccrued(uint256 supplyIndex, uint256 borrowIndex);

    /// @notice A collateral asset was listed.
    /// @param index Its number, from 0.
    /// @param token ERC-20 token.
    /// @param feedId Feed of its price.
    /// @param underlying Underlying whose risk it counts to.
    /// @param cap Most the vault accepts [token units].
    event AssetListed(uint256 indexed index, address indexed token, uint8 feedId, uint8 underlying, uint128 cap);

    /// @notice The limits of a collateral asset or of the quote token were set.
    /// @param token Token of the asset.
    /// @param cap Most the vault accepts [token units].
    /// @param depositsEnabled Whether deposits are open; of no effect for the quote token.
    event AssetConfigured(address indexed token, uint128 cap, bool depositsEnabled);

    /// @notice The guardian closed the deposits of a collateral asset.
    /// @param token Token of the asset.
    /// @param until When they open again; `type(uint48).max` where governance has closed them [s].
    event DepositsClosed(address indexed token, uint256 until);

    /// @notice The outflow limit of a token was set.
    /// @param token Token that it limits.
    /// @param capacity Most that leaves within a window; 0: no limit [token units].
    /// @param window Time for the capacity to refill [s].
    event OutflowLimitSet(address indexed token, uint96 capacity, uint32 window);

    /// @notice The interest rates were set.
    /// @param model The new model.
    event RateModelSet(RateModel model);

    /// @notice What a module may do was set.
    /// @param module The contract.
    /// @param roles Bits of MODULE_*; 0: nothing.
    event ModuleSet(address indexed module, uint8 roles);

    /// @notice The contract that computes margin was set.
    /// @param engine The engine.
    event RiskEngineSet(address indexed engine);

    /// @notice The insurance fund was set.
    /// @param fund The fund; zero: none.
    event InsuranceFundSet(address indexed fund);

    /// @notice The guardian stopped actions that add risk, or governance let them go on.
    /// @param time When the pause ends; 0: it has ended [s].
    event PausedUntil(uint256 time);

    /// @notice Lenders bore a loss through the supply index.
    /// @param amount What they bore [wad].
    /// @param supplyIndex Index of positive cash after it [ray].
    event LossSocialised(uint256 amount, uint256 supplyIndex);

    /// @notice A loss that nobody has borne yet was recorded.
    /// @param account Credited with the amount.
    /// @param amount The loss [wad].
    /// @param deficit The ledger's deficit after it [wad].
    event DeficitRecorded(uint256 indexed account, uint256 amount, uint256 deficit);

    /// @notice The vault's surplus paid for a recorded loss.
    /// @param amount What was paid [wad].
    /// @param deficit The ledger's deficit after it [wad].
    event DeficitRepaid(uint256 amount, uint256 deficit);

    /// @notice Lent cash left while losses were in sight, and this part of it stayed for those who bear them.
    /// @param account Account that it was taken from.
    /// @param amount What it left of what it asked for [token units].
    event LeavingCharged(uint256 indexed account, uint256 amount);

    /// @notice The vault's surplus was distributed.
    /// @param toDeficit What repaid the deficit [wad].
    /// @param toFund What the insurance fund's account got [wad].
    event SurplusCollected(uint256 toDeficit, uint256 toFund);

    /* USERS */

    /// @notice Takes tokens from the caller and credits them to an account; quote tokens become cash.
    /// @dev Needs DEPOSIT permission on the account; quote tokens anyone may deposit. A deposit of quote tokens that
    /// leaves cash positive is held to the cap; a repayment is not.
    /// @param account Account to credit.
    /// @param token Quote token, or a listed asset whose deposits are open.
    /// @param amount What to take from the caller, above 0 [token units].
    /// @return credited What arrived [token units].
    function deposit(uint256 account, address token, uint256 amount) external returns (uint256 credited);

    /// @notice Deposits like `deposit`, with an EIP-2612 permit of the caller.
    /// @dev A permit that fails, or that someone else has already used, does not block the deposit: the allowance
    /// decides.
    /// @param account Account to credit.
    /// @param token Quote token, or a listed asset whose deposits are open.
    /// @param amount What to take from the caller, and the permit's value [token units].
    /// @param deadline Last second of the permit [s].
    /// @param v Of the permit's signature.
    /// @param r Of the permit's signature.
    /// @param s Of the permit's signature.
    /// @return credited What arrived [token units].
    function depositWithPermit(
        uint256 account,
        address token,
        uint256 amount,
        uint256 deadline,
        uint8 v,
        bytes32 r,
        bytes32 s
    ) external returns (uint256 credited);

    /// @notice Sends collateral or cash of an account to anybody; quote tokens may be borrowed, so that cash becomes
    /// negative.
    /// @dev Needs WITHDRAW permission. Refused in auction. The account ends at initial margin at Valid prices, or
    /// without debt and legs. The outflow limit applies. Where losses in sight exceed the insurance, the part of lent
    /// cash that they are stays, and less is sent.
    /// @param account Account to charge.
    /// @param token Quote token, or a listed asset.
    /// @param amount What to send, above 0; `type(uint256).max`: all of the asset, or all positive cash, down [token
    /// units].
    /// @param to Who receives it.
    /// @return What was sent [token units].
    function withdraw(uint256 account, address token, uint256 amount, address to) external returns (uint256);

    /// @notice Moves collateral or cash between accounts inside the vault.
    /// @dev Needs TRANSFER permission on `from`. Cash may go to anyone; collateral needs DEPOSIT permission on `to`.
    /// Refused for an account in auction. `from` ends as in `withdraw`, and lent cash that repays a loan leaves its
    /// part behind as there.
    /// @param from Account to charge.
    /// @param to Account to credit.
    /// @param token Quote token, or a listed asset.
    /// @param amount What to move, above 0; `type(uint256).max`: all of the asset, or all positive cash, down [token
    /// units].
    function transfer(uint256 from, uint256 to, address token, uint256 amount) external;

    /// @notice Lets an operator act for all accounts of the caller, or takes that away.
    /// @dev Begins an epoch of the operator: every order that it signed before is void, also where it may still trade.
    /// @param operator Who may act.
    /// @param permissions Bit mask of PERMISSION_*; 0 revokes.
    /// @param expiry Last second of the permissions [s].
    function setOperator(address operator, uint8 permissions, uint48 expiry) external;

    /// @notice Opens the gate, calls `unlockCallback(data)` on the caller, and checks every touched account at the
    /// outermost close.
    /// @dev Anyone. Everything that is called meanwhile is one operation: accounts are checked once, at its end.
    /// @param data Passed on as it is.
    /// @return result What the callback returned.
    function unlock(bytes calldata data) external returns (bytes memory result);

    /// @notice Distributes the vault's surplus (fees, reserve interest, rounding): to the deficit first, then to the
    /// insurance fund. Anyone.
    /// @dev Without a fund all but the deficit's part stays. What a market lacks is its own: the surplus pays none of
    /// it. The fund gets whole millionths of a dollar, so that rounding is not collected again and again.
    /// @return toDeficit What repaid the deficit [wad].
    /// @return toFund What the insurance fund's account got [wad].
    function collectSurplus() external returns (uint256 toDeficit, uint256 toFund);

    /* MODULES: the clearinghouse, exchange and auction of the venue */

    /// @notice Opens the gate, or counts one operation more inside an open one. Any module of the venue (MODULE_GATE).
    function openGate() external;

    /// @notice Ends what `openGate` began; the outermost close checks every touched account. Any module of the venue
    /// (MODULE_GATE).
    function closeGate() external;

    /// @notice Records that the open operation touches an account. Any module of the venue (MODULE_GATE).
    /// @dev The strictest mode of an operation counts. With Reduce the margin before is kept on the first touch.
    /// Liquidated is refused after a stricter mode.
    /// @param account Account that is touched.
    /// @param mode What the gate asks of it at the close.
    function touch(uint256 account, TouchMode mode) external;

    /// @notice Takes a fee from an account's cash; it becomes surplus. Exchange and auction only
    /// (MODULE_FEES).
    /// @dev The account must be touched. Cash may become negative: the gate decides.
    /// @param account Account to charge.
    /// @param amount The fee [wad].
    function chargeFee(uint256 account, uint256 amount) external;

    /// @notice Moves profit from, or loss into, the settlement pools. Clearinghouse only.
    /// @dev The account must be touched. Reverts where the pools hold less than a profit.
    /// @param account Account to credit or charge.
    /// @param amount Profit, or as a negative number loss [wad].
    function settleCash(uint256 account, int256 amount) external;

    /// @notice Moves cash between accounts. Auction only.
    /// @dev Both accounts must be touched. Cash of `from` may become negative.
    /// @param from Account to charge.
    /// @param to Account to credit.
    /// @param amount What to move [wad].
    function moveCash(uint256 from, uint256 to, uint256 amount) external;

    /// @notice Moves collateral between accounts. Auction only.
    /// @dev Both accounts must be touched.
    /// @param from Account to charge.
    /// @param to Account to credit.
    /// @param assetIndex Number of the asset.
    /// @param amount What to move [token units].
    function moveCollateral(uint256 from, uint256 to, uint256 assetIndex, uint256 amount) external;

    /// @notice Moves the same fraction of every collateral asset, and an exact amount of cash, from one account to
    /// another. Auction only.
    /// @dev Both accounts must be touched.
    /// @param from Account to charge.
    /// @param to Account to credit.
    /// @param fraction Of each balance, rounded down to token units; at most WAD [wad].
    /// @param cash Cash to move; a negative amount moves debt [wad].
    function moveSlice(uint256 from, uint256 to, uint256 fraction, int256 cash) external;

    /// @notice Credits an account with what a bankrupt one could not pay, at the cost of the insurance, then of all who
    /// lent, through the supply index, then of nobody yet: what is left goes to the deficit ledger. Auction only.
    /// @dev The account must be touched. The surplus is collected first; without a fund what is beyond the deficit is
    /// the insurance. The supply index is rounded down, and does not fall below 0.001.
    /// @param account Account to credit.
    /// @param amount What it gets [wad].
    /// @param loan Most that lenders bear of it [wad].
    /// @return fund What the insurance paid [wad].
    /// @return lenders What lenders bore [wad].
    /// @return deficit What was recorded [wad].
    function bearLoss(uint256 account, uint256 amount, uint256 loan)
        external
        returns (uint256 fund, uint256 lenders, uint256 deficit);

    /// @notice Marks an account as in auction: its owner may only deposit, repay and settle. Auction only.
    /// @dev The account must be touched.
    /// @param account Account in question.
    /// @param inAuction Whether it is in auction from now on.
    /// @param loss What insurance and lenders may have to bear of it, down [USD].
    function setInAuction(uint256 account, bool inAuction, uint40 loss) external;

    /* GOVERNANCE */

    /// @notice Lists a collateral asset, with deposits open. Governance only.
    /// @dev Its underlying must have risk parameters. At most 64 are listed; none is ever taken off.
    /// @param token ERC-20 token; not the quote token.
    /// @param decimals What the token must say of itself, 6 to 18.
    /// @param feedId Feed of its price, 1 to 255.
    /// @param underlying Underlying whose risk it counts to, 1 to 255.
    /// @param cap Most the vault accepts [token units].
    /// @return index Its number, from 0.
    function listAsset(address token, uint8 decimals, uint8 feedId, uint8 underlying, uint128 cap)
        external
        returns (uint256 index);

    /// @notice Sets the limits of a collateral asset, or the cap of the quote token. Governance only.
    /// @param token Listed asset, or the quote token.
    /// @param cap Most the vault accepts; what is in already stays [token units].
    /// @param depositsEnabled Whether deposits are open, but for a time that a guardian has closed them; of no effect
    /// for the quote token.
    function configureAsset(address token, uint128 cap, bool depositsEnabled) external;

    /// @notice Closes deposits of a collateral asset at once, for a time. Guardian only.
    /// @dev Never shortens a closure that is longer; another may follow.
    /// @param token Listed asset.
    /// @param duration How long from now, at most 3 days [s].
    function disableDeposits(address token, uint256 duration) external;

    /// @notice Limits what may leave of a token: a bucket that refills evenly over a window. Governance only.
    /// @dev Only net outflow counts: what comes in refills the bucket.
    /// @param token Listed asset, or the quote token.
    /// @param capacity Most that leaves within a window; 0: no limit [token units].
    /// @param window Time for the capacity to refill; above 0 with a limit [s].
    function setOutflowLimit(address token, uint96 capacity, uint32 window) external;

    /// @notice Sets the interest rates from now on; interest until now accrues at the old ones. Governance only.
    /// @param model Base and slopes sum to at most 100 % a year; the kink lies below 1, the reserve factor is at
    /// most 1.
    function setRateModel(RateModel memory model) external;

    /// @notice Sets what a contract may do in the vault. Governance only.
    /// @dev The last module with MODULE_AUCTION keeps it until there is another.
    /// @param module The contract; with roles it must have code.
    /// @param roles Bits of MODULE_*, at most MODULE_ALL; 0 removes.
    function setModule(address module, uint8 roles) external;

    /// @notice Sets the contract that computes margin. Governance only.
    /// @param engine An IRiskEngine; a contract.
    function setRiskEngine(address engine) external;

    /// @notice Sets the fund whose account 0 pays for loans before lenders do, and gets the surplus. Governance only.
    /// @param fund The fund, a contract; zero: none.
    function setInsuranceFund(address fund) external;

    /// @notice Stops actions that add risk. Guardian only.
    /// @dev Never shortens a pause that is longer.
    /// @param duration How long from now, at most 3 days [s].
    function pauseRiskIncrease(uint256 duration) external;

    /// @notice Lets actions that add risk go on. Governance only.
    function unpauseRiskIncrease() external;

    /* VIEWS */

    /// @notice Whether an operation is open; valuation views that others rely on revert meanwhile.
    /// @return True inside an operation.
    function isGateOpen() external view returns (bool);

    /// @notice Cash of an account now, pending interest included.
    /// @param account Any account.
    /// @return Negative: a loan, rounded up; else rounded down [wad].
    function cashOf(uint256 account) external view returns (int256);

    /// @notice Cash of an account that its markets may be paid with: all of it, but none while losses in sight beyond
    /// the insurance are more than LEAST_GAP. In a pool it would bear none of them.
    /// @param account Any account.
    /// @return cash As `cashOf`, or 0 [wad].
    /// @return gap Losses in sight beyond the insurance, at most `lent` [wad].
    /// @return lent What others than the insurance fund have lent, and a wei: it divides [wad].
    function payableCash(uint256 account) external view returns (int256 cash, uint256 gap, uint256 lent);

    /// @notice Collateral of an account.
    /// @param account Any account.
    /// @param assetIndex Number of the asset.
    /// @return Balance [token units].
    function balanceOf(uint256 account, uint256 assetIndex) external view returns (uint256);

    /// @notice Whether a loss may become a loan of the account. Clearinghouse only, in the middle of an operation too.
    /// @param account Any account.
    /// @return True at initial margin without unpaid profit, at Valid prices.
    function mayBorrow(uint256 account) external returns (bool);

    /// @notice What the risk engine needs of an account, in one call.
    /// @param account Any account.
    /// @return cash Signed cash now, pending interest included [wad].
    /// @return spot One word per asset held.
    function accountState(uint256 account) external view returns (int256 cash, SpotWord[] memory spot);

    /// @notice Number of changes that took something from the account or moved it to another; part of a bid's guard.
    /// @dev Deposits and settlements leave it alone, so that nobody blocks a bid with dust.
    /// @param account Any account.
    /// @return Never falls.
    function nonceOf(uint256 account) external view returns (uint256);

    /// @notice What a module may do.
    /// @param module Any contract.
    /// @return Bits of MODULE_*; 0 for strangers.
    function moduleRoles(address module) external view returns (uint8);

    /// @notice Whether an account is in auction.
    /// @param account Any account.
    /// @return True from the start of its auction to the end.
    function isInAuction(uint256 account) external view returns (bool);

    /// @notice Whether somebody may do something for an account.
    /// @param account Any account.
    /// @param actor Who would act.
    /// @param permissions Bits of PERMISSION_*.
    /// @return True for the owner, and for an operator with all of the permissions, not expired.
    function isAuthorised(uint256 account, address actor, uint8 permissions) external view returns (bool);

    /// @notice Number of listed collateral assets.
    /// @return At most 64.
    function assetCount() external view returns (uint256);

    /// @notice A collateral asset by its number; reverts where there is none.
    /// @param index From 0.
    /// @return The asset with its limits and total.
    function assetAt(uint256 index) external view returns (AssetConfig memory);

    /// @notice Number of a collateral asset; reverts for a token that is not listed.
    /// @param token ERC-20 token; the quote token is not listed.
    /// @return From 0.
    function assetIndexOf(address token) external view returns (uint256);

    /// @notice The token that cash is counted in.
    /// @return ERC-20 token.
    function quoteToken() external view returns (address);

    /// @notice The contract that computes margin.
    /// @return An IRiskEngine.
    function riskEngine() external view returns (address);

    /// @notice Totals of cash now, pending interest included.
    /// @return supply All positive cash, rounded down [wad].
    /// @return borrowed All loans, rounded up [wad].
    /// @return pools All settlement pools [wad].
    /// @return deficit Losses that nobody has borne yet [wad].
    /// @return tokens Quote tokens held for cash [wad].
    /// @return cap Most of them that deposits of positive cash may bring it to [token units].
    function cashTotals()
        external
        view
        returns (uint256 supply, uint256 borrowed, uint256 pools, uint256 deficit, uint256 tokens, uint256 cap);

    /// @notice What an operator may do for an owner, until when, and how often the owner has named it.
    /// @param owner Owner of accounts.
    /// @param operator Who may act.
    /// @return Permissions, expired or not, in bits 0 to 7, their last second in bits 8 to 55 [s], the epoch above.
    function operatorOf(address owner, address operator) external view returns (OperatorWord);

    /// @notice The insurance fund.
    /// @return Zero without a fund.
    function insuranceFund() external view returns (address);

    /// @notice What the insurance can pay now: the cash of the fund's account once the surplus is collected.
    /// @return Without a fund the surplus beyond the deficit [wad].
    function insuranceCash() external view returns (uint256);

    /// @notice What insolvent auctions may ask of insurance and lenders, as their last looks found it: of each account
    /// its loan, or what it is worth less than nothing. Who takes lent cash out leaves the part of it that the sum,
    /// beyond the insurance, is of all lent cash.
    /// @return Sum over all auctions, up [wad].
    function lossInSight() external view returns (uint256);

    /// @notice Until when actions that add risk are stopped.
    /// @return End of the last pause; in the past: none is in force [s].
    function pausedUntil() external view returns (uint256);

    /// @notice The interest rates.
    /// @return The model in force.
    function rateModel() external view returns (RateModel memory);

    /// @notice Interest indices now, pending interest included.
    /// @return supplyIndex Of positive cash [ray].
    /// @return borrowIndex Of loans [ray].
    function indices() external view returns (uint256 supplyIndex, uint256 borrowIndex);

    /// @notice Most of a token that leaves within a window, net of what comes in.
    /// @param token Quote token, or a listed asset.
    /// @return capacity Most that leaves within a window; 0: no limit [token units].
    /// @return window Time for the capacity to refill [s].
    /// @return available What may leave now: at most the capacity and what came in of late; `type(uint256).max` without
    /// a limit [token units].
    function outflowOf(address token) external view returns (uint96 capacity, uint32 window, uint256 available);
}

/// @title What callers of `IMarginVault.unlock` implement.
/// @notice The vault calls it once, inside the operation.
interface IUnlockCallback {
    /// @notice Does what the caller wants to do in one operation.
    /// @dev Implementations must check that the vault calls. Accounts are checked after it, not inside.
    /// @param data What was given to `unlock`.
    /// @return Passed back to the caller of `unlock`.
    function unlockCallback(bytes calldata data) external returns (bytes memory);
}
