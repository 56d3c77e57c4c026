"""What every deployment has, of a venue or of a spoke: its network, and who governs it."""

from typing import Self

from pydantic import ValidationError

from crossmargin.chain.units import ChainId
from crossmargin.deployment.fields import Settings, checksummed
from crossmargin.deployment.governance import GovernanceSettings
from crossmargin.errors import NetworkConfigError
from crossmargin.model.units import Seconds

__all__ = ["Governed"]


class Governed(Settings):
    """A network, and the holders of roles on it."""

    network: str
    chain_id: ChainId
    governance: GovernanceSettings

    def with_roles(
        self,
        governor: str | None = None,
        guardian: str | None = None,
        poster: str | None = None,
        second_guardian: str | None = None,
    ) -> Self:
        """Copy with the holders of roles that are given."""
        named = {"governor": governor, "guardian": guardian, "poster": poster, "second_guardian": second_guardian}
        given = {}
        for name, value in named.items():
            if value:
                try:
                    given[name] = checksummed(value)
                except ValueError as error:
                    raise NetworkConfigError(f"--{name.replace('_', '-')} {error}") from error
        try:
            governance = GovernanceSettings.model_validate(self.governance.model_dump() | given)
        except ValidationError as error:
            raise NetworkConfigError(
                f"{self.network}: {error.errors()[0]['msg'].removeprefix('Value error, ')}"
            ) from error
        return self.model_copy(update={"governance": governance})

    @property
    def named_roles(self) -> dict[str, str]:
        """Who is named for which role."""
        roles = ("governor", "guardian", "second_guardian", "poster")
        return {role: address for role in roles if (address := getattr(self.governance, role))}

    @property
    def governor(self) -> str:
        """The governor, who must be named somewhere."""
        if self.governance.governor is None:
            raise NetworkConfigError(f"{self.network}: no governor in the configuration or the options")
        return self.governance.governor

    @property
    def guardian(self) -> str:
        """The guardian, who must be named somewhere."""
        if self.governance.guardian is None:
            raise NetworkConfigError(f"{self.network}: no guardian in the configuration or the options")
        return self.governance.guardian

    @property
    def guardians(self) -> tuple[str, ...]:
        """Every guardian, of whom one must be named somewhere."""
        second = self.governance.second_guardian
        return (self.guardian,) if second is None else (self.guardian, second)

    @property
    def minimum_delay(self) -> Seconds:
        """Shortest delay that can ever be granted [s]."""
        return self.governance.minimum_delay or self.governance.delay
