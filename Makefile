.DEFAULT_GOAL := help
.PHONY: help demo test build check bench fuzz dashboards

help: ## this list
	@sed -n 's/^\([a-z]*\):.*## /  make \1\t/p' Makefile | expand -t 16

demo: ## sets up, builds, runs the demo until Ctrl-C; ARGS="--duration 20" ends by itself
	@.ci/demo.sh $(ARGS)

test: ## sets up, builds, runs every test; ARGS go to the test runner
	@.ci/test.sh $(ARGS)

build: ## leaves the program at artifacts/spanmetrics/spanmetrics
	@.ci/build.sh

check: ## format, scripts, budgets, the shipped configurations and rules
	@.ci/check.sh

bench: ## the ceilings as a table; ARGS: curves, scrapes, allocations, budgets, or --filter for BenchmarkDotNet
	@dotnet run -c Release --project perf -- $(ARGS)

fuzz: ## bad records until a decoder differs; ARGS="--count 10000000", "--seconds 60", "--seed 7", "--signal logs"
	@dotnet run -c Release --project tests/Fuzz -- $(ARGS)

dashboards: ## dashboards/NAME.json of each NAME.yml
	@dotnet run -c Release --project tests/Dashboards -- dashboards
