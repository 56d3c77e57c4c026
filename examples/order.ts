// Reads a market, signs an order to buy one contract of it at the mark, and prints both; see docs/integrate.md.

import { readFileSync } from 'node:fs'
import { createPublicClient, formatUnits, http, parseUnits, verifyTypedData } from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import { exchangeAbi, marginLensAbi, type Hex, type Order } from '../typescript/abis.ts'
import { orderDomain, orderTypes } from '../typescript/order.ts'

const { RPC, DEPLOYMENT, KEY } = process.env
const record = JSON.parse(readFileSync(DEPLOYMENT!, 'utf8'))
const at = (name: string): Hex => record.contracts[name].address
const client = createPublicClient({ transport: http(RPC) })
const signer = privateKeyToAccount(KEY as Hex)

const markets = await client.readContract({ address: at('MarginLens'), abi: marginLensAbi, functionName: 'markets' })
const market = markets.find((each) => each.instrument === BigInt(record.instruments['ETH-PERP']))
if (market === undefined) throw new Error('no ETH-PERP here')
console.log('mark', formatUnits(market.mark, 18), 'open interest', formatUnits(market.openInterest, 18))

const { timestamp } = await client.getBlock()
const order: Order = {
  account: BigInt(signer.address) << 96n,
  signer: signer.address,
  instrument: market.instrument,
  size: parseUnits('1', 18),
  limitPrice: market.mark,
  maxFee: 10_000n,
  expiry: timestamp + 300n,
  nonce: BigInt(Date.now()),
  epoch: 0n,
  reduceOnly: false,
}
const typed = {
  domain: orderDomain(record.chain_id, at('Exchange')),
  types: orderTypes,
  primaryType: 'Order',
  message: order,
} as const
const signature = await signer.signTypedData(typed)
const hash = await client.readContract({
  address: at('Exchange'),
  abi: exchangeAbi,
  functionName: 'hashOrder',
  args: [order],
})
console.log('order', hash, 'signature', signature)
if (!(await verifyTypedData({ ...typed, address: signer.address, signature }))) throw new Error('not our signature')
