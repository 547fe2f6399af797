# make demo   build, run the disk report on this machine, show where to look
# make test   install what the tests need (as root) and run them all
# make soak   all that is random, for MINUTES=10: simulations, failing disks, kills
# make bench  measure, against the limits of this machine; NAME=chain_1 for one
# make deb    a Debian package of the release; VERSION=... for another number,
#             MAINTAINER="Name <mail>" for another than the first author in Cargo.toml
# make tarball  one that runs from any directory
# make check  format, lints, dependency policy
# make help   this list

CARGO ?= cargo
# the tests' real servers, as Debian packages and the programs they bring
PACKAGES = nginx-light curl openssl openssh-server openssh-client systemd man-db groff-base mandoc zsh fish
PROGRAMS = /usr/sbin/nginx /usr/bin/curl /usr/bin/openssl /usr/sbin/sshd /usr/bin/ssh \
	/usr/bin/systemd-analyze /usr/bin/man /usr/bin/groff /usr/bin/mandoc /usr/bin/zsh \
	/usr/bin/fish

.PHONY: help demo build release test soak deps check bench man deb tarball fixture clean

help:
	@sed -n 's/^# \(make .*\)/\1/p' Makefile

# with the places at which the tests kill the daemon; a release has none
build:
	$(CARGO) build --workspace --features rpad/failpoints

release:
	$(CARGO) build --workspace --release

demo: build
	@KEEP=$(KEEP) sh config/examples/demo.sh

deps:
	@missing=; for p in $(PROGRAMS); do [ -x $$p ] || missing=yes; done; \
	if [ -n "$$missing" ]; then \
	  if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	    apt-get update -q && DEBIAN_FRONTEND=noninteractive apt-get install -qy --no-install-recommends $(PACKAGES); \
	  else \
	    echo "the tests need: $(PACKAGES) (as root: apt-get install $(PACKAGES))" >&2; exit 1; \
	  fi; \
	fi

# the end-to-end tests start the binaries that this builds; one failing suite
# does not keep the others from being told
test: deps build
	$(CARGO) test --workspace --no-fail-fast
	sh packaging/test-deb.sh $(TARGET_DIR)/debug

# where cargo puts what it builds
TARGET_DIR = $(or $(CARGO_TARGET_DIR),target)

deb: release
	sh packaging/deb.sh $(TARGET_DIR)/release $(TARGET_DIR)/deb $(VERSION)

# static where the toolchain can build for musl
MUSL = $(shell uname -m)-unknown-linux-musl
tarball:
	@if rustup target list --installed 2>/dev/null | grep -qx $(MUSL) && command -v musl-gcc >/dev/null; then \
	  target=$(MUSL); \
	else \
	  target=$$(rustc -vV | sed -n 's/^host: //p'); \
	fi; \
	$(CARGO) build --release --bins --target $$target && \
	sh packaging/tarball.sh $(TARGET_DIR)/$$target/release $(TARGET_DIR)/dist $$target

# a failure prints its seed; tests/SOAK.md says what was run and found
MINUTES ?= 10
soak: deps build
	@CARGO="$(CARGO)" sh tests/soak.sh $(MINUTES)

check:
	$(CARGO) fmt --all -- --check
	$(CARGO) clippy --workspace --all-targets -- -D warnings
	$(CARGO) deny check bans licenses sources

# the binaries as they are shipped; target/bench.json has the figures
bench:
	$(CARGO) build --workspace --release --bins
	$(CARGO) bench -p rpa-tests --bench figures -- $(NAME)

# manual pages of the command line, from its own definition
man: build
	target/debug/rpa man target/man

clean:
	$(CARGO) clean

# a store of this version for tests/stores, see the page there
fixture: build
	RPA_FIXTURE=tests/stores $(CARGO) test -p rpa-tests --test e2e a_store_of_this_version
