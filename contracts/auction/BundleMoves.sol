// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Bundle, ILiquidationAuction} from "../interfaces/ILiquidationAuction.sol";
import {AssetConfig} from "../interfaces/IMarginVault.sol";
import {PriceMid} from "../types/PriceMid.sol";
import {AuctionMath} from "./AuctionMath.sol";
import {Sale} from "./Sale.sol";

/// @title What a bundle names moves to its bidder: legs at the mark, collateral at the mid price.
library BundleMoves {
    /// @dev Every leg has its size, every asset its amount.
    function requireLengths(Bundle calldata bundle) internal pure {
        _requireLength(bundle.sizes.length, bundle.ids.length);
        _requireLength(bundle.amounts.length, bundle.assetIndices.length);
    }

    /// @dev A list is as long as its other.
    function _requireLength(uint256 actual, uint256 expected) private pure {
        if (actual != expected) revert ILiquidationAuction.LengthMismatch(actual, expected);
    }

    /// @dev Moves parts of legs, none twice; each makes the account's position smaller.
    function moveLegs(Sale memory sale, uint64[] calldata ids, int256[] calldata sizes) internal {
        uint256 last;
        for (uint256 i; i < ids.length; ++i) {
            uint64 id = ids[i];
            if (id <= last) revert ILiquidationAuction.DuplicateId(id);
            last = id;
            (int256 held,) = sale.clearinghouse.position(sale.account, id);
            int256 size = sizes[i];
            bool reduces = held > 0 ? size > 0 && size <= held : size < 0 && size >= held;
            if (!reduces) revert ILiquidationAuction.BundleNotReducing(held, size);
            sale.clearinghouse.moveAtMark(sale.account, sale.bidder, id, size);
        }
    }

    /// @dev Moves amounts of collateral, no asset twice.
    /// @return cash The mid price, which the bidder is to pay, up [wad USD].
    function sellCollateral(Sale memory sale, uint256[] calldata indices, uint256[] calldata amounts)
        internal
        returns (uint256 cash)
    {
        uint256[] memory feed = new uint256[](1);
        for (uint256 i; i < indices.length; ++i) {
            if (i != 0 && indices[i] <= indices[i - 1]) revert ILiquidationAuction.DuplicateId(indices[i]);
            AssetConfig memory asset = sale.vault.assetAt(indices[i]);
            sale.vault.moveCollateral(sale.account, sale.bidder, indices[i], amounts[i]);
            feed[0] = asset.feedId;
            uint256 mid = PriceMid.wrap(sale.engine.oracle().packedPrices(feed)[0]).mid();
            if (mid == 0) revert ILiquidationAuction.PriceMissing(asset.feedId);
            cash += AuctionMath.collateralPriceUp(amounts[i], asset.decimals, mid);
        }
    }
}
