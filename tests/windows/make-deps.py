#!/usr/bin/env python3
"""The deps.json of a self-contained program that has all DLLs of a folder: make-deps.py FOLDER BASE.deps.json"""
import json
import os
import struct
import sys

folder, base = sys.argv[1:3]


def is_managed(path):
    """Whether a DLL is one of .NET; None where it is no DLL."""
    with open(path, "rb") as f:
        head = f.read(4096)
    if head[:2] != b"MZ":
        return None
    pe = struct.unpack_from("<I", head, 0x3C)[0]
    wide = struct.unpack_from("<H", head, pe + 24)[0] == 0x20B
    return struct.unpack_from("<I", head, pe + 24 + (112 if wide else 96) + 14 * 8)[0] != 0


with open(base) as f:
    deps = json.load(f)
target = deps["targets"][deps["runtimeTarget"]["name"]]
known = set()
for library in target.values():
    for kind in ("runtime", "native"):
        for name in library.get(kind, {}):
            # With versions, older files of the tool would lose against files that are not there.
            library[kind][name] = {}
            known.add(os.path.basename(name).lower())
extra = {"runtime": {}, "native": {}}
for name in sorted(os.listdir(folder)):
    if name.lower().endswith(".dll") and name.lower() not in known:
        managed = is_managed(os.path.join(folder, name))
        if managed is not None:
            extra["runtime" if managed else "native"][name] = {}
main = next(name for name in target if name.startswith("pwsh/"))
target[main]["runtime"] = {"pwsh.dll": {}}
target[main].setdefault("dependencies", {})["extra"] = "1.0.0"
target["extra/1.0.0"] = extra
deps["libraries"]["extra/1.0.0"] = {"type": "project", "serviceable": False, "sha512": ""}
with open(os.path.join(folder, "pwsh.deps.json"), "w") as f:
    json.dump(deps, f, indent=1)
