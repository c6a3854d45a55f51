# What the variants "portable" (this machine's architecture) and "portable-arm64" of the Makefile differ
# in: one static, position-independent program that starts on any Linux.

PORTABLE_ARCH = $(if $(filter portable-arm64,$(VARIANT)),arm64,$(shell dpkg --print-architecture))
PORTABLE_LIBS = $(OUT)/libs
PROGRAM = build/azdal-linux-$(if $(filter arm64,$(PORTABLE_ARCH)),arm64,x64)

VARIANT_CFLAGS_$(VARIANT) = -D_FORTIFY_SOURCE=2
AZDAL_CPPFLAGS += -DCURL_STATICLIB -isystem $(PORTABLE_LIBS)/include
AZDAL_CFLAGS += -fPIE -ffunction-sections -fdata-sections
# ld warns of functions in OpenSSL and c-ares that load plug-ins of glibc; nothing here calls them.
AZDAL_LDLIBS = -static-pie -Wl,-z,relro,-z,now,-z,noexecstack,--gc-sections,--no-warnings -s -L$(PORTABLE_LIBS)/lib \
	-lcurl -lcares -lssl -lcrypto -lcjson -lz -pthread

.PHONY: look
$(PORTABLE_LIBS)/built-from: look
	@src/base/portable/libs $(PORTABLE_LIBS) $(PORTABLE_ARCH)

$(PROGRAM) $(filter %.o,$(OBJECTS)): $(PORTABLE_LIBS)/built-from
