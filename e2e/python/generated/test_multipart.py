# Generated from testing_data by `./task generate`. Do not edit.
"""The fixtures of ``testing_data/multipart``."""

import datetime
from typing import Annotated, Any

import msgspec
from sabir import Body, Form, Router, Sabir, UploadFile
from support import Check, echo


def test_binary_file_is_untouched(check: Check) -> None:
    """A file's content arrives byte for byte, line ends and all."""

    class BodyModel(msgspec.Struct):
        upload: UploadFile | msgspec.UnsetType = msgspec.UNSET

    app = Sabir()
    router = Router()

    @router.post("/items", blocking=False)
    def take_items(body: Annotated[BodyModel, Form(media_type="multipart/form-data")]) -> dict[str, Any]:
        return echo(body=body)

    app.mount("/", router)

    check(app)


def test_binary_part_without_filename_is_a_file(check: Check) -> None:
    """A file needs no filename: where the schema has a file, a part whose media type is not text is one."""
    app = Sabir()

    @app.post("/items")
    async def take_items(
        body: Annotated[
            dict[str, Any],
            Body(
                media_type="multipart/form-data",
                schema={
                    "type": "object",
                    "properties": {
                        "file": {"type": "string", "format": "binary"},
                        "files": {"type": "array", "items": {"type": "string", "format": "binary"}},
                        "text": {"type": "string"},
                        "n": {"type": "integer"},
                        "data": {"type": "object", "properties": {"a": {"type": "integer"}}},
                    },
                },
            ),
        ],
    ) -> dict[str, Any]:
        return echo(body=body)

    check(app)


def test_body_limit_of_multipart(check: Check) -> None:
    """The limit of the whole body holds for multipart content."""

    class BodyModel(msgspec.Struct):
        upload: UploadFile | msgspec.UnsetType = msgspec.UNSET

    app = Sabir(body_limit=1000)

    @app.post("/items")
    def take_items(body: Annotated[BodyModel, Form(media_type="multipart/form-data")]) -> dict[str, Any]:
        return echo(body=body)

    check(app)


def test_boolean_and_number_fields_are_coerced(check: Check) -> None:
    """Booleans and numbers are read from their text."""

    class BodyModel(msgspec.Struct):
        gift: bool | msgspec.UnsetType = msgspec.UNSET
        weight: float | msgspec.UnsetType = msgspec.UNSET

    app = Sabir()

    @app.post("/items")
    async def take_items(body: Annotated[BodyModel, Form(media_type="multipart/form-data")]) -> dict[str, Any]:
        return echo(body=body)

    check(app)


def test_bracketed_names_nest(check: Check) -> None:
    """Names in brackets nest as they do in URL-encoded forms."""
    app = Sabir()

    @app.post("/items")
    def take_items(body: Annotated[Any, Body(content={"multipart/form-data": {}})]) -> dict[str, Any]:
        return echo(body=body)

    check(app)


def test_charset_of_a_text_part(check: Check) -> None:
    """The charset of a text part is honoured."""
    app = Sabir()

    @app.post("/items")
    async def take_items(body: Annotated[Any, Body(content={"multipart/form-data": {}})]) -> dict[str, Any]:
        return echo(body=body)

    check(app)


def test_content_that_looks_like_a_boundary(check: Check) -> None:
    """Dashes and parts of the boundary inside a file do not end it."""

    class BodyModel(msgspec.Struct):
        upload: UploadFile | msgspec.UnsetType = msgspec.UNSET

    app = Sabir()

    @app.post("/items")
    async def take_items(body: Annotated[BodyModel, Form(media_type="multipart/form-data")]) -> dict[str, Any]:
        return echo(body=body)

    check(app)


def test_content_without_the_boundary_is_refused(check: Check) -> None:
    """Content in which the boundary never appears is malformed."""
    app = Sabir()

    @app.post("/items", blocking=False)
    def take_items(body: Annotated[Any, Body(content={"multipart/form-data": {}})]) -> dict[str, Any]:
        return echo(body=body)

    check(app)


def test_directories_in_a_filename_are_dropped(check: Check) -> None:
    """No directory that a client names is trusted."""

    class BodyModel(msgspec.Struct):
        upload: UploadFile | msgspec.UnsetType = msgspec.UNSET

    app = Sabir()
    router = Router()

    @router.post("/items")
    async def take_items(body: Annotated[BodyModel, Form(media_type="multipart/form-data")]) -> dict[str, Any]:
        return echo(body=body)

    app.mount("/", router)

    check(app)


def test_empty_file(check: Check) -> None:
    """A file without content is a file of size zero."""

    class BodyModel(msgspec.Struct):
        upload: UploadFile | msgspec.UnsetType = msgspec.UNSET

    app = Sabir()
    router = Router()

    @router.post("/items", blocking=False)
    def take_items(body: Annotated[BodyModel, Form(media_type="multipart/form-data")]) -> dict[str, Any]:
        return echo(body=body)

    app.mount("/", router)

    check(app)


def test_field_left_empty_is_absent(check: Check) -> None:
    """A browser sends an empty text for a field that was left empty: an optional field that is no string is then absent."""

    class BodyModel(msgspec.Struct, kw_only=True):
        n: int | msgspec.UnsetType = msgspec.UNSET
        day: datetime.date | msgspec.UnsetType = msgspec.UNSET
        ns: list[int] | msgspec.UnsetType = msgspec.UNSET
        s: str | msgspec.UnsetType = msgspec.UNSET
        must: int

    app = Sabir()

    @app.post("/items")
    async def take_items(body: Annotated[BodyModel, Form(media_type="multipart/form-data")]) -> dict[str, Any]:
        return echo(body=body)

    check(app)


def test_field_outside_ascii(check: Check) -> None:
    """A field's text is UTF-8, its name as well."""
    app = Sabir()

    @app.post("/items")
    def take_items(body: Annotated[Any, Body(content={"multipart/form-data": {}})]) -> dict[str, Any]:
        return echo(body=body)

    check(app)


def test_fields_and_files_are_validated_together(check: Check) -> None:
    """All failures of a multipart body are reported at once."""

    class BodyModel(msgspec.Struct):
        pages: Annotated[int, msgspec.Meta(ge=1)] | msgspec.UnsetType = msgspec.UNSET
        title: Annotated[str, msgspec.Meta(min_length=1)] | msgspec.UnsetType = msgspec.UNSET

    app = Sabir()

    @app.post("/items")
    def take_items(body: Annotated[BodyModel, Form(media_type="multipart/form-data")]) -> dict[str, Any]:
        return echo(body=body)

    check(app)


def test_file_above_the_memory_limit_is_read(check: Check) -> None:
    """A file above `file_memory_limit` is kept on disk and still read whole."""

    class BodyModel(msgspec.Struct):
        upload: UploadFile | msgspec.UnsetType = msgspec.UNSET

    app = Sabir(file_memory_limit=1024)

    @app.post("/items")
    def take_items(body: Annotated[BodyModel, Form(media_type="multipart/form-data")]) -> dict[str, Any]:
        return echo(body=body)

    check(app)


def test_file_beside_fields(check: Check) -> None:
    """Files and fields may be mixed in one body."""

    class BodyModel(msgspec.Struct):
        title: str | msgspec.UnsetType = msgspec.UNSET
        upload: UploadFile | msgspec.UnsetType = msgspec.UNSET
        note: str | msgspec.UnsetType = msgspec.UNSET

    app = Sabir()
    router = Router()

    @router.post("/items")
    async def take_items(body: Annotated[BodyModel, Form(media_type="multipart/form-data")]) -> dict[str, Any]:
        return echo(body=body)

    app.mount("/", router)

    check(app)


def test_file_that_was_not_chosen(check: Check) -> None:
    """An empty file name without content means that no file was chosen, so the field is absent."""

    class BodyModel(msgspec.Struct):
        upload: UploadFile | msgspec.UnsetType = msgspec.UNSET

    app = Sabir()

    @app.post("/items")
    def take_items(body: Annotated[BodyModel, Form(media_type="multipart/form-data")]) -> dict[str, Any]:
        return echo(body=body)

    check(app)


def test_filename_outside_ascii(check: Check) -> None:
    """A file name in UTF-8 arrives as it was sent."""

    class BodyModel(msgspec.Struct):
        upload: UploadFile | msgspec.UnsetType = msgspec.UNSET

    app = Sabir()

    @app.post("/items", blocking=False)
    def take_items(body: Annotated[BodyModel, Form(media_type="multipart/form-data")]) -> dict[str, Any]:
        return echo(body=body)

    check(app)


def test_files_in_two_fields(check: Check) -> None:
    """Each field has its own file."""

    class BodyModel(msgspec.Struct):
        front: UploadFile | msgspec.UnsetType = msgspec.UNSET
        back: UploadFile | msgspec.UnsetType = msgspec.UNSET

    app = Sabir()

    @app.post("/items", blocking=False)
    def take_items(body: Annotated[BodyModel, Form(media_type="multipart/form-data")]) -> dict[str, Any]:
        return echo(body=body)

    check(app)


def test_files_on_both_sides_of_the_memory_limit(check: Check) -> None:
    """One body may have files in memory and on disk."""

    class BodyModel(msgspec.Struct):
        files: list[UploadFile] | msgspec.UnsetType = msgspec.UNSET

    app = Sabir(file_memory_limit=100)

    @app.post("/items")
    async def take_items(body: Annotated[BodyModel, Form(media_type="multipart/form-data")]) -> dict[str, Any]:
        return echo(body=body)

    check(app)


def test_integer_field_is_coerced(check: Check) -> None:
    """A text field that the schema declares as an integer arrives as one."""

    class BodyModel(msgspec.Struct):
        quantity: int | msgspec.UnsetType = msgspec.UNSET

    app = Sabir()
    router = Router()

    @router.post("/items", blocking=False)
    def take_items(body: Annotated[BodyModel, Form(media_type="multipart/form-data")]) -> dict[str, Any]:
        return echo(body=body)

    app.mount("/", router)

    check(app)


def test_json_part(check: Check) -> None:
    """A part of type application/json is read as JSON."""
    app = Sabir()

    @app.post("/items")
    def take_items(
        body: Annotated[
            dict[str, Any],
            Body(
                media_type="multipart/form-data",
                schema={
                    "type": "object",
                    "properties": {
                        "meta": {"type": "object", "properties": {"n": {"type": "integer"}}},
                        "upload": {"type": "string", "format": "binary"},
                    },
                },
            ),
        ],
    ) -> dict[str, Any]:
        return echo(body=body)

    check(app)


def test_json_part_is_validated(check: Check) -> None:
    """A failure inside a JSON part is pointed at."""

    class Meta(msgspec.Struct):
        n: Annotated[int, msgspec.Meta(ge=1)] | msgspec.UnsetType = msgspec.UNSET

    class BodyModel(msgspec.Struct):
        meta: Meta | msgspec.UnsetType = msgspec.UNSET

    app = Sabir()

    @app.post("/items", blocking=False)
    def take_items(body: Annotated[BodyModel, Form(media_type="multipart/form-data")]) -> dict[str, Any]:
        return echo(body=body)

    check(app)


def test_last_boundary_without_dashes_is_refused(check: Check) -> None:
    """Content without the closing delimiter is incomplete."""
    app = Sabir()

    @app.post("/items")
    async def take_items(body: Annotated[Any, Body(content={"multipart/form-data": {}})]) -> dict[str, Any]:
        return echo(body=body)

    check(app)


def test_lists_of_several_types(check: Check) -> None:
    """An array beside another type, and arrays whose items differ, are read by the rule of parameters."""
    app = Sabir()

    @app.post("/items", blocking=False)
    def take_items(
        body: Annotated[
            dict[str, Any],
            Body(
                media_type="multipart/form-data",
                schema={
                    "type": "object",
                    "properties": {
                        "list_or_int": {
                            "anyOf": [{"type": "array", "items": {"type": "integer"}}, {"type": "integer"}]
                        },
                        "int_or_list": {
                            "anyOf": [{"type": "integer"}, {"type": "array", "items": {"type": "integer"}}]
                        },
                        "ints_or_words": {
                            "anyOf": [
                                {"type": "array", "items": {"type": "integer"}},
                                {"type": "array", "items": {"type": "string"}},
                            ]
                        },
                        "mixed_items": {
                            "type": "array",
                            "items": {"anyOf": [{"type": "integer"}, {"type": "boolean"}]},
                        },
                        "tuple": {
                            "type": "array",
                            "prefixItems": [{"type": "integer"}, {"type": "boolean"}],
                            "items": False,
                            "minItems": 2,
                        },
                    },
                },
            ),
        ],
    ) -> dict[str, Any]:
        return echo(body=body)

    check(app)


def test_malformed_json_part_is_refused(check: Check) -> None:
    """A JSON part must be well formed."""

    class BodyModel(msgspec.Struct):
        meta: dict[str, Any] | msgspec.UnsetType = msgspec.UNSET

    app = Sabir()
    router = Router()

    @router.post("/items")
    async def take_items(body: Annotated[BodyModel, Form(media_type="multipart/form-data")]) -> dict[str, Any]:
        return echo(body=body)

    app.mount("/", router)

    check(app)


def test_missing_boundary_is_refused(check: Check) -> None:
    """Multipart content without a boundary parameter cannot be read."""
    app = Sabir()

    @app.post("/items")
    def take_items(body: Annotated[Any, Body(content={"multipart/form-data": {}})]) -> dict[str, Any]:
        return echo(body=body)

    check(app)


def test_missing_required_file(check: Check) -> None:
    """A required file that is not there is a validation problem."""

    class BodyModel(msgspec.Struct, kw_only=True):
        title: str | msgspec.UnsetType = msgspec.UNSET
        upload: UploadFile

    app = Sabir()

    @app.post("/items")
    async def take_items(body: Annotated[BodyModel, Form(media_type="multipart/form-data")]) -> dict[str, Any]:
        return echo(body=body)

    check(app)


def test_no_parts(check: Check) -> None:
    """A body of the closing delimiter alone has no fields."""
    app = Sabir()

    @app.post("/items")
    async def take_items(body: Annotated[Any, Body(content={"multipart/form-data": {}})]) -> dict[str, Any]:
        return echo(body=body)

    check(app)


def test_one_file(check: Check) -> None:
    """A part with a file name arrives as a file with name, type, size and content."""

    class BodyModel(msgspec.Struct):
        upload: UploadFile | msgspec.UnsetType = msgspec.UNSET

    app = Sabir()

    @app.post("/items")
    def take_items(body: Annotated[BodyModel, Form(media_type="multipart/form-data")]) -> dict[str, Any]:
        return echo(body=body)

    check(app)


def test_one_file_in_a_field_of_several(check: Check) -> None:
    """A field of several files that got one is a list of one."""

    class BodyModel(msgspec.Struct):
        files: list[UploadFile] | msgspec.UnsetType = msgspec.UNSET

    app = Sabir()

    @app.post("/items")
    def take_items(body: Annotated[BodyModel, Form(media_type="multipart/form-data")]) -> dict[str, Any]:
        return echo(body=body)

    check(app)


def test_overlong_boundary_is_refused(check: Check) -> None:
    """A boundary has at most 70 characters."""
    app = Sabir()

    @app.post("/items", blocking=False)
    def take_items(body: Annotated[Any, Body(content={"multipart/form-data": {}})]) -> dict[str, Any]:
        return echo(body=body)

    check(app)


def test_parameter_given_twice_is_refused(check: Check) -> None:
    """A disposition that names the field twice is malformed: two readers could see two forms."""

    class Data(msgspec.Struct):
        a: int | msgspec.UnsetType = msgspec.UNSET

    class BodyModel(msgspec.Struct):
        file: UploadFile | msgspec.UnsetType = msgspec.UNSET
        files: list[UploadFile] | msgspec.UnsetType = msgspec.UNSET
        text: str | msgspec.UnsetType = msgspec.UNSET
        n: int | msgspec.UnsetType = msgspec.UNSET
        data: Data | msgspec.UnsetType = msgspec.UNSET

    app = Sabir()

    @app.post("/items", blocking=False)
    def take_items(body: Annotated[BodyModel, Form(media_type="multipart/form-data")]) -> dict[str, Any]:
        return echo(body=body)

    check(app)


def test_part_header_names_ignore_case(check: Check) -> None:
    """Header fields of parts are named without regard to case."""
    app = Sabir()

    @app.post("/items")
    def take_items(body: Annotated[Any, Body(content={"multipart/form-data": {}})]) -> dict[str, Any]:
        return echo(body=body)

    check(app)


def test_part_limit_is_per_part(check: Check) -> None:
    """Several parts below the limit may together be above it."""
    app = Sabir(part_limit=10)

    @app.post("/items")
    def take_items(body: Annotated[Any, Body(content={"multipart/form-data": {}})]) -> dict[str, Any]:
        return echo(body=body)

    check(app)


def test_part_limit_of_a_field(check: Check) -> None:
    """The limit holds for text fields as well."""
    app = Sabir(part_limit=10)

    @app.post("/items")
    async def take_items(body: Annotated[Any, Body(content={"multipart/form-data": {}})]) -> dict[str, Any]:
        return echo(body=body)

    check(app)


def test_part_limit_of_a_file(check: Check) -> None:
    """A file above `part_limit` is refused, one of exactly that size is read."""

    class BodyModel(msgspec.Struct):
        upload: UploadFile | msgspec.UnsetType = msgspec.UNSET

    app = Sabir(part_limit=100)

    @app.post("/items", blocking=False)
    def take_items(body: Annotated[BodyModel, Form(media_type="multipart/form-data")]) -> dict[str, Any]:
        return echo(body=body)

    check(app)


def test_part_without_disposition_is_refused(check: Check) -> None:
    """Every part must have a Content-Disposition field."""
    app = Sabir()
    router = Router()

    @router.post("/items")
    async def take_items(body: Annotated[Any, Body(content={"multipart/form-data": {}})]) -> dict[str, Any]:
        return echo(body=body)

    app.mount("/", router)

    check(app)


def test_part_without_name_is_refused(check: Check) -> None:
    """Every part must have a name."""
    app = Sabir()

    @app.post("/items")
    def take_items(body: Annotated[Any, Body(content={"multipart/form-data": {}})]) -> dict[str, Any]:
        return echo(body=body)

    check(app)


def test_preamble_and_epilogue_are_ignored(check: Check) -> None:
    """What stands before the first and after the last boundary has no meaning."""
    app = Sabir()

    @app.post("/items", blocking=False)
    def take_items(body: Annotated[Any, Body(content={"multipart/form-data": {}})]) -> dict[str, Any]:
        return echo(body=body)

    check(app)


def test_quoted_boundary(check: Check) -> None:
    """A boundary in quotation marks is the text between them."""
    app = Sabir()
    router = Router()

    @router.post("/items")
    def take_items(body: Annotated[Any, Body(content={"multipart/form-data": {}})]) -> dict[str, Any]:
        return echo(body=body)

    app.mount("/", router)

    check(app)


def test_repeated_field_becomes_a_list(check: Check) -> None:
    """A text field that is an array collects its repetitions."""

    class BodyModel(msgspec.Struct):
        n: list[int] | msgspec.UnsetType = msgspec.UNSET

    app = Sabir()

    @app.post("/items", blocking=False)
    def take_items(body: Annotated[BodyModel, Form(media_type="multipart/form-data")]) -> dict[str, Any]:
        return echo(body=body)

    check(app)


def test_required_body_is_missing(check: Check) -> None:
    """Without content a required multipart body is missing."""
    app = Sabir()
    router = Router()

    @router.post("/items")
    async def take_items(body: Annotated[Any, Body(content={"multipart/form-data": {}})]) -> dict[str, Any]:
        return echo(body=body)

    app.mount("/", router)

    check(app)


def test_required_file_that_was_not_chosen(check: Check) -> None:
    """A required file that was not chosen is missing."""

    class BodyModel(msgspec.Struct):
        upload: UploadFile

    app = Sabir()

    @app.post("/items", blocking=False)
    def take_items(body: Annotated[BodyModel, Form(media_type="multipart/form-data")]) -> dict[str, Any]:
        return echo(body=body)

    check(app)


def test_schema_decides_what_is_a_file(check: Check) -> None:
    """Text where the schema has a file, and a file where it has none, do not reach the handler."""
    app = Sabir()

    @app.post("/items")
    async def take_items(
        body: Annotated[
            dict[str, Any],
            Body(
                media_type="multipart/form-data",
                schema={
                    "type": "object",
                    "properties": {
                        "file": {"type": "string", "format": "binary"},
                        "files": {"type": "array", "items": {"type": "string", "format": "binary"}},
                        "text": {"type": "string"},
                        "n": {"type": "integer"},
                        "data": {"type": "object", "properties": {"a": {"type": "integer"}}},
                    },
                },
            ),
        ],
    ) -> dict[str, Any]:
        return echo(body=body)

    check(app)


def test_several_files_in_one_field(check: Check) -> None:
    """Parts of one name are a list of files in their order."""

    class BodyModel(msgspec.Struct):
        files: list[UploadFile] | msgspec.UnsetType = msgspec.UNSET

    app = Sabir()

    @app.post("/items", blocking=False)
    def take_items(body: Annotated[BodyModel, Form(media_type="multipart/form-data")]) -> dict[str, Any]:
        return echo(body=body)

    check(app)


def test_several_types(check: Check) -> None:
    """Of several types, the first counts whose value the schema accepts; text comes last."""
    app = Sabir()
    router = Router()

    @router.post("/items")
    async def take_items(
        body: Annotated[
            dict[str, Any],
            Body(
                media_type="multipart/form-data",
                schema={
                    "type": "object",
                    "properties": {
                        "int_or_bool": {"anyOf": [{"type": "integer"}, {"type": "boolean"}]},
                        "types": {"type": ["integer", "boolean"]},
                        "one_of": {"oneOf": [{"type": "boolean"}, {"type": "integer", "minimum": 5}]},
                        "int_or_all": {"anyOf": [{"const": "all"}, {"type": "integer"}]},
                        "int_or_text": {"anyOf": [{"type": "string"}, {"type": "integer"}]},
                        "int_or_float": {"anyOf": [{"type": "integer"}, {"type": "number"}]},
                        "mixed": {"enum": [1, "a", True, 2.5]},
                        "maybe": {"anyOf": [{"type": "integer"}, {"type": "boolean"}, {"type": "null"}]},
                    },
                },
            ),
        ],
    ) -> dict[str, Any]:
        return echo(body=body)

    app.mount("/", router)

    check(app)


def test_spellings_of_a_filename(check: Check) -> None:
    """A filename is read in every way that clients write it; names of parameters ignore case."""

    class Data(msgspec.Struct):
        a: int | msgspec.UnsetType = msgspec.UNSET

    class BodyModel(msgspec.Struct):
        file: UploadFile | msgspec.UnsetType = msgspec.UNSET
        files: list[UploadFile] | msgspec.UnsetType = msgspec.UNSET
        text: str | msgspec.UnsetType = msgspec.UNSET
        n: int | msgspec.UnsetType = msgspec.UNSET
        data: Data | msgspec.UnsetType = msgspec.UNSET

    app = Sabir()

    @app.post("/items", blocking=False)
    def take_items(body: Annotated[BodyModel, Form(media_type="multipart/form-data")]) -> dict[str, Any]:
        return echo(body=body)

    check(app)


def test_text_fields(check: Check) -> None:
    """Parts without a file name are fields of text."""
    app = Sabir()
    router = Router()

    @router.post("/items")
    def take_items(body: Annotated[Any, Body(content={"multipart/form-data": {}})]) -> dict[str, Any]:
        return echo(body=body)

    app.mount("/", router)

    check(app)


def test_text_part_that_is_not_utf_8_is_refused(check: Check) -> None:
    """A text field that is not UTF-8 is malformed."""
    app = Sabir()

    @app.post("/items")
    def take_items(body: Annotated[Any, Body(content={"multipart/form-data": {}})]) -> dict[str, Any]:
        return echo(body=body)

    check(app)


def test_too_many_files_for_a_field(check: Check) -> None:
    """The number of files in a field is bounded by maxItems."""

    class BodyModel(msgspec.Struct):
        files: Annotated[list[UploadFile], msgspec.Meta(max_length=1)] | msgspec.UnsetType = msgspec.UNSET

    app = Sabir()

    @app.post("/items", blocking=False)
    def take_items(body: Annotated[BodyModel, Form(media_type="multipart/form-data")]) -> dict[str, Any]:
        return echo(body=body)

    check(app)


def test_too_many_parts(check: Check) -> None:
    """More parts than `form_field_limit` are refused."""
    app = Sabir(form_field_limit=2)

    @app.post("/items")
    async def take_items(body: Annotated[Any, Body(content={"multipart/form-data": {}})]) -> dict[str, Any]:
        return echo(body=body)

    check(app)


def test_truncated_content_is_refused(check: Check) -> None:
    """Content that ends inside a part is malformed."""
    app = Sabir()
    router = Router()

    @router.post("/items", blocking=False)
    def take_items(body: Annotated[Any, Body(content={"multipart/form-data": {}})]) -> dict[str, Any]:
        return echo(body=body)

    app.mount("/", router)

    check(app)


def test_truncated_part_head_is_refused(check: Check) -> None:
    """Content that ends inside the header of a part is malformed."""
    app = Sabir()
    router = Router()

    @router.post("/items")
    async def take_items(body: Annotated[Any, Body(content={"multipart/form-data": {}})]) -> dict[str, Any]:
        return echo(body=body)

    app.mount("/", router)

    check(app)


def test_unexpected_field_is_refused_when_closed(check: Check) -> None:
    """A closed schema refuses a part that it does not declare."""

    class BodyModel(msgspec.Struct, forbid_unknown_fields=True):
        title: str | msgspec.UnsetType = msgspec.UNSET

    app = Sabir()

    @app.post("/items")
    async def take_items(body: Annotated[BodyModel, Form(media_type="multipart/form-data")]) -> dict[str, Any]:
        return echo(body=body)

    check(app)


def test_wrong_content_type(check: Check) -> None:
    """A URL-encoded form is refused where multipart is declared."""
    app = Sabir()

    @app.post("/items")
    def take_items(body: Annotated[Any, Body(content={"multipart/form-data": {}})]) -> dict[str, Any]:
        return echo(body=body)

    check(app)
