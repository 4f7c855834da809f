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

import httpx2
from huggingface_hub import HfApi, get_token
from huggingface_hub.errors import HfHubHTTPError, RepositoryNotFoundError

from corpus.common.cli import run
from corpus.common.errors import AskError
from corpus.common.settings import ROOT, read_settings
from deploy.checks import ask_chat, files_of
from deploy.space import first_question, flavour, listing, write_space

NAME = re.compile(r"[\w.-]+/[\w.-]{1,96}")
OURS = "ask-the-article"  # a tag of our own, by which a Space is known to be one of ours
WAITING = ("BUILDING", "RUNNING_BUILDING", "APP_STARTING", "RUNNING_APP_STARTING")
ASLEEP = ("PAUSED", "STOPPED", "SLEEPING")
LOG_LINES = 25
TOKENS = "https://huggingface.co/settings/tokens"

# What to do about a refusal: its status code (0 for any), a word of the Hub's that has to be there, the remedy. The
# first line that fits is taken. Codes as the Hub answers them in 2026.
REMEDIES = (
    (401, "", f"the access token is unknown or expired; make a new one at {TOKENS} and run `hf auth login --force`"),
    (402, "", "{hardware} needs a paid plan (https://huggingface.co/pro); a free account older than 30 days may host "
     "two Spaces on ZeroGPU instead: make deploy SPACE={space} HARDWARE=zero"),
    (403, "zerogpu", "the account may not host (another) Space on ZeroGPU: it must be older than 30 days with a "
     "verified address, a free account may host 2, PRO 10; delete one, or use another account"),
    (403, "quota|limit|storage", "the storage or Space quota of the account is used up; delete what is not needed or "
     "see https://huggingface.co/pricing"),
    (403, "", f"the token lacks the right to write there, or the account has no right to it; see {TOKENS}"),
    (404, "", "it is not there, or the token cannot see it; check the spelling of SPACE={space} and whose token it is"),
    (409, "", "the name is taken; choose another, or delete or rename the Space that has it"),
    (413, "", "the upload is larger than the Hub takes; look at what `make space` lists"),
    (429, "", "too many requests; wait a few minutes and run the same command again"),
    (507, "", "the storage of the account is used up; see https://huggingface.co/settings/billing"),
)  # fmt: skip
TROUBLE = (
    "the Hub itself has trouble (https://status.huggingface.co); nothing is lost, run the same command again later"
)


class DeployError(AskError):
    """The Hub refused a step; the message says which, why, and what to do."""


@dataclass(frozen=True, slots=True)
class Deployment:
    """What goes where, and how long to wait for it in seconds; every step says what it does."""

    api: HfApi
    space: str
    folder: Path
    hardware: str
    timeout: float = 1800
    poll: float = 5

    def run(self) -> str:
        """Do it all and return the address of the running chat.

        Raises:
            DeployError: a step was refused or failed; the message names it and the remedy.
            SpaceError: the Space runs and does not answer.
        """
        self._check_token()
        self._create_or_take()
        host = self._wait(self._upload())
        answer = ask_chat(host, first_question(self.folder), str(self.api.token))
        _say(f"asked {answer['question']!r}: {answer['kind']}, {answer['quotes'][0]['text']!r}")
        return host

    def _check_token(self) -> None:
        with self._step("asking who the token belongs to"):
            who = self.api.whoami()
        access = who.get("auth", {}).get("accessToken", {})
        if access.get("role") == "read":
            name = access.get("displayName", "")
            raise DeployError(
                f"the access token {name!r} may only read; make one with the right to write at {TOKENS} and use it"
            )
        own = [who["name"], *(org["name"] for org in who.get("orgs", []))]
        namespace = self.space.split("/")[0]
        if namespace not in own:
            allowed = ", ".join(own)
            raise DeployError(f"the token is {who['name']}'s and cannot write to {namespace}; allowed is {allowed}")

    def _create_or_take(self) -> None:
        """Create the Space, or take the one that is there if it is one of ours; set its hardware."""
        space, hardware = self.space, self.hardware
        with self._step(f"looking for {space}"):
            try:
                info = self.api.space_info(space)
            except RepositoryNotFoundError:
                info = None
        if info is None:
            with self._step(f"creating {space} on {hardware}"):
                self.api.create_repo(space, repo_type="space", space_sdk="gradio", space_hardware=hardware)  # type: ignore[arg-type]
            return
        if OURS not in (info.tags or []) and len(info.siblings or []) > 2:
            raise DeployError(f"{space} exists and is another app; choose another name, or delete that Space first")
        with self._step(f"asking for {hardware}"):
            if self.api.get_space_runtime(space).requested_hardware != hardware:
                self.api.request_space_hardware(space, hardware)  # type: ignore[arg-type]

    def _upload(self) -> str:
        """Upload everything and delete what is stale, in one commit; return its id."""
        ours = {path.as_posix() for path in files_of(self.folder)}
        with self._step(f"uploading {len(ours)} files"):
            stale = set(self.api.list_repo_files(self.space, repo_type="space")) - ours
            commit = self.api.upload_folder(
                repo_id=self.space,
                repo_type="space",
                folder_path=self.folder,
                delete_patterns="*",
                commit_message="Deploy Ask the Article",
            )
            missing = ours - set(self.api.list_repo_files(self.space, repo_type="space"))
        if missing:
            names = ", ".join(sorted(missing)[:3])
            raise DeployError(f"the Hub left out {names}; delete .gitignore in the Space and try again")
        _say(f"uploaded, {len(stale)} stale files deleted: {commit.commit_url}")
        return commit.oid

    def _wait(self, commit: str) -> str:
        """Wait until the Space runs this commit and return its address."""
        deadline, told = time.monotonic() + self.timeout, ""
        while True:
            with self._step(f"waiting for {self.space}"):
                runtime = self.api.get_space_runtime(self.space)
            stage = str(getattr(runtime.stage, "value", runtime.stage))
            if stage != told:
                _say(f"stage {stage}")
                told = stage
            if runtime.raw.get("sha", commit) == commit:  # else it is the older state that is told of
                if stage == "RUNNING":
                    with self._step("asking for its address"):
                        return str(self.api.space_info(self.space).host)
                if stage in ASLEEP:
                    with self._step("waking it"):
                        self.api.restart_space(self.space)
                elif stage not in WAITING:
                    raise DeployError(self._failure(stage, str(runtime.raw.get("errorMessage", ""))))
            if time.monotonic() > deadline:
                page = f"https://huggingface.co/spaces/{self.space}"
                raise DeployError(f"still {stage} after {self.timeout:.0f} s; it may yet start, look at {page}")
            time.sleep(self.poll)

    def _failure(self, stage: str, said: str) -> str:
        """Say the last lines of the log that explains it, and return what the platform says."""
        with self._step("fetching the log"):
            lines = list(self.api.fetch_space_logs(self.space, build=stage == "BUILD_ERROR"))
        _say("the end of the log:\n" + "".join(f"    {line.rstrip()}\n" for line in lines[-LOG_LINES:]))
        why = f" ({said})" if said else ""
        return f"the Space stopped at {stage}{why}; the end of its log is above, and `make space` tries it here"

    @contextmanager
    def _step(self, step: str) -> Iterator[None]:
        """Turn what the Hub or the network refuses into one line: the step, the Hub's own words, the remedy."""
        try:
            yield
        except (httpx2.HTTPError, OSError, RuntimeError, ValueError) as raised:
            # A large file that is refused arrives wrapped in a RuntimeError.
            error = raised.__cause__ if isinstance(raised, RuntimeError) and raised.__cause__ else raised
            if isinstance(error, HfHubHTTPError) and error.response is not None:
                status = error.response.status_code
                said = " ".join((error.server_message or str(error).splitlines()[0]).split())
                line = f"{step}: refused with {status} ({said}); {self._remedy(status, said)}"
            elif isinstance(error, httpx2.HTTPError | OSError):
                line = (
                    f"{step}: the Hub could not be reached ({error}); check the network and run the same command again"
                )
            elif isinstance(error, ValueError) and "README.md" in str(error):  # its front matter, before the commit
                line = f"{step}: refused ({' '.join(str(error).split())}); mend the head of README.md and run it again"
            else:
                raise
            raise DeployError(line) from raised

    def _remedy(self, status: int, said: str) -> str:
        for code, words, remedy in REMEDIES:
            if status == code and re.search(words, said.lower()):
                return remedy.format(space=self.space, hardware=self.hardware)
        return TROUBLE if status >= 500 else "see https://huggingface.co/docs/hub/spaces"


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
        with tempfile.TemporaryDirectory() as name:
            _say(listing(write_space(Path(name) / "space", asked.hardware, read_settings())))
        _say(
            f"dry run, nothing was touched; without it: create {asked.space} on {hardware} if it is not there, upload "
            "these files\nin one commit, delete every other file there, wait until it runs, ask it one question"
        )
        return 0
    token = get_token()
    if not token:
        raise DeployError(
            f"no access token; make one with the right to write at {TOKENS}, then run `hf auth login` or set HF_TOKEN"
        )
    folder = write_space(ROOT / "space", asked.hardware, read_settings())
    _say(listing(folder))
    deployment = Deployment(HfApi(token=token), asked.space, folder, hardware, asked.timeout, asked.poll)
    _say(f"it runs: {deployment.run()}")
    return 0


if __name__ == "__main__":
    sys.exit(run(main))
