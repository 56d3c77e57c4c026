"""Files as exchanges and vendors write them, a line a row."""

from datetime import UTC, datetime

ASSETS = ("ETH", "BTC", "USDT")
SLICES = ("ETH:weekly",)
BEGIN = 1_722_816_000  # 5 August 2024, 00:00
CLOSES = (2500.5, 2450.25, 2300.125)
TIMES = (BEGIN, BEGIN + 60, BEGIN + 120)
DAYS = tuple(BEGIN + 86_400 * day for day in range(3))
BINANCE = (
    "open_time,open,high,low,close,volume,close_time,quote_volume,count,taker_buy_volume,taker_buy_quote_volume,ignore"
)


def moment(time, pattern="%Y-%m-%d %H:%M:%S"):
    """Write a time."""
    return datetime.fromtimestamp(time, UTC).strftime(pattern)


def klines(scale):
    """Write Binance's rows with times in a unit."""
    return [
        f"{time * scale},{close},{close + 9},{close - 9},{close},12.5,{(time + 60) * scale - 1},31250,99,6.1,15000,0"
        for time, close in zip(TIMES, CLOSES, strict=True)
    ]


def kraken():
    """Write Kraken's rows."""
    return [f"{t},{c},{c + 9},{c - 9},{c},12.5,99" for t, c in zip(TIMES, CLOSES, strict=True)]


def coingecko():
    """Write CoinGecko's file."""
    rows = [f"{moment(t)} UTC,{c},300000000000.0,{9e9}" for t, c in zip(DAYS, CLOSES, strict=True)]
    return ["snapped_at,price,market_cap,total_volume", *rows]


def cryptodatadownload(scale=1):
    """Write CryptoDataDownload's file: a link first, then newest first."""
    rows = [
        f"{t * scale},{moment(t)},ETH/USDT,{c},{c + 9},{c - 9},{c},1.5,3750,9"
        for t, c in zip(TIMES, CLOSES, strict=True)
    ]
    header = "unix,date,symbol,open,high,low,close,Volume ETH,Volume USDT,tradecount"
    return ["https://www.CryptoDataDownload.com", header, *reversed(rows)]


def yahoo():
    """Write Yahoo's daily file."""
    rows = [f"{moment(t, '%Y-%m-%d')},{c},{c},{c},{c},{c - 100},123" for t, c in zip(DAYS, CLOSES, strict=True)]
    return ["Date,Open,High,Low,Close,Adj Close,Volume", *rows]


def yfinance():
    """Write what yfinance saves: three rows of header."""
    rows = [f"{moment(t, '%Y-%m-%d')},{c},{c},{c},{c},123" for t, c in zip(DAYS, CLOSES, strict=True)]
    return ["Price,Close,High,Low,Open,Volume", "Ticker" + ",ETH-USD" * 5, "Date,,,,,", *rows]


def tradingview(time=str):
    """Write TradingView's export, with a column of an indicator."""
    rows = [f"{time(t)},{c},{c + 9},{c - 9},{c},12,2400.5" for t, c in zip(TIMES, CLOSES, strict=True)]
    return ["time,open,high,low,close,Volume,MA", *rows]
