#!/usr/bin/env python3
"""refit.py [FILE] [OPTION...]: change the export in the current folder, as somebody would who knows
the format: every number and digest in manifest.json and SHA256SUMS is made to fit.

The bytes of FILE become the whole content of its first scope, in one window.

  --no-flush      the fragment ends without its full flush
  --hollow        an empty block stands in the middle of the fragment
  --padded N      N empty blocks stand behind its end
  --header HEX    the gzip header
  --trailer HEX   what is xored to the gzip trailer
  --fit           firstEvent, lastEvent and conflictingIds follow the events, too
  --edit CODE     Python that changes the manifest m
  --print         only print manifest.json as azdal would, from standard input
"""
import argparse
import hashlib
import json
import re
import sys
import zlib

parser = argparse.ArgumentParser()
parser.add_argument("file", nargs="?")
for flag in "no-flush", "hollow", "fit", "print":
    parser.add_argument("--" + flag, action="store_true")
parser.add_argument("--padded", type=int, default=0)
parser.add_argument("--header", default="1f8b08000000000000ff")
parser.add_argument("--trailer", default="")
parser.add_argument("--edit", default="")
args = parser.parse_args()
EMPTY = b"\0\0\0\xff\xff"


def digest(data):
    return hashlib.sha256(data).hexdigest()


def one(value):
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False)


def print_list(value, indent):
    return "[" + ",".join("\n" + " " * indent + v for v in value) + "]"


def print_scope(scope):
    head = one({k: v for k, v in scope.items() if k not in ("files", "windows")})
    lists = [',\n   "%s":%s' % (k, print_list(map(one, scope[k]), 4))
             for k in ("files", "windows") if k in scope]
    return head[:-1] + "".join(lists) + "}"


def print_member(name, value):
    if name == "scopes":
        return print_list(map(print_scope, value), 2)
    if name == "roleAssignments" and value and "scopes" in value:
        head = one({k: v for k, v in value.items() if k != "scopes"})
        return head[:-1] + ',"scopes":' + print_list(map(one, value["scopes"]), 2) + "}"
    return one(value)


def canonical(manifest):
    return "{" + ",\n ".join('"%s":%s' % (k, print_member(k, v))
                             for k, v in manifest.items()) + "}\n"


if args.print:
    sys.stdout.write(canonical(json.load(sys.stdin)))
    sys.exit()


def replace_events(manifest):
    """Returns the file's name and digest."""
    content = open(args.file, "rb").read()
    z = zlib.compressobj(6, zlib.DEFLATED, -15)
    half = len(content) // 2 if args.hollow else 0
    deflated = z.compress(content[:half]) + (z.flush(zlib.Z_FULL_FLUSH) if half else b"")
    deflated += z.compress(content[half:])
    deflated += z.flush(zlib.Z_PARTIAL_FLUSH if args.no_flush else zlib.Z_FULL_FLUSH)
    deflated += EMPTY * args.padded
    trailer = b"\x03\0" + zlib.crc32(content).to_bytes(4, "little")
    trailer += (len(content) & 0xFFFFFFFF).to_bytes(4, "little")
    change = bytes.fromhex(args.trailer).rjust(len(trailer), b"\0")
    data = bytes.fromhex(args.header) + deflated + bytes(a ^ b for a, b in zip(trailer, change))

    scope = manifest["scopes"][0]
    window = scope["windows"][-1]
    lines = content.count(b"\n")
    asked = min(w["askedAt"] for w in scope["windows"])
    window.update({"from": manifest["query"]["since"], "to": manifest["query"]["until"],
                   "events": lines, "file": scope["files"][0]["path"], "offset": 10,
                   "deflated": len(deflated), "plain": len(content), "askedAt": asked,
                   "crc32": "%08x" % zlib.crc32(content)})
    scope["windows"] = [window]
    scope["events"] = lines
    scope["files"] = scope["files"][:1]
    scope["files"][0].update({"bytes": len(data), "sha256": digest(data), "content": {
        "bytes": len(content), "sha256": digest(content), "lines": lines}})
    if args.fit:
        times = sorted(re.findall(rb'"eventTimestamp":"([^"]*)"', content))
        scope.update({"firstEvent": times[0].decode(), "lastEvent": times[-1].decode()})
    path = scope["files"][0]["path"]
    open(path, "wb").write(data)
    return {path: digest(data)}


m = json.load(open("manifest.json"))
sums = replace_events(m) if args.file else {}
exec(args.edit)
text = canonical(m).encode()
open("manifest.json", "wb").write(text)
sums["manifest.json"] = digest(text)
old = [line.rstrip("\n").split("  ", 1) for line in open("SHA256SUMS")]
with open("SHA256SUMS", "w") as f:
    for value, name in old:
        f.write("%s  %s\n" % (sums.get(name, value), name))
