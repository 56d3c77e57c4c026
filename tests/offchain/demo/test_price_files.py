"""Files as exchanges and vendors write them: each layout is read, each fault is one line with the row."""

import zipfile

import pytest

from crossmargin.errors import PriceHistoryError
from crossmargin.simulation.demo.price_files import read_prices
from tests.offchain.demo.vendor_files import (
    ASSETS,
    BEGIN,
    BINANCE,
    CLOSES,
    DAYS,
    TIMES,
    coingecko,
    cryptodatadownload,
    klines,
    kraken,
    moment,
    tradingview,
    yahoo,
    yfinance,
)


@pytest.mark.parametrize(
    ("lines", "layout", "times", "unit"),
    [
        (klines(10**3), "Binance klines", TIMES, "ms"),
        (klines(10**6), "Binance klines", TIMES, "µs"),
        ([BINANCE, *klines(10**3)], "Binance klines", TIMES, "ms"),
        ([BINANCE, *klines(10**6)], "Binance klines", TIMES, "µs"),
        (coingecko(), "CoinGecko", DAYS, "ISO 8601"),
        (kraken(), "Kraken OHLCVT", TIMES, "s"),
        (cryptodatadownload(), "CryptoDataDownload", TIMES, "s"),
        (cryptodatadownload(10**3), "CryptoDataDownload", TIMES, "ms"),
        (yahoo(), "Yahoo", DAYS, "ISO 8601"),
        (yfinance(), "Yahoo", DAYS, "ISO 8601"),
        (tradingview(), "TradingView", TIMES, "s"),
        (tradingview(lambda t: moment(t, "%Y-%m-%dT%H:%M:%SZ")), "TradingView", TIMES, "ISO 8601"),
        (tradingview(lambda t: moment(t + 7200, "%Y-%m-%dT%H:%M:%S+02:00")), "TradingView", TIMES, "ISO 8601"),
        (["time,ETH", *(f"{t},{c}" for t, c in zip(TIMES, CLOSES, strict=True))], "one's own", TIMES, "s"),
    ],
)
def test_every_layout_is_read(read, lines, layout, times, unit):
    """The closing price of each row, at the row's time."""
    file = read(lines)
    assert (file.layout, tuple(file.columns)) == (layout, ("ETH",))
    assert tuple(file.columns["ETH"].index) == times
    assert tuple(file.columns["ETH"]) == CLOSES
    assert f"times in {unit}" in file.notes[0]


@pytest.mark.parametrize("end", ["\r\n", "\n\n"])
def test_line_ends_and_blank_lines_do_not_matter(read, end):
    """Files come from every system."""
    assert tuple(read(kraken(), end=end).columns["ETH"]) == CLOSES


@pytest.mark.parametrize("separator", [";", "\t"])
def test_other_separators_are_read(read, separator):
    """As spreadsheets write them."""
    assert tuple(read([line.replace(",", separator) for line in tradingview()]).columns["ETH"]) == CLOSES


def test_a_byte_order_mark_and_quotes_are_read(read):
    """And thousands in quotes."""
    lines = ["\ufefftime,close", f'{BEGIN},"2,500.5"', f'"{BEGIN + 60}","2,450.25"']
    assert tuple(read(lines).columns["ETH"]) == CLOSES[:2]


@pytest.mark.parametrize(
    ("separator", "text"),
    [
        (";", "2500,5"),
        (";", "2,500"),
        ("\t", "2500,5"),
        ("\t", "2,500"),
        (",", "2500,5"),
        (",", "2,50,0"),
        (",", "25,00.5"),
    ],
)
def test_a_comma_that_may_be_a_decimal_one_is_not_guessed(read, separator, text):
    """As spreadsheets of half the world write it: ten or a thousand times the price, if it were left out."""
    cell = f'"{text}"' if separator == "," else text
    with pytest.raises(PriceHistoryError, match=rf"prices.csv:2: .*: '{text}' has a comma: write 2500.5, or 2,500.5$"):
        read([f"time{separator}close", f"{BEGIN}{separator}{cell}", f"{BEGIN + 60}{separator}2400.5"])


def test_thousands_of_a_decimal_point_are_read(read):
    """In whatever columns: they are no decimal comma."""
    assert tuple(read(["time;close", f"{BEGIN};2,500.5", f"{BEGIN + 60};1,002,450.25"]).columns["ETH"]) == (
        2500.5,
        1_002_450.25,
    )


def test_hours_of_twelve_are_read(read):
    """As CryptoDataDownload wrote them once."""
    rows = ["2020-04-16 12-AM,ETHUSD,9,9,9,153.2,1,1", "2020-04-15 11-PM,ETHUSD,9,9,9,152.2,1,1"]
    file = read(["https://www.CryptoDataDownload.com", "Date,Symbol,Open,High,Low,Close,Volume ETH,Volume USD", *rows])
    assert dict(file.columns["ETH"]) == {1_586_991_600: 152.2, 1_586_995_200: 153.2}


def test_a_zip_of_one_file_is_read(tmp_path):
    """As Binance gives it."""
    path = tmp_path / "ETHUSDT-1m-2024-08-05.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("ETHUSDT-1m-2024-08-05.csv", "\n".join(klines(10**3)))
    assert tuple(read_prices(path, None, ASSETS).columns["ETH"]) == CLOSES


@pytest.mark.parametrize(
    ("name", "asset"),
    [
        ("ETHUSDT-1m-2024-08-05.csv", "ETH"),
        ("XBTUSD_1.csv", "BTC"),
        ("Binance_BTCUSDT_1h.csv", "BTC"),
        ("BINANCE_ETHUSDT, 60.csv", "ETH"),
        ("eth-usd-max.csv", "ETH"),
        ("USDTUSD_60.csv", "USDT"),
    ],
)
def test_the_asset_is_in_the_files_name(read, name, asset):
    """Where the user does not say it."""
    assert list(read(kraken(), None, name).columns) == [asset]


def test_the_own_format_has_a_column_for_each_asset(read):
    """And for each expiry's volatility."""
    file = read(["time,btc,ETH,ETH:weekly", f"{BEGIN},60000,2500,0.7", f"{BEGIN + 60},59000,2400,0.8"], None)
    assert {name: tuple(values) for name, values in file.columns.items()} == {
        "BTC": (60_000, 59_000),
        "ETH": (2500, 2400),
        "ETH:weekly": (0.7, 0.8),
    }


def test_milliseconds_and_seconds_in_one_file_are_told_apart(read):
    """Some vendors changed from one to the other."""
    file = read(["time,close", f"{BEGIN},1", f"{(BEGIN + 60) * 1000},2"])
    assert tuple(file.columns["ETH"].index) == TIMES[:2]
    assert "times in s and ms" in file.notes[0]


def test_newest_first_is_turned_round_and_said(read):
    """As CryptoDataDownload has it."""
    file = read(cryptodatadownload())
    assert file.notes == (
        "CryptoDataDownload, 3 rows of 1 min, 2024-08-05 00:00 to 2024-08-05 00:02 UTC, times in s",
        "newest first: turned round",
    )


def test_rows_in_disorder_are_sorted_and_said(read):
    """With the first that is out of place."""
    lines = kraken()
    file = read([lines[1], lines[0], lines[2]])
    assert tuple(file.columns["ETH"]) == CLOSES
    assert file.notes[1] == "rows not in order (first: row 2): sorted"


@pytest.mark.parametrize("newest_first", [False, True])
def test_duplicates_are_dropped_and_said(read, newest_first):
    """The last row of a time is kept."""
    first, second, third = kraken()
    lines = [first, second.replace("2450.25", "2455"), second, third]
    file = read(lines[::-1] if newest_first else lines)
    assert len(file.columns["ETH"]) == 3
    assert "rows of a time that comes again: 1, the last of each kept" in file.notes


def test_gaps_are_said(read):
    """Their number and the longest; the price stands in them."""
    times = [BEGIN + 60 * index for index in (0, 1, 2, 5, 6, 7, 127, 128)]
    file = read(["time,close", *(f"{time},2500" for time in times)])
    assert file.notes[1] == "gaps: 2, the longest of 2 h after 2024-08-05 00:07; the last price stands in them"


def test_rows_without_a_price_are_left_out_and_said(read):
    """As Yahoo writes days without trade."""
    lines = yahoo()
    lines[2] = f"{moment(DAYS[1], '%Y-%m-%d')},null,null,null,null,null,null"
    file = read(lines)
    assert tuple(file.columns["ETH"]) == (CLOSES[0], CLOSES[2])
    assert "rows without a price left out: 1 (first: row 3)" in file.notes


GOOD = f"{BEGIN},2500"


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        ([], r"prices.csv: the file is empty"),
        (["https://example.org"], r"prices.csv: the file is empty"),
        (["time,close"], r"prices.csv: rows of prices: 0, at least 2 are needed"),
        (["time,close", GOOD], r"prices.csv: rows of prices: 1, at least 2 are needed"),
        (["foo,bar", "1,2"], r"prices.csv:1: no column of times in 'foo, bar'; accepted are Binance klines .*"),
        (["time,DOGE", GOOD], r"prices.csv:1: column 'DOGE' is neither 'close' nor 'price' nor one of ETH, BTC, .*"),
        (["time,ETH,eth", GOOD], r"prices.csv:1: two columns 'eth'"),
        (["time", f"{BEGIN}"], r"prices.csv:1: no column of prices in 'time'; accepted are .*"),
        ([f"{BEGIN},1,2,3"], r"prices.csv:1: 4 columns and no header; accepted are .*"),
        ([f"{BEGIN},1,2,3,4,5,6"], r"prices.csv:1: 7 columns without a header as in Kraken OHLCVT, but .*"),
        (["time,close", GOOD, f"{BEGIN + 60},x"], r"prices.csv:3: TradingView, column 'close': 'x' is not a number"),
        (["time,close", GOOD, f"{BEGIN + 60},0"], r"prices.csv:3: TradingView, column 'close': '0' is not above 0"),
        (["time,close", GOOD, f"{BEGIN + 60},-5"], r"prices.csv:3: .*: '-5' is not above 0"),
        (["time,close", GOOD, f"{BEGIN + 60},1e13"], r"prices.csv:3: .*: '1e13' is above 1,000,000,000,000"),
        (["time,close", GOOD, f"{BEGIN + 60},inf"], r"prices.csv:3: .*: 'inf' is above 1,000,000,000,000"),
        (["time,close", GOOD, f"{BEGIN + 60},1e-10"], r"prices.csv:3: .*: '1e-10' has more than 8 decimals"),
        (["time,ETH,ETH:weekly", f"{GOOD},70"], r"prices.csv:2: .*column 'ETH:weekly': '70' is above 10"),
        (["time,close", GOOD, f"{BEGIN + 60},2,3"], r"prices.csv:3: 3 values in 2 columns"),
        (["time,close", GOOD, "noon,2500"], r"prices.csv:3: 'noon' is no time; accepted are ISO 8601 such as .*"),
        (["time,close", GOOD, "05/08/2024,2500"], r"prices.csv:3: '05/08/2024' is no time; .*"),
        (["time,close", GOOD, "20240805,2500"], r"prices.csv:3: '20240805' would be a time before 2009 .*"),
        (["time,close", GOOD, "1e30,2500"], r"prices.csv:3: '1e30' would be a time before 2009 or after 2099; .*"),
        (
            [*cryptodatadownload()[:3], cryptodatadownload()[3].replace("ETH/", "BTC/")],
            r"prices.csv:4: prices of BTC/USDT, not of ETH; .*",
        ),
    ],
)
def test_what_cannot_be_used_is_refused_in_one_line(read, lines, message):
    """What was found, what is accepted, in which row."""
    with pytest.raises(PriceHistoryError, match=rf"^.*{message}$"):
        read(lines)


def test_an_asset_must_be_named_somewhere(read):
    """In the file's name or before it."""
    with pytest.raises(
        PriceHistoryError, match=r"of which asset\? .* write PRICES=ETH=.*prices.csv \(or ETH, BTC, USDT\)"
    ):
        read(kraken(), None)


def test_a_missing_file_is_refused(tmp_path):
    """With the system's reason."""
    with pytest.raises(PriceHistoryError, match=r"none\.csv: cannot be read: No such file or directory"):
        read_prices(tmp_path / "none.csv", "ETH", ASSETS)


def test_what_is_no_text_is_refused(tmp_path):
    """A picture, or a broken zip."""
    for name, message in (
        ("a.csv", "is no text; a CSV file is accepted"),
        ("a.zip", "cannot be read: File is not a zip"),
    ):
        (tmp_path / name).write_bytes(b"\xff\xfe\x00\x81")
        with pytest.raises(PriceHistoryError, match=message):
            read_prices(tmp_path / name, "ETH", ASSETS)


def test_a_zip_of_several_files_is_refused(tmp_path):
    """It does not say which."""
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a.csv", "")
        archive.writestr("b.csv", "")
    with pytest.raises(PriceHistoryError, match="2 files inside, one file of prices is accepted"):
        read_prices(path, "ETH", ASSETS)
