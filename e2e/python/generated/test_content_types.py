# Generated from testing_data by `./task generate`. Do not edit.
"""The fixtures of ``testing_data/content_types``."""

from typing import Annotated, Any

import msgspec
import pytest
from sabir import Body, Form, Request, Router, Sabir, UploadFile
from support import Check, echo


def test_byte_order_mark_of_text_is_dropped(check: Check) -> None:
    """A byte order mark is no part of a text."""
    app = Sabir()

    @app.post("/items")
    def take_items(body: Annotated[str, Body(media_type="text/plain", schema={"type": "string"})]) -> dict[str, Any]:
        return echo(body=body)

    check(app)


def test_bytes(check: Check) -> None:
    """Content of application/octet-stream arrives as bytes, whatever they are."""
    app = Sabir()
    router = Router()

    @router.post("/items", blocking=False)
    def take_items(
        body: Annotated[
            bytes, Body(media_type="application/octet-stream", schema={"type": "string", "format": "binary"})
        ],
    ) -> dict[str, Any]:
        return echo(body=body)

    app.mount("/", router)

    check(app)


def test_bytes_without_a_type(check: Check) -> None:
    """Content without a Content-Type counts as application/octet-stream where that is declared."""
    app = Sabir()

    @app.post("/items")
    async def take_items(
        body: Annotated[
            bytes, Body(media_type="application/octet-stream", schema={"type": "string", "format": "binary"})
        ],
    ) -> dict[str, Any]:
        return echo(body=body)

    check(app)


def test_coding_is_decoded(check: Check) -> None:
    """Content with the coding gzip or deflate is decoded before it is read, whatever it is."""

    class BodyModel(msgspec.Struct):
        name: str

    class BodyModel2(msgspec.Struct):
        name: str

    class BodyModel3(msgspec.Struct):
        name: str
        file: UploadFile | msgspec.UnsetType = msgspec.UNSET

    app = Sabir()

    @app.post("/json")
    async def take_json(body: BodyModel | None = msgspec.UNSET) -> dict[str, Any]:
        return echo(body=body)

    @app.post("/form")
    async def take_form(
        body: Annotated[BodyModel2 | None, Form(media_type="application/x-www-form-urlencoded")] = msgspec.UNSET,
    ) -> dict[str, Any]:
        return echo(body=body)

    @app.post("/multipart")
    async def take_multipart(
        body: Annotated[BodyModel3 | None, Form(media_type="multipart/form-data")] = msgspec.UNSET,
    ) -> dict[str, Any]:
        return echo(body=body)

    @app.post("/text")
    async def take_text(
        body: Annotated[str | None, Body(media_type="text/plain", schema={"type": "string"})] = msgspec.UNSET,
    ) -> dict[str, Any]:
        return echo(body=body)

    @app.post("/bytes")
    async def take_bytes(request: Request) -> dict[str, Any]:
        return {
            "text": await request.text(),
            "size": len(await request.body()),
            "header:content-encoding": request.headers.get("content-encoding"),
            "header:content-length": request.headers.get("content-length"),
        }

    check(app)


def test_content_that_does_not_fit_its_coding_is_refused(check: Check) -> None:
    """Content that is not what its coding says is refused."""

    class BodyModel(msgspec.Struct):
        name: str

    class BodyModel2(msgspec.Struct):
        name: str

    class BodyModel3(msgspec.Struct):
        name: str
        file: UploadFile | msgspec.UnsetType = msgspec.UNSET

    app = Sabir()
    router = Router()

    @router.post("/json")
    def take_json(body: BodyModel | None = msgspec.UNSET) -> dict[str, Any]:
        return echo(body=body)

    @router.post("/form")
    def take_form(
        body: Annotated[BodyModel2 | None, Form(media_type="application/x-www-form-urlencoded")] = msgspec.UNSET,
    ) -> dict[str, Any]:
        return echo(body=body)

    @router.post("/multipart")
    def take_multipart(
        body: Annotated[BodyModel3 | None, Form(media_type="multipart/form-data")] = msgspec.UNSET,
    ) -> dict[str, Any]:
        return echo(body=body)

    @router.post("/text")
    def take_text(
        body: Annotated[str | None, Body(media_type="text/plain", schema={"type": "string"})] = msgspec.UNSET,
    ) -> dict[str, Any]:
        return echo(body=body)

    @router.post("/bytes")
    def take_bytes(request: Request) -> dict[str, Any]:
        return {
            "text": request.text_sync(),
            "size": len(request.body_sync()),
            "header:content-encoding": request.headers.get("content-encoding"),
            "header:content-length": request.headers.get("content-length"),
        }

    app.mount("/", router)

    check(app)


@pytest.mark.socket
def test_decoded_content_has_the_limit_of_the_body(check: Check) -> None:
    """The limit of the body holds for decoded content."""

    class BodyModel(msgspec.Struct):
        name: str

    class BodyModel2(msgspec.Struct):
        name: str

    class BodyModel3(msgspec.Struct):
        name: str
        file: UploadFile | msgspec.UnsetType = msgspec.UNSET

    app = Sabir(body_limit=2500)
    router = Router()

    @router.post("/json", blocking=False)
    def take_json(body: BodyModel | None = msgspec.UNSET) -> dict[str, Any]:
        return echo(body=body)

    @router.post("/form", blocking=False)
    def take_form(
        body: Annotated[BodyModel2 | None, Form(media_type="application/x-www-form-urlencoded")] = msgspec.UNSET,
    ) -> dict[str, Any]:
        return echo(body=body)

    @router.post("/multipart", blocking=False)
    def take_multipart(
        body: Annotated[BodyModel3 | None, Form(media_type="multipart/form-data")] = msgspec.UNSET,
    ) -> dict[str, Any]:
        return echo(body=body)

    @router.post("/text", blocking=False)
    def take_text(
        body: Annotated[str | None, Body(media_type="text/plain", schema={"type": "string"})] = msgspec.UNSET,
    ) -> dict[str, Any]:
        return echo(body=body)

    @router.post("/bytes", blocking=False)
    def take_bytes(request: Request) -> dict[str, Any]:
        return {
            "text": request.text_sync(),
            "size": len(request.body_sync()),
            "header:content-encoding": request.headers.get("content-encoding"),
            "header:content-length": request.headers.get("content-length"),
        }

    app.mount("/", router)

    check(app)


def test_decoded_content_is_limited(check: Check) -> None:
    """Decoded content may neither pass the limit of the body nor be too many times as large as what was sent."""

    class BodyModel(msgspec.Struct):
        name: str

    class BodyModel2(msgspec.Struct):
        name: str

    class BodyModel3(msgspec.Struct):
        name: str
        file: UploadFile | msgspec.UnsetType = msgspec.UNSET

    app = Sabir(expansion_limit=100)

    @app.post("/json")
    def take_json(body: BodyModel | None = msgspec.UNSET) -> dict[str, Any]:
        return echo(body=body)

    @app.post("/form")
    def take_form(
        body: Annotated[BodyModel2 | None, Form(media_type="application/x-www-form-urlencoded")] = msgspec.UNSET,
    ) -> dict[str, Any]:
        return echo(body=body)

    @app.post("/multipart")
    def take_multipart(
        body: Annotated[BodyModel3 | None, Form(media_type="multipart/form-data")] = msgspec.UNSET,
    ) -> dict[str, Any]:
        return echo(body=body)

    @app.post("/text")
    def take_text(
        body: Annotated[str | None, Body(media_type="text/plain", schema={"type": "string"})] = msgspec.UNSET,
    ) -> dict[str, Any]:
        return echo(body=body)

    @app.post("/bytes")
    def take_bytes(request: Request) -> dict[str, Any]:
        return {
            "text": request.text_sync(),
            "size": len(request.body_sync()),
            "header:content-encoding": request.headers.get("content-encoding"),
            "header:content-length": request.headers.get("content-length"),
        }

    check(app)


def test_every_declared_type_is_named(check: Check) -> None:
    """The Accept field of a refusal names all declared types in their order."""
    app = Sabir()
    router = Router()

    @router.post("/items")
    async def take_items(
        body: Annotated[Any, Body(content={"application/json": {}, "text/plain": {"type": "string"}})],
    ) -> dict[str, Any]:
        return echo(body=body)

    app.mount("/", router)

    check(app)


def test_header_name_ignores_case(check: Check) -> None:
    """The field's own name is compared without regard to case."""
    app = Sabir()

    @app.post("/items")
    async def take_items(body: Annotated[Any, Body()]) -> dict[str, Any]:
        return echo(body=body)

    check(app)


def test_image_arrives_as_bytes(check: Check) -> None:
    """A type without a reading of its own arrives as bytes."""
    app = Sabir()

    @app.post("/items")
    async def take_items(
        body: Annotated[bytes, Body(media_type="image/png", schema={"type": "string", "format": "binary"})],
    ) -> dict[str, Any]:
        return echo(body=body)

    check(app)


def test_json_and_form_of_one_object(check: Check) -> None:
    """One object may be sent as JSON or as a form, and the handler sees the same."""
    app = Sabir()

    @app.post("/items")
    def take_items(
        body: Annotated[
            Any,
            Body(
                content={
                    "application/json": {"type": "object", "properties": {"n": {"type": "integer"}}},
                    "application/x-www-form-urlencoded": {"type": "object", "properties": {"n": {"type": "integer"}}},
                }
            ),
        ],
    ) -> dict[str, Any]:
        return echo(body=body)

    check(app)


def test_malformed_type_is_refused(check: Check) -> None:
    """A Content-Type that is no media type is unsupported."""
    app = Sabir()

    @app.post("/items")
    async def take_items(body: Annotated[Any, Body()]) -> dict[str, Any]:
        return echo(body=body)

    check(app)


def test_missing_type_is_refused(check: Check) -> None:
    """Content without a Content-Type is not taken for JSON."""
    app = Sabir()

    @app.post("/items")
    def take_items(body: Annotated[Any, Body()]) -> dict[str, Any]:
        return echo(body=body)

    check(app)


def test_most_specific_declaration_counts(check: Check) -> None:
    """Where a range and a type both cover the content, the type counts."""
    app = Sabir()

    @app.post("/items")
    async def take_items(
        body: Annotated[
            Any,
            Body(
                content={"text/*": {"type": "string", "maxLength": 1}, "text/plain": {"type": "string", "maxLength": 3}}
            ),
        ],
    ) -> dict[str, Any]:
        return echo(body=body)

    check(app)


def test_other_text_types(check: Check) -> None:
    """Every text type is read as text."""
    app = Sabir()

    @app.post("/items")
    async def take_items(
        body: Annotated[str, Body(media_type="text/csv", schema={"type": "string"})],
    ) -> dict[str, Any]:
        return echo(body=body)

    check(app)


def test_parameter_names_ignore_case(check: Check) -> None:
    """The names of parameters are compared without regard to case."""
    app = Sabir()

    @app.post("/items")
    async def take_items(
        body: Annotated[str, Body(media_type="text/plain", schema={"type": "string"})],
    ) -> dict[str, Any]:
        return echo(body=body)

    check(app)


def test_parameters_are_ignored_in_the_choice(check: Check) -> None:
    """Parameters that mean nothing to the type do not stop it from matching."""
    app = Sabir()

    @app.post("/items")
    async def take_items(body: Annotated[Any, Body()]) -> dict[str, Any]:
        return echo(body=body)

    check(app)


def test_quoted_charset(check: Check) -> None:
    """A charset may stand in quotation marks."""
    app = Sabir()

    @app.post("/items")
    def take_items(body: Annotated[str, Body(media_type="text/plain", schema={"type": "string"})]) -> dict[str, Any]:
        return echo(body=body)

    check(app)


def test_range_covers_its_types(check: Check) -> None:
    """A declared range such as image/* covers every type of its kind and no other."""
    app = Sabir()

    @app.post("/items", blocking=False)
    def take_items(
        body: Annotated[bytes, Body(media_type="image/*", schema={"type": "string", "format": "binary"})],
    ) -> dict[str, Any]:
        return echo(body=body)

    check(app)


def test_several_types_choose_the_reading(check: Check) -> None:
    """With several declared types the Content-Type chooses how content is read."""
    app = Sabir()
    router = Router()

    @router.post("/items")
    async def take_items(
        body: Annotated[
            Any,
            Body(
                content={
                    "application/json": {"type": "object", "required": ["sku"]},
                    "text/plain": {"type": "string", "minLength": 2},
                }
            ),
        ],
    ) -> dict[str, Any]:
        return echo(body=body)

    app.mount("/", router)

    check(app)


def test_several_types_choose_the_schema(check: Check) -> None:
    """With several declared types each has its own schema."""
    app = Sabir()
    router = Router()

    @router.post("/items")
    def take_items(
        body: Annotated[
            Any,
            Body(
                content={
                    "application/json": {"type": "object", "required": ["sku"]},
                    "text/plain": {"type": "string", "minLength": 2},
                }
            ),
        ],
    ) -> dict[str, Any]:
        return echo(body=body)

    app.mount("/", router)

    check(app)


def test_similar_type_is_refused(check: Check) -> None:
    """Types are compared whole: a declared type that is only a beginning of the sent one does not match."""
    app = Sabir()

    @app.post("/items", blocking=False)
    def take_items(body: Annotated[Any, Body()]) -> dict[str, Any]:
        return echo(body=body)

    check(app)


def test_text_in_latin_1(check: Check) -> None:
    """Text in ISO-8859-1 arrives as characters, not as bytes."""
    app = Sabir()

    @app.post("/items")
    async def take_items(
        body: Annotated[str, Body(media_type="text/plain", schema={"type": "string"})],
    ) -> dict[str, Any]:
        return echo(body=body)

    check(app)


def test_text_in_shift_jis(check: Check) -> None:
    """Text in a multi-byte charset is read."""
    app = Sabir()

    @app.post("/items")
    async def take_items(
        body: Annotated[str, Body(media_type="text/plain", schema={"type": "string"})],
    ) -> dict[str, Any]:
        return echo(body=body)

    check(app)


def test_text_in_utf_16(check: Check) -> None:
    """Text in UTF-16 is read by its charset."""
    app = Sabir()

    @app.post("/items", blocking=False)
    def take_items(body: Annotated[str, Body(media_type="text/plain", schema={"type": "string"})]) -> dict[str, Any]:
        return echo(body=body)

    check(app)


def test_text_in_utf_8(check: Check) -> None:
    """Text that says it is UTF-8 is read as such."""
    app = Sabir()

    @app.post("/items")
    def take_items(body: Annotated[str, Body(media_type="text/plain", schema={"type": "string"})]) -> dict[str, Any]:
        return echo(body=body)

    check(app)


def test_text_in_windows_1252(check: Check) -> None:
    """Text in windows-1252 has its own characters between 0x80 and 0x9F."""
    app = Sabir()

    @app.post("/items")
    async def take_items(
        body: Annotated[str, Body(media_type="text/plain", schema={"type": "string"})],
    ) -> dict[str, Any]:
        return echo(body=body)

    check(app)


def test_text_is_utf_8_by_default(check: Check) -> None:
    """Text without a charset is UTF-8."""
    app = Sabir()

    @app.post("/items")
    async def take_items(
        body: Annotated[str, Body(media_type="text/plain", schema={"type": "string"})],
    ) -> dict[str, Any]:
        return echo(body=body)

    check(app)


def test_text_is_validated(check: Check) -> None:
    """The schema of a text holds for the whole of it."""
    app = Sabir()

    @app.post("/items")
    async def take_items(
        body: Annotated[str, Body(media_type="text/plain", schema={"type": "string", "maxLength": 3})],
    ) -> dict[str, Any]:
        return echo(body=body)

    check(app)


def test_text_keeps_its_line_ends(check: Check) -> None:
    """Line ends and white space of a text are left as they are."""
    app = Sabir()

    @app.post("/items", blocking=False)
    def take_items(body: Annotated[str, Body(media_type="text/plain", schema={"type": "string"})]) -> dict[str, Any]:
        return echo(body=body)

    check(app)


def test_text_that_does_not_fit_its_charset_is_refused(check: Check) -> None:
    """Bytes that are no text in the announced charset are malformed."""
    app = Sabir()

    @app.post("/items")
    async def take_items(
        body: Annotated[str, Body(media_type="text/plain", schema={"type": "string"})],
    ) -> dict[str, Any]:
        return echo(body=body)

    check(app)


def test_type_ignores_case(check: Check) -> None:
    """Media types are compared without regard to case."""
    app = Sabir()

    @app.post("/items")
    async def take_items(body: Annotated[Any, Body()]) -> dict[str, Any]:
        return echo(body=body)

    check(app)


def test_type_is_judged_before_syntax(check: Check) -> None:
    """Content of the wrong type is refused as such even when it is malformed too."""
    app = Sabir()

    @app.post("/items")
    async def take_items(body: Annotated[Any, Body()]) -> dict[str, Any]:
        return echo(body=body)

    check(app)


def test_type_of_an_undeclared_body_is_free(check: Check) -> None:
    """An operation that declares no body does not judge the type of content."""
    app = Sabir()

    @app.post("/items", blocking=False)
    def take_items(request: Request) -> dict[str, Any]:
        return {"size": len(request.body_sync())}

    check(app)


def test_type_without_content_is_not_judged(check: Check) -> None:
    """Without content the Content-Type of an optional body does not matter."""
    app = Sabir()

    @app.post("/items")
    def take_items(body: Annotated[Any, Body()] = msgspec.UNSET) -> dict[str, Any]:
        return echo(body=body)

    check(app)


def test_unknown_charset_is_refused(check: Check) -> None:
    """Text in a charset that is not known is unsupported, not guessed."""
    app = Sabir()

    @app.post("/items")
    def take_items(body: Annotated[str, Body(media_type="text/plain", schema={"type": "string"})]) -> dict[str, Any]:
        return echo(body=body)

    check(app)


def test_unknown_coding_is_refused(check: Check) -> None:
    """Content with a coding that is not decoded is refused with those that are."""

    class BodyModel(msgspec.Struct):
        name: str

    class BodyModel2(msgspec.Struct):
        name: str

    class BodyModel3(msgspec.Struct):
        name: str
        file: UploadFile | msgspec.UnsetType = msgspec.UNSET

    app = Sabir()

    @app.post("/json")
    async def take_json(body: BodyModel | None = msgspec.UNSET) -> dict[str, Any]:
        return echo(body=body)

    @app.post("/form")
    async def take_form(
        body: Annotated[BodyModel2 | None, Form(media_type="application/x-www-form-urlencoded")] = msgspec.UNSET,
    ) -> dict[str, Any]:
        return echo(body=body)

    @app.post("/multipart")
    async def take_multipart(
        body: Annotated[BodyModel3 | None, Form(media_type="multipart/form-data")] = msgspec.UNSET,
    ) -> dict[str, Any]:
        return echo(body=body)

    @app.post("/text")
    async def take_text(
        body: Annotated[str | None, Body(media_type="text/plain", schema={"type": "string"})] = msgspec.UNSET,
    ) -> dict[str, Any]:
        return echo(body=body)

    @app.post("/bytes")
    async def take_bytes(request: Request) -> dict[str, Any]:
        return {
            "text": await request.text(),
            "size": len(await request.body()),
            "header:content-encoding": request.headers.get("content-encoding"),
            "header:content-length": request.headers.get("content-length"),
        }

    check(app)


def test_wildcard_takes_everything(check: Check) -> None:
    """A declaration of */* takes any type."""
    app = Sabir()

    @app.post("/items")
    async def take_items(body: Annotated[Any, Body(content={"*/*": {}})]) -> dict[str, Any]:
        return echo(body=body)

    check(app)


def test_wildcard_type_is_refused(check: Check) -> None:
    """A media range is no media type."""
    app = Sabir()

    @app.post("/items")
    async def take_items(body: Annotated[Any, Body()]) -> dict[str, Any]:
        return echo(body=body)

    check(app)


def test_wrong_type_is_refused(check: Check) -> None:
    """Content of a type that is not declared is refused; the answer names the declared type."""
    app = Sabir()

    @app.post("/items")
    def take_items(body: Annotated[Any, Body()]) -> dict[str, Any]:
        return echo(body=body)

    check(app)
