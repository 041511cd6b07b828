# Two commands do all: `make demo` and `make test`. `make help` lists the rest.
CARGO ?= cargo
NPM ?= npm
DEMO_ARCHIVE ?= target/demo.sqlite

.PHONY: help demo test pictures build explorer lint check-tools check-npm install clean

help:
	@echo 'make demo     build, read the sample reports, open the explorer on them'
	@echo 'make test     run every test'
	@echo 'make pictures  make the README'"'"'s pictures of the explorer (needs Chromium)'
	@echo 'make build    the dyad command, in target/release/dyad'
	@echo 'make install  put dyad into cargo'"'"'s bin folder'
	@echo 'make lint     what CI checks beside the tests'

demo: build
	./target/release/dyad demo samples --archive $(DEMO_ARCHIVE)

build: check-tools explorer
	$(CARGO) build --release --package dyad-cli

install: check-tools explorer
	$(CARGO) install --path crates/dyad-cli

test: check-tools explorer
	$(CARGO) test --workspace
	cd explorer && $(NPM) test
	cd explorer && DYAD=../target/debug/dyad $(NPM) run browser

# The README's pictures, made by the tests that drive the pages.
pictures: build
	cd explorer && DYAD=../target/release/dyad PICTURES=../docs/pictures $(NPM) run browser

lint: check-tools explorer
	$(CARGO) fmt --all --check
	$(CARGO) clippy --workspace --all-targets -- -D warnings

# The pages are built once and again only when one of their sources is newer.
explorer: explorer/dist/index.html

explorer/dist/index.html: explorer/package-lock.json $(shell find explorer/src explorer/index.html -type f 2>/dev/null) | check-npm
	cd explorer && $(NPM) ci --no-fund --no-audit && $(NPM) run build

check-tools:
	@sh scripts/doctor.sh cargo cc

check-npm:
	@sh scripts/doctor.sh node npm

clean:
	$(CARGO) clean
	rm -rf explorer/dist explorer/node_modules
