"""Switching the simulated participants on and off."""

from datetime import timedelta

from campaign.campaigns.models import Campaign
from campaign.clock import now
from campaign.demo.models import Simulation
from campaign.extensions import db
from campaign.live import announce

LASTS = timedelta(minutes=10)


def begin_simulation(campaign: Campaign) -> Simulation:
    """Let the simulated participants take part for the next minutes. Begun again, it lasts from then on."""
    simulation = db.session.merge(Simulation(campaign_id=campaign.id, until=now() + LASTS))
    announce(campaign.board, "campaign.simulated")
    return simulation


def end_simulation(campaign: Campaign) -> None:
    """Send the simulated participants home. What they gave stays. Ended already, nothing happens."""
    over = db.delete(Simulation).where(Simulation.campaign_id == campaign.id).returning(Simulation.campaign_id)
    if db.session.scalar(over) is not None:
        announce(campaign.board, "campaign.left_alone")


def simulation_on(campaign: Campaign) -> Simulation | None:
    """The simulation that moves this campaign's board now, for the board to say so."""
    found = db.select(Simulation).where(Simulation.campaign_id == campaign.id, Simulation.until > now())
    return db.session.scalar(found)
