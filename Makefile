# What to type. The work is done by scripts/, which say at their top what they do.
# CARGO_TARGET_DIR moves the build results; without it they are in target/.

.PHONY: help demo test dev build release lint fmt fuzz kill bench screenshots setup

help: ## this list
	@awk -F':.*## ' '/^[a-z]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

demo: ## set up, build, and serve the console on http://127.0.0.1:3000 with a stand-in upstream
	@scripts/demo

test: ## set up what tests need, and pass all of them: format, lints, both databases, browser
	@scripts/test

dev: ## serve on http://127.0.0.1:3000, built again after every change
	@scripts/dev

build: ## debug binaries and site
	@scripts/setup build && scripts/build dev

release: ## one optimised binary with the site inside
	@scripts/setup release && scripts/build release

lint: ## clippy on the server's and the browser's face
	@scripts/lint

fmt: ## format all Rust code
	@cargo fmt --all

fuzz: ## call every route with made-up values for half an hour, and compare the answers with the OpenAPI document
	@scripts/build dev && scripts/fuzz long

kill: ## kill the server at random moments under load, 200 times on each database, and check that nothing is lost
	@scripts/kill

bench: ## measure: submit and drain tasks on SQLite and PostgreSQL, beside the raw limits of the machine
	@scripts/bench

screenshots: ## a picture of every page: zh and en, light and dark, wide and narrow
	@scripts/screenshots

setup: ## install what building and testing need, if it is missing
	@scripts/setup
