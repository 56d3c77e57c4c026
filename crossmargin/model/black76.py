"""Black-76 without discounting, as contracts/pricing/OptionMath.sol computes it, to the bit.

With m(x) = exp(x^2 / 2) N(-x) and e = F exp(-d1^2 / 2) = K exp(-d2^2 / 2), F N(-d1) is e m(d1) and K N(-d2) is e m(d2).
"""

from math import isqrt
from typing import Final

from crossmargin.model.units import WAD, YEAR, Seconds, Wad, clamp, trunc_div

__all__ = ["MAX_PRICE", "call", "deviation", "exp_wad", "ln_wad", "log_moneyness", "mills", "price", "root_time"]

MAX_PRICE: Final = Wad(2**96 - 1)
"""Prices saturate here [wad USD]."""
_MAX_VOLATILITY: Final = 2**96 - 1
_MAX_TIME: Final = 2**64 - 1
_MAX_D1: Final = 20 << 96

# exp(x^2 / 2) N(-x) on [0, 7.5], a rational minimax approximation; how it was fitted is in the contract's comment.
_MILLS_P: Final = (
    31604155084376238458656554650,
    498739264334433291700330906426,
    3529352728742038355447961483249,
    14059531076853692435959487651763,
    31783088514469798654759762983777,
)
_MILLS_P_LAST: Final = 36156655014188104081789906851235
_MILLS_Q: Final = (
    1249879705180236778687225068418,
    8930440191234142568255308648948,
    36445231699977512676284395987707,
    88716961353865524817546415235343,
    121263850640992841662339495445154,
    72313310028376923276154639168476,
)

# Everything below to `_EXP_SCALE` is Solady's (FixedPointMathLib, MIT), after Remco Bloemen.
_LN_2: Final = 54916777467707473351141471128
_LN_P: Final = (3273285459638523848632254066296, 24828157081833163892658089445524, 43456485725739037958740375743393)
_LN_P_MINUS: Final = (11111509109440967052023855526967, 45023709667254063763336534515857)
_LN_P_LAST: Final = (14706773417378608786704636184526, 795164235651350426258249787498)
_LN_Q: Final = (
    71694874799317883764090561454958,
    283447036172924575727196451306956,
    401686690394027663651624208769553,
    204048457590392012362485061816622,
    31853899698501571402653359427138,
    909429971244387300277376558375,
)
_LN_Q_FIRST: Final = 5573035233440673466300451813936
_LN_SCALE: Final = 1677202110996718588342820967067443963516166
_LN_2_SCALED: Final = 16597577552685614221487285958193947469193820559219878177908093499208371
_LN_BASE: Final = 600920179829731861736702779321621459595472258049074101567377883020018308
_EXP_LEAST: Final = -41446531673892822313
_EXP_Y: Final = (1346386616545796478920950773328, 57155421227552351082224309758442)
_EXP_P: Final = (94201549194550492254356042504812, 28719021644029726153956944680412240)
_EXP_P_LAST: Final = 4385272521454847904659076985693276
_EXP_Q_FIRST: Final = 2855989394907223263936484059900
_EXP_Q: Final = (
    50020603652535783019961831881945,
    -533845033583426703283633433725380,
    3604857256930695427073651918091429,
    -14423608567350463180887372962807573,
    26449188498355588339934803723976023,
)
_EXP_SCALE: Final = 3822833074963236453042738258902158003155416615667


def price(*, is_put: bool, forward: Wad, strike: Wad, volatility: Wad, tau: Seconds) -> Wad:
    """Price an option `tau` seconds before its expiry [wad USD]; volatility [wad a year]."""
    forward, strike = min(forward, MAX_PRICE), min(strike, MAX_PRICE)
    root = root_time(Seconds(min(tau, _MAX_TIME)))
    sd = deviation(Wad(min(volatility, _MAX_VOLATILITY)), root)
    value, _, _ = call(forward, strike, log_moneyness(forward, strike), sd)
    return Wad(value + strike - forward) if is_put else value


def call(forward: Wad, strike: Wad, log: Wad, sd: Wad) -> tuple[Wad, Wad, Wad]:
    """Price a call [wad USD] and give N(d1) and exp(-d1^2 / 2) [wad], by ln(F / K) and standard deviation to expiry."""
    least = Wad(max(forward - strike, 0))
    if sd == 0:
        return least, Wad(WAD if forward > strike else 0), Wad(0)
    d1 = trunc_div(log << 96, sd) + (sd << 95) // WAD
    d2 = d1 - (sd << 96) // WAD
    if abs(d1) > _MAX_D1:
        value = forward if d2 <= 0 < d1 else least
        return value, Wad(WAD if d1 > 0 else 0), Wad(0)
    density = exp_wad(Wad(-((d1 * d1 >> 97) * WAD >> 96)))
    nd1 = density * mills(abs(d1)) >> 96
    if d1 > 0:
        nd1 = WAD - nd1
    paid = (forward * density * mills(abs(d2)) >> 96) // WAD
    if d2 > 0:
        paid = strike - paid
    return Wad(clamp(forward * nd1 // WAD - paid, least, forward)), Wad(nd1), density


def log_moneyness(forward: Wad, strike: Wad) -> Wad:
    """Give ln(F / K) [wad], at least ln(10^-18)."""
    return ln_wad(Wad(max(forward * WAD // strike if strike else 0, 1)))


def root_time(tau: Seconds) -> Wad:
    """Take the root of a time in years, down [wad]."""
    return Wad(isqrt(tau * WAD**2 // YEAR))


def deviation(volatility: Wad, root: Wad) -> Wad:
    """Give the standard deviation to expiry, down [wad]; `root` from `root_time`."""
    return Wad(volatility * root // WAD)


def mills(x: int) -> int:
    """Give exp(x^2 / 2) N(-x) for x from 0 [both 2**-96]."""
    p = 0
    for coefficient in _MILLS_P:
        p = (p * x >> 96) + coefficient
    q = 1 << 96
    for coefficient in _MILLS_Q:
        q = (q * x >> 96) + coefficient
    return (p * x + (_MILLS_P_LAST << 96)) // q


def ln_wad(value: Wad) -> Wad:
    """Take the logarithm of a positive number as Solady's lnWad does."""
    log2 = value.bit_length() - 1
    x = value << 255 - log2 >> 159
    p = x
    for coefficient in _LN_P:
        p = (p + coefficient) * x >> 96
    for coefficient in _LN_P_MINUS:
        p = (p - coefficient) * x >> 96
    p = (p - _LN_P_LAST[0]) * x - (_LN_P_LAST[1] << 96)
    q = _LN_Q_FIRST + x
    for coefficient in _LN_Q:
        q = coefficient + (x * q >> 96)
    scaled = _LN_SCALE * trunc_div(p, q) + _LN_2_SCALED * (log2 - 96) + _LN_BASE
    return Wad(scaled >> 174)


def exp_wad(value: Wad) -> Wad:
    """Take the exponential of a number up to 135 as Solady's expWad does."""
    if value <= _EXP_LEAST:
        return Wad(0)
    x = trunc_div(value << 78, 5**18)
    k = trunc_div(x << 96, _LN_2) + 2**95 >> 96
    x -= k * _LN_2
    y = (x + _EXP_Y[0]) * x >> 96
    y += _EXP_Y[1]
    p = y + x - _EXP_P[0]
    p = (p * y >> 96) + _EXP_P[1]
    p = p * x + (_EXP_P_LAST << 96)
    q = x - _EXP_Q_FIRST
    for coefficient in _EXP_Q:
        q = (q * x >> 96) + coefficient
    return Wad(trunc_div(p, q) * _EXP_SCALE >> 195 - k)
