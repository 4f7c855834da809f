"""Every refusal of the Hub in words that say what to do. The Hub's own sentence is always kept.

Status codes as the Hub answers them (2026): 401 token unknown, 402 plan or payment needed, 403 right or quota missing,
404 not there or not visible, 409 name taken, 413 and 507 too large, 429 too many requests, 5xx the Hub's own trouble.
"""

from __future__ import annotations

import httpx2
from huggingface_hub.errors import HfHubHTTPError

from deploy.errors import DeployError

TOKENS = "https://huggingface.co/settings/tokens"
NO_TOKEN = f"no access token; make one with the right to write at {TOKENS}, then run `hf auth login` or set HF_TOKEN"
READ_ONLY = (
    f"the access token {{name!r}} may only read; make one with the right to write at {TOKENS} and log in with it"
)

# What to do, by status code; {space} and {hardware} are filled in.
_REMEDIES = {
    401: f"the access token is unknown or expired; make a new one at {TOKENS} and run `hf auth login --force`",
    402: "{hardware} needs a paid plan (https://huggingface.co/pro); a free account older than 30 days may host two "
    "Spaces on ZeroGPU instead: make deploy SPACE={space} HARDWARE=zero",
    403: f"the token lacks the right to write there, or the account has no right to it; see {TOKENS}",
    404: "it is not there, or the token cannot see it; check the spelling of SPACE={space} and whose token it is",
    409: "the name is taken; choose another, or delete or rename the Space that has it",
    413: "the upload is larger than the Hub takes; look at what `make space` lists",
    429: "too many requests; wait a few minutes and run the same command again",
    507: "the storage of the account is used up; see https://huggingface.co/settings/billing",
}
_QUOTA = "the storage or Space quota of the account is used up; delete what is not needed or see https://huggingface.co/pricing"
_ZERO_QUOTA = (
    "the account may not host (another) Space on ZeroGPU: it must be older than 30 days with a verified address, "
)
_ZERO_QUOTA += "a free account may host 2, PRO 10; delete one, or use another account"
_TROUBLE = (
    "the Hub itself has trouble (https://status.huggingface.co); nothing is lost, run the same command again later"
)


def explain(error: Exception, step: str, space: str, hardware: str) -> DeployError:
    """One line: the step that was refused, the Hub's own words, the remedy."""
    if isinstance(error, HfHubHTTPError) and error.response is not None:
        status = error.response.status_code
        said = " ".join((error.server_message or str(error).splitlines()[0]).split())
        return DeployError(f"{step}: refused with {status} ({said}); {_remedy(status, said, space, hardware)}")
    if isinstance(error, httpx2.HTTPError | OSError):
        return DeployError(
            f"{step}: the Hub could not be reached ({error}); check the network and run the same command again"
        )
    raise error


def _remedy(status: int, said: str, space: str, hardware: str) -> str:
    words = said.lower()
    if status == 403 and "zerogpu" in words:
        return _ZERO_QUOTA
    if status == 403 and any(word in words for word in ("quota", "limit", "storage")):
        return _QUOTA
    if status >= 500 and status not in _REMEDIES:
        return _TROUBLE
    return _REMEDIES.get(status, "see https://huggingface.co/docs/hub/spaces").format(space=space, hardware=hardware)
