// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {Address} from "@openzeppelin/contracts/utils/Address.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";
import {SignedMath} from "@openzeppelin/contracts/utils/math/SignedMath.sol";
import {IUniswapV3Factory} from "@uniswap/v3-core/contracts/interfaces/IUniswapV3Factory.sol";
import {IUniswapV3Pool} from "@uniswap/v3-core/contracts/interfaces/IUniswapV3Pool.sol";
import {IUniswapV3SwapCallback} from "@uniswap/v3-core/contracts/interfaces/callback/IUniswapV3SwapCallback.sol";
import {FixedPointMathLib} from "solady/utils/FixedPointMathLib.sol";

import {IClearinghouse} from "../interfaces/IClearinghouse.sol";
import {IExchange, Order} from "../interfaces/IExchange.sol";
import {IMarginVault, IUnlockCallback} from "../interfaces/IMarginVault.sol";
import {AccountId} from "../types/AccountId.sol";
import {LEG_BYTES, LegWords} from "../types/LegWords.sol";
import {PositionWord} from "../types/PositionWord.sol";
import {UnpaidWord} from "../types/UnpaidWord.sol";

/// @notice One pool on the way of a token to the quote token.
struct Hop {
    address token; // that the pool gives
    uint24 fee; // names the pool [ppm]
}

/// @notice A collateral token that is sold: all that the account has of it.
struct TokenSale {
    address token; // listed in the vault
    Hop[] hops; // one after the other; the last gives the quote token
}

/// @notice A position that is closed against somebody's signed order.
struct Closing {
    Order maker; // of the other side
    bytes signature; // of its signer
    uint256 size; // most to fill; no more than is open [wad base]
}

/// @notice What one transaction does.
struct Job {
    bytes[] openings; // calls of the auction before the operation: starts, pokes
    bytes[] bids; // calls of the auction inside the operation
    TokenSale[] sales; // of the collateral that they brought
    Closing[] closings; // of the positions that they brought
    uint256 minProfit; // least cash that all of it must bring [wad USD]
}

/// @title Keeper executor: liquidates with no capital, all or nothing.
/// @notice Starts auctions, bids, sells the collateral on Uniswap v3, closes positions against signed orders and repays
/// what the vault lent, in one operation of the vault. It ends with more cash, and with nothing open, or reverts.
/// @dev The venue gives it no role: it bids with account 0 of its own, like anybody. Assumptions:
/// - A keeper whose key is stolen can earn nothing and lose gas: cash never falls, and only the owner takes it out.
/// - Vault, clearinghouse and Uniswap's factory are what they say; auction and exchange are the clearinghouse's of now.
/// - Between transactions it holds no token and has approved nobody. What a pool leaves over the owner sweeps.
/// - Collateral leaves the vault and quote tokens come in, so that the vault's outflow limits and its cap apply.
contract KeeperExecutor is IUnlockCallback, IUniswapV3SwapCallback, ReentrancyGuardTransient {
    using SafeERC20 for IERC20;

    /// @notice Only one may do this.
    /// @param caller Who called.
    /// @param expected Who may; zero: nobody now.
    error WrongCaller(address caller, address expected);

    /// @notice Uniswap has no pool of these tokens at this fee.
    /// @param tokenIn Token to be sold.
    /// @param tokenOut Token to be bought.
    /// @param fee Of the pool [ppm].
    error NoPool(address tokenIn, address tokenOut, uint24 fee);

    /// @notice The last pool of a sale does not give the quote token.
    /// @param token What it gives.
    /// @param quote The quote token.
    error NotQuote(address token, address quote);

    /// @notice A position would be left.
    /// @param id Its instrument.
    /// @param size Contracts left; negative: short [wad base].
    error NotFlat(uint64 id, int256 size);

    /// @notice All of it would bring too little.
    /// @param profit Cash less debts to markets after, less the same before [wad USD].
    /// @param least Least that was asked for [wad USD].
    error ProfitTooSmall(int256 profit, uint256 least);

    /// @notice A job was done.
    /// @param profit Cash that it brought [wad USD].
    event Executed(uint256 profit);

    /// @dev Bounds of a pool's price, which no swap reaches: the profit is the limit [Q64.96].
    uint160 private constant LOWEST_PRICE = 4_295_128_740;
    uint160 private constant HIGHEST_PRICE = 1_461_446_703_485_210_103_287_273_052_203_988_822_378_723_970_341;

    /// @notice Who takes the profit out.
    address public immutable owner;
    /// @notice Who may execute: the keeper's signer.
    address public immutable keeper;
    /// @notice The vault that lends and takes back.
    IMarginVault public immutable vault;
    /// @notice The clearinghouse, which names auction and exchange.
    IClearinghouse public immutable clearinghouse;
    /// @notice Uniswap v3's factory: no other pool is used.
    IUniswapV3Factory public immutable factory;
    /// @notice The account that bids: number 0 of this contract.
    uint256 public immutable account;
    /// @notice The token that cash is counted in.
    address public immutable quoteToken;

    /// @dev The pool that may ask for its payment now; zero outside a swap.
    address private transient _pool;

    /// @param owner_ Who takes the profit out.
    /// @param keeper_ Who may execute.
    /// @param vault_ The vault of a venue.
    /// @param clearinghouse_ The clearinghouse of the same venue.
    /// @param factory_ Uniswap v3's factory.
    constructor(
        address owner_,
        address keeper_,
        IMarginVault vault_,
        IClearinghouse clearinghouse_,
        IUniswapV3Factory factory_
    ) {
        owner = owner_;
        keeper = keeper_;
        vault = vault_;
        clearinghouse = clearinghouse_;
        factory = factory_;
        account = AccountId.encode(address(this), 0);
        quoteToken = vault_.quoteToken();
    }

    modifier onlyCaller(address expected) {
        _requireCaller(expected);
        _;
    }

    function _requireCaller(address expected) private view {
        if (msg.sender != expected) revert WrongCaller(msg.sender, expected);
    }

    /* KEEPER */

    /// @notice Does a job whole, with at least its profit, or reverts. The keeper only.
    /// @dev Profit is cash, less what closed contracts owe: while losses of loans are in sight no cash pays a market,
    /// and the debt waits beside the cash. What is left of collateral, or owed to the account by a market, comes on
    /// top. What it had of either before the job is no part of it.
    /// @param job What to do.
    /// @return profit Cash that it brought [wad USD].
    function execute(Job calldata job) external onlyCaller(keeper) nonReentrant returns (uint256 profit) {
        (int256 before, uint256[] memory owed) = _worth();
        _callAuction(job.openings);
        vault.unlock(abi.encode(job));

        (int256 cash, uint256[] memory left) = _worth();
        // what a market owed the account before is no profit once it is paid, and what others owe now is none of it
        int256 brought = cash - before - _usedUp(owed, left);
        // safe because a positive number is converted
        if (brought < 0 || uint256(brought) < job.minProfit) revert ProfitTooSmall(brought, job.minProfit);
        profit = uint256(brought);
        emit Executed(profit);
    }

    /// @inheritdoc IUnlockCallback
    /// @dev Only the vault, which calls back nobody but who unlocks it: `execute`.
    function unlockCallback(bytes calldata data) external onlyCaller(address(vault)) returns (bytes memory) {
        Job memory job = abi.decode(data, (Job));
        uint256[] memory held = new uint256[](job.sales.length);
        for (uint256 i; i < held.length; ++i) {
            held[i] = _held(job.sales[i].token);
        }
        _callAuction(job.bids);
        for (uint256 i; i < held.length; ++i) {
            _sell(job.sales[i], held[i]);
        }
        for (uint256 i; i < job.closings.length; ++i) {
            _close(job.closings[i]);
        }
        // what closed contracts owe beyond the cash that was there then, and are owed
        if (job.closings.length != 0) clearinghouse.settle(account, clearinghouse.legIds(account));
        return "";
    }

    function _callAuction(bytes[] memory calls) private {
        address auction = clearinghouse.auction();
        for (uint256 i; i < calls.length; ++i) {
            Address.functionCall(auction, calls[i]);
        }
    }

    /* COLLATERAL */

    /// @dev What the account has of a token [token units].
    function _held(address token) private view returns (uint256) {
        return vault.balanceOf(account, vault.assetIndexOf(token));
    }

    /// @dev Sells what bids brought of a token, and pays what it is sold for into the account. What was left of jobs
    /// before is the owner's.
    function _sell(TokenSale memory sale, uint256 before) private {
        uint256 amount = FixedPointMathLib.zeroFloorSub(_held(sale.token), before);
        if (amount == 0) return;
        address token = sale.token;
        for (uint256 i; i < sale.hops.length; ++i) {
            amount = _swap(token, sale.hops[i], amount, i == 0);
            token = sale.hops[i].token;
        }
        if (token != quoteToken) revert NotQuote(token, quoteToken);
        IERC20(token).forceApprove(address(vault), amount);
        vault.deposit(account, token, amount);
    }

    /// @dev Gives `amount` to a pool, out of the vault where it is still there; returns what came back.
    function _swap(address token, Hop memory hop, uint256 amount, bool inVault) private returns (uint256) {
        address pool = factory.getPool(token, hop.token, hop.fee);
        if (pool == address(0)) revert NoPool(token, hop.token, hop.fee);
        bool zeroForOne = token < hop.token;
        _pool = pool;
        uint160 limit = zeroForOne ? LOWEST_PRICE : HIGHEST_PRICE;
        bytes memory data = abi.encode(token, inVault);
        // safe because no token has 2^255 units
        (int256 amount0, int256 amount1) =
            IUniswapV3Pool(pool).swap(address(this), zeroForOne, int256(amount), limit, data);
        // safe because what a pool gives is negative
        return uint256(-(zeroForOne ? amount1 : amount0));
    }

    /// @inheritdoc IUniswapV3SwapCallback
    /// @dev Only the pool that a swap was asked of, once a swap.
    function uniswapV3SwapCallback(int256 amount0Delta, int256 amount1Delta, bytes calldata data)
        external
        onlyCaller(_pool)
    {
        delete _pool;
        (address token, bool inVault) = abi.decode(data, (address, bool));
        // safe because a pool asks for a positive amount of one of its tokens
        uint256 amount = uint256(SignedMath.max(amount0Delta, amount1Delta));
        if (inVault) vault.withdraw(account, token, amount, msg.sender);
        else IERC20(token).safeTransfer(msg.sender, amount);
    }

    /* POSITIONS */

    /// @dev Closes as much of a position as its order and the job allow.
    function _close(Closing memory closing) private {
        Order memory maker = closing.maker;
        (int256 held,) = clearinghouse.position(account, maker.instrument);
        uint256 size = FixedPointMathLib.min(closing.size, SignedMath.abs(held));
        if (size == 0) return;
        Order memory taker = Order({
            account: account,
            signer: address(this),
            instrument: maker.instrument,
            size: -held,
            limitPrice: maker.limitPrice,
            maxFee: type(uint256).max,
            expiry: block.timestamp,
            nonce: type(uint256).max,
            epoch: 0,
            reduceOnly: true
        });
        IExchange(clearinghouse.exchange()).fill(maker, closing.signature, taker, "", size);
    }

    /// @dev Cash of the account less what its closed contracts owe [wad USD], and its legs; nothing is open.
    function _worth() private view returns (int256 cash, uint256[] memory words) {
        cash = vault.cashOf(account);
        words = clearinghouse.legs(account);
        (uint256 cursor, uint256 end) = LegWords.rangeOf(words);
        for (; cursor != end; cursor += LEG_BYTES) {
            (uint64 id, PositionWord position,, UnpaidWord unpaid) = LegWords.at(cursor);
            if (position.isOpen()) revert NotFlat(id, position.size());
            // safe because debts are below 2^128
            cash -= int256(unpaid.debts());
        }
    }

    /// @dev What sides of markets owed before and owe no more, paid or not: claims of one side are not worth those of
    /// another, nor of another market [wad USD].
    function _usedUp(uint256[] memory owed, uint256[] memory left) private pure returns (int256 sum) {
        (uint256 cursor, uint256 end) = LegWords.rangeOf(owed);
        for (; cursor != end; cursor += LEG_BYTES) {
            (uint64 id,,, UnpaidWord unpaid) = LegWords.at(cursor);
            UnpaidWord later = _unpaidOf(left, id);
            sum += _lost(unpaid.ofLongs(), later.ofLongs()) + _lost(unpaid.ofShorts(), later.ofShorts());
        }
    }

    /// @dev What the leg of an instrument is owed and owes; nothing where there is no such leg.
    function _unpaidOf(uint256[] memory words, uint64 instrument) private pure returns (UnpaidWord unpaid) {
        (uint256 cursor, uint256 end) = LegWords.rangeOf(words);
        for (; cursor != end; cursor += LEG_BYTES) {
            uint64 id;
            (id,,, unpaid) = LegWords.at(cursor);
            if (id == instrument) return unpaid;
        }
        return UnpaidWord.wrap(0);
    }

    /// @dev How much less of a claim there is; negative amounts are debts, which are no claims [wad USD].
    function _lost(int256 before, int256 later) private pure returns (int256) {
        return SignedMath.max(before - SignedMath.max(later, 0), 0);
    }

    /* OWNER */

    /// @notice Takes cash, or collateral that was left, out of the account. The owner only.
    /// @param token Quote token, or a listed asset.
    /// @param amount `type(uint256).max`: all [token units].
    /// @param to Who gets it.
    function withdraw(address token, uint256 amount, address to) external onlyCaller(owner) {
        vault.withdraw(account, token, amount, to);
    }

    /// @notice Takes tokens that lie in this contract. The owner only.
    /// @param token Any token.
    /// @param to Who gets them.
    function sweep(address token, address to) external onlyCaller(owner) {
        IERC20(token).safeTransfer(to, IERC20(token).balanceOf(address(this)));
    }
}
