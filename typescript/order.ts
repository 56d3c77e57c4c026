// Written by tools/typescript.py from crossmargin/abis; `make check` compares.

import type { Hex, Order } from './abis.ts'

/** EIP-712 types of an order, as `signTypedData` takes them. */
export const orderTypes = {
  Order: [
    { name: 'account', type: 'uint256' },
    { name: 'signer', type: 'address' },
    { name: 'instrument', type: 'uint64' },
    { name: 'size', type: 'int256' },
    { name: 'limitPrice', type: 'uint256' },
    { name: 'maxFee', type: 'uint256' },
    { name: 'expiry', type: 'uint256' },
    { name: 'nonce', type: 'uint256' },
    { name: 'epoch', type: 'uint64' },
    { name: 'reduceOnly', type: 'bool' },
  ],
} as const

/** Domain of a chain's exchange; its address is in the deployment's file. */
export const orderDomain = (chainId: number, verifyingContract: Hex) =>
  ({ name: 'CrossMargin Exchange', version: '1', chainId, verifyingContract }) as const

/** Reads what the Python client's `Order.to_json` wrote: numbers are decimal text there. */
export const orderFromJson = (json: Record<string, string | boolean>): Order => ({
  account: BigInt(json.account as string),
  signer: json.signer as Hex,
  instrument: BigInt(json.instrument as string),
  size: BigInt(json.size as string),
  limitPrice: BigInt(json.limitPrice as string),
  maxFee: BigInt(json.maxFee as string),
  expiry: BigInt(json.expiry as string),
  nonce: BigInt(json.nonce as string),
  epoch: BigInt(json.epoch as string),
  reduceOnly: json.reduceOnly === true,
})
