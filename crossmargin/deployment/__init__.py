"""Deployment of a venue: a plan of steps that deploy, configure and verify alike."""

from crossmargin.deployment.artifacts import Artifact, Artifacts
from crossmargin.deployment.config import NetworkConfig
from crossmargin.deployment.deployer import Deployer, open_record
from crossmargin.deployment.plan import plan
from crossmargin.deployment.steps import Create, Kind, Setting, Step, VenueContext
from crossmargin.deployment.target import Chain

__all__ = [
    "Artifact",
    "Artifacts",
    "Chain",
    "Create",
    "Deployer",
    "Kind",
    "NetworkConfig",
    "Setting",
    "Step",
    "VenueContext",
    "open_record",
    "plan",
]
