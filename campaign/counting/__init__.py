"""The counting rules: plain ballots in, an outcome with its reasons out.

Nothing here knows the web, the database or a slice: only Python's standard library is imported, so that a recount
outside of the product runs the same lines. Numbers are int and Fraction, never rounded. The one exception is `duels`, which
estimates, and says how sure it is.

Read `ballots.py` (what people cast), `outcomes.py` (what a count answers), `ties.py` (the one rule for ties), then any
rule: each is one file with one function. `docs/counting.md` says in plain words what each does, and where it comes from.
"""
