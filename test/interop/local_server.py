"""An HTTP server of our own for clients to call; it answers /404 with 404, and so on."""

import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer


class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        self.server.headers.append(self.headers.get("X-Amzn-Trace-Id"))
        self.send_response(int(self.path.strip("/") or 200))
        self.send_header("Content-Length", "4")
        self.end_headers()
        self.wfile.write(b"text")

    def log_message(self, *_):
        pass


@contextmanager
def local_server():
    """Yields its port, and the tracing headers that it received, in order."""
    server = HTTPServer(("127.0.0.1", 0), Handler)
    server.headers = []
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield server.server_port, server.headers
    finally:
        server.shutdown()
        server.server_close()
