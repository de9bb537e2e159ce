# Ponte.  Nothing is registered here: a file in handlers/ is a program and a route, a file in lib/ is
# part of the library, test_*.c is a test.
#   SANITIZE=1   everything under AddressSanitizer and UndefinedBehaviorSanitizer, in build/asan
#   V=1          shows the commands
#   T="test_a test_b"   (make test) only these

MAKEFLAGS += --no-builtin-rules
.DELETE_ON_ERROR:
.DEFAULT_GOAL := all

comma    := ,
BUILD    ?= build$(if $(SANITIZE),/asan)
CC       := gcc
OPTIMIZE := $(if $(SANITIZE),-O1 -g -fsanitize=address$(comma)undefined -fno-omit-frame-pointer,-O2 -g)
WARN     := -Wall -Wextra -Wformat=2 -Wimplicit-fallthrough -Wshadow -Wmissing-prototypes \
            -Wstrict-prototypes -Wvla
CFLAGS   := -std=gnu11 $(OPTIMIZE) $(WARN) $(if $(WERROR),-Werror)
CPPFLAGS := -D_GNU_SOURCE -Ilib
LDFLAGS  := $(OPTIMIZE) -Wl,--as-needed
LDLIBS   := -lfcgi -lcurl -lpq -ljwt -lcrypto -ljansson -lyajl -lxml2 -lzip -lz -lglib-2.0
PREFIX   ?= /usr/local
ifdef SANITIZE
export ASAN_OPTIONS  ?= detect_leaks=1:fast_unwind_on_malloc=0
export UBSAN_OPTIONS ?= halt_on_error=1:print_stacktrace=1
export G_SLICE       ?= always-malloc
endif
Q        := $(if $(V),,@)

# ---- what there is ------------------------------------------------------------------------------

LIB_C     := $(sort $(shell find lib -name '*.c'))
PROGRAM_C := $(sort $(shell find handlers -name '*.c'))
ROUTE_C   := $(foreach c,$(PROGRAM_C),$(if $(filter-out _id,$(filter _%,$(basename $(notdir $c)))),,$c))
SANDBOX_C := $(sort $(shell find tests/sandbox -mindepth 2 -name '*.c'))
SANDBOX_LIB_C := $(sort $(wildcard tests/sandbox/*.c))
UNIT_C    := $(sort $(wildcard tests/unit/*.c))
INTEGRATION_C := $(sort $(wildcard tests/integration/*.c))
BENCH_C   := $(sort $(wildcard tests/bench/*.c))
ALL_C     := $(LIB_C) $(PROGRAM_C) $(SANDBOX_C) $(SANDBOX_LIB_C) $(UNIT_C) $(INTEGRATION_C) $(BENCH_C)
ALL_H     := $(sort $(shell find lib handlers tests -name '*.h'))
MIGRATION_LEVEL := $(or $(shell ls sql | sed -n 's/^0*\([0-9]*\)_.*\.up\.sql$$/\1/p' | sort -n | tail -n 1),0)

object   = $(patsubst %.c,$(BUILD)/obj/%.o,$1)
# A program and a folder cannot share a name: handlers/a.c beside handlers/a/ becomes bin/a/_index.
INDEX_C  := $(foreach c,$(PROGRAM_C),$(if $(wildcard $(basename $c)/.),$c))
INDEXES  := $(patsubst handlers/%.c,$(BUILD)/bin/%/_index,$(INDEX_C))
PROGRAMS := $(patsubst handlers/%.c,$(BUILD)/bin/%,$(filter-out $(INDEX_C),$(PROGRAM_C))) $(INDEXES)
$(foreach p,$(PROGRAMS),$(if $(wildcard $p/.),$(shell rm -r $p))) # it was a folder before
SANDBOX  := $(patsubst tests/sandbox/%.c,$(BUILD)/sandbox/%,$(SANDBOX_C))
tests    = $(patsubst tests/%.c,$(BUILD)/tests/%,$(filter $(dir $(firstword $1))test_%,$1))
helpers  = $(call object,$(filter-out $(dir $(firstword $1))test_%,$1))
UNIT_TESTS        := $(call tests,$(UNIT_C))
INTEGRATION_TESTS := $(call tests,$(INTEGRATION_C))
BENCHES  := $(patsubst tests/%.c,$(BUILD)/tests/%,$(BENCH_C))
LIBPONTE := $(BUILD)/libponte.a

# ---- commands -----------------------------------------------------------------------------------

.PHONY: all tests benches help run up down test check bench install generated clean FORCE
all: $(PROGRAMS) $(SANDBOX) ## builds every program into build/
	@rm -f $(filter-out $(PROGRAMS) $(SANDBOX),$(shell find $(BUILD)/bin $(BUILD)/sandbox -type f)) # those whose source is gone

help: ## lists the commands
	@sed -n 's/^\([a-z]*\):.*## /  make \1\t/p' Makefile | expand -t 20

run: build/.packages-run all ## installs, builds, starts everything on 127.0.0.1:8080, and runs the main job
	@BUILD=$(BUILD) deploy/run

up: build/.packages-run all ## the same without the job
	@BUILD=$(BUILD) deploy/up

down: ## stops what run or up started
	@BUILD=$(BUILD) deploy/down

test: build/.packages-run all tests ## runs every test; the last line is "N passed, N failed"
	@BUILD=$(BUILD) tests/run $(T)

check: check-layers check-format check-generated check-warnings check-cppcheck check-tidy ## formatting, warnings as errors, clang-tidy, cppcheck, layers, generated files
	@echo "check: nothing to complain about"

bench: build/.packages-bench all $(BENCHES) ## performance figures, as ratios
	@BUILD=$(BUILD) tests/bench/run

install: all ## programs, migrations, nginx templates and scripts under DESTDIR/PREFIX
	deploy/install "$(BUILD)" "$(DESTDIR)$(PREFIX)"

generated: $(BUILD)/bin/_settings ## writes deploy/env.example and the README's table of settings anew
	@BUILD=$(BUILD) deploy/generated

clean: ## stops the stack and removes build/ with all its data
	@[ ! -d build ] || deploy/down --purge
	rm -rf build

tests: $(UNIT_TESTS) $(INTEGRATION_TESTS)
benches: $(BENCHES)

# ---- the parts of make check --------------------------------------------------------------------

.PHONY: check-layers check-format check-generated check-warnings check-cppcheck check-tidy
check-layers:
	tests/check/layers
	tests/check/test_layers

check-format: build/.packages-check
	@echo "clang-format"
	@clang-format --dry-run -Werror $(ALL_C) $(ALL_H)

check-generated: $(BUILD)/bin/_settings
	BUILD=$(BUILD) deploy/generated --check

check-warnings:
	$(MAKE) BUILD=$(BUILD)/check WERROR=1 all tests benches

# Suppressed: mmap(…, -1, 0), and GLib's way of ending arguments with NULL.
CPPCHECK = --quiet --error-exitcode=1 --enable=warning,performance,portability --inline-suppr \
  --library=gtk --library=posix --std=c11 -j 2 --suppress=missingIncludeSystem \
  --suppress=invalidFunctionArg --suppress=varFuncNullUB \
  -D'G_DEFINE_AUTOPTR_CLEANUP_FUNC(t,f)=' -D'G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(t,f)=' \
  -D'G_DEFINE_QUARK(a,b)=' -D'G_GNUC_WARN_UNUSED_RESULT=' -D'G_GNUC_NULL_TERMINATED=' \
  -D'G_GNUC_UNUSED=' -DMIGRATION_LEVEL=1
check-cppcheck: build/.packages-check
	@echo "cppcheck"
	@cppcheck $(CPPCHECK) $(CPPFLAGS) -Itests/sandbox $(ALL_C)

TIDY_FLAGS = $(CPPFLAGS) -Itests/sandbox -std=gnu11 $(WARN) -DMIGRATION_LEVEL=1
check-tidy: build/.packages-check $(BUILD)/includes
	@echo "clang-tidy"
	@printf '%s\n' $(ALL_C) | xargs -P 2 -n 4 tests/check/tidy $(TIDY_FLAGS) "$$(cat $(BUILD)/includes)" --

# ---- packages: each set is looked for once ------------------------------------------------------

build/.packages-%: deploy/packages
	@mkdir -p $(@D)
	@deploy/packages $*
	@touch $@
# one after the other: apt takes no two orders at once
build/.packages-run build/.packages-test: build/.packages-build
build/.packages-test: build/.packages-run
build/.packages-check build/.packages-bench: build/.packages-test

# ---- building -----------------------------------------------------------------------------------

# Everything that decides how a file is compiled; written only when it changes.
FLAGS := $(CC) $(CPPFLAGS) $(CFLAGS)
$(BUILD)/flags: FORCE
	@mkdir -p $(@D)
	@echo '$(FLAGS)' | cmp -s - $@ || echo '$(FLAGS)' >$@
$(BUILD)/sources: FORCE
	@mkdir -p $(@D)
	@echo '$(LIB_C)' | cmp -s - $@ || echo '$(LIB_C)' >$@
$(BUILD)/level: FORCE
	@mkdir -p $(@D)
	@echo '$(MIGRATION_LEVEL)' | cmp -s - $@ || echo '$(MIGRATION_LEVEL)' >$@

# Where the libraries' headers are: known only once the packages are there, hence a file.
$(BUILD)/includes: build/.packages-build
	@mkdir -p $(@D)
	@pkg-config --cflags-only-I glib-2.0 libpq libjwt jansson yajl libcurl libcrypto libzip zlib libxml-2.0 | sed 's/-I/-isystem /g' >$@

COMPILE = $(Q)$(CC) $(CPPFLAGS) @$(BUILD)/includes $(CFLAGS) $(DEFINE) -MMD -MP -c -o $@ $<
LINK    = $(Q)$(CC) $(LDFLAGS) -o $@ $(filter %.o,$^) $(filter %.a,$^) $(LDLIBS)

$(BUILD)/obj/%.o: %.c $(BUILD)/flags $(BUILD)/includes
	@mkdir -p $(@D)
	$(if $(Q),@echo "  compile $<")
	$(COMPILE)

# A route learns its URL from its place; _id, a file or a folder, is a place for an id; the sandbox's
# _any is all paths below.
url = -DROUTE_URL='"$(subst /_id/,/{id}/,$(patsubst %/_any,%/{any},$(patsubst %/_id,%/{id},$1)))"'
$(call object,$(ROUTE_C)): DEFINE = $(call url,/api/$(patsubst $(BUILD)/obj/handlers/%.o,%,$@))
$(call object,$(SANDBOX_C)): DEFINE = -Itests/sandbox \
  $(call url,/$(patsubst $(BUILD)/obj/tests/sandbox/%.o,%,$@))
$(BUILD)/obj/lib/db/migrate.o: DEFINE = -DMIGRATION_LEVEL=$(MIGRATION_LEVEL)
$(BUILD)/obj/lib/db/migrate.o: $(BUILD)/level

$(call object,$(UNIT_C) $(INTEGRATION_C)): build/.packages-test

$(LIBPONTE): $(call object,$(LIB_C)) $(BUILD)/sources
	@rm -f $@
	$(Q)$(AR) rcs $@ $(filter %.o,$^)

$(INDEXES): $(BUILD)/bin/%/_index: $(BUILD)/obj/handlers/%.o $(LIBPONTE)
$(filter-out $(INDEXES),$(PROGRAMS)): $(BUILD)/bin/%: $(BUILD)/obj/handlers/%.o $(LIBPONTE)
$(PROGRAMS):
	@[ ! -f $(@D) ] || rm $(@D) # it was a program before its folder came
	@mkdir -p $(@D)
	$(if $(Q),@echo "  link    $@")
	$(LINK)

$(SANDBOX): $(BUILD)/sandbox/%: $(BUILD)/obj/tests/sandbox/%.o $(call object,$(SANDBOX_LIB_C)) $(LIBPONTE)
	@mkdir -p $(@D)
	$(if $(Q),@echo "  link    $@")
	$(LINK)

$(UNIT_TESTS): $(BUILD)/tests/%: $(BUILD)/obj/tests/%.o $(call helpers,$(UNIT_C)) $(LIBPONTE)
$(INTEGRATION_TESTS): $(BUILD)/tests/%: $(BUILD)/obj/tests/%.o $(call helpers,$(INTEGRATION_C)) $(LIBPONTE)
$(UNIT_TESTS) $(INTEGRATION_TESTS): LDLIBS := -lcmocka $(LDLIBS)
$(UNIT_TESTS) $(INTEGRATION_TESTS):
	@mkdir -p $(@D)
	$(if $(Q),@echo "  link    $@")
	$(LINK)

$(BENCHES): $(BUILD)/tests/%: $(BUILD)/obj/tests/%.o $(LIBPONTE)
	@mkdir -p $(@D)
	$(if $(Q),@echo "  link    $@")
	$(LINK)

-include $(patsubst %.o,%.d,$(call object,$(ALL_C)))
