"""Calls to the service: slowly enough, again when it is busy, and errors in one sentence.

In: the name of a call and its parameters.  Out: what the service answered.  ``boto3`` loads with
the first call; it finds the account's keys itself, and this module never sees them.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from labkit.base.words import N_, _
from labkit.matchers.describing import MatcherError
from labkit.matchers.rekognition import VENDOR
from labkit.matchers.rekognition.prices import PAID, PER_SECOND

METHODS = {
    "CompareFaces": "compare_faces",
    "CreateCollection": "create_collection",
    "DeleteCollection": "delete_collection",
    "DescribeCollection": "describe_collection",
    "IndexFaces": "index_faces",
    "ListCollections": "list_collections",
    "ListFaces": "list_faces",
    "SearchFacesByImage": "search_faces_by_image",
}
"""Every call that is ever made, by its name in the service's own model.  ``DetectFaces`` is not
among them: age, gender and emotions are never asked for."""

BUSY = frozenset(
    {
        "InternalServerError",
        "ProvisionedThroughputExceededException",
        "RequestTimeout",
        "ServiceUnavailable",
        "ThrottlingException",
    }
)
"""Answers after which the same call is made again."""

UNUSABLE = frozenset(
    {"ImageTooLargeException", "InvalidImageFormatException", "InvalidParameterException"}
)
"""Answers that say that nothing can be done with a picture, such as that it shows no face."""

TRIES = 8
"""How often a call is made before it is given up, with waits that double from half a second on."""

LOOPBACK = ("127.0.0.1", "::1", "localhost")

WORDS = {
    "boto3": N_(
        "boto3 is not installed, which speaks to {vendor}: install it with the lab,"
        ' pip install "labkit[aws]"'
    ),
    "plain": N_(
        "{address} is not encrypted: give an https address, or one of this computer for a stand-in"
    ),
    "region": N_("no region was named: say where, such as region='us-east-1'"),
    "keys": N_(
        "no keys of an account were found ({why}): set up a profile with `aws configure`, and name"
        " it with profile="
    ),
    "refused": N_(
        "{vendor} does not accept these keys ({code}): check the profile, its region and the"
        " computer's clock"
    ),
    "denied": N_(
        "this account may not call {what} ({code}): its owner has to allow"
        " rekognition:{what} (docs/vendor.md lists what is needed)"
    ),
    "busy": N_(
        "{vendor} was still busy after {tries} tries of {what} ({code}): what was answered is kept;"
        " run it again later, or lower per_second"
    ),
    "away": N_(
        "{vendor} could not be reached after {tries} tries of {what} ({why}): what was answered is"
        " kept; run it again when the network is there"
    ),
    "other": N_("{vendor} refused {what} ({code}: {why})"),
}

REFUSED = frozenset(
    {
        "ExpiredTokenException",
        "IncompleteSignature",
        "InvalidClientTokenId",
        "InvalidSignatureException",
        "MissingAuthenticationTokenException",
        "UnrecognizedClientException",
    }
)


class Unusable(Exception):
    """The service can do nothing with a picture; the message is its own."""


class Missing(Exception):
    """The service knows no collection of this name."""


class Calls:
    """The service, as one account reaches it.

    Parameters
    ----------
    region, profile
        As ``boto3`` takes them; ``None`` for what the computer's own configuration says.
    endpoint_url
        Another address than the service's own, such as a stand-in on this computer.
    per_second
        Calls in a second, at most.
    client
        A client that was made already, in place of all these.
    sleep, clock
        How to wait, and what time it is; tests give their own.

    Raises
    ------
    MatcherError
        For an address that is not encrypted and not of this computer, or a rate that is none.
    """

    def __init__(
        self,
        region: str | None = None,
        profile: str | None = None,
        endpoint_url: str | None = None,
        *,
        per_second: float = PER_SECOND,
        client: Any = None,
        sleep: Callable[[float], None] = time.sleep,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        if endpoint_url is not None:
            parts = urlsplit(endpoint_url)
            if parts.scheme != "https" and parts.hostname not in LOOPBACK:
                raise MatcherError(_(WORDS["plain"]).format(address=endpoint_url))
        if not per_second > 0:
            words = _("per_second={n} is no rate: give calls a second, above 0")
            raise MatcherError(words.format(n=per_second))
        self.region, self.profile, self.endpoint_url = region, profile, endpoint_url
        self.per_second = per_second
        self._client, self._sleep, self._clock = client, sleep, clock
        self._next = clock()
        self._luck = random.SystemRandom()

    def __repr__(self) -> str:
        return f"Calls({self.endpoint_url or self.region or 'default region'})"

    @property
    def client(self) -> Any:
        """The client; made with the first call."""
        if self._client is None:
            self._client = self._made()
        return self._client

    def where(self) -> str:
        """Where calls go: a region, or an address; nothing is sent to find out.

        Raises
        ------
        MatcherError
            When neither this nor the computer's own configuration names a region.
        """
        if self._client is not None:
            return self.endpoint_url or str(self._client.meta.region_name)
        found = self.endpoint_url or self.region or self._session().region_name
        if not found:
            raise MatcherError(_(WORDS["region"]))
        return found

    def ask(self, what: str, **parameters: Any) -> dict[str, Any]:
        """Make a call, again as long as the service is busy.

        Parameters
        ----------
        what
            One of :data:`METHODS`.
        **parameters
            As the service's model names them.

        Raises
        ------
        Unusable
            When nothing can be done with the picture.
        Missing
            When there is no such collection.
        MatcherError
            With one sentence, for everything else that is in the way.
        """
        from botocore.exceptions import BotoCoreError, ClientError, ConnectionError, HTTPClientError

        method = getattr(self.client, METHODS[what])
        for attempt in range(TRIES):
            self._wait_turn()
            try:
                return method(**parameters)
            except ClientError as error:
                code = str(error.response["Error"]["Code"])
                why = str(error.response["Error"].get("Message", ""))
                if code in UNUSABLE and what in PAID:
                    raise Unusable(why or code) from None
                if code == "ResourceNotFoundException":
                    raise Missing(why) from None
                if code not in BUSY:
                    raise MatcherError(_why(what, code, why)) from None
                trouble = _(WORDS["busy"]).format(vendor=VENDOR, tries=TRIES, what=what, code=code)
            except (ConnectionError, HTTPClientError) as error:
                trouble = _(WORDS["away"]).format(
                    vendor=VENDOR, tries=TRIES, what=what, why=_short(error)
                )
            except BotoCoreError as error:
                raise MatcherError(_of_botocore(what, error)) from None
            if attempt + 1 < TRIES:
                self._sleep(self._luck.uniform(0.25, 0.5) * 2**attempt)
        raise MatcherError(trouble)

    def _wait_turn(self) -> None:
        now = self._clock()
        if now < self._next:
            self._sleep(self._next - now)
        self._next = max(now, self._next) + 1 / self.per_second

    def _session(self) -> Any:
        try:
            import boto3
            from botocore.exceptions import BotoCoreError
        except ImportError:
            raise MatcherError(_(WORDS["boto3"]).format(vendor=VENDOR)) from None
        try:
            return boto3.Session(profile_name=self.profile, region_name=self.region)
        except BotoCoreError as error:
            raise MatcherError(_(WORDS["keys"]).format(why=_short(error))) from None

    def _made(self) -> Any:
        session = self._session()
        from botocore.config import Config
        from botocore.exceptions import BotoCoreError, NoRegionError

        once = Config(retries={"total_max_attempts": 1}, connect_timeout=10, read_timeout=60)
        try:
            return session.client("rekognition", endpoint_url=self.endpoint_url, config=once)
        except NoRegionError:
            raise MatcherError(_(WORDS["region"])) from None
        except (BotoCoreError, ValueError) as error:
            raise MatcherError(_(WORDS["keys"]).format(why=_short(error))) from None


def _why(what: str, code: str, why: str) -> str:
    if code in REFUSED:
        return _(WORDS["refused"]).format(vendor=VENDOR, code=code)
    if code == "AccessDeniedException":
        return _(WORDS["denied"]).format(what=what, code=code)
    return _(WORDS["other"]).format(vendor=VENDOR, what=what, code=code, why=why[:120])


def _of_botocore(what: str, error: BaseException) -> str:
    name = type(error).__name__
    if "Credential" in name or "Token" in name:
        return _(WORDS["keys"]).format(why=_short(error))
    return _(WORDS["other"]).format(vendor="boto3", what=what, code=name, why=_short(error))


def _short(error: BaseException) -> str:
    return " ".join(str(error).split())[:160] or type(error).__name__
