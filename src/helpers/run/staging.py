"""A folder of results appears all at once or not at all."""

import shutil
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
