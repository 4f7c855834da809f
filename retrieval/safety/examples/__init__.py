"""Messages with what they are: development sets, against which the phrases were changed.

One message a line, `## name` opens a section (the kind), `# ` a comment. Written for this project; batches marked as
measured once were judged before any phrase or weight had seen them.
"""

from pathlib import Path

EXAMPLES = Path(__file__).parent


def read_examples(path: Path) -> list[tuple[str, str]]:
    """Return (section, message) pairs of a file, in order."""
    section, examples = "", []
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.startswith("## "):
            section = line[3:].strip()
        elif line.strip() and not line.startswith("# "):
            examples.append((section, line))
    return examples
