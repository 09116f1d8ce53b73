"""The JSON API under /api/v1."""

from apiflask.schema_adapters.registry import registry

from services.web.api.strict_body import StrictBody

# Before any route is made: each asks for its reader when it is.
registry.register("pydantic", StrictBody)
