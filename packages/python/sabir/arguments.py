"""The plan of a handler's arguments, built one parameter at a time."""

from __future__ import annotations

import datetime
import inspect
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Annotated, Any, get_origin

from sabir.annotations import bare, is_model, is_upload, misplaced_marker, split_annotated, without_none
from sabir.components import Components
from sabir.content_types import ContentType, content_type_of
from sabir.convert import Convert, body_converter, member_converter, parameter_converter, wrap_files
from sabir.form import FormFields, form_converter, form_media_types, form_schema, text_or_file
from sabir.own_defaults import Copy, copier
from sabir.parameters import Body, Constraints, File, Form, JsonSchema, Parameter, Path, Query
from sabir.problem import SetupError
from sabir.request import Request
from sabir.schema import encode_default, parameter_schema, schema_of
from sabir.socket_types import is_socket

MISSING = inspect.Parameter.empty
JSON = "application/json"

# What a variable without an annotation is, by its converter in the path.
_CONVERTERS: dict[str | None, Any] = {
    "uuid": uuid.UUID,
    "date": datetime.date,
    "datetime": datetime.datetime,
    "time": datetime.time,
}


class Arguments:
    """What one handler takes from a request."""

    def __init__(self, route: str, variables: dict[str, str | None], components: Components) -> None:
        self.plan: list[tuple[Any, ...]] = []
        self._route = route
        self._variables = variables
        self._components = components
        self._parameters: list[dict[str, Any]] = []
        self._body: dict[str, Any] | None = None
        self._bodies: list[_BodyArgument] = []
        self._form: FormFields | None = None
        self.content: tuple[str, ContentType] | None = None
        """The parameter that takes the content while it arrives."""
        self._owner: str | None = None
        """What the parameter belongs to that is being added, where it is not the handler."""
        self._known: dict[tuple[str, str], _Known] = {}

    def add(self, name: str, annotation: Any, default: Any, owner: str | None = None) -> int:
        """Add the parameter ``name`` of the handler, or of the ``owner``, and return its place in the plan.

        Parameters of several owners that are the same have one place.

        Raises:
            SetupError: If it cannot be told where its value comes from, or what it is.
        """
        self._owner = owner
        place = len(self.plan)
        known = self._add(name, annotation, default)
        return place if known is None else known

    def _add(self, name: str, annotation: Any, default: Any) -> int | None:
        """Add a parameter, unless it is one that is known; then return the place of that."""
        _, metadata = split_annotated(annotation)
        content = content_type_of(annotation)
        markers = [item for item in metadata if isinstance(item, Parameter | Body | Form | File)]
        if len(markers) > 1:
            raise self._error(
                name, "it has several markers", "keep one of Path, Query, Header, Cookie, Body, Form, File"
            )
        if content is not None and all(isinstance(marker, Body) for marker in markers):
            self._add_content(name, content, markers[0] if markers else None)
            return None
        marker = markers[0] if markers else self._infer(name, annotation)
        wanted = _without_markers(annotation)
        if misplaced := misplaced_marker(wanted, Constraints):
            raise self._error(
                name, f"{misplaced}, where it means nothing", "narrow inner types with msgspec.Meta or pydantic.Field"
            )
        try:
            if marker is None:
                self.plan.append(("request",))
            elif isinstance(marker, Parameter):
                return self._add_parameter(name, wanted, marker, default)
            elif isinstance(marker, Body) or (isinstance(marker, Form) and is_model(wanted)):
                return self._add_once(("body", name), wanted, marker, default, self._add_body)
            else:
                wire_name = getattr(marker, "name", None) or name
                return self._add_once(("field", wire_name), wanted, marker, default, self._add_field)
        except (TypeError, NameError) as error:
            raise self._error(name, str(error), "use a type that has a JSON Schema, or give schema=") from error
        return None

    def _add_once(
        self, key: tuple[str, str], annotation: Any, marker: Any, default: Any, add: Callable[..., None]
    ) -> int | None:
        """Add a part of the content, unless it is known from another owner."""
        known = self._known.get(key)
        said = {"annotation": annotation, "marker": marker, "default": default}
        if known is not None and known.owner != self._owner:
            if known.described == said:
                return known.place
            problem = f"{known.owner or 'the handler'} asks for the same part of the content with another schema"
            raise self._error(key[1], problem, "use one type, or another name")
        self._known[key] = _Known(said, self._owner, len(self.plan), annotation, default)
        add(key[1], annotation, marker, default)
        return None

    def _add_content(self, name: str, content: ContentType, marker: Any) -> None:
        """Add what is taken while it arrives."""
        self._claim_body(name)
        try:
            media_types = content.media_types(self._components)
        except (TypeError, NameError) as error:
            raise self._error(name, str(error), "take bytes, parts, or a type that has a JSON Schema") from error
        self._body = {"content": media_types}
        if isinstance(marker, Body):
            said = [marker.media_type] if isinstance(marker.media_type, str) else list(marker.media_type)
            if said not in ([JSON], []):
                (media,) = media_types.values()
                self._body["content"] = dict.fromkeys(said, media)
            if marker.description:
                self._body["description"] = marker.description
        self.content = name, content
        self.plan.append(("content", content.maker()))

    def is_variable(self, name: str) -> bool:
        """Whether the path has a variable of this name."""
        return name in self._variables

    def add_socket(self, convert: Convert | None) -> None:
        """Add the handler's parameter that is the WebSocket, whose messages ``convert`` turns into their type."""
        self.plan.append(("socket", convert))

    def operation(self) -> dict[str, Any]:
        """Return the members ``parameters`` and ``requestBody`` of the operation."""
        found: dict[str, Any] = {}
        if self._parameters:
            found["parameters"] = self._parameters
        body = self._form.request_body() if self._form else self._body
        if body:
            found["requestBody"] = body
        return found

    def _infer(self, name: str, annotation: Any) -> Parameter | Body | File | None:
        wanted = bare(annotation)
        if is_socket(wanted):
            raise self._error(name, "it is a WebSocket, which this route does not open", "add it with app.websocket")
        if wanted is Request:
            return None
        if name in self._variables:
            return Path()
        if is_upload(annotation):
            return File()
        return Body() if annotation is not MISSING and is_model(annotation) else Query()

    def _add_parameter(self, name: str, annotation: Any, marker: Parameter, default: Any) -> int | None:
        wire_name = marker.wire_name(name)
        in_path = isinstance(marker, Path)
        if in_path and wire_name not in self._variables:
            raise self._error(name, f"the path has no variable {{{wire_name}}}", "add it to the path")
        if annotation is MISSING:
            annotation = _CONVERTERS.get(self._variables.get(wire_name), Any) if in_path else Any
        # Null may arrive where schema= permits it, so the converter has to know.
        convert = parameter_converter(annotation, marker.location, wire_name)
        annotation = without_none(annotation)
        self.plan.append(("parameter", marker.location, wire_name, convert, *fallback(default)))
        schema = self._schema(annotation, marker, parameter_schema)
        if in_path and not schema and not marker.description:
            # The variable keeps the schema of its converter.
            return None
        if default is not MISSING and (encoded := encode_default(default)) is not None:
            schema.setdefault("default", encoded)
        described = {
            "name": wire_name,
            "in": marker.location,
            "description": marker.description,
            "required": in_path or default is MISSING,
            "deprecated": marker.deprecated,
            "style": marker.style,
            "explode": marker.explode,
            "schema": None if schema == {} else schema,
        }
        # False is the default of the flags, but `explode: false` says something.
        described = {
            key: value
            for key, value in described.items()
            if value or (key in ("explode", "schema") and value is not None)
        }
        key = (marker.location, wire_name.lower() if marker.location == "header" else wire_name)
        known = self._known.get(key)
        if known is None or known.owner == self._owner:
            self._known[key] = _Known(described, self._owner, len(self.plan) - 1, annotation, default)
            self._parameters.append(described)
            return None
        self._merge(name, known, described)
        if known.annotation == annotation and known.default is default:
            self.plan.pop()
            return known.place
        return None

    def _merge(self, name: str, known: _Known, described: dict[str, Any]) -> None:
        """Make one parameter of two that have the same schema.

        Raises:
            SetupError: If they have not.
        """

        def schema_of_parameter(described: dict[str, Any]) -> dict[str, Any]:
            schema = {key: value for key, value in described.get("schema", {}).items() if key != "default"}
            ignored = ("schema", "required", "description")
            return {**{key: value for key, value in described.items() if key not in ignored}, "schema": schema}

        ours, theirs = described.get("schema", {}), known.described.get("schema", {})
        is_required = (described.get("required", False), known.described.get("required", False))
        is_same = schema_of_parameter(described) == schema_of_parameter(known.described)
        if not is_same or (not any(is_required) and ours.get("default") != theirs.get("default")):
            raise self._error(
                name,
                f"{known.owner or 'the handler'} asks for the same parameter with another schema",
                "use one schema, or another name",
            )
        if any(is_required):
            known.described["required"] = True
            theirs.pop("default", None)
        if "description" in described:
            known.described.setdefault("description", described["description"])

    def _add_body(self, name: str, annotation: Any, marker: Body | Form, default: Any) -> None:
        annotation = Any if annotation is MISSING else annotation
        if isinstance(marker, Form):
            self._claim_body(name)
            self._body = _content(marker, self._form_content(annotation, marker), default)
            self.plan.append(("body", form_converter(annotation), *fallback(default)))
            return
        self._claim_body(name, marker)
        self._bodies.append(_BodyArgument(len(self.plan), name, annotation, marker, default))
        if len(self._bodies) == 1:
            self._add_whole_body(annotation, marker, default)
        else:
            self._add_members()

    def _form_content(self, annotation: Any, marker: Form) -> dict[str, JsonSchema]:
        schema = self._schema(without_none(annotation), marker, form_schema)
        return dict.fromkeys(form_media_types(marker.media_type, annotation), schema)

    def _add_whole_body(self, annotation: Any, marker: Body, default: Any) -> None:
        content = dict(marker.content)
        if not content:
            # Beside a default, None means that nothing was sent; without one it is the null of JSON.
            wanted = annotation if default is MISSING else without_none(annotation)
            schema = self._schema(wanted, marker, schema_of)
            if without_none(annotation) is bytes and marker.schema is None:
                schema = {"type": "string", "format": "binary"}
            media_types = [marker.media_type] if isinstance(marker.media_type, str) else marker.media_type
            content = dict.fromkeys(media_types, schema)
        self._body = _content(marker, content, default)
        convert = body_converter(annotation)
        if convert is None and any(media_type.startswith("multipart/") for media_type in content):
            convert = wrap_files
        self.plan.append(("body", convert, *fallback(default)))

    def _add_members(self) -> None:
        """Make each of several body parameters a member of one JSON object, under its own name."""
        properties: dict[str, JsonSchema] = {}
        for argument in self._bodies:
            schema = self._schema(argument.annotation, argument.marker, schema_of)
            if argument.marker.description:
                schema.setdefault("description", argument.marker.description)
            properties[argument.name] = schema
            convert = member_converter(argument.annotation, argument.name)
            entry = ("member", argument.name, convert, *fallback(argument.default))
            self.plan[argument.place : argument.place + 1] = [entry]
        required = [argument.name for argument in self._bodies if argument.default is MISSING]
        schema = {"type": "object", "properties": properties, **({"required": required} if required else {})}
        self._body = {"content": {JSON: {"schema": schema}}, "required": bool(required)}

    def _add_field(self, name: str, annotation: Any, marker: Form | File | Body, default: Any) -> None:
        if self._form is None:
            self._claim_body(name)
            self._form = FormFields()
        annotation = Any if annotation is MISSING else annotation
        wire_name = name
        schema = self._schema(without_none(annotation), marker, parameter_schema)
        if isinstance(marker, Form) and not is_upload(annotation):
            schema = text_or_file(schema)
        if default is not MISSING and (encoded := encode_default(default)) is not None:
            schema.setdefault("default", encoded)
        if marker.description:
            schema.setdefault("description", marker.description)
        media_type = marker.media_type if isinstance(marker, Form | File) else None
        is_file = isinstance(marker, File) or is_upload(annotation)
        if isinstance(marker, File) and "binary" not in str(schema) and schema:
            raise TypeError(f"{bare(annotation)} is no type for a file; take UploadFile, bytes or a list of them")
        self._form.add(wire_name, schema, required=default is MISSING, media_type=media_type, is_file=is_file)
        convert = parameter_converter(without_none(annotation), "body", wire_name)
        self.plan.append(("member", wire_name, convert, *fallback(default)))

    def _schema(self, annotation: Any, marker: Constraints, derive: Any) -> JsonSchema:
        if marker.schema is not None:
            if isinstance(marker.schema, bool):
                # Nothing need be added to what refuses everything; what takes everything is {} (JSON Schema §4.3.2).
                return {**marker.keywords()} if marker.schema else {"not": {}}
            return {**marker.schema, **marker.keywords()}
        bare_type = bare(annotation)
        schema: JsonSchema = {} if bare_type is Any else dict(derive(annotation, self._components))
        if bare_type in (set, frozenset, tuple) or get_origin(bare_type) in (set, frozenset):
            # A set forgives repetitions: that is what it is for.
            schema.pop("uniqueItems", None)
        return {**schema, **marker.keywords()}

    def _claim_body(self, name: str, marker: Body | None = None) -> None:
        """Refuse a parameter that cannot share the content with those from before.

        Several parameters share it as the members of one JSON object, as long as none asks for something else.
        """
        markers = [*(argument.marker for argument in self._bodies), *([marker] if marker else [])]
        share = marker is not None and self._bodies and all(_takes_json(other) for other in markers)
        if (self._body is not None or self._form is not None) and not share:
            raise self._error(
                name,
                "another parameter takes the body already",
                "put both into one model; several parameters share a body of JSON only",
            )

    def _error(self, name: str, problem: str, remedy: str) -> SetupError:
        return SetupError(self._owner or self._route, name, problem, remedy)


def fallback(default: Any) -> tuple[Any, Copy | None]:
    """Return what stands in for an absent value, and how each request gets its own."""
    value = None if default is MISSING else default
    return value, copier(value)


@dataclass(frozen=True)
class _Known:
    """A parameter that was added."""

    described: dict[str, Any]
    owner: str | None
    place: int
    annotation: Any
    default: Any


@dataclass(frozen=True)
class _BodyArgument:
    """A parameter that is the JSON body, or a member of it where there are several."""

    place: int
    """Its place in the plan."""
    name: str
    annotation: Any
    marker: Body
    default: Any


def _takes_json(marker: Body) -> bool:
    return not marker.content and marker.media_type in (JSON, (JSON,), [JSON])


def _content(marker: Body | Form, content: Mapping[str, JsonSchema], default: Any) -> dict[str, Any]:
    """Return the Request Body Object of a body that is one parameter."""
    body: dict[str, Any] = {
        "content": {media_type: {} if schema == {} else {"schema": schema} for media_type, schema in content.items()},
        "required": default is MISSING,
    }
    if marker.description:
        body["description"] = marker.description
    return body


def _without_markers(annotation: Any) -> Any:
    """Return the annotation without this package's markers; other metadata stays."""
    inner, metadata = split_annotated(annotation)
    kept = tuple(item for item in metadata if not isinstance(item, Constraints))
    if not kept:
        return inner
    return Annotated[(inner, *kept)]
