"""A local server that answers as the Hub's documented API does, failures included, and remembers what it was told."""

from __future__ import annotations

import base64
import json
import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

LFS_FROM = 1000  # bytes; the real one says 10 MB


@dataclass
class Hub:
    """What the Hub knows. `refusals` maps the end of a path to a status, an error code and the Hub's words."""

    url: str = ""
    role: str = "write"
    files: dict[str, bytes] = field(default_factory=dict)
    tags: list[str] = field(default_factory=list)
    exists: bool = False
    hardware: str | None = None
    stages: list[str] = field(default_factory=lambda: ["BUILDING", "APP_STARTING", "RUNNING"])
    error_message: str = ""
    ignored: set[str] = field(default_factory=set)
    refusals: dict[str, tuple[int, str, str]] = field(default_factory=dict)
    invalid: str = ""
    asked: list[Any] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)
    created: dict[str, Any] = field(default_factory=dict)
    commits: int = 0
    stored: dict[str, bytes] = field(default_factory=dict)
    tokens: set[str] = field(default_factory=set)

    @property
    def head(self) -> str:
        """Id of the newest commit."""
        return f"{self.commits:040x}"

    def runtime(self) -> dict[str, Any]:
        """The next stage; the last one stays."""
        stage = self.stages.pop(0) if len(self.stages) > 1 else self.stages[0]
        found = {"stage": stage, "hardware": {"current": self.hardware, "requested": self.hardware}, "sha": self.head}
        return {**found, "errorMessage": self.error_message} if self.error_message else found


def _whoami(hub: Hub, _: Any) -> Any:
    token = {"displayName": "deploy", "role": hub.role}
    return {"name": "someone", "type": "user", "orgs": [{"name": "lab"}], "auth": {"accessToken": token}}


def _info(hub: Hub, _: Any) -> Any:
    if not hub.exists:
        return 404, "RepoNotFound", "Repository not found"
    siblings = [{"rfilename": name} for name in hub.files]
    return {"_id": "1", "id": "someone/chat", "sha": hub.head, "tags": hub.tags, "siblings": siblings, "host": hub.url}


def _create(hub: Hub, body: bytes) -> Any:
    hub.created = json.loads(body)
    hub.exists, hub.hardware = True, hub.created.get("hardware")
    hub.files = {".gitattributes": b"", "README.md": b""}
    return {"url": f"{hub.url}/spaces/someone/chat"}


def _tree(hub: Hub, _: Any) -> Any:
    return [{"type": "file", "path": name, "size": len(data), "oid": "0" * 40} for name, data in hub.files.items()]


def _preupload(hub: Hub, body: bytes) -> Any:
    def mode(file: dict[str, Any]) -> dict[str, Any]:
        large = file["size"] > LFS_FROM
        ignore = file["path"] in hub.ignored
        return {"path": file["path"], "uploadMode": "lfs" if large else "regular", "shouldIgnore": ignore, "oid": None}

    return {"files": [mode(file) for file in json.loads(body)["files"]], "commitOid": hub.head}


def _batch(hub: Hub, body: bytes) -> Any:
    def action(stored: dict[str, Any]) -> dict[str, Any]:
        return {**stored, "actions": {"upload": {"href": f"{hub.url}/storage/{stored['oid']}", "header": {}}}}

    return {"transfer": "basic", "objects": [action(entry) for entry in json.loads(body)["objects"]]}


def _commit(hub: Hub, body: bytes) -> Any:
    for line in body.splitlines():
        entry = json.loads(line)
        value = entry["value"]
        if entry["key"] == "file":
            hub.files[value["path"]] = base64.b64decode(value["content"])
        elif entry["key"] == "lfsFile":
            hub.files[value["path"]] = hub.stored[value["oid"]]
        elif entry["key"] == "deletedFile":
            del hub.files[value["path"]]
    hub.commits += 1
    return {"commitUrl": f"{hub.url}/spaces/someone/chat/commit/{hub.head}", "commitOid": hub.head, "hookOutput": ""}


def _hardware(hub: Hub, body: bytes) -> Any:
    hub.hardware = json.loads(body)["flavor"]
    return hub.runtime()


def _restart(hub: Hub, _: Any) -> Any:
    hub.stages = ["APP_STARTING", "RUNNING"]
    return hub.runtime()


def _log(_: Hub, __: Any) -> Any:
    return "".join(
        f"data: {json.dumps({'data': f'line {n}', 'timestamp': '2026-01-01T00:00:00Z'})}\n\n" for n in range(30)
    )


def _validate(hub: Hub, _: Any) -> Any:
    return (400, "", hub.invalid) if hub.invalid else {"errors": [], "warnings": []}


ROUTES: tuple[tuple[str, Callable[[Hub, Any], Any]], ...] = (
    (r"GET /api/whoami-v2", _whoami),
    (r"POST /api/repos/create", _create),
    (r"POST /api/validate-yaml", _validate),
    (r"GET /api/spaces/someone/chat(/revision/\w+)?", _info),
    (r"GET /api/spaces/someone/chat/tree/main", _tree),
    (r"POST /api/spaces/someone/chat/preupload/main", _preupload),
    (r"POST /spaces/someone/chat\.git/info/lfs/objects/batch", _batch),
    (r"POST /api/spaces/someone/chat/commit/main", _commit),
    (r"GET /api/spaces/someone/chat/runtime", lambda hub, _: hub.runtime()),
    (r"POST /api/spaces/someone/chat/hardware", _hardware),
    (r"POST /api/spaces/someone/chat/restart", _restart),
    (r"GET /api/spaces/someone/chat/logs/(build|run)", _log),
)


def _answer(hub: Hub, call: str, body: bytes) -> Any:
    for end, refusal in hub.refusals.items():
        if call.endswith(end):
            return refusal
    if call.startswith("PUT /storage/"):
        hub.stored[call.removeprefix("PUT /storage/")] = body
        return {}
    return next(
        (answer(hub, body) for route, answer in ROUTES if re.fullmatch(route, call)), (404, "", "no such route")
    )


@contextmanager
def fake_hub() -> Iterator[Hub]:
    """Serve a Hub on a port of this machine."""
    hub = Hub()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def _do(self) -> None:
            call = f"{self.command} {self.path.split('?')[0]}"
            body = self.rfile.read(int(self.headers.get("content-length", 0)))
            hub.requests.append(call)
            hub.tokens.add(self.headers.get("authorization", ""))
            found = _answer(hub, call, body)
            if isinstance(found, tuple):
                self._send(
                    found[0],
                    json.dumps({"error": found[2], "errors": [{"message": found[2]}]}),
                    "application/json",
                    found[1],
                )
            elif isinstance(found, str):
                self._send(200, found, "text/event-stream")
            else:
                self._send(200, json.dumps(found), "application/json")

        def _send(self, status: int, text: str, kind: str, code: str = "") -> None:
            data = text.encode()
            self.send_response(status)
            self.send_header("content-type", kind)
            self.send_header("content-length", str(len(data)))
            if code:
                self.send_header("x-error-code", code)
            self.end_headers()
            self.wfile.write(data)

        do_GET = do_POST = do_PUT = _do  # noqa: N815 - http.server's names

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    hub.url = f"http://127.0.0.1:{server.server_address[1]}"
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    try:
        yield hub
    finally:
        server.shutdown()
        server.server_close()
