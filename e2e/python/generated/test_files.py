# Generated from testing_data by `./task generate`. Do not edit.
"""The fixtures of ``testing_data/files``."""

from sabir import FileResponse, Router, Sabir
from support import Check


def test_conditions_before_ranges(check: Check) -> None:
    """Ranges come last: neither a part nor 416 is sent where a condition does not hold."""
    app = Sabir()

    @app.get("/file")
    async def show_file() -> FileResponse:
        return FileResponse(check.folder / "digits.txt", headers=[("etag", '"v1"')])

    check(app)


def test_conditions_of_another_method(check: Check) -> None:
    """What another method asks for has been done when its answer is made, whatever the conditions say of the file."""
    app = Sabir()
    router = Router()

    @router.post("/file")
    async def take_file() -> FileResponse:
        return FileResponse(check.folder / "digits.txt", headers=[("etag", '"v1"')])

    app.mount("/", router)

    check(app)


def test_conditions_of_head(check: Check) -> None:
    """Conditions hold for HEAD as for GET."""
    app = Sabir()

    @app.get("/file", blocking=False)
    def show_file() -> FileResponse:
        return FileResponse(check.folder / "digits.txt", headers=[("etag", '"v1"')])

    check(app)


def test_dates_of_old_forms(check: Check) -> None:
    """Dates are read in all three forms."""
    app = Sabir()

    @app.get("/file", blocking=False)
    def show_file() -> FileResponse:
        return FileResponse(check.folder / "digits.txt")

    check(app)


def test_dates_that_are_none(check: Check) -> None:
    """A date that is none counts as absent."""
    app = Sabir()

    @app.get("/file")
    def show_file() -> FileResponse:
        return FileResponse(check.folder / "digits.txt")

    check(app)


def test_empty_file(check: Check) -> None:
    """A file without content is an answer without content, with the status 200."""
    app = Sabir()
    router = Router()

    @router.get("/file", blocking=False)
    def show_file() -> FileResponse:
        return FileResponse(check.folder / "empty.txt")

    app.mount("/", router)

    check(app)


def test_entity_tag_is_strong(check: Check) -> None:
    """A file has an entity tag, and a strong one, so that parts of it can be put together."""
    app = Sabir()

    @app.get("/file")
    def show_file() -> FileResponse:
        return FileResponse(check.folder / "digits.txt")

    check(app)


def test_entity_tag_is_that_of_every_process(check: Check) -> None:
    """The entity tag follows from time and size alone, so that all processes that serve a file give it the same."""
    app = Sabir()

    @app.get("/file", blocking=False)
    def show_file() -> FileResponse:
        return FileResponse(check.folder / "digits.txt")

    check(app)


def test_fields_of_the_handler(check: Check) -> None:
    """Fields of the handler are sent as well, and stand for those of the file."""
    app = Sabir()

    @app.get("/file")
    async def show_file() -> FileResponse:
        return FileResponse(
            check.folder / "digits.txt",
            headers=[("cache-control", "no-cache"), ("last-modified", "Thu, 29 Feb 2024 11:59:59 GMT")],
        )

    check(app)


def test_folder_is_no_file(check: Check) -> None:
    """A folder is not found: its entries are nobody's business."""
    app = Sabir()

    @app.get("/file")
    def show_file() -> FileResponse:
        return FileResponse(check.folder / ".")

    check(app)


def test_head_has_the_fields(check: Check) -> None:
    """HEAD has the fields that GET would have, and no content."""
    app = Sabir()

    @app.get("/file")
    async def show_file() -> FileResponse:
        return FileResponse(check.folder / "digits.txt")

    check(app)


def test_head_of_a_missing_file(check: Check) -> None:
    """HEAD of a file that is missing is 404 without content."""
    app = Sabir()
    router = Router()

    @router.get("/file")
    async def show_file() -> FileResponse:
        return FileResponse(check.folder / "missing.txt")

    app.mount("/", router)

    check(app)


def test_if_match(check: Check) -> None:
    """A file that is not the one that was meant is refused with 412."""
    app = Sabir()

    @app.get("/file")
    async def show_file() -> FileResponse:
        return FileResponse(check.folder / "digits.txt", headers=[("etag", '"v1"')])

    check(app)


def test_if_match_before_if_none_match(check: Check) -> None:
    """Whether it is the file that was meant comes before whether the client has it."""
    app = Sabir()

    @app.get("/file", blocking=False)
    def show_file() -> FileResponse:
        return FileResponse(check.folder / "digits.txt", headers=[("etag", '"v1"')])

    check(app)


def test_if_match_before_if_unmodified_since(check: Check) -> None:
    """Where a client names the file that it means, its date does not count."""
    app = Sabir()

    @app.get("/file")
    def show_file() -> FileResponse:
        return FileResponse(check.folder / "digits.txt", headers=[("etag", '"v1"')])

    check(app)


def test_if_match_is_compared_strongly(check: Check) -> None:
    """Whether it is the file that was meant is compared strongly."""
    app = Sabir()

    @app.get("/file")
    async def show_file() -> FileResponse:
        return FileResponse(check.folder / "digits.txt", headers=[("etag", '"v1"')])

    check(app)


def test_if_modified_since(check: Check) -> None:
    """A file that was not changed since then is not sent again."""
    app = Sabir()

    @app.get("/file")
    async def show_file() -> FileResponse:
        return FileResponse(check.folder / "digits.txt")

    check(app)


def test_if_none_match(check: Check) -> None:
    """A client that has the file is told so, with 304 and without content."""
    app = Sabir()

    @app.get("/file")
    async def show_file() -> FileResponse:
        return FileResponse(check.folder / "digits.txt", headers=[("etag", '"v1"')])

    check(app)


def test_if_none_match_before_if_modified_since(check: Check) -> None:
    """Where a client names entity tags, its date does not count."""
    app = Sabir()

    @app.get("/file")
    async def show_file() -> FileResponse:
        return FileResponse(check.folder / "digits.txt", headers=[("etag", '"v1"')])

    check(app)


def test_if_none_match_is_compared_weakly(check: Check) -> None:
    """Whether a client has the file is compared weakly."""
    app = Sabir()
    router = Router()

    @router.get("/file", blocking=False)
    def show_file() -> FileResponse:
        return FileResponse(check.folder / "digits.txt", headers=[("etag", '"v1"')])

    app.mount("/", router)

    check(app)


def test_if_none_match_of_any(check: Check) -> None:
    """A star stands for whatever file there is."""
    app = Sabir()

    @app.get("/file")
    async def show_file() -> FileResponse:
        return FileResponse(check.folder / "digits.txt")

    check(app)


def test_if_none_match_of_several(check: Check) -> None:
    """A client may have several versions, in one field or several; a tag may have commas in it."""
    app = Sabir()

    @app.get("/file", blocking=False)
    def show_file() -> FileResponse:
        return FileResponse(check.folder / "digits.txt", headers=[("etag", '"v,1"')])

    check(app)


def test_if_range_and_nothing_satisfiable(check: Check) -> None:
    """Of another file the whole is sent, also where the range would be none of it."""
    app = Sabir()

    @app.get("/file")
    async def show_file() -> FileResponse:
        return FileResponse(check.folder / "digits.txt", headers=[("etag", '"v1"')])

    check(app)


def test_if_range_by_date(check: Check) -> None:
    """A date permits parts when it is exactly that of the file."""
    app = Sabir()
    router = Router()

    @router.get("/file", blocking=False)
    def show_file() -> FileResponse:
        return FileResponse(check.folder / "digits.txt")

    app.mount("/", router)

    check(app)


def test_if_range_by_entity_tag(check: Check) -> None:
    """With If-Range parts are sent of the file that the client has, and the whole of another one."""
    app = Sabir()

    @app.get("/file", blocking=False)
    def show_file() -> FileResponse:
        return FileResponse(check.folder / "digits.txt", headers=[("etag", '"v1"')])

    check(app)


def test_if_range_is_compared_strongly(check: Check) -> None:
    """A weak entity tag never permits a part, not even of the same file."""
    app = Sabir()
    router = Router()

    @router.get("/file")
    async def show_file() -> FileResponse:
        return FileResponse(check.folder / "digits.txt", headers=[("etag", 'W/"v1"')])

    app.mount("/", router)

    check(app)


def test_if_range_that_is_neither(check: Check) -> None:
    """What is neither an entity tag nor a date permits no part."""
    app = Sabir()

    @app.get("/file")
    async def show_file() -> FileResponse:
        return FileResponse(check.folder / "digits.txt", headers=[("etag", '"v1"')])

    check(app)


def test_if_range_without_range(check: Check) -> None:
    """If-Range alone asks for nothing."""
    app = Sabir()
    router = Router()

    @router.get("/file")
    async def show_file() -> FileResponse:
        return FileResponse(check.folder / "digits.txt", headers=[("etag", '"v1"')])

    app.mount("/", router)

    check(app)


def test_if_unmodified_since(check: Check) -> None:
    """A file that was changed since then is refused with 412."""
    app = Sabir()
    router = Router()

    @router.get("/file")
    def show_file() -> FileResponse:
        return FileResponse(check.folder / "digits.txt")

    app.mount("/", router)

    check(app)


def test_if_unmodified_since_before_if_none_match(check: Check) -> None:
    """That the file was changed comes before whether the client has it."""
    app = Sabir()

    @app.get("/file")
    async def show_file() -> FileResponse:
        return FileResponse(check.folder / "digits.txt", headers=[("etag", '"v1"')])

    check(app)


def test_large_file(check: Check) -> None:
    """A large file is sent as a whole, with its length and not in chunks."""
    app = Sabir()

    @app.get("/file")
    async def show_file() -> FileResponse:
        return FileResponse(check.folder / "large.txt")

    check(app)


def test_malformed_ranges(check: Check) -> None:
    """A range that is not well formed is ignored."""
    app = Sabir()

    @app.get("/file")
    async def show_file() -> FileResponse:
        return FileResponse(check.folder / "digits.txt")

    check(app)


def test_many_ranges(check: Check) -> None:
    """More ranges than anybody needs are ignored."""
    app = Sabir()

    @app.get("/file", blocking=False)
    def show_file() -> FileResponse:
        return FileResponse(check.folder / "large.txt")

    check(app)


def test_missing_file(check: Check) -> None:
    """Where there is no file the answer is 404, a problem like any other."""
    app = Sabir()

    @app.get("/file")
    def show_file() -> FileResponse:
        return FileResponse(check.folder / "missing.txt")

    check(app)


def test_missing_file_has_no_conditions(check: Check) -> None:
    """Conditions do not count where there is no file."""
    app = Sabir()

    @app.get("/file")
    def show_file() -> FileResponse:
        return FileResponse(check.folder / "missing.txt")

    check(app)


def test_name_beyond_ascii(check: Check) -> None:
    """A name that is not ASCII is sent as UTF-8, with escapes."""
    app = Sabir()

    @app.get("/file")
    async def show_file() -> FileResponse:
        return FileResponse(check.folder / "digits.txt", filename="Übersicht \u20ac.txt")

    check(app)


def test_name_for_download(check: Check) -> None:
    """A client saves a file under the name that the handler gives."""
    app = Sabir()

    @app.get("/file")
    def show_file() -> FileResponse:
        return FileResponse(check.folder / "digits.txt", filename="report.txt")

    check(app)


def test_name_with_line_ends(check: Check) -> None:
    """A name cannot add a field: line ends are escaped."""
    app = Sabir()

    @app.get("/file")
    async def show_file() -> FileResponse:
        return FileResponse(check.folder / "digits.txt", filename="a\r\nx-b: c.txt")

    check(app)


def test_name_with_percent_signs(check: Check) -> None:
    """A name that looks escaped is escaped once more, since some clients would decode it."""
    app = Sabir()

    @app.get("/file")
    async def show_file() -> FileResponse:
        return FileResponse(check.folder / "digits.txt", filename="50%20off.txt")

    check(app)


def test_name_with_quotes(check: Check) -> None:
    """A name with quotes or backslashes cannot end the field, nor hide a part of it."""
    app = Sabir()

    @app.get("/file")
    async def show_file() -> FileResponse:
        return FileResponse(check.folder / "digits.txt", filename='a"b\\c.txt')

    check(app)


def test_name_with_spaces(check: Check) -> None:
    """A name with spaces stands in quotes."""
    app = Sabir()
    router = Router()

    @router.get("/file", blocking=False)
    def show_file() -> FileResponse:
        return FileResponse(check.folder / "digits.txt", filename="my report; final.txt")

    app.mount("/", router)

    check(app)


def test_no_range_of_an_empty_file(check: Check) -> None:
    """An empty file has no range at all."""
    app = Sabir()
    router = Router()

    @router.get("/file", blocking=False)
    def show_file() -> FileResponse:
        return FileResponse(check.folder / "empty.txt")

    app.mount("/", router)

    check(app)


def test_not_modified_says_of_what(check: Check) -> None:
    """304 has the fields that a cache needs to bring itself up to date."""
    app = Sabir()

    @app.get("/file")
    async def show_file() -> FileResponse:
        return FileResponse(
            check.folder / "digits.txt",
            headers=[
                ("etag", '"v1"'),
                ("cache-control", "max-age=60"),
                ("expires", "Thu, 29 Feb 2024 12:00:01 GMT"),
                ("content-location", "/digits"),
            ],
        )

    check(app)


def test_one_range(check: Check) -> None:
    """One range is answered with 206 and the bytes, both ends included."""
    app = Sabir()

    @app.get("/file", blocking=False)
    def show_file() -> FileResponse:
        return FileResponse(check.folder / "digits.txt")

    check(app)


def test_other_units(check: Check) -> None:
    """A range of another unit is ignored."""
    app = Sabir()

    @app.get("/file", blocking=False)
    def show_file() -> FileResponse:
        return FileResponse(check.folder / "digits.txt")

    check(app)


def test_part_says_what_it_is_of(check: Check) -> None:
    """A part has the validators of the whole, so that a client can put it to others."""
    app = Sabir()

    @app.get("/file")
    async def show_file() -> FileResponse:
        return FileResponse(check.folder / "digits.txt", headers=[("etag", '"v1"')])

    check(app)


def test_range_beyond_the_end(check: Check) -> None:
    """A range that ends beyond the end of the file ends with the file, however large its number is."""
    app = Sabir()
    router = Router()

    @router.get("/file")
    async def show_file() -> FileResponse:
        return FileResponse(check.folder / "digits.txt")

    app.mount("/", router)

    check(app)


def test_range_in_the_middle_of_a_character(check: Check) -> None:
    """Ranges count bytes, not characters."""
    app = Sabir()

    @app.get("/file")
    async def show_file() -> FileResponse:
        return FileResponse(check.folder / "text.txt")

    check(app)


def test_range_not_satisfiable(check: Check) -> None:
    """A range of nothing that there is gets 416, which says how long the file is."""
    app = Sabir()

    @app.get("/file", blocking=False)
    def show_file() -> FileResponse:
        return FileResponse(check.folder / "digits.txt")

    check(app)


def test_range_of_a_large_file(check: Check) -> None:
    """A part of a large file may begin and end anywhere."""
    app = Sabir()

    @app.get("/file")
    async def show_file() -> FileResponse:
        return FileResponse(check.folder / "large.txt")

    check(app)


def test_range_of_another_method(check: Check) -> None:
    """Ranges are of GET alone: other methods answer with the whole."""
    app = Sabir()

    @app.post("/file")
    async def take_file() -> FileResponse:
        return FileResponse(check.folder / "digits.txt")

    check(app)


def test_range_of_another_status(check: Check) -> None:
    """Ranges and conditions are of answers with 200 alone."""
    app = Sabir()

    @app.get("/file")
    async def show_file() -> FileResponse:
        return FileResponse(check.folder / "digits.txt", 203, headers=[("etag", '"v1"')])

    check(app)


def test_range_of_binary_content(check: Check) -> None:
    """Bytes are sent as they are, as a whole and in part."""
    app = Sabir()
    router = Router()

    @router.get("/file")
    async def show_file() -> FileResponse:
        return FileResponse(check.folder / "bytes.bin")

    app.mount("/", router)

    check(app)


def test_range_of_head(check: Check) -> None:
    """Ranges are of GET alone; HEAD says what the whole is."""
    app = Sabir()

    @app.get("/file", blocking=False)
    def show_file() -> FileResponse:
        return FileResponse(check.folder / "digits.txt")

    check(app)


def test_range_to_the_end(check: Check) -> None:
    """A range without an end goes to the end of the file."""
    app = Sabir()
    router = Router()

    @router.get("/file")
    async def show_file() -> FileResponse:
        return FileResponse(check.folder / "digits.txt")

    app.mount("/", router)

    check(app)


def test_ranges_keep_their_order(check: Check) -> None:
    """Parts come in the order in which the client asks for them."""
    app = Sabir()

    @app.get("/file", blocking=False)
    def show_file() -> FileResponse:
        return FileResponse(check.folder / "digits.txt")

    check(app)


def test_ranges_that_are_not_there(check: Check) -> None:
    """Ranges beyond the end are left out; one that is left is sent as one."""
    app = Sabir()

    @app.get("/file")
    async def show_file() -> FileResponse:
        return FileResponse(check.folder / "digits.txt")

    check(app)


def test_ranges_that_overlap(check: Check) -> None:
    """Ranges that are more than the file together are too much: the file is sent once."""
    app = Sabir()

    @app.get("/file")
    def show_file() -> FileResponse:
        return FileResponse(check.folder / "digits.txt")

    check(app)


def test_ranges_that_touch_stay_apart(check: Check) -> None:
    """Ranges that touch are sent as they were asked for."""
    app = Sabir()
    router = Router()

    @router.get("/file")
    async def show_file() -> FileResponse:
        return FileResponse(check.folder / "digits.txt")

    app.mount("/", router)

    check(app)


def test_ranges_with_spaces(check: Check) -> None:
    """A list of ranges may have spaces and empty elements."""
    app = Sabir()

    @app.get("/file")
    async def show_file() -> FileResponse:
        return FileResponse(check.folder / "digits.txt")

    check(app)


def test_several_ranges(check: Check) -> None:
    """Several ranges are one answer of several parts, each with its type and its place."""
    app = Sabir()

    @app.get("/file", blocking=False)
    def show_file() -> FileResponse:
        return FileResponse(check.folder / "digits.txt")

    check(app)


def test_shown_in_place(check: Check) -> None:
    """A file with a name may be shown instead of saved."""
    app = Sabir()

    @app.get("/file", blocking=False)
    def show_file() -> FileResponse:
        return FileResponse(check.folder / "digits.txt", filename="report.txt", disposition="inline")

    check(app)


def test_status_of_its_own(check: Check) -> None:
    """A file may be the content of an answer with another status."""
    app = Sabir()

    @app.get("/file")
    async def show_file() -> FileResponse:
        return FileResponse(check.folder / "digits.txt", 201)

    check(app)


def test_suffix_longer_than_the_file(check: Check) -> None:
    """The last bytes of a file that has fewer are all of it."""
    app = Sabir()

    @app.get("/file")
    def show_file() -> FileResponse:
        return FileResponse(check.folder / "digits.txt")

    check(app)


def test_suffix_of_nothing(check: Check) -> None:
    """The last zero bytes are nothing."""
    app = Sabir()

    @app.get("/file")
    async def show_file() -> FileResponse:
        return FileResponse(check.folder / "digits.txt")

    check(app)


def test_suffix_range(check: Check) -> None:
    """A range without a beginning is the last bytes."""
    app = Sabir()

    @app.get("/file")
    async def show_file() -> FileResponse:
        return FileResponse(check.folder / "digits.txt")

    check(app)


def test_type_of_its_own(check: Check) -> None:
    """A media type that the handler gives takes the place of that of the name, in every part too."""
    app = Sabir()
    router = Router()

    @router.get("/file")
    async def show_file() -> FileResponse:
        return FileResponse(check.folder / "digits.txt", media_type="text/x-digits")

    app.mount("/", router)

    check(app)


def test_types_by_name(check: Check) -> None:
    """The media type follows from the name, the same on every machine; text is UTF-8."""
    app = Sabir()

    @app.get("/page.html")
    def show_page_html() -> FileResponse:
        return FileResponse(check.folder / "page.html")

    @app.get("/style.css")
    def show_style_css() -> FileResponse:
        return FileResponse(check.folder / "style.css")

    @app.get("/script.mjs")
    def show_script_mjs() -> FileResponse:
        return FileResponse(check.folder / "script.mjs")

    @app.get("/data.json")
    def show_data_json() -> FileResponse:
        return FileResponse(check.folder / "data.json")

    @app.get("/table.csv")
    def show_table_csv() -> FileResponse:
        return FileResponse(check.folder / "table.csv")

    @app.get("/image.svg")
    def show_image_svg() -> FileResponse:
        return FileResponse(check.folder / "image.svg")

    @app.get("/image.webp")
    def show_image_webp() -> FileResponse:
        return FileResponse(check.folder / "image.webp")

    @app.get("/module.wasm")
    def show_module_wasm() -> FileResponse:
        return FileResponse(check.folder / "module.wasm")

    @app.get("/paper.pdf")
    def show_paper_pdf() -> FileResponse:
        return FileResponse(check.folder / "paper.pdf")

    check(app)


def test_types_by_the_last_extension(check: Check) -> None:
    """The last extension counts, in any case of letters."""
    app = Sabir()

    @app.get("/PAGE.HTML")
    def show_page_html() -> FileResponse:
        return FileResponse(check.folder / "PAGE.HTML")

    @app.get("/backup.tar.gz")
    def show_backup_tar_gz() -> FileResponse:
        return FileResponse(check.folder / "backup.tar.gz")

    check(app)


def test_unit_in_capitals(check: Check) -> None:
    """The name of a unit has no case."""
    app = Sabir()
    router = Router()

    @router.get("/file")
    async def show_file() -> FileResponse:
        return FileResponse(check.folder / "digits.txt")

    app.mount("/", router)

    check(app)


def test_unknown_types(check: Check) -> None:
    """A file whose name says nothing is bytes; nothing is guessed from its content."""
    app = Sabir()
    router = Router()

    @router.get("/0")
    def show_0() -> FileResponse:
        return FileResponse(check.folder / "README")

    @router.get("/1")
    def show_1() -> FileResponse:
        return FileResponse(check.folder / "file.unknown")

    @router.get("/2")
    def show_2() -> FileResponse:
        return FileResponse(check.folder / "dot.")

    app.mount("/", router)

    check(app)


def test_whole_file(check: Check) -> None:
    """A file is sent as it is, with its length, its type, when it was last changed, and that parts can be had."""
    app = Sabir()

    @app.get("/file", blocking=False)
    def show_file() -> FileResponse:
        return FileResponse(check.folder / "digits.txt")

    check(app)
