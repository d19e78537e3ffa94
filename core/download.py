"""Large files over http: resumed after a break, checked, and put in place whole."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import asdict, dataclass
from pathlib import Path

from cascadeclip.core.errors import CascadeClipError, DownloadFailed
from cascadeclip.core.web import Answer, BrokenOff, RangeRefused, ask, host_of

_CHUNK = 1 << 18
_LONGEST_PAUSE = 30.0
_KEPT = "what arrived is kept, and the same request continues"

Report = Callable[[int, int], None]
Check = Callable[[], bool]


@dataclass(frozen=True, slots=True)
class Patience:
    """Say how often an attempt that brought nothing new is repeated, and how long to wait.

    `pause` seconds are waited before the first repetition, twice as many before each further one;
    a server silent for `timeout` seconds has broken off.
    """

    retries: int = 5
    pause: float = 1.0
    timeout: float = 20.0


@dataclass(frozen=True, slots=True)
class Expected:
    """Say what is known of a file before it arrives.

    `digest` is its SHA-256 in hex or that one's first digits (at least 8), `size` its bytes,
    `most` the most bytes that are accepted.
    """

    digest: str = ""
    size: int | None = None
    most: int | None = None


@dataclass(frozen=True, slots=True)
class Arrival:
    """Hold what arrived: the file, its bytes, its SHA-256, and the one its host announced or ''."""

    path: Path
    size: int
    digest: str
    announced: str


@dataclass(frozen=True, slots=True)
class _Note:
    """Stand beside a partial file: where it comes from and how it is known again."""

    url: str
    size: int | None = None
    validator: str = ""
    announced: str = ""


def download(
    url: str,
    target: Path,
    *,
    expected: Expected | None = None,
    check: Callable[[Arrival], None] | None = None,
    progress: Report | None = None,
    stopped: Check | None = None,
    patience: Patience | None = None,
) -> Arrival | None:
    """Fetch `url` (http or https) to `target`, replaced as a whole; return None when stopped.

    `check` sees the whole file, still at another path, and raises CascadeClipError for one of the
    wrong kind. `progress(bytes here, bytes in
    all or 0)` is called as bytes arrive. What arrived before a stop or a break stays beside as
    `<target>.partial`, and the next call continues it. Raise DownloadFailed with one sentence;
    then `target` is as it was before.
    """
    fetch = _Fetch(url, target, expected or Expected(), patience or Patience())
    fetch.check = check or fetch.check
    fetch.progress = progress or fetch.progress
    fetch.stopped = stopped or fetch.stopped
    return fetch.run()


def partial_size(target: Path) -> int:
    """Return how many bytes of `target` an earlier call left beside it."""
    partial = _beside(target, ".partial")
    return partial.stat().st_size if partial.exists() else 0


def require_room(folder: Path, needed: int) -> None:
    """Raise DownloadFailed unless the disk of `folder` has `needed` bytes free."""
    place = next(one for one in (folder.absolute(), *folder.absolute().parents) if one.exists())
    free = shutil.disk_usage(place).free
    if free < needed:
        raise DownloadFailed(
            f"{needed / 1e6:.0f} MB are needed at {place} and {free / 1e6:.0f} MB are free: "
            "make room or choose another folder."
        )


def _beside(target: Path, ending: str) -> Path:
    return target.with_name(target.name + ending)


class _Fetch:
    """Carry one download through its attempts."""

    def __init__(self, url: str, target: Path, expected: Expected, patience: Patience) -> None:
        self.url, self.target = url, target
        self.expected, self.patience = expected, patience
        self.host, self.file = host_of(url), target.name
        self.partial = _beside(target, ".partial")
        self.notes = _beside(target, ".partial.json")
        self.check: Callable[[Arrival], None] = lambda arrival: None
        self.progress: Report = lambda done, total: None
        self.stopped: Check = lambda: False

    def run(self) -> Arrival | None:
        """Repeat attempts until the file is here, somebody stops, or patience ends."""
        try:
            note = self._insist()
            return None if note is None else self._finish(note)
        except OSError as error:
            raise DownloadFailed(
                f"{self.file} could not be written ({error.strerror or error}): free some space "
                f"or choose another folder; {_KEPT}."
            ) from error

    def _insist(self) -> _Note | None:
        best, failures = partial_size(self.target), 0
        while not self.stopped():
            try:
                return self._attempt()
            except BrokenOff as error:
                have = partial_size(self.target)
                # A server that always breaks off at one place brings nothing new.
                failures = 1 if have > best else failures + 1
                best = max(best, have)
                if failures > self.patience.retries:
                    raise DownloadFailed(
                        f"The download of {self.file} from {self.host} failed {failures} times "
                        f"({error}): try again later, {_KEPT}."
                    ) from error
                self._rest(failures)
        return None

    def _rest(self, failures: int) -> None:
        pause = min(self.patience.pause * 2 ** (failures - 1), _LONGEST_PAUSE)
        until = time.monotonic() + pause
        while time.monotonic() < until and not self.stopped():
            time.sleep(min(0.1, pause))

    def _drop(self) -> None:
        self.partial.unlink(missing_ok=True)
        self.notes.unlink(missing_ok=True)

    def _known(self) -> _Note:
        """Return the note of a partial file that may be continued; drop any other."""
        try:
            note = _Note(**json.loads(self.notes.read_text(encoding="utf-8")))
        except (OSError, ValueError, TypeError):
            note = _Note("")
        have = partial_size(self.target)
        sure = note.validator or note.announced or self.expected.digest
        if have and note.url == self.url and sure and (note.size is None or have <= note.size):
            return note
        self._drop()
        return _Note(self.url)

    def _attempt(self) -> _Note | None:
        """Fetch what is missing; return None when stopped before the end."""
        note, have = self._known(), partial_size(self.target)
        if have and note.size == have:
            return note
        try:
            answer = ask(
                self.url, start=have, validator=note.validator, timeout=self.patience.timeout
            )
        except RangeRefused:
            self._drop()
            raise
        with closing(answer.body):
            fresh = _Note(self.url, answer.size, answer.validator, answer.announced)
            self._continue(answer.start, have, note, fresh)
            self._accept(answer)
            start = answer.start or 0
            require_room(self.target.parent, (fresh.size or 0) - start)
            self.target.parent.mkdir(parents=True, exist_ok=True)
            if start == 0:
                self._drop()  # the note must never stand beside bytes of another file
            self.notes.write_text(json.dumps(asdict(fresh)), encoding="utf-8")
            return fresh if self._stream(answer, start) else None

    def _continue(self, start: int | None, have: int, note: _Note, fresh: _Note) -> None:
        """See that the answer begins where it may; a part of another file is never continued."""
        if start == 0:
            return  # also from a server that knows no ranges, or whose file has changed
        same = (note.validator, note.announced) == (fresh.validator, fresh.announced)
        if start is None or start != have or not same or note.size not in (None, fresh.size):
            self._drop()
            raise BrokenOff("the server sent another part than asked for")

    def _accept(self, answer: Answer) -> None:
        """Refuse, before a byte is written, what cannot be the file."""
        expected, size = self.expected, answer.size
        if answer.page:
            problem = "a page instead of a file"
        elif answer.announced and not answer.announced.startswith(expected.digest.lower()):
            problem = "a file with another checksum than the published one"
        elif expected.size is not None and size not in (None, expected.size):
            problem = f"{size} bytes where {expected.size} were expected"
        elif expected.most is not None and (size or 0) > expected.most:
            problem = f"{size} bytes where at most {expected.most} were expected"
        elif size is None and not (expected.digest or answer.announced or expected.size):
            problem = "something without saying how long it is"
        else:
            return
        self._drop()
        raise DownloadFailed(
            f"{self.host} offers {problem} for {self.file}: nothing was written, "
            "try again later or fetch the file by hand."
        )

    def _stream(self, answer: Answer, start: int) -> bool:
        """Write what arrives behind the first `start` bytes; tell whether it is all."""
        have, total = start, answer.size
        most = self.expected.size if self.expected.size is not None else self.expected.most
        stopped = too_long = False
        with self.partial.open("r+b" if start else "wb") as file:
            file.seek(start)
            while not (stopped or too_long) and (chunk := answer.read(_CHUNK)):
                file.write(chunk)
                have += len(chunk)
                too_long = most is not None and have > most
                self.progress(have, total or 0)
                stopped = self.stopped()
            file.flush()
            os.fsync(file.fileno())
        if too_long:
            self._refuse_length(most)
        if total is not None and have < total and not stopped:
            raise BrokenOff(f"the connection ended at {have} of {total} bytes")
        return have == total if total is not None else not stopped

    def _refuse_length(self, most: int | None) -> None:
        self._drop()
        raise DownloadFailed(
            f"{self.host} sent more than the expected {most} bytes for {self.file}: "
            "nothing was kept, fetch the file by hand."
        )

    def _finish(self, note: _Note) -> Arrival:
        """Check the whole file and put it in place; one that is wrong is removed."""
        with self.partial.open("rb") as file:
            found = hashlib.file_digest(file, "sha256").hexdigest()
        have = partial_size(self.target)
        right = found.startswith(self.expected.digest.lower()) and note.announced in ("", found)
        if not right or self.expected.size not in (None, have):
            self._drop()
            raise DownloadFailed(
                f"What {self.host} sent is not {self.file} (its checksum or length is wrong): "
                "it was removed, download it again."
            )
        try:
            self.check(Arrival(self.partial, have, found, note.announced))
        except CascadeClipError:
            self._drop()
            raise
        self.partial.replace(self.target)
        self.notes.unlink(missing_ok=True)
        return Arrival(self.target, have, found, note.announced)
