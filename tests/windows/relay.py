#!/usr/bin/env python3
"""Runs the programs of this system that relay.exe stands for: `relay.py`, until its standard input ends.
Prints the port. PATH/NAME.exe is PATH/NAME, or the shell script PATH/NAME.exe.sh where that is there, which
finds its last argument as a path of this system in RELAY_LAST; relay.c describes the frames."""
import os
import re
import signal
import socket
import struct
import subprocess
import sys
import threading


def here(path):
    """A path of Windows as this system writes it; other texts stay."""
    found = re.match(r"^(?:\\\\\?\\)?([a-zA-Z]):([\\/].*)$", path)
    if not found:
        return path
    drive = "" if found.group(1) in "zZ" else f"{os.environ['WINEPREFIX']}/dosdevices/{found.group(1).lower()}:"
    return drive + found.group(2).replace("\\", "/") or "/"


def take(link, n):
    data = b""
    while len(data) < n:
        more = link.recv(n - len(data))
        if not more:
            raise EOFError
        data += more
    return data


def frames(link):
    while True:
        head = take(link, 5)
        yield chr(head[0]), take(link, struct.unpack(">I", head[1:])[0])


class Run:
    def __init__(self, link):
        self.link, self.lock, self.program = link, threading.Lock(), None

    def put(self, kind, data):
        with self.lock:
            try:
                self.link.sendall(kind.encode() + struct.pack(">I", len(data)) + data)
            except OSError:
                self.kill()

    def kill(self):
        """The one that stood for it was ended: so is what it stood for, though nobody reads its input."""
        if self.program is not None and self.program.poll() is None:
            os.killpg(self.program.pid, signal.SIGKILL)

    def pump(self, stream, kind):
        while data := os.read(stream.fileno(), 65536):
            self.put(kind, data)

    def start(self, path, folder, arguments):
        script = path + ".sh"
        command = [re.sub(r"\.exe$", "", path, flags=re.I)] + [here(one) for one in arguments]
        if os.path.exists(script):
            command = ["/bin/sh", "-c", '. "$RELAY_SCRIPT"', path] + arguments
        self.program = subprocess.Popen(
            command, cwd=folder if os.path.isdir(folder) else "/", env=dict(os.environ, RELAY_SCRIPT=script, RELAY_LAST=here((arguments or [""])[-1])),
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True)

    def end(self):
        streams = (self.program.stdout, "O"), (self.program.stderr, "R")
        threads = [threading.Thread(target=self.pump, args=one, daemon=True) for one in streams]
        for one in threads:
            one.start()
        status = self.program.wait()
        for one in threads:
            one.join(1)
        self.put("X", bytes([status & 255]))
        try:
            self.link.shutdown(socket.SHUT_WR)
        except OSError:
            pass  # who asked has gone

    def feed(self, kind, data):
        try:
            if kind == "I":
                self.program.stdin.write(data)
                self.program.stdin.flush()
            else:
                self.program.stdin.close()
        except OSError:
            pass

    def serve(self):
        path = folder = "/"
        arguments = []
        try:
            for kind, data in frames(self.link):
                if kind in "PC":
                    path, folder = (here(data.decode()), folder) if kind == "P" else (path, here(data.decode()))
                elif kind == "A":
                    arguments.append(data.decode())
                elif kind == "G":
                    self.start(path, folder, arguments)
                    threading.Thread(target=self.end, daemon=True).start()
                else:
                    self.feed(kind, data)
        except (EOFError, OSError) as problem:
            if self.program is None:
                self.put("R", f"relay: {path}: {problem}\n".encode())
                self.put("X", b"\x7f")
            self.kill()


def listen(listener):
    while True:
        link, _ = listener.accept()
        threading.Thread(target=Run(link).serve, daemon=True).start()


listener = socket.socket()
listener.bind(("127.0.0.1", 0))
listener.listen(64)
print(listener.getsockname()[1], flush=True)
threading.Thread(target=listen, args=(listener,), daemon=True).start()
sys.stdin.read()
