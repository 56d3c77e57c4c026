"""Who may call what after the hand-over: every restricted function of every contract, its role, the role's delay.

Governor: everything that can loosen, after the timelock. Guardian: only what tightens, at once. Administrator: hands
out the roles, after the same timelock. Poster: prices of posted feeds, and volatility surfaces. Nobody else holds
anything, the deployer included.
"""

from enum import IntEnum
from typing import Final

__all__ = ["MATRIX", "Role"]


class Role(IntEnum):
    """Role ids of the access manager."""

    ADMINISTRATOR = 0
    GOVERNOR = 1
    GUARDIAN = 2
    POSTER = 3


MATRIX: Final[dict[str, dict[str, Role]]] = {
    "MarginVault": {
        "listAsset": Role.GOVERNOR,
        "configureAsset": Role.GOVERNOR,
        "setOutflowLimit": Role.GOVERNOR,
        "setRateModel": Role.GOVERNOR,
        "setModule": Role.GOVERNOR,
        "setRiskEngine": Role.GOVERNOR,
        "setInsuranceFund": Role.GOVERNOR,
        "unpauseRiskIncrease": Role.GOVERNOR,
        "disableDeposits": Role.GUARDIAN,
        "pauseRiskIncrease": Role.GUARDIAN,
    },
    "OracleAdapter": {
        "setFeed": Role.GOVERNOR,
        "setSequencerFeed": Role.GOVERNOR,
        "forceUncertain": Role.GUARDIAN,
        "forceHalt": Role.GUARDIAN,
    },
    "RatioSource": {
        "setRatio": Role.GOVERNOR,
        "checkpoint": Role.GOVERNOR,
    },
    "PostedFeed": {
        "post": Role.POSTER,
    },
    "VolatilitySurface": {
        "setOptionParams": Role.GOVERNOR,
        "removeSlice": Role.GOVERNOR,
        "forceUncertain": Role.GUARDIAN,
        "post": Role.POSTER,
    },
    "Clearinghouse": {
        "setModules": Role.GOVERNOR,
        "setOracles": Role.GOVERNOR,
        "list": Role.GOVERNOR,
        "configureInstrument": Role.GOVERNOR,
        "setReduceOnly": Role.GUARDIAN,
    },
    "RiskParameters": {
        "setParameters": Role.GOVERNOR,
        "setVolatilitySource": Role.GOVERNOR,
    },
    "VolatilityForecaster": {
        "setBreaker": Role.GOVERNOR,
        "setRules": Role.GOVERNOR,
        "installForest": Role.GOVERNOR,
        "removeForest": Role.GUARDIAN,
    },
    "RiskSteward": {
        "setRule": Role.GOVERNOR,
    },
    "Exchange": {
        "setRules": Role.GOVERNOR,
    },
    "LiquidationAuction": {
        "setParams": Role.GOVERNOR,
    },
    "InsuranceFund": {
        "setCooldown": Role.GOVERNOR,
    },
    "CollateralHub": {
        "setTransport": Role.GOVERNOR,
        "setSpoke": Role.GOVERNOR,
        "setRoute": Role.GOVERNOR,
        "unpauseRoute": Role.GOVERNOR,
        "revive": Role.GOVERNOR,
        "acknowledge": Role.GOVERNOR,
        "settleExit": Role.GOVERNOR,
        "forget": Role.GOVERNOR,
        "pauseRoute": Role.GUARDIAN,
    },
    "CollateralSpoke": {
        "setTransport": Role.GOVERNOR,
        "setToken": Role.GOVERNOR,
        "setBeatsRequired": Role.GOVERNOR,
        "setProver": Role.GOVERNOR,
        "exitFor": Role.GOVERNOR,
        "resume": Role.GOVERNOR,
        "cancelRedemption": Role.GOVERNOR,
        "settleRedemption": Role.GOVERNOR,
        "unpause": Role.GOVERNOR,
        "pause": Role.GUARDIAN,
    },
    "AttestationTransport": {
        "setSigners": Role.GOVERNOR,
        "setCounterpart": Role.GOVERNOR,
    },
    "HyperlaneTransport": {
        "setModule": Role.GOVERNOR,
        "setCounterpart": Role.GOVERNOR,
    },
    "ValidatorModule": {
        "setValidators": Role.GOVERNOR,
        "unpause": Role.GOVERNOR,
        "pause": Role.GUARDIAN,
    },
}
