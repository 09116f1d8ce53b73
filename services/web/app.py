"""Making the app: nothing else happens here."""

from __future__ import annotations

from apiflask import APIFlask
from flask.json.provider import DefaultJSONProvider
from werkzeug.middleware.proxy_fix import ProxyFix

from services.web import (
    answers,
    compression,
    headers,
    metrics,
    packed_files,
    request_spans,
    translation,
    uploads,
)
from services.web.access import api_limits, gate
from services.web.access import oidc as single_sign_on
from services.web.access.limits import limiter
from services.web.access.sessions import LASTS
from services.web.access.web_key import secret_keys
from services.web.api import (
    accounts,
    calendars,
    case_selection,
    cases,
    directory_histories,
    events,
    files,
    gradings,
    idempotency,
    mails,
    meetings,
    names,
    openapi,
    outgoing_mails,
    paging,
    partners,
    quality_actions,
    query,
    rates,
    reports,
    rules,
    sections,
    templates,
    tokens,
    users,
    webhooks,
)
from services.web.api import case_portal as api_case_portal
from services.web.api import case_relations as api_case_relations
from services.web.api import feeds as api_feeds
from services.web.api import me as api_me
from services.web.api import report_mails as api_report_mails
from services.web.api import saved_filters as api_saved_filters
from services.web.api import two_factor as api_two_factor
from services.web.api import user_access as api_user_access
from services.web.pages import accounts as accounts_page
from services.web.pages import (
    calendar,
    case,
    case_answer,
    case_board,
    case_bulk,
    case_changes,
    case_graph,
    case_list,
    case_meeting,
    case_meeting_words,
    case_neighbours,
    case_portal,
    case_quality,
    case_relations,
    case_tags,
    categories,
    feeds,
    field_in_place,
    first_report,
    first_steps,
    keys,
    kind_fields,
    kinds,
    list_columns,
    live,
    me,
    new_case,
    oidc,
    password_reset,
    portal,
    reference,
    rendering,
    report,
    report_mails,
    rule,
    rule_edit,
    saved_filters,
    session,
    sign_ins,
    two_factor,
    user_access,
)
from services.web.pages import calendars as calendars_page
from services.web.pages import gradings as gradings_page
from services.web.pages import mails as mails_page
from services.web.pages import outgoing_mails as outgoing_mails_page
from services.web.pages import partners as partners_page
from services.web.pages import rates as rates_page
from services.web.pages import rules as rules_page
from services.web.pages import sections as sections_page
from services.web.pages import templates as templates_page
from services.web.pages import users as users_page
from services.web.pages import webhooks as webhooks_page
from services.web.settings import WebSettings
from services.web.wiring import EXTENSION, Wiring, build

BIGGEST_REQUEST_BYTES = 8 * 1024 * 1024
API_PARTS = (
    tokens,
    api_me,
    api_two_factor,
    cases,
    api_case_relations,
    api_case_portal,
    case_selection,
    meetings,
    quality_actions,
    events,
    api_feeds,
    files,
    api_saved_filters,
    sections,
    partners,
    users,
    api_user_access,
    names,
    directory_histories,
    rules,
    templates,
    calendars,
    reports,
    api_report_mails,
    rates,
    gradings,
    accounts,
    mails,
    outgoing_mails,
    webhooks,
)
PAGES = (
    session,
    password_reset,
    oidc,
    me,
    two_factor,
    sign_ins,
    user_access,
    first_steps,
    case_list,
    list_columns,
    case_board,
    case_graph,
    case_neighbours,
    keys,
    calendar,
    feeds,
    case_bulk,
    case_tags,
    saved_filters,
    case,
    case_answer,
    case_changes,
    field_in_place,
    case_meeting,
    case_meeting_words,
    case_relations,
    case_quality,
    case_portal,
    kind_fields,
    live,
    new_case,
    portal,
    partners_page,
    sections_page,
    categories,
    kinds,
    users_page,
    rules_page,
    rule,
    rule_edit,
    templates_page,
    calendars_page,
    report,
    report_mails,
    rates_page,
    first_report,
    gradings_page,
    accounts_page,
    mails_page,
    outgoing_mails_page,
    webhooks_page,
    reference,
)


def create_app(wiring: Wiring | None = None) -> APIFlask:
    """The gateway as a WSGI app, built from the settings of this process when none is given."""
    wiring = wiring or build()
    app = APIFlask(
        __name__, title="Casewire", version="1.0", spec_path=openapi.PATH, docs_path=None
    )
    app.extensions[EXTENSION] = wiring
    _configure(app, wiring.settings)
    metrics.install(app)
    request_spans.install(app)
    compression.install(app)
    packed_files.install(app)
    headers.install(app, wiring.settings.web_https)
    openapi.install(app)
    limiter.init_app(app)
    uploads.install(app)
    api_limits.install(app, wiring.settings.web_api_limit)
    gate.install(app)
    single_sign_on.install(app, wiring.settings)
    query.install(app)
    paging.install(app)
    idempotency.install(app)
    answers.install(app)
    translation.install(app)
    rendering.install(app)
    for part in API_PARTS:
        gate.csrf.exempt(part.blueprint)
        app.register_blueprint(part.blueprint)
    gate.csrf.exempt(portal.blueprint)  # no cookie says who asks there: the address does
    for page in PAGES:
        app.register_blueprint(page.blueprint)
    return app


def _configure(app: APIFlask, settings: WebSettings) -> None:
    assert isinstance(app.json, DefaultJSONProvider)
    app.json.sort_keys = False
    app.json.ensure_ascii = False
    key, *older_keys = secret_keys(settings)
    app.config.update(
        SECRET_KEY=key,
        SECRET_KEY_FALLBACKS=older_keys,
        MAX_CONTENT_LENGTH=BIGGEST_REQUEST_BYTES,
        MAX_FORM_MEMORY_SIZE=BIGGEST_REQUEST_BYTES,
        SESSION_COOKIE_NAME="casewire",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=settings.web_https,
        PERMANENT_SESSION_LIFETIME=LASTS,
        WTF_CSRF_TIME_LIMIT=None,  # a form stays good as long as its session
        DESCRIPTION="A helpdesk that a company can run by mail alone.",
    )
    if settings.web_trusted_proxies:
        proxies = settings.web_trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=proxies, x_proto=proxies)  # type: ignore[method-assign]
