"""What a request says that its body is."""

from functions.ingest.requests import Request


def media_type(request: Request) -> str:
    """The content type without its parameters, in lower case; `""` if there is none."""
    return request.headers.get("content-type", "").partition(";")[0].strip().lower()
