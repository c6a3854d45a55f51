#!/usr/bin/env python3
"""A proxy that wants credentials: prints its port, then the first line of each request; ends with its input."""
import socket
import sys
import threading

server = socket.socket()
server.bind(("127.0.0.1", 0))
server.listen()
print(server.getsockname()[1], flush=True)


def answer():
    while True:
        client, _ = server.accept()
        print(client.recv(4096).split(b"\r\n")[0].decode(), flush=True)
        client.sendall(b"HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic realm=\"x\"\r\n"
                       b"Content-Length: 0\r\nConnection: close\r\n\r\n")
        client.close()


threading.Thread(target=answer, daemon=True).start()
sys.stdin.read()
