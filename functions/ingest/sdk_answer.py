"""The one answer that the SDKs of all vendors count as success.

Segment wants 2xx, RudderStack and PostHog exactly 200, Amplitude a `code` and Mixpanel a `status`
in the body. Never 202 or 204: RudderStack and PostHog would send again, Amplitude drop without a
word.
"""

from collections import Counter
from typing import Final

from functions.ingest.requests import Response
from functions.ingest.rows import Rows

MAX_LISTED_REJECTIONS: Final = 100


def accepted(rows: Rows, results: dict[str, object] | None = None) -> Response:
    """Status 200 and the fields that any of the SDKs looks for, beside the usual counts.

    `results` say what became of each event, by the sender's id, where the SDK asks for that.
    """
    return Response(
        200,
        {
            "success": True,
            "status": 1,
            "error": None,
            "code": 200,
            "events_ingested": rows.received,
            "received": rows.received,
            "accepted": len(rows.events),
            "quarantined": len(rows.rejections),
            "reasons": Counter(rejection.reason.value for rejection in rows.rejections),
            "rejected": [
                {
                    "index": rejection.index,
                    "reason": rejection.reason.value,
                    "detail": rejection.detail,
                }
                for rejection in rows.rejections[:MAX_LISTED_REJECTIONS]
            ],
            "results": results or {},
        },
    )
