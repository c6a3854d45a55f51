#!/usr/bin/env python3
"""A name server on 127.0.0.1:53 for tests: `dns.py NAME LOG`. NAME is an alias of an alias, ten deep, of
127.0.0.1, so that the answer has more than 512 bytes; over UDP it is cut short, and only TCP has it whole.
Every question is a line of LOG. Prints "up" once it listens."""
import socket
import struct
import sys
import threading

CHAIN = 10
KNOWN, LOG = sys.argv[1].lower(), open(sys.argv[2], "w")


def encode(name):
    return b"".join(bytes([len(part)]) + part.encode() for part in name.split(".")) + b"\0"


def record(name, kind, data):
    return encode(name) + struct.pack(">HHIH", kind, 1, 60, len(data)) + data


def answer(query, udp):
    i, labels = 12, []
    while query[i]:
        labels.append(query[i + 1 : i + 1 + query[i]].decode())
        i += 1 + query[i]
    name, kind = ".".join(labels).lower(), struct.unpack(">H", query[i + 1 : i + 3])[0]
    question = query[12 : i + 5]
    LOG.write(f"{'udp' if udp else 'tcp'} {name} {kind}\n")
    LOG.flush()
    if name != KNOWN:
        return query[:2] + struct.pack(">HHHHH", 0x8183, 1, 0, 0, 0) + question
    if udp:
        return query[:2] + struct.pack(">HHHHH", 0x8380, 1, 0, 0, 0) + question
    records, count = b"", CHAIN
    for n in range(CHAIN):
        alias = f"a-long-name-with-the-number-{n}.frontdoor.manager.fabrikam.example"
        records += record(name, 5, encode(alias))
        name = alias
    if kind == 1:
        records += record(name, 1, bytes([127, 0, 0, 1]))
        count += 1
    return query[:2] + struct.pack(">HHHHH", 0x8180, 1, count, 0, 0) + question + records


def serve(connection):
    try:
        while True:
            size = connection.recv(2)
            if len(size) < 2:
                break
            text = answer(connection.recv(struct.unpack(">H", size)[0]), False)
            connection.sendall(struct.pack(">H", len(text)) + text)
    except OSError:
        pass
    connection.close()


def listen(server):
    while True:
        threading.Thread(target=serve, args=(server.accept()[0],), daemon=True).start()


datagrams = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
datagrams.bind(("127.0.0.1", 53))
stream = socket.create_server(("127.0.0.1", 53))
threading.Thread(target=listen, args=(stream,), daemon=True).start()
print("up", flush=True)
while True:
    text, peer = datagrams.recvfrom(4096)
    datagrams.sendto(answer(text, True), peer)
