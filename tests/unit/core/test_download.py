"""Against a server of our own that breaks off, lies, falls silent and goes on."""

from __future__ import annotations

import hashlib
import http.server
import json
import shutil
import socket
import threading
from collections import namedtuple
from dataclasses import dataclass, field

import pytest

from cascadeclip.core import web
from cascadeclip.core.download import Arrival, Expected, Patience, download, partial_size
from cascadeclip.core.errors import CheckpointError, DownloadFailed
from cascadeclip.core.web import NotThere

DATA = bytes(range(256)) * 4096  # 1 MiB
DIGEST = hashlib.sha256(DATA).hexdigest()
CUT = 400_000
QUICK = Patience(retries=2, pause=0.0, timeout=0.3)


@dataclass
class Server:
    """What the server is to do; `cuts` are the bytes after which each next answer breaks off."""

    data: bytes = DATA
    etag: str = '"one"'
    modified: str = ""
    cuts: list[int] = field(default_factory=list)
    codes: list[int] = field(default_factory=list)
    ranges: bool = True
    length: bool = True
    promised: int | None = None
    kind: str = "application/octet-stream"
    headers: dict[str, str] = field(default_factory=dict)
    silent_after: int | None = None
    shift: int = 0
    redirect: tuple[str, dict[str, str]] | None = None
    after: object = None
    asked: list[dict[str, str]] = field(default_factory=list)
    release: threading.Event = field(default_factory=threading.Event)
    address: str = ""

    def url(self, path="/weights.bin"):
        return self.address + path


class QuietServer(http.server.ThreadingHTTPServer):
    """Not a word about clients that hang up."""

    def handle_error(self, *_):
        pass


class Handler(http.server.BaseHTTPRequestHandler):
    plan: Server

    def log_message(self, *_):
        pass

    def do_GET(self):
        plan = self.plan
        plan.asked.append(dict(self.headers))
        if plan.codes:
            self.send_error(plan.codes.pop(0))
            return
        if plan.redirect and self.path == "/moved":
            self.send_response(302)
            self.send_header("Location", plan.redirect[0])
            for name, value in plan.redirect[1].items():
                self.send_header(name, value)
            self.send_header("Content-Length", "0")
            self.end_headers()
            return
        self._send_file(plan)

    def _send_file(self, plan):
        start = self._start(plan)
        if start and start >= len(plan.data):
            self.send_error(416)
            return
        self._send_head(plan, start)
        body = plan.data[start:]
        if plan.cuts:
            body = body[: plan.cuts.pop(0)]
        if plan.silent_after is not None:
            body = body[: plan.silent_after]
        self.wfile.write(body)
        self.wfile.flush()
        if plan.silent_after is not None:
            plan.silent_after = None
            plan.release.wait(5)
        if plan.after:
            plan.after()
            plan.after = None

    def _start(self, plan):
        asked = self.headers.get("Range")
        if not plan.ranges or not asked:
            return 0
        condition = self.headers.get("If-Range")
        known = plan.etag or plan.modified
        return int(asked[6:-1]) + plan.shift if condition in (None, known) else 0

    def _send_head(self, plan, start):
        self.send_response(206 if start else 200)
        if start:
            self.send_header(
                "Content-Range", f"bytes {start}-{len(plan.data) - 1}/{len(plan.data)}"
            )
        if plan.etag:
            self.send_header("ETag", plan.etag)
        if plan.modified:
            self.send_header("Last-Modified", plan.modified)
        if plan.length:
            size = len(plan.data) if plan.promised is None else plan.promised
            self.send_header("Content-Length", str(size - start))
        self.send_header("Content-Type", plan.kind)
        for name, value in plan.headers.items():
            self.send_header(name, value)
        self.end_headers()


@pytest.fixture
def server(monkeypatch):
    monkeypatch.setenv("no_proxy", "*")
    plan = Server()
    handler = type("Planned", (Handler,), {"plan": plan})
    running = QuietServer(("127.0.0.1", 0), handler)
    running.daemon_threads = True
    plan.address = f"http://127.0.0.1:{running.server_address[1]}"
    thread = threading.Thread(target=running.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield plan
    plan.release.set()
    running.shutdown()
    thread.join()
    running.server_close()


@pytest.fixture
def target(tmp_path):
    return tmp_path / "deep" / "weights.bin"


def fetch(server, target, digest=DIGEST, **options):
    options.setdefault("patience", QUICK)
    options.setdefault("expected", Expected(digest))
    return download(server.url(), target, **options)


def refused(server, target, *parts, **options):
    with pytest.raises(DownloadFailed) as caught:
        fetch(server, target, **options)
    sentence = str(caught.value)
    assert "\n" not in sentence
    for part in parts:
        assert part in sentence
    assert not target.exists()
    return sentence


def left(target):
    return sorted(path.name for path in target.parent.iterdir()) if target.parent.exists() else []


def test_a_whole_file_arrives_and_nothing_else_is_left(server, target):
    seen = []
    arrival = fetch(server, target, progress=lambda done, total: seen.append((done, total)))
    assert arrival == Arrival(target, len(DATA), DIGEST, "")
    assert target.read_bytes() == DATA
    assert left(target) == ["weights.bin"]
    assert seen[-1] == (len(DATA), len(DATA))
    assert seen == sorted(seen)
    assert "Range" not in server.asked[0]
    assert server.asked[0]["Accept-Encoding"] == "identity"


def test_an_older_file_is_replaced_only_by_a_whole_one(server, target):
    target.parent.mkdir()
    target.write_bytes(b"old")
    server.codes = [404]
    with pytest.raises(DownloadFailed):
        fetch(server, target)
    assert target.read_bytes() == b"old"
    assert fetch(server, target)
    assert target.read_bytes() == DATA


def test_after_a_break_it_goes_on_where_it_was(server, target):
    server.cuts = [CUT, 100_000]
    assert fetch(server, target)
    assert target.read_bytes() == DATA
    assert [ask.get("Range") for ask in server.asked] == [
        None,
        f"bytes={CUT}-",
        f"bytes={CUT + 100_000}-",
    ]
    assert [ask.get("If-Range") for ask in server.asked] == [None, '"one"', '"one"']


def test_a_date_serves_where_there_is_no_strong_tag(server, target):
    server.etag, server.modified = 'W/"weak"', "Sat, 01 Jan 2022 00:00:00 GMT"
    server.cuts = [CUT]
    assert fetch(server, target, digest="", expected=Expected())
    assert server.asked[1].get("If-Range") == server.modified


def test_breaks_that_bring_something_new_do_not_count(server, target):
    server.cuts = [100_000] * 9
    assert fetch(server, target)
    assert len(server.asked) == 10


def test_patience_ends_and_what_arrived_is_kept(server, target):
    server.cuts = [CUT, 0, 0, 0]
    sentence = refused(server, target, "kept", "3 times", "127.0.0.1")
    assert f"{CUT} of {len(DATA)}" in sentence
    assert partial_size(target) == CUT
    server.cuts = []
    assert fetch(server, target)
    assert server.asked[-1]["Range"] == f"bytes={CUT}-"
    assert target.read_bytes() == DATA


def test_a_server_that_breaks_off_at_one_place_for_ever_is_given_up(server, target):
    server.ranges, server.cuts = False, [CUT] * 50
    refused(server, target, "kept")
    assert len(server.asked) == 1 + QUICK.retries


def test_a_server_without_ranges_starts_again(server, target):
    server.ranges, server.cuts = False, [CUT]
    assert fetch(server, target)
    assert server.asked[1]["Range"] == f"bytes={CUT}-"
    assert target.read_bytes() == DATA


def test_a_file_that_changes_midway_is_fetched_from_the_start(server, target):
    other = bytes(reversed(DATA))
    server.cuts = [CUT]

    def change():
        server.data, server.etag = other, '"two"'

    server.after = change
    arrival = fetch(server, target, expected=Expected())
    assert target.read_bytes() == other
    assert arrival.digest == hashlib.sha256(other).hexdigest()


def test_a_server_that_overlooks_the_change_is_not_believed(server, target, monkeypatch):
    other = bytes(reversed(DATA))
    server.cuts = [CUT]

    def change():
        server.data, server.etag = other, '"two"'

    def believe(handler, plan):
        return int(handler.headers.get("Range", "bytes=0-")[6:-1])

    server.after = change
    monkeypatch.setattr(Handler, "_start", believe)
    assert fetch(server, target, expected=Expected())
    assert target.read_bytes() == other
    assert "Range" not in server.asked[-1]


def test_another_part_than_asked_for_is_not_used(server, target):
    server.cuts, server.shift = [CUT], 1000

    assert fetch(server, target)
    assert target.read_bytes() == DATA
    assert len(server.asked) == 3


def test_a_range_behind_the_end_starts_again(server, target):
    server.cuts = [CUT]
    server.after = lambda: setattr(server, "data", DATA[:1000])
    server.etag = ""
    assert fetch(server, target, digest=hashlib.sha256(DATA[:1000]).hexdigest())
    assert target.read_bytes() == DATA[:1000]


def test_without_any_means_to_know_the_file_again_it_starts_again(server, target):
    server.etag, server.cuts = "", [CUT]
    assert fetch(server, target, expected=Expected())
    assert "Range" not in server.asked[1]
    assert target.read_bytes() == DATA


def test_a_part_from_another_address_is_not_continued(server, target):
    server.cuts = [CUT] + [0] * 3
    refused(server, target)
    assert download(server.url("/other"), target, expected=Expected(DIGEST), patience=QUICK)
    assert "Range" not in server.asked[-1]


@pytest.mark.parametrize("note", ["", "[]", "{", '{"url": 3}', '{"strange": 1}'])
def test_a_part_whose_note_is_damaged_is_not_continued(server, target, note):
    target.parent.mkdir()
    (target.parent / "weights.bin.partial").write_bytes(b"x" * CUT)
    (target.parent / "weights.bin.partial.json").write_text(note)
    assert fetch(server, target)
    assert target.read_bytes() == DATA


def test_what_was_complete_before_a_crash_needs_no_server(server, target):
    target.parent.mkdir()
    (target.parent / "weights.bin.partial").write_bytes(DATA)
    note = {"url": server.url(), "size": len(DATA), "validator": '"one"', "announced": ""}
    (target.parent / "weights.bin.partial.json").write_text(json.dumps(note))
    assert fetch(server, target)
    assert server.asked == []
    assert left(target) == ["weights.bin"]


def test_garbage_is_removed_and_said(server, target):
    server.data = b"x" * len(DATA)
    refused(server, target, "checksum", "removed", "weights.bin")
    assert left(target) == []


def test_garbage_in_a_continued_part_is_removed(server, target):
    server.cuts = [CUT]
    server.after = lambda: setattr(server, "data", b"x" * len(DATA))
    refused(server, target, "checksum")
    assert left(target) == []
    assert fetch(server, target, digest="", expected=Expected()).digest != DIGEST


def test_the_first_digits_of_a_checksum_are_enough(server, target):
    assert fetch(server, target, digest=DIGEST[:8].upper())
    refused(server, target.with_name("b"), "checksum", digest="0" * 8)


def test_the_checksum_the_host_announces_is_held(server, target):
    server.redirect = ("/weights.bin", {"X-Linked-Etag": f'"{DIGEST}"'})
    arrival = download(server.url("/moved"), target, patience=QUICK)
    assert arrival.announced == DIGEST
    server.data = b"x" * len(DATA)
    with pytest.raises(DownloadFailed, match="checksum"):
        download(server.url("/moved"), target.with_name("b"), patience=QUICK)
    assert left(target) == ["weights.bin"]


def test_a_host_that_announces_another_checksum_is_refused_at_once(server, target):
    server.redirect = ("/weights.bin", {"X-Linked-Etag": f'"{"0" * 64}"'})
    with pytest.raises(DownloadFailed, match="published"):
        download(server.url("/moved"), target, expected=Expected(DIGEST), patience=QUICK)
    assert left(target) == []


def test_a_redirect_keeps_the_range(server, target):
    server.redirect, server.cuts = ("/weights.bin", {}), [CUT]
    assert download(server.url("/moved"), target, expected=Expected(DIGEST), patience=QUICK)
    assert server.asked[-1]["Range"] == f"bytes={CUT}-"


@pytest.mark.parametrize("place", ["file:///etc/hosts", "ftp://127.0.0.1/x"])
def test_a_redirect_to_another_kind_of_address_is_refused(server, target, place):
    server.redirect = (place, {})
    with pytest.raises(DownloadFailed):
        download(server.url("/moved"), target, patience=QUICK)
    assert left(target) == []


def test_a_redirect_out_of_encryption_is_refused():
    asked = web.request.Request("https://example.org/a")
    with pytest.raises(DownloadFailed, match="encryption"):
        web._Redirects().redirect_request(asked, None, 302, "", {}, "http://example.org/a")


@pytest.mark.parametrize(
    "url", ["file:///etc/hosts", "ftp://a/b", "http://", "weights", "http://["]
)
def test_other_addresses_are_refused(tmp_path, url):
    with pytest.raises(DownloadFailed, match="no http address"):
        download(url, tmp_path / "a")


def test_a_wrong_length_is_refused_before_anything_is_written(server, target):
    refused(server, target, "expected", expected=Expected(DIGEST, size=len(DATA) + 1))
    refused(server, target, "at most", expected=Expected(DIGEST, most=1000))
    assert left(target) == []


def test_a_server_that_promises_more_than_it_sends_is_given_up(server, target):
    server.promised = len(DATA) + 10
    refused(server, target, "kept")
    assert partial_size(target) == len(DATA)


def test_without_a_length_the_checksum_decides(server, target):
    server.length = False
    assert fetch(server, target)
    assert target.read_bytes() == DATA


def test_without_a_length_too_much_is_cut_off(server, target):
    server.length = False
    refused(server, target, "more than", expected=Expected(DIGEST, most=1000))
    assert left(target) == []


def test_without_length_and_checksum_it_is_refused(server, target):
    server.length = False
    refused(server, target, "how long", expected=Expected())
    assert left(target) == []


@pytest.mark.parametrize("code", [404, 403, 401, 410])
def test_a_refusal_is_not_repeated(server, target, code):
    server.codes = [code] * 9
    refused(server, target, str(code), "/weights.bin")
    assert len(server.asked) == 1
    assert left(target) == []


def test_what_is_not_there_can_be_told_apart(server, target):
    server.codes = [404]
    with pytest.raises(NotThere):
        fetch(server, target)


def test_a_server_in_trouble_is_asked_again(server, target):
    server.codes = [500, 503]
    assert fetch(server, target)
    server.codes = [500] * 9
    refused(server, target.with_name("b"), "500", "try again")


def test_a_page_is_no_file(server, target):
    server.kind = "text/html; charset=utf-8"
    refused(server, target, "page")
    server.kind, server.headers = "application/x", {"Content-Encoding": "gzip"}
    refused(server, target, "page")
    assert left(target) == []


def test_silence_is_a_break(server, target):
    server.silent_after = CUT
    assert fetch(server, target)
    assert server.asked[1]["Range"] == f"bytes={CUT}-"


def test_a_machine_without_network(target, monkeypatch):
    def fail(*_, **__):
        raise socket.gaierror(-2, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", fail)
    monkeypatch.setenv("no_proxy", "*")
    with pytest.raises(DownloadFailed, match="Name or service not known"):
        download("https://example.org/a", target, patience=QUICK)
    assert left(target) == []


def test_a_stop_keeps_what_arrived(server, target):
    calls = []

    def stopped():
        calls.append(1)
        return partial_size(target) > 0

    assert fetch(server, target, stopped=stopped) is None
    assert not target.exists()
    have = partial_size(target)
    assert 0 < have < len(DATA)
    assert fetch(server, target)
    assert server.asked[-1]["Range"] == f"bytes={have}-"
    assert target.read_bytes() == DATA


def test_a_stop_ends_the_wait(server, target):
    server.codes = [500] * 9
    waiting = []

    def stopped():
        waiting.append(1)
        return len(waiting) > 3

    assert fetch(server, target, stopped=stopped, patience=Patience(5, 60.0, 0.3)) is None


def test_a_file_of_the_wrong_kind_is_removed(server, target):
    def check(arrival):
        assert arrival.path.read_bytes() == DATA
        assert arrival.digest == DIGEST
        raise CheckpointError("This is no CLIP.")

    with pytest.raises(CheckpointError, match="no CLIP"):
        fetch(server, target, check=check)
    assert left(target) == []


def test_a_full_disk_is_said_before_the_first_byte(server, target, monkeypatch):
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr(shutil, "disk_usage", lambda place: usage(1, 1, 1000))
    refused(server, target, "1 MB are needed", "make room")
    assert left(target) == []


def test_a_place_that_cannot_be_written_is_one_sentence(server, tmp_path):
    (tmp_path / "deep").write_text("a file where a folder belongs")
    refused(server, tmp_path / "deep" / "weights.bin", "could not be written")
