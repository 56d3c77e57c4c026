"""Deployment of a venue: a plan of steps that deploy, configure and verify alike."""

from crossmargin.deployment.artifacts import Artifact, Artifacts
from crossmargin.deployment.chain import Chain, LocalSender, Sender
from crossmargin.deployment.config import NetworkConfig
from crossmargin.deployment.deployer import Deployer, open_record
from crossmargin.deployment.plan import plan
from crossmargin.deployment.record import DeploymentRecord
from crossmargin.deployment.steps import Create, Kind, Setting, Step, VenueContext

__all__ = [
    "Artifact",
    "Artifacts",
    "Chain",
    "Create",
    "Deployer",
    "DeploymentRecord",
    "Kind",
    "LocalSender",
    "NetworkConfig",
    "Sender",
    "Setting",
    "Step",
    "VenueContext",
    "open_record",
    "plan",
]
