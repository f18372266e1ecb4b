"""The log: a line for each event, and where something broke a traceback, without the values of variables, which may be secret."""

import structlog


def begin_logs() -> None:
    """Write it plainly, whatever else is installed: with rich there, structlog would lay out every variable of every frame."""
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper("%Y-%m-%d %H:%M:%S", utc=False),
            structlog.dev.set_exc_info,
            structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback),
        ]
    )
