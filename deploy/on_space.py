"""What is different on Hugging Face Spaces, settled before anything reads the environment. Elsewhere nothing happens.

A Space must listen on every address, and Hugging Face shows it inside a frame of its own page. What the owner of the
Space has set stays as it is.
"""

from __future__ import annotations

import socket
from collections.abc import MutableMapping

FRAMES = "'self' https://huggingface.co"
PROXIES = "127.0.0.1,10.0.0.0/8,172.16.0.0/12,192.168.0.0/16"  # the platform's own: believed about who asks


def settle(environment: MutableMapping[str, str]) -> None:
    """Give the settings a Space's own defaults, and report to ZeroGPU where it is the hardware."""
    if "SPACE_ID" not in environment:
        return
    environment.setdefault("ASK_HOST", environment.get("GRADIO_SERVER_NAME", "0.0.0.0"))  # noqa: S104 - its proxy is outside
    environment.setdefault("ASK_PORT", environment.get("GRADIO_SERVER_PORT", "7860"))
    environment.setdefault("ASK_FRAME_ANCESTORS", FRAMES)
    environment.setdefault("FORWARDED_ALLOW_IPS", PROXIES)
    if environment.get("SPACES_ZERO_GPU", "").lower() in ("1", "t", "true"):
        report_to_zero_gpu()


def report_to_zero_gpu() -> None:
    """Declare a GPU function and let ZeroGPU see it, or it stops the Space ("No @spaces.GPU function detected").

    Answering needs no GPU, so the function is never called and takes from nobody's quota. ZeroGPU looks for such
    functions when the first `launch()` of Gradio runs. The chat is served without `launch()`, so an empty page is
    launched on an address of its own and closed at once.
    """
    import gradio as gr
    import spaces

    @spaces.GPU(duration=1)  # type: ignore[untyped-decorator]
    def unused() -> None:
        """There to be seen, not to be called."""

    with gr.Blocks(analytics_enabled=False) as page:
        pass
    page.launch(
        server_name="127.0.0.1",
        server_port=free_port(),
        prevent_thread_lock=True,
        quiet=True,
        ssr_mode=False,
        enable_monitoring=False,
        run_history=False,
    )
    page.close(verbose=False)


def free_port() -> int:
    """Return a port of this machine that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
