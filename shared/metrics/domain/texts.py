"""What people write: names and notes, held to what can be shown."""

from shared.metrics.domain.errors import BadInputError


def one_line(text: str, field: str, most: int) -> str:
    """A name without space around it; BadInputError unless 1 to `most` printable characters."""
    line = text.strip()
    if not 0 < len(line) <= most or not line.isprintable():
        raise BadInputError(f"{field} has 1 to {most} printable characters", field=field)
    return line


def some_lines(text: str, field: str, most: int) -> str:
    """A note, which may have line breaks; BadInputError unless 1 to `most` characters."""
    lines = "\n".join(line.rstrip() for line in text.strip().splitlines())
    if not 0 < len(lines) <= most or not lines.replace("\n", "").isprintable():
        message = f"{field} has 1 to {most} printable characters and line breaks"
        raise BadInputError(message, field=field)
    return lines
