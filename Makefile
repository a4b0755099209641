# Everything a person does with Tongbao. `make help` explains each line.
# The recipes live in scripts/: one small file each, that also runs without make.

SHELL := /bin/bash
.DEFAULT_GOAL := help
.PHONY: help run check test test-long lint generate verify bench chaos build release lighthouse screenshots clean

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: ## start the bank with demo data, apps inside (TLS=1 for phones on the same network)
	@exec scripts/run

check: ## what must be true before a commit: format, lint, vet, tests, generated files fresh
	@scripts/check

test: ## everything, on both databases and in a real browser, with seconds per part (PARTS="go web e2e" for some)
	@scripts/test

test-long: ## the longer forms: race detector, fuzzing, long simulations and chaos
	@scripts/test-long

lint: ## style and mistakes: golangci-lint when installed (else go vet), and the web linters
	@scripts/lint

generate: ## write the generated files again: go generate, pictures in docs, web API client
	@scripts/generate

verify: ## recompute the books of the demo bank and name the first breach (DATA=folder KEYS=folder for another)
	@scripts/verify

bench: ## load whole banks on both databases, verify them, write docs/performance.md (BENCH=regexp for Go benchmarks)
	@scripts/bench

chaos: ## simulated bank days against a model, and faults thrown at a running bank
	@scripts/chaos

build: ## bin/tongbao with both apps inside
	@scripts/build

release: ## dist/: archives for every platform, with checksums
	@scripts/release

lighthouse: ## measure the customer app on a throttled phone: performance >= 95, accessibility 100, script <= 150 kB
	@scripts/lighthouse

screenshots: ## pictures of the main screens, light and dark, in test/e2e/shots
	@scripts/screenshots

clean: ## remove what was built (never ./data)
	@rm -rf bin dist .cache web/mobile/dist web/console/dist test/e2e/shots test/e2e/report
