# frozen_string_literal: true

# Generated from testing_data by `./task generate`. Do not edit.

require_relative "../support"

class FilesTest < FixtureTest
  category "files"

  # Ranges come last: neither a part nor 416 is sent where a condition does not hold.
  fixture "conditions_before_ranges" do
    app = Sabir::App.new
    app.get("/file") do
      Sabir::Response.file(File.join(folder, "digits.txt"), headers: { "etag" => "\"v1\"" })
    end
    app
  end

  # What another method asks for has been done when its answer is made, whatever the conditions say of the
  # file.
  fixture "conditions_of_another_method" do
    app = Sabir::App.new
    router = Sabir::Router.new
    router.post("/file") do
      Sabir::Response.file(File.join(folder, "digits.txt"), headers: { "etag" => "\"v1\"" })
    end
    app.mount("/", router)
    app
  end

  # Conditions hold for HEAD as for GET.
  fixture "conditions_of_head" do
    app = Sabir::App.new
    app.get("/file") do
      Sabir::Response.file(File.join(folder, "digits.txt"), headers: { "etag" => "\"v1\"" })
    end
    app
  end

  # Dates are read in all three forms.
  fixture "dates_of_old_forms" do
    app = Sabir::App.new
    app.get("/file") { Sabir::Response.file(File.join(folder, "digits.txt")) }
    app
  end

  # A date that is none counts as absent.
  fixture "dates_that_are_none" do
    app = Sabir::App.new
    app.get("/file") { Sabir::Response.file(File.join(folder, "digits.txt")) }
    app
  end

  # A file without content is an answer without content, with the status 200.
  fixture "empty_file" do
    app = Sabir::App.new
    router = Sabir::Router.new
    router.get("/file") { Sabir::Response.file(File.join(folder, "empty.txt")) }
    app.mount("/", router)
    app
  end

  # A file has an entity tag, and a strong one, so that parts of it can be put together.
  fixture "entity_tag_is_strong" do
    app = Sabir::App.new
    app.get("/file") { Sabir::Response.file(File.join(folder, "digits.txt")) }
    app
  end

  # The entity tag follows from time and size alone, so that all processes that serve a file give it the same.
  fixture "entity_tag_is_that_of_every_process" do
    app = Sabir::App.new
    app.get("/file") { Sabir::Response.file(File.join(folder, "digits.txt")) }
    app
  end

  # Fields of the handler are sent as well, and stand for those of the file.
  fixture "fields_of_the_handler" do
    app = Sabir::App.new
    app.get("/file") do
      Sabir::Response.file(File.join(folder, "digits.txt"), headers: {
        "cache-control" => "no-cache",
        "last-modified" => "Thu, 29 Feb 2024 11:59:59 GMT",
      })
    end
    app
  end

  # A folder is not found: its entries are nobody's business.
  fixture "folder_is_no_file" do
    app = Sabir::App.new
    app.get("/file") { Sabir::Response.file(File.join(folder, ".")) }
    app
  end

  # HEAD has the fields that GET would have, and no content.
  fixture "head_has_the_fields" do
    app = Sabir::App.new
    app.get("/file") { Sabir::Response.file(File.join(folder, "digits.txt")) }
    app
  end

  # HEAD of a file that is missing is 404 without content.
  fixture "head_of_a_missing_file" do
    app = Sabir::App.new
    router = Sabir::Router.new
    router.get("/file") { Sabir::Response.file(File.join(folder, "missing.txt")) }
    app.mount("/", router)
    app
  end

  # A file that is not the one that was meant is refused with 412.
  fixture "if_match" do
    app = Sabir::App.new
    app.get("/file") do
      Sabir::Response.file(File.join(folder, "digits.txt"), headers: { "etag" => "\"v1\"" })
    end
    app
  end

  # Whether it is the file that was meant comes before whether the client has it.
  fixture "if_match_before_if_none_match" do
    app = Sabir::App.new
    app.get("/file") do
      Sabir::Response.file(File.join(folder, "digits.txt"), headers: { "etag" => "\"v1\"" })
    end
    app
  end

  # Where a client names the file that it means, its date does not count.
  fixture "if_match_before_if_unmodified_since" do
    app = Sabir::App.new
    app.get("/file") do
      Sabir::Response.file(File.join(folder, "digits.txt"), headers: { "etag" => "\"v1\"" })
    end
    app
  end

  # Whether it is the file that was meant is compared strongly.
  fixture "if_match_is_compared_strongly" do
    app = Sabir::App.new
    app.get("/file") do
      Sabir::Response.file(File.join(folder, "digits.txt"), headers: { "etag" => "\"v1\"" })
    end
    app
  end

  # A file that was not changed since then is not sent again.
  fixture "if_modified_since" do
    app = Sabir::App.new
    app.get("/file") { Sabir::Response.file(File.join(folder, "digits.txt")) }
    app
  end

  # A client that has the file is told so, with 304 and without content.
  fixture "if_none_match" do
    app = Sabir::App.new
    app.get("/file") do
      Sabir::Response.file(File.join(folder, "digits.txt"), headers: { "etag" => "\"v1\"" })
    end
    app
  end

  # Where a client names entity tags, its date does not count.
  fixture "if_none_match_before_if_modified_since" do
    app = Sabir::App.new
    app.get("/file") do
      Sabir::Response.file(File.join(folder, "digits.txt"), headers: { "etag" => "\"v1\"" })
    end
    app
  end

  # Whether a client has the file is compared weakly.
  fixture "if_none_match_is_compared_weakly" do
    app = Sabir::App.new
    router = Sabir::Router.new
    router.get("/file") do
      Sabir::Response.file(File.join(folder, "digits.txt"), headers: { "etag" => "\"v1\"" })
    end
    app.mount("/", router)
    app
  end

  # A star stands for whatever file there is.
  fixture "if_none_match_of_any" do
    app = Sabir::App.new
    app.get("/file") { Sabir::Response.file(File.join(folder, "digits.txt")) }
    app
  end

  # A client may have several versions, in one field or several; a tag may have commas in it.
  fixture "if_none_match_of_several" do
    app = Sabir::App.new
    app.get("/file") do
      Sabir::Response.file(File.join(folder, "digits.txt"), headers: { "etag" => "\"v,1\"" })
    end
    app
  end

  # Of another file the whole is sent, also where the range would be none of it.
  fixture "if_range_and_nothing_satisfiable" do
    app = Sabir::App.new
    app.get("/file") do
      Sabir::Response.file(File.join(folder, "digits.txt"), headers: { "etag" => "\"v1\"" })
    end
    app
  end

  # A date permits parts when it is exactly that of the file.
  fixture "if_range_by_date" do
    app = Sabir::App.new
    router = Sabir::Router.new
    router.get("/file") { Sabir::Response.file(File.join(folder, "digits.txt")) }
    app.mount("/", router)
    app
  end

  # With If-Range parts are sent of the file that the client has, and the whole of another one.
  fixture "if_range_by_entity_tag" do
    app = Sabir::App.new
    app.get("/file") do
      Sabir::Response.file(File.join(folder, "digits.txt"), headers: { "etag" => "\"v1\"" })
    end
    app
  end

  # A weak entity tag never permits a part, not even of the same file.
  fixture "if_range_is_compared_strongly" do
    app = Sabir::App.new
    router = Sabir::Router.new
    router.get("/file") do
      Sabir::Response.file(File.join(folder, "digits.txt"), headers: { "etag" => "W/\"v1\"" })
    end
    app.mount("/", router)
    app
  end

  # What is neither an entity tag nor a date permits no part.
  fixture "if_range_that_is_neither" do
    app = Sabir::App.new
    app.get("/file") do
      Sabir::Response.file(File.join(folder, "digits.txt"), headers: { "etag" => "\"v1\"" })
    end
    app
  end

  # If-Range alone asks for nothing.
  fixture "if_range_without_range" do
    app = Sabir::App.new
    router = Sabir::Router.new
    router.get("/file") do
      Sabir::Response.file(File.join(folder, "digits.txt"), headers: { "etag" => "\"v1\"" })
    end
    app.mount("/", router)
    app
  end

  # A file that was changed since then is refused with 412.
  fixture "if_unmodified_since" do
    app = Sabir::App.new
    router = Sabir::Router.new
    router.get("/file") { Sabir::Response.file(File.join(folder, "digits.txt")) }
    app.mount("/", router)
    app
  end

  # That the file was changed comes before whether the client has it.
  fixture "if_unmodified_since_before_if_none_match" do
    app = Sabir::App.new
    app.get("/file") do
      Sabir::Response.file(File.join(folder, "digits.txt"), headers: { "etag" => "\"v1\"" })
    end
    app
  end

  # A large file is sent as a whole, with its length and not in chunks.
  fixture "large_file" do
    app = Sabir::App.new
    app.get("/file") { Sabir::Response.file(File.join(folder, "large.txt")) }
    app
  end

  # A range that is not well formed is ignored.
  fixture "malformed_ranges" do
    app = Sabir::App.new
    app.get("/file") { Sabir::Response.file(File.join(folder, "digits.txt")) }
    app
  end

  # More ranges than anybody needs are ignored.
  fixture "many_ranges" do
    app = Sabir::App.new
    app.get("/file") { Sabir::Response.file(File.join(folder, "large.txt")) }
    app
  end

  # Where there is no file the answer is 404, a problem like any other.
  fixture "missing_file" do
    app = Sabir::App.new
    app.get("/file") { Sabir::Response.file(File.join(folder, "missing.txt")) }
    app
  end

  # Conditions do not count where there is no file.
  fixture "missing_file_has_no_conditions" do
    app = Sabir::App.new
    app.get("/file") { Sabir::Response.file(File.join(folder, "missing.txt")) }
    app
  end

  # A name that is not ASCII is sent as UTF-8, with escapes.
  fixture "name_beyond_ascii" do
    app = Sabir::App.new
    app.get("/file") do
      Sabir::Response.file(File.join(folder, "digits.txt"), filename: "Übersicht \u{20ac}.txt")
    end
    app
  end

  # A client saves a file under the name that the handler gives.
  fixture "name_for_download" do
    app = Sabir::App.new
    app.get("/file") { Sabir::Response.file(File.join(folder, "digits.txt"), filename: "report.txt") }
    app
  end

  # A name cannot add a field: line ends are escaped.
  fixture "name_with_line_ends" do
    app = Sabir::App.new
    app.get("/file") { Sabir::Response.file(File.join(folder, "digits.txt"), filename: "a\r\nx-b: c.txt") }
    app
  end

  # A name that looks escaped is escaped once more, since some clients would decode it.
  fixture "name_with_percent_signs" do
    app = Sabir::App.new
    app.get("/file") { Sabir::Response.file(File.join(folder, "digits.txt"), filename: "50%20off.txt") }
    app
  end

  # A name with quotes or backslashes cannot end the field, nor hide a part of it.
  fixture "name_with_quotes" do
    app = Sabir::App.new
    app.get("/file") { Sabir::Response.file(File.join(folder, "digits.txt"), filename: "a\"b\\c.txt") }
    app
  end

  # A name with spaces stands in quotes.
  fixture "name_with_spaces" do
    app = Sabir::App.new
    router = Sabir::Router.new
    router.get("/file") do
      Sabir::Response.file(File.join(folder, "digits.txt"), filename: "my report; final.txt")
    end
    app.mount("/", router)
    app
  end

  # An empty file has no range at all.
  fixture "no_range_of_an_empty_file" do
    app = Sabir::App.new
    router = Sabir::Router.new
    router.get("/file") { Sabir::Response.file(File.join(folder, "empty.txt")) }
    app.mount("/", router)
    app
  end

  # 304 has the fields that a cache needs to bring itself up to date.
  fixture "not_modified_says_of_what" do
    app = Sabir::App.new
    app.get("/file") do
      Sabir::Response.file(File.join(folder, "digits.txt"), headers: {
        "etag" => "\"v1\"",
        "cache-control" => "max-age=60",
        "expires" => "Thu, 29 Feb 2024 12:00:01 GMT",
        "content-location" => "/digits",
      })
    end
    app
  end

  # One range is answered with 206 and the bytes, both ends included.
  fixture "one_range" do
    app = Sabir::App.new
    app.get("/file") { Sabir::Response.file(File.join(folder, "digits.txt")) }
    app
  end

  # A range of another unit is ignored.
  fixture "other_units" do
    app = Sabir::App.new
    app.get("/file") { Sabir::Response.file(File.join(folder, "digits.txt")) }
    app
  end

  # A part has the validators of the whole, so that a client can put it to others.
  fixture "part_says_what_it_is_of" do
    app = Sabir::App.new
    app.get("/file") do
      Sabir::Response.file(File.join(folder, "digits.txt"), headers: { "etag" => "\"v1\"" })
    end
    app
  end

  # A range that ends beyond the end of the file ends with the file, however large its number is.
  fixture "range_beyond_the_end" do
    app = Sabir::App.new
    router = Sabir::Router.new
    router.get("/file") { Sabir::Response.file(File.join(folder, "digits.txt")) }
    app.mount("/", router)
    app
  end

  # Ranges count bytes, not characters.
  fixture "range_in_the_middle_of_a_character" do
    app = Sabir::App.new
    app.get("/file") { Sabir::Response.file(File.join(folder, "text.txt")) }
    app
  end

  # A range of nothing that there is gets 416, which says how long the file is.
  fixture "range_not_satisfiable" do
    app = Sabir::App.new
    app.get("/file") { Sabir::Response.file(File.join(folder, "digits.txt")) }
    app
  end

  # A part of a large file may begin and end anywhere.
  fixture "range_of_a_large_file" do
    app = Sabir::App.new
    app.get("/file") { Sabir::Response.file(File.join(folder, "large.txt")) }
    app
  end

  # Ranges are of GET alone: other methods answer with the whole.
  fixture "range_of_another_method" do
    app = Sabir::App.new
    app.post("/file") { Sabir::Response.file(File.join(folder, "digits.txt")) }
    app
  end

  # Ranges and conditions are of answers with 200 alone.
  fixture "range_of_another_status" do
    app = Sabir::App.new
    app.get("/file") do
      Sabir::Response.file(File.join(folder, "digits.txt"), status: 203, headers: { "etag" => "\"v1\"" })
    end
    app
  end

  # Bytes are sent as they are, as a whole and in part.
  fixture "range_of_binary_content" do
    app = Sabir::App.new
    router = Sabir::Router.new
    router.get("/file") { Sabir::Response.file(File.join(folder, "bytes.bin")) }
    app.mount("/", router)
    app
  end

  # Ranges are of GET alone; HEAD says what the whole is.
  fixture "range_of_head" do
    app = Sabir::App.new
    app.get("/file") { Sabir::Response.file(File.join(folder, "digits.txt")) }
    app
  end

  # A range without an end goes to the end of the file.
  fixture "range_to_the_end" do
    app = Sabir::App.new
    router = Sabir::Router.new
    router.get("/file") { Sabir::Response.file(File.join(folder, "digits.txt")) }
    app.mount("/", router)
    app
  end

  # Parts come in the order in which the client asks for them.
  fixture "ranges_keep_their_order" do
    app = Sabir::App.new
    app.get("/file") { Sabir::Response.file(File.join(folder, "digits.txt")) }
    app
  end

  # Ranges beyond the end are left out; one that is left is sent as one.
  fixture "ranges_that_are_not_there" do
    app = Sabir::App.new
    app.get("/file") { Sabir::Response.file(File.join(folder, "digits.txt")) }
    app
  end

  # Ranges that are more than the file together are too much: the file is sent once.
  fixture "ranges_that_overlap" do
    app = Sabir::App.new
    app.get("/file") { Sabir::Response.file(File.join(folder, "digits.txt")) }
    app
  end

  # Ranges that touch are sent as they were asked for.
  fixture "ranges_that_touch_stay_apart" do
    app = Sabir::App.new
    router = Sabir::Router.new
    router.get("/file") { Sabir::Response.file(File.join(folder, "digits.txt")) }
    app.mount("/", router)
    app
  end

  # A list of ranges may have spaces and empty elements.
  fixture "ranges_with_spaces" do
    app = Sabir::App.new
    app.get("/file") { Sabir::Response.file(File.join(folder, "digits.txt")) }
    app
  end

  # Several ranges are one answer of several parts, each with its type and its place.
  fixture "several_ranges" do
    app = Sabir::App.new
    app.get("/file") { Sabir::Response.file(File.join(folder, "digits.txt")) }
    app
  end

  # A file with a name may be shown instead of saved.
  fixture "shown_in_place" do
    app = Sabir::App.new
    app.get("/file") do
      Sabir::Response.file(File.join(folder, "digits.txt"), filename: "report.txt", disposition: :inline)
    end
    app
  end

  # A file may be the content of an answer with another status.
  fixture "status_of_its_own" do
    app = Sabir::App.new
    app.get("/file") { Sabir::Response.file(File.join(folder, "digits.txt"), status: 201) }
    app
  end

  # The last bytes of a file that has fewer are all of it.
  fixture "suffix_longer_than_the_file" do
    app = Sabir::App.new
    app.get("/file") { Sabir::Response.file(File.join(folder, "digits.txt")) }
    app
  end

  # The last zero bytes are nothing.
  fixture "suffix_of_nothing" do
    app = Sabir::App.new
    app.get("/file") { Sabir::Response.file(File.join(folder, "digits.txt")) }
    app
  end

  # A range without a beginning is the last bytes.
  fixture "suffix_range" do
    app = Sabir::App.new
    app.get("/file") { Sabir::Response.file(File.join(folder, "digits.txt")) }
    app
  end

  # A media type that the handler gives takes the place of that of the name, in every part too.
  fixture "type_of_its_own" do
    app = Sabir::App.new
    router = Sabir::Router.new
    router.get("/file") { Sabir::Response.file(File.join(folder, "digits.txt"), media_type: "text/x-digits") }
    app.mount("/", router)
    app
  end

  # The media type follows from the name, the same on every machine; text is UTF-8.
  fixture "types_by_name" do
    app = Sabir::App.new
    app.get("/page.html") { Sabir::Response.file(File.join(folder, "page.html")) }
    app.get("/style.css") { Sabir::Response.file(File.join(folder, "style.css")) }
    app.get("/script.mjs") { Sabir::Response.file(File.join(folder, "script.mjs")) }
    app.get("/data.json") { Sabir::Response.file(File.join(folder, "data.json")) }
    app.get("/table.csv") { Sabir::Response.file(File.join(folder, "table.csv")) }
    app.get("/image.svg") { Sabir::Response.file(File.join(folder, "image.svg")) }
    app.get("/image.webp") { Sabir::Response.file(File.join(folder, "image.webp")) }
    app.get("/module.wasm") { Sabir::Response.file(File.join(folder, "module.wasm")) }
    app.get("/paper.pdf") { Sabir::Response.file(File.join(folder, "paper.pdf")) }
    app
  end

  # The last extension counts, in any case of letters.
  fixture "types_by_the_last_extension" do
    app = Sabir::App.new
    app.get("/PAGE.HTML") { Sabir::Response.file(File.join(folder, "PAGE.HTML")) }
    app.get("/backup.tar.gz") { Sabir::Response.file(File.join(folder, "backup.tar.gz")) }
    app
  end

  # The name of a unit has no case.
  fixture "unit_in_capitals" do
    app = Sabir::App.new
    router = Sabir::Router.new
    router.get("/file") { Sabir::Response.file(File.join(folder, "digits.txt")) }
    app.mount("/", router)
    app
  end

  # A file whose name says nothing is bytes; nothing is guessed from its content.
  fixture "unknown_types" do
    app = Sabir::App.new
    router = Sabir::Router.new
    router.get("/0") { Sabir::Response.file(File.join(folder, "README")) }
    router.get("/1") { Sabir::Response.file(File.join(folder, "file.unknown")) }
    router.get("/2") { Sabir::Response.file(File.join(folder, "dot.")) }
    app.mount("/", router)
    app
  end

  # A file is sent as it is, with its length, its type, when it was last changed, and that parts can be had.
  fixture "whole_file" do
    app = Sabir::App.new
    app.get("/file") { Sabir::Response.file(File.join(folder, "digits.txt")) }
    app
  end
end
