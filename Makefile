# Two commands: `make demo` and `make test`. Everything they need is set up on the way.

.PHONY: demo test build bench setup check programs docs
.DEFAULT_GOAL := demo

# Where the demo keeps its bank; remove the folder to begin anew.
export XITAI_DATA ?= data
# Programs share one folder, so that the standard library for wasm is compiled once.
export XITAI_WASM_TARGET ?= $(CURDIR)/target/wasm
export PATH := $(HOME)/.cargo/bin:$(PATH)
# The product's tests work about as much as they wait, for servers, pages and dead times: one more than processors.
export RUST_TEST_THREADS ?= $(shell expr 1 + "$$(getconf _NPROCESSORS_ONLN)")

# The same features in each command: a newcomer compiles the sandbox once.
BINARY = --workspace --bins

demo:
	@./scripts/setup.sh demo
	cargo build $(BINARY)
	@./target/debug/xitai demo

setup:
	@./scripts/setup.sh test

test: setup check
	cargo build $(BINARY)
	cargo test --workspace
	@$(MAKE) --no-print-directory programs

check:
	cargo fmt --all -- --check
	cargo clippy --workspace --all-targets -- -D warnings

# What authors run on their own machine: the SDK's tests and each program's. A warning of the SDK would stand in each
# author's terminal, so that it may have none.
programs:
	CARGO_TARGET_DIR="$(CURDIR)/target/programs" cargo clippy --quiet --manifest-path sdk/rust/Cargo.toml -- -D warnings
	CARGO_TARGET_DIR="$(CURDIR)/target/programs" RUSTDOCFLAGS="-D warnings" \
		cargo doc --quiet --no-deps --manifest-path sdk/rust/Cargo.toml
	cd sdk/js && npm pack --dry-run > /dev/null 2>&1
	@for manifest in sdk/rust/Cargo.toml mini-programs/*/Cargo.toml; do \
		if [ -f "$$manifest" ]; then \
			echo "cargo test: $$manifest" && \
			CARGO_TARGET_DIR="$(CURDIR)/target/programs" cargo test --quiet --manifest-path "$$manifest" || exit 1; \
		fi; \
	done
	cd sdk/js && npm test
	cd sdk/embed && npm test
	cd sdk/native-client && npm ci --no-audit --no-fund && npm test
	cd sdk/python && python3 -B -m unittest discover -s tests
	cd mini-programs/utility-bill && python3 -B tests/test_program.py
	@for program in branch-queue-js dining; do \
		(cd "mini-programs/$$program" && npm install --no-save --no-audit --no-fund && npm test) || exit 1; \
	done

# The documentation as a site, to be opened at target/docs/index.html.
docs:
	@./scripts/setup.sh docs
	cargo build $(BINARY)
	@./scripts/site.sh target/debug/xitai target/site
	@./target/tools/bin/mdbook build target/site

build:
	@./scripts/setup.sh demo
	cargo build --release $(BINARY)

bench: build
	./target/release/xitai bench
