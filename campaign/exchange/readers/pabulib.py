"""Participatory budgets in the format of Pabulib: one text file with the sections META, PROJECTS and VOTES."""

from collections import Counter
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from flask_babel import lazy_gettext as _l

from campaign.exchange.readers.errors import BadFile
from campaign.exchange.readers.rows import Line, Row, header_of, lines_in, row_under, text_of
from campaign.text import squeeze

# Each section with the columns that it can't do without.
SECTIONS = {
    "META": ("key", "value"),
    "PROJECTS": ("project_id", "cost", "name"),
    "VOTES": ("voter_id", "vote"),
}


@dataclass(frozen=True, slots=True)
class Project:
    """What people could vote for. `votes` is the total that the file states, if it states one."""

    id: str
    name: str
    cost: Decimal
    category: str
    district: str
    votes: int | None


@dataclass(frozen=True, slots=True)
class Ballot:
    """The projects that one voter approved, in the order in which they stand."""

    voter: str
    approvals: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PabulibElection:
    """A whole file that holds together: every ballot is valid under its own rules."""

    meta: dict[str, str]
    projects: list[Project]
    ballots: list[Ballot]

    def tally(self) -> dict[str, int]:
        """The approvals of each project, counted from the ballots, also where there are none."""
        counted = Counter(project for ballot in self.ballots for project in ballot.approvals)
        return {project.id: counted[project.id] for project in self.projects}


def read(path: Path) -> PabulibElection:
    """Read and check a whole file, or raise BadFile with the first line that is wrong and why."""
    sections = _sections(text_of(path))
    meta = _meta(sections["META"])
    projects = _projects(sections["PROJECTS"])
    ballots = _ballots(sections["VOTES"], meta, {project.id for project in projects})
    _agree(meta, "num_projects", len(projects))
    _agree(meta, "num_votes", len(ballots))
    return PabulibElection({key: row.text("value") for key, row in meta.items()}, projects, ballots)


def _sections(text: str) -> dict[str, list[Row]]:
    found: dict[str, list[Line]] = {}
    current: list[Line] | None = None
    last = 1
    for line in lines_in(text, ";"):
        last = line.number
        name = line.cells[0].upper()
        if name in SECTIONS and not any(line.cells[1:]):
            if name in found:
                raise BadFile(line.number, _l("The section %(section)s is there twice.", section=name))
            # The line of the name stands first, so that a section without a header has a line to point to.
            current = found[name] = [line]
        elif current is None:
            raise BadFile(line.number, _l("The file must begin with the section META."))
        else:
            current.append(line)

    for name in SECTIONS:
        if name not in found:
            raise BadFile(last, _l("The section %(section)s is missing.", section=name))
    return {name: _rows(lines, name) for name, lines in found.items()}


def _rows(lines: list[Line], section: str) -> list[Row]:
    title, *rest = lines
    if not rest:
        raise BadFile(title.number, _l("The section %(section)s has no header line.", section=section))
    header = header_of(rest[0], SECTIONS[section])
    return [row_under(header, line) for line in rest[1:]]


def _meta(rows: list[Row]) -> dict[str, Row]:
    meta: dict[str, Row] = {}
    for row in rows:
        key = row.filled("key")
        if key in meta:
            raise row.refusal(_l("“%(key)s” is there twice.", key=key))
        meta[key] = row

    if "vote_type" not in meta:
        line = rows[-1].line if rows else 1
        raise BadFile(line, _l("META doesn’t say which kind of ballots these are: “vote_type” is missing."))
    kind = meta["vote_type"].text("value")
    if kind.casefold() != "approval":
        raise meta["vote_type"].refusal(
            _l("The ballots are of the kind “%(kind)s”. Only approval ballots can be imported.", kind=kind)
        )
    return meta


def _projects(rows: list[Row]) -> list[Project]:
    projects: dict[str, Project] = {}
    for row in rows:
        key = row.filled("project_id")
        if key in projects:
            raise row.refusal(_l("The project %(project)s is there twice.", project=key))
        # A name of invisible characters only is no name.
        if not (name := squeeze(row.filled("name"))):
            raise row.refusal(_l("The cell “%(column)s” is empty.", column="name"))
        projects[key] = Project(
            id=key,
            name=name,
            cost=row.cost("cost"),
            category=squeeze(row.text("category")),
            district=squeeze(row.text("district")),
            votes=row.count("votes"),
        )
    return list(projects.values())


def _ballots(rows: list[Row], meta: dict[str, Row], projects: set[str]) -> list[Ballot]:
    fewest, most = _limit(meta, "min_length"), _limit(meta, "max_length")
    ballots: dict[str, Ballot] = {}
    for row in rows:
        voter = row.filled("voter_id")
        if voter in ballots:
            raise row.refusal(_l("The voter %(voter)s is there twice.", voter=voter))
        ballots[voter] = Ballot(voter, _approvals(row, projects, fewest, most))
    return list(ballots.values())


def _approvals(row: Row, projects: set[str], fewest: int | None, most: int | None) -> tuple[str, ...]:
    text = row.text("vote")
    approvals = tuple(name.strip() for name in text.split(",")) if text else ()
    seen: set[str] = set()
    for project in approvals:
        if project not in projects:
            raise row.refusal(
                _l("The ballot names the project “%(project)s”, which isn’t in PROJECTS.", project=project)
            )
        if project in seen:
            raise row.refusal(_l("The ballot names the project %(project)s twice.", project=project))
        seen.add(project)

    if fewest is not None and len(approvals) < fewest:
        raise row.refusal(
            _l(
                "Projects on the ballot: %(found)s. The fewest allowed: %(limit)s.",
                found=len(approvals),
                limit=fewest,
            )
        )
    if most is not None and len(approvals) > most:
        raise row.refusal(
            _l(
                "Projects on the ballot: %(found)s. The most allowed: %(limit)s.",
                found=len(approvals),
                limit=most,
            )
        )
    return approvals


def _limit(meta: dict[str, Row], key: str) -> int | None:
    return meta[key].count("value") if key in meta else None


def _agree(meta: dict[str, Row], key: str, found: int) -> None:
    """Refuse a file that was cut short, or put together from two."""
    stated = _limit(meta, key)
    if stated is not None and stated != found:
        raise meta[key].refusal(
            _l(
                "%(key)s says %(stated)s, but there are %(found)s in the file.",
                key=key,
                stated=stated,
                found=found,
            )
        )
