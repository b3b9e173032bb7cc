"""The app: the pages behind the guard."""

from __future__ import annotations

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route

from shipworthy.web.guard import ENTER, Guard
from shipworthy.web.registry import places, routes
from shipworthy.web.serving import Serving, same
from shipworthy.web.shape import static_file

YEAR_S = 31_536_000


def make_app(serving: Serving) -> Starlette:
    """Return the app for one launch.

    Args:
        serving: how the server is started.
    """
    app = Starlette(
        routes=[
            Route(ENTER, _enter, methods=["GET"]),
            Route("/static/{name}", _static, methods=["GET"]),
            Route("/favicon.ico", _mark, methods=["GET"]),
            *routes(),
        ],
        middleware=[Middleware(Guard, serving=serving)],
        exception_handlers={404: _missing, 405: _wrong_method, 500: _failed},
    )
    app.state.serving = serving
    app.state.places = places()
    return app


async def _enter(request: Request) -> Response:
    """Give the cookie for the token, and go to the first page, so that the token leaves the address bar."""
    serving: Serving = request.app.state.serving
    if not same(request.query_params.get("token", ""), serving.token):
        return PlainTextResponse("Open the address that `shipworthy serve` printed.\n", 401)
    reply = RedirectResponse("/", status_code=303)
    reply.set_cookie(
        serving.cookie, serving.session, max_age=YEAR_S, httponly=True, samesite="strict", path="/"
    )
    return reply


async def _static(request: Request) -> Response:
    found = static_file(request.path_params["name"])
    if found is None:
        return PlainTextResponse("There is no such file.\n", 404)
    kept = {"cache-control": f"private, max-age={YEAR_S}, immutable"} if request.query_params.get("v") else {}
    return Response(found[0], media_type=found[1], headers=kept)


async def _mark(_request: Request) -> Response:
    """Return the mark where a browser asks for it by itself, as beside a page that may name no picture."""
    found = static_file("mark.svg")
    assert found is not None
    return Response(found[0], media_type=found[1])


async def _missing(_request: Request, _error: Exception) -> Response:
    return PlainTextResponse("There is no such page. Go to the start: /\n", 404)


async def _wrong_method(_request: Request, _error: Exception) -> Response:
    return PlainTextResponse("This page is not asked in that way.\n", 405)


async def _failed(_request: Request, _error: Exception) -> Response:
    words = "The program failed at this page: that is a mistake of ours. What was saved is kept. Go to the start: /\n"
    return PlainTextResponse(words, 500)
