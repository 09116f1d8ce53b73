"""Files, as the API answers and takes them."""

from __future__ import annotations

from pydantic import Field

from services.contracts.envelope import Part
from services.web.api.schemas.base import Given

SHA256 = r"^[0-9a-f]{64}$"


class StoredFile(Part):
    """A file that was uploaded, known by the SHA-256 of its bytes."""

    sha256: str = Field(pattern=SHA256)
    size_bytes: int
    filename: str
    content_type: str


class GivenAttachment(Given):
    """A file that was uploaded before, as that was answered; name and type may be others."""

    sha256: str = Field(pattern=SHA256)
    filename: str = Field(min_length=1, max_length=300)
    content_type: str = Field(default="application/octet-stream", max_length=100)
    size_bytes: int = Field(ge=0)
