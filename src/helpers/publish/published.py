"""A published report as its manifest tells it: what `cityreport verify` and the gallery need of manifest.json."""

from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from helpers.publish.manifest import MANIFEST


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, strict=True, extra="ignore")


class File(_Part):
    """A file of the report and the hash it had."""

    path: str
    sha256: str


class Source(File):
    """A file that the report was made from; `kind` as in manifest.schema.json."""

    kind: str


class Result(_Part):
    """Where the place stands in the open index of a universe: rank of n, range of the rank, points."""

    rank: int
    n: int
    low: int
    high: int
    score: float


class Data(_Part):
    """The data: date (a year, a month or a day) and hash."""

    date: str
    sha256: str


class Code(_Part):
    """The hash of package and notebooks."""

    sha256: str


class Asked(BaseModel):
    """The parameters; those that only some reports differ in are kept under their names."""

    model_config = ConfigDict(frozen=True, strict=True, extra="allow")

    place: str
    universe: str
    language: Literal["de", "en"]


class Published(_Part):
    """A report of manifest format 1."""

    format: Literal[1]
    cityreport: str
    parameters: Asked
    place: str
    result: dict[str, Result]
    data: Data
    code: Code
    inputs: list[Source]
    outputs: list[File]

    @property
    def standing(self) -> Result | None:
        """The result in the report's own universe."""
        return self.result.get(self.parameters.universe)


def read_published(folder: Path) -> Published:
    """The report in `folder`. Raises ValueError, in one line, if its manifest is absent, broken or of another format."""
    path = folder / MANIFEST
    try:
        return Published.model_validate_json(path.read_bytes())
    except FileNotFoundError:
        raise ValueError(f"no {MANIFEST}") from None
    except OSError as error:
        raise ValueError(f"{MANIFEST} cannot be read: {error.strerror}") from None
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise ValueError(f"{MANIFEST} is not one of this version: {where or 'file'}: {first['msg']}") from None
