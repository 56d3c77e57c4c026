// Written by tools/typescript.py from crossmargin/abis; `make check` compares.

export type Hex = `0x${string}`

// Structs

export interface AccountView {
  account: bigint
  healthFactor: bigint
  initial: Margin
  maintenance: Margin
  cash: bigint
  spot: readonly SpotView[]
  legs: readonly LegView[]
  inAuction: boolean
  stateNonce: bigint
}

export interface AssetConfig {
  token: Hex
  decimals: number
  feedId: number
  underlying: number
  closedUntil: number
  cap: bigint
  total: bigint
}

export interface Auction {
  id: number
  insolvent: boolean
  stopped: boolean
  seenAt: number
  solventTime: number
  insolventTime: number
  pages: number
  reserved: bigint
  exposure: bigint
}

export interface AuctionParams {
  startReward: bigint
  kneeReward: bigint
  targetBuffer: bigint
  fastDuration: number
  slowDuration: number
  smallAccount: bigint
  insolventFlat: bigint
  insolventDuration: number
  bundleShare: bigint
  starterShare: bigint
  starterFlat: bigint
  starterCap: bigint
  globalExposureCap: bigint
}

export interface Bundle {
  account: bigint
  bidder: bigint
  ids: readonly bigint[]
  sizes: readonly bigint[]
  assetIndices: readonly bigint[]
  amounts: readonly bigint[]
  minGiveUp: bigint
  expectedNonce: bigint
  deadline: bigint
}

export interface Change {
  instruments: readonly bigint[]
  sizes: readonly bigint[]
  prices: readonly bigint[]
  assetIndices: readonly bigint[]
  amounts: readonly bigint[]
  cash: bigint
}

export interface ClaimView {
  locked: bigint
  fastLocked: bigint
  credited: bigint
  sequence: bigint
  waiting: bigint
  claimable: bigint
  reclaimable: bigint
  queued: boolean
  nextCreditAt: bigint
}

export interface Closing {
  maker: Order
  signature: Hex
  size: bigint
}

export interface Envelope {
  origin: number
  nonce: bigint
  destination: number
  sender: Hex
  receiver: Hex
  body: Hex
}

export interface FeedConfig {
  primary: SourceConfig
  secondary: SourceConfig
  third: SourceConfig
  minPrice: bigint
  maxPrice: bigint
  smoothingWindow: number
  haltBound: number
  confidenceLimit: number
  deviationLimit: number
  breakerLimit: number
  widening: number
  readThrough: boolean
}

export interface ForecastRules {
  factor: number
  patience: number
  major: number
  secondMajor: number
  thirdMajor: number
}

export interface GlobalParams {
  profitWeight: number
  profitCover: number
  staleMultiplier: number
  maxMultiplier: number
  shortFloor: number
  minDelta: number
  ageCharge: number
  arrayMaxAge: number
  arrayMaxMove: number
}

export interface GroupParams {
  rhoMaintenance: number
  rhoInitial: number
}

export interface Hop {
  token: Hex
  fee: number
}

export interface Hypothesis {
  cash: bigint
  spot: readonly bigint[]
  legs: readonly bigint[]
  shocks: readonly Shock[]
  announced: boolean
}

export interface InstrumentConfig {
  openInterestCap: bigint
  fundingDepth: bigint
  maxFundingRate: number
}

export interface Job {
  openings: readonly Hex[]
  bids: readonly Hex[]
  sales: readonly TokenSale[]
  closings: readonly Closing[]
  minProfit: bigint
}

export interface LegView {
  instrument: bigint
  size: bigint
  basis: bigint
  value: bigint
  claims: bigint
  debts: bigint
}

export interface Margin {
  excess: bigint
  paidExcess: bigint
  numerator: bigint
  denominator: bigint
  requirement: bigint
  unhedgedHaircut: bigint
  equity: bigint
  pricesValid: boolean
  doubt: bigint
  free: boolean
}

export interface MarginSet {
  liquidityHaircut: number
  collateralShock: number
  derivativeShock: number
  basisCharge: number
  basisChargePerYear: number
}

export interface MarketRules {
  makerFee: number
  takerFee: number
  priceBand: number
}

export interface MarketView {
  instrument: bigint
  index: Price
  fundingIndex: bigint
  fundingRate: bigint
  premium: bigint
  openInterest: bigint
  flags: bigint
  pool: bigint
  shortfall: bigint
  mark: bigint
  markStatus: number
  config: InstrumentConfig
}

export interface OptionParams {
  volShockMaintenance: number
  volShockInitial: number
  defaultVolatility: number
  maxAge: number
  expiryAge: number
  minInterval: number
  maxStep: number
  maxCarry: number
}

export interface Order {
  account: bigint
  signer: Hex
  instrument: bigint
  size: bigint
  limitPrice: bigint
  maxFee: bigint
  expiry: bigint
  nonce: bigint
  epoch: bigint
  reduceOnly: boolean
}

export interface Price {
  mid: bigint
  low: bigint
  high: bigint
  time: bigint
  status: number
}

export interface RateModel {
  baseRate: number
  slope1: number
  slope2: number
  kink: number
  reserveFactor: number
}

export interface RatioConfig {
  target: Hex
  selector: Hex
  baseFeedId: number
  maxGrowth: number
  argument: bigint
  one: bigint
}

export interface RedemptionProof {
  header: Hex
  account: readonly Hex[]
  word: readonly Hex[]
}

export interface RemoteAccount {
  held: bigint
  waiting: bigint
  time: bigint
  owes: boolean
  health: bigint
  freeMargin: bigint
}

export interface RiskArrayView {
  time: bigint
  ref: bigint
  mark: bigint
  delta: bigint
  lanes: readonly bigint[]
  gapMaintenance: bigint
  gapInitial: bigint
  bowMaintenance: bigint
  bowInitial: bigint
  drift: bigint
  reach: bigint
  valid: boolean
}

export interface RouteConfig {
  domain: number
  token: Hex
  decimals: number
  required: number
  window: number
  silentAfter: number
  deadAfter: number
  capacity: bigint
  cap: bigint
  fastCap: bigint
}

export interface RouteView {
  config: RouteConfig
  receipt: Hex
  supply: bigint
  credited: bigint
  redeemed: bigint
  inFlight: bigint
  waiting: bigint
  fastCredited: bigint
  missing: bigint
  shortage: bigint
  room: bigint
  available: bigint
  heardAt: bigint
  pausedUntil: bigint
  decimalsThere: number
  status: number
  factor: bigint
}

export interface ScenarioView {
  underlying: bigint
  profits: readonly bigint[]
  binding: bigint
  floor: bigint
  scenario: bigint
  offset: bigint
  addOns: bigint
}

export interface Score {
  hour: bigint
  forest: bigint
  floor: bigint
  forestLoss: bigint
  floorLoss: bigint
  losingSince: bigint
  generation: bigint
}

export interface Shock {
  feedId: bigint
  move: bigint
}

export interface Sides {
  longs: bigint
  shorts: bigint
}

export interface Slice {
  a: number
  b: number
  rho: number
  m: number
  sigma: number
  carry: number
}

export interface SourceConfig {
  reader: Hex
  maxAge: number
  gasLimit: number
  voteOnly: boolean
  data: Hex
}

export interface SpokeToken {
  open: boolean
  required: number
  window: number
  capacity: bigint
  least: bigint
}

export interface SpokeTotals {
  locked: bigint
  paid: bigint
  exited: bigint
  owed: bigint
  available: bigint
}

export interface SpotView {
  assetIndex: bigint
  amount: bigint
  value: bigint
}

export interface StewardRule {
  base: number
  least: number
  most: number
  silent: number
}

export interface TokenSale {
  token: Hex
  hops: readonly Hop[]
}

export interface UnderlyingParams {
  maintenance: MarginSet
  initial: MarginSet
  impactCoefficient: bigint
  group: number
  crowdingSlope: number
  maxTenor: number
  exposureUnit: bigint
  exposureCap: number
}

// Arguments of events

export interface AttestationTransportAuthorityUpdated {
  authority: Hex
}

export interface AttestationTransportCounterpartSet {
  domain: number
  counterpart: Hex
}

export interface AttestationTransportMessageSent {
  nonce: bigint
  destination: number
  sender: Hex
  receiver: Hex
  body: Hex
}

export interface AttestationTransportSignersSet {
  signers: readonly Hex[]
  threshold: bigint
}

export interface AuthorityOperationCanceled {
  operationId: Hex
  nonce: number
}

export interface AuthorityOperationExecuted {
  operationId: Hex
  nonce: number
}

export interface AuthorityOperationScheduled {
  operationId: Hex
  nonce: number
  schedule: number
  caller: Hex
  target: Hex
  data: Hex
}

export interface AuthorityRoleAdminChanged {
  roleId: bigint
  admin: bigint
}

export interface AuthorityRoleGrantDelayChanged {
  roleId: bigint
  delay: number
  since: number
}

export interface AuthorityRoleGranted {
  roleId: bigint
  account: Hex
  delay: number
  since: number
  newMember: boolean
}

export interface AuthorityRoleGuardianChanged {
  roleId: bigint
  guardian: bigint
}

export interface AuthorityRoleLabel {
  roleId: bigint
  label: string
}

export interface AuthorityRoleRevoked {
  roleId: bigint
  account: Hex
}

export interface AuthorityTargetAdminDelayUpdated {
  target: Hex
  delay: number
  since: number
}

export interface AuthorityTargetClosed {
  target: Hex
  closed: boolean
}

export interface AuthorityTargetFunctionRoleUpdated {
  target: Hex
  selector: Hex
  roleId: bigint
}

export interface BatchSettlerNotSettled {
  account: bigint
  id: bigint
  reason: Hex
}

export interface ClearinghouseAuthorityUpdated {
  authority: Hex
}

export interface ClearinghouseFundingUpdated {
  id: bigint
  fundingIndex: bigint
  fundingRate: bigint
  premium: bigint
}

export interface ClearinghouseInstrumentConfigured {
  id: bigint
  config: InstrumentConfig
  reduceOnly: boolean
}

export interface ClearinghouseInstrumentListed {
  id: bigint
  config: InstrumentConfig
}

export interface ClearinghouseModulesSet {
  exchange: Hex
  auction: Hex
}

export interface ClearinghouseOraclesSet {
  oracle: Hex
  options: Hex
}

export interface ClearinghousePositionChanged {
  account: bigint
  id: bigint
  size: bigint
  basis: bigint
}

export interface ClearinghouseReduceOnlyUntil {
  id: bigint
  until: bigint
}

export interface ClearinghouseSettled {
  account: bigint
  id: bigint
  amount: bigint
  pool: bigint
}

export interface ClearinghouseSettlementFinished {
  id: bigint
  average: bigint
}

export interface ClearinghouseTraded {
  id: bigint
  buyer: bigint
  seller: bigint
  size: bigint
  price: bigint
}

export interface CollateralHubAuthorityUpdated {
  authority: Hex
}

export interface CollateralHubBeatReported {
  route: bigint
  heard: bigint
  time: bigint
}

export interface CollateralHubCreditDeferred {
  route: bigint
  account: bigint
  reason: Hex
}

export interface CollateralHubCredited {
  route: bigint
  account: bigint
  amount: bigint
}

export interface CollateralHubExitSettled {
  route: bigint
  account: bigint
  amount: bigint
}

export interface CollateralHubLockReported {
  route: bigint
  account: bigint
  sequence: bigint
  locked: bigint
  isFinal: boolean
}

export interface CollateralHubMessageConfirmed {
  id: Hex
  transport: Hex
  count: bigint
}

export interface CollateralHubMessageIgnored {
  id: Hex
  domain: number
  sender: Hex
  reason: Hex
}

export interface CollateralHubMessageRefused {
  transport: Hex
  domain: number
}

export interface CollateralHubMissingAcknowledged {
  route: bigint
  missing: bigint
}

export interface CollateralHubReclaimed {
  route: bigint
  account: bigint
  amount: bigint
}

export interface CollateralHubRedeemed {
  route: bigint
  recipient: Hex
  burnt: bigint
  amount: bigint
  total: bigint
}

export interface CollateralHubReportsForgotten {
  route: bigint
  account: bigint
}

export interface CollateralHubRouteAccepted {
  route: bigint
  account: bigint
  accepted: boolean
}

export interface CollateralHubRoutePausedUntil {
  route: bigint
  until: bigint
}

export interface CollateralHubRouteRevived {
  route: bigint
}

export interface CollateralHubRouteSet {
  route: bigint
  receipt: Hex
  config: RouteConfig
}

export interface CollateralHubSpokeSet {
  domain: number
  spoke: Hex
}

export interface CollateralHubTransportSet {
  transport: Hex
  standing: number
}

export interface CollateralSpokeAccountHeard {
  token: Hex
  account: bigint
  state: RemoteAccount
}

export interface CollateralSpokeAuthorityUpdated {
  authority: Hex
}

export interface CollateralSpokeBeatsRequiredSet {
  required: number
}

export interface CollateralSpokeExited {
  token: Hex
  account: bigint
  recipient: Hex
  amount: bigint
}

export interface CollateralSpokeLocked {
  token: Hex
  account: bigint
  from: Hex
  amount: bigint
  locked: bigint
  sequence: bigint
}

export interface CollateralSpokeMessageConfirmed {
  id: Hex
  transport: Hex
  count: bigint
}

export interface CollateralSpokeMessageIgnored {
  id: Hex
  domain: number
  sender: Hex
  reason: Hex
}

export interface CollateralSpokeMessageRefused {
  transport: Hex
  domain: number
}

export interface CollateralSpokePaid {
  token: Hex
  recipient: Hex
  amount: bigint
}

export interface CollateralSpokePaymentDeferred {
  token: Hex
  recipient: Hex
  reason: Hex
}

export interface CollateralSpokePaymentsResumed {
  token: Hex
}

export interface CollateralSpokeProverSet {
  prover: Hex
  proveAfter: bigint
}

export interface CollateralSpokeRedemptionCancelled {
  token: Hex
  recipient: Hex
  redeemed: bigint
}

export interface CollateralSpokeRedemptionHeard {
  token: Hex
  recipient: Hex
  redeemed: bigint
}

export interface CollateralSpokeRedemptionProved {
  token: Hex
  recipient: Hex
  redeemed: bigint
}

export interface CollateralSpokeRedemptionSettled {
  token: Hex
  account: bigint
  recipient: Hex
  amount: bigint
}

export interface CollateralSpokeSpokePausedUntil {
  until: bigint
}

export interface CollateralSpokeSpokeTokenSet {
  token: Hex
  config: SpokeToken
}

export interface CollateralSpokeTransportSet {
  transport: Hex
  standing: number
}

export interface ExchangeAuthorityUpdated {
  authority: Hex
}

export interface ExchangeCancelled {
  orderHash: Hex
  account: bigint
}

export interface ExchangeCancelledAll {
  account: bigint
  minimumNonce: bigint
}

export type ExchangeEIP712DomainChanged = Record<string, never>

export interface ExchangeFilled {
  makerHash: Hex
  takerHash: Hex
  instrument: bigint
  maker: bigint
  taker: bigint
  takerSize: bigint
  price: bigint
  makerFee: bigint
  takerFee: bigint
}

export interface ExchangeRulesSet {
  underlying: bigint
  rules: MarketRules
}

export interface ExpiriesIndexDoubted {
  id: bigint
  time: bigint
}

export interface ExpiriesIndexObserved {
  id: bigint
  time: bigint
  index: bigint
  observations: bigint
}

export interface HyperlaneTransportAuthorityUpdated {
  authority: Hex
}

export interface HyperlaneTransportCounterpartSet {
  domain: number
  counterpart: Hex
}

export interface HyperlaneTransportModuleSet {
  module: Hex
}

export interface InsuranceFundApproval {
  owner: Hex
  spender: Hex
  value: bigint
}

export interface InsuranceFundAuthorityUpdated {
  authority: Hex
}

export interface InsuranceFundCooldownRequested {
  holder: Hex
  shares: bigint
  readyAt: bigint
}

export interface InsuranceFundCooldownSet {
  cooldown: bigint
}

export interface InsuranceFundDeposit {
  sender: Hex
  owner: Hex
  assets: bigint
  shares: bigint
}

export interface InsuranceFundSharesConsolidated {
  round: bigint
  shares: bigint
}

export interface InsuranceFundTransfer {
  from: Hex
  to: Hex
  value: bigint
}

export interface InsuranceFundWithdraw {
  sender: Hex
  receiver: Hex
  owner: Hex
  assets: bigint
  shares: bigint
}

export interface KeeperExecutorExecuted {
  profit: bigint
}

export interface L1BlocksBlockRecorded {
  number: bigint
  hash: Hex
}

export interface LiquidationAuctionAuctionEnded {
  account: bigint
  id: number
  closed: boolean
}

export interface LiquidationAuctionAuctionParamsSet {
  params: AuctionParams
}

export interface LiquidationAuctionAuctionStarted {
  account: bigint
  id: number
  insolvent: boolean
  value: bigint
  excess: bigint
  starter: bigint
  starterPay: bigint
}

export interface LiquidationAuctionAuthorityUpdated {
  authority: Hex
}

export interface LiquidationAuctionBid {
  account: bigint
  id: number
  bidder: bigint
  fraction: bigint
  payment: bigint
  value: bigint
  excess: bigint
}

export interface LiquidationAuctionBundleBid {
  account: bigint
  id: number
  bidder: bigint
  giveUp: bigint
  excessBefore: bigint
  excessAfter: bigint
}

export interface LiquidationAuctionClockChanged {
  account: bigint
  id: number
  stopped: boolean
}

export interface LiquidationAuctionLeavingCharged {
  bidder: bigint
  id: number
  amount: bigint
}

export interface LiquidationAuctionLossAllocated {
  account: bigint
  id: number
  fund: bigint
  markets: bigint
  lenders: bigint
  deficit: bigint
}

export interface LiquidationAuctionPhaseChanged {
  account: bigint
  id: number
  insolvent: boolean
}

export interface MarginVaultAssetConfigured {
  token: Hex
  cap: bigint
  depositsEnabled: boolean
}

export interface MarginVaultAssetListed {
  index: bigint
  token: Hex
  feedId: number
  underlying: number
  cap: bigint
}

export interface MarginVaultAuthorityUpdated {
  authority: Hex
}

export interface MarginVaultCashChanged {
  account: bigint
  delta: bigint
  cash: bigint
}

export interface MarginVaultCollateralMoved {
  from: bigint
  to: bigint
  token: Hex
  amount: bigint
}

export interface MarginVaultDeficitRecorded {
  account: bigint
  amount: bigint
  deficit: bigint
}

export interface MarginVaultDeficitRepaid {
  amount: bigint
  deficit: bigint
}

export interface MarginVaultDeposited {
  account: bigint
  token: Hex
  from: Hex
  amount: bigint
}

export interface MarginVaultDepositsClosed {
  token: Hex
  until: bigint
}

export interface MarginVaultInsuranceFundSet {
  fund: Hex
}

export interface MarginVaultInterestAccrued {
  supplyIndex: bigint
  borrowIndex: bigint
}

export interface MarginVaultLeavingCharged {
  account: bigint
  amount: bigint
}

export interface MarginVaultLossSocialised {
  amount: bigint
  supplyIndex: bigint
}

export interface MarginVaultModuleSet {
  module: Hex
  roles: number
}

export interface MarginVaultOperatorSet {
  owner: Hex
  operator: Hex
  permissions: number
  expiry: number
  epoch: bigint
}

export interface MarginVaultOutflowLimitSet {
  token: Hex
  capacity: bigint
  window: number
}

export interface MarginVaultPausedUntil {
  time: bigint
}

export interface MarginVaultRateModelSet {
  model: RateModel
}

export interface MarginVaultRiskEngineSet {
  engine: Hex
}

export interface MarginVaultSurplusCollected {
  toDeficit: bigint
  toFund: bigint
}

export interface MarginVaultWithdrawn {
  account: bigint
  token: Hex
  to: Hex
  amount: bigint
}

export interface MarketLossesClaimsChanged {
  account: bigint
  id: bigint
  longClaim: bigint
  shortClaim: bigint
}

export interface MarketLossesLossCollected {
  account: bigint
  id: bigint
  amount: bigint
  shortfall: bigint
}

export interface MarketLossesLossShared {
  id: bigint
  longsPay: boolean
  amount: bigint
  perUnit: bigint
  price: bigint
}

export interface OptionOracleArrayRefreshed {
  id: bigint
  meta: bigint
  nodes: bigint
}

export interface OracleAdapterAuthorityUpdated {
  authority: Hex
}

export interface OracleAdapterFeedSet {
  feedId: bigint
  config: FeedConfig
}

export interface OracleAdapterPriceStored {
  feedId: bigint
  price: bigint
  smoothed: bigint
  confidence: bigint
  time: bigint
  status: number
}

export interface OracleAdapterSequencerFeedSet {
  feed: Hex
  grace: bigint
}

export interface OracleAdapterStatusForced {
  feedId: bigint
  status: number
  until: bigint
}

export interface PostedFeedAnswerUpdated {
  current: bigint
  roundId: bigint
  updatedAt: bigint
}

export interface PostedFeedAuthorityUpdated {
  authority: Hex
}

export interface RatioSourceAuthorityUpdated {
  authority: Hex
}

export interface RatioSourceCheckpointed {
  id: bigint
  ratio: bigint
  time: bigint
}

export interface RatioSourceRatioSet {
  id: bigint
  config: RatioConfig
}

export interface RemoteReceiptApproval {
  owner: Hex
  spender: Hex
  value: bigint
}

export interface RemoteReceiptTransfer {
  from: Hex
  to: Hex
  value: bigint
}

export interface RiskParametersAuthorityUpdated {
  authority: Hex
}

export interface RiskParametersGlobalSet {
  params: GlobalParams
}

export interface RiskParametersGroupSet {
  group: bigint
  params: GroupParams
}

export interface RiskParametersUnderlyingSet {
  underlying: bigint
  params: UnderlyingParams
}

export interface RiskParametersVolatilitySourceSet {
  source: Hex
}

export interface RiskStewardAuthorityUpdated {
  authority: Hex
}

export interface RiskStewardPoked {
  underlying: bigint
  forecast: bigint
  target: bigint
  multiplier: bigint
}

export interface RiskStewardRuleSet {
  underlying: bigint
  rule: StewardRule
}

export interface TestStakedTokenApproval {
  owner: Hex
  spender: Hex
  value: bigint
}

export type TestStakedTokenEIP712DomainChanged = Record<string, never>

export interface TestStakedTokenTransfer {
  from: Hex
  to: Hex
  value: bigint
}

export interface TestTokenApproval {
  owner: Hex
  spender: Hex
  value: bigint
}

export type TestTokenEIP712DomainChanged = Record<string, never>

export interface TestTokenTransfer {
  from: Hex
  to: Hex
  value: bigint
}

export interface ValidatorModuleAuthorityUpdated {
  authority: Hex
}

export interface ValidatorModulePausedUntil {
  until: bigint
}

export interface ValidatorModuleValidatorsSet {
  domain: number
  validators: readonly Hex[]
  threshold: number
}

export interface VolatilityForecasterAuthorityUpdated {
  authority: Hex
}

export interface VolatilityForecasterBreakerSet {
  underlying: bigint
  breaker: bigint
}

export interface VolatilityForecasterForecast {
  underlying: bigint
  score: Score
}

export interface VolatilityForecasterForestInstalled {
  hash: Hex
  number: bigint
  pointer: Hex
}

export interface VolatilityForecasterForestRemoved {
  hash: Hex
}

export interface VolatilityForecasterObserved {
  underlying: bigint
  step: bigint
  change: bigint
}

export interface VolatilityForecasterRulesSet {
  rules: ForecastRules
}

export interface VolatilityForecasterWinsorised {
  underlying: bigint
  change: bigint
  limit: bigint
}

export interface VolatilitySurfaceAuthorityUpdated {
  authority: Hex
}

export interface VolatilitySurfaceOptionParamsSet {
  underlying: bigint
  params: OptionParams
}

export interface VolatilitySurfaceSlicePosted {
  underlying: bigint
  expiry: bigint
  slice: Slice
}

export interface VolatilitySurfaceSliceRemoved {
  underlying: bigint
  expiry: bigint
}

export interface VolatilitySurfaceSurfaceForced {
  underlying: bigint
  until: bigint
}

// ABIs

export const attestationTransportAbi = [
  {"inputs":[{"internalType":"address","name":"authority","type":"address"},{"internalType":"uint32","name":"localDomain_","type":"uint32"}],"stateMutability":"nonpayable","type":"constructor"},
  {"inputs":[{"internalType":"address","name":"authority","type":"address"}],"name":"AccessManagedInvalidAuthority","type":"error"},
  {"inputs":[{"internalType":"address","name":"caller","type":"address"},{"internalType":"uint32","name":"delay","type":"uint32"}],"name":"AccessManagedRequiredDelay","type":"error"},
  {"inputs":[{"internalType":"address","name":"caller","type":"address"}],"name":"AccessManagedUnauthorized","type":"error"},
  {"inputs":[],"name":"ECDSAInvalidSignature","type":"error"},
  {"inputs":[{"internalType":"uint256","name":"length","type":"uint256"}],"name":"ECDSAInvalidSignatureLength","type":"error"},
  {"inputs":[{"internalType":"bytes32","name":"s","type":"bytes32"}],"name":"ECDSAInvalidSignatureS","type":"error"},
  {"inputs":[{"internalType":"address","name":"signer","type":"address"}],"name":"NotSigner","type":"error"},
  {"inputs":[{"internalType":"address","name":"signer","type":"address"}],"name":"SignersUnordered","type":"error"},
  {"inputs":[{"internalType":"uint256","name":"threshold","type":"uint256"},{"internalType":"uint256","name":"count","type":"uint256"}],"name":"ThresholdOutOfRange","type":"error"},
  {"inputs":[{"internalType":"uint256","name":"count","type":"uint256"},{"internalType":"uint256","name":"threshold","type":"uint256"}],"name":"TooFewSignatures","type":"error"},
  {"inputs":[{"internalType":"uint32","name":"domain","type":"uint32"},{"internalType":"bytes32","name":"sender","type":"bytes32"}],"name":"UnknownCounterpart","type":"error"},
  {"inputs":[{"internalType":"uint32","name":"domain","type":"uint32"}],"name":"UnknownDomain","type":"error"},
  {"inputs":[{"internalType":"uint32","name":"destination","type":"uint32"},{"internalType":"uint32","name":"domain","type":"uint32"}],"name":"WrongDestination","type":"error"},
  {"inputs":[{"internalType":"uint256","name":"paid","type":"uint256"},{"internalType":"uint256","name":"fee","type":"uint256"}],"name":"WrongFee","type":"error"},
  {"anonymous":false,"inputs":[{"indexed":false,"internalType":"address","name":"authority","type":"address"}],"name":"AuthorityUpdated","type":"event"},
  {"anonymous":false,"inputs":[{"indexed":true,"internalType":"uint32","name":"domain","type":"uint32"},{"indexed":false,"internalType":"address","name":"counterpart","type":"address"}],"name":"CounterpartSet","type":"event"},
  {"anonymous":false,"inputs":[{"indexed":true,"internalType":"uint64","name":"nonce","type":"uint64"},{"indexed":true,"internalType":"uint32","name":"destination","type":"uint32"},{"indexed":true,"internalType":"address","name":"sender","type":"address"},{"indexed":false,"internalType":"address","name":"receiver","type":"address"},{"indexed":false,"internalType":"bytes","name":"body","type":"bytes"}],"name":"MessageSent","type":"event"},
  {"anonymous":false,"inputs":[{"indexed":false,"internalType":"address[]","name":"signers","type":"address[]"},{"indexed":false,"internalType":"uint256","name":"threshold","type":"uint256"}],"name":"SignersSet","type":"event"},
  {"inputs":[],"name":"authority","outputs":[{"internalType":"address","name":"","type":"address"}],"stateMutability":"view","type":"function"},
  {"inputs":[{"internalType":"uint32","name":"domain","type":"uint32"}],"name":"counterpartOf","outputs":[{"internalType":"address","name":"","type":"address"}],"stateMutability":"view","type":"function"},
  {"inputs":[{"components":[{"internalType":"uint32","name":"origin","type":"uint32"},{"internalType":"uint64","name":"nonce","type":"uint64"},{"internalType":"uint32","name":"destination","type":"uint32"},{"internalType":"address","name":"sender","type":"address"},{"internalType":"address","name":"receiver","type":"address"},{"internalType":"bytes","name":"body","type":"bytes"}],"internalType":"struct Envelope","name":"envelope","type":"tuple"},{"internalType":"bytes[]","name":"signatures","type":"bytes[]"}],"name":"deliver","outputs":[],"stateMutability":"nonpayable","type":"function"},
  {"inputs":[{"components":[{"internalType":"uint32","name":"origin","type":"uint32"},{"internalType":"uint64","name":"nonce","type":"uint64"},{"internalType":"uint32","name":"destination","type":"uint32"},{"internalType":"address","name":"sender","type":"address"},{"internalType":"address","name":"receiver","type":"address"},{"internalType":"bytes","name":"body","type":"bytes"}],"internalType":"struct Envelope","name":"envelope","type":"tuple"}],"name":"digestOf","outputs":[{"internalType":"bytes32","name":"","type":"bytes32"}],"stateMutability":"view","type":"function"},
  {"inputs":[],"name":"isConsumingScheduledOp","outputs":[{"internalType":"bytes4","name":"","type":"bytes4"}],"stateMutability":"view","type":"function"},
  {"inputs":[],"name":"localDomain","outputs":[{"internalType":"uint32","name":"","type":"uint32"}],"stateMutability":"view","type":"function"},
  {"inputs":[],"name":"messageCount","outputs":[{"internalType":"uint64","name":"","type":"uint64"}],"stateMutability":"view","type":"function"},
  {"inputs":[{"internalType":"uint32","name":"","type":"uint32"},{"internalType":"address","name":"","type":"address"},{"internalType":"bytes","name":"","type":"bytes"}],"name":"quote","outputs":[{"internalType":"uint256","name":"","type":"uint256"}],"stateMutability":"pure","type":"function"},
  {"inputs":[{"internalType":"uint32","name":"domain","type":"uint32"},{"internalType":"address","name":"receiver","type":"address"},{"internalType":"bytes","name":"body","type":"bytes"}],"name":"send","outputs":[],"stateMutability":"payable","type":"function"},
  {"inputs":[{"internalType":"address","name":"newAuthority","type":"address"}],"name":"setAuthority","outputs":[],"stateMutability":"nonpayable","type":"function"},
  {"inputs":[{"internalType":"uint32","name":"domain","type":"uint32"},{"internalType":"address","name":"counterpart","type":"address"}],"name":"setCounterpart","outputs":[],"stateMutability":"nonpayable","type":"function"},
  {"inputs":[{"internalType":"address[]","name":"signers","type":"address[]"},{"internalType":"uint256","name":"threshold_","type":"uint256"}],"name":"setSigners","outputs":[],"stateMutability":"nonpayable","type":"function"},
  {"inputs":[],"name":"signersOf","outputs":[{"internalType":"address[]","name":"","type":"address[]"}],"stateMutability":"view","type":"function"},
  {"inputs":[],"name":"threshold","outputs":[{"internalType":"uint256","name":"","type":"uint256"}],"stateMutability":"view","type":"function"},
] as const

export const authorityAbi = [
  {"inputs":[{"internalType":"address","name":"initialAdmin","type":"address"},{"internalType":"uint32","name":"minimumDelay_","type":"uint32"}],"stateMutability":"nonpayable","type":"constructor"},
  {"inputs":[{"internalType":"bytes32","name":"operationId","type":"bytes32"}],"name":"AccessManagerAlreadyScheduled","type":"error"},
  {"inputs":[],"name":"AccessManagerBadConfirmation","type":"error"},
  {"inputs":[{"internalType":"bytes32","name":"operationId","type":"bytes32"}],"name":"AccessManagerExpired","type":"error"},
  {"inputs":[{"internalType":"address","name":"initialAdmin","type":"address"}],"name":"AccessManagerInvalidInitialAdmin","type":"error"},
  {"inputs":[{"internalType":"uint64","name":"roleId","type":"uint64"}],"name":"AccessManagerLockedRole","type":"error"},
  {"inputs":[{"internalType":"bytes32","name":"operationId","type":"bytes32"}],"name":"AccessManagerNotReady","type":"error"},
  {"inputs":[{"internalType":"bytes32","name":"operationId","type":"bytes32"}],"name":"AccessManagerNotScheduled","type":"error"},
  {"inputs":[{"internalType":"address","name":"msgsender","type":"address"},{"internalType":"uint64","name":"roleId","type":"uint64"}],"name":"AccessManagerUnauthorizedAccount","type":"error"},
  {"inputs":[{"internalType":"address","name":"caller","type":"address"},{"internalType":"address","name":"target","type":"address"},{"internalType":"bytes4","name":"selector","type":"bytes4"}],"name":"AccessManagerUnauthorizedCall","type":"error"},
  {"inputs":[{"internalType":"address","name":"msgsender","type":"address"},{"internalType":"address","name":"caller","type":"address"},{"internalType":"address","name":"target","type":"address"},{"internalType":"bytes4","name":"selector","type":"bytes4"}],"name":"AccessManagerUnauthorizedCancel","type":"error"},
  {"inputs":[{"internalType":"address","name":"target","type":"address"}],"name":"AccessManagerUnauthorizedConsume","type":"error"},
  {"inputs":[{"internalType":"address","name":"target","type":"address"}],"name":"AddressEmptyCode","type":"error"},
  {"inputs":[{"internalType":"uint64","name":"roleId","type":"uint64"},{"internalType":"uint32","name":"delay","type":"uint32"},{"internalType":"uint32","name":"minimum","type":"uint32"}],"name":"DelayTooShort","type":"error"},
  {"inputs":[],"name":"FailedCall","type":"error"},
  {"inputs":[{"internalType":"uint256","name":"balance","type":"uint256"},{"internalType":"uint256","name":"needed","type":"uint256"}],"name":"InsufficientBalance","type":"error"},
  {"inputs":[{"internalType":"address","name":"guardian","type":"address"}],"name":"LastGuardian","type":"error"},
  {"inputs":[{"internalType":"address","name":"guardian","type":"address"}],"name":"OwnRemoval","type":"error"},
  {"inputs":[{"internalType":"uint8","name":"bits","type":"uint8"},{"internalType":"uint256","name":"value","type":"uint256"}],"name":"SafeCastOverflowedUintDowncast","type":"error"},
  {"anonymous":false,"inputs":[{"indexed":true,"internalType":"bytes32","name":"operationId","type":"bytes32"},{"indexed":true,"internalType":"uint32","name":"nonce","type":"uint32"}],"name":"OperationCanceled","type":"event"},
  {"anonymous":false,"inputs":[{"indexed":true,"internalType":"bytes32","name":"operationId","type":"bytes32"},{"indexed":true,"internalType":"uint32","name":"nonce","type":"uint32"}],"name":"OperationExecuted","type":"event"},
  {"anonymous":false,"inputs":[{"indexed":true,"internalType":"bytes32","name":"operationId","type":"bytes32"},{"indexed":true,"internalType":"uint32","name":"nonce","type":"uint32"},{"indexed":false,"internalType":"uint48","name":"schedule","type":"uint48"},{"indexed":false,"internalType":"address","name":"caller","type":"address"},{"indexed":false,"internalType":"address","name":"target","type":"address"},{"indexed":false,"internalType":"bytes","name":"data","type":"bytes"}],"name":"OperationScheduled","type":"event"},
  {"anonymous":false,"inputs":[{"indexed":true,"internalType":"uint64","name":"roleId","type":"uint64"},{"indexed":true,"internalType":"uint64","name":"admin","type":"uint64"}],"name":"RoleAdminChanged","type":"event"},
  {"anonymous":false,"inputs":[{"indexed":true,"internalType":"uint64","name":"roleId","type":"uint64"},{"indexed":false,"internalType":"uint32","name":"delay","type":"uint32"},{"indexed":false,"internalType":"uint48","name":"since","type":"uint48"}],"name":"RoleGrantDelayChanged","type":"event"},
  {"anonymous":false,"inputs":[{"indexed":true,"internalType":"uint64","name":"roleId","type":"uint64"},{"indexed":true,"internalType":"address","name":"account","type":"address"},{"indexed":false,"internalType":"uint32","name":"delay","type":"uint32"},{"indexed":false,"internalType":"uint48","name":"since","type":"uint48"},{"indexed":false,"internalType":"bool","name":"newMember","type":"bool"}],"name":"RoleGranted","type":"event"},
  {"anonymous":false,"inputs":[{"indexed":true,"internalType":"uint64","name":"roleId","type":"uint64"},{"indexed":true,"internalType":"uint64","name":"guardian","type":"uint64"}],"name":"RoleGuardianChanged","type":"event"},
  {"anonymous":false,"inputs":[{"indexed":true,"internalType":"uint64","name":"roleId","type":"uint64"},{"indexed":false,"internalType":"string","name":"label","type":"string"}],"name":"RoleLabel","type":"event"},
  {"anonymous":false,"inputs":[{"indexed":true,"internalType":"uint64","name":"roleId","type":"uint64"},{"indexed":true,"internalType":"address","name":"account","type":"address"}],"name":"RoleRevoked","type":"event"},
  {"anonymous":false,"inputs":[{"indexed":true,"internalType":"address","name":"target","type":"address"},{"indexed":false,"internalType":"uint32","name":"delay","type":"uint32"},{"indexed":false,"internalType":"uint48","name":"since","type":"uint48"}],"name":"TargetAdminDelayUpdated","type":"event"},
  {"anonymous":false,"inputs":[{"indexed":true,"internalType":"address","name":"target","type":"address"},{"indexed":false,"internalType":"bool","name":"closed","type":"bool"}],"name":"TargetClosed","type":"event"},
  {"anonymous":false,"inputs":[{"indexed":true,"internalType":"address","name":"target","type":"address"},{"indexed":false,"internalType":"bytes4","name":"selector","type":"bytes4"},{"indexed":true,"internalType":"uint64","name":"roleId","type":"uint64"}],"name":"TargetFunctionRoleUpdated","type":"event"},
  {"inputs":[],"name":"ADMIN_ROLE","outputs":[{"internalType":"uint64","name":"","type":"uint64"}],"stateMutability":"view","type":"function"},
  {"inputs":[],"name":"GUARDIAN_ROLE","outputs":[{"internalType":"uint64","name":"","type":"uint64"}],"stateMutability":"view","type":"function"},
  {"inputs":[],"name":"POSTER_ROLE","outputs":[{"internalType":"uint64","name":"","type":"uint64"}],"stateMutability":"view","type":"function"},
  {"inputs":[],"name":"PUBLIC_ROLE","outputs":[{"internalType":"uint64","name":"","type":"uint64"}],"stateMutability":"view","type":"function"},
  {"inputs":[{"internalType":"address","name":"caller","type":"address"},{"internalType":"address","name":"target","type":"address"},{"internalType":"bytes4","name":"selector","type":"bytes4"}],"name":"canCall","outputs":[{"internalType":"bool","name":"immediate","type":"bool"},{"internalType":"uint32","name":"delay","type":"uint32"}],"stateMutability":"view","type":"function"},
  {"inputs":[{"internalType":"address","name":"caller","type":"address"},{"internalType":"address","name":"target","type":"address"},{"internalType":"bytes","name":"data","type":"bytes"}],"name":"cancel","outputs":[{"internalType":"uint32","name":"","type":"uint32"}],"stateMutability":"nonpayable","type":"function"},
  {"inputs":[{"internalType":"address","name":"caller","type":"address"},{"internalType":"bytes","name":"data","type":"bytes"}],"name":"consumeScheduledOp","outputs":[],"stateMutability":"nonpayable","type":"function"},
  {"inputs":[{"internalType":"address","name":"target","type":"address"},{"internalType":"bytes","name":"data","type":"bytes"}],"name":"execute","outputs":[{"internalType":"uint32","name":"","type":"uint32"}],"stateMutability":"payable","type":"function"},
  {"inputs":[],"name":"expiration","outputs":[{"internalType":"uint32","name":"","type":"uint32"}],"stateMutability":"view","type":"function"},
  {"inputs":[{"internalType":"uint64","name":"roleId","type":"uint64"},{"internalType":"address","name":"account","type":"address"}],"name":"getAccess","outputs":[{"internalType":"uint48","name":"since","type":"uint48"},{"internalType":"uint32","name":"currentDelay","type":"uint32"},{"internalType":"uint32","name":"pendingDelay","type":"uint32"},{"internalType":"uint48","name":"effect","type":"uint48"}],"stateMutability":"view","type":"function"},
  {"inputs":[{"internalType":"bytes32","name":"id","type":"bytes32"}],"name":"getNonce","outputs":[{"internalType":"uint32","name":"","type":"uint32"}],"stateMutability":"view","type":"function"},
  {"inputs":[{"internalType":"uint64","name":"roleId","type":"uint64"}],"name":"getRoleAdmin","outputs":[{"internalType":"uint64","name":"","type":"uint64"}],"stateMutability":"view","type":"function"},
  {"inputs":[{"internalType":"uint64","name":"roleId","type":"uint64"}],"name":"getRoleGrantDelay","outputs":[{"internalType":"uint32","name":"","type":"uint32"}],"stateMutability":"view","type":"function"},
  {"inputs":[{"internalType":"uint64","name":"","type":"uint64"}],"name":"getRoleGuardian","outputs":[{"internalType":"uint64","name":"","type":"uint64"}],"stateMutability":"pure","type":"function"},
  {"inputs":[{"internalType":"bytes32","name":"id","type":"bytes32"}],"name":"getSchedule","outputs":[{"internalType":"uint48","name":"","type":"uint48"}],"stateMutability":"view","type":"function"},
  {"inputs":[{"internalType":"address","name":"target","type":"address"}],"name":"getTargetAdminDelay","outputs":[{"internalType":"uint32","name":"","type":"uint32"}],"stateMutability":"view","type":"function"},
  {"inputs":[{"internalType":"address","name":"target","type":"address"},{"internalType":"bytes4","name":"selector","type":"bytes4"}],"name":"getTargetFunctionRole","outputs":[{"internalType":"uint64","name":"","type":"uint64"}],"stateMutability":"view","type":"function"},
  {"inputs":[{"internalType":"uint64","name":"roleId","type":"uint64"},{"internalType":"address","name":"account","type":"address"},{"internalType":"uint32","name":"executionDelay","type":"uint32"}],"name":"grantRole","outputs":[],"stateMutability":"nonpayable","type":"function"},
  {"inputs":[],"name":"guardianCount","outputs":[{"internalType":"uint256","name":"","type":"uint256"}],"stateMutability":"view","type":"function"},
  {"inputs":[{"internalType":"uint64","name":"roleId","type":"uint64"},{"internalType":"address","name":"account","type":"address"}],"name":"hasRole","outputs":[{"internalType":"bool","name":"isMember","type":"bool"},{"internalType":"uint32","name":"executionDelay","type":"uint32"}],"stateMutability":"view","type":"function"},
  {"inputs":[{"internalType":"address","name":"caller","type":"address"},{"internalType":"address","name":"target","type":"address"},{"internalType":"bytes","name":"data","type":"bytes"}],"name":"hashOperation","outputs":[{"internalType":"bytes32","name":"","type":"bytes32"}],"stateMutability":"view","type":"function"},
  {"inputs":[{"internalType":"address","name":"target","type":"address"}],"name":"isTargetClosed","outputs":[{"internalType":"bool","name":"","type":"bool"}],"stateMutability":"view","type":"function"},
  {"inputs":[{"internalType":"uint64","name":"roleId","type":"uint64"},{"internalType":"string","name":"label","type":"string"}],"name":"labelRole","outputs":[],"stateMutability":"nonpayable","type":"function"},
  {"inputs":[],"name":"minSetback","outputs":[{"internalType":"uint32","name":"","type":"uint32"}],"stateMutability":"view","type":"function"},
  {"inputs":[],"name":"minimumDelay","outputs":[{"internalType":"uint32","name":"","type":"uint32"}],"stateMutability":"view","type":"function"},
  {"inputs":[{"internalType":"bytes[]","name":"data","type":"bytes[]"}],"name":"multicall","outputs":[{"internalType":"bytes[]","name":"results","type":"bytes[]"}],"stateMutability":"nonpayable","type":"function"},
  {"inputs":[{"internalType":"uint64","name":"roleId","type":"uint64"},{"internalType":"address","name":"callerConfirmation","type":"address"}],"name":"renounceRole","outputs":[],"stateMutability":"nonpayable","type":"function"},
  {"inputs":[{"internalType":"uint64","name":"roleId","type":"uint64"},{"internalType":"address","name":"account","type":"address"}],"name":"revokeRole","outputs":[],"stateMutability":"nonpayable","type":"function"},
  {"inputs":[{"internalType":"address","name":"target","type":"address"},{"internalType":"bytes","name":"data","type":"bytes"},{"internalType":"uint48","name":"when","type":"uint48"}],"name":"schedule","outputs":[{"internalType":"bytes32","name":"operationId","type":"bytes32"},{"internalType":"uint32","name":"nonce","type":"uint32"}],"stateMutability":"nonpayable","type":"function"},
  {"inputs":[{"internalType":"uint64","name":"roleId","type":"uint64"},{"internalType":"uint32","name":"newDelay","type":"uint32"}],"name":"setGrantDelay","outputs":[],"stateMutability":"nonpayable","type":"function"},
  {"inputs":[{"internalType":"uint64","name":"roleId","type":"uint64"},{"internalType":"uint64","name":"admin","type":"uint64"}],"name":"setRoleAdmin","outputs":[],"stateMutability":"nonpayable","type":"function"},
  {"inputs":[{"internalType":"uint64","name":"roleId","type":"uint64"},{"internalType":"uint64","name":"guardian","type":"uint64"}],"name":"setRoleGuardian","outputs":[],"stateMutability":"nonpayable","type":"function"},
  {"inputs":[{"internalType":"address","name":"target","type":"address"},{"internalType":"uint32","name":"newDelay","type":"uint32"}],"name":"setTargetAdminDelay","outputs":[],"stateMutability":"nonpayable","type":"function"},
  {"inputs":[{"internalType":"address","name":"target","type":"address"},{"internalType":"bool","name":"closed","type":"bool"}],"name":"setTargetClosed","outputs":[],"stateMutability":"nonpayable","type":"function"},
  {"inputs":[{"internalType":"address","name":"target","type":"address"},{"internalType":"bytes4[]","name":"selectors","type":"bytes4[]"},{"internalType":"uint64","name":"roleId","type":"uint64"}],"name":"setTargetFunctionRole","outputs":[],"stateMutability":"nonpayable","type":"function"},
  {"inputs":[{"internalType":"address","name":"target","type":"address"},{"internalType":"address","name":"newAuthority","type":"address"}],"name":"updateAuthority","outputs":[],"stateMutability":"nonpayable","type":"function"},
] as const

export const batchSettlerAbi = [
  {"inputs":[{"internalType":"contract IClearinghouse","name":"clearinghouse_","type":"address"}],"stateMutability":"nonpayable","type":"constructor"},
  {"inputs":[{"internalType":"uint256","name":"length","type":"uint256"},{"internalType":"uint256","name":"limit","type":"uint256"}],"name":"BatchOutOfRange","type":"error"},
  {"anonymous":false,"inputs":[{"indexed":true,"internalType":"uint256","name":"account","type":"uint256"},{"indexed":true,"internalType":"uint64","name":"id","type":"uint64"},{"indexed":false,"internalType":"bytes","name":"reason","type":"bytes"}],"name":"NotSettled","type":"event"},
  {"inputs":[],"name":"MAX_BATCH","outputs":[{"internalType":"uint256","name":"","type":"uint256"}],"stateMutability":"view","type":"function"},
  {"inputs":[],"name":"clearinghouse","outputs":[{"internalType":"contract IClearinghouse","name":"","type":"address"}],"stateMutability":"view","type":"function"},
  {"inputs":[{"internalType":"uint64","name":"id","type":"uint64"},{"internalType":"uint256[]","name":"accounts","type":"uint256[]"}],"name":"settle","outputs":[],"stateMutability":"nonpayable","type":"function"},
] as const

export const chainlinkSourceAbi = [
  {"inputs":[{"internalType":"int256","name":"answer","type":"int256"}],"name":"NoPrice","type":"error"},
  {"inputs":[{"internalType":"string","name":"description","type":"string"}],"name":"QuoteNotUsd","type":"error"},
  {"inputs":[{"internalType":"uint256","name":"actual","type":"uint256"},{"internalType":"uint256","name":"declared","type":"uint256"}],"name":"SourceDecimalsMismatch","type":"error"},
  {"inputs":[{"internalType":"bytes32","name":"data","type":"bytes32"}],"name":"check","outputs":[],"stateMutability":"view","type":"function"},
  {"inputs":[{"internalType":"address","name":"aggregator","type":"address"},{"internalType":"uint8","name":"decimals","type":"uint8"}],"name":"encode","outputs":[{"internalType":"bytes32","name":"","type":"bytes32"}],"stateMutability":"pure","type":"function"},
  {"inputs":[{"internalType":"bytes32","name":"data","type":"bytes32"}],"name":"keepsPast","outputs":[{"internalType":"bool","name":"","type":"bool"}],"stateMutability":"view","type":"function"},
  {"inputs":[{"internalType":"bytes32","name":"data","type":"bytes32"}],"name":"read","outputs":[{"internalType":"uint256","name":"price","type":"uint256"},{"internalType":"uint256","name":"confidence","type":"uint256"},{"internalType":"uint256","name":"time","type":"uint256"},{"internalType":"enum PriceStatus","name":"status","type":"uint8"}],"stateMutability":"view","type":"function"},
  {"inputs":[{"internalType":"bytes32","name":"data","type":"bytes32"},{"internalType":"uint256[]","name":"times","type":"uint256[]"},{"internalType":"uint256","name":"maxAge","type":"uint256"}],"name":"readPast","outputs":[{"internalType":"uint256[]","name":"prices","type":"uint256[]"}],"stateMutability":"view","type":"function"},
  {"inputs":[],"name":"voteOnly","outputs":[{"internalType":"bool","name":"","type":"bool"}],"stateMutability":"pure","type":"function"},
] as const

export const clearinghouseAbi = [
  {"inputs":[{"internalType":"contract IMarginVault","name":"vault_","type":"address"},{"internalType":"contract IExpiries","name":"expiries_","type":"address"},{"internalType":"contract IMarketLosses","name":"losses_","type":"address"},{"internalType":"contract IListingRules","name":"rules_","type":"address"},{"internalType":"address","name":"oracle_","type":"address"},{"internalType":"address","name":"options_","type":"address"},{"internalType":"address","name":"authority_","type":"address"}],"stateMutability":"nonpayable","type":"constructor"},
  {"inputs":[{"internalType":"address","name":"authority","type":"address"}],"name":"AccessManagedInvalidAuthority","type":"error"},
  {"inputs":[{"internalType":"address","name":"caller","type":"address"},{"internalType":"uint32","name":"delay","type":"uint32"}],"name":"AccessManagedRequiredDelay","type":"error"},
  {"inputs":[{"internalType":"address","name":"caller","type":"address"}],"name":"AccessManagedUnauthorized","type":"error"},
  {"inputs":[{"internalType":"uint64","name":"id","type":"uint64"}],"name":"AlreadyListed","type":"error"},
  {"inputs":[{"internalType":"uint64","name":"id","type":"uint64"}],"name":"AlreadySettled","type":"error"},
  {"inputs":[{"internalType":"int256","name":"basis","type":"int256"},{"internalType":"int256","name":"limit","type":"int256"}],"name":"BasisOutOfRange","type":"error"},
  {"inputs":[{"internalType":"uint256","name":"account","type":"uint256"}],"name":"InAuction","type":"error"},
  {"inputs":[{"internalType":"uint64","name":"id","type":"uint64"},{"internalType":"uint256","name":"expiry","type":"uint256"}],"name":"InstrumentExpired","type":"error"},
  {"inputs":[{"internalType":"address","name":"target","type":"address"}],"name":"NotAContract","type":"error"},
  {"inputs":[{"internalType":"address","name":"caller","type":"address"}],"name":"NotModule","type":"error"},
  {"inputs":[{"internalType":"uint256","name":"account","type":"uint256"},{"internalType":"int256","name":"sizeBefore","type":"int256"},{"internalType":"int256","name":"sizeAfter","type":"int256"}],"name":"NotReducing","type":"error"},
  {"inputs":[{"internalType":"uint64","name":"id","type":"uint64"},{"internalType":"uint256","name":"openInterest","type":"uint256"},{"internalType":"uint256","name":"cap","type":"uint256"}],"name":"OpenInterestCapExceeded","type":"error"},
  {"inputs":[],"name":"OperationOpen","type":"error"},
  {"inputs":[{"internalType":"uint256","name":"value","type":"uint256"},{"internalType":"uint256","name":"limit","type":"uint256"}],"name":"ParameterOutOfRange","type":"error"},
  {"inputs":[{"internalType":"uint64","name":"id","type":"uint64"}],"name":"PriceNotCalm","type":"error"},
  {"inputs":[{"internalType":"uint256","name":"feedId","type":"uint256"}],"name":"PriceNotValid","type":"error"},
  {"inputs":[{"internalType":"uint64","name":"id","type":"uint64"}],"name":"ReduceOnlyMarket","type":"error"},
  {"inputs":[{"internalType":"uint8","name":"bits","type":"uint8"},{"internalType":"uint256","name":"value","type":"uint256"}],"name":"SafeCastOverflowedUintDowncast","type":"error"},
  {"inputs":[{"internalType":"uint256","name":"value","type":"uint256"}],"name":"SafeCastOverflowedUintToInt","type":"error"},
  {"inputs":[{"internalType":"uint256","name":"account","type":"uint256"}],"name":"SelfTrade","type":"error"},
  {"inputs":[{"internalType":"int256","name":"size","type":"int256"},{"internalType":"int256","name":"limit","type":"int256"}],"name":"SizeOutOfRange","type":"error"},
  {"inputs":[{"internalType":"uint256","name":"tenor","type":"uint256"},{"internalType":"uint256","name":"limit","type":"uint256"}],"name":"TenorTooLong","type":"error"},
  {"inputs":[{"internalType":"uint256","name":"count","type":"uint256"},{"internalType":"uint256","name":"limit","type":"uint256"}],"name":"TooManyLegs","type":"error"},
  {"inputs":[{"internalType":"uint64","name":"id","type":"uint64"},{"internalType":"uint256","name":"end","type":"uint256"}],"name":"TradingEnded","type":"error"},
  {"inputs":[{"internalType":"uint64","name":"id","type":"uint64"}],"name":"UnknownInstrument","type":"error"},
  {"inputs":[],"name":"ZeroSize","type":"error"},
  {"anonymous":false,"inputs":[{"indexed":false,"internalType":"address","name":"authority","type":"address"}],"name":"AuthorityUpdated","type":"event"},
  {"anonymous":false,"inputs":[{"indexed":true,"internalType":"uint64","name":"id","type":"uint64"},{"indexed":false,"internalType":"int256","name":"fundingIndex","type":"int256"},{"indexed":false,"internalType":"int256","name":"fundingRate","type":"int256"},{"indexed":false,"internalType":"int256","name":"premium","type":"int256"}],"name":"FundingUpdated","type":"event"},
  {"anonymous":false,"inputs":[{"indexed":true,"internalType":"uint64","name":"id","type":"uint64"},{"components":[{"internalType":"uint96","name":"openInterestCap","type":"uint96"},{"internalType":"uint96","name":"fundingDepth","type":"uint96"},{"internalType":"uint24","name":"maxFundingRate","type":"uint24"}],"indexed":false,"internalType":"struct InstrumentConfig","name":"config","type":"tuple"},{"indexed":false,"internalType":"bool","name":"reduceOnly","type":"bool"}],"name":"InstrumentConfigured","type":"event"},
  {"anonymous":false,"inputs":[{"indexed":true,"internalType":"uint64","name":"id","type":"uint64"},{"components":[{"internalType":"uint96","name":"openInterestCap","type":"uint96"},{"internalType":"uint96","name":"fundingDepth","type":"uint96"},{"internalType":"uint24","name":"maxFundingRate","type":"uint24"}],"indexed":false,"internalType":"struct InstrumentConfig","name":"config","type":"tuple"}],"name":"InstrumentListed","type":"event"},
  {"anonymous":false,"inputs":[{"indexed":true,"internalType":"address","name":"exchange","type":"address"},{"indexed":true,"internalType":"address","name":"auction","type":"address"}],"name":"ModulesSet","type":"event"},
  {"anonymous":false,"inputs":[{"indexed":true,"internalType":"address","name":"oracle","type":"address"},{"indexed":true,"internalType":"address","name":"options","type":"address"}],"name":"OraclesSet","type":"event"},
  {"anonymous":false,"inputs":[{"indexed":true,"internalType":"uint256","name":"account","type":"uint256"},{"indexed":true,"internalType":"uint64","name":"id","type":"uint64"},{"indexed":false,"internalType":"int256","name":"size","type":"int256"},{"indexed":false,"internalType":"int256","name":"basis","type":"int256"}],"name":"PositionChanged","type":"event"},
  {"anonymous":false,"inputs":[{"indexed":true,"internalType":"uint64","name":"id","type":"uint64"},{"indexed":false,"internalType":"uint256","name":"until","type":"uint256"}],"name":"ReduceOnlyUntil","type":"event"},
  {"anonymous":false,"inputs":[{"indexed":true,"internalType":"uint256","name":"account","type":"uint256"},{"indexed":true,"internalType":"uint64","name":"id","type":"uint64"},{"indexed":false,"internalType":"int256","name":"amount","type":"int256"},{"indexed":false,"internalType":"uint256","name":"pool","type":"uint256"}],"name":"Settled","type":"event"},
  {"anonymous":false,"inputs":[{"indexed":true,"internalType":"uint64","name":"id","type":"uint64"},{"indexed":false,"internalType":"uint256","name":"average","type":"uint256"}],"name":"SettlementFinished","type":"event"},
  {"anonymous":false,"inputs":[{"indexed":true,"internalType":"uint64","name":"id","type":"uint64"},{"indexed":true,"internalType":"uint256","name":"buyer","type":"uint256"},{"indexed":true,"internalType":"uint256","name":"seller","type":"uint256"},{"indexed":false,"internalType":"uint256","name":"size","type":"uint256"},{"indexed":false,"internalType":"uint256","name":"price","type":"uint256"}],"name":"Traded","type":"event"},
  {"inputs":[],"name":"auction","outputs":[{"internalType":"address","name":"","type":"address"}],"stateMutability":"view","type":"function"},
  {"inputs":[],"name":"authority","outputs":[{"internalType":"address","name":"","type":"address"}],"stateMutability":"view","type":"function"},
  {"inputs":[{"internalType":"uint256","name":"account","type":"uint256"},{"internalType":"uint64","name":"id","type":"uint64"},{"internalType":"uint256","name":"most","type":"uint256"}],"name":"collectShares","outputs":[{"internalType":"uint256","name":"left","type":"uint256"}],"stateMutability":"nonpayable","type":"function"},
  {"inputs":[{"internalType":"uint64","name":"id","type":"uint64"}],"name":"configOf","outputs":[{"components":[{"internalType":"uint96","name":"openInterestCap","type":"uint96"},{"internalType":"uint96","name":"fundingDepth","type":"uint96"},{"internalType":"uint24","name":"maxFundingRate","type":"uint24"}],"internalType":"struct InstrumentConfig","name":"","type":"tuple"}],"stateMutability":"view","type":"function"},
  {"inputs":[{"internalType":"uint64","name":"id","type":"uint64"},{"components":[{"internalType":"uint96","name":"openInterestCap","type":"uint96"},{"internalType":"uint96","name":"fundingDepth","type":"uint96"},{"internalType":"uint24","name":"maxFundingRate","type":"uint24"}],"internalType":"struct InstrumentConfig","name":"config","type":"tuple"},{"internalType":"bool","name":"reduceOnly","type":"bool"}],"name":"configureInstrument","outputs":[],"stateMutability":"nonpayable","type":"function"},
  {"inputs":[],"name":"exchange","outputs":[{"internalType":"address","name":"","type":"address"}],"stateMutability":"view","type":"function"},
  {"inputs":[],"name":"expiries","outputs":[{"internalType":"contract IExpiries","name":"","type":"address"}],"stateMutability":"view","type":"function"},
  {"inputs":[{"internalType":"uint64","name":"id","type":"uint64"}],"name":"finishSettlement","outputs":[],"stateMutability":"nonpayable","type":"function"},
  {"inputs":[{"internalType":"uint256","name":"index","type":"uint256"}],"name":"instrumentAt","outputs":[{"internalType":"uint64","name":"","type":"uint64"}],"stateMutability":"view","type":"function"},
  {"inputs":[],"name":"instrumentCount","outputs":[{"internalType":"uint256","name":"","type":"uint256"}],"stateMutability":"view","type":"function"},
  {"inputs":[],"name":"isConsumingScheduledOp","outputs":[{"internalType":"bytes4","name":"","type":"bytes4"}],"stateMutability":"view","type":"function"},
  {"inputs":[{"internalType":"uint256","name":"account","type":"uint256"}],"name":"legIds","outputs":[{"internalType":"uint64[]","name":"","type":"uint64[]"}],"stateMutability":"view","type":"function"},
  {"inputs":[{"internalType":"uint256","name":"account","type":"uint256"}],"name":"legs","outputs":[{"internalType":"uint256[]","name":"words","type":"uint256[]"}],"stateMutability":"view","type":"function"},
  {"inputs":[{"internalType":"uint256","name":"kind","type":"uint256"},{"internalType":"uint256","name":"underlying","type":"uint256"},{"internalType":"uint256","name":"expiry","type":"uint256"},{"internalType":"uint256","name":"strike","type":"uint256"},{"components":[{"internalType":"uint96","name":"openInterestCap","type":"uint96"},{"internalType":"uint96","name":"fundingDepth","type":"uint96"},{"internalType":"uint24","name":"maxFundingRate","type":"uint24"}],"internalType":"struct InstrumentConfig","name":"config","type":"tuple"}],"name":"list","outputs":[{"internalType":"uint64","name":"id","type":"uint64"}],"stateMutability":"nonpayable","type":"function"},
  {"inputs":[],"name":"losses","outputs":[{"internalType":"contract IMarketLosses","name":"","type":"address"}],"stateMutability":"view","type":"function"},
  {"inputs":[{"internalType":"uint64","name":"id","type":"uint64"}],"name":"marketWord","outputs":[{"internalType":"MarketWord","name":"","type":"uint256"}],"stateMutability":"view","type":"function"},
  {"inputs":[{"internalType":"uint256","name":"from","type":"uint256"},{"internalType":"uint256","name":"to","type":"uint256"},{"internalType":"uint64","name":"id","type":"uint64"},{"internalType":"int256","name":"size","type":"int256"}],"name":"moveAtMark","outputs":[],"stateMutability":"nonpayable","type":"function"},
  {"inputs":[{"internalType":"uint256","name":"from","type":"uint256"},{"internalType":"uint256","name":"to","type":"uint256"},{"internalType":"uint256","name":"fraction","type":"uint256"}],"name":"moveSlice","outputs":[],"stateMutability":"nonpayable","type":"function"},
  {"inputs":[{"internalType":"uint256","name":"account","type":"uint256"}],"name":"nonceOf","outputs":[{"internalType":"uint256","name":"","type":"uint256"}],"stateMutability":"view","type":"function"},
  {"inputs":[{"internalType":"uint64","name":"id","type":"uint64"}],"name":"observeSettlement","outputs":[],"stateMutability":"nonpayable","type":"function"},
  {"inputs":[],"name":"options","outputs":[{"internalType":"address","name":"","type":"address"}],"stateMutability":"view","type":"function"},
  {"inputs":[],"name":"oracle","outputs":[{"internalType":"address","name":"","type":"address"}],"stateMutability":"view","type":"function"},
  {"inputs":[{"internalType":"uint64","name":"id","type":"uint64"}],"name":"poolOf","outputs":[{"internalType":"uint256","name":"","type":"uint256"}],"stateMutability":"view","type":"function"},
  {"inputs":[{"internalType":"uint256","name":"account","type":"uint256"},{"internalType":"uint64","name":"id","type":"uint64"}],"name":"position","outputs":[{"internalType":"int256","name":"size","type":"int256"},{"internalType":"int256","name":"basis","type":"int256"}],"stateMutability":"view","type":"function"},
  {"inputs":[{"internalType":"uint64","name":"id","type":"uint64"}],"name":"premium","outputs":[{"internalType":"int256","name":"","type":"int256"}],"stateMutability":"view","type":"function"},
  {"inputs":[],"name":"rules","outputs":[{"internalType":"contract IListingRules","name":"","type":"address"}],"stateMutability":"view","type":"function"},
  {"inputs":[{"internalType":"address","name":"newAuthority","type":"address"}],"name":"setAuthority","outputs":[],"stateMutability":"nonpayable","type":"function"},
  {"inputs":[{"internalType":"address","name":"exchange_","type":"address"},{"internalType":"address","name":"auction_","type":"address"}],"name":"setModules","outputs":[],"stateMutability":"nonpayable","type":"function"},
  {"inputs":[{"internalType":"address","name":"oracle_","type":"address"},{"internalType":"address","name":"options_","type":"address"}],"name":"setOracles","outputs":[],"stateMutability":"nonpayable","type":"function"},
  {"inputs":[{"internalType":"uint64","name":"id","type":"uint64"},{"internalType":"uint256","name":"duration","type":"uint256"}],"name":"setReduceOnly","outputs":[],"stateMutability":"nonpayable","type":"function"},
  {"inputs":[{"internalType":"uint256","name":"account","type":"uint256"},{"internalType":"uint64[]","name":"ids","type":"uint64[]"}],"name":"settle","outputs":[],"stateMutability":"nonpayable","type":"function"},
  {"inputs":[{"internalType":"uint64","name":"id","type":"uint64"},{"internalType":"uint256","name":"winner","type":"uint256"},{"internalType":"uint256","name":"loser","type":"uint256"}],"name":"settleBetween","outputs":[],"stateMutability":"nonpayable","type":"function"},
  {"inputs":[{"internalType":"uint64","name":"id","type":"uint64"}],"name":"settlementOf","outputs":[{"internalType":"uint256","name":"observations","type":"uint256"},{"internalType":"uint256","name":"average","type":"uint256"},{"internalType":"uint256","name":"finalPrice","type":"uint256"},{"internalType":"bool","name":"finished","type":"bool"}],"stateMutability":"view","type":"function"},
  {"inputs":[{"internalType":"uint256","name":"account","type":"uint256"},{"internalType":"uint64","name":"id","type":"uint64"},{"internalType":"bool","name":"longsPay","type":"bool"},{"internalType":"uint256","name":"amount","type":"uint256"}],"name":"shareLoss","outputs":[],"stateMutability":"nonpayable","type":"function"},
  {"inputs":[{"internalType":"uint64","name":"id","type":"uint64"},{"internalType":"uint256","name":"buyer","type":"uint256"},{"internalType":"uint256","name":"seller","type":"uint256"},{"internalType":"uint256","name":"size","type":"uint256"},{"internalType":"uint256","name":"price","type":"uint256"},{"internalType":"uint256","name":"fee","type":"uint256"},{"internalType":"bool","name":"buyerReduceOnly","type":"bool"},{"internalType":"bool","name":"sellerReduceOnly","type":"bool"}],"name":"trade","outputs":[{"internalType":"uint256","name":"notional","type":"uint256"},{"internalType":"uint256","name":"mark","type":"uint256"},{"internalType":"uint256","name":"index","type":"uint256"},{"internalType":"enum PriceStatus","name":"status","type":"uint8"}],"stateMutability":"nonpayable","type":"function"},
  {"inputs":[],"name":"vault","outputs":[{"internalType":"contract IMarginVault","name":"","type":"address"}],"stateMutability":"view","type":"function"},
] as const

export const collateralHubAbi = [
  {"inputs":[{"internalType":"address","name":"authority","type":"address"},{"internalType":"contract IMarginVault","name":"vault_","type":"address"}],"stateMutability":"nonpayable","type":"constructor"},
  {"inputs":[{"internalType":"address","name":"authority","type":"address"}],"name":"AccessManagedInvalidAuthority","type":"error"},
  {"inputs":[{"internalType":"address","name":"caller","type":"address"},{"internalType":"uint32","name":"delay","type":"uint32"}],"name":"AccessManagedRequiredDelay","type":"error"},
  {"inputs":[{"internalType":"address","name":"caller","type":"address"}],"name":"AccessManagedUnauthorized","type":"error"},
  {"inputs":[{"internalType":"uint256","name":"account","type":"uint256"},{"internalType":"uint256","name":"time","type":"uint256"}],"name":"CreditTooSoon","type":"error"},
  {"inputs":[{"internalType":"uint256","name":"route","type":"uint256"},{"internalType":"uint8","name":"actual","type":"uint8"},{"internalType":"uint8","name":"expected","type":"uint8"}],"name":"DecimalsDiffer","type":"error"},
  {"inputs":[{"internalType":"uint256","name":"gas","type":"uint256"},{"internalType":"uint256","name":"least","type":"uint256"}],"name":"GasTooLow","type":"error"},
  {"inputs":[{"internalType":"uint256","name":"paid","type":"uint256"},{"internalType":"uint256","name":"fee","type":"uint256"}],"name":"MessageFeeTooLow","type":"error"},
  {"inputs":[],"name":"NoRecipient","type":"error"},
  {"inputs":[{"internalType":"uint256","name":"count","type":"uint256"},{"internalType":"uint256","name":"required","type":"uint256"}],"name":"NotConfirmed","type":"error"},
  {"inputs":[{"internalType":"address","name":"caller","type":"address"},{"internalType":"address","name":"owner","type":"address"}],"name":"NotOwner","type":"error"},
  {"inputs":[{"internalType":"address","name":"caller","type":"address"}],"name":"NotReceipt","type":"error"},
  {"inputs":[{"internalType":"address","name":"caller","type":"address"}],"name":"NotSelf","type":"error"},
  {"inputs":[{"internalType":"uint32","name":"domain","type":"uint32"}],"name":"NotSent","type":"error"},
  {"inputs":[{"internalType":"address","name":"caller","type":"address"}],"name":"NotTransport","type":"error"},
  {"inputs":[{"internalType":"uint256","name":"route","type":"uint256"},{"internalType":"uint256","name":"account","type":"uint256"}],"name":"NothingToCredit","type":"error"},
  {"inputs":[{"internalType":"uint256","name":"route","type":"uint256"},{"internalType":"uint256","name":"account","type":"uint256"}],"name":"NothingToReclaim","type":"error"},
  {"inputs":[{"internalType":"uint256","name":"duration","type":"uint256"},{"internalType":"uint256","name":"limit","type":"uint256"}],"name":"PauseTooLong","type":"error"},
  {"inputs":[],"name":"ReentrancyGuardReentrantCall","type":"error"},
  {"inputs":[{"internalType":"uint256","name":"account","type":"uint256"},{"internalType":"uint128","name":"locked","type":"uint128"},{"internalType":"uint128","name":"known","type":"uint128"}],"name":"ReportContradicts","type":"error"},
  {"inputs":[{"internalType":"uint256","name":"account","type":"uint256"},{"internalType":"uint64","name":"sequence","type":"uint64"},{"internalType":"uint64","name":"known","type":"uint64"}],"name":"ReportOutdated","type":"error"},
  {"inputs":[{"internalType":"uint256","name":"account","type":"uint256"},{"internalType":"uint256","name":"open","type":"uint256"}],"name":"ReportTooWeak","type":"error"},
  {"inputs":[{"internalType":"uint256","name":"route","type":"uint256"},{"internalType":"uint256","name":"heardAt","type":"uint256"}],"name":"RouteDead","type":"error"},
  {"inputs":[{"internalType":"uint256","name":"route","type":"uint256"}],"name":"RouteFixed","type":"error"},
  {"inputs":[{"internalType":"uint256","name":"route","type":"uint256"},{"internalType":"uint256","name":"account","type":"uint256"}],"name":"RouteNotAccepted","type":"error"},
  {"inputs":[{"internalType":"uint256","name":"value","type":"uint256"},{"internalType":"uint256","name":"limit","type":"uint256"}],"name":"RouteParameterOutOfRange","type":"error"},
  {"inputs":[{"internalType":"uint256","name":"route","type":"uint256"},{"internalType":"uint256","name":"until","type":"uint256"}],"name":"RoutePaused","type":"error"},
  {"inputs":[{"internalType":"uint256","name":"route","type":"uint256"},{"internalType":"uint256","name":"shortage","type":"uint256"}],"name":"RouteShort","type":"error"},
  {"inputs":[{"internalType":"uint8","name":"bits","type":"uint8"},{"internalType":"int256","name":"value","type":"int256"}],"name":"SafeCastOverflowedIntDowncast","type":"error"},
  {"inputs":[{"internalType":"uint8","name":"bits","type":"uint8"},{"internalType":"uint256","name":"value","type":"uint256"}],"name":"SafeCastOverflowedUintDowncast","type":"error"},
  {"inputs":[{"internalType":"uint256","name":"value","type":"uint256"}],"name":"SafeCastOverflowedUintToInt","type":"error"},
  {"inputs":[{"internalType":"uint32","name":"domain","type":"uint32"},{"internalType":"address","name":"spoke","type":"address"}],"name":"SpokeFixed","type":"error"},
  {"inputs":[{"internalType":"uint256","name":"count","type":"uint256"},{"internalType":"uint256","name":"limit","type":"uint256"}],"name":"TooManyTransports","type":"error"},
  {"inputs":[{"internalType":"uint256","name":"kind","type":"uint256"}],"name":"UnknownKind","type":"error"},
  {"inputs":[{"internalType":"uint256","name":"route","type":"uint256"}],"name":"UnknownRoute","type":"error"},
  {"anonymous":false,"inputs":[{"indexed":false,"internalType":"address","name":"authority","type":"address"}],"name":"AuthorityUpdated","type":"event"},
  {"anonymous":false,"inputs":[{"indexed":true,"internalType":"uint256","name":"route","type":"uint256"},{"indexed":false,"internalType":"uint64","name":"heard","type":"uint64"},{"indexed":false,"internalType":"uint64","name":"time","type":"uint64"}],"name":"BeatReported","type":"event"},
  {"anonymous":false,"inputs":[{"indexed":true,"internalType":"uint256","name":"route","type":"uint256"},{"indexed":true,"internalType":"uint256","name":"account","type":"uint256"},{"indexed":false,"internalType":"bytes","name":"reason","type":"bytes"}],"name":"CreditDeferred","type":"event"},
  {"anonymous":false,"inputs":[{"indexed":true,"internalType":"uint256","name":"route","type":"uint256"},{"indexed":true,"internalType":"uint256","name":"account","type":"uint256"},{"indexed":false,"internalType":"uint256","name":"amount","type":"uint256"}],"name":"Credited","type":"event"},
  {"anonymous":false,"inputs":[{"indexed":true,"internalType":"uint256","name":"route","type":"uint256"},{"indexed":true,"internalType":"uint256","name":"account","type":"uint256"},{"indexed":false,"internalType":"uint128","name":"amount","type":"uint128"}],"name":"ExitSettled","type":"event"},
  {"anonymous":false,"inputs":[{"indexed":true,"internalType":"uint256","name":"route","type":"uint256"},{"indexed":true,"internalType":"uint256","name":"account","type":"uint256"},{"indexed":false,"internalType":"uint64","name":"sequence","type":"uint64"},{"indexed":false,"internalType":"uint128","name":"locked","type":"uint128"},{"indexed":false,"internalType":"bool","name":"isFinal","type":"bool"}],"name":"LockReported","type":"event"},
  {"anonymous":false,"inputs":[{"indexed":true,"internalType":"bytes32","name":"id","type":"bytes32"},{"indexed":true,"internalType":"address","name":"transport","type":"address"},{"indexed":false,"internalType":"uint256","name":"count","type":"uint256"}],"name":"MessageConfirmed","type":"event"},
  {"anonymous":false,"inputs":[{"indexed":true,"internalType":"bytes32","name":"id","type":"bytes32"},{"indexed":false,"internalType":"uint32","name":"domain","type":"uint32"},{"indexed":false,"internalType":"address","name":"sender","type":"address"},{"indexed":false,"internalType":"bytes","name":"reason","type":"bytes"}],"name":"MessageIgnored","type":"event"},
  {"anonymous":false,"inputs":[{"indexed":true,"internalType":"address","name":"transport","type":"address"},{"indexed":false,"internalType":"uint32","name":"domain","type":"uint32"}],"name":"MessageRefused","type":"event"},
  {"anonymous":false,"inputs":[{"indexed":true,"internalType":"uint256","name":"route","type":"uint256"},{"indexed":false,"internalType":"uint128","name":"missing","type":"uint128"}],"name":"MissingAcknowledged","type":"event"},
  {"anonymous":false,"inputs":[{"indexed":true,"internalType":"uint256","name":"route","type":"uint256"},{"indexed":true,"internalType":"uint256","name":"account","type":"uint256"},{"indexed":false,"internalType":"uint256","name":"amount","type":"uint256"}],"name":"Reclaimed","type":"event"},
  {"anonymous":false,"inputs":[{"indexed":true,"internalType":"uint256","name":"route","type":"uint256"},{"indexed":true,"internalType":"address","name":"recipient","type":"address"},{"indexed":false,"internalType":"uint256","name":"burnt","type":"uint256"},{"indexed":false,"internalType":"uint256","name":"amount","type":"uint256"},{"indexed":false,"internalType":"uint256","name":"total","type":"uint256"}],"name":"Redeemed","type":"event"},
  {"anonymous":false,"inputs":[{"indexed":true,"internalType":"uint256","name":"route","type":"uint256"},{"indexed":true,"internalType":"uint256","name":"account","type":"uint256"}],"name":"ReportsForgotten","type":"event"},
  {"anonymous":false,"inputs":[{"indexed":true,"internalType":"uint256","name":"route","type":"uint256"},{"indexed":true,"internalType":"uint256","name":"account","type":"uint256"},{"indexed":false,"internalType":"bool","name":"accepted","type":"bool"}],"name":"RouteAccepted","type":"event"},
  {"anonymous":false,"inputs":[{"indexed":true,"internalType":"uint256","name":"route","type":"uint256"},{"indexed":false,"internalType":"uint256","name":"until","type":"uint256"}],"name":"RoutePausedUntil","type":"event"},
  {"anonymous":false,"inputs":[{"indexed":true,"internalType":"uint256","name":"route","type":"uint256"}],"name":"RouteRevived","type":"event"},
  {"anonymous":false,"inputs":[{"indexed":true,"internalType":"uint256","name":"route","type":"uint256"},{"indexed":true,"internalType":"address","name":"receipt","type":"address"},{"components":[{"internalType":"uint32","name":"domain","type":"uint32"},{"internalType":"address","name":"token","type":"address"},{"internalType":"uint8","name":"decimals","type":"uint8"},{"internalType":"uint8","name":"required","type":"uint8"},{"internalType":"uint32","name":"window","type":"uint32"},{"internalType":"uint32","name":"silentAfter","type":"uint32"},{"internalType":"uint32","name":"deadAfter","type":"uint32"},{"internalType":"uint128","name":"capacity","type":"uint128"},{"internalType":"uint128","name":"cap","type":"uint128"},{"internalType":"uint128","name":"fastCap","type":"uint128"}],"indexed":false,"internalType":"struct RouteConfig","name":"config","type":"tuple"}],"name":"RouteSet","type":"event"},
  {"anonymous":false,"inputs":[{"indexed":true,"internalType":"uint32","name":"domain","type":"uint32"},{"indexed":false,"internalType":"address","name":"spoke","type":"address"}],"name":"SpokeSet","type":"event"},
  {"anonymous":false,"inputs":[{"indexed":true,"internalType":"address","name":"transport","type":"address"},{"indexed":false,"internalType":"enum Standing","name":"standing","type":"uint8"}],"name":"TransportSet","type":"event"},
  {"inputs":[{"internalType":"uint256","name":"route","type":"uint256"},{"internalType":"uint256","name":"account","type":"uint256"},{"internalType":"bool","name":"accepted","type":"bool"}],"name":"accept","outputs":[],"stateMutability":"nonpayable","type":"function"},
  {"inputs":[{"internalType":"uint256","name":"route","type":"uint256"},{"internalType":"uint256","name":"account","type":"uint256"}],"name":"accepts","outputs":[{"internalType":"bool","name":"","type":"bool"}],"stateMutability":"view","type":"function"},
  {"inputs":[{"internalType":"uint256","name":"number","type":"uint256"},{"internalType":"uint128","name":"missing","type":"uint128"}],"name":"acknowledge","outputs":[],"stateMutability":"nonpayable","type":"function"},
  {"inputs":[],"name":"authority","outputs":[{"internalType":"address","name":"","type":"address"}],"stateMutability":"view","type":"function"},
  {"inputs":[{"internalType":"uint256","name":"number","type":"uint256"},{"internalType":"uint256","name":"account","type":"uint256"}],"name":"claimOf","outputs":[{"components":[{"internalType":"uint128","name":"locked","type":"uint128"},{"internalType":"uint128","name":"fastLocked","type":"uint128"},{"internalType":"uint128","name":"credited","type":"uint128"},{"internalType":"uint64","name":"sequence","type":"uint64"},{"internalType":"uint256","name":"waiting","type":"uint256"},{"internalType":"uint256","name":"claimable","type":"uint256"},{"internalType":"uint256","name":"reclaimable","type":"uint256"},{"internalType":"bool","name":"queued","type":"bool"},{"internalType":"uint64","name":"nextCreditAt","type":"uint64"}],"internalType":"struct ClaimView","name":"v","type":"tuple"}],"stateMutability":"view","type":"function"},
  {"inputs":[{"internalType":"uint256","name":"number","type":"uint256"},{"internalType":"uint256","name":"account","type":"uint256"}],"name":"credit","outputs":[{"internalType":"uint256","name":"amount","type":"uint256"}],"stateMutability":"nonpayable","type":"function"},
  {"inputs":[{"internalType":"uint256","name":"number","type":"uint256"},{"internalType":"uint256","name":"account","type":"uint256"},{"internalType":"uint64","name":"sequence","type":"uint64"}],"name":"forget","outputs":[],"stateMutability":"nonpayable","type":"function"},
  {"inputs":[{"internalType":"uint32","name":"domain","type":"uint32"},{"internalType":"bytes","name":"body","type":"bytes"},{"internalType":"uint256","name":"count","type":"uint256"},{"internalType":"bool","name":"fast","type":"bool"}],"name":"handle","outputs":[{"internalType":"bool","name":"","type":"bool"}],"stateMutability":"nonpayable","type":"function"},
  {"inputs":[],"name":"isConsumingScheduledOp","outputs":[{"internalType":"bytes4","name":"","type":"bytes4"}],"stateMutability":"view","type":"function"},
  {"inputs":[{"internalType":"uint32","name":"domain","type":"uint32"}],"name":"messageFee","outputs":[{"internalType":"uint256","name":"","type":"uint256"}],"stateMutability":"view","type":"function"},
  {"inputs":[{"internalType":"uint256","name":"number","type":"uint256"},{"internalType":"uint256","name":"duration","type":"uint256"}],"name":"pauseRoute","outputs":[],"stateMutability":"nonpayable","type":"function"},
  {"inputs":[{"internalType":"uint32","name":"domain","type":"uint32"},{"internalType":"address","name":"sender","type":"address"},{"internalType":"bytes","name":"body","type":"bytes"}],"name":"receiveMessage","outputs":[],"stateMutability":"nonpayable","type":"function"},
  {"inputs":[{"internalType":"uint256","name":"number","type":"uint256"},{"internalType":"uint256","name":"account","type":"uint256"},{"internalType":"address","name":"recipient","type":"address"},{"internalType":"uint256","name":"most","type":"uint256"}],"name":"reclaim","outputs":[{"internalType":"uint256","name":"amount","type":"uint256"}],"stateMutability":"nonpayable","type":"function"},
  {"inputs":[{"internalType":"uint256","name":"number","type":"uint256"},{"internalType":"address","name":"recipient","type":"address"},{"internalType":"uint256","name":"amount","type":"uint256"}],"name":"redeem","outputs":[],"stateMutability":"nonpayable","type":"function"},
  {"inputs":[{"internalType":"uint256","name":"number","type":"uint256"},{"internalType":"address","name":"recipient","type":"address"}],"name":"redeemedOf","outputs":[{"internalType":"uint256","name":"","type":"uint256"}],"stateMutability":"view","type":"function"},
  {"inputs":[{"internalType":"uint256","name":"number","type":"uint256"}],"name":"revive","outputs":[],"stateMutability":"nonpayable","type":"function"},
  {"inputs":[],"name":"routeCount","outputs":[{"internalType":"uint256","name":"","type":"uint256"}],"stateMutability":"view","type":"function"},
  {"inputs":[{"internalType":"uint32","name":"domain","type":"uint32"},{"internalType":"address","name":"token","type":"address"}],"name":"routeNumber","outputs":[{"internalType":"uint256","name":"","type":"uint256"}],"stateMutability":"view","type":"function"},
  {"inputs":[{"internalType":"uint256","name":"number","type":"uint256"}],"name":"routeOf","outputs":[{"components":[{"components":[{"internalType":"uint32","name":"domain","type":"uint32"},{"internalType":"address","name":"token","type":"address"},{"internalType":"uint8","name":"decimals","type":"uint8"},{"internalType":"uint8","name":"required","type":"uint8"},{"internalType":"uint32","name":"window","type":"uint32"},{"internalType":"uint32","name":"silentAfter","type":"uint32"},{"internalType":"uint32","name":"deadAfter","type":"uint32"},{"internalType":"uint128","name":"capacity","type":"uint128"},{"internalType":"uint128","name":"cap","type":"uint128"},{"internalType":"uint128","name":"fastCap","type":"uint128"}],"internalType":"struct RouteConfig","name":"config","type":"tuple"},{"internalType":"address","name":"receipt","type":"address"},{"internalType":"uint256","name":"supply","type":"uint256"},{"internalType":"uint256","name":"credited","type":"uint256"},{"internalType":"uint256","name":"redeemed","type":"uint256"},{"internalType":"uint256","name":"inFlight","type":"uint256"},{"internalType":"uint256","name":"waiting","type":"uint256"},{"internalType":"uint256","name":"fastCredited","type":"uint256"},{"internalType":"uint256","name":"missing","type":"uint256"},{"internalType":"uint256","name":"shortage","type":"uint256"},{"internalType":"uint256","name":"room","type":"uint256"},{"internalType":"uint256","name":"available","type":"uint256"},{"internalType":"uint256","name":"heardAt","type":"uint256"},{"internalType":"uint256","name":"pausedUntil","type":"uint256"},{"internalType":"uint8","name":"decimalsThere","type":"uint8"},{"internalType":"enum PriceStatus","name":"status","type":"uint8"},{"internalType":"uint256","name":"factor","type":"uint256"}],"internalType":"struct RouteView","name":"v","type":"tuple"}],"stateMutability":"view","type":"function"},
  {"inputs":[{"internalType":"uint256","name":"number","type":"uint256"},{"internalType":"uint256","name":"account","type":"uint256"}],"name":"sendAccount","outputs":[],"stateMutability":"payable","type":"function"},
  {"inputs":[{"internalType":"uint32","name":"domain","type":"uint32"}],"name":"sendBeat","outputs":[],"stateMutability":"payable","type":"function"},
  {"inputs":[{"internalType":"uint256","name":"number","type":"uint256"},{"internalType":"address","name":"recipient","type":"address"}],"name":"sendRedemption","outputs":[],"stateMutability":"payable","type":"function"},
  {"inputs":[{"internalType":"address","name":"newAuthority","type":"address"}],"name":"setAuthority","outputs":[],"stateMutability":"nonpayable","type":"function"},
  {"inputs":[{"components":[{"internalType":"uint32","name":"domain","type":"uint32"},{"internalType":"address","name":"token","type":"address"},{"internalType":"uint8","name":"decimals","type":"uint8"},{"internalType":"uint8","name":"required","type":"uint8"},{"internalType":"uint32","name":"window","type":"uint32"},{"internalType":"uint32","name":"silentAfter","type":"uint32"},{"internalType":"uint32","name":"deadAfter","type":"uint32"},{"internalType":"uint128","name":"capacity","type":"uint128"},{"internalType":"uint128","name":"cap","type":"uint128"},{"internalType":"uint128","name":"fastCap","type":"uint128"}],"internalType":"struct RouteConfig","name":"config","type":"tuple"},{"internalType":"string","name":"name","type":"string"},{"internalType":"string","name":"symbol","type":"string"}],"name":"setRoute","outputs":[{"internalType":"uint256","name":"number","type":"uint256"}],"stateMutability":"nonpayable","type":"function"},
  {"inputs":[{"internalType":"uint32","name":"domain","type":"uint32"},{"internalType":"address","name":"spoke","type":"address"}],"name":"setSpoke","outputs":[],"stateMutability":"nonpayable","type":"function"},
  {"inputs":[{"internalType":"contract ITransport","name":"transport","type":"address"},{"internalType":"enum Standing","name":"standing","type":"uint8"}],"name":"setTransport","outputs":[],"stateMutability":"nonpayable","type":"function"},
  {"inputs":[{"internalType":"uint256","name":"number","type":"uint256"},{"internalType":"uint256","name":"account","type":"uint256"},{"internalType":"uint128","name":"amount","type":"uint128"}],"name":"settleExit","outputs":[],"stateMutability":"nonpayable","type":"function"},
  {"inputs":[{"internalType":"uint32","name":"domain","type":"uint32"}],"name":"spokeOf","outputs":[{"internalType":"address","name":"","type":"address"}],"stateMutability":"view","type":"function"},
  {"inputs":[{"internalType":"uint256","name":"number","type":"uint256"}],"name":"standingOf","outputs":[{"internalType":"enum PriceStatus","name":"status","type":"uint8"},{"internalType":"uint256","name":"factor","type":"uint256"}],"stateMutability":"view","type":"function"},
  {"inputs":[],"name":"transportsOf","outputs":[{"internalType":"contract ITransport[]","name":"transports","type":"address[]"},{"internalType":"enum Standing[]","name":"standings","type":"uint8[]"}],"stateMutability":"view","type":"function"},
  {"inputs":[{"internalType":"uint256","name":"number","type":"uint256"}],"name":"unpauseRoute","outputs":[],"stateMutability":"nonpayable","type":"function"},
  {"inputs":[],"name":"vault","outputs":[{"internalType":"contract IMarginVault","name":"","type":"address"}],"stateMutability":"view","type":"function"},
] as const

export const collateralSpokeAbi = [
  {"inputs":[{"internalType":"address","name":"authority","type":"address"},{"internalType":"uint32","name":"hubDomain_","type":"uint32"},{"internalType":"address","name":"hub_","type":"address"},{"internalType":"uint256","name":"exitAfter_","type":"uint256"}],"stateMutability":"nonpayable","type":"constructor"},
  {"inputs":[{"internalType":"address","name":"authority","type":"address"}],"name":"AccessManagedInvalidAuthority","type":"error"},
  {"inputs":[{"internalType":"address","name":"caller","type":"address"},{"internalType":"uint32","name":"delay","type":"uint32"}],"name":"AccessManagedRequiredDelay","type":"error"},
  {"inputs":[{"internalType":"address","name":"caller","type":"address"}],"name":"AccessManagedUnauthorized","type":"error"},
  {"inputs":[{"internalType":"uint256","name":"amount","type":"uint256"},{"internalType":"uint256","name":"least","type":"uint256"}],"name":"AmountTooSmall","type":"error"},
  {"inputs":[{"internalType":"uint256","name":"gas","type":"uint256"},{"internalType":"uint256","name":"least","type":"uint256"}],"name":"GasTooLow","type":"error"},
  {"inputs":[{"internalType":"uint256","name":"heard","type":"uint256"},{"internalType":"uint256","name":"from","type":"uint256"}],"name":"HubAlive","type":"error"},
  {"inputs":[{"internalType":"uint256","name":"paid","type":"uint256"},{"internalType":"uint256","name":"fee","type":"uint256"}],"name":"MessageFeeTooLow","type":"error"},
  {"inputs":[{"internalType":"uint256","name":"account","type":"uint256"}],"name":"NoOwner","type":"error"},
  {"inputs":[],"name":"NoProver","type":"error"},
  {"inputs":[{"internalType":"uint256","name":"count","type":"uint256"},{"internalType":"uint256","name":"required","type":"uint256"}],"name":"NotConfirmed","type":"error"},
  {"inputs":[{"internalType":"address","name":"caller","type":"address"}],"name":"NotSelf","type":"error"},
  {"inputs":[{"internalType":"uint32","name":"domain","type":"uint32"}],"name":"NotSent","type":"error"},
  {"inputs":[{"internalType":"address","name":"caller","type":"address"}],"name":"NotTransport","type":"error"},
  {"inputs":[{"internalType":"address","name":"token","type":"address"},{"internalType":"address","name":"recipient","type":"address"},{"internalType":"uint256","name":"owed","type":"uint256"},{"internalType":"uint256","name":"available","type":"uint256"}],"name":"NothingToPay","type":"error"},
  {"inputs":[{"internalType":"uint256","name":"duration","type":"uint256"},{"internalType":"uint256","name":"limit","type":"uint256"}],"name":"PauseTooLong","type":"error"},
  {"inputs":[{"internalType":"address","name":"token","type":"address"}],"name":"PaymentsStopped","type":"error"},
  {"inputs":[],"name":"ReentrancyGuardReentrantCall","type":"error"},
  {"inputs":[{"internalType":"uint8","name":"bits","type":"uint8"},{"internalType":"uint256","name":"value","type":"uint256"}],"name":"SafeCastOverflowedUintDowncast","type":"error"},
  {"inputs":[{"internalType":"address","name":"token","type":"address"}],"name":"SafeERC20FailedOperation","type":"error"},
  {"inputs":[{"internalType":"uint256","name":"value","type":"uint256"},{"internalType":"uint256","name":"limit","type":"uint256"}],"name":"SpokeParameterOutOfRange","type":"error"},
  {"inputs":[{"internalType":"uint256","name":"until","type":"uint256"}],"name":"SpokePaused","type":"error"},
  {"inputs":[{"internalType":"address","name":"token","type":"address"}],"name":"TokenClosed","type":"error"},
  {"inputs":[{"internalType":"uint256","name":"count","type":"uint256"},{"internalType":"uint256","name":"limit","type":"uint256"}],"name":"TooManyTransports","type":"error"},
  {"inputs":[{"internalType":"uint256","name":"kind","type":"uint256"}],"name":"UnknownKind","type":"error"},
  {"anonymous":false,"inputs":[{"indexed":true,"internalType":"address","name":"token","type":"address"},{"indexed":true,"internalType":"uint256","name":"account","type":"uint256"},{"components":[{"internalType":"uint128","name":"held","type":"uint128"},{"internalType":"uint128","name":"waiting","type":"uint128"},{"internalType":"uint64","name":"time","type":"uint64"},{"internalType":"bool","name":"owes","type":"bool"},{"internalType":"uint256","name":"health","type":"uint256"},{"internalType":"int256","name":"freeMargin","type":"int256"}],"indexed":false,"internalType":"struct RemoteAccount","name":"state","type":"tuple"}],"name":"AccountHeard","type":"event"},
  {"anonymous":false,"inputs":[{"indexed":false,"internalType":"address","name":"authority","type":"address"}],"name":"AuthorityUpdated","type":"event"},
  {"anonymous":false,"inputs":[{"indexed":false,"internalType":"uint8","name":"required","type":"uint8"}],"name":"BeatsRequiredSet","type":"event"},
  {"anonymous":false,"inputs":[{"indexed":true,"internalType":"address","name":"token","type":"address"},{"indexed":true,"internalType":"uint256","name":"account","type":"uint256"},{"indexed":true,"internalType":"address","name":"recipient","type":"address"},{"indexed":false,"internalType":"uint256","name":"amount","type":"uint256"}],"name":"Exited","type":"event"},
  {"anonymous":false,"inputs":[{"indexed":true,"internalType":"address","name":"token","type":"address"},{"indexed":true,"internalType":"uint256","name":"account","type":"uint256"},{"indexed":true,"internalType":"address","name":"from","type":"address"},{"indexed":false,"internalType":"uint256","name":"amount","type":"uint256"},{"indexed":false,"internalType":"uint256","name":"locked","type":"uint256"},{"indexed":false,"internalType":"uint64","name":"sequence","type":"uint64"}],"name":"Locked","type":"event"},
  {"anonymous":false,"inputs":[{"indexed":true,"internalType":"bytes32","name":"id","type":"bytes32"},{"indexed":true,"internalType":"address","name":"transport","type":"address"},{"indexed":false,"internalType":"uint256","name":"count","type":"uint256"}],"name":"MessageConfirmed","type":"event"},
  {"anonymous":false,"inputs":[{"indexed":true,"internalType":"bytes32","name":"id","type":"bytes32"},{"indexed":false,"internalType":"uint32","name":"domain","type":"uint32"},{"indexed":false,"internalType":"address","name":"sender","type":"address"},{"indexed":false,"internalType":"bytes","name":"reason","type":"bytes"}],"name":"MessageIgnored","type":"event"},
  {"anonymous":false,"inputs":[{"indexed":true,"internalType":"address","name":"transport","type":"address"},{"indexed":false,"internalType":"uint32","name":"domain","type":"uint32"}],"name":"MessageRefused","type":"event"},
  {"anonymous":false,"inputs":[{"indexed":true,"internalType":"address","name":"token","type":"address"},{"indexed":true,"internalType":"address","name":"recipient","type":"address"},{"indexed":false,"internalType":"uint256","name":"amount","type":"uint256"}],"name":"Paid","type":"event"},
  {"anonymous":false,"inputs":[{"indexed":true,"internalType":"address","name":"token","type":"address"},{"indexed":true,"internalType":"address","name":"recipient","type":"address"},{"indexed":false,"internalType":"bytes","name":"reason","type":"bytes"}],"name":"PaymentDeferred","type":"event"},
  {"anonymous":false,"inputs":[{"indexed":true,"internalType":"address","name":"token","type":"address"}],"name":"PaymentsResumed","type":"event"},
  {"anonymous":false,"inputs":[{"indexed":true,"internalType":"address","name":"prover","type":"address"},{"indexed":false,"internalType":"uint64","name":"proveAfter","type":"uint64"}],"name":"ProverSet","type":"event"},
  {"anonymous":false,"inputs":[{"indexed":true,"internalType":"address","name":"token","type":"address"},{"indexed":true,"internalType":"address","name":"recipient","type":"address"},{"indexed":false,"internalType":"uint256","name":"redeemed","type":"uint256"}],"name":"RedemptionCancelled","type":"event"},
  {"anonymous":false,"inputs":[{"indexed":true,"internalType":"address","name":"token","type":"address"},{"indexed":true,"internalType":"address","name":"recipient","type":"address"},{"indexed":false,"internalType":"uint256","name":"redeemed","type":"uint256"}],"name":"RedemptionHeard","type":"event"},
  {"anonymous":false,"inputs":[{"indexed":true,"internalType":"address","name":"token","type":"address"},{"indexed":true,"internalType":"address","name":"recipient","type":"address"},{"indexed":false,"internalType":"uint256","name":"redeemed","type":"uint256"}],"name":"RedemptionProved","type":"event"},
  {"anonymous":false,"inputs":[{"indexed":true,"internalType":"address","name":"token","type":"address"},{"indexed":true,"internalType":"uint256","name":"account","type":"uint256"},{"indexed":true,"internalType":"address","name":"recipient","type":"address"},{"indexed":false,"internalType":"uint256","name":"amount","type":"uint256"}],"name":"RedemptionSettled","type":"event"},
  {"anonymous":false,"inputs":[{"indexed":false,"internalType":"uint256","name":"until","type":"uint256"}],"name":"SpokePausedUntil","type":"event"},
  {"anonymous":false,"inputs":[{"indexed":true,"internalType":"address","name":"token","type":"address"},{"components":[{"internalType":"bool","name":"open","type":"bool"},{"internalType":"uint8","name":"required","type":"uint8"},{"internalType":"uint32","name":"window","type":"uint32"},{"internalType":"uint128","name":"capacity","type":"uint128"},{"internalType":"uint128","name":"least","type":"uint128"}],"indexed":false,"internalType":"struct SpokeToken","name":"config","type":"tuple"}],"name":"SpokeTokenSet","type":"event"},
  {"anonymous":false,"inputs":[{"indexed":true,"internalType":"address","name":"transport","type":"address"},{"indexed":false,"internalType":"enum Standing","name":"standing","type":"uint8"}],"name":"TransportSet","type":"event"},
  {"inputs":[{"internalType":"address","name":"token","type":"address"},{"internalType":"uint256","name":"account","type":"uint256"}],"name":"accountOf","outputs":[{"components":[{"internalType":"uint128","name":"held","type":"uint128"},{"internalType":"uint128","name":"waiting","type":"uint128"},{"internalType":"uint64","name":"time","type":"uint64"},{"internalType":"bool","name":"owes","type":"bool"},{"internalType":"uint256","name":"health","type":"uint256"},{"internalType":"int256","name":"freeMargin","type":"int256"}],"internalType":"struct RemoteAccount","name":"","type":"tuple"}],"stateMutability":"view","type":"function"},
  {"inputs":[],"name":"authority","outputs":[{"internalType":"address","name":"","type":"address"}],"stateMutability":"view","type":"function"},
  {"inputs":[{"internalType":"address","name":"token","type":"address"}],"name":"beat","outputs":[],"stateMutability":"payable","type":"function"},
  {"inputs":[],"name":"beatsRequired","outputs":[{"internalType":"uint8","name":"","type":"uint8"}],"stateMutability":"view","type":"function"},
  {"inputs":[{"internalType":"address","name":"token","type":"address"},{"internalType":"address","name":"recipient","type":"address"}],"name":"cancelRedemption","outputs":[],"stateMutability":"nonpayable","type":"function"},
  {"inputs":[],"name":"exitAfter","outputs":[{"internalType":"uint256","name":"","type":"uint256"}],"stateMutability":"view","type":"function"},
  {"inputs":[{"internalType":"address","name":"token","type":"address"},{"internalType":"uint256","name":"account","type":"uint256"},{"internalType":"address","name":"recipient","type":"address"},{"internalType":"uint256","name":"amount","type":"uint256"}],"name":"exitFor","outputs":[],"stateMutability":"nonpayable","type":"function"},
  {"inputs":[{"internalType":"uint32","name":"domain","type":"uint32"},{"internalType":"bytes","name":"body","type":"bytes"},{"internalType":"uint256","name":"count","type":"uint256"},{"internalType":"bool","name":"fast","type":"bool"}],"name":"handle","outputs":[{"internalType":"bool","name":"","type":"bool"}],"stateMutability":"nonpayable","type":"function"},
  {"inputs":[],"name":"heard","outputs":[{"internalType":"uint64","name":"","type":"uint64"}],"stateMutability":"view","type":"function"},
  {"inputs":[],"name":"hub","outputs":[{"internalType":"address","name":"","type":"address"}],"stateMutability":"view","type":"function"},
  {"inputs":[],"name":"hubDomain","outputs":[{"internalType":"uint32","name":"","type":"uint32"}],"stateMutability":"view","type":"function"},
  {"inputs":[],"name":"isConsumingScheduledOp","outputs":[{"internalType":"bytes4","name":"","type":"bytes4"}],"stateMutability":"view","type":"function"},
  {"inputs":[{"internalType":"address","name":"token","type":"address"},{"internalType":"uint256","name":"amount","type":"uint256"},{"internalType":"uint256","name":"account","type":"uint256"}],"name":"lock","outputs":[{"internalType":"uint256","name":"","type":"uint256"}],"stateMutability":"payable","type":"function"},
  {"inputs":[{"internalType":"address","name":"token","type":"address"},{"internalType":"uint256","name":"account","type":"uint256"}],"name":"lockOf","outputs":[{"internalType":"uint256","name":"locked","type":"uint256"},{"internalType":"uint256","name":"exited","type":"uint256"},{"internalType":"uint64","name":"sequence","type":"uint64"}],"stateMutability":"view","type":"function"},
  {"inputs":[{"internalType":"address","name":"token","type":"address"},{"internalType":"uint256","name":"amount","type":"uint256"},{"internalType":"uint256","name":"account","type":"uint256"},{"internalType":"uint256","name":"deadline","type":"uint256"},{"internalType":"uint8","name":"v","type":"uint8"},{"internalType":"bytes32","name":"r","type":"bytes32"},{"internalType":"bytes32","name":"s","type":"bytes32"}],"name":"lockWithPermit","outputs":[{"internalType":"uint256","name":"","type":"uint256"}],"stateMutability":"payable","type":"function"},
  {"inputs":[{"internalType":"uint32","name":"domain","type":"uint32"}],"name":"messageFee","outputs":[{"internalType":"uint256","name":"","type":"uint256"}],"stateMutability":"view","type":"function"},
  {"inputs":[{"internalType":"uint256","name":"duration","type":"uint256"}],"name":"pause","outputs":[],"stateMutability":"nonpayable","type":"function"},
  {"inputs":[],"name":"pausedUntil","outputs":[{"internalType":"uint64","name":"","type":"uint64"}],"stateMutability":"view","type":"function"},
  {"inputs":[{"internalType":"address","name":"token","type":"address"},{"internalType":"address","name":"recipient","type":"address"}],"name":"pay","outputs":[{"internalType":"uint256","name":"amount","type":"uint256"}],"stateMutability":"nonpayable","type":"function"},
  {"inputs":[],"name":"proveAfter","outputs":[{"internalType":"uint64","name":"","type":"uint64"}],"stateMutability":"view","type":"function"},
  {"inputs":[{"internalType":"address","name":"token","type":"address"},{"internalType":"address","name":"recipient","type":"address"},{"components":[{"internalType":"bytes","name":"header","type":"bytes"},{"internalType":"bytes[]","name":"account","type":"bytes[]"},{"internalType":"bytes[]","name":"word","type":"bytes[]"}],"internalType":"struct RedemptionProof","name":"proof","type":"tuple"}],"name":"proveRedemption","outputs":[],"stateMutability":"nonpayable","type":"function"},
  {"inputs":[],"name":"prover","outputs":[{"internalType":"contract IRedemptionProver","name":"","type":"address"}],"stateMutability":"view","type":"function"},
  {"inputs":[{"internalType":"uint32","name":"domain","type":"uint32"},{"internalType":"address","name":"sender","type":"address"},{"internalType":"bytes","name":"body","type":"bytes"}],"name":"receiveMessage","outputs":[],"stateMutability":"nonpayable","type":"function"},
  {"inputs":[{"internalType":"address","name":"token","type":"address"},{"internalType":"address","name":"recipient","type":"address"}],"name":"redemptionOf","outputs":[{"internalType":"uint256","name":"redeemed","type":"uint256"},{"internalType":"uint256","name":"paid","type":"uint256"}],"stateMutability":"view","type":"function"},
  {"inputs":[{"internalType":"address","name":"token","type":"address"},{"internalType":"uint256","name":"account","type":"uint256"}],"name":"report","outputs":[],"stateMutability":"payable","type":"function"},
  {"inputs":[{"internalType":"address","name":"token","type":"address"}],"name":"resume","outputs":[],"stateMutability":"nonpayable","type":"function"},
  {"inputs":[{"internalType":"address","name":"newAuthority","type":"address"}],"name":"setAuthority","outputs":[],"stateMutability":"nonpayable","type":"function"},
  {"inputs":[{"internalType":"uint8","name":"required","type":"uint8"}],"name":"setBeatsRequired","outputs":[],"stateMutability":"nonpayable","type":"function"},
  {"inputs":[{"internalType":"contract IRedemptionProver","name":"prover_","type":"address"},{"internalType":"uint64","name":"proveAfter_","type":"uint64"}],"name":"setProver","outputs":[],"stateMutability":"nonpayable","type":"function"},
  {"inputs":[{"internalType":"address","name":"token","type":"address"},{"components":[{"internalType":"bool","name":"open","type":"bool"},{"internalType":"uint8","name":"required","type":"uint8"},{"internalType":"uint32","name":"window","type":"uint32"},{"internalType":"uint128","name":"capacity","type":"uint128"},{"internalType":"uint128","name":"least","type":"uint128"}],"internalType":"struct SpokeToken","name":"config","type":"tuple"}],"name":"setToken","outputs":[],"stateMutability":"nonpayable","type":"function"},
  {"inputs":[{"internalType":"contract ITransport","name":"transport","type":"address"},{"internalType":"enum Standing","name":"standing","type":"uint8"}],"name":"setTransport","outputs":[],"stateMutability":"nonpayable","type":"function"},
  {"inputs":[{"internalType":"address","name":"token","type":"address"},{"internalType":"uint256","name":"account","type":"uint256"},{"internalType":"address","name":"recipient","type":"address"},{"internalType":"uint128","name":"amount","type":"uint128"}],"name":"settleRedemption","outputs":[],"stateMutability":"nonpayable","type":"function"},
  {"inputs":[{"internalType":"address","name":"token","type":"address"}],"name":"tokenConfig","outputs":[{"components":[{"internalType":"bool","name":"open","type":"bool"},{"internalType":"uint8","name":"required","type":"uint8"},{"internalType":"uint32","name":"window","type":"uint32"},{"internalType":"uint128","name":"capacity","type":"uint128"},{"internalType":"uint128","name":"least","type":"uint128"}],"internalType":"struct SpokeToken","name":"","type":"tuple"}],"stateMutability":"view","type":"function"},
  {"inputs":[{"internalType":"address","name":"token","type":"address"}],"name":"totalsOf","outputs":[{"components":[{"internalType":"uint128","name":"locked","type":"uint128"},{"internalType":"uint128","name":"paid","type":"uint128"},{"internalType":"uint128","name":"exited","type":"uint128"},{"internalType":"uint128","name":"owed","type":"uint128"},{"internalType":"uint256","name":"available","type":"uint256"}],"internalType":"struct SpokeTotals","name":"","type":"tuple"}],"stateMutability":"view","type":"function"},
  {"inputs":[],"name":"transportsOf","outputs":[{"internalType":"contract ITransport[]","name":"transports","type":"address[]"},{"internalType":"enum Standing[]","name":"standings","type":"uint8[]"}],"stateMutability":"view","type":"function"},
  {"inputs":[],"name":"unpause","outputs":[],"stateMutability":"nonpayable","type":"function"},
] as const

export const exchangeAbi = [
  {"inputs":[{"internalType":"contract IMarginVault","name":"vault_","type":"address"},{"internalType":"contract IClearinghouse","name":"clearinghouse_","type":"address"},{"internalType":"address","name":"authority_","type":"address"}],"stateMutability":"nonpayable","type":"constructor"},
  {"inputs":[{"internalType":"address","name":"authority","type":"address"}],"name":"AccessManagedInvalidAuthority","type":"error"},
  {"inputs":[{"internalType":"address","name":"caller","type":"address"},{"internalType":"uint32","name":"delay","type":"uint32"}],"name":"AccessManagedRequiredDelay","type":"error"},
  {"inputs":[{"internalType":"address","name":"caller","type":"address"}],"name":"AccessManagedUnauthorized","type":"error"},
  {"inputs":[{"internalType":"bytes32","name":"orderHash","type":"bytes32"},{"internalType":"address","name":"signer","type":"address"}],"name":"BadSignature","type":"error"},
  {"inputs":[{"internalType":"uint256","name":"account","type":"uint256"},{"internalType":"uint256","name":"owed","type":"uint256"},{"internalType":"uint256","name":"has","type":"uint256"}],"name":"DebtsNotCovered","type":"error"},
  {"inputs":[{"internalType":"bytes32","name":"orderHash","type":"bytes32"},{"internalType":"uint64","name":"epoch","type":"uint64"},{"internalType":"uint64","name":"current","type":"uint64"}],"name":"EpochOver","type":"error"},
  {"inputs":[{"internalType":"uint256","name":"fee","type":"uint256"},{"internalType":"uint256","name":"cap","type":"uint256"}],"name":"FeeAboveCap","type":"error"},
  {"inputs":[],"name":"InvalidShortString","type":"error"},
  {"inputs":[{"internalType":"uint256","name":"account","type":"uint256"},{"internalType":"uint256","name":"nonce","type":"uint256"},{"internalType":"uint256","name":"minimum","type":"uint256"}],"name":"NonceTooLow","type":"error"},
  {"inputs":[{"internalType":"address","name":"caller","type":"address"},{"internalType":"uint256","name":"account","type":"uint256"},{"internalType":"uint8","name":"permission","type":"uint8"}],"name":"NotAuthorised","type":"error"},
  {"inputs":[{"internalType":"bytes32","name":"orderHash","type":"bytes32"},{"internalType":"uint256","name":"time","type":"uint256"},{"internalType":"uint256","name":"expiry","type":"uint256"}],"name":"OrderExpired","type":"error"},
  {"inputs":[{"internalType":"bytes32","name":"orderHash","type":"bytes32"}],"name":"OrderVoid","type":"error"},
  {"inputs":[{"internalType":"uint64","name":"maker","type":"uint64"},{"internalType":"uint64","name":"taker","type":"uint64"}],"name":"OrdersDoNotMatch","type":"error"},
  {"inputs":[{"internalType":"bytes32","name":"orderHash","type":"bytes32"},{"internalType":"uint256","name":"size","type":"uint256"},{"internalType":"uint256","name":"remaining","type":"uint256"}],"name":"OverFill","type":"error"},
  {"inputs":[{"internalType":"uint256","name":"value","type":"uint256"},{"internalType":"uint256","name":"limit","type":"uint256"}],"name":"ParameterOutOfRange","type":"error"},
  {"inputs":[{"internalType":"uint256","name":"makerPrice","type":"uint256"},{"internalType":"uint256","name":"takerLimit","type":"uint256"}],"name":"PriceNotCrossed","type":"error"},
  {"inputs":[{"internalType":"uint256","name":"feedId","type":"uint256"}],"name":"PriceNotValid","type":"error"},
  {"inputs":[{"internalType":"uint256","name":"price","type":"uint256"},{"internalType":"uint256","name":"low","type":"uint256"},{"internalType":"uint256","name":"high","type":"uint256"}],"name":"PriceOutsideBand","type":"error"},
  {"inputs":[],"name":"SameSide","type":"error"},
  {"inputs":[{"internalType":"string","name":"str","type":"string"}],"name":"StringTooLong","type":"error"},
  {"inputs":[],"name":"ZeroSize","type":"error"},
  {"anonymous":false,"inputs":[{"indexed":false,"internalType":"address","name":"authority","type":"address"}],"name":"AuthorityUpdated","type":"event"},
  {"anonymous":false,"inputs":[{"indexed":true,"internalType":"bytes32","name":"orderHash","type":"bytes32"},{"indexed":true,"internalType":"uint256","name":"account","type":"uint256"}],"name":"Cancelled","type":"event"},
  {"anonymous":false,"inputs":[{"indexed":true,"internalType":"uint256","name":"account","type":"uint256"},{"indexed":false,"internalType":"uint256","name":"minimumNonce","type":"uint256"}],"name":"CancelledAll","type":"event"},
  {"anonymous":false,"inputs":[],"name":"EIP712DomainChanged","type":"event"},
  {"anonymous":false,"inputs":[{"indexed":true,"internalType":"bytes32","name":"makerHash","type":"bytes32"},{"indexed":true,"internalType":"bytes32","name":"takerHash","type":"bytes32"},{"indexed":true,"internalType":"uint64","name":"instrument","type":"uint64"},{"indexed":false,"internalType":"uint256","name":"maker","type":"uint256"},{"indexed":false,"internalType":"uint256","name":"taker","type":"uint256"},{"indexed":false,"internalType":"int256","name":"takerSize","type":"int256"},{"indexed":false,"internalType":"uint256","name":"price","type":"uint256"},{"indexed":false,"internalType":"uint256","name":"makerFee","type":"uint256"},{"indexed":false,"internalType":"uint256","name":"takerFee","type":"uint256"}],"name":"Filled","type":"event"},
  {"anonymous":false,"inputs":[{"indexed":true,"internalType":"uint256","name":"underlying","type":"uint256"},{"components":[{"internalType":"uint24","name":"makerFee","type":"uint24"},{"internalType":"uint24","name":"takerFee","type":"uint24"},{"internalType":"uint24","name":"priceBand","type":"uint24"}],"indexed":false,"internalType":"struct MarketRules","name":"rules","type":"tuple"}],"name":"RulesSet","type":"event"},
  {"inputs":[],"name":"MAX_FEE","outputs":[{"internalType":"uint256","name":"","type":"uint256"}],"stateMutability":"view","type":"function"},
  {"inputs":[],"name":"MAX_PRICE_BAND","outputs":[{"internalType":"uint256","name":"","type":"uint256"}],"stateMutability":"view","type":"function"},
  {"inputs":[],"name":"authority","outputs":[{"internalType":"address","name":"","type":"address"}],"stateMutability":"view","type":"function"},
  {"inputs":[{"components":[{"internalType":"uint256","name":"account","type":"uint256"},{"internalType":"address","name":"signer","type":"address"},{"internalType":"uint64","name":"instrument","type":"uint64"},{"internalType":"int256","name":"size","type":"int256"},{"internalType":"uint256","name":"limitPrice","type":"uint256"},{"internalType":"uint256","name":"maxFee","type":"uint256"},{"internalType":"uint256","name":"expiry","type":"uint256"},{"internalType":"uint256","name":"nonce","type":"uint256"},{"internalType":"uint64","name":"epoch","type":"uint64"},{"internalType":"bool","name":"reduceOnly","type":"bool"}],"internalType":"struct Order","name":"order","type":"tuple"}],"name":"cancel","outputs":[],"stateMutability":"nonpayable","type":"function"},
  {"inputs":[{"internalType":"uint256","name":"account","type":"uint256"},{"internalType":"uint256","name":"minimumNonce","type":"uint256"}],"name":"cancelAll","outputs":[],"stateMutability":"nonpayable","type":"function"},
  {"inputs":[],"name":"clearinghouse","outputs":[{"internalType":"contract IClearinghouse","name":"","type":"address"}],"stateMutability":"view","type":"function"},
  {"inputs":[],"name":"eip712Domain","outputs":[{"internalType":"bytes1","name":"fields","type":"bytes1"},{"internalType":"string","name":"name","type":"string"},{"internalType":"string","name":"version","type":"string"},{"internalType":"uint256","name":"chainId","type":"uint256"},{"internalType":"address","name":"verifyingContract","type":"address"},{"internalType":"bytes32","name":"salt","type":"bytes32"},{"internalType":"uint256[]","name":"extensions","type":"uint256[]"}],"stateMutability":"view","type":"function"},
  {"inputs":[{"components":[{"internalType":"uint256","name":"account","type":"uint256"},{"internalType":"address","name":"signer","type":"address"},{"internalType":"uint64","name":"instrument","type":"uint64"},{"internalType":"int256","name":"size","type":"int256"},{"internalType":"uint256","name":"limitPrice","type":"uint256"},{"internalType":"uint256","name":"maxFee","type":"uint256"},{"internalType":"uint256","name":"expiry","type":"uint256"},{"internalType":"uint256","name":"nonce","type":"uint256"},{"internalType":"uint64","name":"epoch","type":"uint64"},{"internalType":"bool","name":"reduceOnly","type":"bool"}],"internalType":"struct Order","name":"maker","type":"tuple"},{"internalType":"bytes","name":"makerSignature","type":"bytes"},{"components":[{"internalType":"uint256","name":"account","type":"uint256"},{"internalType":"address","name":"signer","type":"address"},{"internalType":"uint64","name":"instrument","type":"uint64"},{"internalType":"int256","name":"size","type":"int256"},{"internalType":"uint256","name":"limitPrice","type":"uint256"},{"internalType":"uint256","name":"maxFee","type":"uint256"},{"internalType":"uint256","name":"expiry","type":"uint256"},{"internalType":"uint256","name":"nonce","type":"uint256"},{"internalType":"uint64","name":"epoch","type":"uint64"},{"internalType":"bool","name":"reduceOnly","type":"bool"}],"internalType":"struct Order","name":"taker","type":"tuple"},{"internalType":"bytes","name":"takerSignature","type":"bytes"},{"internalType":"uint256","name":"size","type":"uint256"}],"name":"fill","outputs":[],"stateMutability":"nonpayable","type":"function"},
  {"inputs":[{"internalType":"bytes32","name":"orderHash","type":"bytes32"}],"name":"filledOf","outputs":[{"internalType":"uint256","name":"","type":"uint256"}],"stateMutability":"view","type":"function"},
  {"inputs":[{"components":[{"internalType":"uint256","name":"account","type":"uint256"},{"internalType":"address","name":"signer","type":"address"},{"internalType":"uint64","name":"instrument","type":"uint64"},{"internalType":"int256","name":"size","type":"int256"},{"internalType":"uint256","name":"limitPrice","type":"uint256"},{"internalType":"uint256","name":"maxFee","type":"uint256"},{"internalType":"uint256","name":"expiry","type":"uint256"},{"internalType":"uint256","name":"nonce","type":"uint256"},{"internalType":"uint64","name":"epoch","type":"uint64"},{"internalType":"bool","name":"reduceOnly","type":"bool"}],"internalType":"struct Order","name":"order","type":"tuple"}],"name":"hashOrder","outputs":[{"internalType":"bytes32","name":"","type":"bytes32"}],"stateMutability":"view","type":"function"},
  {"inputs":[],"name":"isConsumingScheduledOp","outputs":[{"internalType":"bytes4","name":"","type":"bytes4"}],"stateMutability":"view","type":"function"},
  {"inputs":[{"internalType":"uint256","name":"account","type":"uint256"}],"name":"minimumNonceOf","outputs":[{"internalType":"uint256","name":"","type":"uint256"}],"stateMutability":"view","type":"function"},
  {"inputs":[{"internalType":"uint256","name":"underlying","type":"uint256"}],"name":"rulesOf","outputs":[{"components":[{"internalType":"uint24","name":"makerFee","type":"uint24"},{"internalType":"uint24","name":"takerFee","type":"uint24"},{"internalType":"uint24","name":"priceBand","type":"uint24"}],"internalType":"struct MarketRules","name":"","type":"tuple"}],"stateMutability":"view","type":"function"},
  {"inputs":[{"internalType":"address","name":"newAuthority","type":"address"}],"name":"setAuthority","outputs":[],"stateMutability":"nonpayable","type":"function"},
  {"inputs":[{"internalType":"uint256","name":"underlying","type":"uint256"},{"components":[{"internalType":"uint24","name":"makerFee","type":"uint24"},{"internalType":"uint24","name":"takerFee","type":"uint24"},{"internalType":"uint24","name":"priceBand","type":"uint24"}],"internalType":"struct MarketRules","name":"rules","type":"tuple"}],"name":"setRules","outputs":[],"stateMutability":"nonpayable","type":"function"},
  {"inputs":[],"name":"vault","outputs":[{"internalType":"contract IMarginVault","name":"","type":"address"}],"stateMutability":"view","type":"function"},
] as const

export const expiriesAbi = [
  {"inputs":[{"internalType":"contract IMarginVault","name":"vault_","type":"address"}],"stateMutability":"nonpayable","type":"constructor"},
  {"inputs":[{"internalType":"uint64","name":"id","type":"uint64"},{"internalType":"uint256","name":"average","type":"uint256"}],"name":"AverageKnown","type":"error"},
  {"inputs":[{"internalType":"address","name":"caller","type":"address"}],"name":"NotModule","type":"error"},
  {"inputs":[{"internalType":"uint64","name":"id","type":"uint64"},{"internalType":"uint256","name":"time","type":"uint256"},{"internalType":"uint256","name":"earliest","type":"uint256"}],"name":"ObservedAlready","type":"error"},
  {"inputs":[{"internalType":"uint64","name":"id","type":"uint64"},{"internalType":"uint256","name":"observations","type":"uint256"}],"name":"ObservedEnough","type":"error"},
  {"inputs":[{"internalType":"uint256","name":"feedId","type":"uint256"}],"name":"PriceNotValid","type":"error"},
  {"inputs":[{"internalType":"uint256","name":"feedId","type":"uint256"},{"internalType":"uint256","name":"time","type":"uint256"},{"internalType":"uint256","name":"earliest","type":"uint256"}],"name":"PriceTooOld","type":"error"},
  {"inputs":[{"internalType":"uint64","name":"id","type":"uint64"},{"internalType":"uint256","name":"time","type":"uint256"},{"internalType":"uint256","name":"earliest","type":"uint256"}],"name":"SettlementTooEarly","type":"error"},
  {"inputs":[{"internalType":"uint256","name":"available","type":"uint256"},{"internalType":"uint256","name":"needed","type":"uint256"}],"name":"SourceGasTooLow","type":"error"},
  {"inputs":[{"internalType":"uint64","name":"id","type":"uint64"},{"internalType":"uint256","name":"observations","type":"uint256"},{"internalType":"uint256","name":"least","type":"uint256"}],"name":"TooFewObservations","type":"error"},
  {"anonymous":false,"inputs":[{"indexed":true,"internalType":"uint64","name":"id","type":"uint64"},{"indexed":false,"internalType":"uint256","name":"time","type":"uint256"}],"name":"IndexDoubted","type":"event"},
  {"anonymous":false,"inputs":[{"indexed":true,"internalType":"uint64","name":"id","type":"uint64"},{"indexed":false,"internalType":"uint256","name":"time","type":"uint256"},{"indexed":false,"internalType":"uint256","name":"index","type":"uint256"},{"indexed":false,"internalType":"uint256","name":"observations","type":"uint256"}],"name":"IndexObserved","type":"event"},
  {"inputs":[{"internalType":"uint64","name":"id","type":"uint64"}],"name":"averageOf","outputs":[{"internalType":"uint256","name":"","type":"uint256"}],"stateMutability":"view","type":"function"},
  {"inputs":[{"internalType":"uint64","name":"id","type":"uint64"},{"internalType":"contract IOracleAdapter","name":"oracle","type":"address"}],"name":"finish","outputs":[{"internalType":"uint256","name":"average","type":"uint256"}],"stateMutability":"nonpayable","type":"function"},
  {"inputs":[{"internalType":"uint64","name":"id","type":"uint64"},{"internalType":"contract IOracleAdapter","name":"oracle","type":"address"}],"name":"isFinishable","outputs":[{"internalType":"bool","name":"","type":"bool"}],"stateMutability":"view","type":"function"},
  {"inputs":[{"internalType":"uint64","name":"id","type":"uint64"},{"internalType":"contract IOracleAdapter","name":"oracle","type":"address"}],"name":"observe","outputs":[],"stateMutability":"nonpayable","type":"function"},
  {"inputs":[],"name":"vault","outputs":[{"internalType":"contract IMarginVault","name":"","type":"address"}],"stateMutability":"view","type":"function"},
  {"inputs":[{"internalType":"uint64","name":"id","type":"uint64"},{"internalType":"contract IOracleAdapter","name":"oracle","type":"address"}],"name":"windowOf","outputs":[{"internalType":"uint256","name":"observations","type":"uint256"},{"internalType":"uint256","name":"next","type":"uint256"},{"internalType":"uint256","name":"average","type":"uint256"}],"stateMutability":"view","type":"function"},
] as const

export const fixedVolatilityAbi = [
  {"inputs":[{"internalType":"uint256[]","name":"underlyings","type":"uint256[]"}],"name":"multipliers","outputs":[{"internalType":"uint256[]","name":"words","type":"uint256[]"}],"stateMutability":"pure","type":"function"},
] as const

export const hyperlaneTransportAbi = [
  {"inputs":[{"internalType":"address","name":"authority","type":"address"},{"internalType":"contract IMailbox","name":"mailbox_","type":"address"},{"internalType":"contract IPostDispatchHook","name":"hook_","type":"address"},{"internalType":"contract IInterchainSecurityModule","name":"module","type":"address"}],"stateMutability":"nonpayable","type":"constructor"},
  {"inputs":[{"internalType":"address","name":"authority","type":"address"}],"name":"AccessManagedInvalidAuthority","type":"error"},
  {"inputs":[{"internalType":"address","name":"caller","type":"address"},{"internalType":"uint32","name":"delay","type":"uint32"}],"name":"AccessManagedRequiredDelay","type":"error"},
  {"inputs":[{"internalType":"address","name":"caller","type":"address"}],"name":"AccessManagedUnauthorized","type":"error"},
  {"inputs":[{"internalType":"address","name":"target","type":"address"}],"name":"NotAContract","type":"error"},
  {"inputs":[{"internalType":"address","name":"caller","type":"address"}],"name":"NotMailbox","type":"error"},
  {"inputs":[{"internalType":"uint32","name":"domain","type":"uint32"},{"internalType":"bytes32","name":"sender","type":"bytes32"}],"name":"UnknownCounterpart","type":"error"},
  {"inputs":[{"internalType":"uint32","name":"domain","type":"uint32"}],"name":"UnknownDomain","type":"error"},
  {"inputs":[{"internalType":"uint256","name":"paid","type":"uint256"},{"internalType":"uint256","name":"fee","type":"uint256"}],"name":"WrongFee","type":"error"},
  {"anonymous":false,"inputs":[{"indexed":false,"internalType":"address","name":"authority","type":"address"}],"name":"AuthorityUpdated","type":"event"},
  {"anonymous":false,"inputs":[{"indexed":true,"internalType":"uint32","name":"domain","type":"uint32"},{"indexed":false,"internalType":"address","name":"counterpart","type":"address"}],"name":"CounterpartSet","type":"event"},
  {"anonymous":false,"inputs":[{"indexed":true,"internalType":"address","name":"module","type":"address"}],"name":"ModuleSet","type":"event"},
  {"inputs":[],"name":"authority","outputs":[{"internalType":"address","name":"","type":"address"}],"stateMutability":"view","type":"function"},
  {"inputs":[{"internalType":"uint32","name":"domain","type":"uint32"}],"name":"counterpartOf","outputs":[{"internalType":"address","name":"","type":"address"}],"stateMutability":"view","type":"function"},
  {"inputs":[{"internalType":"uint32","name":"origin","type":"uint32"},{"internalType":"bytes32","name":"sender","type":"bytes32"},{"internalType":"bytes","name":"message","type":"bytes"}],"name":"handle","outputs":[],"stateMutability":"payable","type":"function"},
  {"inputs":[],"name":"hook","outputs":[{"internalType":"contract IPostDispatchHook","name":"","type":"address"}],"stateMutability":"view","type":"function"},
  {"inputs":[],"name":"interchainSecurityModule","outputs":[{"internalType":"contract IInterchainSecurityModule","name":"","type":"address"}],"stateMutability":"view","type":"function"},
  {"inputs":[],"name":"isConsumingScheduledOp","outputs":[{"internalType":"bytes4","name":"","type":"bytes4"}],"stateMutability":"view","type":"function"},
  {"inputs":[],"name":"mailbox","outputs":[{"internalType":"contract IMailbox","name":"","type":"address"}],"stateMutability":"view","type":"function"},
  {"inputs":[{"internalType":"uint32","name":"domain","type":"uint32"},{"internalType":"address","name":"receiver","type":"address"},{"internalType":"bytes","name":"body","type":"bytes"}],"name":"quote","outputs":[{"internalType":"uint256","name":"","type":"uint256"}],"stateMutability":"view","type":"function"},
  {"inputs":[{"internalType":"uint32","name":"domain","type":"uint32"},{"internalType":"address","name":"receiver","type":"address"},{"internalType":"bytes","name":"body","type":"bytes"}],"name":"send","outputs":[],"stateMutability":"payable","type":"function"},
  {"inputs":[{"internalType":"address","name":"newAuthority","type":"address"}],"name":"setAuthority","outputs":[],"stateMutability":"nonpayable","type":"function"},
  {"inputs":[{"internalType":"uint32","name":"domain","type":"uint32"},{"internalType":"address","name":"counterpart","type":"address"}],"name":"setCounterpart","outputs":[],"stateMutability":"nonpayable","type":"function"},
  {"inputs":[{"internalType":"contract IInterchainSecurityModule","name":"module","type":"address"}],"name":"setModule","outputs":[],"stateMutability":"nonpayable","type":"function"},
] as const

export const insuranceFundAbi = [
  {"inputs":[{"internalType":"contract IMarginVault","name":"vault_","type":"address"},{"internalType":"address","name":"authority","type":"address"}],"stateMutability":"nonpayable","type":"constructor"},
  {"inputs":[{"internalType":"address","name":"authority","type":"address"}],"name":"AccessManagedInvalidAuthority","type":"error"},
  {"inputs":[{"internalType":"address","name":"caller","type":"address"},{"internalType":"uint32","name":"delay","type":"uint32"}],"name":"AccessManagedRequiredDelay","type":"error"},
  {"inputs":[{"internalType":"address","name":"caller","type":"address"}],"name":"AccessManagedUnauthorized","type":"error"},
  {"inputs":[{"internalType":"uint256","name":"time","type":"uint256"},{"internalType":"uint256","name":"expiredAt","type":"uint256"}],"name":"CooldownExpired","type":"error"},
  {"inputs":[{"internalType":"uint256","name":"time","type":"uint256"},{"internalType":"uint256","name":"readyAt","type":"uint256"}],"name":"CooldownNotOver","type":"error"},
  {"inputs":[{"internalType":"address","name":"holder","type":"address"}],"name":"CooldownNotRequested","type":"error"},
  {"inputs":[{"internalType":"uint256","name":"credited","type":"uint256"},{"internalType":"uint256","name":"assets","type":"uint256"}],"name":"DepositShort","type":"error"},
  {"inputs":[{"internalType":"address","name":"spender","type":"address"},{"internalType":"uint256","name":"allowance","type":"uint256"},{"internalType":"uint256","name":"needed","type":"uint256"}],"name":"ERC20InsufficientAllowance","type":"error"},
  {"inputs":[{"internalType":"address","name":"sender","type":"address"},{"internalType":"uint256","name":"balance","type":"uint256"},{"internalType":"uint256","name":"needed","type":"uint256"}],"name":"ERC20InsufficientBalance","type":"error"},
  {"inputs":[{"internalType":"address","name":"approver","type":"address"}],"name":"ERC20InvalidApprover","type":"error"},
  {"inputs":[{"internalType":"address","name":"receiver","type":"address"}],"name":"ERC20InvalidReceiver","type":"error"},
  {"inputs":[{"internalType":"address","name":"sender","type":"address"}],"name":"ERC20InvalidSender","type":"error"},
  {"inputs":[{"internalType":"address","name":"spender","type":"address"}],"name":"ERC20InvalidSpender","type":"error"},
  {"inputs":[{"internalType":"address","name":"receiver","type":"address"},{"internalType":"uint256","name":"assets","type":"uint256"},{"internalType":"uint256","name":"max","type":"uint256"}],"name":"ERC4626ExceededMaxDeposit","type":"error"},
  {"inputs":[{"internalType":"address","name":"receiver","type":"address"},{"internalType":"uint256","name":"shares","type":"uint256"},{"internalType":"uint256","name":"max","type":"uint256"}],"name":"ERC4626ExceededMaxMint","type":"error"},
  {"inputs":[{"internalType":"address","name":"owner","type":"address"},{"internalType":"uint256","name":"shares","type":"uint256"},{"internalType":"uint256","name":"max","type":"uint256"}],"name":"ERC4626ExceededMaxRedeem","type":"error"},
  {"inputs":[{"internalType":"address","name":"owner","type":"address"},{"internalType":"uint256","name":"assets","type":"uint256"},{"internalType":"uint256","name":"max","type":"uint256"}],"name":"ERC4626ExceededMaxWithdraw","type":"error"},
  {"inputs":[{"internalType":"uint256","name":"shares","type":"uint256"},{"internalType":"uint256","name":"balance","type":"uint256"}],"name":"ExceedsBalance","type":"error"},
  {"inputs":[{"internalType":"uint256","name":"shares","type":"uint256"},{"internalType":"uint256","name":"requested","type":"uint256"}],"name":"ExceedsRequested","type":"error"},
  {"inputs":[{"internalType":"uint256","name":"value","type":"uint256"},{"internalType":"uint256","name":"limit","type":"uint256"}],"name":"ParameterOutOfRange","type":"error"},
  {"inputs":[{"internalType":"uint8","name":"bits","type":"uint8"},{"internalType":"uint256","name":"value","type":"uint256"}],"name":"SafeCastOverflowedUintDowncast","type":"error"},
  {"inputs":[{"internalType":"address","name":"token","type":"address"}],"name":"SafeERC20FailedOperation","type":"error"},
  {"anonymous":false,"inputs":[{"indexed":true,"internalType":"address","name":"owner","type":"address"},{"indexed":true,"internalType":"address","name":"spender","type":"address"},{"indexed":false,"internalType":"uint256","name":"value","type":"uint256"}],"name":"Approval","type":"event"},
  {"anonymous":false,"inputs":[{"indexed":false,"internalType":"address","name":"authority","type":"address"}],"name":"AuthorityUpdated","type":"event"},
  {"anonymous":false,"inputs":[{"indexed":true,"internalType":"address","name":"holder","type":"address"},{"indexed":false,"internalType":"uint256","name":"shares","type":"uint256"},{"indexed":false,"internalType":"uint256","name":"readyAt","type":"uint256"}],"name":"CooldownRequested","type":"event"},
  {"anonymous":false,"inputs":[{"indexed":false,"internalType":"uint256","name":"cooldown","type":"uint256"}],"name":"CooldownSet","type":"event"},
  {"anonymous":false,"inputs":[{"indexed":true,"internalType":"address","name":"sender","type":"address"},{"indexed":true,"internalType":"address","name":"owner","type":"address"},{"indexed":false,"internalType":"uint256","name":"assets","type":"uint256"},{"indexed":false,"internalType":"uint256","name":"shares","type":"uint256"}],"name":"Deposit","type":"event"},
  {"anonymous":false,"inputs":[{"indexed":false,"internalType":"uint256","name":"round","type":"uint256"},{"indexed":false,"internalType":"uint256","name":"shares","type":"uint256"}],"name":"SharesConsolidated","type":"event"},
  {"anonymous":false,"inputs":[{"indexed":true,"internalType":"address","name":"from","type":"address"},{"indexed":true,"internalType":"address","name":"to","type":"address"},{"indexed":false,"internalType":"uint256","name":"value","type":"uint256"}],"name":"Transfer","type":"event"},
  {"anonymous":false,"inputs":[{"indexed":true,"internalType":"address","name":"sender","type":"address"},{"indexed":true,"internalType":"address","name":"receiver","type":"address"},{"indexed":true,"internalType":"address","name":"owner","type":"address"},{"indexed":false,"internalType":"uint256","name":"assets","type":"uint256"},{"indexed":false,"internalType":"uint256","name":"shares","type":"uint256"}],"name":"Withdraw","type":"event"},
  {"inputs":[],"name":"CONSOLIDATION","outputs":[{"internalType":"uint256","name":"","type":"uint256"}],"stateMutability":"view","type":"function"},
  {"inputs":[],"name":"EXIT_WINDOW","outputs":[{"internalType":"uint256","name":"","type":"uint256"}],"stateMutability":"view","type":"function"},
  {"inputs":[{"internalType":"address","name":"owner","type":"address"},{"internalType":"address","name":"spender","type":"address"}],"name":"allowance","outputs":[{"internalType":"uint256","name":"","type":"uint256"}],"stateMutability":"view","type":"function"},
  {"inputs":[{"internalType":"address","name":"spender","type":"address"},{"internalType":"uint256","name":"value","type":"uint256"}],"name":"approve","outputs":[{"internalType":"bool","name":"","type":"bool"}],"stateMutability":"nonpayable","type":"function"},
  {"inputs":[],"name":"asset","outputs":[{"internalType":"address","name":"","type":"address"}],"stateMutability":"view","type":"function"},
  {"inputs":[],"name":"authority","outputs":[{"internalType":"address","name":"","type":"address"}],"stateMutability":"view","type":"function"},
  {"inputs":[],"name":"available","outputs":[{"internalType":"uint256","name":"","type":"uint256"}],"stateMutability":"view","type":"function"},
  {"inputs":[{"internalType":"address","name":"owner","type":"address"}],"name":"balanceOf","outputs":[{"internalType":"uint256","name":"","type":"uint256"}],"stateMutability":"view","type":"function"},
  {"inputs":[{"internalType":"uint256","name":"shares","type":"uint256"}],"name":"convertToAssets","outputs":[{"internalType":"uint256","name":"","type":"uint256"}],"stateMutability":"view","type":"function"},
  {"inputs":[{"internalType":"uint256","name":"assets","type":"uint256"}],"name":"convertToShares","outputs":[{"internalType":"uint256","name":"","type":"uint256"}],"stateMutability":"view","type":"function"},
  {"inputs":[],"name":"cooldown","outputs":[{"internalType":"uint256","name":"","type":"uint256"}],"stateMutability":"view","type":"function"},
  {"inputs":[],"name":"decimals","outputs":[{"internalType":"uint8","name":"","type":"uint8"}],"stateMutability":"view","type":"function"},
  {"inputs":[{"internalType":"uint256","name":"assets","type":"uint256"},{"internalType":"address","name":"receiver","type":"address"}],"name":"deposit","outputs":[{"internalType":"uint256","name":"","type":"uint256"}],"stateMutability":"nonpayable","type":"function"},
  {"inputs":[],"name":"fundAccount","outputs":[{"internalType":"uint256","name":"","type":"uint256"}],"stateMutability":"view","type":"function"},
  {"inputs":[],"name":"isConsumingScheduledOp","outputs":[{"internalType":"bytes4","name":"","type":"bytes4"}],"stateMutability":"view","type":"function"},
  {"inputs":[{"internalType":"address","name":"","type":"address"}],"name":"maxDeposit","outputs":[{"internalType":"uint256","name":"","type":"uint256"}],"stateMutability":"view","type":"function"},
  {"inputs":[{"internalType":"address","name":"owner","type":"address"}],"name":"maxMint","outputs":[{"internalType":"uint256","name":"","type":"uint256"}],"stateMutability":"view","type":"function"},
  {"inputs":[{"internalType":"address","name":"owner","type":"address"}],"name":"maxRedeem","outputs":[{"internalType":"uint256","name":"","type":"uint256"}],"stateMutability":"view","type":"function"},
  {"inputs":[{"internalType":"address","name":"owner","type":"address"}],"name":"maxWithdraw","outputs":[{"internalType":"uint256","name":"","type":"uint256"}],"stateMutability":"view","type":"function"},
  {"inputs":[{"internalType":"uint256","name":"shares","type":"uint256"},{"internalType":"address","name":"receiver","type":"address"}],"name":"mint","outputs":[{"internalType":"uint256","name":"","type":"uint256"}],"stateMutability":"nonpayable","type":"function"},
  {"inputs":[],"name":"name","outputs":[{"internalType":"string","name":"","type":"string"}],"stateMutability":"view","type":"function"},
  {"inputs":[{"internalType":"uint256","name":"assets","type":"uint256"}],"name":"previewDeposit","outputs":[{"internalType":"uint256","name":"","type":"uint256"}],"stateMutability":"view","type":"function"},
  {"inputs":[{"internalType":"uint256","name":"shares","type":"uint256"}],"name":"previewMint","outputs":[{"internalType":"uint256","name":"","type":"uint256"}],"stateMutability":"view","type":"function"},
  {"inputs":[{"internalType":"uint256","name":"shares","type":"uint256"}],"name":"previewRedeem","outputs":[{"internalType":"uint256","name":"","type":"uint256"}],"stateMutability":"view","type":"function"},
  {"inputs":[{"internalType":"uint256","name":"assets","type":"uint256"}],"name":"previewWithdraw","outputs":[{"internalType":"uint256","name":"","type":"uint256"}],"stateMutability":"view","type":"function"},
  {"inputs":[{"internalType":"uint256","name":"shares","type":"uint256"},{"internalType":"address","name":"receiver","type":"address"},{"internalType":"address","name":"owner","type":"address"}],"name":"redeem","outputs":[{"internalType":"uint256","name":"","type":"uint256"}],"stateMutability":"nonpayable","type":"function"},
  {"inputs":[{"internalType":"address","name":"holder","type":"address"}],"name":"requestOf","outputs":[{"internalType":"uint256","name":"shares","type":"uint256"},{"internalType":"uint256","name":"readyAt","type":"uint256"}],"stateMutability":"view","type":"function"},
  {"inputs":[{"internalType":"uint256","name":"shares","type":"uint256"}],"name":"requestRedeem","outputs":[],"stateMutability":"nonpayable","type":"function"},
  {"inputs":[],"name":"round","outputs":[{"internalType":"uint256","name":"","type":"uint256"}],"stateMutability":"view","type":"function"},
  {"inputs":[{"internalType":"address","name":"newAuthority","type":"address"}],"name":"setAuthority","outputs":[],"stateMutability":"nonpayable","type":"function"},
  {"inputs":[{"internalType":"uint256","name":"cooldown_","type":"uint256"}],"name":"setCooldown","outputs":[],"stateMutability":"nonpayable","type":"function"},
  {"inputs":[],"name":"symbol","outputs":[{"internalType":"string","name":"","type":"string"}],"stateMutability":"view","type":"function"},
  {"inputs":[],"name":"totalAssets","outputs":[{"internalType":"uint256","name":"","type":"uint256"}],"stateMutability":"view","type":"function"},
  {"inputs":[],"name":"totalSupply","outputs":[{"internalType":"uint256","name":"","type":"uint256"}],"stateMutability":"view","type":"function"},
  {"inputs":[{"internalType":"address","name":"to","type":"address"},{"internalType":"uint256","name":"value","type":"uint256"}],"name":"transfer","outputs":[{"internalType":"bool","name":"","type":"bool"}],"stateMutability":"nonpayable","type":"function"},
  {"inputs":[{"internalType":"address","name":"from","type":"address"},{"internalType":"address","name":"to","type":"address"},{"internalType":"uint256","name":"value","type":"uint256"}],"name":"transferFrom","outputs":[{"internalType":"bool","name":"","type":"bool"}],"stateMutability":"nonpayable","type":"function"},
  {"inputs":[],"name":"vault","outputs":[{"internalType":"contract IMarginVault","name":"","type":"address"}],"stateMutability":"view","type":"function"},
  {"inputs":[{"internalType":"uint256","name":"assets","type":"uint256"},{"internalType":"address","name":"receiver","type":"address"},{"internalType":"address","name":"owner","type":"address"}],"name":"withdraw","outputs":[{"internalType":"uint256","name":"","type":"uint256"}],"stateMutability":"nonpayable","type":"function"},
] as const

export const keeperExecutorAbi = [
  {"inputs":[{"internalType":"address","name":"owner_","type":"address"},{"internalType":"address","name":"keeper_","type":"address"},{"internalType":"contract IMarginVault","name":"vault_","type":"address"},{"internalType":"contract IClearinghouse","name":"clearinghouse_","type":"address"},{"internalType":"contract IUniswapV3Factory","name":"factory_","type":"address"}],"stateMutability":"nonpayable","type":"constructor"},
  {"inputs":[{"internalType":"address","name":"target","type":"address"}],"name":"AddressEmptyCode","type":"error"},
  {"inputs":[],"name":"FailedCall","type":"error"},
  {"inputs":[{"internalType":"uint256","name":"balance","type":"uint256"},{"internalType":"uint256","name":"needed","type":"uint256"}],"name":"InsufficientBalance","type":"error"},
  {"inputs":[{"internalType":"address","name":"tokenIn","type":"address"},{"internalType":"address","name":"tokenOut","type":"address"},{"internalType":"uint24","name":"fee","type":"uint24"}],"name":"NoPool","type":"error"},
  {"inputs":[{"internalType":"uint64","name":"id","type":"uint64"},{"internalType":"int256","name":"size","type":"int256"}],"name":"NotFlat","type":"error"},
  {"inputs":[{"internalType":"address","name":"token","type":"address"},{"internalType":"address","name":"quote","type":"address"}],"name":"NotQuote","type":"error"},
  {"inputs":[{"internalType":"int256","name":"profit","type":"int256"},{"internalType":"uint256","name":"least","type":"uint256"}],"name":"ProfitTooSmall","type":"error"},
  {"inputs":[],"name":"ReentrancyGuardReentrantCall","type":"error"},
  {"inputs":[{"internalType":"address","name":"token","type":"address"}],"name":"SafeERC20FailedOperation","type":"error"},
  {"inputs":[{"internalType":"address","name":"caller","type":"address"},{"internalType":"address","name":"expected","type":"address"}],"name":"WrongCaller","type":"error"},
  {"anonymous":false,"inputs":[{"indexed":false,"internalType":"uint256","name":"profit","type":"uint256"}],"name":"Executed","type":"event"},
  {"inputs":[],"name":"account","outputs":[{"internalType":"uint256","name":"","type":"uint256"}],"stateMutability":"view","type":"function"},
  {"inputs":[],"name":"clearinghouse","outputs":[{"internalType":"contract IClearinghouse","name":"","type":"address"}],"stateMutability":"view","type":"function"},
  {"inputs":[{"components":[{"internalType":"bytes[]","name":"openings","type":"bytes[]"},{"internalType":"bytes[]","name":"bids","type":"bytes[]"},{"components":[{"internalType":"address","name":"token","type":"address"},{"components":[{"internalType":"address","name":"token","type":"address"},{"internalType":"uint24","name":"fee","type":"uint24"}],"internalType":"struct Hop[]","name":"hops","type":"tuple[]"}],"internalType":"struct TokenSale[]","name":"sales","type":"tuple[]"},{"components":[{"components":[{"internalType":"uint256","name":"account","type":"uint256"},{"internalType":"address","name":"signer","type":"address"},{"internalType":"uint64","name":"instrument","type":"uint64"},{"internalType":"int256","name":"size","type":"int256"},{"internalType":"uint256","name":"limitPrice","type":"uint256"},{"internalType":"uint256","name":"maxFee","type":"uint256"},{"internalType":"uint256","name":"expiry","type":"uint256"},{"internalType":"uint256","name":"nonce","type":"uint256"},{"internalType":"uint64","name":"epoch","type":"uint64"},{"internalType":"bool","name":"reduceOnly","type":"bool"}],"internalType":"struct Order","name":"maker","type":"tuple"},{"internalType":"bytes","name":"signature","type":"bytes"},{"internalType":"uint256","name":"size","type":"uint256"}],"internalType":"struct Closing[]","name":"closings","type":"tuple[]"},{"internalType":"uint256","name":"minProfit","type":"uint256"}],"internalType":"struct Job","name":"job","type":"tuple"}],"name":"execute","outputs":[{"internalType":"uint256","name":"profit","type":"uint256"}],"stateMutability":"nonpayable","type":"function"},
  {"inputs":[],"name":"factory","outputs":[{"internalType":"contract IUniswapV3Factory","name":"","type":"address"}],"stateMutability":"view","type":"function"},
  {"inputs":[],"name":"keeper","outputs":[{"internalType":"address","name":"","type":"address"}],"stateMutability":"view","type":"function"},
  {"inputs":[],"name":"owner","outputs":[{"internalType":"address","name":"","type":"address"}],"stateMutability":"view","type":"function"},
  {"inputs":[],"name":"quoteToken","outputs":[{"internalType":"address","name":"","type":"address"}],"stateMutability":"view","type":"function"},
  {"inputs":[{"internalType":"address","name":"token","type":"address"},{"internalType":"address","name":"to","type":"address"}],"name":"sweep","outputs":[],"stateMutability":"nonpayable","type":"function"},
  {"inputs":[{"internalType":"int256","name":"amount0Delta","type":"int256"},{"internalType":"int256","name":"amount1Delta","type":"int256"},{"internalType":"bytes","name":"data","type":"bytes"}],"name":"uniswapV3SwapCallback","outputs":[],"stateMutability":"nonpayable","type":"function"},
  {"inputs":[{"internalType":"bytes","name":"data","type":"bytes"}],"name":"unlockCallback","outputs":[{"internalType":"bytes","name":"","type":"bytes"}],"stateMutability":"nonpayable","type":"function"},
  {"inputs":[],"name":"vault","outputs":[{"internalType":"contract IMarginVault","name":"","type":"address"}],"stateMutability":"view","type":"function"},
  {"inputs":[{"internalType":"address","name":"token","type":"address"},{"internalType":"uint256","name":"amount","type":"uint256"},{"internalType":"address","name":"to","type":"address"}],"name":"withdraw","outputs":[],"stateMutability":"nonpayable","type":"function"},
] as const

export const l1BlocksAbi = [
  {"anonymous":false,"inputs":[{"indexed":true,"internalType":"uint256","name":"number","type":"uint256"},{"indexed":false,"internalType":"bytes32","name":"hash","type":"bytes32"}],"name":"BlockRecorded","type":"event"},
  {"inputs":[{"internalType":"uint256","name":"number","type":"uint256"}],"name":"blockHash","outputs":[{"internalType":"bytes32","name":"","type":"bytes32"}],"stateMutability":"view","type":"function"},
  {"inputs":[],"name":"newest","outputs":[{"internalType":"uint256","name":"number","type":"uint256"},{"internalType":"bytes32","name":"hash","type":"bytes32"}],"stateMutability":"view","type":"function"},
  {"inputs":[],"name":"record","outputs":[{"internalType":"uint256","name":"number","type":"uint256"}],"stateMutability":"nonpayable","type":"function"},
] as const

export const liquidationAuctionAbi = [
  {"inputs":[{"internalType":"contract IMarginVault","name":"vault_","type":"address"},{"internalType":"contract IClearinghouse","name":"clearinghouse_","type":"address"},{"internalType":"address","name":"authority","type":"address"},{"components":[{"internalType":"uint64","name":"startReward","type":"uint64"},{"internalType":"uint64","name":"kneeReward","type":"uint64"},{"internalType":"uint64","name":"targetBuffer","type":"uint64"},{"internalType":"uint32","name":"fastDuration","type":"uint32"},{"internalType":"uint32","name":"slowDuration","type":"uint32"},{"internalType":"uint96","name":"smallAccount","type":"uint96"},{"internalType":"uint96","name":"insolventFlat","type":"uint96"},{"internalType":"uint32","name":"insolventDuration","type":"uint32"},{"internalType":"uint64","name":"bundleShare","type":"uint64"},{"internalType":"uint64","name":"starterShare","type":"uint64"},{"internalType":"uint128","name":"starterFlat","type":"uint128"},{"internalType":"uint128","name":"starterCap","type":"uint128"},{"internalType":"uint128","name":"globalExposureCap","type":"uint128"}],"internalType":"struct AuctionParams","name":"params_","type":"tuple"}],"stateMutability":"nonpayable","type":"constructor"},
  {"inputs":[{"internalType":"address","name":"authority","type":"address"}],"name":"AccessManagedInvalidAuthority","type":"error"},
  {"inputs":[{"internalType":"address","name":"caller","type":"address"},{"internalType":"uint32","name":"delay","type":"uint32"}],"name":"AccessManagedRequiredDelay","type":"error"},
  {"inputs":[{"internalType":"address","name":"caller","type":"address"}],"name":"AccessManagedUnauthorized","type":"error"},
  {"inputs":[{"internalType":"uint256","name":"account","type":"uint256"}],"name":"AlreadyInAuction","type":"error"},
  {"inputs":[{"internalType":"int256","name":"before","type":"int256"},{"internalType":"int256","name":"moved","type":"int256"}],"name":"BundleNotReducing","type":"error"},
  {"inputs":[{"internalType":"int256","name":"excess","type":"int256"},{"internalType":"int256","name":"limit","type":"int256"}],"name":"BundleTooLarge","type":"error"},
  {"inputs":[{"internalType":"int256","name":"risen","type":"int256"},{"internalType":"uint256","name":"least","type":"uint256"}],"name":"BundleTooSmall","type":"error"},
  {"inputs":[],"name":"ClockHalted","type":"error"},
  {"inputs":[{"internalType":"uint256","name":"time","type":"uint256"},{"internalType":"uint256","name":"deadline","type":"uint256"}],"name":"DeadlinePassed","type":"error"},
  {"inputs":[{"internalType":"uint256","name":"id","type":"uint256"}],"name":"DuplicateId","type":"error"},
  {"inputs":[{"internalType":"uint256","name":"underlying","type":"uint256"},{"internalType":"uint256","name":"exposure","type":"uint256"},{"internalType":"uint256","name":"cap","type":"uint256"}],"name":"ExposureCapReached","type":"error"},
  {"inputs":[{"internalType":"uint256","name":"fraction","type":"uint256"},{"internalType":"uint256","name":"minimum","type":"uint256"}],"name":"FillTooSmall","type":"error"},
  {"inputs":[{"internalType":"uint256","name":"fraction","type":"uint256"},{"internalType":"uint256","name":"limit","type":"uint256"}],"name":"FractionOutOfRange","type":"error"},
  {"inputs":[{"internalType":"uint256","name":"giveUp","type":"uint256"},{"internalType":"uint256","name":"least","type":"uint256"}],"name":"GiveUpTooSmall","type":"error"},
  {"inputs":[{"internalType":"uint256","name":"account","type":"uint256"},{"internalType":"int256","name":"excess","type":"int256"}],"name":"Healthy","type":"error"},
  {"inputs":[{"internalType":"uint256","name":"actual","type":"uint256"},{"internalType":"uint256","name":"expected","type":"uint256"}],"name":"LengthMismatch","type":"error"},
  {"inputs":[{"internalType":"uint256","name":"account","type":"uint256"},{"internalType":"uint256","name":"actual","type":"uint256"},{"internalType":"uint256","name":"expected","type":"uint256"}],"name":"NonceMismatch","type":"error"},
  {"inputs":[{"internalType":"address","name":"caller","type":"address"},{"internalType":"uint256","name":"account","type":"uint256"},{"internalType":"uint8","name":"permission","type":"uint8"}],"name":"NotAuthorised","type":"error"},
  {"inputs":[{"internalType":"int256","name":"before","type":"int256"},{"internalType":"int256","name":"afterwards","type":"int256"}],"name":"NotImproved","type":"error"},
  {"inputs":[{"internalType":"uint256","name":"account","type":"uint256"}],"name":"NotInAuction","type":"error"},
  {"inputs":[{"internalType":"uint256","name":"account","type":"uint256"},{"internalType":"int256","name":"excess","type":"int256"}],"name":"NotRestored","type":"error"},
  {"inputs":[],"name":"OperationOpen","type":"error"},
  {"inputs":[{"internalType":"uint256","name":"value","type":"uint256"},{"internalType":"uint256","name":"limit","type":"uint256"}],"name":"ParameterOutOfRange","type":"error"},
  {"inputs":[{"internalType":"int256","name":"payment","type":"int256"},{"internalType":"int256","name":"limit","type":"int256"}],"name":"PriceLimit","type":"error"},
  {"inputs":[{"internalType":"uint256","name":"feedId","type":"uint256"}],"name":"PriceMissing","type":"error"},
  {"inputs":[{"internalType":"uint256","name":"account","type":"uint256"}],"name":"SelfBid","type":"error"},
  {"inputs":[{"internalType":"uint64","name":"id","type":"uint64"}],"name":"SettlementDue","type":"error"},
  {"inputs":[{"internalType":"uint256","name":"account","type":"uint256"},{"internalType":"bool","name":"insolvent","type":"bool"}],"name":"WrongPhase","type":"error"},
  {"anonymous":false,"inputs":[{"indexed":true,"internalType":"uint256","name":"account","type":"uint256"},{"indexed":true,"internalType":"uint32","name":"id","type":"uint32"},{"indexed":false,"internalType":"bool","name":"closed","type":"bool"}],"name":"AuctionEnded","type":"event"},
  {"anonymous":false,"inputs":[{"components":[{"internalType":"uint64","name":"startReward","type":"uint64"},{"internalType":"uint64","name":"kneeReward","type":"uint64"},{"internalType":"uint64","name":"targetBuffer","type":"uint64"},{"internalType":"uint32","name":"fastDuration","type":"uint32"},{"internalType":"uint32","name":"slowDuration","type":"uint32"},{"internalType":"uint96","name":"smallAccount","type":"uint96"},{"internalType":"uint96","name":"insolventFlat","type":"uint96"},{"internalType":"uint32","name":"insolventDuration","type":"uint32"},{"internalType":"uint64","name":"bundleShare","type":"uint64"},{"internalType":"uint64","name":"starterShare","type":"uint64"},{"internalType":"uint128","name":"starterFlat","type":"uint128"},{"internalType":"uint128","name":"starterCap","type":"uint128"},{"internalType":"uint128","name":"globalExposureCap","type":"uint128"}],"indexed":false,"internalType":"struct AuctionParams","name":"params","type":"tuple"}],"name":"AuctionParamsSet","type":"event"},
  {"anonymous":false,"inputs":[{"indexed":true,"internalType":"uint256","name":"account","type":"uint256"},{"indexed":true,"internalType":"uint32","name":"id","type":"uint32"},{"indexed":false,"internalType":"bool","name":"insolvent","type":"bool"},{"indexed":false,"internalType":"int256","name":"value","type":"int256"},{"indexed":false,"internalType":"int256","name":"excess","type":"int256"},{"indexed":false,"internalType":"uint256","name":"starter","type":"uint256"},{"indexed":false,"internalType":"uint256","name":"starterPay","type":"uint256"}],"name":"AuctionStarted","type":"event"},
  {"anonymous":false,"inputs":[{"indexed":false,"internalType":"address","name":"authority","type":"address"}],"name":"AuthorityUpdated","type":"event"},
  {"anonymous":false,"inputs":[{"indexed":true,"internalType":"uint256","name":"account","type":"uint256"},{"indexed":true,"internalType":"uint32","name":"id","type":"uint32"},{"indexed":true,"internalType":"uint256","name":"bidder","type":"uint256"},{"indexed":false,"internalType":"uint256","name":"fraction","type":"uint256"},{"indexed":false,"internalType":"int256","name":"payment","type":"int256"},{"indexed":false,"internalType":"int256","name":"value","type":"int256"},{"indexed":false,"internalType":"int256","name":"excess","type":"int256"}],"name":"Bid","type":"event"},
  {"anonymous":false,"inputs":[{"indexed":true,"internalType":"uint256","name":"account","type":"uint256"},{"indexed":true,"internalType":"uint32","name":"id","type":"uint32"},{"indexed":true,"internalType":"uint256","name":"bidder","type":"uint256"},{"indexed":false,"internalType":"uint256","name":"giveUp","type":"uint256"},{"indexed":false,"internalType":"int256","name":"excessBefore","type":"int256"},{"indexed":false,"internalType":"int256","name":"excessAfter","type":"int256"}],"name":"BundleBid","type":"event"},
  {"anonymous":false,"inputs":[{"indexed":true,"internalType":"uint256","name":"account","type":"uint256"},{"indexed":true,"internalType":"uint32","name":"id","type":"uint32"},{"indexed":false,"internalType":"bool","name":"stopped","type":"bool"}],"name":"ClockChanged","type":"event"},
  {"anonymous":false,"inputs":[{"indexed":true,"internalType":"uint256","name":"bidder","type":"uint256"},{"indexed":true,"internalType":"uint32","name":"id","type":"uint32"},{"indexed":false,"internalType":"uint256","name":"amount","type":"uint256"}],"name":"LeavingCharged","type":"event"},
  {"anonymous":false,"inputs":[{"indexed":true,"internalType":"uint256","name":"account","type":"uint256"},{"indexed":true,"internalType":"uint32","name":"id","type":"uint32"},{"indexed":false,"internalType":"uint256","name":"fund","type":"uint256"},{"indexed":false,"internalType":"uint256","name":"markets","type":"uint256"},{"indexed":false,"internalType":"uint256","name":"lenders","type":"uint256"},{"indexed":false,"internalType":"uint256","name":"deficit","type":"uint256"}],"name":"LossAllocated","type":"event"},
  {"anonymous":false,"inputs":[{"indexed":true,"internalType":"uint256","name":"account","type":"uint256"},{"indexed":true,"internalType":"uint32","name":"id","type":"uint32"},{"indexed":false,"internalType":"bool","name":"insolvent","type":"bool"}],"name":"PhaseChanged","type":"event"},
  {"inputs":[{"internalType":"uint256","name":"account","type":"uint256"}],"name":"auctionOf","outputs":[{"components":[{"internalType":"uint32","name":"id","type":"uint32"},{"internalType":"bool","name":"insolvent","type":"bool"},{"internalType":"bool","name":"stopped","type":"bool"},{"internalType":"uint32","name":"seenAt","type":"uint32"},{"internalType":"uint32","name":"solventTime","type":"uint32"},{"internalType":"uint32","name":"insolventTime","type":"uint32"},{"internalType":"uint16","name":"pages","type":"uint16"},{"internalType":"uint256","name":"reserved","type":"uint256"},{"internalType":"uint64","name":"exposure","type":"uint64"}],"internalType":"struct Auction","name":"","type":"tuple"}],"stateMutability":"view","type":"function"},
  {"inputs":[],"name":"authority","outputs":[{"internalType":"address","name":"","type":"address"}],"stateMutability":"view","type":"function"},
  {"inputs":[{"internalType":"uint256","name":"account","type":"uint256"},{"internalType":"uint256","name":"bidder","type":"uint256"},{"internalType":"uint256","name":"fraction","type":"uint256"},{"internalType":"uint256","name":"minFraction","type":"uint256"},{"internalType":"int256","name":"limit","type":"int256"},{"internalType":"uint256","name":"expectedNonce","type":"uint256"},{"internalType":"uint256","name":"deadline","type":"uint256"}],"name":"bid","outputs":[{"internalType":"uint256","name":"taken","type":"uint256"},{"internalType":"int256","name":"payment","type":"int256"}],"stateMutability":"nonpayable","type":"function"},
  {"inputs":[{"components":[{"internalType":"uint256","name":"account","type":"uint256"},{"internalType":"uint256","name":"bidder","type":"uint256"},{"internalType":"uint64[]","name":"ids","type":"uint64[]"},{"internalType":"int256[]","name":"sizes","type":"int256[]"},{"internalType":"uint256[]","name":"assetIndices","type":"uint256[]"},{"internalType":"uint256[]","name":"amounts","type":"uint256[]"},{"internalType":"uint256","name":"minGiveUp","type":"uint256"},{"internalType":"uint256","name":"expectedNonce","type":"uint256"},{"internalType":"uint256","name":"deadline","type":"uint256"}],"internalType":"struct Bundle","name":"bundle","type":"tuple"}],"name":"bidBundle","outputs":[{"internalType":"uint256","name":"giveUp","type":"uint256"}],"stateMutability":"nonpayable","type":"function"},
  {"inputs":[{"internalType":"uint256","name":"account","type":"uint256"}],"name":"end","outputs":[],"stateMutability":"nonpayable","type":"function"},
  {"inputs":[{"internalType":"uint256","name":"underlying","type":"uint256"}],"name":"exposureOf","outputs":[{"internalType":"uint256","name":"units","type":"uint256"}],"stateMutability":"view","type":"function"},
  {"inputs":[],"name":"globalExposure","outputs":[{"internalType":"uint256","name":"","type":"uint256"}],"stateMutability":"view","type":"function"},
  {"inputs":[],"name":"isConsumingScheduledOp","outputs":[{"internalType":"bytes4","name":"","type":"bytes4"}],"stateMutability":"view","type":"function"},
  {"inputs":[],"name":"params","outputs":[{"components":[{"internalType":"uint64","name":"startReward","type":"uint64"},{"internalType":"uint64","name":"kneeReward","type":"uint64"},{"internalType":"uint64","name":"targetBuffer","type":"uint64"},{"internalType":"uint32","name":"fastDuration","type":"uint32"},{"internalType":"uint32","name":"slowDuration","type":"uint32"},{"internalType":"uint96","name":"smallAccount","type":"uint96"},{"internalType":"uint96","name":"insolventFlat","type":"uint96"},{"internalType":"uint32","name":"insolventDuration","type":"uint32"},{"internalType":"uint64","name":"bundleShare","type":"uint64"},{"internalType":"uint64","name":"starterShare","type":"uint64"},{"internalType":"uint128","name":"starterFlat","type":"uint128"},{"internalType":"uint128","name":"starterCap","type":"uint128"},{"internalType":"uint128","name":"globalExposureCap","type":"uint128"}],"internalType":"struct AuctionParams","name":"","type":"tuple"}],"stateMutability":"view","type":"function"},
  {"inputs":[{"internalType":"uint256","name":"account","type":"uint256"}],"name":"poke","outputs":[],"stateMutability":"nonpayable","type":"function"},
  {"inputs":[{"internalType":"uint256","name":"account","type":"uint256"}],"name":"quote","outputs":[{"internalType":"bool","name":"insolvent","type":"bool"},{"internalType":"int256","name":"price","type":"int256"},{"internalType":"uint256","name":"maxFraction","type":"uint256"},{"internalType":"uint256","name":"nonce","type":"uint256"},{"internalType":"int256","name":"value","type":"int256"}],"stateMutability":"view","type":"function"},
  {"inputs":[{"internalType":"address","name":"newAuthority","type":"address"}],"name":"setAuthority","outputs":[],"stateMutability":"nonpayable","type":"function"},
  {"inputs":[{"components":[{"internalType":"uint64","name":"startReward","type":"uint64"},{"internalType":"uint64","name":"kneeReward","type":"uint64"},{"internalType":"uint64","name":"targetBuffer","type":"uint64"},{"internalType":"uint32","name":"fastDuration","type":"uint32"},{"internalType":"uint32","name":"slowDuration","type":"uint32"},{"internalType":"uint96","name":"smallAccount","type":"uint96"},{"internalType":"uint96","name":"insolventFlat","type":"uint96"},{"internalType":"uint32","name":"insolventDuration","type":"uint32"},{"internalType":"uint64","name":"bundleShare","type":"uint64"},{"internalType":"uint64","name":"starterShare","type":"uint64"},{"internalType":"uint128","name":"starterFlat","type":"uint128"},{"internalType":"uint128","name":"starterCap","type":"uint128"},{"internalType":"uint128","name":"globalExposureCap","type":"uint128"}],"internalType":"struct AuctionParams","name":"params_","type":"tuple"}],"name":"setParams","outputs":[],"stateMutability":"nonpayable","type":"function"},
  {"inputs":[{"internalType":"uint256","name":"account","type":"uint256"},{"internalType":"uint256","name":"starter","type":"uint256"}],"name":"start","outputs":[{"internalType":"uint32","name":"id","type":"uint32"}],"stateMutability":"nonpayable","type":"function"},
  {"inputs":[{"internalType":"uint256","name":"account","type":"uint256"}],"name":"stateNonce","outputs":[{"internalType":"uint256","name":"","type":"uint256"}],"stateMutability":"view","type":"function"},
  {"inputs":[],"name":"vault","outputs":[{"internalType":"contract IMarginVault","name":"","type":"address"}],"stateMutability":"view","type":"function"},
] as const

export const listingRulesAbi = [
  {"inputs":[{"internalType":"contract IRiskParameters","name":"parameters_","type":"address"}],"stateMutability":"nonpayable","type":"constructor"},
  {"inputs":[{"internalType":"uint64","name":"id","type":"uint64"},{"internalType":"uint256","name":"expiry","type":"uint256"}],"name":"InstrumentExpired","type":"error"},
  {"inputs":[{"internalType":"uint256","name":"value","type":"uint256"},{"internalType":"uint256","name":"limit","type":"uint256"}],"name":"InstrumentOutOfRange","type":"error"},
  {"inputs":[{"internalType":"uint256","name":"value","type":"uint256"},{"internalType":"uint256","name":"limit","type":"uint256"}],"name":"ParameterOutOfRange","type":"error"},
  {"inputs":[{"internalType":"uint256","name":"feedId","type":"uint256"}],"name":"PriceNotValid","type":"error"},
  {"inputs":[{"internalType":"uint256","name":"strike","type":"uint256"}],"name":"StrikeNotEncodable","type":"error"},
  {"inputs":[{"internalType":"uint256","name":"tenor","type":"uint256"},{"internalType":"uint256","name":"limit","type":"uint256"}],"name":"TenorTooLong","type":"error"},
  {"inputs":[{"components":[{"internalType":"uint96","name":"openInterestCap","type":"uint96"},{"internalType":"uint96","name":"fundingDepth","type":"uint96"},{"internalType":"uint24","name":"maxFundingRate","type":"uint24"}],"internalType":"struct InstrumentConfig","name":"config","type":"tuple"}],"name":"checkConfig","outputs":[],"stateMutability":"pure","type":"function"},
  {"inputs":[{"internalType":"uint256","name":"kind","type":"uint256"},{"internalType":"uint256","name":"underlying","type":"uint256"},{"internalType":"uint256","name":"expiry","type":"uint256"},{"internalType":"uint256","name":"strike","type":"uint256"},{"internalType":"contract IOracleAdapter","name":"oracle","type":"address"},{"internalType":"contract IOptionOracle","name":"options","type":"address"}],"name":"checkListing","outputs":[{"internalType":"uint64","name":"id","type":"uint64"}],"stateMutability":"view","type":"function"},
  {"inputs":[],"name":"parameters","outputs":[{"internalType":"contract IRiskParameters","name":"","type":"address"}],"stateMutability":"view","type":"function"},
] as const

export const marginLensAbi = [
  {"inputs":[{"internalType":"contract IMarginVault","name":"vault_","type":"address"},{"internalType":"contract IClearinghouse","name":"clearinghouse_","type":"address"},{"internalType":"contract IOracleAdapter","name":"oracle_","type":"address"},{"internalType":"contract ILiquidationAuction","name":"auction_","type":"address"}],"stateMutability":"nonpayable","type":"constructor"},
  {"inputs":[{"internalType":"uint256","name":"account","type":"uint256"}],"name":"accountView","outputs":[{"components":[{"internalType":"uint256","name":"account","type":"uint256"},{"internalType":"uint256","name":"healthFactor","type":"uint256"},{"components":[{"internalType":"int256","name":"excess","type":"int256"},{"internalType":"int256","name":"paidExcess","type":"int256"},{"internalType":"uint256","name":"numerator","type":"uint256"},{"internalType":"uint256","name":"denominator","type":"uint256"},{"internalType":"uint256","name":"requirement","type":"uint256"},{"internalType":"uint256","name":"unhedgedHaircut","type":"uint256"},{"internalType":"int256","name":"equity","type":"int256"},{"internalType":"bool","name":"pricesValid","type":"bool"},{"internalType":"Doubt","name":"doubt","type":"uint256"},{"internalType":"bool","name":"free","type":"bool"}],"internalType":"struct Margin","name":"initial","type":"tuple"},{"components":[{"internalType":"int256","name":"excess","type":"int256"},{"internalType":"int256","name":"paidExcess","type":"int256"},{"internalType":"uint256","name":"numerator","type":"uint256"},{"internalType":"uint256","name":"denominator","type":"uint256"},{"internalType":"uint256","name":"requirement","type":"uint256"},{"internalType":"uint256","name":"unhedgedHaircut","type":"uint256"},{"internalType":"int256","name":"equity","type":"int256"},{"internalType":"bool","name":"pricesValid","type":"bool"},{"internalType":"Doubt","name":"doubt","type":"uint256"},{"internalType":"bool","name":"free","type":"bool"}],"internalType":"struct Margin","name":"maintenance","type":"tuple"},{"internalType":"int256","name":"cash","type":"int256"},{"components":[{"internalType":"uint256","name":"assetIndex","type":"uint256"},{"internalType":"uint256","name":"amount","type":"uint256"},{"internalType":"uint256","name":"value","type":"uint256"}],"internalType":"struct SpotView[]","name":"spot","type":"tuple[]"},{"components":[{"internalType":"uint64","name":"instrument","type":"uint64"},{"internalType":"int256","name":"size","type":"int256"},{"internalType":"int256","name":"basis","type":"int256"},{"internalType":"int256","name":"value","type":"int256"},{"internalType":"uint256","name":"claims","type":"uint256"},{"internalType":"uint256","name":"debts","type":"uint256"}],"internalType":"struct LegView[]","name":"legs","type":"tuple[]"},{"internalType":"bool","name":"inAuction","type":"bool"},{"internalType":"uint256","name":"stateNonce","type":"uint256"}],"internalType":"struct AccountView","name":"","type":"tuple"}],"stateMutability":"view","type":"function"},
  {"inputs":[{"internalType":"uint256[]","name":"accounts","type":"uint256[]"}],"name":"accountViews","outputs":[{"components":[{"internalType":"uint256","name":"account","type":"uint256"},{"internalType":"uint256","name":"healthFactor","type":"uint256"},{"components":[{"internalType":"int256","name":"excess","type":"int256"},{"internalType":"int256","name":"paidExcess","type":"int256"},{"internalType":"uint256","name":"numerator","type":"uint256"},{"internalType":"uint256","name":"denominator","type":"uint256"},{"internalType":"uint256","name":"requirement","type":"uint256"},{"internalType":"uint256","name":"unhedgedHaircut","type":"uint256"},{"internalType":"int256","name":"equity","type":"int256"},{"internalType":"bool","name":"pricesValid","type":"bool"},{"internalType":"Doubt","name":"doubt","type":"uint256"},{"internalType":"bool","name":"free","type":"bool"}],"internalType":"struct Margin","name":"initial","type":"tuple"},{"components":[{"internalType":"int256","name":"excess","type":"int256"},{"internalType":"int256","name":"paidExcess","type":"int256"},{"internalType":"uint256","name":"numerator","type":"uint256"},{"internalType":"uint256","name":"denominator","type":"uint256"},{"internalType":"uint256","name":"requirement","type":"uint256"},{"internalType":"uint256","name":"unhedgedHaircut","type":"uint256"},{"internalType":"int256","name":"equity","type":"int256"},{"internalType":"bool","name":"pricesValid","type":"bool"},{"internalType":"Doubt","name":"doubt","type":"uint256"},{"internalType":"bool","name":"free","type":"bool"}],"internalType":"struct Margin","name":"maintenance","type":"tuple"},{"internalType":"int256","name":"cash","type":"int256"},{"components":[{"internalType":"uint256","name":"assetIndex","type":"uint256"},{"internalType":"uint256","name":"amount","type":"uint256"},{"internalType":"uint256","name":"value","type":"uint256"}],"internalType":"struct SpotView[]","name":"spot","type":"tuple[]"},{"components":[{"internalType":"uint64","name":"instrument","type":"uint64"},{"internalType":"int256","name":"size","type":"int256"},{"internalType":"int256","name":"basis","type":"int256"},{"internalType":"int256","name":"value","type":"int256"},{"internalType":"uint256","name":"claims","type":"uint256"},{"internalType":"uint256","name":"debts","type":"uint256"}],"internalType":"struct LegView[]","name":"legs","type":"tuple[]"},{"internalType":"bool","name":"inAuction","type":"bool"},{"internalType":"uint256","name":"stateNonce","type":"uint256"}],"internalType":"struct AccountView[]","name":"views","type":"tuple[]"}],"stateMutability":"view","type":"function"},
  {"inputs":[],"name":"assets","outputs":[{"components":[{"internalType":"address","name":"token","type":"address"},{"internalType":"uint8","name":"decimals","type":"uint8"},{"internalType":"uint8","name":"feedId","type":"uint8"},{"internalType":"uint8","name":"underlying","type":"uint8"},{"internalType":"uint48","name":"closedUntil","type":"uint48"},{"internalType":"uint128","name":"cap","type":"uint128"},{"internalType":"uint128","name":"total","type":"uint128"}],"internalType":"struct AssetConfig[]","name":"configs","type":"tuple[]"},{"components":[{"internalType":"uint256","name":"mid","type":"uint256"},{"internalType":"uint256","name":"low","type":"uint256"},{"internalType":"uint256","name":"high","type":"uint256"},{"internalType":"uint256","name":"time","type":"uint256"},{"internalType":"enum PriceStatus","name":"status","type":"uint8"}],"internalType":"struct Price[]","name":"prices","type":"tuple[]"}],"stateMutability":"view","type":"function"},
  {"inputs":[],"name":"auction","outputs":[{"internalType":"contract ILiquidationAuction","name":"","type":"address"}],"stateMutability":"view","type":"function"},
  {"inputs":[{"internalType":"uint256[]","name":"accounts","type":"uint256[]"}],"name":"auctions","outputs":[{"components":[{"internalType":"uint32","name":"id","type":"uint32"},{"internalType":"bool","name":"insolvent","type":"bool"},{"internalType":"bool","name":"stopped","type":"bool"},{"internalType":"uint32","name":"seenAt","type":"uint32"},{"internalType":"uint32","name":"solventTime","type":"uint32"},{"internalType":"uint32","name":"insolventTime","type":"uint32"},{"internalType":"uint16","name":"pages","type":"uint16"},{"internalType":"uint256","name":"reserved","type":"uint256"},{"internalType":"uint64","name":"exposure","type":"uint64"}],"internalType":"struct Auction[]","name":"live","type":"tuple[]"},{"internalType":"bool[]","name":"insolvent","type":"bool[]"},{"internalType":"int256[]","name":"prices","type":"int256[]"},{"internalType":"uint256[]","name":"maxFractions","type":"uint256[]"},{"internalType":"int256[]","name":"values","type":"int256[]"}],"stateMutability":"view","type":"function"},
  {"inputs":[],"name":"clearinghouse","outputs":[{"internalType":"contract IClearinghouse","name":"","type":"address"}],"stateMutability":"view","type":"function"},
  {"inputs":[],"name":"markets","outputs":[{"components":[{"internalType":"uint64","name":"instrument","type":"uint64"},{"components":[{"internalType":"uint256","name":"mid","type":"uint256"},{"internalType":"uint256","name":"low","type":"uint256"},{"internalType":"uint256","name":"high","type":"uint256"},{"internalType":"uint256","name":"time","type":"uint256"},{"internalType":"enum PriceStatus","name":"status","type":"uint8"}],"internalType":"struct Price","name":"index","type":"tuple"},{"internalType":"int256","name":"fundingIndex","type":"int256"},{"internalType":"int256","name":"fundingRate","type":"int256"},{"internalType":"int256","name":"premium","type":"int256"},{"internalType":"uint256","name":"openInterest","type":"uint256"},{"internalType":"uint256","name":"flags","type":"uint256"},{"internalType":"uint256","name":"pool","type":"uint256"},{"internalType":"uint256","name":"shortfall","type":"uint256"},{"internalType":"uint256","name":"mark","type":"uint256"},{"internalType":"enum PriceStatus","name":"markStatus","type":"uint8"},{"components":[{"internalType":"uint96","name":"openInterestCap","type":"uint96"},{"internalType":"uint96","name":"fundingDepth","type":"uint96"},{"internalType":"uint24","name":"maxFundingRate","type":"uint24"}],"internalType":"struct InstrumentConfig","name":"config","type":"tuple"}],"internalType":"struct MarketView[]","name":"views","type":"tuple[]"}],"stateMutability":"view","type":"function"},
  {"inputs":[],"name":"oracle","outputs":[{"internalType":"contract IOracleAdapter","name":"","type":"address"}],"stateMutability":"view","type":"function"},
  {"inputs":[{"internalType":"uint256[]","name":"accounts","type":"uint256[]"}],"name":"screen","outputs":[{"internalType":"bool[]","name":"ok","type":"bool[]"},{"internalType":"uint256[]","name":"healthFactors","type":"uint256[]"},{"internalType":"int256[]","name":"maintenanceExcess","type":"int256[]"},{"internalType":"uint256[]","name":"nonces","type":"uint256[]"}],"stateMutability":"view","type":"function"},
  {"inputs":[],"name":"vault","outputs":[{"internalType":"contract IMarginVault","name":"","type":"address"}],"stateMutability":"view","type":"function"},
] as const

export const marginVaultAbi = [
  {"inputs":[{"internalType":"address","name":"authority","type":"address"},{"internalType":"address","name":"quoteToken_","type":"address"}],"stateMutability":"nonpayable","type":"constructor"},
  {"inputs":[{"internalType":"address","name":"authority","type":"address"}],"name":"AccessManagedInvalidAuthority","type":"error"},
  {"inputs":[{"internalType":"address","name":"caller","type":"address"},{"internalType":"uint32","name":"delay","type":"uint32"}],"name":"AccessManagedRequiredDelay","type":"error"},
  {"inputs":[{"internalType":"address","name":"caller","type":"address"}],"name":"AccessManagedUnauthorized","type":"error"},
  {"inputs":[{"internalType":"int256","name":"amount","type":"int256"},{"internalType":"int256","name":"limit","type":"int256"}],"name":"AmountOutOfRange","type":"error"},
  {"inputs":[{"internalType":"address","name":"token","type":"address"}],"name":"AssetAlreadyListed","type":"error"},
  {"inputs":[{"internalType":"uint256","name":"account","type":"uint256"},{"internalType":"int256","name":"excess","type":"int256"}],"name":"BelowInitialMargin","type":"error"},
  {"inputs":[{"internalType":"uint256","name":"account","type":"uint256"},{"internalType":"int256","name":"cash","type":"int256"},{"internalType":"int256","name":"least","type":"int256"}],"name":"BidOnCredit","type":"error"},
  {"inputs":[{"internalType":"address","name":"token","type":"address"},{"internalType":"uint256","name":"total","type":"uint256"},{"internalType":"uint256","name":"cap","type":"uint256"}],"name":"CapExceeded","type":"error"},
  {"inputs":[{"internalType":"address","name":"token","type":"address"},{"internalType":"uint8","name":"actual","type":"uint8"},{"internalType":"uint8","name":"expected","type":"uint8"}],"name":"DecimalsMismatch","type":"error"},
  {"inputs":[{"internalType":"address","name":"token","type":"address"}],"name":"DepositsDisabled","type":"error"},
  {"inputs":[{"internalType":"uint256","name":"account","type":"uint256"},{"internalType":"int256","name":"equity","type":"int256"},{"internalType":"int256","name":"least","type":"int256"}],"name":"EquityTooLow","type":"error"},
  {"inputs":[],"name":"GateClosed","type":"error"},
  {"inputs":[{"internalType":"uint256","name":"account","type":"uint256"}],"name":"InAuction","type":"error"},
  {"inputs":[{"internalType":"uint256","name":"account","type":"uint256"},{"internalType":"address","name":"token","type":"address"},{"internalType":"uint256","name":"amount","type":"uint256"},{"internalType":"uint256","name":"available","type":"uint256"}],"name":"InsufficientBalance","type":"error"},
  {"inputs":[{"internalType":"uint256","name":"amount","type":"uint256"},{"internalType":"uint256","name":"available","type":"uint256"}],"name":"InsufficientLiquidity","type":"error"},
  {"inputs":[{"internalType":"address","name":"module","type":"address"}],"name":"LastAuction","type":"error"},
  {"inputs":[{"internalType":"uint256","name":"account","type":"uint256"}],"name":"LiquidatedInOperation","type":"error"},
  {"inputs":[{"internalType":"uint256","name":"account","type":"uint256"},{"internalType":"int256","name":"beforeInitial","type":"int256"},{"internalType":"int256","name":"afterInitial","type":"int256"},{"internalType":"int256","name":"beforeMaintenance","type":"int256"},{"internalType":"int256","name":"afterMaintenance","type":"int256"}],"name":"MarginExcessFell","type":"error"},
  {"inputs":[{"internalType":"address","name":"target","type":"address"}],"name":"NotAContract","type":"error"},
  {"inputs":[{"internalType":"address","name":"caller","type":"address"},{"internalType":"uint256","name":"account","type":"uint256"},{"internalType":"uint8","name":"permission","type":"uint8"}],"name":"NotAuthorised","type":"error"},
  {"inputs":[{"internalType":"address","name":"caller","type":"address"}],"name":"NotModule","type":"error"},
  {"inputs":[{"internalType":"uint256","name":"account","type":"uint256"}],"name":"NotTouched","type":"error"},
  {"inputs":[{"internalType":"address","name":"token","type":"address"},{"internalType":"uint256","name":"amount","type":"uint256"},{"internalType":"uint256","name":"available","type":"uint256"}],"name":"OutflowLimitExceeded","type":"error"},
  {"inputs":[{"internalType":"uint256","name":"value","type":"uint256"},{"internalType":"uint256","name":"limit","type":"uint256"}],"name":"ParameterOutOfRange","type":"error"},
  {"inputs":[{"internalType":"uint256","name":"account","type":"uint256"}],"name":"PricesNotValid","type":"error"},
  {"inputs":[{"internalType":"uint256","name":"account","type":"uint256"},{"internalType":"int256","name":"cost","type":"int256"},{"internalType":"uint256","name":"limit","type":"uint256"}],"name":"ReductionTooDear","type":"error"},
  {"inputs":[{"internalType":"uint256","name":"until","type":"uint256"}],"name":"RiskIncreasePaused","type":"error"},
  {"inputs":[{"internalType":"int256","name":"value","type":"int256"}],"name":"SafeCastOverflowedIntToUint","type":"error"},
  {"inputs":[{"internalType":"uint8","name":"bits","type":"uint8"},{"internalType":"uint256","name":"value","type":"uint256"}],"name":"SafeCastOverflowedUintDowncast","type":"error"},
  {"inputs":[{"internalType":"uint256","name":"value","type":"uint256"}],"name":"SafeCastOverflowedUintToInt","type":"error"},
  {"inputs":[{"internalType":"address","name":"token","type":"address"}],"name":"SafeERC20FailedOperation","type":"error"},
  {"inputs":[],"name":"TokenTransferInProgress","type":"error"},
  {"inputs":[{"internalType":"uint256","name":"count","type":"uint256"},{"internalType":"uint256","name":"limit","type":"uint256"}],"name":"TooManyAssets","type":"error"},
  {"inputs":[{"internalType":"address","name":"token","type":"address"}],"name":"UnknownAsset","type":"error"},
  {"inputs":[],"name":"ZeroAmount","type":"error"},
  {"anonymous":false,"inputs":[{"indexed":true,"internalType":"address","name":"token","type":"address"},{"indexed":false,"internalType":"uint128","name":"cap","type":"uint128"},{"indexed":false,"internalType":"bool","name":"depositsEnabled","type":"bool"}],"name":"AssetConfigured","type":"event"},
  {"anonymous":false,"inputs":[{"indexed":true,"internalType":"uint256","name":"index","type":"uint256"},{"indexed":true,"internalType":"address","name":"token","type":"address"},{"indexed":false,"internalType":"uint8","name":"feedId","type":"uint8"},{"indexed":false,"internalType":"uint8","name":"underlying","type":"uint8"},{"indexed":false,"internalType":"uint128","name":"cap","type":"uint128"}],"name":"AssetListed","type":"event"},
  {"anonymous":false,"inputs":[{"indexed":false,"internalType":"address","name":"authority","type":"address"}],"name":"AuthorityUpdated","type":"event"},
  {"anonymous":false,"inputs":[{"indexed":true,"internalType":"uint256","name":"account","type":"uint256"},{"indexed":false,"internalType":"int256","name":"delta","type":"int256"},{"indexed":false,"internalType":"int256","name":"cash","type":"int256"}],"name":"CashChanged","type":"event"},
  {"anonymous":false,"inputs":[{"indexed":true,"internalType":"uint256","name":"from","type":"uint256"},{"indexed":true,"internalType":"uint256","name":"to","type":"uint256"},{"indexed":true,"internalType":"address","name":"token","type":"address"},{"indexed":false,"internalType":"uint256","name":"amount","type":"uint256"}],"name":"CollateralMoved","type":"event"},
  {"anonymous":false,"inputs":[{"indexed":true,"internalType":"uint256","name":"account","type":"uint256"},{"indexed":false,"internalType":"uint256","name":"amount","type":"uint256"},{"indexed":false,"internalType":"uint256","name":"deficit","type":"uint256"}],"name":"DeficitRecorded","type":"event"},
  {"anonymous":false,"inputs":[{"indexed":false,"internalType":"uint256","name":"amount","type":"uint256"},{"indexed":false,"internalType":"uint256","name":"deficit","type":"uint256"}],"name":"DeficitRepaid","type":"event"},
  {"anonymous":false,"inputs":[{"indexed":true,"internalType":"uint256","name":"account","type":"uint256"},{"indexed":true,"internalType":"address","name":"token","type":"address"},{"indexed":true,"internalType":"address","name":"from","type":"address"},{"indexed":false,"internalType":"uint256","name":"amount","type":"uint256"}],"name":"Deposited","type":"event"},
  {"anonymous":false,"inputs":[{"indexed":true,"internalType":"address","name":"token","type":"address"},{"indexed":false,"internalType":"uint256","name":"until","type":"uint256"}],"name":"DepositsClosed","type":"event"},
  {"anonymous":false,"inputs":[{"indexed":true,"internalType":"address","name":"fund","type":"address"}],"name":"InsuranceFundSet","type":"event"},
  {"anonymous":false,"inputs":[{"indexed":false,"internalType":"uint256","name":"supplyIndex","type":"uint256"},{"indexed":false,"internalType":"uint256","name":"borrowIndex","type":"uint256"}],"name":"InterestAccrued","type":"event"},
  {"anonymous":false,"inputs":[{"indexed":true,"internalType":"uint256","name":"account","type":"uint256"},{"indexed":false,"internalType":"uint256","name":"amount","type":"uint256"}],"name":"LeavingCharged","type":"event"},
  {"anonymous":false,"inputs":[{"indexed":false,"internalType":"uint256","name":"amount","type":"uint256"},{"indexed":false,"internalType":"uint256","name":"supplyIndex","type":"uint256"}],"name":"LossSocialised","type":"event"},
  {"anonymous":false,"inputs":[{"indexed":true,"internalType":"address","name":"module","type":"address"},{"indexed":false,"internalType":"uint8","name":"roles","type":"uint8"}],"name":"ModuleSet","type":"event"},
  {"anonymous":false,"inputs":[{"indexed":true,"internalType":"address","name":"owner","type":"address"},{"indexed":true,"internalType":"address","name":"operator","type":"address"},{"indexed":false,"internalType":"uint8","name":"permissions","type":"uint8"},{"indexed":false,"internalType":"uint48","name":"expiry","type":"uint48"},{"indexed":false,"internalType":"uint64","name":"epoch","type":"uint64"}],"name":"OperatorSet","type":"event"},
  {"anonymous":false,"inputs":[{"indexed":true,"internalType":"address","name":"token","type":"address"},{"indexed":false,"internalType":"uint96","name":"capacity","type":"uint96"},{"indexed":false,"internalType":"uint32","name":"window","type":"uint32"}],"name":"OutflowLimitSet","type":"event"},
  {"anonymous":false,"inputs":[{"indexed":false,"internalType":"uint256","name":"time","type":"uint256"}],"name":"PausedUntil","type":"event"},
  {"anonymous":false,"inputs":[{"components":[{"internalType":"uint32","name":"baseRate","type":"uint32"},{"internalType":"uint32","name":"slope1","type":"uint32"},{"internalType":"uint32","name":"slope2","type":"uint32"},{"internalType":"uint32","name":"kink","type":"uint32"},{"internalType":"uint32","name":"reserveFactor","type":"uint32"}],"indexed":false,"internalType":"struct RateModel","name":"model","type":"tuple"}],"name":"RateModelSet","type":"event"},
  {"anonymous":false,"inputs":[{"indexed":true,"internalType":"address","name":"engine","type":"address"}],"name":"RiskEngineSet","type":"event"},
  {"anonymous":false,"inputs":[{"indexed":false,"internalType":"uint256","name":"toDeficit","type":"uint256"},{"indexed":false,"internalType":"uint256","name":"toFund","type":"uint256"}],"name":"SurplusCollected","type":"event"},
  {"anonymous":false,"inputs":[{"indexed":true,"internalType":"uint256","name":"account","type":"uint256"},{"indexed":true,"internalType":"address","name":"token","type":"address"},{"indexed":true,"internalType":"address","name":"to","type":"address"},{"indexed":false,"internalType":"uint256","name":"amount","type":"uint256"}],"name":"Withdrawn","type":"event"},
  {"inputs":[{"internalType":"uint256","name":"account","type":"uint256"}],"name":"accountState","outputs":[{"internalType":"int256","name":"cash","type":"int256"},{"internalType":"SpotWord[]","name":"spot","type":"uint256[]"}],"stateMutability":"view","type":"function"},
  {"inputs":[{"internalType":"uint256","name":"index","type":"uint256"}],"name":"assetAt","outputs":[{"components":[{"internalType":"address","name":"token","type":"address"},{"internalType":"uint8","name":"decimals","type":"uint8"},{"internalType":"uint8","name":"feedId","type":"uint8"},{"internalType":"uint8","name":"underlying","type":"uint8"},{"internalType":"uint48","name":"closedUntil","type":"uint48"},{"internalType":"uint128","name":"cap","type":"uint128"},{"internalType":"uint128","name":"total","type":"uint128"}],"internalType":"struct AssetConfig","name":"","type":"tuple"}],"stateMutability":"view","type":"function"},
  {"inputs":[],"name":"assetCount","outputs":[{"internalType":"uint256","name":"","type":"uint256"}],"stateMutability":"view","type":"function"},
  {"inputs":[{"internalType":"address","name":"token","type":"address"}],"name":"assetIndexOf","outputs":[{"internalType":"uint256","name":"","type":"uint256"}],"stateMutability":"view","type":"function"},
  {"inputs":[],"name":"authority","outputs":[{"internalType":"address","name":"","type":"address"}],"stateMutability":"view","type":"function"},
  {"inputs":[{"internalType":"uint256","name":"account","type":"uint256"},{"internalType":"uint256","name":"assetIndex","type":"uint256"}],"name":"balanceOf","outputs":[{"internalType":"uint256","name":"","type":"uint256"}],"stateMutability":"view","type":"function"},
  {"inputs":[{"internalType":"uint256","name":"account","type":"uint256"},{"internalType":"uint256","name":"amount","type":"uint256"},{"internalType":"uint256","name":"loan","type":"uint256"}],"name":"bearLoss","outputs":[{"internalType":"uint256","name":"fund","type":"uint256"},{"internalType":"uint256","name":"lenders","type":"uint256"},{"internalType":"uint256","name":"deficit","type":"uint256"}],"stateMutability":"nonpayable","type":"function"},
  {"inputs":[{"internalType":"uint256","name":"account","type":"uint256"}],"name":"cashOf","outputs":[{"internalType":"int256","name":"","type":"int256"}],"stateMutability":"view","type":"function"},
  {"inputs":[],"name":"cashTotals","outputs":[{"internalType":"uint256","name":"supply","type":"uint256"},{"internalType":"uint256","name":"borrowed","type":"uint256"},{"internalType":"uint256","name":"pools","type":"uint256"},{"internalType":"uint256","name":"deficit","type":"uint256"},{"internalType":"uint256","name":"tokens","type":"uint256"},{"internalType":"uint256","name":"cap","type":"uint256"}],"stateMutability":"view","type":"function"},
  {"inputs":[{"internalType":"uint256","name":"account","type":"uint256"},{"internalType":"uint256","name":"amount","type":"uint256"}],"name":"chargeFee","outputs":[],"stateMutability":"nonpayable","type":"function"},
  {"inputs":[],"name":"closeGate","outputs":[],"stateMutability":"nonpayable","type":"function"},
  {"inputs":[],"name":"collectSurplus","outputs":[{"internalType":"uint256","name":"toDeficit","type":"uint256"},{"internalType":"uint256","name":"toFund","type":"uint256"}],"stateMutability":"nonpayable","type":"function"},
  {"inputs":[{"internalType":"address","name":"token","type":"address"},{"internalType":"uint128","name":"cap","type":"uint128"},{"internalType":"bool","name":"depositsEnabled","type":"bool"}],"name":"configureAsset","outputs":[],"stateMutability":"nonpayable","type":"function"},
  {"inputs":[{"internalType":"uint256","name":"account","type":"uint256"},{"internalType":"address","name":"token","type":"address"},{"internalType":"uint256","name":"amount","type":"uint256"}],"name":"deposit","outputs":[{"internalType":"uint256","name":"credited","type":"uint256"}],"stateMutability":"nonpayable","type":"function"},
  {"inputs":[{"internalType":"uint256","name":"account","type":"uint256"},{"internalType":"address","name":"token","type":"address"},{"internalType":"uint256","name":"amount","type":"uint256"},{"internalType":"uint256","name":"deadline","type":"uint256"},{"internalType":"uint8","name":"v","type":"uint8"},{"internalType":"bytes32","name":"r","type":"bytes32"},{"internalType":"bytes32","name":"s","type":"bytes32"}],"name":"depositWithPermit","outputs":[{"internalType":"uint256","name":"credited","type":"uint256"}],"stateMutability":"nonpayable","type":"function"},
  {"inputs":[{"internalType":"address","name":"token","type":"address"},{"internalType":"uint256","name":"duration","type":"uint256"}],"name":"disableDeposits","outputs":[],"stateMutability":"nonpayable","type":"function"},
  {"inputs":[],"name":"indices","outputs":[{"internalType":"uint256","name":"supplyIndex","type":"uint256"},{"internalType":"uint256","name":"borrowIndex","type":"uint256"}],"stateMutability":"view","type":"function"},
  {"inputs":[],"name":"insuranceCash","outputs":[{"internalType":"uint256","name":"","type":"uint256"}],"stateMutability":"view","type":"function"},
  {"inputs":[],"name":"insuranceFund","outputs":[{"internalType":"address","name":"","type":"address"}],"stateMutability":"view","type":"function"},
  {"inputs":[{"internalType":"uint256","name":"account","type":"uint256"},{"internalType":"address","name":"actor","type":"address"},{"internalType":"uint8","name":"permissions","type":"uint8"}],"name":"isAuthorised","outputs":[{"internalType":"bool","name":"","type":"bool"}],"stateMutability":"view","type":"function"},
  {"inputs":[],"name":"isConsumingScheduledOp","outputs":[{"internalType":"bytes4","name":"","type":"bytes4"}],"stateMutability":"view","type":"function"},
  {"inputs":[],"name":"isGateOpen","outputs":[{"internalType":"bool","name":"","type":"bool"}],"stateMutability":"view","type":"function"},
  {"inputs":[{"internalType":"uint256","name":"account","type":"uint256"}],"name":"isInAuction","outputs":[{"internalType":"bool","name":"","type":"bool"}],"stateMutability":"view","type":"function"},
  {"inputs":[{"internalType":"address","name":"token","type":"address"},{"internalType":"uint8","name":"decimals","type":"uint8"},{"internalType":"uint8","name":"feedId","type":"uint8"},{"internalType":"uint8","name":"underlying","type":"uint8"},{"internalType":"uint128","name":"cap","type":"uint128"}],"name":"listAsset","outputs":[{"internalType":"uint256","name":"index","type":"uint256"}],"stateMutability":"nonpayable","type":"function"},
  {"inputs":[],"name":"lossInSight","outputs":[{"internalType":"uint256","name":"","type":"uint256"}],"stateMutability":"view","type":"function"},
  {"inputs":[{"internalType":"uint256","name":"account","type":"uint256"}],"name":"mayBorrow","outputs":[{"internalType":"bool","name":"","type":"bool"}],"stateMutability":"nonpayable","type":"function"},
  {"inputs":[{"internalType":"address","name":"module","type":"address"}],"name":"moduleRoles","outputs":[{"internalType":"uint8","name":"","type":"uint8"}],"stateMutability":"view","type":"function"},
  {"inputs":[{"internalType":"uint256","name":"from","type":"uint256"},{"internalType":"uint256","name":"to","type":"uint256"},{"internalType":"uint256","name":"amount","type":"uint256"}],"name":"moveCash","outputs":[],"stateMutability":"nonpayable","type":"function"},
  {"inputs":[{"internalType":"uint256","name":"from","type":"uint256"},{"internalType":"uint256","name":"to","type":"uint256"},{"internalType":"uint256","name":"assetIndex","type":"uint256"},{"internalType":"uint256","name":"amount","type":"uint256"}],"name":"moveCollateral","outputs":[],"stateMutability":"nonpayable","type":"function"},
  {"inputs":[{"internalType":"uint256","name":"from","type":"uint256"},{"internalType":"uint256","name":"to","type":"uint256"},{"internalType":"uint256","name":"fraction","type":"uint256"},{"internalType":"int256","name":"cash","type":"int256"}],"name":"moveSlice","outputs":[],"stateMutability":"nonpayable","type":"function"},
  {"inputs":[{"internalType":"uint256","name":"account","type":"uint256"}],"name":"nonceOf","outputs":[{"internalType":"uint256","name":"","type":"uint256"}],"stateMutability":"view","type":"function"},
  {"inputs":[],"name":"openGate","outputs":[],"stateMutability":"nonpayable","type":"function"},
  {"inputs":[{"internalType":"address","name":"owner","type":"address"},{"internalType":"address","name":"operator","type":"address"}],"name":"operatorOf","outputs":[{"internalType":"OperatorWord","name":"","type":"uint256"}],"stateMutability":"view","type":"function"},
  {"inputs":[{"internalType":"address","name":"token","type":"address"}],"name":"outflowOf","outputs":[{"internalType":"uint96","name":"capacity","type":"uint96"},{"internalType":"uint32","name":"window","type":"uint32"},{"internalType":"uint256","name":"available","type":"uint256"}],"stateMutability":"view","type":"function"},
  {"inputs":[{"internalType":"uint256","name":"duration","type":"uint256"}],"name":"pauseRiskIncrease","outputs":[],"stateMutability":"nonpayable","type":"function"},
  {"inputs":[],"name":"pausedUntil","outputs":[{"internalType":"uint256","name":"","type":"uint256"}],"stateMutability":"view","type":"function"},
  {"inputs":[{"internalType":"uint256","name":"account","type":"uint256"}],"name":"payableCash","outputs":[{"internalType":"int256","name":"cash","type":"int256"},{"internalType":"uint256","name":"gap","type":"uint256"},{"internalType":"uint256","name":"lent","type":"uint256"}],"stateMutability":"view","type":"function"},
  {"inputs":[],"name":"quoteToken","outputs":[{"internalType":"address","name":"","type":"address"}],"stateMutability":"view","type":"function"},
  {"inputs":[],"name":"rateModel","outputs":[{"components":[{"internalType":"uint32","name":"baseRate","type":"uint32"},{"internalType":"uint32","name":"slope1","type":"uint32"},{"internalType":"uint32","name":"slope2","type":"uint32"},{"internalType":"uint32","name":"kink","type":"uint32"},{"internalType":"uint32","name":"reserveFactor","type":"uint32"}],"internalType":"struct RateModel","name":"","type":"tuple"}],"stateMutability":"view","type":"function"},
  {"inputs":[],"name":"riskEngine","outputs":[{"internalType":"address","name":"","type":"address"}],"stateMutability":"view","type":"function"},
  {"inputs":[{"internalType":"address","name":"newAuthority","type":"address"}],"name":"setAuthority","outputs":[],"stateMutability":"nonpayable","type":"function"},
  {"inputs":[{"internalType":"uint256","name":"account","type":"uint256"},{"internalType":"bool","name":"inAuction","type":"bool"},{"internalType":"uint40","name":"loss","type":"uint40"}],"name":"setInAuction","outputs":[],"stateMutability":"nonpayable","type":"function"},
  {"inputs":[{"internalType":"address","name":"fund","type":"address"}],"name":"setInsuranceFund","outputs":[],"stateMutability":"nonpayable","type":"function"},
  {"inputs":[{"internalType":"address","name":"module","type":"address"},{"internalType":"uint8","name":"roles","type":"uint8"}],"name":"setModule","outputs":[],"stateMutability":"nonpayable","type":"function"},
  {"inputs":[{"internalType":"address","name":"operator","type":"address"},{"internalType":"uint8","name":"permissions","type":"uint8"},{"internalType":"uint48","name":"expiry","type":"uint48"}],"name":"setOperator","outputs":[],"stateMutability":"nonpayable","type":"function"},
  {"inputs":[{"internalType":"address","name":"token","type":"address"},{"internalType":"uint96","name":"capacity","type":"uint96"},{"internalType":"uint32","name":"window","type":"uint32"}],"name":"setOutflowLimit","outputs":[],"stateMutability":"nonpayable","type":"function"},
  {"inputs":[{"components":[{"internalType":"uint32","name":"baseRate","type":"uint32"},{"internalType":"uint32","name":"slope1","type":"uint32"},{"internalType":"uint32","name":"slope2","type":"uint32"},{"internalType":"uint32","name":"kink","type":"uint32"},{"internalType":"uint32","name":"reserveFactor","type":"uint32"}],"internalType":"struct RateModel","name":"model","type":"tuple"}],"name":"setRateModel","outputs":[],"stateMutability":"nonpayable","type":"function"},
  {"inputs":[{"internalType":"address","name":"engine","type":"address"}],"name":"setRiskEngine","outputs":[],"stateMutability":"nonpayable","type":"function"},
  {"inputs":[{"internalType":"uint256","name":"account","type":"uint256"},{"internalType":"int256","name":"amount","type":"int256"}],"name":"settleCash","outputs":[],"stateMutability":"nonpayable","type":"function"},
  {"inputs":[{"internalType":"uint256","name":"account","type":"uint256"},{"internalType":"enum TouchMode","name":"mode","type":"uint8"}],"name":"touch","outputs":[],"stateMutability":"nonpayable","type":"function"},
  {"inputs":[{"internalType":"uint256","name":"from","type":"uint256"},{"internalType":"uint256","name":"to","type":"uint256"},{"internalType":"address","name":"token","type":"address"},{"internalType":"uint256","name":"amount","type":"uint256"}],"name":"transfer","outputs":[],"stateMutability":"nonpayable","type":"function"},
  {"inputs":[{"internalType":"bytes","name":"data","type":"bytes"}],"name":"unlock","outputs":[{"internalType":"bytes","name":"result","type":"bytes"}],"stateMutability":"nonpayable","type":"function"},
  {"inputs":[],"name":"unpauseRiskIncrease","outputs":[],"stateMutability":"nonpayable","type":"function"},
  {"inputs":[{"internalType":"uint256","name":"account","type":"uint256"},{"internalType":"address","name":"token","type":"address"},{"internalType":"uint256","name":"amount","type":"uint256"},{"internalType":"address","name":"to","type":"address"}],"name":"withdraw","outputs":[{"internalType":"uint256","name":"","type":"uint256"}],"stateMutability":"nonpayable","type":"function"},
] as const

export const marketLossesAbi = [
  {"inputs":[{"internalType":"contract IMarginVault","name":"vault_","type":"address"}],"stateMutability":"nonpayable","type":"constructor"},
  {"inputs":[{"internalType":"int256","name":"basis","type":"int256"},{"internalType":"int256","name":"limit","type":"int256"}],"name":"BasisOutOfRange","type":"error"},
  {"inputs":[{"internalType":"int256","name":"amount","type":"int256"},{"internalType":"int256","name":"limit","type":"int256"}],"name":"ClaimOutOfRange","type":"error"},
  {"inputs":[{"internalType":"address","name":"caller","type":"address"}],"name":"NotModule","type":"error"},
  {"inputs":[{"internalType":"uint8","name":"bits","type":"uint8"},{"internalType":"uint256","name":"value","type":"uint256"}],"name":"SafeCastOverflowedUintDowncast","type":"error"},
  {"inputs":[{"internalType":"int256","name":"size","type":"int256"},{"internalType":"int256","name":"limit","type":"int256"}],"name":"SizeOutOfRange","type":"error"},
  {"anonymous":false,"inputs":[{"indexed":true,"internalType":"uint256","name":"account","type":"uint256"},{"indexed":true,"internalType":"uint64","name":"id","type":"uint64"},{"indexed":false,"internalType":"int256","name":"longClaim","type":"int256"},{"indexed":false,"internalType":"int256","name":"shortClaim","type":"int256"}],"name":"ClaimsChanged","type":"event"},
  {"anonymous":false,"inputs":[{"indexed":true,"internalType":"uint256","name":"account","type":"uint256"},{"indexed":true,"internalType":"uint64","name":"id","type":"uint64"},{"indexed":false,"internalType":"uint256","name":"amount","type":"uint256"},{"indexed":false,"internalType":"uint256","name":"shortfall","type":"uint256"}],"name":"LossCollected","type":"event"},
  {"anonymous":false,"inputs":[{"indexed":true,"internalType":"uint64","name":"id","type":"uint64"},{"indexed":false,"internalType":"bool","name":"longsPay","type":"bool"},{"indexed":false,"internalType":"uint256","name":"amount","type":"uint256"},{"indexed":false,"internalType":"uint256","name":"perUnit","type":"uint256"},{"indexed":false,"internalType":"uint256","name":"price","type":"uint256"}],"name":"LossShared","type":"event"},
  {"inputs":[{"internalType":"uint64","name":"id","type":"uint64"},{"internalType":"uint256","name":"account","type":"uint256"},{"internalType":"PositionWord","name":"open","type":"uint256"},{"internalType":"uint256","name":"most","type":"uint256"}],"name":"bear","outputs":[{"internalType":"PositionWord","name":"","type":"uint256"}],"stateMutability":"nonpayable","type":"function"},
  {"inputs":[{"internalType":"uint64","name":"id","type":"uint64"},{"internalType":"uint256","name":"account","type":"uint256"},{"internalType":"bool","name":"isLong","type":"bool"}],"name":"claimOf","outputs":[{"internalType":"int256","name":"amount","type":"int256"},{"internalType":"uint256","name":"units","type":"uint256"}],"stateMutability":"view","type":"function"},
  {"inputs":[{"internalType":"uint64","name":"id","type":"uint64"},{"internalType":"uint256","name":"account","type":"uint256"},{"internalType":"bool","name":"isLong","type":"bool"},{"internalType":"int256","name":"amount","type":"int256"},{"internalType":"uint256","name":"part","type":"uint256"},{"internalType":"uint256","name":"index","type":"uint256"}],"name":"credit","outputs":[{"internalType":"uint256","name":"left","type":"uint256"}],"stateMutability":"nonpayable","type":"function"},
  {"inputs":[{"internalType":"uint64","name":"id","type":"uint64"}],"name":"epochOf","outputs":[{"internalType":"uint256","name":"","type":"uint256"}],"stateMutability":"view","type":"function"},
  {"inputs":[{"internalType":"uint64","name":"id","type":"uint64"},{"components":[{"internalType":"uint256","name":"longs","type":"uint256"},{"internalType":"uint256","name":"shorts","type":"uint256"}],"internalType":"struct Sides","name":"open","type":"tuple"}],"name":"keepUnits","outputs":[],"stateMutability":"nonpayable","type":"function"},
  {"inputs":[{"internalType":"uint64","name":"id","type":"uint64"}],"name":"keptUnitsOf","outputs":[{"components":[{"internalType":"uint256","name":"longs","type":"uint256"},{"internalType":"uint256","name":"shorts","type":"uint256"}],"internalType":"struct Sides","name":"","type":"tuple"}],"stateMutability":"view","type":"function"},
  {"inputs":[{"internalType":"uint64","name":"id","type":"uint64"},{"internalType":"uint256","name":"from","type":"uint256"},{"internalType":"uint256","name":"to","type":"uint256"},{"internalType":"uint256","name":"fraction","type":"uint256"}],"name":"move","outputs":[{"internalType":"uint256","name":"leftFrom","type":"uint256"},{"internalType":"uint256","name":"leftTo","type":"uint256"}],"stateMutability":"nonpayable","type":"function"},
  {"inputs":[{"internalType":"uint64","name":"id","type":"uint64"},{"internalType":"uint256","name":"account","type":"uint256"}],"name":"owedTo","outputs":[{"internalType":"uint256","name":"","type":"uint256"}],"stateMutability":"view","type":"function"},
  {"inputs":[{"internalType":"uint64","name":"id","type":"uint64"},{"internalType":"uint256","name":"account","type":"uint256"},{"internalType":"uint256","name":"cash","type":"uint256"},{"internalType":"uint256","name":"pool","type":"uint256"}],"name":"pay","outputs":[{"internalType":"uint256","name":"out","type":"uint256"},{"internalType":"uint256","name":"in_","type":"uint256"},{"internalType":"uint256","name":"left","type":"uint256"}],"stateMutability":"nonpayable","type":"function"},
  {"inputs":[{"internalType":"uint64","name":"id","type":"uint64"},{"internalType":"uint256","name":"account","type":"uint256"},{"internalType":"PositionWord","name":"open","type":"uint256"}],"name":"pending","outputs":[{"internalType":"PositionWord","name":"later","type":"uint256"},{"internalType":"int256","name":"longClaim","type":"int256"},{"internalType":"int256","name":"shortClaim","type":"int256"}],"stateMutability":"view","type":"function"},
  {"inputs":[{"internalType":"uint64","name":"id","type":"uint64"},{"internalType":"uint256","name":"epoch","type":"uint256"}],"name":"recordOf","outputs":[{"internalType":"bool","name":"longsPay","type":"bool"},{"internalType":"uint256","name":"perUnit","type":"uint256"},{"internalType":"uint256","name":"price","type":"uint256"},{"internalType":"int256","name":"carry","type":"int256"}],"stateMutability":"view","type":"function"},
  {"inputs":[{"internalType":"uint64","name":"id","type":"uint64"},{"internalType":"uint256","name":"account","type":"uint256"},{"internalType":"bool","name":"longsPay","type":"bool"},{"internalType":"uint256","name":"amount","type":"uint256"},{"internalType":"uint256","name":"price","type":"uint256"},{"internalType":"int256","name":"carry","type":"int256"},{"internalType":"uint256","name":"open","type":"uint256"},{"internalType":"bool","name":"kept","type":"bool"}],"name":"share","outputs":[{"internalType":"uint256","name":"rest","type":"uint256"},{"internalType":"uint256","name":"left","type":"uint256"}],"stateMutability":"nonpayable","type":"function"},
  {"inputs":[{"internalType":"uint64","name":"id","type":"uint64"}],"name":"shortfallOf","outputs":[{"internalType":"uint256","name":"","type":"uint256"}],"stateMutability":"view","type":"function"},
  {"inputs":[{"internalType":"uint64","name":"id","type":"uint64"}],"name":"unitsOf","outputs":[{"components":[{"internalType":"uint256","name":"longs","type":"uint256"},{"internalType":"uint256","name":"shorts","type":"uint256"}],"internalType":"struct Sides","name":"","type":"tuple"}],"stateMutability":"view","type":"function"},
  {"inputs":[],"name":"vault","outputs":[{"internalType":"contract IMarginVault","name":"","type":"address"}],"stateMutability":"view","type":"function"},
] as const

export const optionOracleAbi = [
  {"inputs":[{"internalType":"contract IMarginVault","name":"vault_","type":"address"},{"internalType":"contract IOracleAdapter","name":"oracle_","type":"address"},{"internalType":"contract IVolatilitySurface","name":"surface_","type":"address"},{"internalType":"contract IRiskParameters","name":"parameters_","type":"address"},{"internalType":"contract IExpiries","name":"expiries_","type":"address"}],"stateMutability":"nonpayable","type":"constructor"},
  {"inputs":[{"internalType":"uint64","name":"id","type":"uint64"}],"name":"NotAnOption","type":"error"},
  {"inputs":[],"name":"OperationOpen","type":"error"},
  {"inputs":[{"internalType":"uint256","name":"feedId","type":"uint256"}],"name":"PriceNotValid","type":"error"},
  {"inputs":[{"internalType":"uint256","name":"underlying","type":"uint256"}],"name":"UnknownUnderlying","type":"error"},
  {"anonymous":false,"inputs":[{"indexed":true,"internalType":"uint64","name":"id","type":"uint64"},{"indexed":false,"internalType":"uint256","name":"meta","type":"uint256"},{"indexed":false,"internalType":"uint256","name":"nodes","type":"uint256"}],"name":"ArrayRefreshed","type":"event"},
  {"inputs":[{"internalType":"uint64","name":"id","type":"uint64"}],"name":"arrayOf","outputs":[{"components":[{"internalType":"uint256","name":"time","type":"uint256"},{"internalType":"uint256","name":"ref","type":"uint256"},{"internalType":"uint256","name":"mark","type":"uint256"},{"internalType":"int256","name":"delta","type":"int256"},{"internalType":"int256[18]","name":"lanes","type":"int256[18]"},{"internalType":"uint256","name":"gapMaintenance","type":"uint256"},{"internalType":"uint256","name":"gapInitial","type":"uint256"},{"internalType":"uint256","name":"bowMaintenance","type":"uint256"},{"internalType":"uint256","name":"bowInitial","type":"uint256"},{"internalType":"uint256","name":"drift","type":"uint256"},{"internalType":"uint256","name":"reach","type":"uint256"},{"internalType":"bool","name":"valid","type":"bool"}],"internalType":"struct RiskArrayView","name":"array","type":"tuple"}],"stateMutability":"view","type":"function"},
  {"inputs":[],"name":"expiries","outputs":[{"internalType":"contract IExpiries","name":"","type":"address"}],"stateMutability":"view","type":"function"},
  {"inputs":[{"internalType":"uint64","name":"id","type":"uint64"}],"name":"mark","outputs":[{"internalType":"uint256","name":"price","type":"uint256"},{"internalType":"enum PriceStatus","name":"status","type":"uint8"},{"internalType":"uint256","name":"index","type":"uint256"}],"stateMutability":"view","type":"function"},
  {"inputs":[],"name":"oracle","outputs":[{"internalType":"contract IOracleAdapter","name":"","type":"address"}],"stateMutability":"view","type":"function"},
  {"inputs":[],"name":"parameters","outputs":[{"internalType":"contract IRiskParameters","name":"","type":"address"}],"stateMutability":"view","type":"function"},
  {"inputs":[{"internalType":"uint64[]","name":"ids","type":"uint64[]"}],"name":"refresh","outputs":[],"stateMutability":"nonpayable","type":"function"},
  {"inputs":[{"internalType":"uint256[]","name":"ids","type":"uint256[]"}],"name":"refreshOutdated","outputs":[{"internalType":"uint256[]","name":"all","type":"uint256[]"}],"stateMutability":"nonpayable","type":"function"},
  {"inputs":[{"internalType":"uint64[]","name":"ids","type":"uint64[]"}],"name":"refreshStale","outputs":[],"stateMutability":"nonpayable","type":"function"},
  {"inputs":[],"name":"surface","outputs":[{"internalType":"contract IVolatilitySurface","name":"","type":"address"}],"stateMutability":"view","type":"function"},
  {"inputs":[],"name":"vault","outputs":[{"internalType":"contract IMarginVault","name":"","type":"address"}],"stateMutability":"view","type":"function"},
  {"inputs":[{"internalType":"uint64","name":"id","type":"uint64"}],"name":"volatilityOf","outputs":[{"internalType":"uint256","name":"volatility","type":"uint256"},{"internalType":"uint256","name":"forward","type":"uint256"},{"internalType":"enum PriceStatus","name":"status","type":"uint8"}],"stateMutability":"view","type":"function"},
  {"inputs":[{"internalType":"uint256[]","name":"ids","type":"uint256[]"}],"name":"words","outputs":[{"internalType":"uint256[]","name":"all","type":"uint256[]"}],"stateMutability":"view","type":"function"},
  {"inputs":[{"internalType":"uint256[]","name":"pairs","type":"uint256[]"}],"name":"wordsAt","outputs":[{"internalType":"uint256[]","name":"all","type":"uint256[]"}],"stateMutability":"view","type":"function"},
] as const

export const oracleAdapterAbi = [
  {"inputs":[{"internalType":"address","name":"authority","type":"address"},{"internalType":"contract IPyth","name":"pyth_","type":"address"}],"stateMutability":"nonpayable","type":"constructor"},
  {"inputs":[{"internalType":"address","name":"authority","type":"address"}],"name":"AccessManagedInvalidAuthority","type":"error"},
  {"inputs":[{"internalType":"address","name":"caller","type":"address"},{"internalType":"uint32","name":"delay","type":"uint32"}],"name":"AccessManagedRequiredDelay","type":"error"},
  {"inputs":[{"internalType":"address","name":"caller","type":"address"}],"name":"AccessManagedUnauthorized","type":"error"},
  {"inputs":[{"internalType":"uint256","name":"feedId","type":"uint256"},{"internalType":"uint256","name":"confidence","type":"uint256"},{"internalType":"uint256","name":"limit","type":"uint256"}],"name":"ConfidenceTooWide","type":"error"},
  {"inputs":[{"internalType":"uint256","name":"duration","type":"uint256"},{"internalType":"uint256","name":"limit","type":"uint256"}],"name":"DurationTooLong","type":"error"},
  {"inputs":[{"internalType":"uint256","name":"value","type":"uint256"},{"internalType":"uint256","name":"fee","type":"uint256"}],"name":"FeeTooLow","type":"error"},
  {"inputs":[{"internalType":"uint256","name":"feedId","type":"uint256"},{"internalType":"uint256","name":"limit","type":"uint256"}],"name":"FeedIdOutOfRange","type":"error"},
  {"inputs":[{"internalType":"uint256","name":"time","type":"uint256"},{"internalType":"uint256","name":"earliest","type":"uint256"}],"name":"HaltTooSoon","type":"error"},
  {"inputs":[{"internalType":"uint256","name":"heartbeat","type":"uint256"},{"internalType":"uint256","name":"unit","type":"uint256"}],"name":"HeartbeatNotMultiple","type":"error"},
  {"inputs":[],"name":"NoPyth","type":"error"},
  {"inputs":[{"internalType":"uint256","name":"feedId","type":"uint256"},{"internalType":"uint256","name":"value","type":"uint256"},{"internalType":"uint256","name":"limit","type":"uint256"}],"name":"ParameterTooHigh","type":"error"},
  {"inputs":[{"internalType":"uint256","name":"feedId","type":"uint256"},{"internalType":"uint256","name":"value","type":"uint256"},{"internalType":"uint256","name":"limit","type":"uint256"}],"name":"ParameterTooLow","type":"error"},
  {"inputs":[{"internalType":"uint256","name":"feedId","type":"uint256"},{"internalType":"uint256","name":"price","type":"uint256"},{"internalType":"uint256","name":"minPrice","type":"uint256"},{"internalType":"uint256","name":"maxPrice","type":"uint256"}],"name":"PriceOutOfBand","type":"error"},
  {"inputs":[{"internalType":"address","name":"to","type":"address"},{"internalType":"uint256","name":"amount","type":"uint256"}],"name":"RefundFailed","type":"error"},
  {"inputs":[{"internalType":"address","name":"feed","type":"address"}],"name":"SequencerFeedUnusable","type":"error"},
  {"inputs":[{"internalType":"uint256","name":"available","type":"uint256"},{"internalType":"uint256","name":"needed","type":"uint256"}],"name":"SourceGasTooLow","type":"error"},
  {"inputs":[{"internalType":"uint256","name":"feedId","type":"uint256"}],"name":"SourceMissing","type":"error"},
  {"inputs":[{"internalType":"uint256","name":"feedId","type":"uint256"},{"internalType":"address","name":"reader","type":"address"}],"name":"SourceUnusable","type":"error"},
  {"inputs":[{"internalType":"uint256","name":"feedId","type":"uint256"},{"internalType":"address","name":"reader","type":"address"},{"internalType":"uint256","name":"price","type":"uint256"},{"internalType":"uint256","name":"primary","type":"uint256"}],"name":"SourcesDisagree","type":"error"},
  {"inputs":[{"internalType":"uint256","name":"feedId","type":"uint256"}],"name":"UnknownFeed","type":"error"},
  {"inputs":[{"internalType":"address","name":"reader","type":"address"}],"name":"VoteOnlySource","type":"error"},
  {"anonymous":false,"inputs":[{"indexed":false,"internalType":"address","name":"authority","type":"address"}],"name":"AuthorityUpdated","type":"event"},
  {"anonymous":false,"inputs":[{"indexed":true,"internalType":"uint256","name":"feedId","type":"uint256"},{"components":[{"components":[{"internalType":"contract IPriceSource","name":"reader","type":"address"},{"internalType":"uint32","name":"maxAge","type":"uint32"},{"internalType":"uint32","name":"gasLimit","type":"uint32"},{"internalType":"bool","name":"voteOnly","type":"bool"},{"internalType":"bytes32","name":"data","type":"bytes32"}],"internalType":"struct SourceConfig","name":"primary","type":"tuple"},{"components":[{"internalType":"contract IPriceSource","name":"reader","type":"address"},{"internalType":"uint32","name":"maxAge","type":"uint32"},{"internalType":"uint32","name":"gasLimit","type":"uint32"},{"internalType":"bool","name":"voteOnly","type":"bool"},{"internalType":"bytes32","name":"data","type":"bytes32"}],"internalType":"struct SourceConfig","name":"secondary","type":"tuple"},{"components":[{"internalType":"contract IPriceSource","name":"reader","type":"address"},{"internalType":"uint32","name":"maxAge","type":"uint32"},{"internalType":"uint32","name":"gasLimit","type":"uint32"},{"internalType":"bool","name":"voteOnly","type":"bool"},{"internalType":"bytes32","name":"data","type":"bytes32"}],"internalType":"struct SourceConfig","name":"third","type":"tuple"},{"internalType":"uint96","name":"minPrice","type":"uint96"},{"internalType":"uint96","name":"maxPrice","type":"uint96"},{"internalType":"uint32","name":"smoothingWindow","type":"uint32"},{"internalType":"uint32","name":"haltBound","type":"uint32"},{"internalType":"uint24","name":"confidenceLimit","type":"uint24"},{"internalType":"uint24","name":"deviationLimit","type":"uint24"},{"internalType":"uint24","name":"breakerLimit","type":"uint24"},{"internalType":"uint24","name":"widening","type":"uint24"},{"internalType":"bool","name":"readThrough","type":"bool"}],"indexed":false,"internalType":"struct FeedConfig","name":"config","type":"tuple"}],"name":"FeedSet","type":"event"},
  {"anonymous":false,"inputs":[{"indexed":true,"internalType":"uint256","name":"feedId","type":"uint256"},{"indexed":false,"internalType":"uint256","name":"price","type":"uint256"},{"indexed":false,"internalType":"uint256","name":"smoothed","type":"uint256"},{"indexed":false,"internalType":"uint256","name":"confidence","type":"uint256"},{"indexed":false,"internalType":"uint256","name":"time","type":"uint256"},{"indexed":false,"internalType":"enum PriceStatus","name":"status","type":"uint8"}],"name":"PriceStored","type":"event"},
  {"anonymous":false,"inputs":[{"indexed":true,"internalType":"address","name":"feed","type":"address"},{"indexed":false,"internalType":"uint256","name":"grace","type":"uint256"}],"name":"SequencerFeedSet","type":"event"},
  {"anonymous":false,"inputs":[{"indexed":true,"internalType":"uint256","name":"feedId","type":"uint256"},{"indexed":false,"internalType":"enum PriceStatus","name":"status","type":"uint8"},{"indexed":false,"internalType":"uint256","name":"until","type":"uint256"}],"name":"StatusForced","type":"event"},
  {"inputs":[],"name":"authority","outputs":[{"internalType":"address","name":"","type":"address"}],"stateMutability":"view","type":"function"},
  {"inputs":[{"internalType":"uint256","name":"feedId","type":"uint256"}],"name":"bounds","outputs":[{"internalType":"uint256","name":"halt","type":"uint256"},{"internalType":"uint256","name":"forcedUncertain","type":"uint256"},{"internalType":"uint256","name":"forcedHalt","type":"uint256"}],"stateMutability":"view","type":"function"},
  {"inputs":[{"internalType":"uint256","name":"feedId","type":"uint256"}],"name":"cumulative","outputs":[{"internalType":"uint256","name":"integral","type":"uint256"}],"stateMutability":"view","type":"function"},
  {"inputs":[{"internalType":"uint256","name":"feedId","type":"uint256"}],"name":"feedConfig","outputs":[{"components":[{"components":[{"internalType":"contract IPriceSource","name":"reader","type":"address"},{"internalType":"uint32","name":"maxAge","type":"uint32"},{"internalType":"uint32","name":"gasLimit","type":"uint32"},{"internalType":"bool","name":"voteOnly","type":"bool"},{"internalType":"bytes32","name":"data","type":"bytes32"}],"internalType":"struct SourceConfig","name":"primary","type":"tuple"},{"components":[{"internalType":"contract IPriceSource","name":"reader","type":"address"},{"internalType":"uint32","name":"maxAge","type":"uint32"},{"internalType":"uint32","name":"gasLimit","type":"uint32"},{"internalType":"bool","name":"voteOnly","type":"bool"},{"internalType":"bytes32","name":"data","type":"bytes32"}],"internalType":"struct SourceConfig","name":"secondary","type":"tuple"},{"components":[{"internalType":"contract IPriceSource","name":"reader","type":"address"},{"internalType":"uint32","name":"maxAge","type":"uint32"},{"internalType":"uint32","name":"gasLimit","type":"uint32"},{"internalType":"bool","name":"voteOnly","type":"bool"},{"internalType":"bytes32","name":"data","type":"bytes32"}],"internalType":"struct SourceConfig","name":"third","type":"tuple"},{"internalType":"uint96","name":"minPrice","type":"uint96"},{"internalType":"uint96","name":"maxPrice","type":"uint96"},{"internalType":"uint32","name":"smoothingWindow","type":"uint32"},{"internalType":"uint32","name":"haltBound","type":"uint32"},{"internalType":"uint24","name":"confidenceLimit","type":"uint24"},{"internalType":"uint24","name":"deviationLimit","type":"uint24"},{"internalType":"uint24","name":"breakerLimit","type":"uint24"},{"internalType":"uint24","name":"widening","type":"uint24"},{"internalType":"bool","name":"readThrough","type":"bool"}],"internalType":"struct FeedConfig","name":"config","type":"tuple"}],"stateMutability":"view","type":"function"},
  {"inputs":[{"internalType":"uint256","name":"feedId","type":"uint256"},{"internalType":"uint256","name":"duration","type":"uint256"}],"name":"forceHalt","outputs":[],"stateMutability":"nonpayable","type":"function"},
  {"inputs":[{"internalType":"uint256","name":"feedId","type":"uint256"},{"internalType":"uint256","name":"duration","type":"uint256"}],"name":"forceUncertain","outputs":[],"stateMutability":"nonpayable","type":"function"},
  {"inputs":[],"name":"isConsumingScheduledOp","outputs":[{"internalType":"bytes4","name":"","type":"bytes4"}],"stateMutability":"view","type":"function"},
  {"inputs":[{"internalType":"uint256","name":"feedId","type":"uint256"}],"name":"latest","outputs":[{"internalType":"uint256","name":"mid","type":"uint256"},{"internalType":"uint256","name":"confidence","type":"uint256"},{"internalType":"uint256","name":"time","type":"uint256"},{"internalType":"enum PriceStatus","name":"status","type":"uint8"}],"stateMutability":"view","type":"function"},
  {"inputs":[{"internalType":"uint256[]","name":"feedIds","type":"uint256[]"}],"name":"packedPrices","outputs":[{"internalType":"uint256[]","name":"words","type":"uint256[]"}],"stateMutability":"view","type":"function"},
  {"inputs":[{"internalType":"uint256","name":"feedId","type":"uint256"}],"name":"price","outputs":[{"components":[{"internalType":"uint256","name":"mid","type":"uint256"},{"internalType":"uint256","name":"low","type":"uint256"},{"internalType":"uint256","name":"high","type":"uint256"},{"internalType":"uint256","name":"time","type":"uint256"},{"internalType":"enum PriceStatus","name":"status","type":"uint8"}],"internalType":"struct Price","name":"quote","type":"tuple"}],"stateMutability":"view","type":"function"},
  {"inputs":[],"name":"pyth","outputs":[{"internalType":"contract IPyth","name":"","type":"address"}],"stateMutability":"view","type":"function"},
  {"inputs":[{"internalType":"uint256[]","name":"feedIds","type":"uint256[]"}],"name":"refresh","outputs":[],"stateMutability":"nonpayable","type":"function"},
  {"inputs":[{"internalType":"uint256[]","name":"feedIds","type":"uint256[]"}],"name":"refreshOld","outputs":[],"stateMutability":"nonpayable","type":"function"},
  {"inputs":[],"name":"sequencerFeed","outputs":[{"internalType":"address","name":"feed","type":"address"},{"internalType":"uint256","name":"grace","type":"uint256"}],"stateMutability":"view","type":"function"},
  {"inputs":[],"name":"sequencerFloor","outputs":[{"internalType":"uint256","name":"","type":"uint256"}],"stateMutability":"view","type":"function"},
  {"inputs":[{"internalType":"address","name":"newAuthority","type":"address"}],"name":"setAuthority","outputs":[],"stateMutability":"nonpayable","type":"function"},
  {"inputs":[{"internalType":"uint256","name":"feedId","type":"uint256"},{"components":[{"components":[{"internalType":"contract IPriceSource","name":"reader","type":"address"},{"internalType":"uint32","name":"maxAge","type":"uint32"},{"internalType":"uint32","name":"gasLimit","type":"uint32"},{"internalType":"bool","name":"voteOnly","type":"bool"},{"internalType":"bytes32","name":"data","type":"bytes32"}],"internalType":"struct SourceConfig","name":"primary","type":"tuple"},{"components":[{"internalType":"contract IPriceSource","name":"reader","type":"address"},{"internalType":"uint32","name":"maxAge","type":"uint32"},{"internalType":"uint32","name":"gasLimit","type":"uint32"},{"internalType":"bool","name":"voteOnly","type":"bool"},{"internalType":"bytes32","name":"data","type":"bytes32"}],"internalType":"struct SourceConfig","name":"secondary","type":"tuple"},{"components":[{"internalType":"contract IPriceSource","name":"reader","type":"address"},{"internalType":"uint32","name":"maxAge","type":"uint32"},{"internalType":"uint32","name":"gasLimit","type":"uint32"},{"internalType":"bool","name":"voteOnly","type":"bool"},{"internalType":"bytes32","name":"data","type":"bytes32"}],"internalType":"struct SourceConfig","name":"third","type":"tuple"},{"internalType":"uint96","name":"minPrice","type":"uint96"},{"internalType":"uint96","name":"maxPrice","type":"uint96"},{"internalType":"uint32","name":"smoothingWindow","type":"uint32"},{"internalType":"uint32","name":"haltBound","type":"uint32"},{"internalType":"uint24","name":"confidenceLimit","type":"uint24"},{"internalType":"uint24","name":"deviationLimit","type":"uint24"},{"internalType":"uint24","name":"breakerLimit","type":"uint24"},{"internalType":"uint24","name":"widening","type":"uint24"},{"internalType":"bool","name":"readThrough","type":"bool"}],"internalType":"struct FeedConfig","name":"config","type":"tuple"}],"name":"setFeed","outputs":[],"stateMutability":"nonpayable","type":"function"},
  {"inputs":[{"internalType":"address","name":"feed","type":"address"},{"internalType":"uint256","name":"grace","type":"uint256"}],"name":"setSequencerFeed","outputs":[],"stateMutability":"nonpayable","type":"function"},
  {"inputs":[{"internalType":"uint256","name":"feedId","type":"uint256"}],"name":"smoothed","outputs":[{"internalType":"uint256","name":"","type":"uint256"}],"stateMutability":"view","type":"function"},
  {"inputs":[{"internalType":"bytes[]","name":"updateData","type":"bytes[]"},{"internalType":"uint256[]","name":"feedIds","type":"uint256[]"}],"name":"updateAndRefresh","outputs":[],"stateMutability":"payable","type":"function"},
] as const

export const postedFeedAbi = [
  {"inputs":[{"internalType":"address","name":"authority","type":"address"},{"internalType":"uint8","name":"decimals_","type":"uint8"},{"internalType":"string","name":"description_","type":"string"},{"internalType":"int256","name":"answer","type":"int256"}],"stateMutability":"nonpayable","type":"constructor"},
  {"inputs":[{"internalType":"address","name":"authority","type":"address"}],"name":"AccessManagedInvalidAuthority","type":"error"},
  {"inputs":[{"internalType":"address","name":"caller","type":"address"},{"internalType":"uint32","name":"delay","type":"uint32"}],"name":"AccessManagedRequiredDelay","type":"error"},
  {"inputs":[{"internalType":"address","name":"caller","type":"address"}],"name":"AccessManagedUnauthorized","type":"error"},
  {"inputs":[{"internalType":"int256","name":"answer","type":"int256"},{"internalType":"int256","name":"limit","type":"int256"}],"name":"AnswerOutOfRange","type":"error"},
  {"inputs":[{"internalType":"uint256","name":"roundId","type":"uint256"},{"internalType":"uint256","name":"count","type":"uint256"}],"name":"NoRound","type":"error"},
  {"inputs":[{"internalType":"uint256","name":"time","type":"uint256"},{"internalType":"uint256","name":"last","type":"uint256"}],"name":"TimeNotIncreasing","type":"error"},
  {"anonymous":false,"inputs":[{"indexed":true,"internalType":"int256","name":"current","type":"int256"},{"indexed":true,"internalType":"uint256","name":"roundId","type":"uint256"},{"indexed":false,"internalType":"uint256","name":"updatedAt","type":"uint256"}],"name":"AnswerUpdated","type":"event"},
  {"anonymous":false,"inputs":[{"indexed":false,"internalType":"address","name":"authority","type":"address"}],"name":"AuthorityUpdated","type":"event"},
  {"inputs":[],"name":"authority","outputs":[{"internalType":"address","name":"","type":"address"}],"stateMutability":"view","type":"function"},
  {"inputs":[],"name":"decimals","outputs":[{"internalType":"uint8","name":"","type":"uint8"}],"stateMutability":"view","type":"function"},
  {"inputs":[],"name":"description","outputs":[{"internalType":"string","name":"","type":"string"}],"stateMutability":"view","type":"function"},
  {"inputs":[{"internalType":"uint80","name":"id","type":"uint80"}],"name":"getRoundData","outputs":[{"internalType":"uint80","name":"roundId","type":"uint80"},{"internalType":"int256","name":"answer","type":"int256"},{"internalType":"uint256","name":"startedAt","type":"uint256"},{"internalType":"uint256","name":"updatedAt","type":"uint256"},{"internalType":"uint80","name":"answeredInRound","type":"uint80"}],"stateMutability":"view","type":"function"},
  {"inputs":[],"name":"isConsumingScheduledOp","outputs":[{"internalType":"bytes4","name":"","type":"bytes4"}],"stateMutability":"view","type":"function"},
  {"inputs":[],"name":"latestRoundData","outputs":[{"internalType":"uint80","name":"roundId","type":"uint80"},{"internalType":"int256","name":"answer","type":"int256"},{"internalType":"uint256","name":"startedAt","type":"uint256"},{"internalType":"uint256","name":"updatedAt","type":"uint256"},{"internalType":"uint80","name":"answeredInRound","type":"uint80"}],"stateMutability":"view","type":"function"},
  {"inputs":[{"internalType":"int256","name":"answer","type":"int256"}],"name":"post","outputs":[],"stateMutability":"nonpayable","type":"function"},
  {"inputs":[{"internalType":"address","name":"newAuthority","type":"address"}],"name":"setAuthority","outputs":[],"stateMutability":"nonpayable","type":"function"},
  {"inputs":[],"name":"version","outputs":[{"internalType":"uint256","name":"","type":"uint256"}],"stateMutability":"view","type":"function"},
] as const

export const pythSourceAbi = [
  {"inputs":[{"internalType":"contract IPyth","name":"pyth_","type":"address"}],"stateMutability":"nonpayable","type":"constructor"},
  {"inputs":[{"internalType":"int256","name":"exponent","type":"int256"},{"internalType":"int256","name":"limit","type":"int256"}],"name":"ExponentOutOfRange","type":"error"},
  {"inputs":[{"internalType":"int256","name":"answer","type":"int256"}],"name":"NoPrice","type":"error"},
  {"inputs":[{"internalType":"string","name":"description","type":"string"}],"name":"QuoteNotUsd","type":"error"},
  {"inputs":[{"internalType":"uint256","name":"actual","type":"uint256"},{"internalType":"uint256","name":"declared","type":"uint256"}],"name":"SourceDecimalsMismatch","type":"error"},
  {"inputs":[{"internalType":"bytes32","name":"data","type":"bytes32"}],"name":"check","outputs":[],"stateMutability":"view","type":"function"},
  {"inputs":[],"name":"pyth","outputs":[{"internalType":"contract IPyth","name":"","type":"address"}],"stateMutability":"view","type":"function"},
  {"inputs":[{"internalType":"bytes32","name":"data","type":"bytes32"}],"name":"read","outputs":[{"internalType":"uint256","name":"price","type":"uint256"},{"internalType":"uint256","name":"confidence","type":"uint256"},{"internalType":"uint256","name":"time","type":"uint256"},{"internalType":"enum PriceStatus","name":"status","type":"uint8"}],"stateMutability":"view","type":"function"},
  {"inputs":[],"name":"voteOnly","outputs":[{"internalType":"bool","name":"","type":"bool"}],"stateMutability":"pure","type":"function"},
] as const

export const ratioSourceAbi = [
  {"inputs":[{"internalType":"address","name":"authority","type":"address"},{"internalType":"contract IOracleAdapter","name":"oracle_","type":"address"}],"stateMutability":"nonpayable","type":"constructor"},
  {"inputs":[{"internalType":"address","name":"authority","type":"address"}],"name":"AccessManagedInvalidAuthority","type":"error"},
  {"inputs":[{"internalType":"address","name":"caller","type":"address"},{"internalType":"uint32","name":"delay","type":"uint32"}],"name":"AccessManagedRequiredDelay","type":"error"},
  {"inputs":[{"internalType":"address","name":"caller","type":"address"}],"name":"AccessManagedUnauthorized","type":"error"},
  {"inputs":[{"internalType":"uint256","name":"feedId","type":"uint256"}],"name":"BaseUnusable","type":"error"},
  {"inputs":[{"internalType":"uint256","name":"growth","type":"uint256"},{"internalType":"uint256","name":"limit","type":"uint256"}],"name":"GrowthTooHigh","type":"error"},
  {"inputs":[{"internalType":"int256","name":"answer","type":"int256"}],"name":"NoPrice","type":"error"},
  {"inputs":[{"internalType":"string","name":"description","type":"string"}],"name":"QuoteNotUsd","type":"error"},
  {"inputs":[{"internalType":"address","name":"target","type":"address"}],"name":"RateUnavailable","type":"error"},
  {"inputs":[{"internalType":"uint256","name":"ratio","type":"uint256"},{"internalType":"uint256","name":"least","type":"uint256"},{"internalType":"uint256","name":"most","type":"uint256"}],"name":"RatioOutOfRange","type":"error"},
  {"inputs":[{"internalType":"uint256","name":"actual","type":"uint256"},{"internalType":"uint256","name":"declared","type":"uint256"}],"name":"SourceDecimalsMismatch","type":"error"},
  {"inputs":[{"internalType":"uint256","name":"id","type":"uint256"}],"name":"UnitMissing","type":"error"},
  {"inputs":[{"internalType":"uint256","name":"id","type":"uint256"}],"name":"UnknownRatio","type":"error"},
  {"anonymous":false,"inputs":[{"indexed":false,"internalType":"address","name":"authority","type":"address"}],"name":"AuthorityUpdated","type":"event"},
  {"anonymous":false,"inputs":[{"indexed":true,"internalType":"uint256","name":"id","type":"uint256"},{"indexed":false,"internalType":"uint256","name":"ratio","type":"uint256"},{"indexed":false,"internalType":"uint256","name":"time","type":"uint256"}],"name":"Checkpointed","type":"event"},
  {"anonymous":false,"inputs":[{"indexed":true,"internalType":"uint256","name":"id","type":"uint256"},{"components":[{"internalType":"address","name":"target","type":"address"},{"internalType":"bytes4","name":"selector","type":"bytes4"},{"internalType":"uint8","name":"baseFeedId","type":"uint8"},{"internalType":"uint32","name":"maxGrowth","type":"uint32"},{"internalType":"uint256","name":"argument","type":"uint256"},{"internalType":"uint256","name":"one","type":"uint256"}],"indexed":false,"internalType":"struct RatioConfig","name":"config","type":"tuple"}],"name":"RatioSet","type":"event"},
  {"inputs":[],"name":"authority","outputs":[{"internalType":"address","name":"","type":"address"}],"stateMutability":"view","type":"function"},
  {"inputs":[{"internalType":"bytes32","name":"data","type":"bytes32"}],"name":"baseOf","outputs":[{"internalType":"uint256","name":"","type":"uint256"}],"stateMutability":"view","type":"function"},
  {"inputs":[{"internalType":"uint256","name":"id","type":"uint256"}],"name":"ceiling","outputs":[{"internalType":"uint256","name":"","type":"uint256"}],"stateMutability":"view","type":"function"},
  {"inputs":[{"internalType":"bytes32","name":"data","type":"bytes32"}],"name":"check","outputs":[],"stateMutability":"view","type":"function"},
  {"inputs":[{"internalType":"uint256","name":"id","type":"uint256"},{"internalType":"uint256","name":"least","type":"uint256"}],"name":"checkpoint","outputs":[],"stateMutability":"nonpayable","type":"function"},
  {"inputs":[],"name":"isConsumingScheduledOp","outputs":[{"internalType":"bytes4","name":"","type":"bytes4"}],"stateMutability":"view","type":"function"},
  {"inputs":[{"internalType":"uint256","name":"id","type":"uint256"}],"name":"lastCheckpoint","outputs":[{"internalType":"uint256","name":"ratio","type":"uint256"},{"internalType":"uint256","name":"time","type":"uint256"}],"stateMutability":"view","type":"function"},
  {"inputs":[],"name":"oracle","outputs":[{"internalType":"contract IOracleAdapter","name":"","type":"address"}],"stateMutability":"view","type":"function"},
  {"inputs":[{"internalType":"uint256","name":"id","type":"uint256"}],"name":"rate","outputs":[{"internalType":"uint256","name":"","type":"uint256"}],"stateMutability":"view","type":"function"},
  {"inputs":[{"internalType":"uint256","name":"id","type":"uint256"}],"name":"ratioConfig","outputs":[{"components":[{"internalType":"address","name":"target","type":"address"},{"internalType":"bytes4","name":"selector","type":"bytes4"},{"internalType":"uint8","name":"baseFeedId","type":"uint8"},{"internalType":"uint32","name":"maxGrowth","type":"uint32"},{"internalType":"uint256","name":"argument","type":"uint256"},{"internalType":"uint256","name":"one","type":"uint256"}],"internalType":"struct RatioConfig","name":"","type":"tuple"}],"stateMutability":"view","type":"function"},
  {"inputs":[{"internalType":"bytes32","name":"data","type":"bytes32"}],"name":"read","outputs":[{"internalType":"uint256","name":"price","type":"uint256"},{"internalType":"uint256","name":"confidence","type":"uint256"},{"internalType":"uint256","name":"time","type":"uint256"},{"internalType":"enum PriceStatus","name":"status","type":"uint8"}],"stateMutability":"view","type":"function"},
  {"inputs":[{"internalType":"address","name":"newAuthority","type":"address"}],"name":"setAuthority","outputs":[],"stateMutability":"nonpayable","type":"function"},
  {"inputs":[{"internalType":"uint256","name":"id","type":"uint256"},{"components":[{"internalType":"address","name":"target","type":"address"},{"internalType":"bytes4","name":"selector","type":"bytes4"},{"internalType":"uint8","name":"baseFeedId","type":"uint8"},{"internalType":"uint32","name":"maxGrowth","type":"uint32"},{"internalType":"uint256","name":"argument","type":"uint256"},{"internalType":"uint256","name":"one","type":"uint256"}],"internalType":"struct RatioConfig","name":"config","type":"tuple"},{"internalType":"uint256","name":"least","type":"uint256"}],"name":"setRatio","outputs":[],"stateMutability":"nonpayable","type":"function"},
  {"inputs":[],"name":"voteOnly","outputs":[{"internalType":"bool","name":"","type":"bool"}],"stateMutability":"pure","type":"function"},
] as const

export const redemptionProverAbi = [
  {"inputs":[{"internalType":"contract IHubBlocks","name":"blocks_","type":"address"},{"internalType":"address","name":"hub_","type":"address"},{"internalType":"uint32","name":"domain_","type":"uint32"},{"internalType":"address","name":"spoke_","type":"address"}],"stateMutability":"nonpayable","type":"constructor"},
  {"inputs":[{"internalType":"uint256","name":"number","type":"uint256"}],"name":"BlockUnknown","type":"error"},
  {"inputs":[{"internalType":"enum BlockHeader.HeaderField","name":"","type":"uint8"}],"name":"FieldNotPresentInBlockHeader","type":"error"},
  {"inputs":[{"internalType":"bytes32","name":"hash","type":"bytes32"},{"internalType":"bytes32","name":"known","type":"bytes32"}],"name":"HeaderDiffers","type":"error"},
  {"inputs":[],"name":"RLPInvalidEncoding","type":"error"},
  {"inputs":[{"internalType":"enum TrieProof.ProofError","name":"err","type":"uint8"}],"name":"TrieProofTraversalError","type":"error"},
  {"inputs":[],"name":"blocks","outputs":[{"internalType":"contract IHubBlocks","name":"","type":"address"}],"stateMutability":"view","type":"function"},
  {"inputs":[],"name":"domain","outputs":[{"internalType":"uint32","name":"","type":"uint32"}],"stateMutability":"view","type":"function"},
  {"inputs":[],"name":"hub","outputs":[{"internalType":"address","name":"","type":"address"}],"stateMutability":"view","type":"function"},
  {"inputs":[{"internalType":"address","name":"token","type":"address"},{"internalType":"address","name":"recipient","type":"address"},{"components":[{"internalType":"bytes","name":"header","type":"bytes"},{"internalType":"bytes[]","name":"account","type":"bytes[]"},{"internalType":"bytes[]","name":"word","type":"bytes[]"}],"internalType":"struct RedemptionProof","name":"proof","type":"tuple"}],"name":"redeemedOf","outputs":[{"internalType":"uint256","name":"","type":"uint256"}],"stateMutability":"view","type":"function"},
  {"inputs":[{"internalType":"address","name":"token","type":"address"},{"internalType":"address","name":"recipient","type":"address"}],"name":"slotOf","outputs":[{"internalType":"bytes32","name":"","type":"bytes32"}],"stateMutability":"view","type":"function"},
  {"inputs":[],"name":"spoke","outputs":[{"internalType":"address","name":"","type":"address"}],"stateMutability":"view","type":"function"},
] as const

export const remoteReceiptAbi = [
  {"inputs":[{"internalType":"address","name":"hub_","type":"address"},{"internalType":"address","name":"vault_","type":"address"},{"internalType":"uint256","name":"route_","type":"uint256"},{"internalType":"uint8","name":"decimals_","type":"uint8"},{"internalType":"string","name":"name_","type":"string"},{"internalType":"string","name":"symbol_","type":"string"}],"stateMutability":"nonpayable","type":"constructor"},
  {"inputs":[{"internalType":"address","name":"spender","type":"address"},{"internalType":"uint256","name":"allowance","type":"uint256"},{"internalType":"uint256","name":"needed","type":"uint256"}],"name":"ERC20InsufficientAllowance","type":"error"},
  {"inputs":[{"internalType":"address","name":"sender","type":"address"},{"internalType":"uint256","name":"balance","type":"uint256"},{"internalType":"uint256","name":"needed","type":"uint256"}],"name":"ERC20InsufficientBalance","type":"error"},
  {"inputs":[{"internalType":"address","name":"approver","type":"address"}],"name":"ERC20InvalidApprover","type":"error"},
  {"inputs":[{"internalType":"address","name":"receiver","type":"address"}],"name":"ERC20InvalidReceiver","type":"error"},
  {"inputs":[{"internalType":"address","name":"sender","type":"address"}],"name":"ERC20InvalidSender","type":"error"},
  {"inputs":[{"internalType":"address","name":"spender","type":"address"}],"name":"ERC20InvalidSpender","type":"error"},
  {"inputs":[{"internalType":"address","name":"from","type":"address"},{"internalType":"address","name":"to","type":"address"}],"name":"ReceiptsStay","type":"error"},
  {"anonymous":false,"inputs":[{"indexed":true,"internalType":"address","name":"owner","type":"address"},{"indexed":true,"internalType":"address","name":"spender","type":"address"},{"indexed":false,"internalType":"uint256","name":"value","type":"uint256"}],"name":"Approval","type":"event"},
  {"anonymous":false,"inputs":[{"indexed":true,"internalType":"address","name":"from","type":"address"},{"indexed":true,"internalType":"address","name":"to","type":"address"},{"indexed":false,"internalType":"uint256","name":"value","type":"uint256"}],"name":"Transfer","type":"event"},
  {"inputs":[{"internalType":"address","name":"owner","type":"address"},{"internalType":"address","name":"spender","type":"address"}],"name":"allowance","outputs":[{"internalType":"uint256","name":"","type":"uint256"}],"stateMutability":"view","type":"function"},
  {"inputs":[{"internalType":"address","name":"spender","type":"address"},{"internalType":"uint256","name":"value","type":"uint256"}],"name":"approve","outputs":[{"internalType":"bool","name":"","type":"bool"}],"stateMutability":"nonpayable","type":"function"},
  {"inputs":[{"internalType":"address","name":"account","type":"address"}],"name":"balanceOf","outputs":[{"internalType":"uint256","name":"","type":"uint256"}],"stateMutability":"view","type":"function"},
  {"inputs":[],"name":"decimals","outputs":[{"internalType":"uint8","name":"","type":"uint8"}],"stateMutability":"view","type":"function"},
  {"inputs":[],"name":"hub","outputs":[{"internalType":"contract ICollateralHub","name":"","type":"address"}],"stateMutability":"view","type":"function"},
  {"inputs":[],"name":"name","outputs":[{"internalType":"string","name":"","type":"string"}],"stateMutability":"view","type":"function"},
  {"inputs":[],"name":"route","outputs":[{"internalType":"uint256","name":"","type":"uint256"}],"stateMutability":"view","type":"function"},
  {"inputs":[],"name":"symbol","outputs":[{"internalType":"string","name":"","type":"string"}],"stateMutability":"view","type":"function"},
  {"inputs":[],"name":"totalSupply","outputs":[{"internalType":"uint256","name":"","type":"uint256"}],"stateMutability":"view","type":"function"},
  {"inputs":[{"internalType":"address","name":"to","type":"address"},{"internalType":"uint256","name":"value","type":"uint256"}],"name":"transfer","outputs":[{"internalType":"bool","name":"","type":"bool"}],"stateMutability":"nonpayable","type":"function"},
  {"inputs":[{"internalType":"address","name":"from","type":"address"},{"internalType":"address","name":"to","type":"address"},{"internalType":"uint256","name":"value","type":"uint256"}],"name":"transferFrom","outputs":[{"internalType":"bool","name":"","type":"bool"}],"stateMutability":"nonpayable","type":"function"},
  {"inputs":[],"name":"vault","outputs":[{"internalType":"address","name":"","type":"address"}],"stateMutability":"view","type":"function"},
] as const

export const remoteSourceAbi = [
  {"inputs":[{"internalType":"contract IOracleAdapter","name":"oracle_","type":"address"},{"internalType":"contract ICollateralHub","name":"hub_","type":"address"}],"stateMutability":"nonpayable","type":"constructor"},
  {"inputs":[{"internalType":"uint256","name":"feedId","type":"uint256"}],"name":"BaseUnusable","type":"error"},
  {"inputs":[{"internalType":"int256","name":"answer","type":"int256"}],"name":"NoPrice","type":"error"},
  {"inputs":[{"internalType":"string","name":"description","type":"string"}],"name":"QuoteNotUsd","type":"error"},
  {"inputs":[{"internalType":"uint256","name":"actual","type":"uint256"},{"internalType":"uint256","name":"declared","type":"uint256"}],"name":"SourceDecimalsMismatch","type":"error"},
  {"inputs":[{"internalType":"bytes32","name":"data","type":"bytes32"}],"name":"baseOf","outputs":[{"internalType":"uint256","name":"","type":"uint256"}],"stateMutability":"pure","type":"function"},
  {"inputs":[{"internalType":"bytes32","name":"data","type":"bytes32"}],"name":"check","outputs":[],"stateMutability":"view","type":"function"},
  {"inputs":[{"internalType":"uint256","name":"route","type":"uint256"},{"internalType":"uint8","name":"baseFeedId","type":"uint8"}],"name":"encode","outputs":[{"internalType":"bytes32","name":"","type":"bytes32"}],"stateMutability":"pure","type":"function"},
  {"inputs":[],"name":"hub","outputs":[{"internalType":"contract ICollateralHub","name":"","type":"address"}],"stateMutability":"view","type":"function"},
  {"inputs":[],"name":"oracle","outputs":[{"internalType":"contract IOracleAdapter","name":"","type":"address"}],"stateMutability":"view","type":"function"},
  {"inputs":[{"internalType":"bytes32","name":"data","type":"bytes32"}],"name":"read","outputs":[{"internalType":"uint256","name":"price","type":"uint256"},{"internalType":"uint256","name":"confidence","type":"uint256"},{"internalType":"uint256","name":"time","type":"uint256"},{"internalType":"enum PriceStatus","name":"status","type":"uint8"}],"stateMutability":"view","type":"function"},
  {"inputs":[],"name":"voteOnly","outputs":[{"internalType":"bool","name":"","type":"bool"}],"stateMutability":"pure","type":"function"},
] as const

export const riskEngineAbi = [
  {"inputs":[{"internalType":"contract IMarginVault","name":"vault_","type":"address"},{"internalType":"contract IClearinghouse","name":"clearinghouse_","type":"address"},{"internalType":"contract IOracleAdapter","name":"oracle_","type":"address"},{"internalType":"contract IOptionOracle","name":"options_","type":"address"},{"internalType":"contract IRiskParameters","name":"parameters_","type":"address"}],"stateMutability":"nonpayable","type":"constructor"},
  {"inputs":[{"internalType":"address","name":"token","type":"address"},{"internalType":"uint8","name":"actual","type":"uint8"},{"internalType":"uint8","name":"expected","type":"uint8"}],"name":"DecimalsMismatch","type":"error"},
  {"inputs":[{"internalType":"uint256","name":"id","type":"uint256"}],"name":"DuplicateId","type":"error"},
  {"inputs":[{"internalType":"uint256","name":"actual","type":"uint256"},{"internalType":"uint256","name":"expected","type":"uint256"}],"name":"LengthMismatch","type":"error"},
  {"inputs":[],"name":"NotEnoughGas","type":"error"},
  {"inputs":[{"internalType":"address","name":"caller","type":"address"}],"name":"NotModule","type":"error"},
  {"inputs":[],"name":"OperationOpen","type":"error"},
  {"inputs":[{"internalType":"uint256","name":"value","type":"uint256"},{"internalType":"uint256","name":"limit","type":"uint256"}],"name":"ParameterOutOfRange","type":"error"},
  {"inputs":[{"internalType":"int256","name":"move","type":"int256"},{"internalType":"int256","name":"limit","type":"int256"}],"name":"ShockOutOfRange","type":"error"},
  {"inputs":[{"internalType":"uint256","name":"account","type":"uint256"},{"internalType":"int256","name":"cash","type":"int256"},{"internalType":"SpotWord[]","name":"spot","type":"uint256[]"}],"name":"bothMargins","outputs":[{"components":[{"internalType":"int256","name":"excess","type":"int256"},{"internalType":"int256","name":"paidExcess","type":"int256"},{"internalType":"uint256","name":"numerator","type":"uint256"},{"internalType":"uint256","name":"denominator","type":"uint256"},{"internalType":"uint256","name":"requirement","type":"uint256"},{"internalType":"uint256","name":"unhedgedHaircut","type":"uint256"},{"internalType":"int256","name":"equity","type":"int256"},{"internalType":"bool","name":"pricesValid","type":"bool"},{"internalType":"Doubt","name":"doubt","type":"uint256"},{"internalType":"bool","name":"free","type":"bool"}],"internalType":"struct Margin","name":"initial","type":"tuple"},{"components":[{"internalType":"int256","name":"excess","type":"int256"},{"internalType":"int256","name":"paidExcess","type":"int256"},{"internalType":"uint256","name":"numerator","type":"uint256"},{"internalType":"uint256","name":"denominator","type":"uint256"},{"internalType":"uint256","name":"requirement","type":"uint256"},{"internalType":"uint256","name":"unhedgedHaircut","type":"uint256"},{"internalType":"int256","name":"equity","type":"int256"},{"internalType":"bool","name":"pricesValid","type":"bool"},{"internalType":"Doubt","name":"doubt","type":"uint256"},{"internalType":"bool","name":"free","type":"bool"}],"internalType":"struct Margin","name":"maintenance","type":"tuple"}],"stateMutability":"nonpayable","type":"function"},
  {"inputs":[{"internalType":"address","name":"token","type":"address"},{"internalType":"uint8","name":"decimals","type":"uint8"},{"internalType":"uint8","name":"feedId","type":"uint8"},{"internalType":"uint8","name":"underlying","type":"uint8"}],"name":"checkAsset","outputs":[],"stateMutability":"view","type":"function"},
  {"inputs":[],"name":"clearinghouse","outputs":[{"internalType":"contract IClearinghouse","name":"","type":"address"}],"stateMutability":"view","type":"function"},
  {"inputs":[{"internalType":"uint256","name":"account","type":"uint256"}],"name":"health","outputs":[{"internalType":"uint256","name":"","type":"uint256"}],"stateMutability":"view","type":"function"},
  {"inputs":[{"internalType":"uint256","name":"account","type":"uint256"},{"internalType":"int256","name":"cash","type":"int256"},{"internalType":"SpotWord[]","name":"spot","type":"uint256[]"}],"name":"initialMargin","outputs":[{"components":[{"internalType":"int256","name":"excess","type":"int256"},{"internalType":"int256","name":"paidExcess","type":"int256"},{"internalType":"uint256","name":"numerator","type":"uint256"},{"internalType":"uint256","name":"denominator","type":"uint256"},{"internalType":"uint256","name":"requirement","type":"uint256"},{"internalType":"uint256","name":"unhedgedHaircut","type":"uint256"},{"internalType":"int256","name":"equity","type":"int256"},{"internalType":"bool","name":"pricesValid","type":"bool"},{"internalType":"Doubt","name":"doubt","type":"uint256"},{"internalType":"bool","name":"free","type":"bool"}],"internalType":"struct Margin","name":"initial","type":"tuple"}],"stateMutability":"nonpayable","type":"function"},
  {"inputs":[{"internalType":"uint256","name":"account","type":"uint256"}],"name":"legValues","outputs":[{"internalType":"int256[]","name":"values","type":"int256[]"}],"stateMutability":"view","type":"function"},
  {"inputs":[{"internalType":"uint256","name":"account","type":"uint256"}],"name":"maintenanceMargin","outputs":[{"components":[{"internalType":"int256","name":"excess","type":"int256"},{"internalType":"int256","name":"paidExcess","type":"int256"},{"internalType":"uint256","name":"numerator","type":"uint256"},{"internalType":"uint256","name":"denominator","type":"uint256"},{"internalType":"uint256","name":"requirement","type":"uint256"},{"internalType":"uint256","name":"unhedgedHaircut","type":"uint256"},{"internalType":"int256","name":"equity","type":"int256"},{"internalType":"bool","name":"pricesValid","type":"bool"},{"internalType":"Doubt","name":"doubt","type":"uint256"},{"internalType":"bool","name":"free","type":"bool"}],"internalType":"struct Margin","name":"","type":"tuple"}],"stateMutability":"view","type":"function"},
  {"inputs":[{"internalType":"uint256","name":"account","type":"uint256"}],"name":"maintenanceWithExposures","outputs":[{"components":[{"internalType":"int256","name":"excess","type":"int256"},{"internalType":"int256","name":"paidExcess","type":"int256"},{"internalType":"uint256","name":"numerator","type":"uint256"},{"internalType":"uint256","name":"denominator","type":"uint256"},{"internalType":"uint256","name":"requirement","type":"uint256"},{"internalType":"uint256","name":"unhedgedHaircut","type":"uint256"},{"internalType":"int256","name":"equity","type":"int256"},{"internalType":"bool","name":"pricesValid","type":"bool"},{"internalType":"Doubt","name":"doubt","type":"uint256"},{"internalType":"bool","name":"free","type":"bool"}],"internalType":"struct Margin","name":"maintenance","type":"tuple"},{"internalType":"uint256[]","name":"underlyings","type":"uint256[]"},{"internalType":"uint256[]","name":"units","type":"uint256[]"},{"internalType":"uint256[]","name":"caps","type":"uint256[]"}],"stateMutability":"view","type":"function"},
  {"inputs":[{"internalType":"uint256","name":"account","type":"uint256"}],"name":"margin","outputs":[{"components":[{"internalType":"int256","name":"excess","type":"int256"},{"internalType":"int256","name":"paidExcess","type":"int256"},{"internalType":"uint256","name":"numerator","type":"uint256"},{"internalType":"uint256","name":"denominator","type":"uint256"},{"internalType":"uint256","name":"requirement","type":"uint256"},{"internalType":"uint256","name":"unhedgedHaircut","type":"uint256"},{"internalType":"int256","name":"equity","type":"int256"},{"internalType":"bool","name":"pricesValid","type":"bool"},{"internalType":"Doubt","name":"doubt","type":"uint256"},{"internalType":"bool","name":"free","type":"bool"}],"internalType":"struct Margin","name":"initial","type":"tuple"},{"components":[{"internalType":"int256","name":"excess","type":"int256"},{"internalType":"int256","name":"paidExcess","type":"int256"},{"internalType":"uint256","name":"numerator","type":"uint256"},{"internalType":"uint256","name":"denominator","type":"uint256"},{"internalType":"uint256","name":"requirement","type":"uint256"},{"internalType":"uint256","name":"unhedgedHaircut","type":"uint256"},{"internalType":"int256","name":"equity","type":"int256"},{"internalType":"bool","name":"pricesValid","type":"bool"},{"internalType":"Doubt","name":"doubt","type":"uint256"},{"internalType":"bool","name":"free","type":"bool"}],"internalType":"struct Margin","name":"maintenance","type":"tuple"}],"stateMutability":"view","type":"function"},
  {"inputs":[{"components":[{"internalType":"int256","name":"cash","type":"int256"},{"internalType":"SpotWord[]","name":"spot","type":"uint256[]"},{"internalType":"uint256[]","name":"legs","type":"uint256[]"},{"components":[{"internalType":"uint256","name":"feedId","type":"uint256"},{"internalType":"int256","name":"move","type":"int256"}],"internalType":"struct Shock[]","name":"shocks","type":"tuple[]"},{"internalType":"bool","name":"announced","type":"bool"}],"internalType":"struct Hypothesis","name":"hypothesis","type":"tuple"}],"name":"marginIf","outputs":[{"components":[{"internalType":"int256","name":"excess","type":"int256"},{"internalType":"int256","name":"paidExcess","type":"int256"},{"internalType":"uint256","name":"numerator","type":"uint256"},{"internalType":"uint256","name":"denominator","type":"uint256"},{"internalType":"uint256","name":"requirement","type":"uint256"},{"internalType":"uint256","name":"unhedgedHaircut","type":"uint256"},{"internalType":"int256","name":"equity","type":"int256"},{"internalType":"bool","name":"pricesValid","type":"bool"},{"internalType":"Doubt","name":"doubt","type":"uint256"},{"internalType":"bool","name":"free","type":"bool"}],"internalType":"struct Margin","name":"initial","type":"tuple"},{"components":[{"internalType":"int256","name":"excess","type":"int256"},{"internalType":"int256","name":"paidExcess","type":"int256"},{"internalType":"uint256","name":"numerator","type":"uint256"},{"internalType":"uint256","name":"denominator","type":"uint256"},{"internalType":"uint256","name":"requirement","type":"uint256"},{"internalType":"uint256","name":"unhedgedHaircut","type":"uint256"},{"internalType":"int256","name":"equity","type":"int256"},{"internalType":"bool","name":"pricesValid","type":"bool"},{"internalType":"Doubt","name":"doubt","type":"uint256"},{"internalType":"bool","name":"free","type":"bool"}],"internalType":"struct Margin","name":"maintenance","type":"tuple"}],"stateMutability":"view","type":"function"},
  {"inputs":[],"name":"options","outputs":[{"internalType":"contract IOptionOracle","name":"","type":"address"}],"stateMutability":"view","type":"function"},
  {"inputs":[],"name":"oracle","outputs":[{"internalType":"contract IOracleAdapter","name":"","type":"address"}],"stateMutability":"view","type":"function"},
  {"inputs":[],"name":"parameters","outputs":[{"internalType":"contract IRiskParameters","name":"","type":"address"}],"stateMutability":"view","type":"function"},
  {"inputs":[{"internalType":"uint256","name":"account","type":"uint256"}],"name":"refreshPrices","outputs":[],"stateMutability":"nonpayable","type":"function"},
  {"inputs":[{"components":[{"internalType":"int256","name":"cash","type":"int256"},{"internalType":"SpotWord[]","name":"spot","type":"uint256[]"},{"internalType":"uint256[]","name":"legs","type":"uint256[]"},{"components":[{"internalType":"uint256","name":"feedId","type":"uint256"},{"internalType":"int256","name":"move","type":"int256"}],"internalType":"struct Shock[]","name":"shocks","type":"tuple[]"},{"internalType":"bool","name":"announced","type":"bool"}],"internalType":"struct Hypothesis","name":"hypothesis","type":"tuple"},{"internalType":"bool","name":"initial","type":"bool"}],"name":"scenariosIf","outputs":[{"components":[{"internalType":"uint256","name":"underlying","type":"uint256"},{"internalType":"int256[25]","name":"profits","type":"int256[25]"},{"internalType":"uint256","name":"binding","type":"uint256"},{"internalType":"uint256","name":"floor","type":"uint256"},{"internalType":"uint256","name":"scenario","type":"uint256"},{"internalType":"int256","name":"offset","type":"int256"},{"internalType":"uint256","name":"addOns","type":"uint256"}],"internalType":"struct ScenarioView[]","name":"","type":"tuple[]"}],"stateMutability":"view","type":"function"},
  {"inputs":[],"name":"vault","outputs":[{"internalType":"contract IMarginVault","name":"","type":"address"}],"stateMutability":"view","type":"function"},
] as const

export const riskParametersAbi = [
  {"inputs":[{"internalType":"address","name":"authority","type":"address"},{"internalType":"address","name":"source","type":"address"}],"stateMutability":"nonpayable","type":"constructor"},
  {"inputs":[{"internalType":"address","name":"authority","type":"address"}],"name":"AccessManagedInvalidAuthority","type":"error"},
  {"inputs":[{"internalType":"address","name":"caller","type":"address"},{"internalType":"uint32","name":"delay","type":"uint32"}],"name":"AccessManagedRequiredDelay","type":"error"},
  {"inputs":[{"internalType":"address","name":"caller","type":"address"}],"name":"AccessManagedUnauthorized","type":"error"},
  {"inputs":[{"internalType":"uint256","name":"underlying","type":"uint256"},{"internalType":"uint256","name":"actual","type":"uint256"},{"internalType":"uint256","name":"expected","type":"uint256"}],"name":"ExposureUnitChanged","type":"error"},
  {"inputs":[{"internalType":"uint256","name":"underlying","type":"uint256"},{"internalType":"uint256","name":"initial","type":"uint256"},{"internalType":"uint256","name":"maintenance","type":"uint256"}],"name":"InitialBelowMaintenance","type":"error"},
  {"inputs":[{"internalType":"uint256","name":"actual","type":"uint256"},{"internalType":"uint256","name":"expected","type":"uint256"}],"name":"LengthMismatch","type":"error"},
  {"inputs":[{"internalType":"uint256","name":"underlying","type":"uint256"},{"internalType":"uint256","name":"value","type":"uint256"},{"internalType":"uint256","name":"limit","type":"uint256"}],"name":"RiskParameterOutOfRange","type":"error"},
  {"inputs":[{"internalType":"uint256","name":"underlying","type":"uint256"}],"name":"UnknownUnderlying","type":"error"},
  {"anonymous":false,"inputs":[{"indexed":false,"internalType":"address","name":"authority","type":"address"}],"name":"AuthorityUpdated","type":"event"},
  {"anonymous":false,"inputs":[{"components":[{"internalType":"uint24","name":"profitWeight","type":"uint24"},{"internalType":"uint24","name":"profitCover","type":"uint24"},{"internalType":"uint32","name":"staleMultiplier","type":"uint32"},{"internalType":"uint32","name":"maxMultiplier","type":"uint32"},{"internalType":"uint24","name":"shortFloor","type":"uint24"},{"internalType":"uint24","name":"minDelta","type":"uint24"},{"internalType":"uint24","name":"ageCharge","type":"uint24"},{"internalType":"uint24","name":"arrayMaxAge","type":"uint24"},{"internalType":"uint24","name":"arrayMaxMove","type":"uint24"}],"indexed":false,"internalType":"struct GlobalParams","name":"params","type":"tuple"}],"name":"GlobalSet","type":"event"},
  {"anonymous":false,"inputs":[{"indexed":true,"internalType":"uint256","name":"group","type":"uint256"},{"components":[{"internalType":"uint24","name":"rhoMaintenance","type":"uint24"},{"internalType":"uint24","name":"rhoInitial","type":"uint24"}],"indexed":false,"internalType":"struct GroupParams","name":"params","type":"tuple"}],"name":"GroupSet","type":"event"},
  {"anonymous":false,"inputs":[{"indexed":true,"internalType":"uint256","name":"underlying","type":"uint256"},{"components":[{"components":[{"internalType":"uint24","name":"liquidityHaircut","type":"uint24"},{"internalType":"uint24","name":"collateralShock","type":"uint24"},{"internalType":"uint24","name":"derivativeShock","type":"uint24"},{"internalType":"uint24","name":"basisCharge","type":"uint24"},{"internalType":"uint24","name":"basisChargePerYear","type":"uint24"}],"internalType":"struct MarginSet","name":"maintenance","type":"tuple"},{"components":[{"internalType":"uint24","name":"liquidityHaircut","type":"uint24"},{"internalType":"uint24","name":"collateralShock","type":"uint24"},{"internalType":"uint24","name":"derivativeShock","type":"uint24"},{"internalType":"uint24","name":"basisCharge","type":"uint24"},{"internalType":"uint24","name":"basisChargePerYear","type":"uint24"}],"internalType":"struct MarginSet","name":"initial","type":"tuple"},{"internalType":"uint64","name":"impactCoefficient","type":"uint64"},{"internalType":"uint8","name":"group","type":"uint8"},{"internalType":"uint24","name":"crowdingSlope","type":"uint24"},{"internalType":"uint32","name":"maxTenor","type":"uint32"},{"internalType":"uint96","name":"exposureUnit","type":"uint96"},{"internalType":"uint32","name":"exposureCap","type":"uint32"}],"indexed":false,"internalType":"struct UnderlyingParams","name":"params","type":"tuple"}],"name":"UnderlyingSet","type":"event"},
  {"anonymous":false,"inputs":[{"indexed":true,"internalType":"address","name":"source","type":"address"}],"name":"VolatilitySourceSet","type":"event"},
  {"inputs":[],"name":"authority","outputs":[{"internalType":"address","name":"","type":"address"}],"stateMutability":"view","type":"function"},
  {"inputs":[{"internalType":"uint256","name":"underlying","type":"uint256"}],"name":"derivativeShocksOf","outputs":[{"internalType":"uint256","name":"maintenance","type":"uint256"},{"internalType":"uint256","name":"initial","type":"uint256"}],"stateMutability":"view","type":"function"},
  {"inputs":[],"name":"globalParams","outputs":[{"components":[{"internalType":"uint24","name":"profitWeight","type":"uint24"},{"internalType":"uint24","name":"profitCover","type":"uint24"},{"internalType":"uint32","name":"staleMultiplier","type":"uint32"},{"internalType":"uint32","name":"maxMultiplier","type":"uint32"},{"internalType":"uint24","name":"shortFloor","type":"uint24"},{"internalType":"uint24","name":"minDelta","type":"uint24"},{"internalType":"uint24","name":"ageCharge","type":"uint24"},{"internalType":"uint24","name":"arrayMaxAge","type":"uint24"},{"internalType":"uint24","name":"arrayMaxMove","type":"uint24"}],"internalType":"struct GlobalParams","name":"","type":"tuple"}],"stateMutability":"view","type":"function"},
  {"inputs":[{"internalType":"uint256","name":"group","type":"uint256"}],"name":"groupParams","outputs":[{"components":[{"internalType":"uint24","name":"rhoMaintenance","type":"uint24"},{"internalType":"uint24","name":"rhoInitial","type":"uint24"}],"internalType":"struct GroupParams","name":"","type":"tuple"}],"stateMutability":"view","type":"function"},
  {"inputs":[],"name":"isConsumingScheduledOp","outputs":[{"internalType":"bytes4","name":"","type":"bytes4"}],"stateMutability":"view","type":"function"},
  {"inputs":[{"internalType":"uint256","name":"underlying","type":"uint256"}],"name":"maxTenorOf","outputs":[{"internalType":"uint256","name":"","type":"uint256"}],"stateMutability":"view","type":"function"},
  {"inputs":[{"internalType":"address","name":"newAuthority","type":"address"}],"name":"setAuthority","outputs":[],"stateMutability":"nonpayable","type":"function"},
  {"inputs":[{"internalType":"uint256[]","name":"underlyings","type":"uint256[]"},{"components":[{"components":[{"internalType":"uint24","name":"liquidityHaircut","type":"uint24"},{"internalType":"uint24","name":"collateralShock","type":"uint24"},{"internalType":"uint24","name":"derivativeShock","type":"uint24"},{"internalType":"uint24","name":"basisCharge","type":"uint24"},{"internalType":"uint24","name":"basisChargePerYear","type":"uint24"}],"internalType":"struct MarginSet","name":"maintenance","type":"tuple"},{"components":[{"internalType":"uint24","name":"liquidityHaircut","type":"uint24"},{"internalType":"uint24","name":"collateralShock","type":"uint24"},{"internalType":"uint24","name":"derivativeShock","type":"uint24"},{"internalType":"uint24","name":"basisCharge","type":"uint24"},{"internalType":"uint24","name":"basisChargePerYear","type":"uint24"}],"internalType":"struct MarginSet","name":"initial","type":"tuple"},{"internalType":"uint64","name":"impactCoefficient","type":"uint64"},{"internalType":"uint8","name":"group","type":"uint8"},{"internalType":"uint24","name":"crowdingSlope","type":"uint24"},{"internalType":"uint32","name":"maxTenor","type":"uint32"},{"internalType":"uint96","name":"exposureUnit","type":"uint96"},{"internalType":"uint32","name":"exposureCap","type":"uint32"}],"internalType":"struct UnderlyingParams[]","name":"params","type":"tuple[]"},{"internalType":"uint256[]","name":"groups","type":"uint256[]"},{"components":[{"internalType":"uint24","name":"rhoMaintenance","type":"uint24"},{"internalType":"uint24","name":"rhoInitial","type":"uint24"}],"internalType":"struct GroupParams[]","name":"offsets","type":"tuple[]"},{"components":[{"internalType":"uint24","name":"profitWeight","type":"uint24"},{"internalType":"uint24","name":"profitCover","type":"uint24"},{"internalType":"uint32","name":"staleMultiplier","type":"uint32"},{"internalType":"uint32","name":"maxMultiplier","type":"uint32"},{"internalType":"uint24","name":"shortFloor","type":"uint24"},{"internalType":"uint24","name":"minDelta","type":"uint24"},{"internalType":"uint24","name":"ageCharge","type":"uint24"},{"internalType":"uint24","name":"arrayMaxAge","type":"uint24"},{"internalType":"uint24","name":"arrayMaxMove","type":"uint24"}],"internalType":"struct GlobalParams","name":"globals","type":"tuple"}],"name":"setParameters","outputs":[],"stateMutability":"nonpayable","type":"function"},
  {"inputs":[{"internalType":"address","name":"newSource","type":"address"}],"name":"setVolatilitySource","outputs":[],"stateMutability":"nonpayable","type":"function"},
  {"inputs":[],"name":"table","outputs":[{"internalType":"address","name":"","type":"address"}],"stateMutability":"view","type":"function"},
  {"inputs":[{"internalType":"uint256","name":"underlying","type":"uint256"}],"name":"underlyingParams","outputs":[{"components":[{"components":[{"internalType":"uint24","name":"liquidityHaircut","type":"uint24"},{"internalType":"uint24","name":"collateralShock","type":"uint24"},{"internalType":"uint24","name":"derivativeShock","type":"uint24"},{"internalType":"uint24","name":"basisCharge","type":"uint24"},{"internalType":"uint24","name":"basisChargePerYear","type":"uint24"}],"internalType":"struct MarginSet","name":"maintenance","type":"tuple"},{"components":[{"internalType":"uint24","name":"liquidityHaircut","type":"uint24"},{"internalType":"uint24","name":"collateralShock","type":"uint24"},{"internalType":"uint24","name":"derivativeShock","type":"uint24"},{"internalType":"uint24","name":"basisCharge","type":"uint24"},{"internalType":"uint24","name":"basisChargePerYear","type":"uint24"}],"internalType":"struct MarginSet","name":"initial","type":"tuple"},{"internalType":"uint64","name":"impactCoefficient","type":"uint64"},{"internalType":"uint8","name":"group","type":"uint8"},{"internalType":"uint24","name":"crowdingSlope","type":"uint24"},{"internalType":"uint32","name":"maxTenor","type":"uint32"},{"internalType":"uint96","name":"exposureUnit","type":"uint96"},{"internalType":"uint32","name":"exposureCap","type":"uint32"}],"internalType":"struct UnderlyingParams","name":"","type":"tuple"}],"stateMutability":"view","type":"function"},
  {"inputs":[],"name":"volatilitySource","outputs":[{"internalType":"address","name":"","type":"address"}],"stateMutability":"view","type":"function"},
] as const

export const riskSimulatorAbi = [
  {"inputs":[{"internalType":"contract IMarginVault","name":"vault_","type":"address"},{"internalType":"contract IClearinghouse","name":"clearinghouse_","type":"address"},{"internalType":"contract IOracleAdapter","name":"oracle_","type":"address"}],"stateMutability":"nonpayable","type":"constructor"},
  {"inputs":[{"internalType":"int256","name":"amount","type":"int256"},{"internalType":"int256","name":"limit","type":"int256"}],"name":"AmountOutOfRange","type":"error"},
  {"inputs":[{"internalType":"uint256","name":"id","type":"uint256"}],"name":"DuplicateId","type":"error"},
  {"inputs":[{"internalType":"uint256","name":"id","type":"uint256"}],"name":"DuplicateId","type":"error"},
  {"inputs":[{"internalType":"uint256","name":"actual","type":"uint256"},{"internalType":"uint256","name":"expected","type":"uint256"}],"name":"LengthMismatch","type":"error"},
  {"inputs":[],"name":"OperationOpen","type":"error"},
  {"inputs":[{"internalType":"int256","name":"move","type":"int256"},{"internalType":"int256","name":"limit","type":"int256"}],"name":"ShockOutOfRange","type":"error"},
  {"inputs":[{"internalType":"uint256","name":"index","type":"uint256"},{"internalType":"uint256","name":"count","type":"uint256"}],"name":"UnknownAssetIndex","type":"error"},
  {"inputs":[{"internalType":"uint64","name":"id","type":"uint64"}],"name":"UnknownInstrument","type":"error"},
  {"inputs":[],"name":"clearinghouse","outputs":[{"internalType":"contract IClearinghouse","name":"","type":"address"}],"stateMutability":"view","type":"function"},
  {"inputs":[],"name":"oracle","outputs":[{"internalType":"contract IOracleAdapter","name":"","type":"address"}],"stateMutability":"view","type":"function"},
  {"inputs":[{"internalType":"uint256","name":"account","type":"uint256"},{"components":[{"internalType":"uint64[]","name":"instruments","type":"uint64[]"},{"internalType":"int256[]","name":"sizes","type":"int256[]"},{"internalType":"uint256[]","name":"prices","type":"uint256[]"},{"internalType":"uint256[]","name":"assetIndices","type":"uint256[]"},{"internalType":"int256[]","name":"amounts","type":"int256[]"},{"internalType":"int256","name":"cash","type":"int256"}],"internalType":"struct Change","name":"change","type":"tuple"},{"components":[{"internalType":"uint256","name":"feedId","type":"uint256"},{"internalType":"int256","name":"move","type":"int256"}],"internalType":"struct Shock[]","name":"shocks","type":"tuple[]"},{"internalType":"bool","name":"announced","type":"bool"},{"internalType":"bool","name":"initial","type":"bool"}],"name":"scenarios","outputs":[{"components":[{"internalType":"uint256","name":"underlying","type":"uint256"},{"internalType":"int256[25]","name":"profits","type":"int256[25]"},{"internalType":"uint256","name":"binding","type":"uint256"},{"internalType":"uint256","name":"floor","type":"uint256"},{"internalType":"uint256","name":"scenario","type":"uint256"},{"internalType":"int256","name":"offset","type":"int256"},{"internalType":"uint256","name":"addOns","type":"uint256"}],"internalType":"struct ScenarioView[]","name":"","type":"tuple[]"}],"stateMutability":"view","type":"function"},
  {"inputs":[{"internalType":"uint256","name":"account","type":"uint256"},{"components":[{"internalType":"uint64[]","name":"instruments","type":"uint64[]"},{"internalType":"int256[]","name":"sizes","type":"int256[]"},{"internalType":"uint256[]","name":"prices","type":"uint256[]"},{"internalType":"uint256[]","name":"assetIndices","type":"uint256[]"},{"internalType":"int256[]","name":"amounts","type":"int256[]"},{"internalType":"int256","name":"cash","type":"int256"}],"internalType":"struct Change","name":"change","type":"tuple"},{"components":[{"internalType":"uint256","name":"feedId","type":"uint256"},{"internalType":"int256","name":"move","type":"int256"}],"internalType":"struct Shock[]","name":"shocks","type":"tuple[]"},{"internalType":"bool","name":"announced","type":"bool"}],"name":"simulate","outputs":[{"components":[{"internalType":"int256","name":"excess","type":"int256"},{"internalType":"int256","name":"paidExcess","type":"int256"},{"internalType":"uint256","name":"numerator","type":"uint256"},{"internalType":"uint256","name":"denominator","type":"uint256"},{"internalType":"uint256","name":"requirement","type":"uint256"},{"internalType":"uint256","name":"unhedgedHaircut","type":"uint256"},{"internalType":"int256","name":"equity","type":"int256"},{"internalType":"bool","name":"pricesValid","type":"bool"},{"internalType":"Doubt","name":"doubt","type":"uint256"},{"internalType":"bool","name":"free","type":"bool"}],"internalType":"struct Margin","name":"initial","type":"tuple"},{"components":[{"internalType":"int256","name":"excess","type":"int256"},{"internalType":"int256","name":"paidExcess","type":"int256"},{"internalType":"uint256","name":"numerator","type":"uint256"},{"internalType":"uint256","name":"denominator","type":"uint256"},{"internalType":"uint256","name":"requirement","type":"uint256"},{"internalType":"uint256","name":"unhedgedHaircut","type":"uint256"},{"internalType":"int256","name":"equity","type":"int256"},{"internalType":"bool","name":"pricesValid","type":"bool"},{"internalType":"Doubt","name":"doubt","type":"uint256"},{"internalType":"bool","name":"free","type":"bool"}],"internalType":"struct Margin","name":"maintenance","type":"tuple"}],"stateMutability":"view","type":"function"},
  {"inputs":[],"name":"vault","outputs":[{"internalType":"contract IMarginVault","name":"","type":"address"}],"stateMutability":"view","type":"function"},
] as const

export const riskStewardAbi = [
  {"inputs":[{"internalType":"address","name":"authority","type":"address"},{"internalType":"contract IVolatilityForecaster","name":"forecaster_","type":"address"}],"stateMutability":"nonpayable","type":"constructor"},
  {"inputs":[{"internalType":"address","name":"authority","type":"address"}],"name":"AccessManagedInvalidAuthority","type":"error"},
  {"inputs":[{"internalType":"address","name":"caller","type":"address"},{"internalType":"uint32","name":"delay","type":"uint32"}],"name":"AccessManagedRequiredDelay","type":"error"},
  {"inputs":[{"internalType":"address","name":"caller","type":"address"}],"name":"AccessManagedUnauthorized","type":"error"},
  {"inputs":[{"internalType":"uint256","name":"underlying","type":"uint256"},{"internalType":"uint256","name":"time","type":"uint256"},{"internalType":"uint256","name":"earliest","type":"uint256"}],"name":"ForecastTooOld","type":"error"},
  {"inputs":[{"internalType":"uint256","name":"value","type":"uint256"},{"internalType":"uint256","name":"limit","type":"uint256"}],"name":"RuleOutOfRange","type":"error"},
  {"inputs":[{"internalType":"uint256","name":"underlying","type":"uint256"}],"name":"UnknownUnderlying","type":"error"},
  {"anonymous":false,"inputs":[{"indexed":false,"internalType":"address","name":"authority","type":"address"}],"name":"AuthorityUpdated","type":"event"},
  {"anonymous":false,"inputs":[{"indexed":true,"internalType":"uint256","name":"underlying","type":"uint256"},{"indexed":false,"internalType":"uint256","name":"forecast","type":"uint256"},{"indexed":false,"internalType":"uint256","name":"target","type":"uint256"},{"indexed":false,"internalType":"uint256","name":"multiplier","type":"uint256"}],"name":"Poked","type":"event"},
  {"anonymous":false,"inputs":[{"indexed":true,"internalType":"uint256","name":"underlying","type":"uint256"},{"components":[{"internalType":"uint32","name":"base","type":"uint32"},{"internalType":"uint32","name":"least","type":"uint32"},{"internalType":"uint32","name":"most","type":"uint32"},{"internalType":"uint32","name":"silent","type":"uint32"}],"indexed":false,"internalType":"struct StewardRule","name":"rule","type":"tuple"}],"name":"RuleSet","type":"event"},
  {"inputs":[],"name":"authority","outputs":[{"internalType":"address","name":"","type":"address"}],"stateMutability":"view","type":"function"},
  {"inputs":[{"internalType":"uint256","name":"underlying","type":"uint256"}],"name":"expiryOf","outputs":[{"internalType":"uint256","name":"","type":"uint256"}],"stateMutability":"view","type":"function"},
  {"inputs":[],"name":"forecaster","outputs":[{"internalType":"contract IVolatilityForecaster","name":"","type":"address"}],"stateMutability":"view","type":"function"},
  {"inputs":[],"name":"isConsumingScheduledOp","outputs":[{"internalType":"bytes4","name":"","type":"bytes4"}],"stateMutability":"view","type":"function"},
  {"inputs":[{"internalType":"uint256[]","name":"underlyings","type":"uint256[]"}],"name":"multipliers","outputs":[{"internalType":"uint256[]","name":"words","type":"uint256[]"}],"stateMutability":"view","type":"function"},
  {"inputs":[{"internalType":"uint256","name":"underlying","type":"uint256"}],"name":"next","outputs":[{"internalType":"uint256","name":"within","type":"uint256"},{"internalType":"uint256","name":"until","type":"uint256"},{"internalType":"uint256","name":"target","type":"uint256"},{"internalType":"uint256","name":"time","type":"uint256"}],"stateMutability":"view","type":"function"},
  {"inputs":[{"internalType":"uint256[]","name":"underlyings","type":"uint256[]"}],"name":"poke","outputs":[],"stateMutability":"nonpayable","type":"function"},
  {"inputs":[{"internalType":"uint256","name":"underlying","type":"uint256"}],"name":"ruleOf","outputs":[{"components":[{"internalType":"uint32","name":"base","type":"uint32"},{"internalType":"uint32","name":"least","type":"uint32"},{"internalType":"uint32","name":"most","type":"uint32"},{"internalType":"uint32","name":"silent","type":"uint32"}],"internalType":"struct StewardRule","name":"","type":"tuple"}],"stateMutability":"view","type":"function"},
  {"inputs":[{"internalType":"address","name":"newAuthority","type":"address"}],"name":"setAuthority","outputs":[],"stateMutability":"nonpayable","type":"function"},
  {"inputs":[{"internalType":"uint256","name":"underlying","type":"uint256"},{"components":[{"internalType":"uint32","name":"base","type":"uint32"},{"internalType":"uint32","name":"least","type":"uint32"},{"internalType":"uint32","name":"most","type":"uint32"},{"internalType":"uint32","name":"silent","type":"uint32"}],"internalType":"struct StewardRule","name":"rule","type":"tuple"}],"name":"setRule","outputs":[],"stateMutability":"nonpayable","type":"function"},
] as const

export const testStakedTokenAbi = [
  {"inputs":[{"internalType":"string","name":"name_","type":"string"},{"internalType":"string","name":"symbol_","type":"string"},{"internalType":"uint8","name":"decimals_","type":"uint8"},{"internalType":"uint256","name":"mintCap_","type":"uint256"},{"internalType":"uint256","name":"rate","type":"uint256"},{"internalType":"uint256","name":"growth","type":"uint256"}],"stateMutability":"nonpayable","type":"constructor"},
  {"inputs":[],"name":"ECDSAInvalidSignature","type":"error"},
  {"inputs":[{"internalType":"uint256","name":"length","type":"uint256"}],"name":"ECDSAInvalidSignatureLength","type":"error"},
  {"inputs":[{"internalType":"bytes32","name":"s","type":"bytes32"}],"name":"ECDSAInvalidSignatureS","type":"error"},
  {"inputs":[{"internalType":"address","name":"spender","type":"address"},{"internalType":"uint256","name":"allowance","type":"uint256"},{"internalType":"uint256","name":"needed","type":"uint256"}],"name":"ERC20InsufficientAllowance","type":"error"},
  {"inputs":[{"internalType":"address","name":"sender","type":"address"},{"internalType":"uint256","name":"balance","type":"uint256"},{"internalType":"uint256","name":"needed","type":"uint256"}],"name":"ERC20InsufficientBalance","type":"error"},
  {"inputs":[{"internalType":"address","name":"approver","type":"address"}],"name":"ERC20InvalidApprover","type":"error"},
  {"inputs":[{"internalType":"address","name":"receiver","type":"address"}],"name":"ERC20InvalidReceiver","type":"error"},
  {"inputs":[{"internalType":"address","name":"sender","type":"address"}],"name":"ERC20InvalidSender","type":"error"},
  {"inputs":[{"internalType":"address","name":"spender","type":"address"}],"name":"ERC20InvalidSpender","type":"error"},
  {"inputs":[{"internalType":"uint256","name":"deadline","type":"uint256"}],"name":"ERC2612ExpiredSignature","type":"error"},
  {"inputs":[{"internalType":"address","name":"signer","type":"address"},{"internalType":"address","name":"owner","type":"address"}],"name":"ERC2612InvalidSigner","type":"error"},
  {"inputs":[{"internalType":"address","name":"account","type":"address"},{"internalType":"uint256","name":"currentNonce","type":"uint256"}],"name":"InvalidAccountNonce","type":"error"},
  {"inputs":[],"name":"InvalidShortString","type":"error"},
  {"inputs":[{"internalType":"uint256","name":"amount","type":"uint256"},{"internalType":"uint256","name":"cap","type":"uint256"}],"name":"MintCapExceeded","type":"error"},
  {"inputs":[{"internalType":"string","name":"str","type":"string"}],"name":"StringTooLong","type":"error"},
  {"anonymous":false,"inputs":[{"indexed":true,"internalType":"address","name":"owner","type":"address"},{"indexed":true,"internalType":"address","name":"spender","type":"address"},{"indexed":false,"internalType":"uint256","name":"value","type":"uint256"}],"name":"Approval","type":"event"},
  {"anonymous":false,"inputs":[],"name":"EIP712DomainChanged","type":"event"},
  {"anonymous":false,"inputs":[{"indexed":true,"internalType":"address","name":"from","type":"address"},{"indexed":true,"internalType":"address","name":"to","type":"address"},{"indexed":false,"internalType":"uint256","name":"value","type":"uint256"}],"name":"Transfer","type":"event"},
  {"inputs":[],"name":"DOMAIN_SEPARATOR","outputs":[{"internalType":"bytes32","name":"","type":"bytes32"}],"stateMutability":"view","type":"function"},
  {"inputs":[{"internalType":"address","name":"owner","type":"address"},{"internalType":"address","name":"spender","type":"address"}],"name":"allowance","outputs":[{"internalType":"uint256","name":"","type":"uint256"}],"stateMutability":"view","type":"function"},
  {"inputs":[{"internalType":"address","name":"spender","type":"address"},{"internalType":"uint256","name":"value","type":"uint256"}],"name":"approve","outputs":[{"internalType":"bool","name":"","type":"bool"}],"stateMutability":"nonpayable","type":"function"},
  {"inputs":[{"internalType":"address","name":"account","type":"address"}],"name":"balanceOf","outputs":[{"internalType":"uint256","name":"","type":"uint256"}],"stateMutability":"view","type":"function"},
  {"inputs":[],"name":"decimals","outputs":[{"internalType":"uint8","name":"","type":"uint8"}],"stateMutability":"view","type":"function"},
  {"inputs":[],"name":"eip712Domain","outputs":[{"internalType":"bytes1","name":"fields","type":"bytes1"},{"internalType":"string","name":"name","type":"string"},{"internalType":"string","name":"version","type":"string"},{"internalType":"uint256","name":"chainId","type":"uint256"},{"internalType":"address","name":"verifyingContract","type":"address"},{"internalType":"bytes32","name":"salt","type":"bytes32"},{"internalType":"uint256[]","name":"extensions","type":"uint256[]"}],"stateMutability":"view","type":"function"},
  {"inputs":[],"name":"exchangeRate","outputs":[{"internalType":"uint256","name":"","type":"uint256"}],"stateMutability":"view","type":"function"},
  {"inputs":[{"internalType":"address","name":"to","type":"address"},{"internalType":"uint256","name":"amount","type":"uint256"}],"name":"mint","outputs":[],"stateMutability":"nonpayable","type":"function"},
  {"inputs":[],"name":"mintCap","outputs":[{"internalType":"uint256","name":"","type":"uint256"}],"stateMutability":"view","type":"function"},
  {"inputs":[],"name":"name","outputs":[{"internalType":"string","name":"","type":"string"}],"stateMutability":"view","type":"function"},
  {"inputs":[{"internalType":"address","name":"owner","type":"address"}],"name":"nonces","outputs":[{"internalType":"uint256","name":"","type":"uint256"}],"stateMutability":"view","type":"function"},
  {"inputs":[{"internalType":"address","name":"owner","type":"address"},{"internalType":"address","name":"spender","type":"address"},{"internalType":"uint256","name":"value","type":"uint256"},{"internalType":"uint256","name":"deadline","type":"uint256"},{"internalType":"uint8","name":"v","type":"uint8"},{"internalType":"bytes32","name":"r","type":"bytes32"},{"internalType":"bytes32","name":"s","type":"bytes32"}],"name":"permit","outputs":[],"stateMutability":"nonpayable","type":"function"},
  {"inputs":[],"name":"symbol","outputs":[{"internalType":"string","name":"","type":"string"}],"stateMutability":"view","type":"function"},
  {"inputs":[],"name":"totalSupply","outputs":[{"internalType":"uint256","name":"","type":"uint256"}],"stateMutability":"view","type":"function"},
  {"inputs":[{"internalType":"address","name":"to","type":"address"},{"internalType":"uint256","name":"value","type":"uint256"}],"name":"transfer","outputs":[{"internalType":"bool","name":"","type":"bool"}],"stateMutability":"nonpayable","type":"function"},
  {"inputs":[{"internalType":"address","name":"from","type":"address"},{"internalType":"address","name":"to","type":"address"},{"internalType":"uint256","name":"value","type":"uint256"}],"name":"transferFrom","outputs":[{"internalType":"bool","name":"","type":"bool"}],"stateMutability":"nonpayable","type":"function"},
] as const

export const testTokenAbi = [
  {"inputs":[{"internalType":"string","name":"name_","type":"string"},{"internalType":"string","name":"symbol_","type":"string"},{"internalType":"uint8","name":"decimals_","type":"uint8"},{"internalType":"uint256","name":"mintCap_","type":"uint256"}],"stateMutability":"nonpayable","type":"constructor"},
  {"inputs":[],"name":"ECDSAInvalidSignature","type":"error"},
  {"inputs":[{"internalType":"uint256","name":"length","type":"uint256"}],"name":"ECDSAInvalidSignatureLength","type":"error"},
  {"inputs":[{"internalType":"bytes32","name":"s","type":"bytes32"}],"name":"ECDSAInvalidSignatureS","type":"error"},
  {"inputs":[{"internalType":"address","name":"spender","type":"address"},{"internalType":"uint256","name":"allowance","type":"uint256"},{"internalType":"uint256","name":"needed","type":"uint256"}],"name":"ERC20InsufficientAllowance","type":"error"},
  {"inputs":[{"internalType":"address","name":"sender","type":"address"},{"internalType":"uint256","name":"balance","type":"uint256"},{"internalType":"uint256","name":"needed","type":"uint256"}],"name":"ERC20InsufficientBalance","type":"error"},
  {"inputs":[{"internalType":"address","name":"approver","type":"address"}],"name":"ERC20InvalidApprover","type":"error"},
  {"inputs":[{"internalType":"address","name":"receiver","type":"address"}],"name":"ERC20InvalidReceiver","type":"error"},
  {"inputs":[{"internalType":"address","name":"sender","type":"address"}],"name":"ERC20InvalidSender","type":"error"},
  {"inputs":[{"internalType":"address","name":"spender","type":"address"}],"name":"ERC20InvalidSpender","type":"error"},
  {"inputs":[{"internalType":"uint256","name":"deadline","type":"uint256"}],"name":"ERC2612ExpiredSignature","type":"error"},
  {"inputs":[{"internalType":"address","name":"signer","type":"address"},{"internalType":"address","name":"owner","type":"address"}],"name":"ERC2612InvalidSigner","type":"error"},
  {"inputs":[{"internalType":"address","name":"account","type":"address"},{"internalType":"uint256","name":"currentNonce","type":"uint256"}],"name":"InvalidAccountNonce","type":"error"},
  {"inputs":[],"name":"InvalidShortString","type":"error"},
  {"inputs":[{"internalType":"uint256","name":"amount","type":"uint256"},{"internalType":"uint256","name":"cap","type":"uint256"}],"name":"MintCapExceeded","type":"error"},
  {"inputs":[{"internalType":"string","name":"str","type":"string"}],"name":"StringTooLong","type":"error"},
  {"anonymous":false,"inputs":[{"indexed":true,"internalType":"address","name":"owner","type":"address"},{"indexed":true,"internalType":"address","name":"spender","type":"address"},{"indexed":false,"internalType":"uint256","name":"value","type":"uint256"}],"name":"Approval","type":"event"},
  {"anonymous":false,"inputs":[],"name":"EIP712DomainChanged","type":"event"},
  {"anonymous":false,"inputs":[{"indexed":true,"internalType":"address","name":"from","type":"address"},{"indexed":true,"internalType":"address","name":"to","type":"address"},{"indexed":false,"internalType":"uint256","name":"value","type":"uint256"}],"name":"Transfer","type":"event"},
  {"inputs":[],"name":"DOMAIN_SEPARATOR","outputs":[{"internalType":"bytes32","name":"","type":"bytes32"}],"stateMutability":"view","type":"function"},
  {"inputs":[{"internalType":"address","name":"owner","type":"address"},{"internalType":"address","name":"spender","type":"address"}],"name":"allowance","outputs":[{"internalType":"uint256","name":"","type":"uint256"}],"stateMutability":"view","type":"function"},
  {"inputs":[{"internalType":"address","name":"spender","type":"address"},{"internalType":"uint256","name":"value","type":"uint256"}],"name":"approve","outputs":[{"internalType":"bool","name":"","type":"bool"}],"stateMutability":"nonpayable","type":"function"},
  {"inputs":[{"internalType":"address","name":"account","type":"address"}],"name":"balanceOf","outputs":[{"internalType":"uint256","name":"","type":"uint256"}],"stateMutability":"view","type":"function"},
  {"inputs":[],"name":"decimals","outputs":[{"internalType":"uint8","name":"","type":"uint8"}],"stateMutability":"view","type":"function"},
  {"inputs":[],"name":"eip712Domain","outputs":[{"internalType":"bytes1","name":"fields","type":"bytes1"},{"internalType":"string","name":"name","type":"string"},{"internalType":"string","name":"version","type":"string"},{"internalType":"uint256","name":"chainId","type":"uint256"},{"internalType":"address","name":"verifyingContract","type":"address"},{"internalType":"bytes32","name":"salt","type":"bytes32"},{"internalType":"uint256[]","name":"extensions","type":"uint256[]"}],"stateMutability":"view","type":"function"},
  {"inputs":[{"internalType":"address","name":"to","type":"address"},{"internalType":"uint256","name":"amount","type":"uint256"}],"name":"mint","outputs":[],"stateMutability":"nonpayable","type":"function"},
  {"inputs":[],"name":"mintCap","outputs":[{"internalType":"uint256","name":"","type":"uint256"}],"stateMutability":"view","type":"function"},
  {"inputs":[],"name":"name","outputs":[{"internalType":"string","name":"","type":"string"}],"stateMutability":"view","type":"function"},
  {"inputs":[{"internalType":"address","name":"owner","type":"address"}],"name":"nonces","outputs":[{"internalType":"uint256","name":"","type":"uint256"}],"stateMutability":"view","type":"function"},
  {"inputs":[{"internalType":"address","name":"owner","type":"address"},{"internalType":"address","name":"spender","type":"address"},{"internalType":"uint256","name":"value","type":"uint256"},{"internalType":"uint256","name":"deadline","type":"uint256"},{"internalType":"uint8","name":"v","type":"uint8"},{"internalType":"bytes32","name":"r","type":"bytes32"},{"internalType":"bytes32","name":"s","type":"bytes32"}],"name":"permit","outputs":[],"stateMutability":"nonpayable","type":"function"},
  {"inputs":[],"name":"symbol","outputs":[{"internalType":"string","name":"","type":"string"}],"stateMutability":"view","type":"function"},
  {"inputs":[],"name":"totalSupply","outputs":[{"internalType":"uint256","name":"","type":"uint256"}],"stateMutability":"view","type":"function"},
  {"inputs":[{"internalType":"address","name":"to","type":"address"},{"internalType":"uint256","name":"value","type":"uint256"}],"name":"transfer","outputs":[{"internalType":"bool","name":"","type":"bool"}],"stateMutability":"nonpayable","type":"function"},
  {"inputs":[{"internalType":"address","name":"from","type":"address"},{"internalType":"address","name":"to","type":"address"},{"internalType":"uint256","name":"value","type":"uint256"}],"name":"transferFrom","outputs":[{"internalType":"bool","name":"","type":"bool"}],"stateMutability":"nonpayable","type":"function"},
] as const

export const twapSourceAbi = [
  {"inputs":[{"internalType":"uint256","name":"blockTime_","type":"uint256"}],"stateMutability":"nonpayable","type":"constructor"},
  {"inputs":[{"internalType":"int256","name":"answer","type":"int256"}],"name":"NoPrice","type":"error"},
  {"inputs":[{"internalType":"address","name":"pool","type":"address"},{"internalType":"address","name":"token","type":"address"}],"name":"NotInPool","type":"error"},
  {"inputs":[{"internalType":"string","name":"description","type":"string"}],"name":"QuoteNotUsd","type":"error"},
  {"inputs":[{"internalType":"uint256","name":"actual","type":"uint256"},{"internalType":"uint256","name":"declared","type":"uint256"}],"name":"SourceDecimalsMismatch","type":"error"},
  {"inputs":[{"internalType":"address","name":"pool","type":"address"},{"internalType":"uint256","name":"cardinality","type":"uint256"},{"internalType":"uint256","name":"least","type":"uint256"}],"name":"TooFewObservationsKept","type":"error"},
  {"inputs":[{"internalType":"uint256","name":"window","type":"uint256"},{"internalType":"uint256","name":"least","type":"uint256"},{"internalType":"uint256","name":"most","type":"uint256"}],"name":"WindowOutOfRange","type":"error"},
  {"inputs":[],"name":"ZeroBlockTime","type":"error"},
  {"inputs":[],"name":"blockTime","outputs":[{"internalType":"uint256","name":"","type":"uint256"}],"stateMutability":"view","type":"function"},
  {"inputs":[{"internalType":"bytes32","name":"data","type":"bytes32"}],"name":"check","outputs":[],"stateMutability":"view","type":"function"},
  {"inputs":[{"internalType":"address","name":"pool","type":"address"},{"internalType":"address","name":"base","type":"address"},{"internalType":"uint32","name":"window","type":"uint32"}],"name":"encode","outputs":[{"internalType":"bytes32","name":"","type":"bytes32"}],"stateMutability":"view","type":"function"},
  {"inputs":[{"internalType":"bytes32","name":"data","type":"bytes32"}],"name":"read","outputs":[{"internalType":"uint256","name":"price","type":"uint256"},{"internalType":"uint256","name":"confidence","type":"uint256"},{"internalType":"uint256","name":"time","type":"uint256"},{"internalType":"enum PriceStatus","name":"status","type":"uint8"}],"stateMutability":"view","type":"function"},
  {"inputs":[],"name":"voteOnly","outputs":[{"internalType":"bool","name":"","type":"bool"}],"stateMutability":"pure","type":"function"},
] as const

export const validatorModuleAbi = [
  {"inputs":[{"internalType":"address","name":"authority","type":"address"}],"stateMutability":"nonpayable","type":"constructor"},
  {"inputs":[{"internalType":"address","name":"authority","type":"address"}],"name":"AccessManagedInvalidAuthority","type":"error"},
  {"inputs":[{"internalType":"address","name":"caller","type":"address"},{"internalType":"uint32","name":"delay","type":"uint32"}],"name":"AccessManagedRequiredDelay","type":"error"},
  {"inputs":[{"internalType":"address","name":"caller","type":"address"}],"name":"AccessManagedUnauthorized","type":"error"},
  {"inputs":[{"internalType":"uint256","name":"until","type":"uint256"}],"name":"ModulePaused","type":"error"},
  {"inputs":[{"internalType":"uint256","name":"duration","type":"uint256"},{"internalType":"uint256","name":"limit","type":"uint256"}],"name":"PauseTooLong","type":"error"},
  {"inputs":[{"internalType":"uint8","name":"bits","type":"uint8"},{"internalType":"uint256","name":"value","type":"uint256"}],"name":"SafeCastOverflowedUintDowncast","type":"error"},
  {"inputs":[{"internalType":"uint256","name":"threshold","type":"uint256"},{"internalType":"uint256","name":"count","type":"uint256"}],"name":"ThresholdOutOfRange","type":"error"},
  {"inputs":[{"internalType":"address","name":"validator","type":"address"}],"name":"ValidatorsUnordered","type":"error"},
  {"anonymous":false,"inputs":[{"indexed":false,"internalType":"address","name":"authority","type":"address"}],"name":"AuthorityUpdated","type":"event"},
  {"anonymous":false,"inputs":[{"indexed":false,"internalType":"uint256","name":"until","type":"uint256"}],"name":"PausedUntil","type":"event"},
  {"anonymous":false,"inputs":[{"indexed":true,"internalType":"uint32","name":"domain","type":"uint32"},{"indexed":false,"internalType":"address[]","name":"validators","type":"address[]"},{"indexed":false,"internalType":"uint8","name":"threshold","type":"uint8"}],"name":"ValidatorsSet","type":"event"},
  {"inputs":[],"name":"PACKAGE_VERSION","outputs":[{"internalType":"string","name":"","type":"string"}],"stateMutability":"view","type":"function"},
  {"inputs":[],"name":"authority","outputs":[{"internalType":"address","name":"","type":"address"}],"stateMutability":"view","type":"function"},
  {"inputs":[],"name":"isConsumingScheduledOp","outputs":[{"internalType":"bytes4","name":"","type":"bytes4"}],"stateMutability":"view","type":"function"},
  {"inputs":[],"name":"moduleType","outputs":[{"internalType":"uint8","name":"","type":"uint8"}],"stateMutability":"pure","type":"function"},
  {"inputs":[{"internalType":"uint256","name":"duration","type":"uint256"}],"name":"pause","outputs":[],"stateMutability":"nonpayable","type":"function"},
  {"inputs":[],"name":"pausedUntil","outputs":[{"internalType":"uint64","name":"","type":"uint64"}],"stateMutability":"view","type":"function"},
  {"inputs":[{"internalType":"address","name":"newAuthority","type":"address"}],"name":"setAuthority","outputs":[],"stateMutability":"nonpayable","type":"function"},
  {"inputs":[{"internalType":"uint32","name":"domain","type":"uint32"},{"internalType":"address[]","name":"validators","type":"address[]"},{"internalType":"uint8","name":"threshold","type":"uint8"}],"name":"setValidators","outputs":[],"stateMutability":"nonpayable","type":"function"},
  {"inputs":[{"internalType":"bytes","name":"_metadata","type":"bytes"}],"name":"signatureCount","outputs":[{"internalType":"uint256","name":"","type":"uint256"}],"stateMutability":"pure","type":"function"},
  {"inputs":[],"name":"unpause","outputs":[],"stateMutability":"nonpayable","type":"function"},
  {"inputs":[{"internalType":"bytes","name":"message","type":"bytes"}],"name":"validatorsAndThreshold","outputs":[{"internalType":"address[]","name":"","type":"address[]"},{"internalType":"uint8","name":"","type":"uint8"}],"stateMutability":"view","type":"function"},
  {"inputs":[{"internalType":"uint32","name":"domain","type":"uint32"}],"name":"validatorsOf","outputs":[{"internalType":"address[]","name":"","type":"address[]"},{"internalType":"uint8","name":"","type":"uint8"}],"stateMutability":"view","type":"function"},
  {"inputs":[{"internalType":"bytes","name":"_metadata","type":"bytes"},{"internalType":"bytes","name":"_message","type":"bytes"}],"name":"verify","outputs":[{"internalType":"bool","name":"","type":"bool"}],"stateMutability":"view","type":"function"},
] as const

export const volatilityForecasterAbi = [
  {"inputs":[{"internalType":"address","name":"authority","type":"address"},{"internalType":"contract IOracleAdapter","name":"oracle_","type":"address"}],"stateMutability":"nonpayable","type":"constructor"},
  {"inputs":[{"internalType":"address","name":"authority","type":"address"}],"name":"AccessManagedInvalidAuthority","type":"error"},
  {"inputs":[{"internalType":"address","name":"caller","type":"address"},{"internalType":"uint32","name":"delay","type":"uint32"}],"name":"AccessManagedRequiredDelay","type":"error"},
  {"inputs":[{"internalType":"address","name":"caller","type":"address"}],"name":"AccessManagedUnauthorized","type":"error"},
  {"inputs":[{"internalType":"uint256","name":"value","type":"uint256"},{"internalType":"uint256","name":"limit","type":"uint256"}],"name":"ForecastRuleTooHigh","type":"error"},
  {"inputs":[{"internalType":"uint256","name":"actual","type":"uint256"},{"internalType":"uint256","name":"expected","type":"uint256"}],"name":"ForestField","type":"error"},
  {"inputs":[{"internalType":"uint256","name":"actual","type":"uint256"},{"internalType":"uint256","name":"expected","type":"uint256"}],"name":"ForestLength","type":"error"},
  {"inputs":[],"name":"NoForest","type":"error"},
  {"inputs":[{"internalType":"uint256","name":"feature","type":"uint256"}],"name":"UnknownFeature","type":"error"},
  {"inputs":[{"internalType":"uint256","name":"underlying","type":"uint256"}],"name":"UnknownUnderlying","type":"error"},
  {"anonymous":false,"inputs":[{"indexed":false,"internalType":"address","name":"authority","type":"address"}],"name":"AuthorityUpdated","type":"event"},
  {"anonymous":false,"inputs":[{"indexed":true,"internalType":"uint256","name":"underlying","type":"uint256"},{"indexed":false,"internalType":"uint256","name":"breaker","type":"uint256"}],"name":"BreakerSet","type":"event"},
  {"anonymous":false,"inputs":[{"indexed":true,"internalType":"uint256","name":"underlying","type":"uint256"},{"components":[{"internalType":"uint256","name":"hour","type":"uint256"},{"internalType":"uint256","name":"forest","type":"uint256"},{"internalType":"uint256","name":"floor","type":"uint256"},{"internalType":"uint256","name":"forestLoss","type":"uint256"},{"internalType":"uint256","name":"floorLoss","type":"uint256"},{"internalType":"uint256","name":"losingSince","type":"uint256"},{"internalType":"uint256","name":"generation","type":"uint256"}],"indexed":false,"internalType":"struct Score","name":"score","type":"tuple"}],"name":"Forecast","type":"event"},
  {"anonymous":false,"inputs":[{"indexed":true,"internalType":"bytes32","name":"hash","type":"bytes32"},{"indexed":false,"internalType":"uint256","name":"number","type":"uint256"},{"indexed":false,"internalType":"address","name":"pointer","type":"address"}],"name":"ForestInstalled","type":"event"},
  {"anonymous":false,"inputs":[{"indexed":true,"internalType":"bytes32","name":"hash","type":"bytes32"}],"name":"ForestRemoved","type":"event"},
  {"anonymous":false,"inputs":[{"indexed":true,"internalType":"uint256","name":"underlying","type":"uint256"},{"indexed":false,"internalType":"uint256","name":"step","type":"uint256"},{"indexed":false,"internalType":"int256","name":"change","type":"int256"}],"name":"Observed","type":"event"},
  {"anonymous":false,"inputs":[{"components":[{"internalType":"uint32","name":"factor","type":"uint32"},{"internalType":"uint16","name":"patience","type":"uint16"},{"internalType":"uint8","name":"major","type":"uint8"},{"internalType":"uint8","name":"secondMajor","type":"uint8"},{"internalType":"uint8","name":"thirdMajor","type":"uint8"}],"indexed":false,"internalType":"struct ForecastRules","name":"rules","type":"tuple"}],"name":"RulesSet","type":"event"},
  {"anonymous":false,"inputs":[{"indexed":true,"internalType":"uint256","name":"underlying","type":"uint256"},{"indexed":false,"internalType":"int256","name":"change","type":"int256"},{"indexed":false,"internalType":"uint256","name":"limit","type":"uint256"}],"name":"Winsorised","type":"event"},
  {"inputs":[],"name":"authority","outputs":[{"internalType":"address","name":"","type":"address"}],"stateMutability":"view","type":"function"},
  {"inputs":[{"internalType":"uint256","name":"underlying","type":"uint256"}],"name":"breakerOf","outputs":[{"internalType":"uint256","name":"","type":"uint256"}],"stateMutability":"view","type":"function"},
  {"inputs":[{"internalType":"uint256","name":"underlying","type":"uint256"}],"name":"featuresOf","outputs":[{"internalType":"int256[15]","name":"","type":"int256[15]"}],"stateMutability":"view","type":"function"},
  {"inputs":[{"internalType":"uint256","name":"underlying","type":"uint256"}],"name":"floorOf","outputs":[{"internalType":"uint256","name":"","type":"uint256"}],"stateMutability":"view","type":"function"},
  {"inputs":[],"name":"forest","outputs":[{"internalType":"bytes32","name":"hash","type":"bytes32"},{"internalType":"uint256","name":"number","type":"uint256"},{"internalType":"uint256","name":"first","type":"uint256"},{"internalType":"uint256","name":"end","type":"uint256"},{"internalType":"address","name":"pointer","type":"address"}],"stateMutability":"view","type":"function"},
  {"inputs":[{"internalType":"bytes","name":"blob","type":"bytes"}],"name":"installForest","outputs":[],"stateMutability":"nonpayable","type":"function"},
  {"inputs":[],"name":"isConsumingScheduledOp","outputs":[{"internalType":"bytes4","name":"","type":"bytes4"}],"stateMutability":"view","type":"function"},
  {"inputs":[{"internalType":"uint256[]","name":"underlyings","type":"uint256[]"}],"name":"observe","outputs":[],"stateMutability":"nonpayable","type":"function"},
  {"inputs":[],"name":"oracle","outputs":[{"internalType":"contract IOracleAdapter","name":"","type":"address"}],"stateMutability":"view","type":"function"},
  {"inputs":[],"name":"removeForest","outputs":[],"stateMutability":"nonpayable","type":"function"},
  {"inputs":[],"name":"rules","outputs":[{"components":[{"internalType":"uint32","name":"factor","type":"uint32"},{"internalType":"uint16","name":"patience","type":"uint16"},{"internalType":"uint8","name":"major","type":"uint8"},{"internalType":"uint8","name":"secondMajor","type":"uint8"},{"internalType":"uint8","name":"thirdMajor","type":"uint8"}],"internalType":"struct ForecastRules","name":"","type":"tuple"}],"stateMutability":"view","type":"function"},
  {"inputs":[{"internalType":"uint256","name":"underlying","type":"uint256"}],"name":"scoreOf","outputs":[{"components":[{"internalType":"uint256","name":"hour","type":"uint256"},{"internalType":"uint256","name":"forest","type":"uint256"},{"internalType":"uint256","name":"floor","type":"uint256"},{"internalType":"uint256","name":"forestLoss","type":"uint256"},{"internalType":"uint256","name":"floorLoss","type":"uint256"},{"internalType":"uint256","name":"losingSince","type":"uint256"},{"internalType":"uint256","name":"generation","type":"uint256"}],"internalType":"struct Score","name":"score","type":"tuple"},{"internalType":"bool","name":"counts","type":"bool"}],"stateMutability":"view","type":"function"},
  {"inputs":[{"internalType":"address","name":"newAuthority","type":"address"}],"name":"setAuthority","outputs":[],"stateMutability":"nonpayable","type":"function"},
  {"inputs":[{"internalType":"uint256","name":"underlying","type":"uint256"},{"internalType":"uint256","name":"breaker","type":"uint256"}],"name":"setBreaker","outputs":[],"stateMutability":"nonpayable","type":"function"},
  {"inputs":[{"components":[{"internalType":"uint32","name":"factor","type":"uint32"},{"internalType":"uint16","name":"patience","type":"uint16"},{"internalType":"uint8","name":"major","type":"uint8"},{"internalType":"uint8","name":"secondMajor","type":"uint8"},{"internalType":"uint8","name":"thirdMajor","type":"uint8"}],"internalType":"struct ForecastRules","name":"newRules","type":"tuple"}],"name":"setRules","outputs":[],"stateMutability":"nonpayable","type":"function"},
  {"inputs":[{"internalType":"uint256","name":"underlying","type":"uint256"}],"name":"tapeOf","outputs":[{"internalType":"uint256","name":"step","type":"uint256"},{"internalType":"uint256","name":"priceTime","type":"uint256"},{"internalType":"uint256","name":"closed","type":"uint256"}],"stateMutability":"view","type":"function"},
  {"inputs":[{"internalType":"uint256","name":"underlying","type":"uint256"}],"name":"update","outputs":[{"internalType":"uint256","name":"forecast","type":"uint256"},{"internalType":"uint256","name":"time","type":"uint256"}],"stateMutability":"nonpayable","type":"function"},
] as const

export const volatilitySurfaceAbi = [
  {"inputs":[{"internalType":"address","name":"authority","type":"address"},{"internalType":"contract IRiskParameters","name":"parameters_","type":"address"}],"stateMutability":"nonpayable","type":"constructor"},
  {"inputs":[{"internalType":"address","name":"authority","type":"address"}],"name":"AccessManagedInvalidAuthority","type":"error"},
  {"inputs":[{"internalType":"address","name":"caller","type":"address"},{"internalType":"uint32","name":"delay","type":"uint32"}],"name":"AccessManagedRequiredDelay","type":"error"},
  {"inputs":[{"internalType":"address","name":"caller","type":"address"}],"name":"AccessManagedUnauthorized","type":"error"},
  {"inputs":[{"internalType":"int256","name":"k","type":"int256"},{"internalType":"int256","name":"g","type":"int256"},{"internalType":"int256","name":"limit","type":"int256"}],"name":"ButterflyArbitrage","type":"error"},
  {"inputs":[{"internalType":"int256","name":"k","type":"int256"},{"internalType":"uint256","name":"nearer","type":"uint256"},{"internalType":"uint256","name":"further","type":"uint256"}],"name":"CalendarArbitrage","type":"error"},
  {"inputs":[{"internalType":"uint256","name":"duration","type":"uint256"},{"internalType":"uint256","name":"limit","type":"uint256"}],"name":"DurationTooLong","type":"error"},
  {"inputs":[{"internalType":"uint256","name":"expiry","type":"uint256"},{"internalType":"uint256","name":"limit","type":"uint256"}],"name":"ExpiryOutOfRange","type":"error"},
  {"inputs":[{"internalType":"uint256","name":"moved","type":"uint256"},{"internalType":"uint256","name":"limit","type":"uint256"}],"name":"ForwardStepTooLarge","type":"error"},
  {"inputs":[{"internalType":"uint256","name":"underlying","type":"uint256"},{"internalType":"uint256","name":"expiry","type":"uint256"}],"name":"NoSlice","type":"error"},
  {"inputs":[{"internalType":"uint256","name":"value","type":"uint256"},{"internalType":"uint256","name":"limit","type":"uint256"}],"name":"ParameterOutOfRange","type":"error"},
  {"inputs":[{"internalType":"int256","name":"value","type":"int256"},{"internalType":"int256","name":"limit","type":"int256"}],"name":"SliceOutOfRange","type":"error"},
  {"inputs":[{"internalType":"int256","name":"k","type":"int256"},{"internalType":"uint256","name":"from","type":"uint256"},{"internalType":"uint256","name":"to","type":"uint256"}],"name":"StepTooLarge","type":"error"},
  {"inputs":[{"internalType":"uint256","name":"underlying","type":"uint256"},{"internalType":"uint256","name":"until","type":"uint256"}],"name":"SurfaceUncertain","type":"error"},
  {"inputs":[{"internalType":"uint256","name":"count","type":"uint256"},{"internalType":"uint256","name":"limit","type":"uint256"}],"name":"TooManySlices","type":"error"},
  {"inputs":[{"internalType":"uint256","name":"time","type":"uint256"},{"internalType":"uint256","name":"earliest","type":"uint256"}],"name":"TooSoon","type":"error"},
  {"inputs":[{"internalType":"uint256","name":"underlying","type":"uint256"}],"name":"UnknownUnderlying","type":"error"},
  {"anonymous":false,"inputs":[{"indexed":false,"internalType":"address","name":"authority","type":"address"}],"name":"AuthorityUpdated","type":"event"},
  {"anonymous":false,"inputs":[{"indexed":true,"internalType":"uint256","name":"underlying","type":"uint256"},{"components":[{"internalType":"uint24","name":"volShockMaintenance","type":"uint24"},{"internalType":"uint24","name":"volShockInitial","type":"uint24"},{"internalType":"uint24","name":"defaultVolatility","type":"uint24"},{"internalType":"uint24","name":"maxAge","type":"uint24"},{"internalType":"uint24","name":"expiryAge","type":"uint24"},{"internalType":"uint24","name":"minInterval","type":"uint24"},{"internalType":"uint24","name":"maxStep","type":"uint24"},{"internalType":"uint24","name":"maxCarry","type":"uint24"}],"indexed":false,"internalType":"struct OptionParams","name":"params","type":"tuple"}],"name":"OptionParamsSet","type":"event"},
  {"anonymous":false,"inputs":[{"indexed":true,"internalType":"uint256","name":"underlying","type":"uint256"},{"indexed":true,"internalType":"uint256","name":"expiry","type":"uint256"},{"components":[{"internalType":"int32","name":"a","type":"int32"},{"internalType":"uint32","name":"b","type":"uint32"},{"internalType":"int24","name":"rho","type":"int24"},{"internalType":"int32","name":"m","type":"int32"},{"internalType":"uint32","name":"sigma","type":"uint32"},{"internalType":"int24","name":"carry","type":"int24"}],"indexed":false,"internalType":"struct Slice","name":"slice","type":"tuple"}],"name":"SlicePosted","type":"event"},
  {"anonymous":false,"inputs":[{"indexed":true,"internalType":"uint256","name":"underlying","type":"uint256"},{"indexed":true,"internalType":"uint256","name":"expiry","type":"uint256"}],"name":"SliceRemoved","type":"event"},
  {"anonymous":false,"inputs":[{"indexed":true,"internalType":"uint256","name":"underlying","type":"uint256"},{"indexed":false,"internalType":"uint256","name":"until","type":"uint256"}],"name":"SurfaceForced","type":"event"},
  {"inputs":[],"name":"authority","outputs":[{"internalType":"address","name":"","type":"address"}],"stateMutability":"view","type":"function"},
  {"inputs":[{"internalType":"uint256","name":"underlying","type":"uint256"}],"name":"expiriesOf","outputs":[{"internalType":"uint256[]","name":"expiries","type":"uint256[]"}],"stateMutability":"view","type":"function"},
  {"inputs":[{"internalType":"uint256","name":"underlying","type":"uint256"},{"internalType":"uint256","name":"duration","type":"uint256"}],"name":"forceUncertain","outputs":[],"stateMutability":"nonpayable","type":"function"},
  {"inputs":[],"name":"isConsumingScheduledOp","outputs":[{"internalType":"bytes4","name":"","type":"bytes4"}],"stateMutability":"view","type":"function"},
  {"inputs":[{"internalType":"uint256","name":"underlying","type":"uint256"}],"name":"optionParams","outputs":[{"components":[{"internalType":"uint24","name":"volShockMaintenance","type":"uint24"},{"internalType":"uint24","name":"volShockInitial","type":"uint24"},{"internalType":"uint24","name":"defaultVolatility","type":"uint24"},{"internalType":"uint24","name":"maxAge","type":"uint24"},{"internalType":"uint24","name":"expiryAge","type":"uint24"},{"internalType":"uint24","name":"minInterval","type":"uint24"},{"internalType":"uint24","name":"maxStep","type":"uint24"},{"internalType":"uint24","name":"maxCarry","type":"uint24"}],"internalType":"struct OptionParams","name":"","type":"tuple"}],"stateMutability":"view","type":"function"},
  {"inputs":[],"name":"parameters","outputs":[{"internalType":"contract IRiskParameters","name":"","type":"address"}],"stateMutability":"view","type":"function"},
  {"inputs":[{"internalType":"uint256","name":"underlying","type":"uint256"},{"internalType":"uint256","name":"expiry","type":"uint256"},{"components":[{"internalType":"int32","name":"a","type":"int32"},{"internalType":"uint32","name":"b","type":"uint32"},{"internalType":"int24","name":"rho","type":"int24"},{"internalType":"int32","name":"m","type":"int32"},{"internalType":"uint32","name":"sigma","type":"uint32"},{"internalType":"int24","name":"carry","type":"int24"}],"internalType":"struct Slice","name":"slice","type":"tuple"}],"name":"post","outputs":[],"stateMutability":"nonpayable","type":"function"},
  {"inputs":[{"internalType":"uint256","name":"underlying","type":"uint256"},{"internalType":"uint256","name":"expiry","type":"uint256"}],"name":"removeSlice","outputs":[],"stateMutability":"nonpayable","type":"function"},
  {"inputs":[{"internalType":"address","name":"newAuthority","type":"address"}],"name":"setAuthority","outputs":[],"stateMutability":"nonpayable","type":"function"},
  {"inputs":[{"internalType":"uint256","name":"underlying","type":"uint256"},{"components":[{"internalType":"uint24","name":"volShockMaintenance","type":"uint24"},{"internalType":"uint24","name":"volShockInitial","type":"uint24"},{"internalType":"uint24","name":"defaultVolatility","type":"uint24"},{"internalType":"uint24","name":"maxAge","type":"uint24"},{"internalType":"uint24","name":"expiryAge","type":"uint24"},{"internalType":"uint24","name":"minInterval","type":"uint24"},{"internalType":"uint24","name":"maxStep","type":"uint24"},{"internalType":"uint24","name":"maxCarry","type":"uint24"}],"internalType":"struct OptionParams","name":"params","type":"tuple"}],"name":"setOptionParams","outputs":[],"stateMutability":"nonpayable","type":"function"},
  {"inputs":[{"internalType":"uint256","name":"underlying","type":"uint256"},{"internalType":"uint256","name":"expiry","type":"uint256"}],"name":"sliceOf","outputs":[{"components":[{"internalType":"int32","name":"a","type":"int32"},{"internalType":"uint32","name":"b","type":"uint32"},{"internalType":"int24","name":"rho","type":"int24"},{"internalType":"int32","name":"m","type":"int32"},{"internalType":"uint32","name":"sigma","type":"uint32"},{"internalType":"int24","name":"carry","type":"int24"}],"internalType":"struct Slice","name":"slice","type":"tuple"},{"internalType":"uint256","name":"postedAt","type":"uint256"}],"stateMutability":"view","type":"function"},
  {"inputs":[{"internalType":"uint256","name":"underlying","type":"uint256"}],"name":"uncertainUntil","outputs":[{"internalType":"uint256","name":"","type":"uint256"}],"stateMutability":"view","type":"function"},
  {"inputs":[{"internalType":"uint256","name":"underlying","type":"uint256"},{"internalType":"uint256","name":"expiry","type":"uint256"}],"name":"wordsOf","outputs":[{"internalType":"OptionParamsWord","name":"params","type":"uint256"},{"internalType":"SliceWord","name":"slice","type":"uint256"}],"stateMutability":"view","type":"function"},
] as const
