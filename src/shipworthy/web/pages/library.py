"""The library: articles by category and by search, and one article to read or to print."""

from __future__ import annotations

from markupsafe import Markup

from shipworthy.domain.errors import Misused
from shipworthy.exporters.article_html import article_html
from shipworthy.services.library import CATEGORIES, find_articles, next_article, read_article
from shipworthy.web.page import Answer, Page, route
from shipworthy.web.places import EVERYWHERE, Place
from shipworthy.web.visit import Visit


def show_all(visit: Visit) -> Answer:
    """Show the articles: all, those of a category, those that a search found."""
    category, search = visit.query.get("category", ""), visit.query.get("search", "").strip()
    found = find_articles(category=category, search=search)
    context = {"found": found, "categories": CATEGORIES, "category": category, "search": search}
    return Page("library.html", context)


def show_one(visit: Visit) -> Answer:
    """Show one article."""
    try:
        article = read_article(visit.path["slug"])
    except Misused as error:
        gone = Misused(error.what, where=error.where, remedy="open the library, which lists all of them")
        return Page("problem.html", {"error": gone, "problems": ()}, 404)
    body = Markup(article_html(article.text))  # noqa: S704 - our own text, in which HTML is switched off
    return Page("article.html", {"article": article, "body": body, "after": next_article(article)})


ROUTES = (route("/library", show_all), route("/library/{slug}", show_one))
PLACES = (Place(EVERYWHERE, "Library", "/library"),)
