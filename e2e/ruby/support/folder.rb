# frozen_string_literal: true

# The files that the handlers of a fixture answer with.
module Folder
  # When every file was last changed.
  CHANGED = Time.utc(2024, 2, 29, 12)

  class << self
    # Writes the files of +routes+ into a folder.
    def fill(folder, routes)
      routes.each do |route|
        handler = route["handler"]
        handler = handler["then"] while handler["do"] == "sleep"
        next unless handler["do"] == "file"

        path = File.join(folder, handler["name"])
        write(path, Fixture.expand(handler["text"])) if handler.key?("text")
        write(path, Base64.strict_decode64(handler["base64"])) if handler.key?("base64")
      end
    end

    private

    def write(path, content)
      File.binwrite(path, content)
      File.utime(CHANGED, CHANGED, path)
    end
  end
end
