"""Deployment of a venue or a spoke: a plan of steps that deploy, configure and verify alike."""

from crossmargin.deployment.artifacts import Artifact, Artifacts
from crossmargin.deployment.config import NetworkConfig
from crossmargin.deployment.deployer import Deployer, open_record
from crossmargin.deployment.plan import plan
from crossmargin.deployment.spoke_config import SpokeConfig
from crossmargin.deployment.steps import Context, Create, Kind, Setting, SpokeContext, Step, VenueContext
from crossmargin.deployment.target import Chain

__all__ = [
    "Artifact",
    "Artifacts",
    "Chain",
    "Context",
    "Create",
    "Deployer",
    "Kind",
    "NetworkConfig",
    "Setting",
    "SpokeConfig",
    "SpokeContext",
    "Step",
    "VenueContext",
    "open_record",
    "plan",
]
