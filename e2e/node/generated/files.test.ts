// Generated from testing_data by `./task generate`. Do not edit.
import { join } from "node:path";
import { file, Sabir } from "sabir";
import { check } from "../support/index.js";

// Ranges come last: neither a part nor 416 is sent where a condition does not hold.
check("files/conditions_before_ranges", (folder) => {
  const app = new Sabir();
  app.get("/file", () => file(join(folder, "digits.txt"), { headers: { etag: '"v1"' } }));
  return app;
});

// What another method asks for has been done when its answer is made, whatever the conditions say of the
// file.
check("files/conditions_of_another_method", (folder) => {
  const app = new Sabir();
  app.post("/file", () => file(join(folder, "digits.txt"), { headers: { etag: '"v1"' } }));
  return app;
});

// Conditions hold for HEAD as for GET.
check("files/conditions_of_head", (folder) => {
  const app = new Sabir();
  app.get("/file", () => file(join(folder, "digits.txt"), { headers: { etag: '"v1"' } }));
  return app;
});

// Dates are read in all three forms.
check("files/dates_of_old_forms", (folder) => {
  const app = new Sabir();
  app.get("/file", () => file(join(folder, "digits.txt")));
  return app;
});

// A date that is none counts as absent.
check("files/dates_that_are_none", (folder) => {
  const app = new Sabir();
  app.get("/file", () => file(join(folder, "digits.txt")));
  return app;
});

// A file without content is an answer without content, with the status 200.
check("files/empty_file", (folder) => {
  const app = new Sabir();
  app.get("/file", () => file(join(folder, "empty.txt")));
  return app;
});

// A file has an entity tag, and a strong one, so that parts of it can be put together.
check("files/entity_tag_is_strong", (folder) => {
  const app = new Sabir();
  app.get("/file", () => file(join(folder, "digits.txt")));
  return app;
});

// The entity tag follows from time and size alone, so that all processes that serve a file give it the same.
check("files/entity_tag_is_that_of_every_process", (folder) => {
  const app = new Sabir();
  app.get("/file", () => file(join(folder, "digits.txt")));
  return app;
});

// Fields of the handler are sent as well, and stand for those of the file.
check("files/fields_of_the_handler", (folder) => {
  const app = new Sabir();
  app.get("/file", () =>
    file(join(folder, "digits.txt"), {
      headers: { "cache-control": "no-cache", "last-modified": "Thu, 29 Feb 2024 11:59:59 GMT" },
    }),
  );
  return app;
});

// A folder is not found: its entries are nobody's business.
check("files/folder_is_no_file", (folder) => {
  const app = new Sabir();
  app.get("/file", () => file(join(folder, ".")));
  return app;
});

// HEAD has the fields that GET would have, and no content.
check("files/head_has_the_fields", (folder) => {
  const app = new Sabir();
  app.get("/file", () => file(join(folder, "digits.txt")));
  return app;
});

// HEAD of a file that is missing is 404 without content.
check("files/head_of_a_missing_file", (folder) => {
  const app = new Sabir();
  app.get("/file", () => file(join(folder, "missing.txt")));
  return app;
});

// A file that is not the one that was meant is refused with 412.
check("files/if_match", (folder) => {
  const app = new Sabir();
  app.get("/file", () => file(join(folder, "digits.txt"), { headers: { etag: '"v1"' } }));
  return app;
});

// Whether it is the file that was meant comes before whether the client has it.
check("files/if_match_before_if_none_match", (folder) => {
  const app = new Sabir();
  app.get("/file", () => file(join(folder, "digits.txt"), { headers: { etag: '"v1"' } }));
  return app;
});

// Where a client names the file that it means, its date does not count.
check("files/if_match_before_if_unmodified_since", (folder) => {
  const app = new Sabir();
  app.get("/file", () => file(join(folder, "digits.txt"), { headers: { etag: '"v1"' } }));
  return app;
});

// Whether it is the file that was meant is compared strongly.
check("files/if_match_is_compared_strongly", (folder) => {
  const app = new Sabir();
  app.get("/file", () => file(join(folder, "digits.txt"), { headers: { etag: '"v1"' } }));
  return app;
});

// A file that was not changed since then is not sent again.
check("files/if_modified_since", (folder) => {
  const app = new Sabir();
  app.get("/file", () => file(join(folder, "digits.txt")));
  return app;
});

// A client that has the file is told so, with 304 and without content.
check("files/if_none_match", (folder) => {
  const app = new Sabir();
  app.get("/file", () => file(join(folder, "digits.txt"), { headers: { etag: '"v1"' } }));
  return app;
});

// Where a client names entity tags, its date does not count.
check("files/if_none_match_before_if_modified_since", (folder) => {
  const app = new Sabir();
  app.get("/file", () => file(join(folder, "digits.txt"), { headers: { etag: '"v1"' } }));
  return app;
});

// Whether a client has the file is compared weakly.
check("files/if_none_match_is_compared_weakly", (folder) => {
  const app = new Sabir();
  app.get("/file", () => file(join(folder, "digits.txt"), { headers: { etag: '"v1"' } }));
  return app;
});

// A star stands for whatever file there is.
check("files/if_none_match_of_any", (folder) => {
  const app = new Sabir();
  app.get("/file", () => file(join(folder, "digits.txt")));
  return app;
});

// A client may have several versions, in one field or several; a tag may have commas in it.
check("files/if_none_match_of_several", (folder) => {
  const app = new Sabir();
  app.get("/file", () => file(join(folder, "digits.txt"), { headers: { etag: '"v,1"' } }));
  return app;
});

// Of another file the whole is sent, also where the range would be none of it.
check("files/if_range_and_nothing_satisfiable", (folder) => {
  const app = new Sabir();
  app.get("/file", () => file(join(folder, "digits.txt"), { headers: { etag: '"v1"' } }));
  return app;
});

// A date permits parts when it is exactly that of the file.
check("files/if_range_by_date", (folder) => {
  const app = new Sabir();
  app.get("/file", () => file(join(folder, "digits.txt")));
  return app;
});

// With If-Range parts are sent of the file that the client has, and the whole of another one.
check("files/if_range_by_entity_tag", (folder) => {
  const app = new Sabir();
  app.get("/file", () => file(join(folder, "digits.txt"), { headers: { etag: '"v1"' } }));
  return app;
});

// A weak entity tag never permits a part, not even of the same file.
check("files/if_range_is_compared_strongly", (folder) => {
  const app = new Sabir();
  app.get("/file", () => file(join(folder, "digits.txt"), { headers: { etag: 'W/"v1"' } }));
  return app;
});

// What is neither an entity tag nor a date permits no part.
check("files/if_range_that_is_neither", (folder) => {
  const app = new Sabir();
  app.get("/file", () => file(join(folder, "digits.txt"), { headers: { etag: '"v1"' } }));
  return app;
});

// If-Range alone asks for nothing.
check("files/if_range_without_range", (folder) => {
  const app = new Sabir();
  app.get("/file", () => file(join(folder, "digits.txt"), { headers: { etag: '"v1"' } }));
  return app;
});

// A file that was changed since then is refused with 412.
check("files/if_unmodified_since", (folder) => {
  const app = new Sabir();
  app.get("/file", () => file(join(folder, "digits.txt")));
  return app;
});

// That the file was changed comes before whether the client has it.
check("files/if_unmodified_since_before_if_none_match", (folder) => {
  const app = new Sabir();
  app.get("/file", () => file(join(folder, "digits.txt"), { headers: { etag: '"v1"' } }));
  return app;
});

// A large file is sent as a whole, with its length and not in chunks.
check("files/large_file", (folder) => {
  const app = new Sabir();
  app.get("/file", () => file(join(folder, "large.txt")));
  return app;
});

// A range that is not well formed is ignored.
check("files/malformed_ranges", (folder) => {
  const app = new Sabir();
  app.get("/file", () => file(join(folder, "digits.txt")));
  return app;
});

// More ranges than anybody needs are ignored.
check("files/many_ranges", (folder) => {
  const app = new Sabir();
  app.get("/file", () => file(join(folder, "large.txt")));
  return app;
});

// Where there is no file the answer is 404, a problem like any other.
check("files/missing_file", (folder) => {
  const app = new Sabir();
  app.get("/file", () => file(join(folder, "missing.txt")));
  return app;
});

// Conditions do not count where there is no file.
check("files/missing_file_has_no_conditions", (folder) => {
  const app = new Sabir();
  app.get("/file", () => file(join(folder, "missing.txt")));
  return app;
});

// A name that is not ASCII is sent as UTF-8, with escapes.
check("files/name_beyond_ascii", (folder) => {
  const app = new Sabir();
  app.get("/file", () => file(join(folder, "digits.txt"), { filename: "Übersicht \u20ac.txt" }));
  return app;
});

// A client saves a file under the name that the handler gives.
check("files/name_for_download", (folder) => {
  const app = new Sabir();
  app.get("/file", () => file(join(folder, "digits.txt"), { filename: "report.txt" }));
  return app;
});

// A name cannot add a field: line ends are escaped.
check("files/name_with_line_ends", (folder) => {
  const app = new Sabir();
  app.get("/file", () => file(join(folder, "digits.txt"), { filename: "a\r\nx-b: c.txt" }));
  return app;
});

// A name that looks escaped is escaped once more, since some clients would decode it.
check("files/name_with_percent_signs", (folder) => {
  const app = new Sabir();
  app.get("/file", () => file(join(folder, "digits.txt"), { filename: "50%20off.txt" }));
  return app;
});

// A name with quotes or backslashes cannot end the field, nor hide a part of it.
check("files/name_with_quotes", (folder) => {
  const app = new Sabir();
  app.get("/file", () => file(join(folder, "digits.txt"), { filename: 'a"b\\c.txt' }));
  return app;
});

// A name with spaces stands in quotes.
check("files/name_with_spaces", (folder) => {
  const app = new Sabir();
  app.get("/file", () => file(join(folder, "digits.txt"), { filename: "my report; final.txt" }));
  return app;
});

// An empty file has no range at all.
check("files/no_range_of_an_empty_file", (folder) => {
  const app = new Sabir();
  app.get("/file", () => file(join(folder, "empty.txt")));
  return app;
});

// 304 has the fields that a cache needs to bring itself up to date.
check("files/not_modified_says_of_what", (folder) => {
  const app = new Sabir();
  app.get("/file", () =>
    file(join(folder, "digits.txt"), {
      headers: {
        etag: '"v1"',
        "cache-control": "max-age=60",
        expires: "Thu, 29 Feb 2024 12:00:01 GMT",
        "content-location": "/digits",
      },
    }),
  );
  return app;
});

// One range is answered with 206 and the bytes, both ends included.
check("files/one_range", (folder) => {
  const app = new Sabir();
  app.get("/file", () => file(join(folder, "digits.txt")));
  return app;
});

// A range of another unit is ignored.
check("files/other_units", (folder) => {
  const app = new Sabir();
  app.get("/file", () => file(join(folder, "digits.txt")));
  return app;
});

// A part has the validators of the whole, so that a client can put it to others.
check("files/part_says_what_it_is_of", (folder) => {
  const app = new Sabir();
  app.get("/file", () => file(join(folder, "digits.txt"), { headers: { etag: '"v1"' } }));
  return app;
});

// A range that ends beyond the end of the file ends with the file, however large its number is.
check("files/range_beyond_the_end", (folder) => {
  const app = new Sabir();
  app.get("/file", () => file(join(folder, "digits.txt")));
  return app;
});

// Ranges count bytes, not characters.
check("files/range_in_the_middle_of_a_character", (folder) => {
  const app = new Sabir();
  app.get("/file", () => file(join(folder, "text.txt")));
  return app;
});

// A range of nothing that there is gets 416, which says how long the file is.
check("files/range_not_satisfiable", (folder) => {
  const app = new Sabir();
  app.get("/file", () => file(join(folder, "digits.txt")));
  return app;
});

// A part of a large file may begin and end anywhere.
check("files/range_of_a_large_file", (folder) => {
  const app = new Sabir();
  app.get("/file", () => file(join(folder, "large.txt")));
  return app;
});

// Ranges are of GET alone: other methods answer with the whole.
check("files/range_of_another_method", (folder) => {
  const app = new Sabir();
  app.post("/file", () => file(join(folder, "digits.txt")));
  return app;
});

// Ranges and conditions are of answers with 200 alone.
check("files/range_of_another_status", (folder) => {
  const app = new Sabir();
  app.get("/file", () => file(join(folder, "digits.txt"), { status: 203, headers: { etag: '"v1"' } }));
  return app;
});

// Bytes are sent as they are, as a whole and in part.
check("files/range_of_binary_content", (folder) => {
  const app = new Sabir();
  app.get("/file", () => file(join(folder, "bytes.bin")));
  return app;
});

// Ranges are of GET alone; HEAD says what the whole is.
check("files/range_of_head", (folder) => {
  const app = new Sabir();
  app.get("/file", () => file(join(folder, "digits.txt")));
  return app;
});

// A range without an end goes to the end of the file.
check("files/range_to_the_end", (folder) => {
  const app = new Sabir();
  app.get("/file", () => file(join(folder, "digits.txt")));
  return app;
});

// Parts come in the order in which the client asks for them.
check("files/ranges_keep_their_order", (folder) => {
  const app = new Sabir();
  app.get("/file", () => file(join(folder, "digits.txt")));
  return app;
});

// Ranges beyond the end are left out; one that is left is sent as one.
check("files/ranges_that_are_not_there", (folder) => {
  const app = new Sabir();
  app.get("/file", () => file(join(folder, "digits.txt")));
  return app;
});

// Ranges that are more than the file together are too much: the file is sent once.
check("files/ranges_that_overlap", (folder) => {
  const app = new Sabir();
  app.get("/file", () => file(join(folder, "digits.txt")));
  return app;
});

// Ranges that touch are sent as they were asked for.
check("files/ranges_that_touch_stay_apart", (folder) => {
  const app = new Sabir();
  app.get("/file", () => file(join(folder, "digits.txt")));
  return app;
});

// A list of ranges may have spaces and empty elements.
check("files/ranges_with_spaces", (folder) => {
  const app = new Sabir();
  app.get("/file", () => file(join(folder, "digits.txt")));
  return app;
});

// Several ranges are one answer of several parts, each with its type and its place.
check("files/several_ranges", (folder) => {
  const app = new Sabir();
  app.get("/file", () => file(join(folder, "digits.txt")));
  return app;
});

// A file with a name may be shown instead of saved.
check("files/shown_in_place", (folder) => {
  const app = new Sabir();
  app.get("/file", () => file(join(folder, "digits.txt"), { filename: "report.txt", disposition: "inline" }));
  return app;
});

// A file may be the content of an answer with another status.
check("files/status_of_its_own", (folder) => {
  const app = new Sabir();
  app.get("/file", () => file(join(folder, "digits.txt"), { status: 201 }));
  return app;
});

// The last bytes of a file that has fewer are all of it.
check("files/suffix_longer_than_the_file", (folder) => {
  const app = new Sabir();
  app.get("/file", () => file(join(folder, "digits.txt")));
  return app;
});

// The last zero bytes are nothing.
check("files/suffix_of_nothing", (folder) => {
  const app = new Sabir();
  app.get("/file", () => file(join(folder, "digits.txt")));
  return app;
});

// A range without a beginning is the last bytes.
check("files/suffix_range", (folder) => {
  const app = new Sabir();
  app.get("/file", () => file(join(folder, "digits.txt")));
  return app;
});

// A media type that the handler gives takes the place of that of the name, in every part too.
check("files/type_of_its_own", (folder) => {
  const app = new Sabir();
  app.get("/file", () => file(join(folder, "digits.txt"), { mediaType: "text/x-digits" }));
  return app;
});

// The media type follows from the name, the same on every machine; text is UTF-8.
check("files/types_by_name", (folder) => {
  const app = new Sabir();
  app.get("/page.html", () => file(join(folder, "page.html")));
  app.get("/style.css", () => file(join(folder, "style.css")));
  app.get("/script.mjs", () => file(join(folder, "script.mjs")));
  app.get("/data.json", () => file(join(folder, "data.json")));
  app.get("/table.csv", () => file(join(folder, "table.csv")));
  app.get("/image.svg", () => file(join(folder, "image.svg")));
  app.get("/image.webp", () => file(join(folder, "image.webp")));
  app.get("/module.wasm", () => file(join(folder, "module.wasm")));
  app.get("/paper.pdf", () => file(join(folder, "paper.pdf")));
  return app;
});

// The last extension counts, in any case of letters.
check("files/types_by_the_last_extension", (folder) => {
  const app = new Sabir();
  app.get("/PAGE.HTML", () => file(join(folder, "PAGE.HTML")));
  app.get("/backup.tar.gz", () => file(join(folder, "backup.tar.gz")));
  return app;
});

// The name of a unit has no case.
check("files/unit_in_capitals", (folder) => {
  const app = new Sabir();
  app.get("/file", () => file(join(folder, "digits.txt")));
  return app;
});

// A file whose name says nothing is bytes; nothing is guessed from its content.
check("files/unknown_types", (folder) => {
  const app = new Sabir();
  app.get("/0", () => file(join(folder, "README")));
  app.get("/1", () => file(join(folder, "file.unknown")));
  app.get("/2", () => file(join(folder, "dot.")));
  return app;
});

// A file is sent as it is, with its length, its type, when it was last changed, and that parts can be had.
check("files/whole_file", (folder) => {
  const app = new Sabir();
  app.get("/file", () => file(join(folder, "digits.txt")));
  return app;
});
