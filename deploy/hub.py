"""Put the Space folder on Hugging Face: create, upload in one commit, wait until it runs, ask it one question.

    python -m deploy.hub NAME/SPACE [--hardware cpu-basic|zero] [--dry-run]

All files go up in one commit, so the Space never builds from half of them, and what is no longer part of it is deleted
in the same commit. Going back is another deploy from the older state of the project.
"""

from __future__ import annotations

import argparse
import re
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx2
from huggingface_hub import CommitOperationAdd, CommitOperationDelete, HfApi, get_token
from huggingface_hub.errors import RepositoryNotFoundError

from corpus.cli import run
from corpus.settings import ROOT, read_settings
from deploy.checks import files_of
from deploy.errors import DeployError
from deploy.refusals import NO_TOKEN, READ_ONLY, explain
from deploy.smoke import smoke
from deploy.space import flavour, listing, write_space
from deploy.starters import first_question

NAME = re.compile(r"[\w.-]+/[\w.-]{1,96}")
OURS = "ask-the-article"  # a tag of our own, by which a Space is known to be one of ours
WAITING = ("BUILDING", "RUNNING_BUILDING", "APP_STARTING", "RUNNING_APP_STARTING")
ASLEEP = ("PAUSED", "STOPPED", "SLEEPING")
LOG_LINES = 25


@dataclass(frozen=True, slots=True)
class Plan:
    """What goes where; times in seconds."""

    space: str
    folder: Path
    hardware: str
    timeout: float
    poll: float


class Deployment:
    """One deployment; every step says what it does and explains its refusal."""

    def __init__(self, api: HfApi, plan: Plan, token: str) -> None:
        self.api, self.plan, self.token = api, plan, token

    def run(self) -> str:
        """Do it all and return the address of the running chat.

        Raises:
            DeployError: a step was refused or failed; the message names it and the remedy.
        """
        self._check_token()
        self._create_or_take()
        commit = self._upload()
        host = self._wait(commit)
        answer = smoke(host, first_question(self.plan.folder), self.token)
        _say(f"asked {answer['question']!r}: {answer['kind']}, {answer['quotes'][0]['text']!r}")
        return host

    def _check_token(self) -> None:
        with self._step("asking who the token belongs to"):
            who = self.api.whoami()
        access: dict[str, Any] = who.get("auth", {}).get("accessToken", {})
        if access.get("role") == "read":
            raise DeployError(READ_ONLY.format(name=access.get("displayName", "")))
        own = [who["name"], *(org["name"] for org in who.get("orgs", []))]
        namespace = self.plan.space.split("/")[0]
        if namespace not in own:
            raise DeployError(
                f"the token is {who['name']}'s and cannot write to {namespace}; allowed is {', '.join(own)}"
            )

    def _create_or_take(self) -> None:
        """Create the Space, or take the one that is there if it is one of ours; set its hardware."""
        space, hardware = self.plan.space, self.plan.hardware
        try:
            with self._step(f"looking for {space}"):
                info = self.api.space_info(space)
        except DeployError as error:
            if not isinstance(error.__cause__, RepositoryNotFoundError):
                raise
            with self._step(f"creating {space} on {hardware}"):
                self.api.create_repo(space, repo_type="space", space_sdk="gradio", space_hardware=hardware)  # type: ignore[arg-type]
            return
        if OURS not in (info.tags or []) and len(info.siblings or []) > 2:
            raise DeployError(f"{space} exists and is another app; choose another name, or delete that Space first")
        with self._step(f"asking for {hardware}"):
            if self.api.get_space_runtime(space).requested_hardware != hardware:
                self.api.request_space_hardware(space, hardware)  # type: ignore[arg-type]

    def _upload(self) -> str:
        """Upload everything and delete what is stale, in one commit; returns its id."""
        space, folder = self.plan.space, self.plan.folder
        names = {path.as_posix() for path in files_of(folder)}
        with self._step(f"uploading {len(names)} files"):
            stale = set(self.api.list_repo_files(space, repo_type="space")) - names
            adds = [CommitOperationAdd(name, folder / name) for name in sorted(names)]
            deletes = [CommitOperationDelete(name) for name in sorted(stale)]
            commit = self.api.create_commit(
                space, [*deletes, *adds], repo_type="space", commit_message="Deploy Ask the Article"
            )
            missing = names - set(self.api.list_repo_files(space, repo_type="space"))
        if missing:
            raise DeployError(
                f"the Hub left out {', '.join(sorted(missing)[:3])}; delete .gitignore in the Space and try again"
            )
        _say(f"uploaded, {len(stale)} stale files deleted: {commit.commit_url}")
        return commit.oid

    def _wait(self, commit: str) -> str:
        """Wait until the Space runs this commit and return its address."""
        space, deadline, told = self.plan.space, time.monotonic() + self.plan.timeout, ""
        while True:
            with self._step(f"waiting for {space}"):
                runtime = self.api.get_space_runtime(space)
            stage = str(getattr(runtime.stage, "value", runtime.stage))
            if stage != told:
                _say(f"stage {stage}")
                told = stage
            behind = runtime.raw.get("sha", commit) != commit
            if stage == "RUNNING" and not behind:
                with self._step("asking for its address"):
                    return str(self.api.space_info(space).host)
            if stage in ASLEEP and not behind:
                with self._step("waking it"):
                    self.api.restart_space(space)
            elif stage not in WAITING and not behind:
                raise DeployError(self._failure(stage, str(runtime.raw.get("errorMessage", ""))))
            if time.monotonic() > deadline:
                page = f"https://huggingface.co/spaces/{space}"
                raise DeployError(f"still {stage} after {self.plan.timeout:.0f} s; it may yet start, look at {page}")
            time.sleep(self.plan.poll)

    def _failure(self, stage: str, said: str) -> str:
        """What the platform says, and the last lines of the log that explains it."""
        with self._step("fetching the log"):
            lines = list(self.api.fetch_space_logs(self.plan.space, build=stage == "BUILD_ERROR"))
        log = "".join(f"    {line.rstrip()}\n" for line in lines[-LOG_LINES:])
        _say(f"the end of the log:\n{log}")
        why = f" ({said})" if said else ""
        return f"the Space stopped at {stage}{why}; the end of its log is above, and `make space` tries it here"

    @contextmanager
    def _step(self, step: str) -> Iterator[None]:
        try:
            yield
        except (httpx2.HTTPError, OSError, RuntimeError) as error:
            # A large file that is refused arrives wrapped in a RuntimeError.
            cause = (
                error.__cause__ if isinstance(error, RuntimeError) and isinstance(error.__cause__, Exception) else error
            )
            raise explain(cause, step, self.plan.space, self.plan.hardware) from error


def _say(line: str) -> None:
    sys.stdout.write(f"{line.rstrip()}\n")
    sys.stdout.flush()


def main(arguments: list[str]) -> int:
    """Run the command."""
    parser = argparse.ArgumentParser(prog="python -m deploy.hub", description="Put the chat on Hugging Face Spaces.")
    parser.add_argument("space", help="whose and what it is called: name/space")
    parser.add_argument("--hardware", default="cpu-basic", help="cpu-basic (default) or zero")
    parser.add_argument(
        "--dry-run", action="store_true", help="write and check the folder, say what would be done, do nothing"
    )
    parser.add_argument("--timeout", type=float, default=1800, help="seconds to wait until it runs (default 1800)")
    parser.add_argument("--poll", type=float, default=5, help="seconds between two looks (default 5)")
    asked = parser.parse_args(arguments)
    if not NAME.fullmatch(asked.space):
        raise DeployError(f"SPACE={asked.space} is no name of a Space; it must look like name/space")
    hardware = flavour(asked.hardware)
    if asked.dry_run:
        return _dry_run(asked.space, hardware, asked.hardware)
    token = get_token()
    if not token:
        raise DeployError(NO_TOKEN)
    folder = write_space(ROOT / "space", asked.hardware, read_settings())
    _say(listing(folder))
    plan = Plan(asked.space, folder, hardware, asked.timeout, asked.poll)
    _say(f"it runs: {Deployment(HfApi(token=token), plan, token).run()}")
    return 0


def _dry_run(space: str, hardware: str, asked: str) -> int:
    with tempfile.TemporaryDirectory() as name:
        folder = write_space(Path(name) / "space", asked, read_settings())
        _say(listing(folder))
    _say(
        f"dry run, nothing was touched; without it: create {space} on {hardware} if it is not there, upload these files"
    )
    _say("in one commit, delete every other file there, wait until it runs, ask it one question")
    return 0


if __name__ == "__main__":
    sys.exit(run(main))
