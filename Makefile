# azdal: build, tests and checks. `make help` lists the targets.
#
# CC, CFLAGS, CPPFLAGS, LDFLAGS, PREFIX and DESTDIR are the user's; what the code itself needs is kept
# apart in AZDAL_*. Every variant (release, asan, tsan, fault, windows and others) has its own folder of objects.

PREFIX ?= /usr/local
CFLAGS ?= -O2 -g
VARIANT ?= release

AZDAL_CFLAGS = -std=c11 -pthread -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wformat=2 \
	-Wstrict-prototypes -Wvla -fstack-protector-strong -fstack-clash-protection \
	-ffile-prefix-map="$$PWD"=.
AZDAL_CPPFLAGS = -Isrc -D_FILE_OFFSET_BITS=64
AZDAL_LDLIBS = -Wl,-z,relro,-z,now -lcurl -lcjson -lz -lcrypto -pthread
ifdef CI
AZDAL_CFLAGS += -Werror
endif

VARIANT_CFLAGS_release = -D_FORTIFY_SOURCE=2
VARIANT_CFLAGS_asan = -fsanitize=address,undefined -fno-omit-frame-pointer -fno-sanitize-recover=all
VARIANT_CFLAGS_asan-clang = $(VARIANT_CFLAGS_asan)
VARIANT_CFLAGS_tsan = -fsanitize=thread -fno-omit-frame-pointer
VARIANT_CFLAGS_fault = -DAZDAL_FAULTS
AZDAL_CFLAGS += $(VARIANT_CFLAGS_$(VARIANT))

OUT = build/$(VARIANT)
SOURCES = $(filter-out src/base/sys_win32%,$(wildcard src/*.c src/*/*.c))
ifeq ($(filter fault windows-fault,$(VARIANT)),)
SOURCES := $(filter-out src/base/fault.c,$(SOURCES))
endif
OBJECTS = $(SOURCES:%.c=$(OUT)/%.o)

ifeq ($(VARIANT),release)
PROGRAM = build/azdal
else
PROGRAM = $(OUT)/azdal
endif

ifneq ($(filter windows windows-fault,$(VARIANT)),)
include src/base/win32/rules.mk
endif
ifneq ($(filter portable portable-arm64,$(VARIANT)),)
include src/base/portable/rules.mk
endif

# Objects of tests stay, so that only what changed is compiled again.
.SECONDARY:

.PHONY: all unit fuzz sim deps demo test check lint asan asan-gcc asan-clang tsan bench install uninstall clean help
.DEFAULT_GOAL = all

all: $(PROGRAM) ## build the program

$(PROGRAM): $(OBJECTS)
	$(CC) $(AZDAL_CFLAGS) $(CFLAGS) $(LDFLAGS) -o $@ $(OBJECTS) $(AZDAL_LDLIBS)

$(OUT)/%.o: %.c
	@mkdir -p $(@D)
	$(CC) $(AZDAL_CPPFLAGS) $(CPPFLAGS) $(AZDAL_CFLAGS) $(CFLAGS) -MMD -MP -c -o $@ $<

# Each tests/unit/test_NAME.c is a program of its own (cmocka), linked with everything but main.
UNIT = $(patsubst tests/unit/%.c,$(OUT)/unit/%,$(wildcard tests/unit/test_*.c))
LIBRARY = $(filter-out $(OUT)/src/main.o,$(OBJECTS))

unit: $(UNIT) ## build the unit tests

$(OUT)/unit/%: $(OUT)/tests/unit/%.o $(LIBRARY)
	@mkdir -p $(@D)
	$(CC) $(AZDAL_CFLAGS) $(CFLAGS) $(LDFLAGS) -o $@ $^ $(AZDAL_LDLIBS) -lcmocka

# Each tests/fuzz/NAME.c but replay.c is a fuzz target; here with replay.c, without libFuzzer.
FUZZ = $(patsubst tests/fuzz/%.c,$(OUT)/fuzz/%,$(filter-out %/replay.c,$(wildcard tests/fuzz/*.c)))

fuzz: $(FUZZ) ## build the fuzz targets that replay their corpora

$(OUT)/fuzz/%: $(OUT)/tests/fuzz/%.o $(OUT)/tests/fuzz/replay.o $(LIBRARY)
	@mkdir -p $(@D)
	$(CC) $(AZDAL_CFLAGS) $(CFLAGS) $(LDFLAGS) -o $@ $^ $(AZDAL_LDLIBS)

# The simulator of Azure Resource Manager: no code of the product but base/.
SIM_OBJECTS = $(patsubst %.c,$(OUT)/%.o,$(wildcard tests/sim/*.c)) \
	$(filter $(OUT)/src/base/%,$(OBJECTS))

ifeq ($(VARIANT),release)
SIM = build/sim
else
SIM = $(OUT)/sim
endif

sim: $(SIM) ## build the simulator

$(SIM): $(SIM_OBJECTS)
	$(CC) $(AZDAL_CFLAGS) $(CFLAGS) $(LDFLAGS) -o $@ $^ -lmicrohttpd -lz -lcrypto -pthread

-include $(OBJECTS:.o=.d) $(SIM_OBJECTS:.o=.d) $(UNIT:$(OUT)/unit/%=$(OUT)/tests/unit/%.d)

# What tests/run needs besides the variant under test: the fault variant is what crash tests cut.
ifneq ($(wildcard tests/crash/run),)
TESTED_VARIANTS = fault
endif

deps: ## install missing packages (Debian, as root or through sudo)
	@tests/deps all

# What `make test` builds first; two jobs at a time where the caller has not said how many.
JOBS = $(if $(filter -j%,$(MAKEFLAGS)),,-j$(shell nproc))
TESTED = tests/deps test && $(MAKE) --no-print-directory -s $(JOBS) all unit fuzz sim && \
	$(foreach v,$(TESTED_VARIANTS),$(MAKE) --no-print-directory -s $(JOBS) VARIANT=$(v) all &&) true

test: ## build and run the tests (SUITE=cli CASE=name: one); installs what is missing
	+@$(TESTED)
	@tests/run $(if $(CASE),--case $(CASE)) $(SUITE)

check: ## what `make test` leaves out: lint, the whole crash matrix, sanitizers
	+@$(TESTED)
	@tests/check

demo: ## run the main job against a simulated tenant; installs what is missing
	@tests/deps test
	@$(MAKE) --no-print-directory -s $(JOBS) all sim
	@tests/demo/demo

lint: ## check style, layers and what analysers find
	@tests/deps all
	@tests/lint/run

# Suites that run with sanitizers.
SANITIZED = unit $(patsubst tests/%/run,%,$(wildcard tests/cli/run))

asan: ## run unit and command line tests with address and undefined behaviour sanitizers, of gcc and of clang
	@$(MAKE) --no-print-directory -k asan-gcc asan-clang

asan-gcc: SANITIZER = asan
asan-clang: SANITIZER = asan-clang
asan-gcc asan-clang:
	@tests/deps all
	@$(MAKE) --no-print-directory -s $(JOBS) CC=$(@:asan-%=%) VARIANT=$(SANITIZER) all unit sim
	@tests/run --variant $(SANITIZER) $(SANITIZED)

tsan: ## run them with the thread sanitizer
	@tests/deps test
	@$(MAKE) --no-print-directory -s $(JOBS) VARIANT=tsan all unit sim
	@tests/run --variant tsan $(SANITIZED)

bench: ## measure; prints a table
	@tests/deps test
	@$(MAKE) --no-print-directory -s $(JOBS) all sim
	@tests/bench/run

# ---- Windows and packages ----

.PHONY: windows portable portable-x64 portable-arm64 test-windows test-portable dist

WINDOWS_MAKE = $(MAKE) --no-print-directory CC=x86_64-w64-mingw32-gcc

windows: ## cross-build build/azdal.exe (x64); installs what is missing
	@tests/deps windows
	+@$(WINDOWS_MAKE) $(JOBS) VARIANT=windows all

portable: ## build the program for any Linux, x64 and arm64, in build/; installs what is missing
	@tests/deps portable
	@$(MAKE) --no-print-directory $(JOBS) portable-x64 portable-arm64

# Side by side: what they link is configured by scripts that keep one processor busy.
portable-x64:
	@$(MAKE) --no-print-directory VARIANT=portable all

portable-arm64:
	@$(MAKE) --no-print-directory CC=aarch64-linux-gnu-gcc VARIANT=portable-arm64 all

test-windows: windows ## run azdal.exe under wine through the tests (PARTS=...); installs what is missing
	@tests/deps test
	@tests/deps wine
	@$(MAKE) --no-print-directory -s $(JOBS) all sim
	+@$(WINDOWS_MAKE) -s $(JOBS) VARIANT=windows-fault all
	@tests/windows/run $(PARTS)

test-portable: portable ## run the portable programs where nothing else is (PARTS=...); installs what is missing
	@tests/deps test
	@$(MAKE) --no-print-directory -s $(JOBS) all sim
	@tests/portable/run $(PARTS)

dist: windows portable ## make the packages in dist/ and test them; installs what is missing
	@tests/deps test
	@tests/deps wine
	@tests/deps dist
	@$(MAKE) --no-print-directory -s $(JOBS) all sim
	@src/dist dist
	@tests/dist/run dist

MODULE = ps/AzDirectoryActivityLog
MODULE_FILES = $(shell test -d $(MODULE) && cd $(MODULE) && find . -type f ! -path './bin/*')
MODULE_DIR = $(DESTDIR)$(PREFIX)/share/powershell/Modules/AzDirectoryActivityLog

SHARE = $(DESTDIR)$(PREFIX)/share

install: all ## install the program, its manual page, completion for bash and the module below PREFIX
	install -d "$(DESTDIR)$(PREFIX)/bin"
	install -m 755 build/azdal "$(DESTDIR)$(PREFIX)/bin/azdal"
	install -D -m 644 src/azdal.1 "$(SHARE)/man/man1/azdal.1"
	install -D -m 644 src/azdal.bash "$(SHARE)/bash-completion/completions/azdal"
	install -D -m 644 LICENSE "$(SHARE)/doc/azdal/LICENSE"
	for f in $(MODULE_FILES); do install -D -m 644 "$(MODULE)/$$f" "$(MODULE_DIR)/$$f" || exit 1; done

uninstall: ## remove what `make install` with the same PREFIX installed
	rm -f "$(DESTDIR)$(PREFIX)/bin/azdal" "$(SHARE)/man/man1/azdal.1" \
		"$(SHARE)/bash-completion/completions/azdal" "$(SHARE)/doc/azdal/LICENSE"
	for f in $(MODULE_FILES); do rm -f "$(MODULE_DIR)/$$f" || exit 1; done
	if [ -d "$(MODULE_DIR)" ]; then find "$(MODULE_DIR)" -depth -type d -empty -delete; fi
	if [ -d "$(SHARE)/doc/azdal" ]; then rmdir --ignore-fail-on-non-empty "$(SHARE)/doc/azdal"; fi

clean: ## remove what was built
	rm -rf build dist

help: ## list the targets
	@sed -n 's/^\([a-z-]*\):.*## /  \1\t/p' $(MAKEFILE_LIST) | expand -t 16
