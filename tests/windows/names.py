"""An Azure Resource Manager that has every management group there is, each with one event.

Prints its address and serves until its standard input ends.
"""
import http.server
import json
import re
import sys
import threading
import urllib.parse


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        path, _, query = self.path.partition("?")
        group = re.search(r"/managementGroups/([^/]+)/", path)
        name = urllib.parse.unquote(group.group(1)) if group else "tenant"
        start = re.search(r"ge '([^']+)'", urllib.parse.unquote(query)).group(1)
        event = {"eventTimestamp": start, "eventDataId": "id-of-" + name, "category": {"value": "Administrative"},
                 "operationName": {"value": "Microsoft.Management/managementGroups/write"}, "status": {"value": "Succeeded"}}
        body = json.dumps({"value": [event]}).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
server.daemon_threads = True
print("http://127.0.0.1:%d" % server.server_port, flush=True)
threading.Thread(target=server.serve_forever, daemon=True).start()
sys.stdin.read()
