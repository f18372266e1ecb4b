"""Votes that look as if no people stood behind them: set aside with a reason, until a person decides."""
