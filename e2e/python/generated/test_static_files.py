# Generated from testing_data by `./task generate`. Do not edit.
"""The fixtures of ``testing_data/static_files``."""

from typing import Any

from sabir import Router, Sabir
from sabir.stages import Cors, SecurityHeaders
from support import Check


def test_cache_control(check: Check) -> None:
    """What is said to caches is an option, and may be nothing."""
    app = Sabir()
    app.static("/assets", check.folder / "public", cache_control="public, max-age=3600")
    app.static("/plain", check.folder / "public", cache_control=None)

    check(app)


def test_conditions(check: Check) -> None:
    """Conditions count: what a client has is not sent again, and what it takes for another one is refused."""
    app = Sabir()
    app.static("/assets", check.folder / "public")

    check(app)


def test_content_of_refused_methods(check: Check) -> None:
    """What a client sends with a method that a folder does not answer is refused without being read."""
    app = Sabir()
    app.static("/assets", check.folder / "public")

    check(app)


def test_empty_file(check: Check) -> None:
    """A file without content is an answer without content."""
    app = Sabir()
    router = Router()
    router.static("/assets", check.folder / "public")

    app.mount("/", router)

    check(app)


def test_fallback_of_one_page(check: Check) -> None:
    """Paths of pages without a file are answered with one page, and those of other things are not."""
    app = Sabir()
    router = Router()

    @router.get("/api/users")
    def show_users() -> Any:
        return "users"

    @router.post("/api/orders")
    def take_orders() -> Any:
        return "made"

    router.static("/", check.folder / "public", fallback="index.html")

    app.mount("/", router)

    check(app)


def test_files_are_no_folders(check: Check) -> None:
    """A file has no path with a final slash, nor any below it."""
    app = Sabir()
    app.static("/assets", check.folder / "public")

    check(app)


def test_files_of_a_folder(check: Check) -> None:
    """The files below a folder are answers, which say what they are of."""
    app = Sabir()
    router = Router()
    router.static("/assets", check.folder / "public")

    app.mount("/", router)

    check(app)


def test_folder_at_the_root(check: Check) -> None:
    """A folder may answer all paths that have no route."""
    app = Sabir()

    @app.get("/api")
    async def show_api() -> Any:
        return "api"

    app.static("/", check.folder / "public")

    check(app)


def test_folder_is_a_link(check: Check) -> None:
    """The folder itself may be a symbolic link."""
    app = Sabir()
    app.static("/assets", check.folder / "public", symbolic_links="refuse")

    check(app)


def test_head(check: Check) -> None:
    """HEAD has the fields of GET and no content."""
    app = Sabir()
    app.static("/assets", check.folder / "public")

    check(app)


def test_hidden_files(check: Check) -> None:
    """There is nothing at names that begin with a dot, but for `.well-known`."""
    app = Sabir()
    router = Router()
    router.static("/assets", check.folder / "public")

    app.mount("/", router)

    check(app)


def test_hidden_files_shown(check: Check) -> None:
    """Names that begin with a dot are shown where that is asked for."""
    app = Sabir()
    app.static("/assets", check.folder / "public", hidden_files=True)

    check(app)


def test_immutable_files(check: Check) -> None:
    """Files whose names change with their content are kept for good."""
    app = Sabir()
    app.static("/assets", check.folder / "public", immutable=["build/*", "*-9f.css"])

    check(app)


def test_index_of_a_folder(check: Check) -> None:
    """A folder is answered with its index, at its path with a final slash."""
    app = Sabir()
    app.static("/assets", check.folder / "public")

    check(app)


def test_index_of_another_name(check: Check) -> None:
    """The index of a folder may have another name."""
    app = Sabir()
    app.static("/assets", check.folder / "public", index="home.txt")

    check(app)


def test_large_file(check: Check) -> None:
    """A large file is sent as a whole, and in parts."""
    app = Sabir()
    app.static("/assets", check.folder / "public")

    check(app)


def test_longest_path_wins(check: Check) -> None:
    """Of several folders the one with the longest path answers, and there is nothing of another one behind it."""
    app = Sabir()
    app.static("/files", check.folder / "one")
    app.static("/files/sub", check.folder / "two")

    check(app)


def test_malformed_escapes(check: Check) -> None:
    """A percent sign without two hexadecimal digits makes a path none."""
    app = Sabir()
    app.static("/assets", check.folder / "public")

    check(app)


def test_names(check: Check) -> None:
    """Names of files are what the segments of a path stand for."""
    app = Sabir()
    router = Router()
    router.static("/assets", check.folder / "public")

    app.mount("/", router)

    check(app)


def test_never_leaves_the_folder(check: Check) -> None:
    """No path leads out of the folder, however it is written."""
    app = Sabir()
    router = Router()
    router.static("/assets", check.folder / "public")

    app.mount("/", router)

    check(app)


def test_no_choice_of_the_slash(check: Check) -> None:
    """What is done with final slashes of routes has no effect on files."""
    app = Sabir(trailing_slash="ignore")
    router = Router()

    @router.get("/assets/x/", blocking=False)
    def show_x() -> Any:
        return "x"

    router.static("/assets", check.folder / "public")

    app.mount("/", router)

    check(app)


def test_no_index(check: Check) -> None:
    """Without an index there is nothing at a folder."""
    app = Sabir()
    app.static("/assets", check.folder / "public", index=None)

    check(app)


def test_other_methods(check: Check) -> None:
    """A folder answers GET, HEAD and OPTIONS, whatever there is at the path."""
    app = Sabir()
    app.static("/assets", check.folder / "public")

    check(app)


def test_path_with_a_final_slash(check: Check) -> None:
    """The path of a folder may be written with a final slash."""
    app = Sabir()
    app.static("/assets/", check.folder / "public")

    check(app)


def test_pipes_are_no_files(check: Check) -> None:
    """There is nothing at what is no regular file, and nobody waits for it."""
    app = Sabir()
    app.static("/assets", check.folder / "public")

    check(app)


def test_precompressed(check: Check) -> None:
    """A compressed sibling is sent to clients that take its coding."""
    app = Sabir()
    app.static("/assets", check.folder / "public", precompressed=True)

    check(app)


def test_precompressed_only_when_asked_for(check: Check) -> None:
    """A compressed sibling is a file like others, unless more is asked for."""
    app = Sabir()
    app.static("/assets", check.folder / "public")

    check(app)


def test_ranges(check: Check) -> None:
    """Ranges count: one part, several, none that is there, and those of a file that has changed."""
    app = Sabir()
    router = Router()
    router.static("/assets", check.folder / "public")

    app.mount("/", router)

    check(app)


def test_routes_come_first(check: Check) -> None:
    """A route comes before a file, whatever its method."""
    app = Sabir()

    @app.get("/assets/b.txt")
    async def show_b_txt() -> Any:
        return "route"

    @app.post("/assets/c/{id}")
    async def take_c(id: str) -> Any:
        return "post"

    app.static("/assets", check.folder / "public")

    check(app)


def test_security_of_a_folder(check: Check) -> None:
    """A folder may demand credentials, for what is not there too."""
    app = Sabir()
    app.security(
        "key",
        {
            "type": "apiKey",
            "in": "header",
            "name": "x-api-key",
            "x-sabir": {"keys": {"ci": {"key": "0123456789abcdef"}}},
        },
    )
    app.static("/assets", check.folder / "public", security=["key"])

    check(app)


def test_stages_cover_files(check: Check) -> None:
    """Stages of the application cover files, redirects and refusals of a folder, and a folder may have its own or none."""
    app = Sabir()
    app.use(SecurityHeaders(), Cors(allow_origins=["https://shop.example"]))
    router = Router()
    router.static("/assets", check.folder / "public")
    router.static(
        "/plain", check.folder / "public", use=[SecurityHeaders.off(), Cors(allow_origins=["https://other.example"])]
    )

    app.mount("/", router)

    check(app)


def test_symbolic_links_followed(check: Check) -> None:
    """Symbolic links are followed wherever they lead, where that is asked for."""
    app = Sabir()
    app.static("/assets", check.folder / "public", symbolic_links="follow")

    check(app)


def test_symbolic_links_refused(check: Check) -> None:
    """There is nothing at symbolic links, where that is asked for."""
    app = Sabir()
    app.static("/assets", check.folder / "public", symbolic_links="refuse")

    check(app)


def test_symbolic_links_within(check: Check) -> None:
    """Symbolic links are followed where they lead to something in the folder."""
    app = Sabir()
    app.static("/assets", check.folder / "public")

    check(app)
