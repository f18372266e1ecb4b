"""Ensemble: a server for participatory marketing and co-creation campaigns, with live boards."""

from flask import Flask
from gevent import monkey
from werkzeug.middleware.proxy_fix import ProxyFix

# Slices are imported here, at the top: socket handlers must be known before the first init_app, or a second app in the
# same process would lack them.
import campaign.accounts.views
import campaign.amendments.views
import campaign.answers.views
import campaign.board.brand_home
import campaign.board.incentives
import campaign.board.live
import campaign.board.mine
import campaign.board.views
import campaign.brands.views
import campaign.campaigns.naming_views
import campaign.campaigns.team
import campaign.campaigns.views
import campaign.coauthors.views
import campaign.demo.views
import campaign.documents
import campaign.doubts.looking
import campaign.doubts.views
import campaign.endorsements.views
import campaign.exposure.views
import campaign.feedback.giving_views
import campaign.feedback.readiness
import campaign.feedback.views
import campaign.files
import campaign.history
import campaign.ideas.following_views
import campaign.ideas.guest_views
import campaign.ideas.views
import campaign.images
import campaign.ladder.keeping
import campaign.ladder.views
import campaign.ledger.views
import campaign.merging.telling
import campaign.merging.views
import campaign.methods.counting_later
import campaign.methods.leaving
import campaign.methods.readiness
import campaign.methods.telling_versions
import campaign.methods.version_views
import campaign.methods.views
import campaign.moderation.views
import campaign.pages
import campaign.promotion.views
import campaign.reasons.views
import campaign.represented.views
import campaign.statuses.views
import campaign.styleguide
import campaign.verifications.views
import campaign.votes.asking_again
import campaign.votes.live
import campaign.votes.views
from campaign import addresses, assets, bodies, database, errors, headers, languages, leftovers, mail, rendering, text
from campaign.campaigns import turning
from campaign.campaigns.setup import IMAGES_MOST
from campaign.exposure import tally
from campaign.extensions import babel, csrf, db, limiter, login, migrate, socketio
from campaign.ideas.attaching import DOCUMENTS_MAX
from campaign.ladder import keeping
from campaign.ledger import appending
from campaign.live import boards, bus, engine, presence
from campaign.live.sockets import take_quick_events
from campaign.logs import begin_logs
from campaign.settings import ROOT, Settings
from campaign.statuses import qualifying
from campaign.templating import Environment
from campaign.votes import marks, networks

SLICES = (
    campaign.pages,
    campaign.files,
    campaign.accounts.views,
    campaign.brands.views,
    campaign.campaigns.views,
    campaign.campaigns.team,
    campaign.verifications.views,
    campaign.campaigns.naming_views,
    campaign.ideas.views,
    campaign.ideas.following_views,
    campaign.statuses.views,
    campaign.ladder.views,
    campaign.votes.views,
    campaign.methods.views,
    campaign.methods.version_views,
    campaign.ledger.views,
    campaign.exposure.views,
    campaign.doubts.views,
    campaign.feedback.views,
    campaign.answers.views,
    campaign.amendments.views,
    campaign.represented.views,
    campaign.endorsements.views,
    campaign.reasons.views,
    campaign.coauthors.views,
    campaign.merging.views,
    campaign.moderation.views,
    campaign.promotion.views,
    campaign.board.views,
    campaign.board.brand_home,
    campaign.board.incentives,
    campaign.board.mine,
    campaign.demo.views,
    campaign.styleguide,
)


def create_app(settings: Settings | None = None, serving: bool = False) -> Flask:
    """Build the application. Without settings, they are read from the environment.

    `serving`: it answers browsers, and keeps time for them; a command leaves that to the server.
    """
    begin_logs()
    settings = settings or Settings.from_environment()
    settings.instance.mkdir(parents=True, exist_ok=True)
    app = Flask(__name__, static_folder=str(ROOT / "static"), template_folder=str(ROOT / "templates"))
    app.jinja_environment = Environment
    app.extensions["settings"] = settings
    addresses.register(app)
    configure(app, settings)
    extend(app, settings)
    for slice in SLICES:
        app.register_blueprint(slice.bp)
    if serving:
        stay(app)
        socketio.start_background_task(turning.keep_time, app)
        socketio.start_background_task(leftovers.keep_sweeping, app)
        socketio.start_background_task(appending.keep_appending, app)
        socketio.start_background_task(tally.keep_writing, app)
        socketio.start_background_task(networks.keep_writing, app)
        socketio.start_background_task(qualifying.keep_marking, app)
        socketio.start_background_task(keeping.keep_climbing, app)
    return app


def stay(app: Flask) -> None:
    """For a process that stays, as the server and the worker do: hear the others, and take up mail that waits."""
    given = app.extensions["settings"]
    if given.redis_url:
        bus.listen(given.redis_url)
        socketio.start_background_task(presence.keep_telling)
    if given.mail_url or given.sms_url:
        socketio.start_background_task(mail.keep_sending, app)


def configure(app: Flask, settings: Settings) -> None:
    """Settings as Flask and its extensions want to read them. Ours are read by `settings.current()`."""
    sqlite = settings.database.startswith("sqlite")
    app.config.update(
        SECRET_KEY=settings.secret(),
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SECURE=settings.address.startswith("https://"),
        PERMANENT_SESSION_LIFETIME=60 * 24 * 3600,
        # An idea with all its pictures and documents, and some room.
        MAX_CONTENT_LENGTH=IMAGES_MOST * campaign.images.LARGEST_FILE
        + (DOCUMENTS_MAX + 1) * campaign.documents.LARGEST_FILE,
        MAX_FORM_MEMORY_SIZE=bodies.TEXT_MAX,
        WTF_CSRF_TIME_LIMIT=None,  # As long as the session: a page may stay open over lunch.
        SQLALCHEMY_DATABASE_URI=settings.database,
        # What a statement was given is somebody's address or words, and no business of the log.
        SQLALCHEMY_ENGINE_OPTIONS={"hide_parameters": True}
        | (
            {"pool_size": 32, "max_overflow": 32}
            if sqlite
            else {"pool_size": 10, "max_overflow": 20, "pool_pre_ping": True}
        ),
        RATELIMIT_ENABLED=True,
        RATELIMIT_STORAGE_URI=settings.redis_url.replace("unix://", "redis+unix://", 1) or "memory://",
    )


def extend(app: Flask, settings: Settings) -> None:
    """Bind the extensions, and what concerns every slice."""
    db.init_app(app)
    with app.app_context():
        database.prepare(db.engine)
    marks.register(app, settings)
    migrate.init_app(app, db, directory=str(ROOT / "campaign" / "migrations"), render_as_batch=True)
    bodies.register(app)  # Before anything reads a form.
    csrf.init_app(app)
    limiter.init_app(app)
    limiter.enabled = (
        False  # What is limited is counted where it is done. There is nothing to look for in each request.
    )
    login.init_app(app)
    languages.register(app, babel)
    headers.register(app)
    assets.register(app)
    errors.register(app)
    app.add_template_filter(rendering.markdown)
    app.add_template_filter(text.plain)
    app.add_template_filter(text.unbroken)
    app.add_template_filter(text.unlinked)
    streaming = monkey.is_module_patched("socket")
    socketio.init_app(app, async_mode="gevent" if streaming else "threading", async_handlers=False)
    if streaming:
        # The longest event that we understand has some hundred bytes.
        take_quick_events(engine.install(socketio, cors_allowed_origins=None, max_http_buffer_size=64 * 1024))
    bus.register(settings.redis_url)
    boards.register(app, settings.tick)
    if settings.proxies:
        app.wsgi_app = ProxyFix(app.wsgi_app, settings.proxies, settings.proxies, settings.proxies)  # type: ignore[method-assign]
    else:
        app.wsgi_app = headers.unforwarded(app.wsgi_app)  # type: ignore[method-assign]
    app.wsgi_app = bodies.in_time(app.wsgi_app)  # type: ignore[method-assign]
    app.wsgi_app = headers.bounded(app.wsgi_app)  # type: ignore[method-assign]
