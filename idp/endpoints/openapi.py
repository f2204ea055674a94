"""The description of the protocol's endpoints for programs (OpenAPI 3.1)."""

from functools import cache
from pathlib import Path
from typing import Any

import yaml
from django.conf import settings
from django.http import HttpRequest, JsonResponse
from django.views.decorators.http import conditional_page, require_GET

from idp.endpoints.jwks import PUBLIC_HEADERS

DESCRIPTION = Path(__file__).with_name("openapi.yaml")


@conditional_page
@require_GET
def openapi(request: HttpRequest) -> JsonResponse:
    """Publish the description, with the configured issuer as the server's address."""
    document = _description() | {"servers": [{"url": settings.ISSUER}]}
    return JsonResponse(document, headers=PUBLIC_HEADERS)


@cache
def _description() -> dict[str, Any]:
    document: dict[str, Any] = yaml.safe_load(DESCRIPTION.read_text(encoding="utf-8"))
    return document
