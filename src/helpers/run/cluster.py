"""The workers of a `dask.distributed` cluster as an executor of batches. See docs/cluster.md.

What dask does for a batch: a report whose worker died is given to another one. What it does not do, and is done here: workers
that would make other reports are refused before the first is made, and no kernel outlives the batch.
"""

from __future__ import annotations

import asyncio
import tempfile
import uuid
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from distributed import Client, Worker, WorkerPlugin

from helpers.data.faults import DataError
from helpers.parameters import ParameterError
from helpers.run.console import undisturbed
from helpers.run.fingerprint import read_inputs
from helpers.run.identity import Identity, identity, refusal
from helpers.run.making import end_batch, rest_others
from helpers.run.target import Target

SCHEME = "dask"
# Seconds for a scheduler to answer, and then for a first worker to be there.
ANSWER = 5
FIRST_WORKER = 10


class Cluster(Executor):
    """An executor of a batch on the workers that a scheduler has; use `open_cluster`.

    name: of the batch, see `Options`. threads: reports that the workers make at once, as far as they are there now.
    """

    def __init__(self, client: Client, name: str):
        self._client, self.name = client, name
        # Not pure: the same report may have to be made twice. No retries: what went wrong in a report is told in its outcome.
        self._executor = client.get_executor(pure=False)

    @property
    def threads(self) -> int:
        """Reports at once."""
        return sum(self._client.nthreads().values())

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        """See `concurrent.futures.Executor`. A future that is cancelled leaves its worker at it; see `open_cluster`."""
        future: Future[Any] = self._executor.submit(fn, *args, **kwargs)
        return future

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """See `concurrent.futures.Executor`."""
        self._executor.shutdown(wait=wait and not cancel_futures)


class _Kernels(WorkerPlugin):
    """On every worker that is there or comes: what a killed batch has left is ended first, the batch's own kernels at last.

    It is taken off at the end of the batch, and by a worker that closes.
    """

    def __init__(self, batch: str):
        self.name, self.batch = f"cityreport-{batch}", batch

    async def setup(self, worker: Worker) -> None:
        """Called when the batch begins, or the worker."""
        await asyncio.to_thread(rest_others, self.batch)

    async def teardown(self, worker: Worker) -> None:
        """Called when the batch ends, or the worker; reports that are being made are ended."""
        await asyncio.to_thread(end_batch, self.batch)


@contextmanager
def open_cluster(address: str, out: Path | Target) -> Iterator[Cluster]:
    """The workers of the scheduler at `address` (dask://HOST:PORT), all of which can make this checkout's reports to `out`.

    At the end their kernels are ended, and with them the reports that are being made. Raises ParameterError if there is no
    scheduler, no worker, or one that cannot make the same reports as this process.
    """
    name = uuid.uuid4().hex
    with ExitStack() as stack:
        client = _connect(address)
        stack.callback(client.close, timeout=ANSWER)
        _refuse_unfit(client, address, out)
        plugin = _Kernels(name)
        stack.callback(_take_off, client, plugin.name)
        client.register_plugin(plugin, name=plugin.name)
        yield Cluster(client, name)


def scheduler_address(address: str) -> str:
    """`tcp://HOST:PORT` from `dask://HOST:PORT`. Raises ParameterError."""
    parts = urlsplit(address)
    with suppress(ValueError):  # raised by a port that is no number
        if parts.scheme == SCHEME and parts.hostname and parts.port and not parts.path.strip("/"):
            return f"tcp://{parts.netloc}"
    raise ParameterError([f"--executor: {address!r} is not of the form dask://HOST:PORT."])


def _connect(address: str) -> Client:
    scheduler = scheduler_address(address)
    try:
        client = Client(scheduler, timeout=ANSWER, set_as_default=False)
    except OSError as error:
        words = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise ParameterError(
            [f"--executor: no scheduler answers at {address!r} within {ANSWER} s ({words})."]
        ) from None
    try:
        client.wait_for_workers(1, timeout=FIRST_WORKER)
    except TimeoutError:
        client.close(timeout=ANSWER)
        raise ParameterError(
            [f"--executor: the scheduler at {address!r} has no worker after {FIRST_WORKER} s."]
        ) from None
    return client


def _refuse_unfit(client: Client, address: str, out: Path | Target) -> None:
    """Raises ParameterError naming each worker that is unfit, and why."""
    with ExitStack() as stack:
        if isinstance(out, Path):
            try:
                out.mkdir(parents=True, exist_ok=True)
                seen = stack.enter_context(tempfile.NamedTemporaryFile(dir=out, prefix=".cityreport-"))
            except OSError as error:
                raise ParameterError([f"--out: cannot write in {str(out)!r}: {error.strerror}."]) from None
            out = Path(seen.name).resolve()
        answers = client.run(unfit, identity(read_inputs()), out, on_error="return")
    faults = [f"--executor: {worker} of {address}: {words}" for worker, words in sorted(answers.items()) if words]
    if faults:
        raise ParameterError(faults)


def unfit(made_from: Identity, out: Path | Target) -> str | None:
    """Why this process cannot make reports from `made_from` to `out`, of which a folder shows a file; None if it can."""
    try:
        if refused := refusal(made_from):
            return refused
        if isinstance(out, Target):
            out.check()
        elif not out.is_file():
            return f"does not share the folder --out, {str(out.parent)!r}; give a URL instead, see docs/cluster.md"
    except (DataError, ParameterError) as error:
        return "; ".join(map(str, error.faults))
    return None


def _take_off(client: Client, plugin: str) -> None:
    with undisturbed(), suppress(Exception):  # the scheduler or workers may be gone, and with them their kernels
        client.unregister_worker_plugin(plugin)
