"""One request over http or https: what the answer says, what may be tried again, what may not."""

from __future__ import annotations

import http.client
import re
import ssl
from dataclasses import dataclass
from email.message import Message
from http import HTTPStatus
from typing import IO, cast
from urllib import request
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit

from cascadeclip.core.errors import DownloadFailed

_AGAIN = frozenset({408, 425, 429, 500, 502, 503, 504})
_GONE = frozenset({HTTPStatus.NOT_FOUND, HTTPStatus.GONE})
_SHA256 = re.compile(r"[0-9a-f]{64}")
_SPAN = re.compile(r"bytes (\d+)-(\d+)/(\d+)")


class BrokenOff(Exception):
    """Report a request that failed and may be repeated."""


class RangeRefused(BrokenOff):
    """Report that the server has no such part: its file has changed."""


class NotThere(DownloadFailed):
    """Report that the server has no such file."""


@dataclass(frozen=True, slots=True, eq=False)
class Answer:
    """Hold an open answer and what it says.

    `size` is the whole file's bytes or None, `start` the byte the body begins at, or None where
    the answer is no file or a part that does not reach the end. `validator` is what knows this
    very file again (an entity tag or a date, or ''), `announced` the SHA-256 the host told on
    the way, or ''; `page` says that a page came instead of a file.
    """

    body: http.client.HTTPResponse
    size: int | None
    start: int | None
    validator: str
    announced: str
    page: bool

    def read(self, most: int) -> bytes:
        """Read up to `most` bytes as they arrive, none at the end; raise BrokenOff."""
        try:
            return self.body.read1(most)
        except (OSError, http.client.HTTPException) as error:
            raise BrokenOff(_words(error)) from error


def host_of(url: str) -> str:
    """Return the host of an http or https address; raise DownloadFailed for any other."""
    try:
        parts = urlsplit(url)
        host = parts.hostname if parts.scheme in ("http", "https") else None
    except ValueError:
        host = None
    if not host:
        raise DownloadFailed(f"{url!r} is no http address: check it.")
    return host


def ask(url: str, *, start: int, validator: str, timeout: float) -> Answer:
    """Ask for `url` from byte `start` on; the caller closes the body.

    With `validator` a changed file comes whole. A server silent for `timeout` seconds has broken
    off. Raise BrokenOff for what may be tried again, NotThere or DownloadFailed for the rest.
    """
    headers = {"User-Agent": "cascadeclip", "Accept-Encoding": "identity"}
    if start:
        headers["Range"] = f"bytes={start}-"
    if start and validator:
        headers["If-Range"] = validator
    redirects = _Redirects()
    asked = request.Request(url, headers=headers)  # noqa: S310 - the opener knows only http
    try:
        body = _opener(redirects).open(asked, timeout=timeout)
    except HTTPError as error:
        with error:
            raise _refusal(url, error.code) from error
    except (OSError, http.client.HTTPException) as error:
        raise _failure(url, error) from error
    return _answer(cast("http.client.HTTPResponse", body), redirects.announced)


class _Redirects(request.HTTPRedirectHandler):
    """Follow redirects to http and https, never from https to http; hear what they announce."""

    def __init__(self) -> None:
        self.announced = ""

    def redirect_request(
        self,
        req: request.Request,
        fp: IO[bytes],
        code: int,
        msg: str,
        headers: http.client.HTTPMessage,
        newurl: str,
    ) -> request.Request | None:
        """Return the request that follows, or raise DownloadFailed."""
        host_of(newurl)
        if req.type == "https" and urlsplit(newurl).scheme != "https":
            raise DownloadFailed(
                f"{req.host} sends the download to a place without encryption: "
                "it was not followed, fetch the file by hand."
            )
        # The hub's own header: the SHA-256 of the large file behind the redirect.
        told = headers.get("X-Linked-Etag", "").strip('"').lower()
        if _SHA256.fullmatch(told):
            self.announced = told
        return super().redirect_request(req, fp, code, msg, headers, newurl)


def _opener(redirects: _Redirects) -> request.OpenerDirector:
    # Not build_opener: it would also read file: and ftp: addresses.
    opener = request.OpenerDirector()
    for handler in (
        request.ProxyHandler(),
        request.HTTPHandler(),
        request.HTTPSHandler(),
        request.HTTPDefaultErrorHandler(),
        request.HTTPErrorProcessor(),
        request.UnknownHandler(),
        redirects,
    ):
        opener.add_handler(handler)
    return opener


def _answer(body: http.client.HTTPResponse, announced: str) -> Answer:
    headers: Message = body.headers
    tag = headers.get("ETag", "")
    length = headers.get("Content-Length", "")
    size, start = (int(length) if length.isdecimal() else None), None
    if body.status == HTTPStatus.OK:
        start = 0
    span = _SPAN.fullmatch(headers.get("Content-Range", ""))
    if body.status == HTTPStatus.PARTIAL_CONTENT and span is not None:
        size = int(span[3])
        start = int(span[1]) if int(span[2]) + 1 == size else None
    packed = headers.get("Content-Encoding", "identity") != "identity"
    return Answer(
        body=body,
        size=size,
        start=start,
        # A weak tag does not promise the same bytes.
        validator=headers.get("Last-Modified", "") if tag[:2] in ("", "W/") else tag,
        announced=announced,
        page=packed or headers.get_content_type() == "text/html",
    )


def _refusal(url: str, code: int) -> Exception:
    if code == HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE:
        return RangeRefused("the server's file has changed")
    if code in _AGAIN:
        return BrokenOff(f"the server answers {code}")
    kind = NotThere if code in _GONE else DownloadFailed
    return kind(
        f"{host_of(url)} does not give out {urlsplit(url).path} (it answers {code}): "
        "check the name, or fetch the file by hand."
    )


def _failure(url: str, error: Exception) -> Exception:
    reason = error.reason if isinstance(error, URLError) else error
    if isinstance(reason, ssl.SSLCertVerificationError):
        return DownloadFailed(
            f"{host_of(url)} could not prove who it is ({reason.verify_message}): "
            "check the clock and the network of this machine."
        )
    return BrokenOff(_words(reason))


def _words(reason: object) -> str:
    if isinstance(reason, TimeoutError):
        return "the server fell silent"
    text = getattr(reason, "strerror", None) or str(reason) or type(reason).__name__
    return " ".join(str(text).split())[:120]
