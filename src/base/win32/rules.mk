# What the variants "windows" and "windows-fault" of the Makefile differ in. Everything is linked
# statically, so that azdal.exe needs nothing but the DLLs of Windows 10.

WINDOWS_LIBS = build/windows/libs
WINDOWS_HOST = x86_64-w64-mingw32

SOURCES := $(filter-out src/base/sys_posix%,$(SOURCES)) $(wildcard src/base/sys_win32*.c)
OBJECTS += $(OUT)/azdal.res.o
PROGRAM = $(OUT)/azdal.exe
ifeq ($(VARIANT),windows)
PROGRAM = build/azdal.exe
else
VARIANT_CFLAGS_$(VARIANT) = -DAZDAL_FAULTS
endif

# The printf family of MinGW, which follows C11; the one of msvcrt.dll does not. GCC has a name of
# its own for what that accepts.
AZDAL_CPPFLAGS += -D__USE_MINGW_ANSI_STDIO=1 -D__printf__=__gnu_printf__ \
	-D_WIN32_WINNT=0x0A00 -DNTDDI_VERSION=0x0A000006 \
	-DUNICODE -D_UNICODE -DCURL_STATICLIB -I$(WINDOWS_LIBS)/include
# This GCC cannot compile with -fstack-clash-protection.
AZDAL_CFLAGS := $(filter-out -pthread -fstack-clash-protection,$(AZDAL_CFLAGS))
AZDAL_LDLIBS = -L$(WINDOWS_LIBS)/lib -static -lcurl -lcjson -lz -lws2_32 -lcrypt32 -lbcrypt \
	-ladvapi32 -lshell32 -lwinhttp -lssp -s -Wl,--dynamicbase,--high-entropy-va,--nxcompat \
	-Wl,--no-insert-timestamp

# The script looks itself whether something has to be built; where nothing has, the file stays as it is.
.PHONY: look
$(WINDOWS_LIBS)/built-from: look
	@src/base/win32/libs $(WINDOWS_LIBS)

$(PROGRAM) $(filter %.o,$(OBJECTS)): $(WINDOWS_LIBS)/built-from

$(OUT)/azdal.res.o: $(wildcard src/base/win32/azdal.*) src/base/version.h
	@mkdir -p $(@D)
	$(WINDOWS_HOST)-windres -Isrc -Isrc/base/win32 -o $@ src/base/win32/azdal.rc
