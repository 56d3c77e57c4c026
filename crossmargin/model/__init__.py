"""The exact integer reference of all margin, funding, interest and auction mathematics.

Written from docs/margin-model.md alone, so that the contracts can be tested against it. Pure functions of plain
integers: nothing here reads a clock, a file or a chain. Import the modules, for example
`from crossmargin.model import margin`.

units        scales, exact division, square root, unit names
instruments  instrument and account ids
parameters   risk parameters, the configuration check, the default classes
prices       prices with edges and status, what-if shocks, volatility multipliers
funding      funding index and premium
positions    value and fills of open contracts
interest     utilisation, rate, indices
account      what margin is computed from: account and state of the venue
arrays       risk arrays of option series: packing and unpacking
options      an option leg against its risk array
scenarios    the scenarios of an underlying with options
breakdown    the terms of a margin
margin       requirement, excess and health factor of an account, with every term
auction      clocks, reward, largest slice, payout, bundle, starter's pay
"""
