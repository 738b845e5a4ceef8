"""A folder of results appears all at once or not at all."""

import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


def blocking_file(folder: Path) -> Path | None:
    """The file that stands where `folder` or one of its parents would be; None if nothing is in the way."""
    return next((path for path in (folder, *folder.parents) if path.exists() and not path.is_dir()), None)


def swap(staging: Path, target: Path) -> None:
    """Put the finished folder in place; what stood there before is moved aside first and then removed."""
    staging.chmod(0o755)  # mkdtemp makes private folders; results are to be read by others
    old = staging.with_name(staging.name + "-old")
    if target.exists():
        target.rename(old)
    staging.rename(target)
    shutil.rmtree(old, ignore_errors=True)


@contextmanager
def staged(target: Path) -> Iterator[Path]:
    """An empty folder beside `target` in which it is made, removed at the end unless `swap` has put it in place.

    What an earlier run of the same target that was killed has left is put in order first.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    recover(target)
    staging = Path(tempfile.mkdtemp(prefix=f".{target.name}-", dir=target.parent))
    lock = os.open(staging, os.O_RDONLY) if sys.platform != "win32" else None
    try:
        if lock is not None:
            _locked(lock)
        yield staging
    finally:
        shutil.rmtree(staging, ignore_errors=True)
        if lock is not None:
            os.close(lock)


def recover(target: Path) -> None:
    """Remove the unfinished folders of runs that are no more; if one was killed within `swap`, put its old folder back."""
    if sys.platform == "win32":
        return
    for folder in sorted(target.parent.glob(f".{target.name}-*")):
        try:
            lock = os.open(folder, os.O_RDONLY)
        except FileNotFoundError:
            continue  # removed at this moment by the fork server of the run that is no more
        try:
            if not _locked(lock):
                continue  # a run that is still at work
            if folder.name.endswith("-old") and not target.exists():
                folder.rename(target)
            else:
                shutil.rmtree(folder, ignore_errors=True)
        finally:
            os.close(lock)


def _locked(folder: int) -> bool:
    """Lock an open folder until it is closed or this process ends; False if another one holds the lock."""
    if sys.platform == "win32":
        return False
    import fcntl

    try:
        fcntl.flock(folder, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def write_whole(path: Path, text: str) -> None:
    """Put a file in place by a rename: nobody reads half of it, and what stood there stays if it cannot be written."""
    descriptor, name = tempfile.mkstemp(prefix=f".{path.name}-", dir=path.parent)
    new = Path(name)
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8", newline="\n") as stream:
            stream.write(text)
        new.chmod(0o644)  # a temporary file is private; results are to be read by others
        new.replace(path)
    except BaseException:
        new.unlink(missing_ok=True)
        raise
