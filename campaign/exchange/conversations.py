"""A conversation gathered with Polis: its statements as ideas, its agreements as votes."""

from collections import Counter

from flask_babel import force_locale
from flask_babel import gettext as _

from campaign.exchange.ballots import Act, Ballot, Election, act_id
from campaign.exchange.opening import NewCampaign, check, open_campaign
from campaign.exchange.readers.polis import Conversation, Statement
from campaign.exchange.writing import (
    NAME,
    TITLE,
    Entry,
    Imported,
    Progress,
    made_up_address,
    nobody_counts,
    own_person,
    people_with,
    put,
    refuse_long_keys,
    shorten,
)
from campaign.text import squeeze


def import_polis(conversation: Conversation, wanted: NewCampaign, progress: Progress = nobody_counts) -> Imported:
    """Make a campaign of a conversation: the statements that were shown become ideas, each author stays a number."""
    check(wanted)
    shown = [statement for statement in conversation.statements if not statement.rejected]
    refuse_long_keys((polis_key(statement.id), statement.id) for statement in shown)
    topic = squeeze(conversation.topic)
    with force_locale(wanted.language):
        brief = "\n\n".join(filter(None, (conversation.description, conversation.url))) or topic
        publisher = own_person(wanted.slug, wanted.language, shorten(topic, NAME))
        names = {
            made_up_address("participant", statement.author, wanted.slug): _(
                "Participant %(number)s", number=statement.author
            )
            for statement in shown
        }
    people = people_with(names, wanted.language)
    campaign = open_campaign(wanted, wanted.title or topic, brief, [], publisher)

    def entry(statement: Statement) -> Entry:
        title = shorten(squeeze(statement.text), TITLE)
        return Entry(
            key=polis_key(statement.id),
            title=title,
            text="" if title == squeeze(statement.text) else statement.text,
            author=people[made_up_address("participant", statement.author, wanted.slug)],
            language=wanted.language,
            at=statement.at,
        )

    return put(campaign, [entry(statement) for statement in shown], progress)


def polis_ballots(conversation: Conversation, slug: str) -> Election:
    """Each agreement of a conversation as a vote, in the order of their times.

    Who agreed and then disagrees or passes takes the vote back. A statement that was never shown has no idea, so its
    votes are left out.
    """
    shown = {statement.id for statement in conversation.statements if not statement.rejected}
    times: Counter[tuple[str, str]] = Counter()
    agreeing: set[tuple[str, str]] = set()
    ballots = []
    for vote in conversation.votes:
        pair = (vote.voter, vote.statement)
        agrees = vote.choice == "agree"
        if vote.statement not in shown or agrees == (pair in agreeing):
            continue
        (agreeing.add if agrees else agreeing.remove)(pair)
        times[pair] += 1
        id = act_id(slug, vote.voter, vote.statement, times[pair])
        event = "vote.cast" if agrees else "vote.withdraw"
        ballots.append(Ballot(vote.voter, (Act(event, polis_key(vote.statement), id),)))
    totals = Counter(statement for _voter, statement in agreeing)
    return Election(ballots, {polis_key(statement): totals[statement] for statement in shown})


def polis_key(statement: str) -> str:
    """The idea's key for a statement: the same in the import and in the replay, so that votes find it."""
    return f"polis-{statement}"
