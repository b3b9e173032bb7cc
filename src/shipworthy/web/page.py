"""What a page is made of: a visit comes in, an answer goes out; forms are checked here and nowhere else.

A page module has `ROUTES`, each made by `route(...)`. A handler is a plain function `(Visit) -> Answer`; it runs in
a thread, calls one service, and returns `Page`, `Redirect` or `Data`. Errors that a service raises become a page that
says what happened, where, and what to do.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote

import msgspec
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData, Headers, UploadFile
from starlette.exceptions import HTTPException
from starlette.formparsers import MultiPartException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from shipworthy.domain.errors import BadInput, FolderHasProblems, Misused, Refused, ShipworthyError
from shipworthy.web.guard import cookies
from shipworthy.web.serving import Serving, same
from shipworthy.web.shape import rendered
from shipworthy.web.visit import Upload, Visit

WHO = "shipworthy_who"
"""The cookie with the reviewer's name."""
MOST_NAME = 60
MOST_FIELDS = 2000


@dataclass(frozen=True)
class Page:
    """A page: a template and what it shows."""

    template: str
    context: Mapping[str, Any] = field(default_factory=dict)
    status: int = 200


@dataclass(frozen=True)
class Redirect:
    """Go there now, with GET."""

    to: str
    who: str | None = None
    """A reviewer's name to remember."""


@dataclass(frozen=True)
class Data:
    """JSON for a script of ours, or a file to keep."""

    value: Any
    status: int = 200
    content_type: str = "application/json"
    download: str = ""
    """The file's name, when it is to be kept: plain letters, chosen by us."""
    policy: str = ""
    """What a browser may do with it, where that is other than for our pages; never more."""


@dataclass(frozen=True)
class Later:
    """An answer that waits for something, as for a save to be durable; no thread is held meanwhile."""

    future: Future[Any]
    then: Callable[[], Page | Redirect | Data]
    """Gives the answer once the future is done; what it raises becomes a page like any other error."""
    at_hand: Callable[[], bool] = lambda: False
    """Whether all that it needs then is in memory."""


Answer = Page | Redirect | Data | Later
Handler = Callable[[Visit], Answer]
STATUS = ((FolderHasProblems, 409), (BadInput, 422), (Refused, 409), (Misused, 400))


def route(
    path: str,
    show: Handler | None = None,
    save: Handler | None = None,
    *,
    at_hand: Callable[[Visit], bool] = lambda _visit: False,
) -> Route:
    """Return a route of the app.

    Args:
        path: the address, with parameters as Starlette writes them.
        show: answers GET; it changes nothing.
        save: answers POST, after the form was checked to come from a page of ours.
        at_hand: whether all that an answer needs is in memory, so that it is quicker given than handed to a thread.
    """
    methods = [method for method, handler in (("GET", show), ("POST", save)) if handler]

    async def endpoint(request: Request) -> Response:
        """Check the form, ask the handler in a thread, and turn what it says into a reply."""
        serving: Serving = request.app.state.serving
        handler = save if request.method == "POST" else show
        assert handler is not None
        try:
            visit = await _visit(request, serving)
        except ClientDisconnect:
            return Response(status_code=400)
        except ShipworthyError as error:
            return await run_in_threadpool(_problem, _bare(request, serving), error)
        found = await _asked(at_hand, handler, visit)
        if isinstance(found, Later):
            await _done(found.future)
            found = await _asked(_ready(found), _continued(found), visit)
        assert isinstance(found, Response)
        return found

    return Route(path, endpoint, methods=methods)


async def _asked(at_hand: Callable[[Visit], bool], handler: Handler, visit: Visit) -> Response | Later:
    """Ask a handler: here where it will wait for nothing, else in a thread."""
    if at_hand(visit):
        return _answered(handler, visit)
    return await run_in_threadpool(_answered, handler, visit)


def _answered(handler: Handler, visit: Visit) -> Response | Later:
    try:
        answer = handler(visit)
    except ShipworthyError as error:
        return _problem(visit, error)
    return answer if isinstance(answer, Later) else _response(visit, answer)


def _continued(waited: Later) -> Handler:
    return lambda _visit: waited.then()


def _ready(waited: Later) -> Callable[[Visit], bool]:
    return lambda _visit: waited.at_hand()


async def _done(future: Future[Any]) -> None:
    """Wait until a future of another thread is done, whatever its result."""
    event, loop = asyncio.Event(), asyncio.get_running_loop()
    future.add_done_callback(lambda _: loop.call_soon_threadsafe(event.set))
    await event.wait()


def _response(visit: Visit, answer: Page | Redirect | Data) -> Response:
    if isinstance(answer, Redirect):
        reply = RedirectResponse(answer.to, status_code=303)
        if answer.who is not None:
            reply.set_cookie(WHO, answer.who, max_age=31_536_000, httponly=True, samesite="strict", path="/")
        return reply
    if isinstance(answer, Data):
        content = answer.value if isinstance(answer.value, bytes) else msgspec.json.encode(answer.value)
        headers = (
            {"content-disposition": f'attachment; filename="{answer.download}"'} if answer.download else {}
        )
        if answer.policy:
            headers["content-security-policy"] = answer.policy
        return Response(content, answer.status, headers=headers, media_type=answer.content_type)
    return Response(
        rendered(visit, answer.template, answer.context), answer.status, media_type="text/html; charset=utf-8"
    )


def _problem(visit: Visit, error: ShipworthyError) -> Response:
    status = next((status for kind, status in STATUS if isinstance(error, kind)), 500)
    if visit.wants_data:
        said = {"what": error.what, "where": error.where, "remedy": error.remedy}
        return _response(visit, Data({"error": said}, status))
    problems = error.problems if isinstance(error, FolderHasProblems) else ()
    return _response(visit, Page("problem.html", {"error": error, "problems": problems}, status))


async def _visit(request: Request, serving: Serving) -> Visit:
    bare = _bare(request, serving)
    if request.method != "POST":
        return bare
    form, files = await _fields(request)
    given = request.headers.get("x-form-mark") or next(iter(form.pop("form-mark", [])), "")
    if not same(given, serving.mark):
        raise Refused(
            "the form does not come from a page of this server, or is from an earlier one",
            where=bare.at,
            remedy="open the page again and send it once more; what you typed is still in the page you came from",
        )
    return Visit(serving, bare.path, bare.query, form, files, bare.who, bare.wants_data, bare.at, bare.places)


def _bare(request: Request, serving: Serving) -> Visit:
    name = unquote(cookies(request.headers.getlist("cookie")).get(WHO, "")) or serving.who
    wants = "application/json" in request.headers.get("accept", "")
    query = dict(request.query_params) if request.scope["query_string"] else {}
    return Visit(
        serving, request.path_params, query, {}, {}, clean_name(name), wants, request.scope["path"],
        request.app.state.places,
    )  # fmt: skip


def clean_name(name: str) -> str:
    r"""Return a reviewer's name as one line of printable text, not too long.

    >>> clean_name(" Ada\\x00 L. ")
    'Ada L.'
    """
    return "".join(c for c in name if c.isprintable()).strip()[:MOST_NAME]


async def _fields(request: Request) -> tuple[dict[str, list[str]], dict[str, Upload]]:
    headers: Headers = request.headers
    if headers.get("content-type", "").startswith("application/json"):
        return _from_json(await request.body()), {}
    try:
        found: FormData = await request.form(
            max_files=20, max_fields=MOST_FIELDS, max_part_size=5 * 1024 * 1024
        )
    except (HTTPException, MultiPartException, UnicodeError) as error:
        raise BadInput("the form cannot be read", where=request.url.path, remedy="send it again") from error
    form: dict[str, list[str]] = {}
    files: dict[str, Upload] = {}
    for name, value in found.multi_items():
        if isinstance(value, UploadFile):
            files[name] = Upload(value.filename or "", await value.read())
        else:
            form.setdefault(name, []).append(value)
    await found.close()
    return form, files


def _from_json(body: bytes) -> dict[str, list[str]]:
    try:
        found = msgspec.json.decode(body, type=dict[str, str | int | float | bool | list[str] | None])
    except (msgspec.DecodeError, RecursionError) as error:
        raise BadInput(
            "the request is not the JSON that this page sends", remedy="load the page again"
        ) from error
    return {
        name: value if isinstance(value, list) else ["" if value is None else str(value)]
        for name, value in found.items()
    }
