"""The Python SDKs, used as their manuals say, pointed at our host.

For each line of input, a client's name, our URL and a write key as a list of JSON, it has Ada
identified, lets her win a deal and look at reports, lets somebody unknown look around, and writes a
line: a list of what the SDK reported as gone wrong. Intervals are shortened; otherwise everything
is as the SDKs have it.
"""

import json
import sys
from collections.abc import Callable
from queue import Queue

import requests
from cloudevents.core.bindings.http import HTTPMessage, to_binary, to_structured
from cloudevents.core.formats.json import JSONFormat
from cloudevents.core.v1.event import CloudEvent
from requests.adapters import HTTPAdapter
from urllib3.util.retry import Retry

PATIENCE_SECONDS = 30

ADA = "ada"
TRAITS = {"name": "Ada Byron", "email": "ada@example.com", "country": "GB"}
WON = "Deal Won"
WINNING = {"feature": "Deals", "property": "Stages", "record_id": "deal-7"}
REPORTS = "Reports"
LOOKED = "Looked Around"
UNKNOWN = "browser-1"


def segment(url: str, key: str) -> list[str]:
    from segment.analytics.client import Client

    failures: list[str] = []
    client = Client(
        key, host=url, upload_interval=0.1, on_error=lambda e, _: failures.append(repr(e))
    )
    client.identify(ADA, TRAITS)
    client.track(ADA, WON, WINNING)
    client.page(ADA, None, REPORTS)
    client.track(anonymous_id=UNKNOWN, event=LOOKED)
    client.flush()
    client.join()
    return failures


def rudderstack(url: str, key: str) -> list[str]:
    from rudderstack.analytics.client import Client

    failures: list[str] = []
    client = Client(
        key, host=url, upload_interval=0.1, on_error=lambda e, _: failures.append(repr(e))
    )
    client.identify(ADA, TRAITS)
    client.track(ADA, WON, WINNING)
    client.page(ADA, None, REPORTS)
    client.track(anonymous_id=UNKNOWN, event=LOOKED)
    client.flush()
    client.join()
    return failures


def posthog(url: str, key: str, mode: str = "v0") -> list[str]:
    from posthog import Posthog

    failures: list[str] = []
    client = Posthog(
        key,
        host=url,
        flush_interval=0.1,
        capture_mode=mode,
        on_error=lambda e, _: failures.append(repr(e)),
    )
    client.set(distinct_id=ADA, properties=TRAITS)
    client.capture(WON, distinct_id=ADA, properties=WINNING)
    client.capture(REPORTS, distinct_id=ADA)
    client.capture(LOOKED)
    client.flush()
    client.shutdown()
    return failures


def posthog_v1(url: str, key: str) -> list[str]:
    return posthog(url, key, "v1")


def mixpanel(url: str, key: str) -> list[str]:
    from mixpanel import BufferedConsumer, Mixpanel, MixpanelException

    consumer = BufferedConsumer(
        events_url=f"{url}/track",
        people_url=f"{url}/engage",
        groups_url=f"{url}/groups",
        import_url=f"{url}/import",
    )
    # It sends again over https alone; here is the same adapter for http.
    session = consumer._consumer._session
    session.mount("http://", session.get_adapter("https://"))
    client = Mixpanel(key, consumer)
    client.people_set(ADA, TRAITS)
    client.track(ADA, WON, WINNING)
    client.track(ADA, REPORTS)
    client.track(f"$device:{UNKNOWN}", LOOKED)
    try:
        consumer.flush()
    except MixpanelException as error:
        return [repr(error)]
    return []


def amplitude(url: str, key: str) -> list[str]:
    from amplitude import Amplitude, BaseEvent, EventOptions, Identify

    outcomes: Queue[tuple[int, str]] = Queue()
    client = Amplitude(key)
    client.configuration.server_url = f"{url}/2/httpapi"
    client.configuration.flush_interval_millis = 100
    client.configuration.callback = lambda _event, code, message: outcomes.put((code, message))
    identify = Identify()
    for name, value in TRAITS.items():
        identify.set(name, value)
    sent = [
        client.identify(identify, EventOptions(user_id=ADA)),
        client.track(BaseEvent(WON, user_id=ADA, event_properties=WINNING)),
        client.track(BaseEvent(REPORTS, user_id=ADA)),
        client.track(BaseEvent(LOOKED, device_id=UNKNOWN)),
    ]
    client.flush()
    reported = [outcomes.get(timeout=PATIENCE_SECONDS) for _ in sent]
    client.shutdown()
    return [message for code, message in reported if code != requests.codes.ok]


def cloudevents(url: str, key: str) -> list[str]:
    """Its SDK makes messages and leaves sending them to others."""
    authorization = {"Authorization": f"Bearer {key}"}
    plain = JSONFormat()
    told = CloudEvent({"type": "user.upserted", "source": "/crm", "userid": ADA}, TRAITS)
    won = CloudEvent({"type": WON, "source": "/crm", "userid": ADA}, WINNING)
    rest = [
        CloudEvent({"type": REPORTS, "source": "/crm", "userid": ADA}, {}),
        CloudEvent({"type": LOOKED, "source": "/crm", "anonymousid": UNKNOWN}, {}),
    ]
    batch = b"[" + b",".join(to_structured(event, plain).body for event in rest) + b"]"
    messages = [
        to_structured(told, plain),
        to_binary(won, plain),
        HTTPMessage({"Content-Type": "application/cloudevents-batch+json"}, batch),
    ]
    with requests.Session() as session:
        again = Retry(
            status_forcelist={503}, allowed_methods={"POST"}, respect_retry_after_header=False
        )
        session.mount("http://", HTTPAdapter(max_retries=again))
        answers = [
            session.post(url, message.body, headers={**message.headers, **authorization})
            for message in messages
        ]
    return [answer.text for answer in answers if not answer.ok]


CLIENTS: dict[str, Callable[[str, str], list[str]]] = {
    client.__name__: client
    for client in (segment, rudderstack, posthog, posthog_v1, mixpanel, amplitude, cloudevents)
}

if __name__ == "__main__":
    for line in sys.stdin:
        name, url, key = json.loads(line)
        print(json.dumps(CLIENTS[name](url, key)), flush=True)  # noqa: T201 - read by the test
