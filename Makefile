# Every command that anybody needs. `make help` lists them.

PYTHON = .venv/bin/python
TOOLS = book/_tools

.DEFAULT_GOAL := help
.PHONY: help environment book test lab serve notebooks screenshot lint format bench torch-reference clean

help: ## list these commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-16s %s\n", $$1, $$2 }' Makefile

environment: ## make or refresh .venv (every command below does it by itself)
	@bootstrap="$${BOOTSTRAP_PYTHON:-$$(sh $(TOOLS)/find_python.sh)}" && \
	  "$$bootstrap" $(TOOLS)/environment.py

book: environment ## build the book into _build/html
	@$(PYTHON) $(TOOLS)/build.py

test: book ## run every test: units, notebooks, the built book in a browser, style
	@$(PYTHON) -m pytest -n 2 --dist loadfile --nbval \
	  --nbval-sanitize-with tests/nbval_sanitize.cfg tests src/helpers book
	@$(MAKE) --no-print-directory lint

lab: environment ## open the notebooks in JupyterLab
	@.venv/bin/jupyter lab book

serve: book ## serve the built book at http://127.0.0.1:8000
	@echo "http://127.0.0.1:8000/index.html (Ctrl-C stops it)"
	@$(PYTHON) -m http.server 8000 --bind 127.0.0.1 --directory _build/html

notebooks: environment ## execute the notebooks and write them as they are committed
	@$(PYTHON) $(TOOLS)/notebooks.py

screenshot: book ## take the README's picture anew
	@$(PYTHON) tests/tools/screenshot.py \
	  "03_descent_in_two_dimensions.html#bowl?learning_rate=0.17" .github/screenshot.png

lint: environment ## look for mistakes of style
	@.venv/bin/ruff check
	@.venv/bin/ruff format --check

format: environment ## put the style right
	@.venv/bin/ruff check --fix
	@.venv/bin/ruff format

bench: book ## measure everything that the design promises
	@$(PYTHON) tests/bench/run.py

torch-reference: environment ## compare the stored torch trajectories with an installed torch
	@$(PYTHON) tests/reference/make_torch_trajectories.py --compare

clean: ## remove what was built (not the environment)
	@rm -rf _build .pytest_cache .ruff_cache
	@find book src tests -type d -name __pycache__ -prune -exec rm -rf {} +
