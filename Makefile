# Ensemble in commands. `make run` and `make test` need nothing prepared beyond Python 3.11 (or newer) and make.
.PHONY: run test check oracles bench soak lock translations clean

PYTEST = .venv/bin/python -m pytest --numprocesses=auto --dist=worksteal --database=sqlite,postgresql
LOCK = .venv/bin/python -m uv --quiet pip compile --upgrade --universal --python-version=3.11 \
	--generate-hashes --no-emit-index-url --no-annotate --custom-compile-command="make lock"

# Serve with a demo campaign: make run, make run PORT=8000
run:
	@deploy/set-up run
	@exec .venv/bin/campaign serve --demo

# Every test on both databases: make test, make test ARGS="-k voting". REQUIRE_ALL=1 lets nothing be skipped.
test:
	@deploy/set-up test
	@$(PYTEST) $(ARGS)

# Format, lint, types, imports between slices, migrations, translations, templates, locks.
check:
	@deploy/set-up test
	.venv/bin/python -m ruff format --check --output-format=concise --quiet .
	.venv/bin/python -m ruff check --output-format=concise --quiet .
	.venv/bin/python -m mypy
	.venv/bin/lint-imports
	$(PYTEST) tests/tooling

# Every counting rule against the field's reference libraries, on random elections and, with DATA=folder, on real ones.
# They are heavy, and come into an environment of their own.
oracles:
	@deploy/set-up oracles
	@DATA="$(DATA)" .oracles/bin/python -m pytest --confcutdir=tests/oracles tests/oracles -v $(ARGS)

# What the live engine does beside its peers, in one run: make bench, make bench ARGS="fanout votes". Needs Node, and a compiler
# for one of the peers; takes about a quarter of an hour, and the machine for itself.
bench:
	@deploy/set-up test
	@cd bench && PATH="$$PATH:$$PWD/../.venv/bin" npm ci --silent
	@.venv/bin/python -m bench $(ARGS)

# The long tests of promises, on both databases: the server is killed twenty times; two processes count the same votes for half a minute.
soak:
	@deploy/set-up test
	KILLS=20 TOGETHER=30 EXAMPLES=30 $(PYTEST) -rP tests/live/test_killing.py tests/live/test_resuming.py

# Newest versions within pyproject.toml and package.json.
lock:
	@deploy/set-up test
	@.venv/bin/python -m pip install --quiet uv
	$(LOCK) pyproject.toml --group=build --output-file=requirements.lock
	$(LOCK) pyproject.toml --group=build --extra=test --extra=check --extra=bench --constraint=requirements.lock \
		--output-file=requirements-dev.lock
	$(LOCK) --group=node --output-file=requirements-node.lock
	$(LOCK) pyproject.toml --group=oracles --constraint=requirements-dev.lock --output-file=requirements-oracles.lock
	PATH="$$PATH:$$PWD/.venv/bin" npm update --package-lock-only --ignore-scripts

# Collect the sentences of code and templates, bring them to each language's file, compile.
translations:
	@deploy/set-up test
	@.venv/bin/python deploy/translations.py

# What set-up and tools made. instance/, with the data, stays.
clean:
	rm -rf .venv .oracles node_modules static/vendor build dist *.egg-info .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis
	find . -name __pycache__ -prune -exec rm -rf {} +
	rm -f campaign/translations/*/LC_MESSAGES/*.mo
